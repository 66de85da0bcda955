"""Chatter: a press is told on its first edge, a release once it stands still, a click of the encoder once."""

from itertools import pairwise

import pytest

from device.debounce import Change, Debouncer, Quadrature

MS = 1_000_000
SETTLE = 5 * MS
START = 1000 * MS


def tell(edges: list[tuple[float, bool]], *, held: bool = False, until_ms: float = 10_000) -> list[tuple[bool, float]]:
    """What a button tells of edges (milliseconds after the start, down), asked every half millisecond in between."""
    button = Debouncer(SETTLE, down=held)
    told: list[Change] = []
    for (at, down), (following, _) in pairwise([*edges, (until_ms, False)]):
        told += button.step(down=down, when_ns=START + round(at * MS))
        asked = at
        while asked < min(following, at + 20):
            told += button.settled(START + round(asked * MS))
            asked += 0.5
    return [(change.down, (change.when_ns - START) / MS) for change in told]


def test_a_clean_press_and_release() -> None:
    assert tell([(10, True), (100, False)]) == [(True, 10), (False, 100)]


def test_a_press_is_told_on_its_first_edge_before_it_stands_still() -> None:
    assert Debouncer(SETTLE, down=False).step(down=True, when_ns=START) == [Change(True, START)]


def test_a_press_counts_from_the_first_moment() -> None:
    assert Debouncer(SETTLE, down=False).step(down=True, when_ns=0) == [Change(True, 0)]


def test_the_chatter_of_a_press_is_ignored() -> None:
    assert tell([(10, True), (10.3, False), (10.4, True), (12, False), (13, True), (90, False)]) == [
        (True, 10),
        (False, 90),
    ]


def test_a_release_is_told_with_the_time_since_when_it_stands_still() -> None:
    assert tell([(10, True), (50, False), (51, True), (51.5, False), (55, True), (55.5, False)]) == [
        (True, 10),
        (False, 55.5),
    ]


def test_a_release_is_not_told_before_it_stands_still() -> None:
    button = Debouncer(SETTLE, down=False)
    button.step(down=True, when_ns=START)
    button.step(down=False, when_ns=START + 50 * MS)
    assert button.settles_at_ns == START + 55 * MS
    assert button.settled(START + 55 * MS - 1) == []
    assert button.settled(START + 55 * MS) == [Change(False, START + 50 * MS)]
    assert button.settles_at_ns is None


def test_a_dip_while_the_button_is_held_is_no_release() -> None:
    assert tell([(10, True), (500, False), (504, True), (900, False)]) == [(True, 10), (False, 900)]


def test_a_tap_shorter_than_the_chatter_is_one_press() -> None:
    assert tell([(10, True), (12, False)]) == [(True, 10), (False, 12)]


def test_two_quick_presses_are_two() -> None:
    assert tell([(10, True), (60, False), (66, True), (100, False)]) == [
        (True, 10),
        (False, 60),
        (True, 66),
        (False, 100),
    ]


def test_a_press_in_the_chatter_of_a_release_counts_once_it_stands_still() -> None:
    """The release was told by the clock just before its last chatter came out of the kernel's queue."""
    button = Debouncer(SETTLE, down=False)
    button.step(down=True, when_ns=START)
    button.step(down=False, when_ns=START + 50 * MS)
    assert button.settled(START + 55 * MS) == [Change(False, START + 50 * MS)]
    assert button.step(down=True, when_ns=START + 54 * MS) == []
    assert button.settled(START + 59 * MS) == [Change(True, START + 54 * MS)]


def test_a_button_held_for_long_tells_one_press() -> None:
    assert tell([(10, True)], until_ms=60_000) == [(True, 10)]


def test_a_button_stuck_from_the_start_tells_nothing() -> None:
    assert tell([(5000, True)], held=True) == []


def test_a_button_held_from_the_start_counts_only_when_pressed_anew() -> None:
    assert tell([(300, False), (300.5, True), (301, False), (400, True), (450, False)], held=True) == [
        (True, 400),
        (False, 450),
    ]


def test_the_same_level_twice_is_harmless() -> None:
    assert tell([(10, True), (11, True), (80, False), (81, False)]) == [(True, 10), (False, 80)]


def test_edges_alone_tell_everything_when_nobody_asks_in_between() -> None:
    button = Debouncer(SETTLE, down=False)
    edges = [(0, True), (50, False), (100, True), (101, False), (102, True), (150, False), (200, True)]
    told = [change for at, down in edges for change in button.step(down=down, when_ns=START + at * MS)]
    assert [(change.down, (change.when_ns - START) // MS) for change in told] == [
        (True, 0), (False, 50), (True, 100), (False, 150), (True, 200),
    ]  # fmt: skip


# ---- the encoder -------------------------------------------------------------------------------------------------

CLOCKWISE = [("a", True), ("b", True), ("a", False), ("b", False)]
BACK = [("b", True), ("a", True), ("b", False), ("a", False)]


def clicks(edges: list[tuple[str, bool]]) -> list[int]:
    encoder = Quadrature(a=False, b=False)
    told = [(encoder.step_a if name == "a" else encoder.step_b)(closed=closed) for name, closed in edges]
    return [click for click in told if click]


def test_each_click_counts_once_either_way() -> None:
    assert clicks(CLOCKWISE * 3) == [1, 1, 1]
    assert clicks(BACK * 2) == [-1, -1]
    assert clicks(CLOCKWISE + BACK) == [1, -1]


def test_a_click_is_told_where_it_ends() -> None:
    assert clicks(CLOCKWISE[:3]) == []


@pytest.mark.parametrize("where", range(4))
@pytest.mark.parametrize("turn", [CLOCKWISE, BACK])
def test_chatter_of_any_edge_adds_no_click(turn: list[tuple[str, bool]], where: int) -> None:
    name, closed = turn[where]
    chatter = [(name, closed), (name, not closed)] * 7
    assert clicks(turn[:where] + chatter + turn[where:]) == clicks(turn)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turn_that_goes_back_before_the_click_tells_nothing(quarters: int) -> None:
    there = CLOCKWISE[:quarters]
    back = [(name, not closed) for name, closed in reversed(there)]
    assert clicks(there + back) == []


@pytest.mark.parametrize("lost", range(4 * 5))
@pytest.mark.parametrize(("turn", "direction"), [(CLOCKWISE, 1), (BACK, -1)])
def test_a_lost_edge_loses_at_most_one_click_and_never_makes_one(
    turn: list[tuple[str, bool]], direction: int, lost: int
) -> None:
    edges = turn * 5
    told = clicks(edges[:lost] + edges[lost + 1 :])
    assert set(told) == {direction}
    assert len(told) in (4, 5)
