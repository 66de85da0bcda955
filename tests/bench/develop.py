"""From the mosaic to a picture of 8-bit sRGB beside LibRaw with AHD, interleaved in one run.

CPU time, least of all rounds. Ours takes out colour noise too and LibRaw does not; ours has a tone curve, LibRaw a
gamma. OMP_NUM_THREADS=1 keeps LibRaw to one thread, which `tests.bench` sees to.
"""

import time
import tracemalloc
from collections.abc import Callable
from io import BytesIO

import numpy as np
import rawpy

from device import dng, jpeg
from device.clock import SteppedClock
from device.develop import develop
from device.flat_fit import POINTS
from device.frame import Exposure
from device.half_size import half_size
from device.looks import NATURAL
from device.sensor import Setting
from device.sensor_simulated import SimulatedSensor
from device.tile import SIZE
from tests.bench.interleaved import in_turn
from tests.photographs import photograph

ROUNDS = 5
TILE_PLANES = 12  # of float32, which numba allocates unseen by tracemalloc
GAINS = (1.0, 16.0)
FLAT_FIELD = np.ascontiguousarray(np.broadcast_to(np.linspace(1, 2, 33, dtype=np.float32), (4, *POINTS)))


def run() -> list[str]:
    """A line for each gain."""
    return [line for gain in GAINS for line in _at(gain)]


def _at(gain: float) -> list[str]:
    sensor = SimulatedSensor(SteppedClock())
    sensor.start(Setting.ARMED, Exposure(round(10_000 / gain), gain))
    frame = sensor.wait(10)
    assert frame is not None
    taken = photograph(frame.copied(), facts=sensor.facts)
    black = np.zeros((16, 16, 3), np.uint8)
    file = BytesIO(b"".join(dng.encode(taken, black, jpeg.preview(black), "packed")))
    with rawpy.imread(file) as raw:
        raw.unpack()
        times = in_turn(
            ROUNDS,
            time.process_time,
            lambda: develop(taken.frame, sensor.facts.colour, NATURAL),
            lambda: raw.postprocess(demosaic_algorithm=rawpy.DemosaicAlgorithm.AHD, use_camera_wb=True),
            lambda: half_size(taken.frame, sensor.facts.colour, NATURAL),
            lambda: develop(taken.frame, sensor.facts.colour, NATURAL, FLAT_FIELD),
            lambda: half_size(taken.frame, sensor.facts.colour, NATURAL, FLAT_FIELD),
        )
    ours, theirs, half, flat, half_flat = map(min, times)
    beside = _beside(lambda: develop(taken.frame, sensor.facts.colour, NATURAL))
    iso = f"ISO {100 * gain:.0f}"
    return [
        f"{iso:8} full size {1e3 * ours:5.0f} ms = {theirs / ours:.1f} x as fast as LibRaw's AHD {1e3 * theirs:5.0f} ms"
        f"   (3 at least); {beside / 1e6:.0f} MB beside frame and picture at most",
        f"{iso:8} half size {1e3 * half:5.0f} ms",
        f"{iso:8} with a flat field {flat / ours:.2f} and {half_flat / half:.2f} times as long",
    ]


def _beside(job: Callable[[], np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]) -> int:
    """The most bytes that are held at once, without the picture."""
    tracemalloc.start()
    picture = job()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - picture.nbytes + TILE_PLANES * SIZE * np.dtype(np.float32).itemsize


if __name__ == "__main__":
    print(*run(), sep="\n")
