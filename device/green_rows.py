"""The greens of a row of a mosaic's cells, one behind another, with some more at both ends: part of kernels; pure.

Above the rows of a row of cells those of its neighbour above are kept that are needed with them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.frame import FOCUS_CELL
from device.kernel import inner
from device.lanes import evens, filled, load32, load64, lowest, odds, store

LANES = 32  # greens that are taken at a time
BEYOND = 3  # greens beyond either end of a row, mirrored: as far as the widest filter reaches
FIRST = LANES  # place of the first green in a row, aligned as loads of many at a time like it
STRIP = 1024  # greens of a row, of a wider mosaic: so many rows of them stay in a processor's near caches
PITCH = STRIP + 4 * LANES
ABOVE = BEYOND  # rows that are kept of the row of cells above
SIZE = (ABOVE + FOCUS_CELL) * PITCH

Mosaic = NDArray[np.uint16]  # row behind row
Greens = NDArray[Any]  # int16 or float32, SIZE


@inner
def take_some(raw: Mosaic, columns: int, at: int, column: int, top: np.uint16, greens: Greens, to: int) -> None:
    """LANES greens of each row of cells' rows, from a photosite of an even column on, into the columns from `to` on.

    Of odd rows all stand one further where even rows begin with a green, so that a green's left and right neighbours
    are at its own place and the next.
    """
    for r in range(0, FOCUS_CELL, 2):
        even, odd = load64(raw, at + r * columns), load64(raw, at + (r + 1) * columns)
        if column:
            one, other = odds(even), evens(odd)
        else:
            one, other = evens(even), odds(odd)
        store(lowest(one, filled(top, one)), greens, to + r * PITCH)
        store(lowest(other, filled(top, other)), greens, to + (r + 1) * PITCH + 1 - column)


@inner
def take_rest(
    raw: Mosaic, columns: int, c: int, column: int, top: np.uint16, first: int, start: int, stop: int, done: int,
    greens: Greens,
) -> None:  # fmt: skip
    """Of row of cells c those greens that are not done, up to `stop`, and mirrored ones beyond the mosaic's borders.

    To mirror keeps the colours in their places: column -1 is column 1.
    """
    at, to = FOCUS_CELL * c * columns, ABOVE * PITCH
    if stop - start < LANES:
        _take_singly(raw, columns, at, column, top, start, stop, greens, to + FIRST - first)
    else:
        for k in range(done, stop, LANES):
            here = min(k, stop - LANES)
            take_some(raw, columns, at + 2 * here, column, top, greens, to + FIRST + here - first)
    for r in range(FOCUS_CELL):
        green, zero = (column + r) & 1, to + r * PITCH + FIRST + (r & 1) * (1 - column) - first
        if first == 0:
            for k in range(1, BEYOND + 1):
                greens[zero - k] = greens[zero + k - green]
        if stop == columns // 2:
            for k in range(BEYOND):
                greens[zero + stop + k] = greens[zero + stop - 1 - k - green]


@inner
def raise_some(greens: Greens, place: int) -> None:
    """Of a row of cells' last rows LANES columns, to above the next row of cells."""
    for r in range(ABOVE):
        store(load32(greens, place + (FOCUS_CELL + r) * PITCH), greens, place + r * PITCH)


@inner
def _take_singly(
    raw: Mosaic, columns: int, at: int, column: int, top: np.uint16, start: int, stop: int, greens: Greens, to: int
) -> None:
    """The same of a mosaic that has fewer than LANES."""
    for r in range(FOCUS_CELL):
        green, zero = at + r * columns + ((column + r) & 1), to + r * PITCH + (r & 1) * (1 - column)
        for k in range(start, stop):
            greens[zero + k] = min(raw[green + 2 * k], top)
