"""A small file that outlives a restart, replaced whole: after a power cut it holds the last contents or those before.

Writing it durably takes a card tens of milliseconds, for which no dial and no shutter may wait: `StateFile` writes on
a thread of its own, once what changes rests.
"""

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from device.file_calls import pour
from device.system import System

SERVICE = Path("/var/lib/mcam")  # StateDirectory= of the units
REST_S = 1.0  # a dial that is turned passes many values; only the last is worth a write
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_PART = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC


def state_folder(environment: Mapping[str, str]) -> Path:
    """The folder of the unit we are, else the user's own (XDG Base Directory Specification 0.8)."""
    if environment.get("STATE_DIRECTORY"):
        return Path(environment["STATE_DIRECTORY"].split(":")[0])
    base = environment.get("XDG_STATE_HOME", "")
    return (Path(base) if base.startswith("/") else Path("~/.local/state").expanduser()) / "mcam"


def folder_of_the_next_run(environment: Mapping[str, str], service: Path = SERVICE) -> Path:
    """The folder that a camera which does not run now will look into: the installed one's, where there is one."""
    own = state_folder(environment)
    return service if service.is_dir() and not environment.get("STATE_DIRECTORY") else own


def content(path: Path) -> bytes | None:
    """What is in it; None where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def replace(path: Path, data: bytes, system: System = os) -> None:
    """Replace the file durably: when this returns, a power cut does not bring the old contents back.

    Written under another name, synchronised, renamed over the old file, and the folder synchronised: at no instant is
    there half a file of that name, or none where there was one. The folder is made if need be.

    Args:
        path: of the file.
        data: its contents from now on.
        system: module `os`, or what a test puts in its place.

    Raises:
        OSError: it cannot be written; what was there is untouched, unless only the folder could not be synchronised.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = system.open(path.parent, _FOLDER)
        stack.callback(system.close, folder)
        part = f".{path.name}.part"
        file = system.open(part, _PART, 0o644, dir_fd=folder)
        stack.callback(system.close, file)
        pour(system, file, [memoryview(data)] if data else [], 0)
        system.fsync(file)
        system.rename(part, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        system.fsync(folder)


class StateFile:
    """The file of that path, written by a thread of its own.

    Args:
        path: of the file.
        warn: told a sentence when it cannot be written; the camera goes on, and the next change is another try.
        rest_s: how long a change waits for the next one.
    """

    def __init__(self, path: Path, warn: Callable[[str], None], rest_s: float = REST_S) -> None:
        self._path = path
        self._warn = warn
        self._rest_s = rest_s
        self._pending: bytes | None = None
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="state file", daemon=True)
        self._thread.start()

    def content(self) -> bytes | None:
        """What is in it now; None where it cannot be read."""
        return content(self._path)

    def put(self, data: bytes) -> None:
        """Have it written soon; returns at once."""
        with self._lock:
            self._pending = data
        self._changed.set()

    def close(self) -> None:
        """Write what waits, at once, and end the thread. Safe to call twice."""
        self._closing.set()
        self._changed.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._closing.is_set():
            self._changed.wait()
            self._closing.wait(self._rest_s)
            self._changed.clear()
            self._write()
        self._write()

    def _write(self) -> None:
        with self._lock:
            data, self._pending = self._pending, None
        if data is None:
            return
        try:
            replace(self._path, data)
        except OSError as fault:
            with suppress(Exception):  # whoever listens must not end this thread
                self._warn(f"{self._path} cannot be written ({fault.strerror}): what it keeps is lost at the end.")
