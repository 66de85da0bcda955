"""RAW from the sensor to the card, each step beside what it is measured against, interleaved in one run.

Issue 4's bars stand at the end of each line. Least times of all rounds, so that a busy machine hurts little.
"""

import tempfile
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from device import develop, dng, jpeg, ljpeg
from device.clock import SteppedClock
from device.dng import RawForm
from device.frame import Exposure, Frame, Raw
from device.photograph import Photograph
from device.sensor import Setting
from device.sensor_simulated import SimulatedSensor
from device.storage import Card
from device.tiff import Bytes
from device.unpack import unpack
from tests.photographs import photograph

ROUNDS = 15
THREADS = 2
MEMORY = Path("/dev/shm")  # noqa: S108 - Linux's tmpfs; its files are in a folder of our own


def run() -> list[str]:
    """A table of ratios; CPU time where it says so."""
    frame = _frame()
    return [_unpacking(frame.raw), *_compressing(frame.raw), *_files(photograph(frame))]


def _frame() -> Frame:
    """A full simulated frame, of a scene with photon noise."""
    sensor = SimulatedSensor(SteppedClock())
    sensor.start(Setting.ARMED, Exposure(5000, 1.0))
    frame = sensor.wait(10)
    assert frame is not None
    return frame.copied()


def _unpacking(raw: Raw) -> str:
    rows, columns = raw.shape
    sent = np.random.default_rng(1).integers(0, 256, (rows, columns * 3 // 2), np.uint8)
    out, copy = np.empty_like(raw), np.empty_like(raw)
    ours, memcpy = _least(
        time.perf_counter,
        lambda: unpack(sent, "SBGGR12_CSI2P", rows, columns, out=out),
        lambda: np.copyto(copy, raw),
    )
    compared = f"{ours / memcpy:.2f} x memcpy of the output {_ms(memcpy)}"
    return f"CSI-2 12-bit to uint16   {_ms(ours)} = {compared}   (1.3 at most)"


def _compressing(raw: Raw) -> list[str]:
    with ThreadPoolExecutor(THREADS) as pool:
        one, two = _least(time.perf_counter, lambda: ljpeg.compress(raw, 12), lambda: ljpeg.compress(raw, 12, pool.map))
    threads = f"{THREADS} threads {_ms(two)} = {one / two:.2f} x as fast as one   (1.6 at least, on idle cores)"
    return [f"lossless JPEG, 1 thread  {_beside_liblj92(raw)}", f"lossless JPEG, {threads}"]


def _beside_liblj92(raw: Raw) -> str:
    """CPU time, of one thread each."""
    try:
        import imagecodecs  # noqa: PLC0415 - the bench runs without it
    except ImportError:
        return "imagecodecs, which has liblj92 to compare with, is not installed"
    wide = raw.reshape(raw.shape[0] // 2, -1)  # as DNG writers have it: the sample of the same colour above is a row up
    sizes: list[int] = []
    ours, theirs = _least(
        time.process_time,
        lambda: sizes.append(sum(map(len, ljpeg.compress(raw, 12).data))),
        lambda: sizes.append(len(imagecodecs.ljpeg_encode(wide, bitspersample=12))),
        rounds=5,
    )
    smaller = f"size {sizes[-2] / sizes[-1]:.3f} of its {sizes[-1] / 1e6:.2f} MB"
    return (
        f"{_ms(ours)} = {theirs / ours:.1f} x as fast as liblj92 {_ms(theirs)}, {smaller}   (6 at least, 1.05 at most)"
    )


def _files(taken: Photograph) -> list[str]:
    small = develop.half_size(taken.frame, taken.facts.colour)
    thumbnail, preview = jpeg.thumbnail(small, 256), jpeg.preview(small)

    def encoded(form: RawForm) -> list[Bytes]:
        return dng.encode(taken, thumbnail, preview, form)

    return [_file(lambda: encoded("packed"), "packed  ", 1.6), _file(lambda: encoded("lossless"), "lossless", 5)]


def _file(encode: Callable[[], list[Bytes]], name: str, bar: float) -> str:
    size, peak = _memory(encode)
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        card, plain, same = Card(Path(folder), 0), Path(folder) / "plain", bytes(size)

        def shoot() -> None:
            card.write("DCIM/100MCAM_/MCAM0001.DNG", encode())

        def clear() -> None:
            (Path(folder) / "DCIM/100MCAM_/MCAM0001.DNG").unlink(missing_ok=True)
            plain.unlink(missing_ok=True)

        ours, theirs = _least(time.process_time, shoot, lambda: plain.write_bytes(same), before=clear)
    return (
        f"{name} DNG, CPU time   {_ms(ours)} = {ours / theirs:5.2f} x writing {size / 1e6:.1f} MB {_ms(theirs)}   "
        f"({bar} at most); {peak / 1e6:.1f} MB beside the frame at most"
    )


def _memory(encode: Callable[[], list[Bytes]]) -> tuple[int, int]:
    """Bytes of the file, and the most that Python and numpy held at once while it was made."""
    encode()
    tracemalloc.start()
    size = sum(memoryview(buffer).nbytes for buffer in encode())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size, peak


def _least(
    clock: Callable[[], float],
    *jobs: Callable[[], object],
    rounds: int = ROUNDS,
    before: Callable[[], object] = lambda: None,
) -> tuple[float, ...]:
    """Least seconds of each job, one round after the other; the first round compiles."""
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(rounds + 1):
        before()
        for job, passed in zip(jobs, times, strict=True):
            start = clock()
            job()
            passed.append(clock() - start)
    return tuple(min(passed[1:]) for passed in times)


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:6.1f} ms"
