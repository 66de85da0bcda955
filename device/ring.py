"""A ring of slots in one file that a process writes and others read: always the newest content, and nobody waits.

Each slot has a sequence number that is odd while it is being written; a reader copies and then looks whether the number
stood still (a seqlock, as in the Linux kernel's Documentation/locking/seqlock.rst). Python has no memory barriers, but
taking a lock is one on every machine we run on, so `_fence` takes and frees a lock between content and number. What a
slot holds is left to those who write and read it.

Only the numbers, all on the file's first page, are mapped, so that each is one load or store. The content goes by read
and write: megabytes that would else be counted once more for every process that maps them, and a write that finds no
room is an error where a store into a mapping ends the process.
"""

import mmap
import os
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.errors import NotRunning, RuntimeFolderFull

VERSION = 8  # of this layout and of what is laid into it
PAGE = 4096

_HEADER = np.dtype([("magic", "<u8"), ("version", "<u4"), ("slots", "<u4"), ("slot_bytes", "<u8"), ("newest", "<u8")])
# Of each slot, behind the header: 2n + 1 while the n-th content is written, 2n + 2 after; and how long that is.
_SLOT = np.dtype([("sequence", "<u8"), ("bytes", "<u8")])

Content = NDArray[np.uint8]  # (bytes,), aligned to 8


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
        self._room = content_bytes
        self._slot_bytes = -(-content_bytes // PAGE) * PAGE
        self._barrier = threading.Lock()
        self._file, numbers = _create(
            path, PAGE + slots * self._slot_bytes, (magic, VERSION, slots, self._slot_bytes, 0)
        )
        weakref.finalize(self, os.close, self._file)
        self._header, self._slots = _views(numbers)

    def publish(self, parts: Sequence[NDArray[Any]]) -> None:
        """Lay these arrays one behind the other into the oldest slot and name it the newest.

        Raises:
            ValueError: they are larger than the ring was made for.
            RuntimeFolderFull: there is no room left where the file is.
        """
        parts = [np.ascontiguousarray(part) for part in parts]
        size = sum(part.nbytes for part in parts)
        if size > self._room:
            raise ValueError("the content is larger than the ring was made for")
        number = int(self._header["newest"]) + 1
        index = number % len(self._slots)
        self._slots["sequence"][index] = 2 * number + 1
        _fence(self._barrier)
        self._write(parts, size, index)
        self._slots["bytes"][index] = size
        _fence(self._barrier)
        self._slots["sequence"][index] = 2 * number + 2
        self._header["newest"] = number

    def close(self) -> None:
        """Remove the file; readers keep what they opened and find it stale."""
        self._path.unlink(missing_ok=True)

    def _write(self, parts: Sequence[NDArray[Any]], size: int, index: int) -> None:
        try:
            written = os.pwritev(self._file, [part.data for part in parts], PAGE + index * self._slot_bytes)
        except OSError:
            written = 0
        if written < size:
            raise RuntimeFolderFull(f"There is no room in {self._path.parent}: make some, or give another --runtime.")


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
            self._file = os.open(path, os.O_RDONLY)
            weakref.finalize(self, os.close, self._file)
        except OSError as error:
            raise NotRunning(absent) from error
        found = os.fstat(self._file)
        if not found.st_size:
            raise NotRunning(absent)
        self._inode = found.st_ino
        self._header, self._slots = _views(_numbers(self._file) if found.st_size >= PAGE else bytes(PAGE))
        if (int(self._header["magic"]), int(self._header["version"])) != (magic, VERSION):
            raise NotRunning(f"{path} was not made by this version of mcam: restart mcam.")

    def stale(self) -> bool:
        """True once the writer ended or made another ring: open a new reader then, and count from 0 again."""
        try:
            return self._path.stat().st_ino != self._inode
        except OSError:
            return True

    def newest(self, after: int = 0) -> tuple[int, Content] | None:
        """The newest content.

        Args:
            after: number of one that is not wanted again; 0 when none was seen yet.

        Returns:
            Its number, from 1, and a copy that is the caller's; None when there is none after that.
        """
        for _ in range(len(self._slots)):
            number = int(self._header["newest"])
            if number in (0, after):
                return None
            copied = self._copied(number)
            if copied is not None:
                return number, copied
        return None  # overtaken again and again: the next call will see a newer one

    def _copied(self, number: int) -> Content | None:
        """None when it is not whole, or no longer."""
        index = number % len(self._slots)
        if int(self._slots["sequence"][index]) != 2 * number + 2:
            return None
        _fence(self._barrier)
        content = np.empty(int(self._slots["bytes"][index]), np.uint8)
        read = os.preadv(self._file, [content.data], PAGE + index * int(self._header["slot_bytes"]))
        _fence(self._barrier)
        whole = read == content.size and int(self._slots["sequence"][index]) == 2 * number + 2
        return content if whole else None


def _create(path: Path, size: int, header: tuple[int, ...]) -> tuple[int, mmap.mmap]:
    """A new file, renamed into place once its header is there, so that no reader opens it before."""
    temporary = path.with_suffix(".new")
    file = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o666)
    os.truncate(file, size)
    numbers = mmap.mmap(file, PAGE)
    np.frombuffer(numbers, _HEADER, 1)[0] = header
    temporary.rename(path)
    return file, numbers


def _numbers(file: int) -> mmap.mmap:
    return mmap.mmap(file, PAGE, access=mmap.ACCESS_READ)


def _views(numbers: mmap.mmap | bytes) -> tuple[NDArray[np.void], NDArray[np.void]]:
    """The header, and the slots that it tells of."""
    header = np.frombuffer(numbers, _HEADER, 1).reshape(())
    room = (PAGE - _HEADER.itemsize) // _SLOT.itemsize
    return header, np.frombuffer(numbers, _SLOT, min(int(header["slots"]), room), _HEADER.itemsize)


def _fence(barrier: threading.Lock) -> None:
    with barrier:
        pass
