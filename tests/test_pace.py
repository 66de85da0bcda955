"""When the viewfinder looks for frames: rarely between them, often where one is due, and never much too late."""

import pytest

from ui.pace import EARLY_NS, LATE_NS, LONGEST_S, QUICK_S, SLOW_S, Pace

PERIOD_NS = 25_000_000


@pytest.fixture
def pace() -> Pace:
    """Two frames came, a publication between them was not seen."""
    learnt = Pace()
    learnt.came(7, 1_000_000_000, 1_004_000_000)
    learnt.came(9, 1_000_000_000 + 2 * PERIOD_NS, 1_004_000_000 + 2 * PERIOD_NS)
    return learnt


CAME_NS = 1_004_000_000 + 2 * PERIOD_NS


def test_it_rests_until_shortly_before_the_next_frame(pace: Pace) -> None:
    assert pace.pause_s(CAME_NS + 10_000_000) == pytest.approx((PERIOD_NS - EARLY_NS - 10_000_000) / 1e9)


def test_it_never_rests_so_long_that_news_would_wait(pace: Pace) -> None:
    assert pace.pause_s(CAME_NS) == LONGEST_S


def test_it_looks_often_while_a_frame_is_due(pace: Pace) -> None:
    for after_ns in (PERIOD_NS - EARLY_NS, PERIOD_NS, PERIOD_NS + LATE_NS - 1):
        assert pace.pause_s(CAME_NS + after_ns) == QUICK_S


def test_it_looks_rarely_when_the_frame_did_not_come(pace: Pace) -> None:
    assert pace.pause_s(CAME_NS + PERIOD_NS + LATE_NS) == SLOW_S


def test_a_ring_that_begins_anew_teaches_nothing_at_first(pace: Pace) -> None:
    pace.came(1, 2_000_000_000, 2_004_000_000)
    assert pace.pause_s(2_004_000_000) == SLOW_S


def test_without_frames_it_looks_rarely() -> None:
    assert Pace().pause_s(5_000_000_000) == SLOW_S
