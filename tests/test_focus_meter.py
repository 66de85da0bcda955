"""The focus meter on a turn of the ring: it climbs to the best focus and falls behind it, at every gain."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from device import meter
from device.clock import SteppedClock
from device.frame import Exposure
from device.scene import Scene
from device.sensor import Setting
from device.sensor_facts import IMX477
from device.sensor_simulated import SimulatedSensor
from device.thing import Thing
from device.window import Window
from tests.bench.peaking_sources import foliage
from tests.small_sensor import SMALL, next_frame

DEPTH_M = 2.0
F_NUMBER = 2.0
# Half the depth of field, c N s^2 / f^2, for a disc of two photosites of the binned mosaic, 35 mm, f/2 and 2 m.
HALF_DEPTH_M = 2 * 3.1e-6 * F_NUMBER * DEPTH_M**2 / 0.035**2
MAGNIFIED = Window(64, 96, 96, 128)
CROP = replace(SMALL, facts=replace(SMALL.facts, pixel_pitch_um=IMX477.facts.pixel_pitch_um))


def leaves(_rows: int, _columns: int) -> Iterator[Thing]:
    """Sharp to the photosite, at one distance."""
    light = np.ones((4, 560, 680), np.float32)
    light[:3] = foliage()[:560, :680].transpose(2, 0, 1)
    yield Thing(DEPTH_M, -100, -100, (light,))


def scores(gain: float, distances_m: np.ndarray, window: Window | None) -> list[float]:
    """The meter's figure with the ring at each distance; the light is as much less as the gain is more."""
    sensor = SimulatedSensor(SteppedClock(), model=CROP, scene=Scene(leaves), preview_max=(90, 120))
    sensor.start(Setting.SMOOTH, Exposure(round(5_000 / gain), gain))
    found = []
    for focus_m in distances_m:
        sensor.turn(float(focus_m), F_NUMBER, None)
        frame = next_frame(sensor)
        found.append(meter.read(frame, window).focus_score)
        sensor.give_back(frame)
    sensor.close()
    return found


@pytest.mark.parametrize("window", [None, MAGNIFIED], ids=["centre", "magnified"])
@pytest.mark.parametrize("gain", [1.0, 4.0, 16.0])
def test_the_meter_climbs_to_the_best_focus_and_falls_behind_it(gain: float, window: Window | None) -> None:
    """From step to step, a quarter of the depth of field each, out to three times the depth on either side."""
    steps = np.arange(-12, 13)
    found = scores(gain, DEPTH_M + steps * HALF_DEPTH_M / 2, window)
    best = int(np.argmax(found))
    assert abs(steps[best]) <= 2
    assert all(after > before for before, after in pairwise(found[: best + 1]))
    assert all(after < before for before, after in pairwise(found[best:]))
    assert found[0] < 0.2 * found[best] > found[-1]
