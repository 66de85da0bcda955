"""Photosites that tell nothing of the light, hot or stuck: the map of those of a sensor, and of what it delivers. Pure.

`mending.py` has their neighbours speak for them. The RAW keeps them as they are, and a DNG may tell where they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from device.errors import BadValue
from device.frame import Raw

Places = NDArray[np.uint16]  # (n, 2): row and column of the whole sensor, in reading order

MOST = 10_000  # of a map: what travels in one message, and one photosite in a thousand of 12 million


@dataclass(frozen=True, slots=True, eq=False)
class HotPixels:
    """Those of one sensor.

    Attributes:
        rows: of the mosaic that they were found in; one of another size is left as it is.
        columns: of it.
        places: (n, 2) uint16, each once, in reading order.
    """

    rows: int
    columns: int
    places: Places

    @property
    def count(self) -> int:
        """How many."""
        return len(self.places)

    @property
    def numbered(self) -> NDArray[np.int64]:
        """(n,): counted in reading order from the top left photosite, rising."""
        return _counted(self.places, self.columns)

    @property
    def steps(self) -> list[int]:
        """From each to the next as `numbered` counts, the first from 0: short to send."""
        return [int(step) for step in np.diff(self.numbered, prepend=0)]

    def suits(self, raw: Raw) -> bool:
        """Whether there is anything to mend in this mosaic, and it is known where."""
        return bool(self.count) and raw.shape == (self.rows, self.columns)


NO_HOT_PIXELS = HotPixels(0, 0, np.empty((0, 2), np.uint16))
HotOf = Callable[[str], HotPixels]  # by the sensor's model


def none_of(_: str) -> HotPixels:
    """Of no sensor is anything known."""
    return NO_HOT_PIXELS


def numbered(rows: int, columns: int, numbers: NDArray[np.integer]) -> HotPixels:
    """A map of photosites counted in reading order, rising.

    Raises:
        BadValue: they are none of a mosaic of that size, not rising, or more than MOST.
    """
    if not (0 < rows < 1 << 16 and 0 < columns < 1 << 16) or numbers.size > MOST:
        raise BadValue(f"A map of hot pixels has a size and {MOST} places at most: measure it by `mcam hotpixels`.")
    if numbers.size and (numbers.min() < 0 or numbers.max() >= rows * columns or (np.diff(numbers) <= 0).any()):
        raise BadValue("These hot pixels are not on the sensor, each once: measure them by `mcam hotpixels`.")
    return HotPixels(rows, columns, np.stack(np.divmod(numbers, columns), 1).astype(np.uint16))


def _counted(places: Places, columns: int) -> NDArray[np.int64]:
    return np.asarray(places[:, 0].astype(np.int64) * columns + places[:, 1])


def from_steps(rows: int, columns: int, steps: Sequence[int]) -> HotPixels:
    """A map that travelled as `HotPixels.steps`; without any: NO_HOT_PIXELS. Raises as `numbered`."""
    if not steps:
        return NO_HOT_PIXELS
    if len(steps) > MOST or any(abs(step) >= 1 << 32 for step in steps):
        raise BadValue(f"A map of hot pixels has {MOST} places at most: measure it by `mcam hotpixels`.")
    return numbered(rows, columns, np.cumsum(np.array(steps, np.int64)))


@lru_cache(maxsize=4)
def seen_in(hot: HotPixels, rows: int, columns: int) -> HotPixels:
    """The map of a mosaic of so many rows and columns of the same sensor: whole, or binned.

    Binned n times each way, a photosite is the mean of n x n of its colour that lie in 2n x 2n of all (`Mode.binning`
    in sensor_facts.py), so a hot one makes hot what it is in. Of a mosaic that is a part of the sensor, or of another
    one, nothing is known: NO_HOT_PIXELS.
    """
    n = hot.rows // max(rows, 1)
    if not hot.count or (n * rows, n * columns) != (hot.rows, hot.columns):
        return NO_HOT_PIXELS
    if n == 1:
        return hot
    places = hot.places.astype(np.int64)
    binned = places // (2 * n) * 2 + places % 2
    return numbered(rows, columns, np.unique(binned[:, 0] * columns + binned[:, 1]))
