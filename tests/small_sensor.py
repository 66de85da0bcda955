"""A simulated IMX477 of 480 x 360 photosites: the same physics and timing in a hundredth of the time."""

from dataclasses import replace

from device.clock import Clock
from device.sensor import Setting
from device.sensor_facts import IMX477
from device.sensor_simulated import SimulatedSensor

SMALL = replace(
    IMX477,
    facts=replace(IMX477.facts, width=480, height=360),
    modes={
        Setting.SMOOTH: replace(IMX477.modes[Setting.SMOOTH], width=240, height=180),
        Setting.ARMED: replace(IMX477.modes[Setting.ARMED], width=480, height=360),
    },
)


def small_sensor(clock: Clock, **options: object) -> SimulatedSensor:
    return SimulatedSensor(clock, **{"model": SMALL, "preview_max": (90, 120), **options})  # type: ignore[arg-type]
