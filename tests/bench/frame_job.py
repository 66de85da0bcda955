"""The frame job beside a floor, OpenCV and C, interleaved in one run; least times, so that a busy machine hurts little.

A preview of the panel's size, from YUV to the panel's pixels with peaking and zebra. The floor is what none can do
without: to read 1.5 bytes of each pixel and to write 4. The histogram is the RAW's, of a sixteenth that goes round.
C, with chroma in 32 bits, does the same on the same arrays, and the bytes are compared; what Python adds counts for
the whole job only. Each job is called five times in a row and the last call counts; all of it, the floor too, then lies
in this machine's caches (after one call before it, ours still paid for what OpenCV's had left there).
OpenCV's rule is the same as far as it has it (`frame_job_opencv.py`).
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.frame import Cfa, Plane
from device.histogram import sampled_histogram
from device.kernel import Kernel
from tests.bench import frame_job_c
from tests.bench.interleaved import seconds
from tests.synthetic_view import synthetic_view
from ui import pixels
from ui.mark_rows import NEVER
from ui.peaking import noise_of
from ui.picture import Looks, paint_view
from ui.rect import Rect
from ui.steady import Steady, SteadyLuma
from ui.theme import PEAKING

SIZES = ((800, 480), (1280, 720))
BARS = {  # by size, of the rows that have one
    "frame job and 1/16 RAW histogram": ("(3.0 x floor at most)", "(2.0 x floor at most)"),
    "in OpenCV": ("(6 x ours at least)", "(6 x ours at least)"),
    "in C": ("(1 x ours at least)", "(1 x ours at least)"),
}
ROUNDS = 300
WARM = 4
FRAME_NS = 33_333_333  # 30 frames a second
Jobs = dict[str, Callable[[], object]]


def run() -> list[str]:
    """Tables for both sizes."""
    return [row for size in SIZES for row in _rows(size)]


def _rows(size: tuple[int, int]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        jobs, missing = _jobs(size, Path(folder))
        times = {name: min(values) for name, values in seconds(jobs, ROUNDS, warm=WARM).items()}
    ours, kernels = times["frame job"], times["its kernel alone"]
    rows = []
    for name, passed in times.items():
        beside = kernels if name.startswith("in C") else ours
        rows.append(
            f"{size[0]}x{size[1]}  {name:34} {1000 * passed:7.3f} ms {passed / times['floor']:6.1f} x floor"
            f" {passed / beside:6.2f} x ours{_bar(name, size)}"
        )
    return [*rows, *(f"{size[0]}x{size[1]}  {each}" for each in missing)]


def _bar(name: str, size: tuple[int, int]) -> str:
    return next((f"  {bars[SIZES.index(size)]}" for begin, bars in BARS.items() if name.startswith(begin)), "")


def _jobs(size: tuple[int, int], folder: Path) -> tuple[Jobs, list[str]]:
    columns, rows = size
    view, whole, looks = synthetic_view(1, *size), Rect(0, 0, *size), Looks(PEAKING["red"], peaking=True, zebra=True)
    out, planes, phases = np.zeros((rows, columns, 4), np.uint8), np.ones(rows * columns * 3 // 2, np.uint8), count()
    raw = np.random.default_rng(1).integers(256, 4096, (1520, 2028)).astype(np.uint16)
    reading, marks, steady, numbers = view.reading, np.zeros_like(view.preview.y), SteadyLuma(), count(2)

    def frame_job() -> None:
        noise = noise_of(view.preview.y, reading.focus, view.raw_size, reading.noise_floor_ev)
        paint_view(view, whole, looks, out, steady=Steady(view.preview.y, noise, marks))

    def averaged() -> None:
        number = next(numbers)
        frame = replace(view, number=number, sensor_timestamp_ns=number * FRAME_NS)
        paint_view(frame, whole, looks, out, steady=steady.of(frame))

    with _recorded() as calls:
        frame_job()
    painting = calls[pixels.paint.name]

    def with_histogram() -> None:
        frame_job()
        sampled_histogram(raw, Cfa.RGGB, 12, next(phases) % 16)

    jobs: Jobs = {
        "floor": lambda: (planes.max(), out.fill(0)),
        "frame job": frame_job,
        "frame job and 1/16 RAW histogram": with_histogram,
        "frame job, luma averaged before": averaged,
        "without peaking and zebra": lambda: paint_view(view, whole, Looks(), out),
        "its kernel alone": lambda: pixels.paint(*painting),
    }
    missing = [*_add_c(jobs, painting, out, folder), *_add_opencv(jobs, view, wide(*painting[8:10]))]
    return jobs, missing


def _add_c(jobs: Jobs, painting: tuple[Any, ...], out: Any, folder: Path) -> Iterator[str]:
    name = frame_job_c.compiler()
    if name is None:
        yield "in C: neither clang nor gcc is installed"
        return
    in_c = frame_job_c.job(frame_job_c.compiled(name, folder), painting)
    jobs["its kernel alone"]()
    ours = out.copy()
    out.fill(0)
    in_c()
    assert np.array_equal(out, ours), "the C program draws another picture"
    jobs[f"in C, {name} -O3 -march=native"] = in_c


def _add_opencv(jobs: Jobs, view: Any, limits: Any) -> Iterator[str]:
    try:
        from tests.bench.frame_job_opencv import OpenCvJob  # noqa: PLC0415 - it need not be installed
    except ImportError:
        yield "in OpenCV: not installed (pip install -e .[bench])"
        return
    rival, out = OpenCvJob(view, limits, PEAKING["red"]), np.zeros((*view.preview.y.shape, 4), np.uint8)
    jobs["in OpenCV"] = lambda: rival.draw(out)


def wide(limits: Plane, spans: NDArray[np.int32]) -> NDArray[np.int16]:
    """Limits of all cells, for Laplacians that do not stop at 255; ours are of spans only, and NEVER is above all."""
    across = np.arange(limits.shape[1])
    within = (across >= spans[:, :1]) & (across < spans[:, 1:]) & (limits < NEVER)
    return np.where(within, limits.astype(np.int16), np.int16(np.iinfo(np.int16).max))


@contextmanager
def _recorded() -> Iterator[dict[str, tuple[Any, ...]]]:
    """The arguments of each kernel's last call."""
    calls: dict[str, tuple[Any, ...]] = {}
    run = Kernel.__call__

    def call(kernel: Kernel[Any, Any], *args: Any) -> Any:
        calls[kernel.name] = args
        return run(kernel, *args)

    Kernel.__call__ = call  # type: ignore[method-assign,assignment]
    try:
        yield calls
    finally:
        Kernel.__call__ = run  # type: ignore[method-assign]
