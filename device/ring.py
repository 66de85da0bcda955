"""A ring of slots in one file that a process writes and others map: always the newest content, and nobody waits.

Each slot begins with a sequence number that is odd while it is being written; a reader copies and then looks whether
the number stood still (a seqlock, as in the Linux kernel's Documentation/locking/seqlock.rst). Python has no memory
barriers, but taking a lock is one on every machine we run on, so `_fence` takes and frees a lock between content and
number. What a slot holds is left to those who write and read it.
"""

import mmap
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from device.errors import NotRunning

VERSION = 5  # of this layout and of what is laid into it
PAGE = 4096

_HEADER = np.dtype([("magic", "<u8"), ("version", "<u4"), ("slots", "<u4"), ("slot_bytes", "<u8"), ("newest", "<u8")])
_SEQUENCE = np.dtype("<u8")  # 2n + 1 while the n-th content is written, 2n + 2 after

Content = NDArray[np.uint8]  # (bytes,) of one slot, aligned to 8
_T = TypeVar("_T")


class RingWriter:
    """The side that writes. Makes the file new, so that readers of an older ring notice (`RingReader.stale`).

    Args:
        path: of the file.
        magic: what is in the slots; another content has another.
        slots: one is being written, one is the newest, each further one gives a slow reader time.
        content_bytes: the most that one holds.
    """

    def __init__(self, path: Path, magic: int, slots: int, content_bytes: int) -> None:
        self._path = path
        self._slots = slots
        self._slot_bytes = -(-(_SEQUENCE.itemsize + content_bytes) // PAGE) * PAGE
        self._barrier = threading.Lock()
        self._map = _create(path, PAGE + slots * self._slot_bytes, (magic, VERSION, slots, self._slot_bytes, 0))
        self._header = np.frombuffer(self._map, _HEADER, 1)

    def publish(self, lay: Callable[[Content], None]) -> None:
        """Have the oldest slot filled and name it the newest."""
        number = int(self._header["newest"][0]) + 1
        sequence, content = _slot(self._map, number % self._slots, self._slot_bytes)
        sequence[0] = 2 * number + 1
        _fence(self._barrier)
        lay(content)
        _fence(self._barrier)
        sequence[0] = 2 * number + 2
        self._header["newest"] = number

    def close(self) -> None:
        """Remove the file; readers keep what they mapped and find it stale."""
        self._path.unlink(missing_ok=True)


class RingReader:
    """A side that reads.

    Args:
        path: of the file.
        magic: as the writer gave it.
        absent: the sentence when there is no such file.

    Raises:
        NotRunning: there is none, or it is no ring of that content and version.
    """

    def __init__(self, path: Path, magic: int, absent: str) -> None:
        self._path = path
        self._barrier = threading.Lock()
        try:
            with path.open("rb") as file:
                self._inode = os.fstat(file.fileno()).st_ino
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:  # ValueError: it is empty
            raise NotRunning(absent) from error
        self._header = np.frombuffer(self._map, _HEADER, 1) if len(self._map) >= PAGE else np.zeros(1, _HEADER)
        if (int(self._header["magic"][0]), int(self._header["version"][0])) != (magic, VERSION):
            raise NotRunning(f"{path} was not made by this version of mcam: restart mcam.")

    def stale(self) -> bool:
        """True once the writer ended or made another ring: open a new reader then, and count from 0 again."""
        try:
            return self._path.stat().st_ino != self._inode
        except OSError:
            return True

    def newest(self, copy: Callable[[Content], _T], after: int = 0) -> tuple[int, _T] | None:
        """The newest content.

        Args:
            copy: takes it out of the slot; what it gives is thrown away when the slot was overwritten meanwhile.
            after: number of one that is not wanted again; 0 when none was seen yet.

        Returns:
            Its number, from 1, and the copy; None when there is none after that.
        """
        for _ in range(int(self._header["slots"][0])):
            number = int(self._header["newest"][0])
            if number in (0, after):
                return None
            copied = self._copied(number, copy)
            if copied is not None:
                return number, copied
        return None  # overtaken again and again: the next call will see a newer one

    def _copied(self, number: int, copy: Callable[[Content], _T]) -> _T | None:
        slots, slot_bytes = int(self._header["slots"][0]), int(self._header["slot_bytes"][0])
        sequence, content = _slot(self._map, number % slots, slot_bytes)
        if int(sequence[0]) != 2 * number + 2:
            return None
        _fence(self._barrier)
        copied = copy(content)
        _fence(self._barrier)
        return copied if int(sequence[0]) == 2 * number + 2 else None


def _create(path: Path, size: int, header: tuple[int, ...]) -> mmap.mmap:
    """A new file, renamed into place once its header is there, so that no reader maps it before."""
    temporary = path.with_suffix(".new")
    with temporary.open("w+b") as file:
        file.truncate(size)
        mapped = mmap.mmap(file.fileno(), size)
    np.frombuffer(mapped, _HEADER, 1)[0] = header
    temporary.rename(path)
    return mapped


def _slot(mapped: mmap.mmap, index: int, slot_bytes: int) -> tuple[NDArray[np.uint64], Content]:
    start = PAGE + index * slot_bytes
    content = np.frombuffer(mapped, np.uint8, slot_bytes - _SEQUENCE.itemsize, start + _SEQUENCE.itemsize)
    return np.frombuffer(mapped, _SEQUENCE, 1, start), content


def _fence(barrier: threading.Lock) -> None:
    with barrier:
        pass
