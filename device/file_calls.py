"""What is done with one open file, by the calls of `system`. All raise the OSError of the call that failed."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from device.buffers import HEAD_BYTES, split
from device.system import System

VECTORS_MAX = 1024  # Linux's IOV_MAX
UNSUPPORTED = {errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EPERM}  # EPERM: FAT's answer to link(2)


def allocate(system: System, file: int, size: int) -> None:
    """Take the room of an open file; where the file system cannot, a full card fails later, in writing."""
    try:
        system.posix_fallocate(file, 0, size)
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise


def pour(system: System, file: int, views: list[memoryview], offset: int) -> None:
    """Write all of the views into an open file, from that offset on."""
    while views:
        written = system.pwritev(file, views[:VECTORS_MAX], offset)
        if not written:  # rather than try for ever
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        _, views = split(views, written)
        offset += written


def fill(system: System, file: int, views: list[memoryview]) -> None:
    """Write a file that is new, durably, and its beginning last: until then it is no picture."""
    allocate(system, file, sum(map(len, views)))
    head, body = split(views, HEAD_BYTES)
    pour(system, file, body, HEAD_BYTES)
    system.fsync(file)
    pour(system, file, head, 0)
    system.fdatasync(file)


@contextmanager
def closing(system: System, fd: int) -> Iterator[int]:
    """A descriptor that is closed at the end."""
    try:
        yield fd
    finally:
        with suppress(OSError):  # what matters was synchronised, and said if it could not be
            system.close(fd)
