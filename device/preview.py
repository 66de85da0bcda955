"""The preview ring: the newest previews with their readings, in one file mapped by the daemon and its clients.

A few slots, each a header and planes. The writer never waits for a reader. Each slot carries a sequence number that is
odd while the slot is being written; a reader copies and then looks whether the number stood still (a seqlock, as in
the Linux kernel's Documentation/locking/seqlock.rst). Python has no memory barriers, but taking a lock is one on
every machine we run on, so `_fence` takes and frees a lock between data and number.
"""

import mmap
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from device.errors import NotRunning
from device.frame import FOCUS_CELL, HISTOGRAM_BINS, Exposure, Frame, Preview, Reading

MAGIC = 0x4D43414D52494E47  # "MCAMRING"
VERSION = 1
SLOTS = 4  # one being written, one newest, two for slow readers
PAGE = 4096

_RING = np.dtype([("magic", "<u8"), ("version", "<u4"), ("slots", "<u4"), ("slot_bytes", "<u8"), ("newest", "<u8")])
_SLOT = np.dtype(
    [
        ("sequence", "<u8"),  # 2n+1 while the n-th frame is written, 2n+2 after
        ("frame", "<u8"),
        ("sensor_timestamp_ns", "<i8"),
        ("exposure_us", "<i8"),
        ("gain", "<f8"),
        ("raw", "<u4", 2),  # rows, columns
        ("bits", "<u4"),
        ("white", "<u4"),
        ("picture", "<u4", 2),
        ("focus", "<u4", 2),
        ("clipped", "<u4", 2),
        ("noise_slope_dn", "<f8"),
        ("noise_floor_dn2", "<f8"),
        ("focus_score", "<f8"),
        ("noise_floor_ev", "<f8"),
        ("clipped_share", "<f4", 4),
        ("mean", "<f4", 4),
        ("histogram", "<f4", (4, HISTOGRAM_BINS)),
    ]
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The largest of each plane that a ring must hold, as (rows, columns)."""

    picture: tuple[int, int]
    focus: tuple[int, int]
    clipped: tuple[int, int]

    @classmethod
    def for_sensor(cls, rows: int, columns: int, picture: tuple[int, int]) -> "Sizes":
        """For a sensor of that full size and previews of at most that picture."""
        return cls(picture, (rows // FOCUS_CELL, columns // FOCUS_CELL), picture)

    @property
    def plane_bytes(self) -> int:
        """Bytes of all planes of one slot."""
        pixels = int(np.prod(self.picture))
        return pixels * 3 // 2 + int(np.prod(self.focus)) * 4 + int(np.prod(self.clipped))


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One frame as a client sees it: the picture, what the meter said, and of which exposure."""

    number: int  # of the publication, from 1; `frame` is the sensor's own and may begin anywhere
    frame: int
    sensor_timestamp_ns: int
    exposure: Exposure
    raw_size: tuple[int, int]
    bits: int
    preview: Preview
    reading: Reading


def _slot_bytes(sizes: Sizes) -> int:
    wanted = _SLOT.itemsize + sizes.plane_bytes + 64
    return -(-wanted // PAGE) * PAGE


class PreviewWriter:
    """The daemon's side. Makes the file new, so that readers of an older ring notice (`PreviewReader.stale`)."""

    def __init__(self, path: Path, sizes: Sizes) -> None:
        self._path = path
        self._slot_bytes = _slot_bytes(sizes)
        self._barrier = threading.Lock()
        self._map = _create(path, PAGE + SLOTS * self._slot_bytes, (MAGIC, VERSION, SLOTS, self._slot_bytes, 0))
        self._ring = np.frombuffer(self._map, _RING, 1)

    def publish(self, frame: Frame, reading: Reading) -> None:
        """Lay a frame's preview and reading into the oldest slot and name it the newest."""
        number = int(self._ring["newest"][0]) + 1
        start = PAGE + number % SLOTS * self._slot_bytes
        slot = np.frombuffer(self._map, _SLOT, 1, start)
        slot["sequence"] = 2 * number + 1
        _fence(self._barrier)
        _fill(slot, frame, reading)
        _lay(self._map, start + _SLOT.itemsize, self._slot_bytes - _SLOT.itemsize, _planes(frame.preview, reading))
        _fence(self._barrier)
        slot["sequence"] = 2 * number + 2
        self._ring["newest"] = number

    def close(self) -> None:
        """Remove the file; readers keep what they mapped."""
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()


class PreviewReader:
    """A client's side.

    Raises:
        NotRunning: there is no ring at that path, or none of ours.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._barrier = threading.Lock()
        try:
            with path.open("rb") as file:
                self._inode = os.fstat(file.fileno()).st_ino
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise NotRunning(f"No camera runs at {path.parent}: start one with mcam run.") from error
        if len(self._map) < PAGE or int(np.frombuffer(self._map, _RING, 1)["magic"][0]) != MAGIC:
            raise NotRunning(f"{path} is no preview ring of this version of mcam: restart mcam.")
        self._ring = np.frombuffer(self._map, _RING, 1)

    def stale(self) -> bool:
        """True once the daemon is gone or made another ring: open a new reader then."""
        try:
            return self._path.stat().st_ino != self._inode
        except OSError:
            return True

    def newest(self, after: int = 0) -> View | None:
        """A copy of the newest frame, or None when it is the one whose `number` is `after` (0: none seen yet)."""
        for _ in range(SLOTS):
            number = int(self._ring["newest"][0])
            if number in (0, after):
                return None
            view = self._copy(number)
            if view is not None:
                return view
        return None  # overtaken again and again: the next call will see a newer one

    def _copy(self, number: int) -> View | None:
        slot_bytes, slots = int(self._ring["slot_bytes"][0]), int(self._ring["slots"][0])
        start = PAGE + number % slots * slot_bytes
        shared = np.frombuffer(self._map, _SLOT, 1, start)
        before = int(shared["sequence"][0])
        if before != 2 * number + 2:
            return None
        _fence(self._barrier)
        slot = shared.copy()[0]
        planes = _take(self._map, start + _SLOT.itemsize, slot)
        _fence(self._barrier)
        if int(shared["sequence"][0]) != before:
            return None
        return _view(number, slot, planes)


def _create(path: Path, size: int, header: tuple[int, ...]) -> mmap.mmap:
    """A new file, renamed into place once its header is there, so that no reader maps it before."""
    temporary = path.with_suffix(".new")
    with temporary.open("w+b") as file:
        file.truncate(size)
        mapped = mmap.mmap(file.fileno(), size)
    np.frombuffer(mapped, _RING, 1)[0] = header
    temporary.rename(path)
    return mapped


def _fence(barrier: threading.Lock) -> None:
    with barrier:
        pass


def _fill(slot: NDArray[np.void], frame: Frame, reading: Reading) -> None:
    slot["frame"] = frame.sequence
    slot["sensor_timestamp_ns"] = frame.sensor_timestamp_ns
    slot["exposure_us"], slot["gain"] = frame.exposure.exposure_us, frame.exposure.gain
    slot["raw"], slot["bits"], slot["white"] = frame.raw.shape, frame.bits, frame.levels.white
    slot["picture"] = frame.preview.y.shape
    slot["focus"], slot["clipped"] = reading.focus.shape, reading.clipped.shape
    slot["noise_slope_dn"], slot["noise_floor_dn2"] = frame.noise.slope_dn, frame.noise.floor_dn2
    slot["focus_score"], slot["noise_floor_ev"] = reading.focus_score, reading.noise_floor_ev
    slot["clipped_share"], slot["mean"] = reading.clipped_share, reading.mean
    slot["histogram"] = reading.histogram


def _planes(preview: Preview, reading: Reading) -> list[NDArray[np.uint8]]:
    """Focus first: it is the one that needs alignment, and the header's size is a multiple of 8."""
    focus = np.ascontiguousarray(reading.focus, np.float32).view(np.uint8)
    return [focus, preview.y, preview.u, preview.v, reading.clipped]


def _lay(ring: mmap.mmap, start: int, room: int, planes: list[NDArray[np.uint8]]) -> None:
    if sum(plane.size for plane in planes) > room:
        raise ValueError("the preview is larger than the ring was made for")
    for plane in planes:
        np.frombuffer(ring, np.uint8, plane.size, start).reshape(plane.shape)[:] = plane
        start += plane.size


def _take(ring: mmap.mmap, start: int, slot: np.void) -> list[NDArray[np.uint8]]:
    rows, columns = (int(n) for n in slot["picture"])
    focus_rows, focus_columns = (int(n) for n in slot["focus"])
    half = (rows // 2, columns // 2)
    shapes = [(focus_rows, focus_columns * 4), (rows, columns), half, half, tuple(int(n) for n in slot["clipped"])]
    planes = []
    for shape in shapes:
        size = shape[0] * shape[1]
        planes.append(np.frombuffer(ring, np.uint8, size, start).reshape(shape).copy())
        start += size
    return planes


def _view(number: int, slot: np.void, planes: list[NDArray[np.uint8]]) -> View:
    focus, y, u, v, clipped = planes
    reading = Reading(
        histogram=slot["histogram"],
        clipped_share=slot["clipped_share"],
        mean=slot["mean"],
        focus=focus.view(np.float32),
        clipped=clipped,
        focus_score=float(slot["focus_score"]),
        noise_floor_ev=float(slot["noise_floor_ev"]),
    )
    return View(
        number=number,
        frame=int(slot["frame"]),
        sensor_timestamp_ns=int(slot["sensor_timestamp_ns"]),
        exposure=Exposure(int(slot["exposure_us"]), float(slot["gain"])),
        raw_size=(int(slot["raw"][0]), int(slot["raw"][1])),
        bits=int(slot["bits"]),
        preview=Preview(y, u, v),
        reading=reading,
    )
