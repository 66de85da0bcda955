"""The runtime folder: where daemon, viewfinder and page find each other. One daemon to a folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from device.errors import AlreadyRunning, BadValue, McamError

SOCKET = "mcam.sock"  # the daemon listens here
RING = "preview"  # its frames and readings
PANEL = "panel"  # what the viewfinder drew
LOCK = "mcam.lock"
LAST_WORDS = "last-words"  # what ended the daemon, until it runs again
SERVICE = Path("/run/mcam")  # RuntimeDirectory= of the units
SOCKET_PATH_MAX = 107  # bytes, sun_path of unix(7) less its NUL


def default_folder(environment: dict[str, str], service: Path = SERVICE) -> Path:
    """That of the unit we are or that runs on this machine, else the session's, else one below the temporary folder."""
    if environment.get("RUNTIME_DIRECTORY"):
        return Path(environment["RUNTIME_DIRECTORY"].split(":")[0])
    if os.path.exists(service / SOCKET):  # noqa: PTH110 - False, and no error, where we may not look into the folder
        return service
    if environment.get("XDG_RUNTIME_DIR"):
        return Path(environment["XDG_RUNTIME_DIR"]) / "mcam"
    from tempfile import gettempdir  # noqa: PLC0415 - with 0.8 MB of what it needs, and mostly not needed

    return Path(gettempdir()) / f"mcam-{os.getuid()}"


def prepare(folder: Path) -> Path:
    """Make the folder if it is not there.

    Raises:
        BadValue: it cannot be made, or its name is too long for a socket.
    """
    if len(os.fsencode(folder / SOCKET)) > SOCKET_PATH_MAX:
        raise BadValue(f"The runtime folder's name is too long for a socket: choose a shorter one than {folder}.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadValue(f"Cannot make the runtime folder {folder} ({error.strerror}): choose another.") from error
    return folder


def claim(folder: Path) -> IO[bytes]:
    """The folder's lock, held as long as the file is open; the kernel frees it when a process dies.

    Raises:
        AlreadyRunning: another daemon holds it.
    """
    lock = (folder / LOCK).open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise AlreadyRunning(f"A camera already runs at {folder}: stop it, or give another --runtime.") from error
    return lock


@contextmanager
def last_words(folder: Path) -> Iterator[None]:
    """Leave the sentence that ends the daemon for who looks later, as `mcam doctor` does."""
    try:
        yield
    except McamError as error:
        with suppress(OSError):  # the sentence goes to the journal in any case
            (folder / LAST_WORDS).write_text(f"{error}\n")
        raise
