"""The last photograph, small, to be laid over the picture: read from the card by a thread of its own."""

import contextlib
import struct
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import numpy as np
from PIL import Image

from ui.screen import Pixels

Wanted = tuple[str, str, tuple[int, int]]
Ghosts = Callable[[str, str, tuple[int, int]], Pixels | None]

_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    struct.error,
    Image.DecompressionBombError,
)


def no_ghosts(folder: str, name: str, size: tuple[int, int]) -> Pixels | None:  # noqa: ARG001 - as of `Ghost.of`
    """For a viewfinder without a card."""
    return None


class Ghost:
    """Keeps one photograph; a new one, or another size, is read while the old picture is still shown without.

    The thread is a daemon's, which Python does not wait for at its end: a card that hangs does not hold that up.
    """

    def __init__(self) -> None:
        self._wanted: Wanted | None = None
        self._found: Future[Pixels | None] = Future()
        self._found.set_result(None)

    def of(self, folder: str, name: str, size: tuple[int, int]) -> Pixels | None:
        """The photograph of that name on the card, as large as (columns, rows). Never waits.

        None until it is read, when there is none, and when it cannot be read. One is read at a time: what is asked for
        meanwhile has to be asked for again, as for each panel it is.
        """
        wanted = (folder, name, size)
        if wanted != self._wanted and self._found.done():
            self._wanted, self._found = wanted, Future()
            threading.Thread(target=_read, args=(self._found, *wanted), name="ghost", daemon=True).start()
        return self._found.result() if wanted == self._wanted and self._found.done() else None


def _read(found: "Future[Pixels | None]", folder: str, name: str, size: tuple[int, int]) -> None:
    try:
        found.set_result(photograph(folder, name, size))
    except BaseException as fault:  # noqa: BLE001 - whoever asks for the photograph shall have it
        found.set_exception(fault)


def photograph(folder: str, name: str, size: tuple[int, int]) -> Pixels | None:
    """Read the JPEG, or else the small picture in the DNG, and fit it to (columns, rows); None when neither can be."""
    if not folder or not name:
        return None
    for suffix in (".JPG", ".DNG"):
        with (
            contextlib.suppress(*_DAMAGE),
            Image.open((Path(folder).expanduser() / "DCIM" / name).with_suffix(suffix)) as file,
        ):
            file.draft("RGB", size)  # a JPEG is decoded to an eighth of its size or more, as is enough
            small = np.asarray(file.convert("RGB").resize(size, Image.Resampling.BILINEAR))
            return np.dstack([small[..., ::-1], np.full(small.shape[:2], 255, np.uint8)])
    return None
