"""Module `os` with a fault built in: one call in a sequence fails, or the power goes at it."""

import errno
import os
from collections.abc import Callable
from typing import Any


class PowerCut(BaseException):
    """The machine is off: no clean-up runs, because no call does anything any more."""


class FailingSystem:
    """Passes calls on to `os` and counts them; the `at`-th raises `fault`, a PowerCut all that follow, too.

    Attributes:
        calls: names of the calls made.
        refused: error numbers by call name, for a file system that cannot do that at all.
        before: called with each call's name before it is made.
    """

    def __init__(self, at: int | None = None, fault: BaseException | None = None) -> None:
        self.calls: list[str] = []
        self.refused: dict[str, int] = {}
        self.before: Callable[[str], object] = lambda _: None
        self._at = at
        self._fault = fault
        self._is_off = False

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)

        def call(*args: Any, **options: Any) -> Any:
            if self._is_off:
                if name == "close":  # the test's own process goes on and must not run out of descriptors
                    real(*args)
                raise PowerCut
            self.before(name)
            self.calls.append(name)
            if len(self.calls) - 1 == self._at and self._fault is not None:
                self._is_off = isinstance(self._fault, PowerCut)
                if name == "close":
                    real(*args)
                raise self._fault
            if name in self.refused:
                raise OSError(self.refused[name], os.strerror(self.refused[name]))
            return real(*args, **options)

        return call


class Filling(FailingSystem):
    """A card with room for so many bytes, which shows only when they are written."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.refused["posix_fallocate"] = errno.EOPNOTSUPP
        self.room = room

    def pwritev(self, file: int, views: list[memoryview], offset: int) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = os.pwrite(file, b"".join(views)[: self.room], offset)
        self.room -= written
        return written


class CaseInsensitive(FailingSystem):
    """A file system like FAT: no links, names are found in any case of letters, and renaming overwrites."""

    def __init__(self) -> None:
        super().__init__()
        self.refused["link"] = errno.EPERM

    def __getattr__(self, name: str) -> Any:
        call = super().__getattr__(name)

        def found(path: Any, *args: Any, **options: Any) -> Any:
            if name == "rename":
                args = (_as_spelt(args[0], options["dst_dir_fd"]), *args[1:])
            return call(_as_spelt(path, options.get("dir_fd", options.get("src_dir_fd"))), *args, **options)

        return found if name in {"open", "stat", "mkdir", "rename", "unlink"} else call


def _as_spelt(name: str | os.PathLike[str], folder: int | None) -> str | os.PathLike[str]:
    if folder is None:
        return name
    entries = os.listdir(folder)  # noqa: PTH208 - of a descriptor
    return next((entry for entry in entries if entry.upper() == str(name).upper()), name)


def without_links() -> FailingSystem:
    """A file system like FAT."""
    system = FailingSystem()
    system.refused["link"] = errno.EPERM
    return system
