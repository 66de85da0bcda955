"""The simulated sensor alone: a frame, its noise against copying the same bytes, and a turn of the focus ring."""

import statistics
import time
from collections.abc import Callable

import numpy as np

from device.clock import SteppedClock
from device.frame import Exposure, Frame, Noise
from device.photon_noise import PhotonNoise, Response
from device.sensor import Setting
from device.sensor_simulated import SimulatedSensor

ROUNDS = 15
FOCUS_M = (0.7, 1.2, 2.0, 5.0, float("inf"))


def run() -> list[str]:
    """A line for each setting; medians."""
    sensor = SimulatedSensor(SteppedClock())
    return [_row(sensor, setting) for setting in Setting]


def _row(sensor: SimulatedSensor, setting: Setting) -> str:
    sensor.start(setting, Exposure(5000, 1.0))
    turns = [_turn(sensor, focus_m) for focus_m in FOCUS_M]
    frame_s = _median(lambda: sensor.give_back(_next(sensor)))
    frame = _next(sensor)
    light, copy = frame.raw.astype(np.float32) / 4095, frame.raw.copy()
    noise, response = PhotonNoise(1), Response(2000.0, 256.0, 4095, Noise(0.47, 2.34))
    noise_s = _median(lambda: noise.expose(light, (0, 0), response, copy))
    copy_s = _median(lambda: np.copyto(copy, frame.raw))
    sensor.give_back(frame)
    return (
        f"{setting.value:7} frame {1000 * frame_s:.1f} ms, of that noise {1000 * noise_s:.1f} ms = "
        f"{noise_s / copy_s:.1f} x memcpy; a turn of the focus ring {1000 * statistics.median(turns):.0f} ms"
    )


def _turn(sensor: SimulatedSensor, focus_m: float) -> float:
    sensor.turn(focus_m, None, None)
    start_s = time.perf_counter()
    sensor.give_back(_next(sensor))
    return time.perf_counter() - start_s


def _next(sensor: SimulatedSensor) -> Frame:
    frame = sensor.wait(10)
    assert frame is not None
    return frame


def _median(job: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start_s = time.perf_counter()
        job()
        times.append(time.perf_counter() - start_s)
    return statistics.median(times)
