"""What the viewfinder tells the daemon, and when."""

import pytest

from device.protocol import LookCall, ShownCall
from device.strict import Struct
from ui.reports import EVERY_NS, REMEMBERED, Reports

LOOK = LookCall(columns=640, rows=480, magnifier_columns=640, magnifier_rows=480)
SPLIT = LookCall(columns=384, rows=480, magnifier_columns=256, magnifier_rows=480)


@pytest.fixture
def said() -> list[tuple[str, Struct]]:
    return []


@pytest.fixture
def reports(said: list[tuple[str, Struct]]) -> Reports:
    return Reports(lambda method, parameters: said.append((method, parameters)))


def test_sizes_are_told_once_and_again_when_they_change(reports: Reports, said: list[tuple[str, Struct]]) -> None:
    for look in (LOOK, LOOK, SPLIT, SPLIT):
        reports.drawing(look)
    assert said == [("Look", LOOK), ("Look", SPLIT)]


def test_a_daemon_that_comes_back_is_told_anew(reports: Reports, said: list[tuple[str, Struct]]) -> None:
    for look in (None, LOOK, None, LOOK):
        reports.drawing(look)
    assert said == [("Look", LOOK), ("Look", LOOK)]


def test_delays_are_told_every_second_of_the_last_pictures(reports: Reports, said: list[tuple[str, Struct]]) -> None:
    reports.drawing(LOOK)
    del said[:]
    now_ns = EVERY_NS
    reports.shown(now_ns - 5_000_000, now_ns)
    assert said == [("Shown", ShownCall(delay_us=5000, worst_us=5000))]
    for k in range(REMEMBERED):
        reports.shown(now_ns + k - (9_000_000 if k == 7 else 6_000_000), now_ns + k)
    assert len(said) == 1
    reports.shown(now_ns + EVERY_NS - 6_000_000, now_ns + EVERY_NS)
    assert said[1] == ("Shown", ShownCall(delay_us=6000, worst_us=9000))


def test_nothing_of_delays_is_told_to_nobody(reports: Reports, said: list[tuple[str, Struct]]) -> None:
    reports.shown(0, 10 * EVERY_NS)
    assert said == []
