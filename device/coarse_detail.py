"""Coarse detail and brightness of each cell of a mosaic, from blocks of its greens: parts of numba kernels; pure.

A block is what BLOCK x BLOCK photosites have of greens, added up: one pixel of a picture of a quarter of the size. The
blocks of a row of cells are two rows; these and the two before are kept, as each is compared with those around it.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.frame import FOCUS_CELL
from device.kernel import inner
from device.lanes import add_pairs, load16, store

BLOCK = 4  # photosites each way whose greens are one pixel of the coarse picture
KEPT = 2 * FOCUS_CELL // BLOCK  # rows of blocks
LANES = 16  # blocks that are measured at a time
ZERO = LANES  # place of the first block in a row

Row = NDArray[np.float32]
Lanes = Any


@inner
def measure_coarse(
    blocks: Row, pitch: int, c: int, wide: int, bends: Row, coarse: Row, to: int, signal: Row, bright: int
) -> None:
    """What the blocks of row of cells c, now that they are there, tell of it and of the row before.

    What is more than fits a row of cells is written behind it, and overwritten by the next.

    Args:
        blocks: (KEPT * pitch), row behind row.
        pitch: of a row of blocks.
        c: row of cells.
        wide: blocks in a row.
        bends: of the row of cells before its upper blocks', and afterwards of this one.
        coarse: row behind row.
        to: place in it of the row of cells before; not used for the first.
        signal: row behind row.
        bright: place in it of row of cells c.
    """
    upper, highest = ZERO + 2 * (c & 1) * pitch, ZERO + 2 * (1 - (c & 1)) * pitch
    lower, above = upper + pitch, highest + pitch
    _mirror(blocks, upper, wide)
    _mirror(blocks, lower, wide)
    if c == 0:
        above = lower
    for k in range(0, wide, LANES):
        here, beneath = load16(blocks, upper + k), load16(blocks, lower + k)
        store(add_pairs(here) + add_pairs(beneath), signal, bright + k // 2)
        if c:
            finished = load16(bends, k) + _bend(blocks, highest + k, above + k, upper + k)
            store(add_pairs(finished), coarse, to + k // 2)
        store(_bend(blocks, above + k, upper + k, lower + k), bends, k)


@inner
def finish_coarse(blocks: Row, pitch: int, c: int, wide: int, bends: Row, coarse: Row, to: int) -> None:
    """Of the last row of cells: beyond it the mosaic is mirrored."""
    upper = ZERO + 2 * (c & 1) * pitch
    for k in range(0, wide, LANES):
        finished = load16(bends, k) + _bend(blocks, upper + k, upper + pitch + k, upper + k)
        store(add_pairs(finished), coarse, to + k // 2)


@inner
def _mirror(blocks: Row, row: int, wide: int) -> None:
    blocks[row - 1], blocks[row + wide] = blocks[row + 1], blocks[row + wide - 2]


@inner
def _bend(blocks: Row, above: int, here: int, below: int) -> Lanes:
    """Second differences along the row and across it, squared; added."""
    middle = load16(blocks, here)
    twice = middle + middle
    across = twice - load16(blocks, here - 1) - load16(blocks, here + 1)
    along = twice - load16(blocks, above) - load16(blocks, below)
    return across * across + along * along


@inner
def copy(row: Row, out: Row) -> None:
    """As many as there is room for."""
    for k in range(out.size):
        out[k] = row[k]
