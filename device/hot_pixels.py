"""Photosites that tell nothing of the light, hot or stuck, and a mosaic in which their neighbours speak for them. Pure.

The RAW keeps them as they are: only the copy that is developed is mended, and a DNG may tell where they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.errors import BadValue
from device.frame import Raw

Places = NDArray[np.uint16]  # (n, 2): row and column of the whole sensor, in reading order

MOST = 10_000  # of a map: what travels in one message, and one photosite in a thousand of 12 million
_REACHES = (2, 4, 8)  # photosites to a neighbour of the same colour, farther where all nearer ones are bad, too
_DIRECTIONS = np.array([[0, 1], [1, 0], [1, 1], [1, -1]])
_PAIRS = np.stack([-_DIRECTIONS, _DIRECTIONS], 1)  # (4, 2, 2): to either side of the photosite
_NOBODY = np.int64(1 << 20)  # above any number of a photosite


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


def mended(raw: Raw, hot: HotPixels) -> Raw:
    """The mosaic with each hot pixel made up from good neighbours of its own place in the pattern.

    It becomes the mean of the two opposite neighbours that differ least, so that an edge stays one; where no such two
    are good, the lower median of the good ones around it; where none is, the same farther away. One with none near
    stays as it is.

    Args:
        raw: (rows, columns) uint16; is not changed.
        hot: the map.

    Returns:
        A copy, or `raw` itself where the map has nothing for it.
    """
    if not hot.suits(raw):
        return raw
    made, left = raw.copy(), hot.numbered
    bad = left
    for reach in _REACHES:
        values = _made_up(raw, left, bad, reach)
        known = values >= 0
        made.ravel()[left[known]] = values[known]
        left = left[~known]
    return made


def _made_up(raw: Raw, sites: NDArray[np.int64], bad: NDArray[np.int64], reach: int) -> NDArray[np.int64]:
    """(n,) what each of the sites becomes; -1 where no neighbour at that distance is good."""
    rows, columns = raw.shape
    at = np.stack(np.divmod(sites, columns), 1)[:, None, None] + reach * _PAIRS  # (n, 4, 2, 2)
    inside = ((at >= 0) & (at < (rows, columns))).all(-1)
    numbers = at[..., 0] * columns + at[..., 1]
    good = inside & ~np.isin(numbers, bad)
    values = np.where(good, raw.ravel()[np.where(inside, numbers, 0)].astype(np.int64), _NOBODY)
    apart = np.where(good.all(-1), np.abs(values[..., 0] - values[..., 1]), _NOBODY)
    pair = values[np.arange(len(sites)), apart.argmin(1)]
    return np.where(apart.min(1) < _NOBODY, pair.sum(1) // 2, _lower_median(values.reshape(-1, 8)))


def _lower_median(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) of each line's numbers that are not _NOBODY; -1 where there is none."""
    ordered, count = np.sort(values, 1), (values < _NOBODY).sum(1)
    middle = ordered[np.arange(len(values)), np.maximum(count - 1, 0) // 2]
    return np.where(count > 0, middle, -1)
