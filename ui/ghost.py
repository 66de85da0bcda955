"""The last photograph, small, to be laid over the picture: read from the card by a thread of its own."""

import contextlib
import struct
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
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
    """Keeps one photograph; a new one, or another size, is read while the old picture is still shown without."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "ghost")
        self._wanted: Wanted | None = None
        self._found: Future[Pixels | None] | None = None

    def of(self, folder: str, name: str, size: tuple[int, int]) -> Pixels | None:
        """The photograph of that name on the card, as large as (columns, rows). Never waits.

        None until it is read, when there is none, and when it cannot be read.
        """
        wanted = (folder, name, size)
        if wanted != self._wanted:
            if self._found is not None:
                self._found.cancel()
            self._wanted, self._found = wanted, self._thread.submit(photograph, folder, name, size)
        return self._found.result() if self._found is not None and self._found.done() else None

    def close(self) -> None:
        """End the thread; a card that hangs does not hold up the end."""
        self._thread.shutdown(wait=False, cancel_futures=True)


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
