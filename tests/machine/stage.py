"""What the machine's sensor sees: one small frame of the simulated sensor, stored as a DNG and played over and over.

Emulated, the full simulation gives a frame in many seconds. A stored frame of a sixty-fourth of its photosites goes the
same way through meter, viewfinder, darkroom and card as often as a Pi's would, in kind if not in number.
"""

from dataclasses import replace
from pathlib import Path

from device.clock import SystemClock
from device.frame import Exposure
from device.sensor import Setting
from device.sensor_facts import IMX477
from device.sensor_simulated import SimulatedSensor
from tests.replayed import write_ours

COLUMNS, ROWS = 508, 380
_SCALE = IMX477.facts.width / COLUMNS


def write_scene(path: Path) -> Path:
    """The project's own scene as that sensor sees it."""
    facts = replace(IMX477.facts, width=COLUMNS, height=ROWS, pixel_pitch_um=IMX477.facts.pixel_pitch_um * _SCALE)
    modes = {
        setting: replace(
            mode, width=COLUMNS // mode.binning, height=ROWS // mode.binning, line_us=mode.line_us * _SCALE
        )
        for setting, mode in IMX477.modes.items()
    }
    sensor = SimulatedSensor(SystemClock(), model=replace(IMX477, facts=facts, modes=modes))
    sensor.start(Setting.ARMED, Exposure(10_000, 1.0))
    frame = sensor.wait(60.0)
    assert frame is not None
    try:
        return write_ours(path, frame)
    finally:
        sensor.give_back(frame)
        sensor.close()
