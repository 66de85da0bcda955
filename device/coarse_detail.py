"""Coarse detail and brightness of each cell of a mosaic, from blocks of its greens: parts of numba kernels; pure.

A block is what BLOCK x BLOCK photosites have of greens, added up: one pixel of a picture of a quarter of the size. The
blocks of a row of cells are two rows; these and the two before are kept, as each is compared with those around it.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.frame import FOCUS_CELL
from device.kernel import inner

BLOCK = 4  # photosites each way whose greens are one pixel of the coarse picture
KEPT = 2 * FOCUS_CELL // BLOCK  # rows of blocks

Row = NDArray[Any]  # int16 or float32
Blocks = NDArray[np.float32]  # (KEPT, 1 + columns // 4 + 1): mirrored at both ends, the first column is block -1
Cells = NDArray[np.float32]


@inner
def sum_blocks(sums: Row, black: Row, size: int, blocks: Row) -> None:
    """Two columns of sums of four rows are a block."""
    kind, all_black = sums.dtype.type, np.float32(4) * (black[0] + black[1])
    for k in range(size):
        blocks[k] = np.float32(kind(sums[2 * k] + sums[2 * k + 1])) - all_black


@inner
def measure_coarse(blocks: Blocks, c: int, wide: int, bends: Row, coarse: Cells, signal: Cells) -> None:
    """What the blocks of row of cells c, now that they are there, tell of that and of the row before.

    wide: blocks in a row; what lies beyond is neither read nor written, except for the mirrored one.
    """
    odd = c & 1
    upper, lower, highest, above = blocks[2 * odd], blocks[2 * odd + 1], blocks[2 - 2 * odd], blocks[3 - 2 * odd]
    for row in (upper, lower):
        row[0], row[wide + 1] = row[2], row[wide - 1]
    _sum_fours(upper, lower, signal[c])
    if c == 0:
        _bend(lower, upper, lower, bends)
    else:
        _bend(highest, above, upper, bends)
        _sum_twos(bends, coarse[c - 1])
        _bend(above, upper, lower, bends)
    if c == coarse.shape[0] - 1:
        _bend(upper, lower, upper, bends)
        _sum_twos(bends, coarse[c])


@inner
def _bend(above: Row, here: Row, below: Row, bends: Row) -> None:
    """Second differences along the row and across it, squared; added."""
    up, middle, down, right = above[1:], here[1:], below[1:], here[2:]
    for k in range(bends.size):
        twice = middle[k] + middle[k]
        across, along = twice - here[k] - right[k], twice - up[k] - down[k]
        bends[k] += across * across + along * along


@inner
def _sum_twos(bends: Row, cells: Row) -> None:
    """And begin anew."""
    for k in range(cells.size):
        cells[k] = bends[2 * k] + bends[2 * k + 1]
    bends[:] = np.float32(0)


@inner
def _sum_fours(upper: Row, lower: Row, cells: Row) -> None:
    up, right, down, beside = upper[1:], upper[2:], lower[1:], lower[2:]
    for k in range(cells.size):
        cells[k] = up[2 * k] + right[2 * k] + (down[2 * k] + beside[2 * k])


@inner
def copy(row: Row, out: Row) -> None:
    """As many as there is room for."""
    for k in range(out.size):
        out[k] = row[k]
