"""The card: is it there, is there room, what a power cut left on it, and every fault of it in one sentence."""

import errno
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePath
from typing import Literal

from device.album import DCIM, Name, final_name
from device.buffers import Bytes, has_beginning
from device.errors import CardFull, CardMissing, CardReadOnly, McamError
from device.folder import Folder
from device.system import System
from device.written_path import followed

RESERVE_BYTES = 16 << 20  # promised to no photograph: what a file system needs for its folders and tables

CardState = Literal["ok", "full", "missing", "read-only"]
CardFault = CardFull | CardMissing | CardReadOnly

FULL = "The card is full: make room on it or put in another."

_FULL = {errno.ENOSPC, errno.EDQUOT}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_ABSENT = {errno.ENOENT, errno.ENODEV, errno.ENAMETOOLONG, errno.ELOOP}


class Card:
    """The folder that pictures go to, on a memory card or not.

    A folder that is missing at the start is made if its parent is there, and never again after that: a folder that
    vanishes is a card pulled out. A folder that was on a mount of its own at the start is the card only while that
    mount is there: what lies below an empty mount point is another file system, and no picture is hidden there.
    Calls from several threads come one after the other.

    Args:
        folder: where DCIM is or will be.
        reserve_bytes: promised to no photograph.
        system: module `os`, or what a test puts in its place.
    """

    def __init__(self, folder: Path, reserve_bytes: int = RESERVE_BYTES, system: System = os) -> None:
        self.folder = followed(folder)
        self._reserve_bytes = reserve_bytes
        self._system = system
        self._lock = threading.RLock()
        with suppress(OSError):  # what is wrong, `room_bytes` says
            self.folder.mkdir()
        self._mount = next(place for place in (self.folder, *self.folder.parents) if os.path.ismount(place))

    def room_bytes(self) -> int:
        """Bytes that photographs can still have; 0 when only the reserve is left.

        Raises:
            CardMissing: it is not there or does not answer.
            CardReadOnly: nothing can be written to it.
        """
        with self.in_a_sentence(), self.opened() as root:
            return max(0, root.free_bytes() - self._reserve_bytes)

    def write(self, path: str, buffers: Sequence[Bytes]) -> None:
        """Put a file on the card, durably: when this returns, a power cut does not take it away.

        Args:
            path: below the card's folder, "DCIM/100MCAM_/MCAM0001.DNG"; folders are made as needed.
            buffers: what the file consists of.

        Raises:
            FileExistsError: the name is taken; what has it is untouched.
            CardFull, CardMissing, CardReadOnly: nothing is left of the attempt, as far as the card still answers.
        """
        *folders, name = path.split("/")
        with self.in_a_sentence(), self.opened(*folders, make=True) as folder:
            folder.write(name, buffers)

    def holds(self, path: str, buffers: Sequence[Bytes]) -> bool:
        """Whether the file of that path is on the card and consists of exactly these.

        Raises:
            CardMissing, CardReadOnly: it cannot be read.
        """
        *folders, name = path.split("/")
        with self.in_a_sentence(), suppress(FileNotFoundError), self.opened(*folders) as folder:
            return folder.holds(name, buffers)
        return False

    def content(self, path: str, bytes_max: int | None = None) -> bytearray:
        """All of a file, or not much more than that of it.

        Raises:
            CardMissing, CardReadOnly: it cannot be read.
        """
        *folders, name = path.split("/")
        with self.in_a_sentence(), self.opened(*folders) as folder:
            return folder.content(name, bytes_max)

    def replace(self, path: str, buffers: Sequence[Bytes]) -> None:
        """Put a file on the card, durably, in place of the one of that path, if there is one.

        Raises:
            CardFull, CardMissing, CardReadOnly: what was there still is.
        """
        *folders, name = path.split("/")
        with self.in_a_sentence(), self.opened(*folders) as folder:
            folder.replace(name, buffers)

    def move(self, path: str, name: str) -> None:
        """Give a file another name in its folder, durably.

        Raises:
            FileExistsError: the name is taken.
            CardMissing, CardReadOnly: the file, or the card, is not there or cannot be written.
        """
        *folders, old = path.split("/")
        with self.in_a_sentence(), self.opened(*folders) as folder:
            folder.move(old, name)

    def remove(self, path: str) -> None:
        """Remove a file. Raises CardMissing and CardReadOnly."""
        *folders, name = path.split("/")
        with self.in_a_sentence(), self.opened(*folders) as folder:
            folder.remove(name)

    def is_protected(self, path: str) -> bool:
        """Whether the file's read-only attribute is set. Raises CardMissing and CardReadOnly."""
        *folders, name = path.split("/")
        with self.in_a_sentence(), self.opened(*folders) as folder:
            return folder.is_protected(name)

    def protect(self, path: str, *, on: bool) -> None:
        """Set or clear a file's read-only attribute, durably. Raises CardMissing and CardReadOnly."""
        *folders, name = path.split("/")
        with self.in_a_sentence(), self.opened(*folders) as folder:
            folder.protect(name, on=on)

    def names(self, *folders: str) -> list[str]:
        """What is in a folder, in order; nothing where there is none.

        Raises:
            CardMissing, CardReadOnly: it cannot be read.
        """
        with self.in_a_sentence():
            return self._names(*folders)

    def adopt_leftovers(self, is_whole: Callable[[memoryview], bool], next_name: Callable[[], Name]) -> list[str]:
        """Give what a power cut left unfinished its name if it is whole, and remove it if not.

        Args:
            is_whole: whether these bytes are a complete picture.
            next_name: a free name, for one whose own was taken meanwhile.

        Returns:
            The paths below DCIM of those that were whole.

        Raises:
            CardFull, CardMissing, CardReadOnly: those not yet judged are left as they are.
        """
        self.room_bytes()  # says what is wrong with the card, which an empty list would not
        adopted: list[str] = []
        with self.in_a_sentence():
            for folder in self._names(DCIM):
                for part in filter(final_name, self._names(DCIM, folder)):
                    adopted += self._judge(folder, part, is_whole, next_name)
        return adopted

    def _judge(
        self, folder: str, part: str, is_whole: Callable[[memoryview], bool], next_name: Callable[[], Name]
    ) -> list[str]:
        """Adopt or remove one leftover; the path below DCIM of an adopted one. What cannot be read stays as it is."""
        with self.opened(DCIM, folder) as place:
            try:
                content = place.content(part)
            except OSError:
                return []
            if has_beginning(content) and is_whole(memoryview(content)):
                return [self._adopt(place, folder, part, content, next_name)]
            place.remove(part)
            return []

    def _adopt(self, place: Folder, folder: str, part: str, content: bytearray, next_name: Callable[[], Name]) -> str:
        name = final_name(part) or part
        try:
            place.finish(name)
        except FileExistsError:
            other = f"{next_name()}{PurePath(name).suffix}"
            self.write(f"{DCIM}/{other}", [content])
            place.remove(part)
            return other
        return f"{folder}/{name}"

    def _names(self, *folders: str) -> list[str]:
        """What is in a folder; nothing where there is none."""
        with suppress(FileNotFoundError, NotADirectoryError), self.opened(*folders) as folder:
            return sorted(folder.names())
        return []

    @contextmanager
    def opened(self, *folders: str, make: bool = False) -> Iterator[Folder]:
        """A folder on the card, made if need be; raises what the system says: see `in_a_sentence`."""
        with ExitStack() as stack:
            folder = stack.enter_context(Folder.opened(self._system, self.folder))
            if not self._mount.is_mount():
                raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
            for name in folders:
                folder = stack.enter_context(folder.inner(name, make=make))
            yield folder

    @contextmanager
    def in_a_sentence(self) -> Iterator[None]:
        """One call at a time; what the system says becomes what the person can do."""
        with self._lock:
            try:
                yield
            except (McamError, FileExistsError):
                raise
            except OSError as error:
                raise self._fault(error) from error

    def _fault(self, error: OSError) -> CardFault:
        if error.errno in _FULL:
            return CardFull(FULL)
        if error.errno in _READ_ONLY:
            return CardReadOnly(f"The card at {self.folder} cannot be written: open its lock, or let mcam write there.")
        if error.errno in _ABSENT:
            return CardMissing(f"No card at {self.folder}: put it in, or set card.folder to a folder that is there.")
        if error.errno == errno.ENOTDIR:
            return CardMissing(f"{self.folder}, or DCIM in it, is not a folder: remove that file or set card.folder.")
        return CardMissing(f"The card does not answer ({error.strerror}): take it out and put it in again.")
