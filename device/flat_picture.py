"""A flat field on a picture that is smaller than the frame: a gain for each of its pixels, row by row.

Across the picture the map is interpolated once, and down it a row at a time, so no map of the picture's size is held.
All four photosites of a quad count as lying in the middle of the pixel, half a photosite from where they are.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from device.flat_field import Gains, shares_of_points
from device.kernel import inner

Row = NDArray[np.float32]
Across = NDArray[np.float32]  # (4, points down, columns); without points it corrects nothing

_NO_DOWN, _NO_ACROSS = np.zeros(0, np.float32), np.zeros((4, 0, 0), np.float32)


def for_pixels(gains: Gains, raw: tuple[int, ...], shape: tuple[int, int], quads: float) -> tuple[Row, Across]:
    """A flat field for `flatten_row`.

    Args:
        gains: of the frame.
        raw: (rows, columns) of its mosaic.
        shape: (rows, columns) of the picture.
        quads: along each side of a pixel; 0: as many as fit, and they are divided.

    Returns:
        (rows,) float32: where among the map's rows each row of pixels lies; and the gains of each of the map's rows
        for every pixel across. Both are empty where there is nothing to correct.
    """
    if gains.size <= 4:
        return _NO_DOWN, _NO_ACROSS
    down = _middles(raw[0], shape[0], quads) * (gains.shape[1] - 1)
    return down.astype(np.float32), np.ascontiguousarray(gains @ _shares(raw[1], shape[1], quads, gains.shape[2]))


@lru_cache(maxsize=4)
def _shares(photosites: int, pixels: int, quads: float, points: int) -> NDArray[np.float32]:
    return np.ascontiguousarray(shares_of_points(_middles(photosites, pixels, quads), points).T)


def _middles(photosites: int, pixels: int, quads: float) -> NDArray[np.float64]:
    """Of each pixel along one side: 0 is the first photosite, 1 the last."""
    width = 2 * (quads or photosites // 2 / pixels)
    return (width * (np.arange(pixels) + 0.5) - 0.5) / max(photosites - 1, 1)


@inner
def flatten_row(
    pooled: NDArray[np.float32], places: NDArray[np.intp], level: Row, down: np.float32, across: Across
) -> None:
    """Multiply what lies above black in one row of pixels by its gains.

    Args:
        pooled: (4, columns) sums of DN at each place in the quad; is written.
        places: in the quad, of each channel.
        level: (4,) what those sums are of a black picture, in CHANNELS order.
        down: the row's place among the map's rows.
        across: the map.
    """
    above = min(int(down), across.shape[1] - 1)
    share = down - np.float32(above)
    for c in range(4):
        upper, lower = across[c, above], across[c, min(above + 1, across.shape[1] - 1)]
        black, total = level[c], pooled[places[c]]
        for x in range(total.size):
            total[x] = black + (total[x] - black) * (upper[x] + (lower[x] - upper[x]) * share)
