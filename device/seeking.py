"""A file on the card of which only the parts that are asked for are read."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from device import regular_file

HEAD_BYTES = 64 << 10  # read at once: a DNG of ours has its directories there


class SeekedFile:
    """A file as a `tiff.Parts`; to be used with `with`.

    Not mapped: reading a mapped file of a card that was pulled out ends the process.

    Raises:
        OSError: it cannot be opened, and later, read.
    """

    def __init__(self, path: Path) -> None:
        self._file = regular_file.opened(path)
        self._length = os.fstat(self._file.fileno()).st_size
        self._head: bytes | None = None

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self._length)
        if stop <= HEAD_BYTES:
            if self._head is None:
                self._head = os.pread(self._file.fileno(), HEAD_BYTES, 0)
            return self._head[start:stop]
        return os.pread(self._file.fileno(), max(0, stop - start), start)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._file.close()
