"""What each of the viewfinder's tools costs, interleaved in one run: over a memcpy of the RAW, or of the panel.

Least times of all rounds, so that a busy machine hurts little.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import count, cycle

import numpy as np

from device import exposure_map, magnifier, meter
from device.clock import SteppedClock
from device.detail import detail
from device.face_states import ViewState
from device.flat_fit import POINTS
from device.focus import focus_map
from device.frame import Exposure, Frame
from device.histogram import linear_histogram, sampled_histogram
from device.sensor import Setting
from device.sensor_simulated import SimulatedSensor
from device.steady_detail import SteadyDetail
from tests.bench.interleaved import seconds
from tests.synthetic_view import synthetic_state, synthetic_view
from ui.state import Seen
from ui.viewfinder import Viewfinder

ROUNDS = 25
# Each job on the RAW takes another of so many frames as no cache holds, as they come from a camera: into memory.
LARGER_THAN_CACHES = 64 * 2**20
FLAT_FIELD = np.ascontiguousarray(np.broadcast_to(np.linspace(1, 2, 33, dtype=np.float32), (4, *POINTS)))
Jobs = dict[str, Callable[[], object]]
PANELS = {
    "false colour": {"false_colour": True},
    "zebra of a level": {"zebra_level": 90},
    "dots below the noise": {"underexposure": True},
    "luma waveform": {"waveform": "luma"},
    "RGB parade": {"waveform": "rgb"},
}


def run() -> list[str]:
    """A line for each tool on the RAW in both settings, and on a panel of 800 x 480."""
    return [
        line for setting in (Setting.SMOOTH, Setting.ARMED) for line in _lines(setting.value, _on_raw(_frame(setting)))
    ] + _lines("panel", _on_panel())


def _frame(setting: Setting) -> Frame:
    sensor = SimulatedSensor(SteppedClock())
    sensor.start(setting, Exposure(4_500, 1.0))
    frame = sensor.wait(10)
    assert frame is not None
    return frame.copied()


def _on_raw(frame: Frame) -> Jobs:
    copy, found = np.empty_like(frame.raw), detail(frame.raw, frame.cfa, frame.levels)
    frames = cycle([frame.raw.copy() for _ in range(-(-LARGER_THAN_CACHES // frame.raw.nbytes))])
    colour = SimulatedSensor(SteppedClock()).facts.colour
    steady, times_ns = SteadyDetail(), count(0, 33_333_333)
    window = magnifier.window_of(frame, ViewState(magnifier=True), (480, 640))
    assert window is not None
    steady.of(found, frame.noise, next(times_ns))  # the first is only copied
    return {
        "memcpy of the RAW": lambda: np.copyto(copy, next(frames)),
        "whole meter": lambda: meter.read(replace(frame, raw=next(frames))),
        "the same, 1/16 histogram": lambda: meter.read(replace(frame, raw=next(frames)), phase=frame.sequence),
        "focus map (1.0 at most)": lambda: focus_map(next(frames), frame.cfa, frame.levels, frame.noise),
        "of that, detail of cells": lambda: detail(next(frames), frame.cfa, frame.levels),
        "detail averaged over frames": lambda: steady.of(found, frame.noise, next(times_ns)),
        "clipping map (1.0 at most)": lambda: meter.clipped_map(next(frames), frame.cfa, frame.levels.white, 1),
        "the same of 4 x 4 quads each": lambda: meter.clipped_map(next(frames), frame.cfa, frame.levels.white, 4),
        "histogram (2.5 at most)": lambda: linear_histogram(next(frames), frame.cfa, frame.bits),
        "1/16 histogram (0.3 at most)": lambda: sampled_histogram(next(frames), frame.cfa, frame.bits, 5),
        "stops of all cells": lambda: exposure_map.stops(found.signal, frame.levels),
        "magnifier, 640 x 480": lambda: magnifier.cut(frame, colour, window),
        "the same with a flat field": lambda: magnifier.cut(frame, colour, window, FLAT_FIELD),
    }


def _on_panel() -> Jobs:
    view, viewfinder = synthetic_view(), Viewfinder((800, 480))
    panel = np.zeros((480, 800, 4), np.uint8)
    copy = panel.copy()

    def job(shown: dict[str, object]) -> Callable[[], object]:
        seen = Seen(camera=synthetic_state(view=ViewState(**shown)))  # type: ignore[arg-type]
        return lambda: viewfinder.draw(seen, view)

    jobs: Jobs = {"memcpy of the panel": lambda: np.copyto(copy, panel), "frame job without them": job({})}
    return jobs | {f"with {name}": job(shown) for name, shown in PANELS.items()}


def _lines(where: str, jobs: Jobs) -> list[str]:
    least = {name: min(values) for name, values in seconds(jobs, ROUNDS).items()}
    memcpy = next(iter(least.values()))
    return [f"{where:12}{name:28} {1000 * t:7.3f} ms  {t / memcpy:6.2f} x memcpy" for name, t in least.items()]
