"""Taps, holds and repeats, told by the times of the edges and by time that passes."""

from device.holds import HOLD_NS, REPEAT_NS, REPEATS_MAX, Holds, Press

START_NS = 5_000_000_000


def test_a_button_without_a_hold_is_told_when_it_goes_down_and_once() -> None:
    holds = Holds()
    assert holds.down("ok", START_NS, "nothing") == [Press("ok")]
    assert holds.passed(START_NS + 10 * HOLD_NS) == []
    assert holds.up("ok", START_NS + 10 * HOLD_NS) == []


def test_a_tap_of_one_that_can_be_held_is_told_when_it_is_let_go() -> None:
    holds = Holds()
    assert holds.down("ok", START_NS, "hold") == []
    assert holds.passed(START_NS + HOLD_NS - 1) == []
    assert holds.up("ok", START_NS + HOLD_NS - 1) == [Press("ok")]
    assert holds.passed(START_NS + 2 * HOLD_NS) == []


def test_a_hold_is_told_while_the_button_is_still_down_and_its_release_means_nothing() -> None:
    holds = Holds()
    holds.down("ok", START_NS, "hold")
    assert holds.passed(START_NS + HOLD_NS) == [Press("ok", held=True)]
    assert holds.passed(START_NS + 2 * HOLD_NS) == []
    assert holds.up("ok", START_NS + 2 * HOLD_NS) == []


def test_a_hold_that_nobody_noticed_in_time_is_told_by_the_times_of_its_edges() -> None:
    holds = Holds()
    holds.down("function", START_NS, "hold")
    assert holds.up("function", START_NS + HOLD_NS) == [Press("function", held=True)]


def test_a_direction_repeats_while_it_is_down_and_not_for_ever() -> None:
    holds = Holds()
    assert holds.down("up", START_NS, "repeat") == [Press("up")]
    assert holds.passed(START_NS + HOLD_NS) == [Press("up")]
    assert holds.passed(START_NS + HOLD_NS + REPEAT_NS - 1) == []
    told = [holds.passed(START_NS + HOLD_NS + n * REPEAT_NS) for n in range(1, 2 * REPEATS_MAX)]
    assert sum(map(len, told)) == REPEATS_MAX - 1
    assert holds.up("up", START_NS) == []


def test_what_is_forgotten_is_neither_tapped_nor_held() -> None:
    holds = Holds()
    holds.down("ok", START_NS, "hold")
    holds.forget()
    assert holds.passed(START_NS + HOLD_NS) == []
    assert holds.up("ok", START_NS + HOLD_NS) == []


def test_a_release_of_what_never_went_down_is_nothing() -> None:
    assert Holds().up("ok", START_NS) == []
