"""A folder held open, into which files come whole or not at all.

Everything goes through one descriptor of the folder: a card that is pulled out in the middle cannot turn what follows
into writes to the disk that its mount point lies on.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Self

from device.album import part_name
from device.buffers import Bytes, bytewise, split
from device.file_calls import allocate, closing, fill, pour
from device.folder_entries import give_name, is_named, make_folder, settle_entry, undo
from device.system import System

READ_BYTES = 1 << 20

_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe that bears a photograph's name holds nobody up
_FOLDER = _READ | os.O_DIRECTORY
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_WRITABLE = (0o200, 0o220, 0o222)  # what may be had: FAT takes just the bits that its mount gives to every file


class Folder:
    """A folder held open. Every method raises the OSError of the call that failed.

    Args:
        system: module `os`, or what a test puts in its place.
        fd: the folder's descriptor; the one who opened it closes it.
    """

    def __init__(self, system: System, fd: int) -> None:
        self._system = system
        self._fd = fd

    @classmethod
    @contextmanager
    def opened(cls, system: System, path: Path) -> Iterator[Self]:
        """The folder of that path."""
        with closing(system, system.open(path, _FOLDER)) as fd:
            yield cls(system, fd)

    @contextmanager
    def inner(self, name: str, *, make: bool = False) -> Iterator["Folder"]:
        """The folder of that name in this one, made durably if need be."""
        if make:
            make_folder(self._system, self._fd, name)
        with closing(self._system, self._system.open(name, _FOLDER, dir_fd=self._fd)) as fd:
            yield Folder(self._system, fd)

    def names(self) -> list[str]:
        """What is in it."""
        return self._system.listdir(self._fd)

    def free_bytes(self) -> int:
        """Room on its file system for what is not the administrator's.

        Raises:
            OSError: EROFS when it cannot be written.
        """
        space = self._system.fstatvfs(self._fd)
        if space.f_flag & os.ST_RDONLY or not self._system.access(".", os.W_OK, dir_fd=self._fd):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return space.f_bavail * space.f_frsize

    def write(self, name: str, buffers: Sequence[Bytes]) -> None:
        """Put a new file into it, durably: when this returns, a power cut does not take it away.

        Under a temporary name the file's room is taken first, so that a full card fails early. All but the first bytes
        are written and made durable, then those: a file without its beginning is no picture, so that a half one never
        passes for whole. Then it gets its name, unless that is taken, and the name is made durable. When a step fails
        all of it is undone.

        Raises:
            FileExistsError: the name is taken, or another unfinished file has the temporary one.
        """
        views = bytewise(buffers)
        part = part_name(name)
        ours = [part]
        with closing(self._system, self._system.open(part, _NEW, 0o644, dir_fd=self._fd)) as file:
            try:
                fill(self._system, file, views)
                give_name(self._system, self._fd, part, name, ours)
                settle_entry(self._system, self._fd, file)
            except Exception:
                undo(self._system, self._fd, ours)
                raise

    def replace(self, name: str, buffers: Sequence[Bytes]) -> None:
        """Put a file into it, in place of the one of that name if there is one: a power cut leaves either, whole."""
        part = part_name(name)
        with suppress(FileNotFoundError):
            self.remove(part)  # a power cut's
        with closing(self._system, self._system.open(part, _NEW, 0o644, dir_fd=self._fd)) as file:
            try:
                fill(self._system, file, bytewise(buffers))
                self._system.rename(part, name, src_dir_fd=self._fd, dst_dir_fd=self._fd)
                settle_entry(self._system, self._fd, file)
            except Exception:
                undo(self._system, self._fd, [part])
                raise

    def lay(self, name: str, buffers: Sequence[Bytes]) -> None:
        """Put a new file into it under its temporary name, in memory for now: `settle` makes it durable and names it.

        Raises:
            FileExistsError: another unfinished file has the temporary name.
        """
        views, part = bytewise(buffers), part_name(name)
        with closing(self._system, self._system.open(part, _NEW, 0o644, dir_fd=self._fd)) as file:
            try:
                allocate(self._system, file, sum(map(len, views)))
                pour(self._system, file, views, 0)
            except Exception:
                undo(self._system, self._fd, [part])
                raise

    def settle(self, names: Sequence[str]) -> None:
        """Make files that were laid durable and give them their names: together this costs little more than for one.

        All are durable before the first is named, so that a file with a name is a whole one.

        Raises:
            FileExistsError: a name is taken; those before it are named.
        """
        with ExitStack() as stack:
            files = [stack.enter_context(self._reading(part_name(name))) for name in names]
            for file in files:
                self._system.fsync(file)
            for name in names:
                give_name(self._system, self._fd, part_name(name), name, [])
            for file in files:
                self._system.fsync(file)  # as in settle_entry
            self._system.fsync(self._fd)

    def finish(self, name: str) -> None:
        """Give a whole file that still has its temporary name the final one, durably.

        Raises:
            FileExistsError: the name is taken.
        """
        self.move(part_name(name), name)

    def move(self, name: str, to: str) -> None:
        """Give a file another name, durably.

        Raises:
            FileExistsError: that name is taken.
        """
        with self._reading(name) as file:
            self._system.fsync(file)
            if not is_named(self._system, self._fd, file, to):
                give_name(self._system, self._fd, name, to, [])
            else:  # the power went between the link and the removal of the first name
                self._system.unlink(name, dir_fd=self._fd)
            settle_entry(self._system, self._fd, file)

    def is_protected(self, name: str) -> bool:
        """Whether nobody may write to a file: what FAT calls read-only."""
        return not self._system.stat(name, dir_fd=self._fd).st_mode & 0o222

    def protect(self, name: str, *, on: bool) -> None:
        """Let nobody write to a file, or its owner again, durably."""
        with self._reading(name) as file:
            mode = self._system.fstat(file).st_mode & 0o7555
            for bits in (0,) if on else _WRITABLE:
                try:
                    self._system.fchmod(file, mode | bits)
                    break
                except PermissionError:
                    if bits in (0, _WRITABLE[-1]):
                        raise
            settle_entry(self._system, self._fd, file)

    def remove(self, name: str) -> None:
        """Remove a file."""
        self._system.unlink(name, dir_fd=self._fd)

    def content(self, name: str, bytes_max: int | None = None) -> bytearray:
        """All of a file, or not much more than that of it."""
        return bytearray().join(islice(self._blocks(name), None if bytes_max is None else bytes_max // READ_BYTES + 1))

    def holds(self, name: str, buffers: Sequence[Bytes]) -> bool:
        """Whether there is a file of that name that consists of exactly these."""
        views = bytewise(buffers)
        try:
            for block in self._blocks(name):
                start, views = split(views, len(block))
                if b"".join(start) != block:
                    return False
        except FileNotFoundError:
            return False
        return not views

    def _reading(self, name: str) -> AbstractContextManager[int]:
        return closing(self._system, self._system.open(name, _READ, dir_fd=self._fd))

    def _blocks(self, name: str) -> Iterator[bytes]:
        with self._reading(name) as file:
            while block := self._system.read(file, READ_BYTES):
                yield block
