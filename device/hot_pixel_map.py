"""The map of hot pixels on the disk, one for each sensor: read at the start, replaced whole by a new measurement.

A file holds an array of uint16, (n + 1, 2): rows and columns of the sensor, then each hot pixel's row and column.
"""

import io
import re
import sys
from pathlib import Path

import numpy as np

from device import hot_pixels, state_file
from device.errors import BadValue
from device.hot_pixels import NO_HOT_PIXELS, HotPixels

FOLDER = "hot-pixels"


class HotPixelMap:
    """That of one sensor.

    Args:
        folder: of the files, which need not be there.
        model: of the sensor.
        upside_down: it is read from its other end, and so has a map of its own.

    Attributes:
        hot: the map.
    """

    def __init__(self, folder: Path, model: str, *, upside_down: bool) -> None:
        turned = "@upside-down" if upside_down else ""
        self._model = model
        self._path = folder / f"{re.sub(r'[^A-Za-z0-9.-]', '_', model)}{turned}.npy"
        self.hot = self._read()

    def of(self, model: str) -> HotPixels:
        """What is known of a sensor of that model."""
        return self.hot if model == self._model else NO_HOT_PIXELS

    def keep(self, hot: HotPixels) -> None:
        """This one from now on; without a hot pixel: none.

        Raises:
            BadValue: it cannot be written, or the old one cannot be removed.
        """
        try:
            if hot.count:
                state_file.replace(self._path, _encoded(hot))
            else:
                self._path.unlink(missing_ok=True)
        except OSError as fault:
            raise BadValue(f"{self._path} cannot be written ({fault.strerror}): make room for it.") from fault
        self.hot = hot if hot.count else NO_HOT_PIXELS

    def _read(self) -> HotPixels:
        data = state_file.content(self._path)
        if data is None:
            return NO_HOT_PIXELS
        try:
            return _decoded(data)
        except (ValueError, EOFError):  # BadValue is one
            sys.stderr.write(f"mcam: {self._path} is no map of hot pixels: measure them again by `mcam hotpixels`.\n")
            return NO_HOT_PIXELS


def _encoded(hot: HotPixels) -> bytes:
    data = io.BytesIO()
    np.save(data, np.concatenate([np.array([[hot.rows, hot.columns]], np.uint16), hot.places]))
    return data.getvalue()


def _decoded(data: bytes) -> HotPixels:
    """Raises ValueError or EOFError where it is none."""
    numbers = np.load(io.BytesIO(data), allow_pickle=False)
    if numbers.dtype != np.uint16 or numbers.ndim != 2 or numbers.shape[1] != 2 or not len(numbers):
        raise BadValue("no pairs of numbers")
    rows, columns = (int(size) for size in numbers[0])
    if (numbers[1:] >= numbers[0]).any():
        raise BadValue("not on the sensor")
    return hot_pixels.numbered(rows, columns, HotPixels(rows, columns, numbers[1:]).numbered)
