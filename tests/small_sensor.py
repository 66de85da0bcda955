"""A simulated IMX477 of 480 x 360 photosites: the same format, physics and timing in a hundredth of the time."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from device.clock import Clock
from device.frame import Frame
from device.scene import Scene
from device.sensor import Sensor
from device.sensor_facts import IMX477
from device.sensor_simulated import SimulatedSensor
from device.thing import Thing

SCALE = 480 / IMX477.facts.width


def _cropped(photosites: int) -> int:
    """A crop of the full sensor on the small one: whole quads of binned photosites."""
    return round(photosites * SCALE / 4) * 4


SMALL = replace(
    IMX477,
    facts=replace(IMX477.facts, width=480, height=360, pixel_pitch_um=IMX477.facts.pixel_pitch_um / SCALE),
    modes={
        setting: replace(
            mode,
            width=480 // mode.binning - 2 * _cropped(mode.left) // mode.binning,
            height=360 // mode.binning - 2 * _cropped(mode.top) // mode.binning,
            top=_cropped(mode.top),
            left=_cropped(mode.left),
            line_us=mode.line_us / SCALE,
        )
        for setting, mode in IMX477.modes.items()
    },
    exposure_margin_lines=3,  # for 22 of a full sensor's shorter lines
)


def small_sensor(clock: Clock, **options: object) -> SimulatedSensor:
    return SimulatedSensor(clock, **{"model": SMALL, "preview_max": (90, 120), **options})  # type: ignore[arg-type]


def next_frame(sensor: Sensor) -> Frame:
    """Of any sensor, within five seconds."""
    frame = sensor.wait(5.0)
    assert isinstance(frame, Frame)
    return frame


def flat_scene(light: float = 1.0) -> Scene:
    """A grey wall at two metres that fills the frame and goes on beyond it."""

    def paint(rows: int, columns: int) -> Iterator[Thing]:
        wall = np.full((4, rows + 80, columns + 80), light, np.float32)
        wall[3] = 1
        yield Thing(2.0, -40, -40, (wall,))

    return Scene(paint)
