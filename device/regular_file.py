"""Opening what should be a file, and is one: of a pipe, a terminal or a socket somebody would wait for ever."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

NONE = "it is a folder, a pipe or a device, and no file"


def opened(path: Path) -> BufferedReader:
    """A file to be read; to be used with `with`.

    It is looked at before it is opened, as some devices do something when they are; and opened so that a pipe which
    came in its place meanwhile does not wait for a writer either.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, NONE, str(path))
    return open(path, "rb", opener=_at_once)


def _at_once(path: str, flags: int) -> int:
    """For `open`: where this is a folder meanwhile, it closes what its opener made, but not what it is given."""
    return os.open(path, flags | os.O_NONBLOCK)
