"""Where finished pixels go: what every screen does, and a screen in memory that the web process reads.

The memory screen is a file mapped by both sides, with a few slots and a sequence number in each that is odd while the
slot is written (a seqlock, as in device/preview.py), so that nobody waits for anybody and no torn picture is seen.
"""

import mmap
import os
import threading
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from device.errors import NotRunning

Pixels = NDArray[np.uint8]  # (rows, columns, 4): blue, green, red, unused; XRGB8888 as it lies in memory

MAGIC = 0x4D43414D50414E45  # "MCAMPANE"
SLOTS = 3  # one being written, one newest, one for a slow reader
PAGE = 4096

_HEADER = np.dtype(
    [("magic", "<u8"), ("columns", "<u4"), ("rows", "<u4"), ("newest", "<u8"), ("sequence", "<u8", SLOTS)]
)


class Screen(Protocol):
    """Shows finished pixels."""

    @property
    def size(self) -> tuple[int, int]:
        """(columns, rows) of the pictures it shows."""
        ...

    def show(self, pixels: Pixels) -> None:
        """Show a picture of exactly that size; it may be overwritten after this returns."""
        ...

    def close(self) -> None:
        """Leave the screen as it was found. Safe to call twice."""
        ...


class MemoryScreen:
    """A screen in a file that another process maps. Made new, so that readers of an older one notice."""

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        self.size = size
        self._path = path
        self._barrier = threading.Lock()
        columns, rows = size
        temporary = path.with_suffix(".new")  # renamed into place, so that a reader never maps half of one
        with temporary.open("w+b") as file:
            file.truncate(PAGE + SLOTS * columns * rows * 4)
            shared = mmap.mmap(file.fileno(), 0)
        self._header = np.frombuffer(shared, _HEADER, 1)
        self._slots = np.frombuffer(shared, np.uint8, offset=PAGE).reshape(SLOTS, rows, columns, 4)
        self._header[0] = (MAGIC, columns, rows, 0, (0,) * SLOTS)
        temporary.rename(path)

    def show(self, pixels: Pixels) -> None:
        """Lay the pixels into the oldest slot and name it the newest."""
        number = int(self._header["newest"][0]) + 1
        slot = number % SLOTS
        self._header["sequence"][0, slot] = 2 * number + 1
        _fence(self._barrier)
        self._slots[slot] = pixels
        _fence(self._barrier)
        self._header["sequence"][0, slot] = 2 * number + 2
        self._header["newest"] = number

    def close(self) -> None:
        """Remove the file; readers keep what they mapped and find it stale."""
        self._path.unlink(missing_ok=True)


class MemoryScreenReader:
    """The other process's side.

    Raises:
        NotRunning: there is no screen at that path, or none of ours.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._barrier = threading.Lock()
        try:
            with path.open("rb") as file:
                self._inode = os.fstat(file.fileno()).st_ino
                shared = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise NotRunning("No viewfinder runs: start one with mcam run or mcam screen.") from error
        if len(shared) < PAGE or int(np.frombuffer(shared, _HEADER, 1)["magic"][0]) != MAGIC:
            raise NotRunning(f"{path} is no screen of this version of mcam: restart mcam.")
        self._header = np.frombuffer(shared, _HEADER, 1)
        columns, rows = self.size
        self._slots = np.frombuffer(shared, np.uint8, SLOTS * rows * columns * 4, PAGE).reshape(SLOTS, rows, columns, 4)

    @property
    def size(self) -> tuple[int, int]:
        """(columns, rows)."""
        return int(self._header["columns"][0]), int(self._header["rows"][0])

    def stale(self) -> bool:
        """True once the viewfinder ended or made another screen: open a new reader then, and count from 0 again."""
        try:
            return self._path.stat().st_ino != self._inode
        except OSError:
            return True

    def newest(self, after: int = 0) -> tuple[int, Pixels] | None:
        """The number of the newest picture and a copy of it, or None when nothing came after that number."""
        for _ in range(SLOTS):
            number = int(self._header["newest"][0])
            if number <= after:
                return None
            pixels = self._copy(number)
            if pixels is not None:
                return number, pixels
        return None  # overtaken again and again: the next call will see a newer one

    def _copy(self, number: int) -> Pixels | None:
        slot, whole = number % SLOTS, 2 * number + 2
        if int(self._header["sequence"][0, slot]) != whole:
            return None
        _fence(self._barrier)
        pixels = self._slots[slot].copy()
        _fence(self._barrier)
        return pixels if int(self._header["sequence"][0, slot]) == whole else None


def _fence(barrier: threading.Lock) -> None:
    """Python has no memory barriers; taking a lock is one on every machine we run on."""
    with barrier:
        pass
