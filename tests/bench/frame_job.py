"""The frame job beside a floor, OpenCV and C, interleaved in one run; least times, so that a busy machine hurts little.

A preview of the panel's size, from YUV to the panel's pixels with peaking and zebra. The floor is what none can do
without: to read 1.5 bytes of each pixel and to write 4. The histogram is the RAW's, of a sixteenth that goes round.
C, with chroma in 32 bits, does the same on the same arrays, and the bytes are compared; what Python adds counts for
the whole job only. OpenCV's rule is the same as far as it has it (`frame_job_opencv.py`); like C it is given the limits
that we find in the frame.

All of it twice. From caches: each job is called five times in a row on one frame, and the last call counts; all, the
floor too, then lies in this machine's caches (after one call before it, ours still paid for what OpenCV's had left
there). From memory: each call has a frame and a panel that none had for longer than caches last, and comes
after another job's, as in a camera, where something else ran between two frames.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count, cycle
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from device.frame import Cfa, Plane, Preview
from device.histogram import sampled_histogram
from device.kernel import Kernel
from device.preview import PreviewFrame
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
FRAME_NS = 33_333_333  # 30 frames a second
LARGER_THAN_CACHES = 64 * 2**20
RAWS = 11  # of 2028 x 1520: likewise


class Place(NamedTuple):
    """Where the frames lie."""

    name: str
    bytes: int  # of panels at least, each with a frame
    warm: int  # calls before the one that counts


PLACES = (Place("from caches", 1, 4), Place("from memory", LARGER_THAN_CACHES, 0))
Job = Callable[[int], object]  # of the frame and the panel of that place in their rings
Jobs = dict[str, Job]
Painting = tuple[Any, ...]  # arguments of `pixels.paint`


def run() -> list[str]:
    """Tables for both sizes."""
    return [row for size in SIZES for place in PLACES for row in _rows(size, place)]


def _rows(size: tuple[int, int], place: Place) -> list[str]:
    ring = -(-place.bytes // (size[0] * size[1] * 4))
    with tempfile.TemporaryDirectory() as folder:
        jobs, missing = _jobs(size, ring, Path(folder))
        turns = cycle(range(ring))
        each = {name: partial(_next, job, turns) for name, job in jobs.items()}
        times = {name: min(values) for name, values in seconds(each, ROUNDS, warm=place.warm).items()}
    where = f"{size[0]}x{size[1]} {place.name}  "
    return [*_table(where, times, size), *(where + each for each in missing)]


def _next(job: Job, turns: Iterator[int]) -> None:
    job(next(turns))


def _table(where: str, times: dict[str, float], size: tuple[int, int]) -> Iterator[str]:
    ours, kernel = times["frame job"], times["its kernel alone"]
    for name, passed in times.items():
        yield (
            f"{where}{name:33} {1000 * passed:7.3f} ms {passed / times['floor']:6.1f} x floor"
            f" {passed / ours:6.2f} x ours {passed / kernel:6.2f} x its kernel{_bar(name, size)}"
        )


def _bar(name: str, size: tuple[int, int]) -> str:
    return next((f"  {bars[SIZES.index(size)]}" for begin, bars in BARS.items() if name.startswith(begin)), "")


def _jobs(size: tuple[int, int], ring: int, folder: Path) -> tuple[Jobs, list[str]]:
    columns, rows = size
    views, whole = _views(size, ring), Rect(0, 0, *size)
    outs, planes = np.zeros((ring, rows, columns, 4), np.uint8), np.ones((ring, rows * columns * 3 // 2), np.uint8)
    raws = np.random.default_rng(1).integers(256, 4096, (min(ring, RAWS), 1520, 2028)).astype(np.uint16)
    marks, steady, phases, numbers = np.zeros_like(views[0].preview.y), SteadyLuma(), count(), count(2)
    looks = Looks(PEAKING["red"], peaking=True, zebra=True)

    def frame_job(k: int) -> None:
        view = views[k]
        noise = noise_of(view.preview.y, view.reading.focus, view.raw_size, view.reading.noise_floor_ev)
        paint_view(view, whole, looks, outs[k], steady=Steady(view.preview.y, noise, marks))

    def averaged(k: int) -> None:
        number = next(numbers)
        view = replace(views[k], number=number, sensor_timestamp_ns=number * FRAME_NS)
        paint_view(view, whole, looks, outs[k], steady=steady.of(view))

    def with_histogram(k: int) -> None:
        frame_job(k)
        sampled_histogram(raws[k % len(raws)], Cfa.RGGB, 12, next(phases) % 16)

    paintings = [_painting(partial(frame_job, k)) for k in range(ring)]
    jobs: Jobs = {
        "floor": lambda k: (planes[k].max(), outs[k].fill(0)),
        "frame job": frame_job,
        "frame job and 1/16 RAW histogram": with_histogram,
        "frame job, luma averaged before": averaged,
        "without peaking and zebra": lambda k: paint_view(views[k], whole, Looks(), outs[k]),
        "its kernel alone": lambda k: pixels.paint(*paintings[k]),
    }
    return jobs, [*_add_c(jobs, paintings, outs, folder), *_add_opencv(jobs, views, paintings, outs)]


def _views(size: tuple[int, int], ring: int) -> list[PreviewFrame]:
    """The same picture and what the meter said of it, each in memory of its own."""
    view = synthetic_view(1, *size)
    return [_copied(view) for _ in range(ring)]


def _copied(view: PreviewFrame) -> PreviewFrame:
    preview = Preview(view.preview.y.copy(), view.preview.u.copy(), view.preview.v.copy())
    reading = replace(view.reading, focus=view.reading.focus.copy(), clipped=view.reading.clipped.copy())
    return replace(view, preview=preview, reading=reading)


def _add_c(jobs: Jobs, paintings: list[Painting], outs: NDArray[np.uint8], folder: Path) -> Iterator[str]:
    name = frame_job_c.compiler()
    if name is None:
        yield "in C: neither clang nor gcc is installed"
        return
    library = frame_job_c.compiled(name, folder)
    in_c = [frame_job_c.job(library, painting) for painting in paintings]
    jobs["its kernel alone"](0)
    ours = outs[0].copy()
    outs[0].fill(0)
    in_c[0]()
    assert np.array_equal(outs[0], ours), "the C program draws another picture"
    jobs[f"in C, {name} -O3 -march=native"] = lambda k: in_c[k]()


def _add_opencv(
    jobs: Jobs, views: list[PreviewFrame], paintings: list[Painting], outs: NDArray[np.uint8]
) -> Iterator[str]:
    try:
        from tests.bench.frame_job_opencv import OpenCvJob, i420  # noqa: PLC0415 - it need not be installed
    except ImportError:
        yield "in OpenCV: not installed (pip install -e .[bench])"
        return
    rival = OpenCvJob(views[0], wide(*paintings[0][8:10]), PEAKING["red"])
    frames, drawn = [i420(view) for view in views], np.zeros_like(outs)
    jobs["in OpenCV"] = lambda k: rival.draw(frames[k], drawn[k])


def wide(limits: Plane, spans: NDArray[np.int32]) -> NDArray[np.int16]:
    """Limits of all cells, for Laplacians that do not stop at 255; ours are of spans only, and NEVER is above all."""
    across = np.arange(limits.shape[1])
    within = (across >= spans[:, :1]) & (across < spans[:, 1:]) & (limits < NEVER)
    return np.where(within, limits.astype(np.int16), np.int16(np.iinfo(np.int16).max))


def _painting(job: Callable[[], None]) -> Painting:
    with _recorded() as calls:
        job()
    return calls[pixels.paint.name]


@contextmanager
def _recorded() -> Iterator[dict[str, Painting]]:
    """The arguments of each kernel's last call."""
    calls: dict[str, Painting] = {}
    run = Kernel.__call__

    def call(kernel: Kernel[Any, Any], *args: Any) -> Any:
        calls[kernel.name] = args
        return run(kernel, *args)

    Kernel.__call__ = call  # type: ignore[method-assign,assignment]
    try:
        yield calls
    finally:
        Kernel.__call__ = run  # type: ignore[method-assign]
