"""RAW from the sensor to the card, each step beside what it is measured against, interleaved in one run.

Least times of all rounds, so that a busy machine hurts little, and in brackets the ratio of the medians; what is aimed
at stands at the end of each line. A file's CPU time is that from the frame in memory to the closed file on tmpfs with
thumbnail and preview at hand; what those cost is a line of its own, as it hangs on the picture, not on the file.
"""

import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from device import dng, files, jpeg, ljpeg
from device.clock import SteppedClock
from device.dng import RawForm
from device.frame import Exposure, Frame, Raw
from device.half_size import half_size
from device.looks import NATURAL
from device.photograph import Photograph
from device.sensor import Setting
from device.sensor_simulated import SimulatedSensor
from device.storage import Card
from device.tiff import Bytes
from device.unpack import unpack
from tests import peak_memory
from tests.bench.interleaved import in_turn, ms, ratio
from tests.photographs import photograph

ROUNDS = 15
THREADS = 2
MEMORY = Path("/dev/shm")  # noqa: S108 - Linux's tmpfs; its files are in a folder of our own


def run() -> list[str]:
    """A table of ratios; CPU time where it says so."""
    taken = photograph(full_frame())
    lines = [_unpacking(taken.frame.raw), *_compressing(taken.frame.raw), *_files(taken), _memory()]
    return [*lines, f"load of this machine's {os.cpu_count()} cores meanwhile: {os.getloadavg()[0]:.1f}"]


def full_frame() -> Frame:
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
    ours, memcpy = in_turn(
        ROUNDS,
        time.perf_counter,
        lambda: unpack(sent, "SBGGR12_CSI2P", rows, columns, out=out),
        lambda: np.copyto(copy, raw),
    )
    compared = f"{ratio(ours, memcpy)} memcpy of the output {ms(memcpy)}"
    return f"CSI-2 12-bit to uint16   {ms(ours)} = {compared}   (1.3 at most)"


def _compressing(raw: Raw) -> list[str]:
    with ThreadPoolExecutor(THREADS) as pool:
        one, two = in_turn(
            ROUNDS, time.perf_counter, lambda: ljpeg.compress(raw, 12), lambda: ljpeg.compress(raw, 12, pool.map)
        )
    threads = f"{THREADS} threads {ms(two)} = {ratio(one, two)} as fast as one   (1.6 at least, on idle cores)"
    return [f"lossless JPEG, 1 thread  {_beside_liblj92(raw)}", f"lossless JPEG, {threads}"]


def _beside_liblj92(raw: Raw) -> str:
    """CPU time, of one thread each."""
    try:
        import imagecodecs  # noqa: PLC0415 - the bench runs without it
    except ImportError:
        return "imagecodecs, which has liblj92 to compare with, is not installed"
    wide = raw.reshape(raw.shape[0] // 2, -1)  # as DNG writers have it: the sample of the same colour above is a row up
    sizes: list[int] = []
    ours, theirs = in_turn(
        5,
        time.process_time,
        lambda: sizes.append(sum(map(len, ljpeg.compress(raw, 12).data))),
        lambda: sizes.append(len(imagecodecs.ljpeg_encode(wide, bitspersample=12))),
    )
    smaller = f"size {sizes[-2] / sizes[-1]:.3f} of its {sizes[-1] / 1e6:.2f} MB"
    compared = f"{ms(ours)} = {ratio(theirs, ours)} as fast as liblj92 {ms(theirs)}"
    return f"{compared}, {smaller}   (6 at least, 1.05 at most)"


def _files(taken: Photograph) -> list[str]:
    picture = half_size(taken.frame, taken.facts.colour, NATURAL)
    thumbnail, preview = jpeg.thumbnail(picture, 256), jpeg.preview(picture, 2048)

    def encoded(form: RawForm) -> list[Bytes]:
        return dng.encode(taken, thumbnail, preview, form)

    return [
        _file(lambda: encoded("packed"), "packed  ", 1.6),
        _file(lambda: encoded("lossless"), "lossless", 5),
        _previews(taken, lambda: encoded("lossless")),
    ]


def _file(encode: Callable[[], list[Bytes]], name: str, bar: float) -> str:
    size = sum(memoryview(buffer).nbytes for buffer in encode())
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        card, plain, same = Card(Path(folder), 0), Path(folder) / "plain", bytes(size)

        def shoot() -> None:
            card.write("DCIM/100MCAM_/MCAM0001.DNG", encode())

        def clear() -> None:
            (Path(folder) / "DCIM/100MCAM_/MCAM0001.DNG").unlink(missing_ok=True)
            plain.unlink(missing_ok=True)

        ours, theirs = in_turn(ROUNDS, time.process_time, shoot, lambda: plain.write_bytes(same), before=clear)
    compared = f"{ratio(ours, theirs)} writing {size / 1e6:.1f} MB {ms(theirs)}"
    return f"{name} DNG, CPU time   {ms(ours)} = {compared}   ({bar} at most)"


def _previews(taken: Photograph, encode: Callable[[], list[Bytes]]) -> str:
    """By the difference: the whole of it is what the darkroom does for a DNG."""
    whole, without = in_turn(5, time.process_time, lambda: files.negative_of(taken), encode)
    cost = [one - other for one, other in zip(whole, without, strict=True)]
    return f"thumbnail and preview    {ms(cost)} CPU time more for a DNG whose previews are made for it"


def _memory() -> str:
    peaks = ", ".join(f"{name} {peak:.0f} MB" for name, peak in peak_memory.peaks_mb().items())
    return f"memory beside the frame  {peaks} at most, Pillow's included"
