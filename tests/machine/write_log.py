"""What QEMU's blklogwrites filter wrote: every write to a disk, in order, with its flushes.

The format is that of the kernel's dm-log-writes (Documentation/admin-guide/device-mapper/log-writes.rst and
drivers/md/dm-log-writes.c): a super block, then for each request a head and, unless it was discarded, its data, all in
units of the log's sectors.
"""

import random
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SECTOR_BYTES = 512
_SUPER = struct.Struct("<QQQI")
_HEAD = struct.Struct("<QQQQ")
_MAGIC = 0x6A736677736872
_FLUSH, _FUA, _DISCARD = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Write:
    """One request to the disk.

    Attributes:
        at: byte on the disk.
        data: what was written; b"" of a flush.
        is_flush: all before it is safe once this is done.
        is_safe: it is itself safe once done (forced unit access).
        log_end: where its record in the log ends.
    """

    at: int
    data: bytes
    is_flush: bool
    is_safe: bool
    log_end: int


def read_log(path: Path) -> list[Write]:
    """All requests, oldest first."""
    log = path.read_bytes()
    magic, _, _, sector_bytes = _SUPER.unpack_from(log)
    assert (magic, sector_bytes) == (_MAGIC, SECTOR_BYTES)
    return list(_requests(log))


def _requests(log: bytes) -> Iterator[Write]:
    offset = SECTOR_BYTES
    while offset + SECTOR_BYTES <= len(log):
        sector, sectors, flags, _ = _HEAD.unpack_from(log, offset)
        if not sectors and not flags:
            return
        start = offset + SECTOR_BYTES
        size = sectors * SECTOR_BYTES
        data = bytes(size) if flags & _DISCARD else log[start : start + size]
        offset = start if flags & _DISCARD else start + size
        if offset > len(log):
            return  # the cut came within this record
        yield Write(sector * SECTOR_BYTES, data, bool(flags & _FLUSH), bool(flags & _FUA), offset)


class Replay:
    """A disk as it was before the log, brought forward write by write.

    Args:
        image: changed in place.
        writes: the log's.
    """

    def __init__(self, image: Path, writes: Sequence[Write]) -> None:
        self._image = image
        self._writes = writes
        self._done = 0

    def go_to(self, count: int) -> None:
        """As if power had been cut after so many writes, all of which reached the disk."""
        with self._image.open("r+b") as disk:
            for write in self._writes[self._done : count]:
                disk.seek(write.at)
                disk.write(write.data)
        self._done = count


def without_some(writes: Sequence[Write], count: int, rng: random.Random) -> list[Write]:
    """The first writes so many, as a disk with a cache may have kept them: since the last flush any may be missing."""
    flushes = [index for index, write in enumerate(writes[:count]) if write.is_flush]
    safe = flushes[-1] + 1 if flushes else 0
    return [*writes[:safe], *(write for write in writes[safe:count] if write.is_safe or rng.random() < 0.5)]
