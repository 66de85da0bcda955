"""The last photograph, small, to be laid over the picture: read from the card by a thread of its own."""

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ui.screen import Pixels

Wanted = tuple[str, str, tuple[int, int]]
Ghosts = Callable[[str, str, tuple[int, int]], Pixels | None]

ASKED_AGAIN = 100  # panels, some seconds: so long a photograph that cannot be read is left alone


def no_ghosts(folder: str, name: str, size: tuple[int, int]) -> Pixels | None:  # noqa: ARG001 - as of `Ghost.of`
    """For a viewfinder without a card."""
    return None


class Ghost:
    """Keeps one photograph; a new one, or another size, is read while the old picture is still shown without.

    The thread is a daemon's, which Python does not wait for at its end: a card that hangs does not hold that up.
    """

    def __init__(self) -> None:
        self._last: _Reading | None = None
        self._missed = 0

    def of(self, folder: str, name: str, size: tuple[int, int]) -> Pixels | None:
        """The photograph of that name on the card, as large as (columns, rows). Never waits.

        None until it is read, when there is none, and when it cannot be read. One is read at a time: what is asked for
        meanwhile has to be asked for again, as for each panel it is. After ASKED_AGAIN panels without it the card is
        asked again: it may have been out, or busy.
        """
        wanted, last = (folder, name, size), self._last
        if last is not None and last.is_alive():
            return None
        if last is None or last.wanted != wanted or self._missed == ASKED_AGAIN:
            self._last, self._missed = _Reading(wanted), 0
            self._last.start()
            return None
        found = last.result()
        self._missed += found is None
        return found


class _Reading(threading.Thread):
    """A photograph being read."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(name="ghost", daemon=True)
        self.wanted = wanted
        self._found: Pixels | None = None
        self._fault: BaseException | None = None

    def run(self) -> None:
        try:
            self._found = photograph(*self.wanted)
        except BaseException as fault:  # noqa: BLE001 - whoever asks for the photograph shall have it
            self._fault = fault

    def result(self) -> Pixels | None:
        """Once the thread has ended."""
        if self._fault is not None:
            raise self._fault
        return self._found


def photograph(folder: str, name: str, size: tuple[int, int]) -> Pixels | None:
    """Read the JPEG, or else the small picture in the DNG, and fit it to (columns, rows); None when neither can be."""
    if not folder or not name:
        return None
    from PIL import Image  # noqa: PLC0415 - 4 MB that only a ghost takes

    from ui.picture_damage import DAMAGE  # noqa: PLC0415 - Pillow, too

    for suffix in (".JPG", ".DNG"):
        with (
            contextlib.suppress(*DAMAGE),
            Image.open((Path(folder).expanduser() / "DCIM" / name).with_suffix(suffix)) as file,
        ):
            file.draft("RGB", size)  # a JPEG is decoded to an eighth of its size or more, as is enough
            small = np.asarray(file.convert("RGB").resize(size, Image.Resampling.BILINEAR))
            return np.dstack([small[..., ::-1], np.full(small.shape[:2], 255, np.uint8)])
    return None
