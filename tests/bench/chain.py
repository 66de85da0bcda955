"""The whole chain, frame by frame on one thread: sensor, meter, ring, viewfinder, screen.

In the camera the viewfinder is a process of its own, so two cores do better than this.
"""

import statistics
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from device import meter
from device.clock import SteppedClock
from device.frame import Exposure
from device.preview import PreviewReader, PreviewWriter, Sizes
from device.sensor import Granted, Setting
from device.sensor_simulated import SimulatedSensor
from device.states import ExposureState, SensorState, State
from ui.state import Seen
from ui.viewfinder import Viewfinder

PANEL = (800, 480)
FRAMES = {Setting.SMOOTH: 60, Setting.ARMED: 20}
WARM = 3


def run() -> list[str]:
    """A table: milliseconds of each step (median) and the chain's frames per second, for both settings."""
    return [line for setting in Setting for line in _rows(setting)]


def _rows(setting: Setting) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        times = _times(setting, Path(folder))
    medians = {name: statistics.median(values[WARM:]) for name, values in times.items()}
    total_s = sum(medians.values())
    steps = ", ".join(f"{name} {1000 * value:.1f}" for name, value in medians.items())
    return [f"{setting.value:7} {1 / total_s:6.1f} frames/s    ms: {steps}"]


def _times(setting: Setting, folder: Path) -> dict[str, list[float]]:
    sensor = SimulatedSensor(SteppedClock())
    granted = sensor.start(setting, Exposure(5000, 1.0))
    viewfinder = Viewfinder(PANEL)
    seen = Seen(camera=_state(granted, sensor.facts.model))
    times: dict[str, list[float]] = {"sensor": [], "meter": [], "ring": [], "viewfinder": []}
    sizes = Sizes.for_sensor(sensor.facts.height, sensor.facts.width, (768, 1024))
    with PreviewWriter(folder / "preview", sizes) as writer:
        reader = PreviewReader(folder / "preview")
        for _ in range(FRAMES[setting]):
            start_s = time.perf_counter()
            frame = sensor.wait(10)
            assert frame is not None
            exposed_s = time.perf_counter()
            reading = meter.read(frame)
            metered_s = time.perf_counter()
            writer.publish(frame, reading)
            published_s = time.perf_counter()
            viewfinder.draw(seen, reader.newest())
            stamps = [start_s, exposed_s, metered_s, published_s, time.perf_counter()]
            for name, (before, after) in zip(times, pairwise(stamps), strict=True):
                times[name].append(after - before)
            sensor.give_back(frame)
    return times


def _state(granted: Granted, model: str) -> State:
    sensor = SensorState(model=model, width=granted.width, height=granted.height, bits=granted.bits)
    return State(camera="live", sensor=sensor, exposure=ExposureState(f_number=4.0))
