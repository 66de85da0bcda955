"""What a viewfinder tells of itself is taken, bounded, and forgotten when it is gone."""

import pytest

from device.clock import SteppedClock
from device.errors import BadValue
from device.face_states import ViewfinderState
from device.protocol import LookCall, ShownCall
from device.showing import SILENT_NS, Showing

LOOK = {"columns": 640, "rows": 480, "magnifier_columns": 256, "magnifier_rows": 480}


def test_the_newest_sizes_count() -> None:
    showing = Showing(SteppedClock(), (100, 200))
    assert (showing.picture, showing.magnified) == (None, (100, 200))
    for rows in (240, 480):
        showing.look(LookCall(**{**LOOK, "rows": rows}))
    assert (showing.picture, showing.magnified) == ((480, 640), (480, 256))


@pytest.mark.parametrize("name", LOOK)
@pytest.mark.parametrize("value", [-1, 0, 15, 4097, 10**12])
def test_sizes_that_no_panel_has_are_refused_and_change_nothing(name: str, value: int) -> None:
    showing = Showing(SteppedClock(), (100, 200))
    with pytest.raises(BadValue, match="16 to 4096"):
        showing.look(LookCall(**{**LOOK, name: value}))
    assert (showing.picture, showing.magnified) == (None, (100, 200))


def test_delays_are_told_until_the_viewfinder_falls_silent() -> None:
    clock = SteppedClock()
    showing = Showing(clock, (100, 200))
    assert showing.state() == ViewfinderState()
    showing.look(LookCall(**LOOK))
    showing.shown(ShownCall(delay_us=6_100, worst_us=9_000))
    clock.advance(SILENT_NS - 1)
    assert showing.state() == ViewfinderState(columns=640, rows=480, delay_us=6_100, worst_us=9_000)
    clock.advance(1)
    assert showing.state() == ViewfinderState()
