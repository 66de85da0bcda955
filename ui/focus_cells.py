"""How the preview's pixels and the focus map's cells lie upon each other. Pure."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from device.frame import FOCUS_CELL
from ui.scaling import nearest


class Places(NamedTuple):
    """How the preview's pixels and the mosaic's focus cells lie upon each other, along one axis.

    Attributes:
        cell: of `cell_under`.
        middle: of `middle_of`.
        first: (cells + 1,) int32, the first pixel on each cell or behind it; and how many pixels there are.
    """

    cell: NDArray[np.int32]
    middle: NDArray[np.intp]
    first: NDArray[np.int32]


@lru_cache(maxsize=16)
def places(pixels: int, photosites: int, cells: int) -> Places:
    """All of them, kept from frame to frame."""
    cell = cell_under(pixels, photosites, cells)
    first = np.searchsorted(cell, np.arange(cells + 1)).astype(np.int32)
    return Places(cell, middle_of(pixels, photosites, cells), first)


def cell_under(pixels: int, photosites: int, cells: int) -> NDArray[np.int32]:
    """(pixels,) int32: the focus cell under each preview pixel of one axis; the last also takes an incomplete one."""
    return np.minimum(nearest(photosites, pixels) // FOCUS_CELL, cells - 1).astype(np.int32)


def middle_of(pixels: int, photosites: int, cells: int) -> NDArray[np.intp]:
    """(cells,) intp: the preview pixel in the middle of each cell of one axis, never the first or last."""
    middles = (np.arange(cells) * FOCUS_CELL + FOCUS_CELL // 2) * pixels // photosites
    return np.clip(middles, 1, pixels - 2).astype(np.intp)
