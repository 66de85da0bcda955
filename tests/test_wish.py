"""An exposure on its way: sent once, again when it got lost, and never when frames have it."""

import pytest

from device.frame import Exposure, Triple
from device.wish import Wish, balances, exposes

OLD, NEW, NEWER = Exposure(10_000, 1.0), Exposure(5_000, 2.0), Exposure(2_500, 4.0)


def sent(wish: Wish[Exposure]) -> Exposure | None:
    """With the next request."""
    return wish.wanted if wish.due() else None


def test_nothing_is_due_at_the_start() -> None:
    wish = Wish(OLD, 3, exposes)
    assert sent(wish) is None
    wish.ask(OLD)
    assert sent(wish) is None


def test_a_wish_is_due_once() -> None:
    wish = Wish(OLD, 3, exposes)
    wish.ask(NEW)
    assert [sent(wish), sent(wish)] == [NEW, None]


def test_only_the_newest_is_sent() -> None:
    wish = Wish(OLD, 3, exposes)
    wish.ask(NEW)
    wish.ask(NEWER)
    assert [sent(wish), sent(wish)] == [NEWER, None]


def test_it_is_due_again_when_patience_has_ended_without_it() -> None:
    wish = Wish(OLD, 3, exposes)
    wish.ask(NEW)
    due = []
    for _ in range(9):
        due.append(sent(wish))
        wish.seen(OLD)
    assert due == [NEW, None, None, None, NEW, None, None, None, NEW]


def test_frames_that_have_it_end_the_matter_and_one_that_has_not_reopens_it() -> None:
    wish = Wish(OLD, 1, exposes)
    wish.ask(NEW)
    wish.due()
    for _ in range(5):
        wish.seen(NEW)
        assert sent(wish) is None
    wish.seen(OLD)
    wish.seen(OLD)
    assert sent(wish) == NEW


def test_a_wish_back_to_what_frames_still_have_is_sent_all_the_same() -> None:
    """The one in between is on its way."""
    wish = Wish(OLD, 3, exposes)
    wish.ask(NEW)
    wish.due()
    wish.ask(OLD)
    wish.seen(OLD)
    assert sent(wish) == OLD


def test_what_a_sensor_can_only_do_in_steps_is_fulfilled_by_the_nearest() -> None:
    assert exposes(Exposure(9_971, 15.75), Exposure(10_000, 16.0))
    assert exposes(Exposure(1_990_000, 1.0), Exposure(2_000_000, 1.0))
    assert not exposes(Exposure(9_000, 16.0), Exposure(10_000, 16.0))
    assert not exposes(Exposure(10_000, 14.0), Exposure(10_000, 16.0))


@pytest.mark.parametrize(
    ("told", "wanted", "fulfilled"),
    [
        ((0.45, 1.0, 0.6), (0.4501, 1.0, 0.5999), True),
        ((0.45, 1.0, 0.6), (0.5, 1.0, 0.6), False),
        ((0.45, 1.0, 0.6), None, True),  # what the stack finds by itself may be any
    ],
)
def test_a_white_balance_is_obeyed_when_frames_have_it(told: Triple, wanted: Triple | None, fulfilled: bool) -> None:
    assert balances(told, wanted) is fulfilled


def test_what_the_sensor_was_not_started_with_is_due_at_once() -> None:
    wish = Wish(OLD, 3, exposes, sent=False)
    assert [sent(wish), sent(wish)] == [OLD, None]
