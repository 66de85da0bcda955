"""A small file that outlives a restart, replaced whole: after a power cut it holds the last contents or those before.

Writing it durably takes a card tens of milliseconds, for which no dial and no shutter may wait: `StateFile` writes on
a thread of its own, once what changes rests.
"""

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

REST_S = 1.0  # a dial that is turned passes many values; only the last is worth a write


def state_folder(environment: Mapping[str, str]) -> Path:
    """The folder of the unit we are, else the user's own (XDG Base Directory Specification 0.8)."""
    if environment.get("STATE_DIRECTORY"):
        return Path(environment["STATE_DIRECTORY"].split(":")[0])
    base = environment.get("XDG_STATE_HOME", "")
    return (Path(base) if base.startswith("/") else Path("~/.local/state").expanduser()) / "mcam"


def content(path: Path) -> bytes | None:
    """What is in it; None where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def replace(path: Path, data: bytes) -> None:
    """Replace the file durably; its folder is made if need be.

    Raises:
        OSError: it cannot be written; what was there is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


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
                self._warn(f"{self._path} cannot be written ({fault.strerror}): the lens will be forgotten.")
