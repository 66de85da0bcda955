"""The RAW of a stored photograph, read part by part: what is looked at first, the rest when there is time. Pure."""

import numpy as np

from device import stored_mosaic, stored_photograph
from device.dng import raw_ifd
from device.errors import BadPicture
from device.photograph import Photograph
from device.stored_mosaic import Part
from device.tiff import Ifd, Parts
from device.window import Window


class PartialRaw:
    """A photograph whose mosaic fills up.

    Args:
        ifds: `tiff.read` of its DNG.

    Attributes:
        photograph: as `stored_photograph.described` has it; of its mosaic, what is not yet read is undefined.

    Raises:
        BadPicture: it is none of ours, or damaged.
    """

    def __init__(self, ifds: list[Ifd]) -> None:
        try:
            raw = raw_ifd(ifds)
            if raw is None:
                raise BadPicture("it has no RAW")
            self._mosaic = np.empty(stored_mosaic.shape(raw), np.uint16)
            self.photograph: Photograph = stored_photograph.described(ifds, self._mosaic)
            self._waiting = stored_mosaic.parts(raw)
        except stored_photograph.DAMAGE as error:
            raise BadPicture(str(error)) from error

    @property
    def is_whole(self) -> bool:
        """Whether all of it was read."""
        return not self._waiting

    def has(self, window: Window) -> bool:
        """Whether all that a magnifier needs there was read."""
        return not self._under(window)

    def read_next(self, data: Parts, window: Window | None = None) -> None:
        """Read one part from the file, if any is left: of that window while one of it is.

        Raises:
            BadPicture: it is damaged.
            OSError: the file cannot be read.
        """
        for part in ([] if window is None else self._under(window)) or self._waiting[:1]:
            try:
                stored_mosaic.read_part(data, part, self._mosaic)
            except stored_photograph.DAMAGE as error:
                raise BadPicture(str(error)) from error
            self._waiting.remove(part)
            return

    def _under(self, window: Window) -> list[Part]:
        """Those of the waiting parts that touch a window or the row or column beside it, which interpolation needs."""
        return [
            part
            for part in self._waiting
            if part.top <= window.top + window.rows
            and window.top <= part.top + part.rows
            and part.left <= window.left + window.columns
            and window.left <= part.left + part.columns
        ]
