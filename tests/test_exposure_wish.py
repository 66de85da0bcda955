"""An exposure on its way: sent once, again when it got lost, and never when frames have it."""

from device.exposure_wish import Wish, fulfils
from device.frame import Exposure

OLD, NEW, NEWER = Exposure(10_000, 1.0), Exposure(5_000, 2.0), Exposure(2_500, 4.0)


def test_nothing_is_due_at_the_start() -> None:
    wish = Wish(OLD, patience=3)
    assert wish.due() is None
    wish.ask(OLD)
    assert wish.due() is None


def test_a_wish_is_due_once() -> None:
    wish = Wish(OLD, patience=3)
    wish.ask(NEW)
    assert [wish.due(), wish.due()] == [NEW, None]


def test_only_the_newest_is_sent() -> None:
    wish = Wish(OLD, patience=3)
    wish.ask(NEW)
    wish.ask(NEWER)
    assert [wish.due(), wish.due()] == [NEWER, None]


def test_it_is_due_again_when_patience_has_ended_without_it() -> None:
    wish = Wish(OLD, patience=3)
    wish.ask(NEW)
    due = []
    for _ in range(9):
        due.append(wish.due())
        wish.seen(OLD)
    assert due == [NEW, None, None, None, NEW, None, None, None, NEW]


def test_frames_that_have_it_end_the_matter_and_one_that_has_not_reopens_it() -> None:
    wish = Wish(OLD, patience=1)
    wish.ask(NEW)
    wish.due()
    for _ in range(5):
        wish.seen(NEW)
        assert wish.due() is None
    wish.seen(OLD)
    wish.seen(OLD)
    assert wish.due() == NEW


def test_a_wish_back_to_what_frames_still_have_is_sent_all_the_same() -> None:
    """The one in between is on its way."""
    wish = Wish(OLD, patience=3)
    wish.ask(NEW)
    wish.due()
    wish.ask(OLD)
    wish.seen(OLD)
    assert wish.due() == OLD


def test_what_a_sensor_can_only_do_in_steps_is_fulfilled_by_the_nearest() -> None:
    assert fulfils(Exposure(9_971, 15.75), Exposure(10_000, 16.0))
    assert fulfils(Exposure(1_990_000, 1.0), Exposure(2_000_000, 1.0))
    assert not fulfils(Exposure(9_000, 16.0), Exposure(10_000, 16.0))
    assert not fulfils(Exposure(10_000, 14.0), Exposure(10_000, 16.0))
