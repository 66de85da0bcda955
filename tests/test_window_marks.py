"""Peaking in the magnifier's window, from light to marks: by noise that is averaged it finds what one frame hides."""

from collections.abc import Iterator

import pytest

from device import magnifier, meter
from device.clock import SteppedClock
from device.frame import Exposure
from device.preview import PreviewFrame
from device.sensor import Setting
from device.sensor_simulated import SimulatedSensor
from device.steady_detail import SteadyDetail
from ui.magnified import glass, noise_in
from ui.peaking import marks
from ui.rect import Rect
from ui.steady import SteadyLuma

REGION = Rect(0, 0, 640, 480)
FRAMES = 24
AS_BRIGHT_EV = {16.0: -4.0, 64.0: -6.0}  # at that gain as the scene is at 1
DARK_EV = -10.0


def views(focus_m: float, gain: float, light_ev: float) -> Iterator[PreviewFrame]:
    """The colour chart of the simulated scene, which stands at 2 m, with a window on it."""
    sensor, detail = SimulatedSensor(SteppedClock()), SteadyDetail()
    sensor.turn(focus_m, 2.0, light_ev)
    sensor.start(Setting.SMOOTH, Exposure(2000 if light_ev > DARK_EV else 60, gain))
    for number in range(1, FRAMES + 1):
        frame = sensor.wait(1.0)
        assert frame is not None
        window = magnifier.window_at(frame.raw.shape, 0.75, 0.6, (REGION.rows, REGION.columns))
        assert window is not None
        reading = meter.read(frame, steady=detail)
        magnified = magnifier.cut(frame, sensor.facts.colour, window)
        yield PreviewFrame(
            number, number, frame.sensor_timestamp_ns, frame.exposure, frame.raw.shape, frame.bits, frame.preview,
            reading, magnified,
        )  # fmt: skip
        sensor.give_back(frame)
    sensor.close()


def marked(focus_m: float, gain: float, light_ev: float) -> list[float]:
    """The share of the window's pixels that is marked, frame by frame."""
    steady, shares = SteadyLuma(), []
    for view in views(focus_m, gain, light_ev):
        assert view.magnified is not None
        look = glass(view, view.magnified, REGION, 1).view
        luma, noise, found = steady.of_window(look, noise_in(view))
        shares.append(float((marks(luma, look.reading.focus, look.raw_size, noise, found=found) > 0).mean()))
    return shares


def test_at_the_highest_gain_edges_are_marked_that_one_frame_hides() -> None:
    shares = marked(2.0, 64.0, AS_BRIGHT_EV[64.0])
    assert shares[-1] > 0.012
    assert shares[-1] > 2 * shares[0]


@pytest.mark.parametrize("gain", [16.0, 64.0])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_marked_out_of_focus_or_without_light(gain: float, dark: bool) -> None:
    assert max(marked(0.5, gain, DARK_EV if dark else AS_BRIGHT_EV[gain])) <= 0.0005
