"""Where finished pixels go: what every screen does, and a screen in memory that the web process reads."""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from device.ring import Content, RingReader, RingWriter

Pixels = NDArray[np.uint8]  # (rows, columns, 4): blue, green, red, unused; XRGB8888 as it lies in memory

MAGIC = 0x4D43414D50414E45  # "MCAMPANE"
SLOTS = 3  # one being written, one newest, one for a slow reader

_HEAD = np.dtype([("columns", "<u4"), ("rows", "<u4")])


class Screen(Protocol):
    """Shows finished pixels."""

    @property
    def size(self) -> tuple[int, int]:
        """(columns, rows) of the pictures it shows."""
        ...

    def show(self, pixels: Pixels) -> None:
        """Show a picture of exactly that size; it may be overwritten after this returns."""
        ...

    def light(self, *, on: bool) -> None:
        """Switch the panel's light on or off, as far as it has one."""
        ...

    def close(self) -> None:
        """Leave the screen as it was found. Safe to call twice."""
        ...


class MemoryScreen:
    """A screen in a file that another process maps. Made new, so that readers of an older one notice."""

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        self.size = size
        self._ring = RingWriter(path, MAGIC, SLOTS, _HEAD.itemsize + 4 * size[0] * size[1])
        self._head = np.array([size], _HEAD)

    def show(self, pixels: Pixels) -> None:
        """Lay the pixels into the oldest slot and name it the newest."""
        self._ring.publish([self._head, pixels])

    def light(self, *, on: bool) -> None:
        """Memory has none."""

    def close(self) -> None:
        """Remove the file; readers keep what they mapped and find it stale."""
        self._ring.close()


class MemoryScreenReader:
    """The other process's side.

    Raises:
        NotRunning: there is no screen at that path, or none of ours.
    """

    def __init__(self, path: Path) -> None:
        self._ring = RingReader(path, MAGIC, "No viewfinder runs: start one with mcam run or mcam screen.")

    def stale(self) -> bool:
        """True once the viewfinder ended or made another screen: open a new reader then, and count from 0 again."""
        return self._ring.stale()

    def newest(self, after: int = 0) -> tuple[int, Pixels] | None:
        """The number of the newest picture and a copy of it, or None when nothing came after that number."""
        found = self._ring.newest(after)
        return None if found is None else (found[0], _picture(found[1]))


def _picture(content: Content) -> Pixels:
    head = content[: _HEAD.itemsize].view(_HEAD)[0]
    columns, rows = int(head["columns"]), int(head["rows"])
    return content[_HEAD.itemsize :][: 4 * columns * rows].reshape(rows, columns, 4)
