"""How much detail each cell of a mosaic has, on three scales. numba kernels over the greens; pure.

Fine detail is measured by second differences along both diagonals of the greens, [-1, 2, -1], never of one site
alone. Each is added to its neighbour's across the diagonal, so that whatever sets one green apart from the other
cancels: the crosstalk of red and blue, which differs from corner to corner. Both once more added to their neighbours'
along it are the middle scale: nearly as fine, less noisy, and the first to be left when blur takes the fine detail.
Coarse detail is the same in a picture of a quarter of the size: a blur of a few photosites leaves it as it is.

All are squared: sums of squares of noise are known exactly, however many cells are taken together, and weak detail
stands out of noise as well as it can. Filters overlap, so of the finer two every other row tells nearly all: leaving
the others out makes what noise adds vary by 6 % more, and takes a quarter less time.
"""

import math
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from device.fine_detail import SPARE, TWELVE_BITS, measure_sixteen_bits, measure_twelve_bits
from device.frame import CHANNELS, FOCUS_CELL, Cfa, Levels, Raw

Cells = NDArray[np.float32]  # (rows // 8, columns // 8)
Row = NDArray[np.float32]


class Detail(NamedTuple):
    """Sums over the greens of each cell, DN or its squares; no cells where the mosaic is smaller than a cell.

    Attributes:
        fine: squared sums of two second differences along both diagonals, of the greens of even rows.
        middle: squared sums of four, likewise.
        coarse: squared second differences along rows and columns of the sums over each BLOCK x BLOCK photosites.
        signal: dn - black.
        peak: no sum, but the highest dn - black.
    """

    fine: Cells
    middle: Cells
    coarse: Cells
    signal: Cells
    peak: Cells


def detail(raw: Raw, cfa: Cfa, levels: Levels) -> Detail:
    """Measure a mosaic.

    Args:
        raw: (rows, columns) uint16, DN, mirrored at its borders; an odd last row or column is left out.
        cfa: its pattern.
        levels: black and white, DN.
    """
    rows, columns = raw.shape[0] // FOCUS_CELL, raw.shape[1] // 2 * 2
    shape = (rows, columns // FOCUS_CELL)
    planes = np.empty((5, math.prod(shape) + SPARE), np.float32)  # one piece of memory: it is had sooner
    if math.prod(shape):
        column, black = _greens(cfa, levels)
        mosaic = np.ascontiguousarray(raw[:, :columns]).reshape(-1)
        measure = measure_twelve_bits if levels.white <= TWELVE_BITS else measure_sixteen_bits
        measure(mosaic, columns, column, black, *shape, planes)
    return Detail(*(plane[: math.prod(shape)].reshape(shape) for plane in planes))


def _greens(cfa: Cfa, levels: Levels) -> tuple[int, Row]:
    """The column (0 or 1) of the even rows' green, and the black of the even and of the odd rows' green."""
    column, even, odd = _places(cfa)
    return column, np.array([levels.black[even], levels.black[odd]], np.float32)


@cache
def _places(cfa: Cfa) -> tuple[int, int, int]:
    """That column, and which channels these greens are: it takes as long as to measure four rows."""
    column = 1 if cfa.pattern[0, 0] in (CHANNELS.index("R"), CHANNELS.index("B")) else 0
    return column, int(cfa.pattern[0, column]), int(cfa.pattern[1, 1 - column])
