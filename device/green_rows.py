"""The greens of a mosaic's row, one behind another, with some more at both ends: part of kernels; pure."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.kernel import inner

BEYOND = 3  # greens beyond either end of a row, mirrored: as far as the widest filter reaches
FIRST = 32  # place of the first green in a row, aligned as loads of many at a time like it

Row = NDArray[Any]  # int16 or float32


@inner
def take_greens(
    row: NDArray[np.uint32], i: int, column: int, top: np.uint16, first: int, size: int, greens: Row
) -> None:
    """Row i's, from `first` on, with BEYOND more at both ends, as far as the mosaic has them and mirrored where not.

    To mirror keeps the colours in their places: column -1 is column 1. Of odd rows all stand one further where even
    rows begin with a green, so that a green's left and right neighbours are at its own place and the next.
    """
    green, zero = (column + i) & 1, FIRST + (1 - column) * (i & 1)
    start, stop = max(first - BEYOND, 0), min(first + size + BEYOND, row.size)
    _copy_greens(row[start:stop], green, top, greens[zero + start - first : zero + stop - first])
    last = zero + row.size - 1 - first
    for k in range(1, BEYOND + 1):
        if first == 0:
            greens[zero - k] = greens[zero + k - green]
        if stop == row.size:
            greens[last + k] = greens[last + 1 - k - green]


@inner
def _copy_greens(pairs: NDArray[np.uint32], green: int, top: np.uint16, greens: Row) -> None:
    """A shift by a constant and a cast: a third of the time that loads of every other photosite take."""
    kind = greens.dtype.type
    if green:
        for k in range(greens.size):
            right = np.uint16(pairs[k] >> np.uint32(16))
            greens[k] = kind(right if right < top else top)
    else:
        for k in range(greens.size):
            left = np.uint16(pairs[k])
            greens[k] = kind(left if left < top else top)
