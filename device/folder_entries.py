"""The entries of an open folder: given without overwriting another's, taken back, made durable.

All by the calls of `system` and the folder's descriptor; all raise the OSError of the call that failed.
"""

import errno
import os
from collections.abc import Sequence
from contextlib import suppress

from device.file_calls import UNSUPPORTED
from device.system import System


def make_folder(system: System, folder: int, name: str) -> None:
    """A folder of that name in this one, durably, unless there is one."""
    try:
        system.mkdir(name, dir_fd=folder)
    except FileExistsError:
        return
    try:
        system.fsync(folder)
    except Exception:
        with suppress(OSError):
            system.rmdir(name, dir_fd=folder)
        raise


def give_name(system: System, folder: int, part: str, name: str, ours: list[str]) -> None:
    """Link, then unlink: where a rename would overwrite, a link fails. `ours` gets the name as soon as it is given.

    Raises:
        FileExistsError: the name is taken.
    """
    try:
        system.link(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise
        _rename(system, folder, part, name, ours)
    else:
        ours.append(name)
        system.unlink(part, dir_fd=folder)


def settle_entry(system: System, folder: int, file: int) -> None:
    """Make durable how an open file is called."""
    system.fsync(file)  # FAT keeps a file's size and place beside its name, so they were written anew
    system.fsync(folder)


def undo(system: System, folder: int, names: Sequence[str]) -> None:
    """Remove those that are there."""
    for name in names:
        with suppress(OSError):
            system.unlink(name, dir_fd=folder)


def is_named(system: System, folder: int, file: int, name: str) -> bool:
    """Whether an open file has that name, beside others perhaps."""
    with suppress(FileNotFoundError):
        return os.path.samestat(system.stat(name, dir_fd=folder), system.fstat(file))
    return False


def _rename(system: System, folder: int, part: str, name: str, ours: list[str]) -> None:
    """For file systems without links (FAT, exFAT): safe as long as nobody else writes to the card."""
    if name.upper() in map(str.upper, system.listdir(folder)):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)
    system.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
    ours.append(name)
