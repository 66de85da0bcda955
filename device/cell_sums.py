"""Cells with those around them, added up: parts of the focus map's kernel; pure.

Rows of a strip of cells are laid out with a margin, in which all are 0, and added up over 5 x 5 and 9 x 9 cells. A
strip's rows stay in a processor's nearest cache, and what is added up lies in one row, plane behind plane: a single
loop takes all of them. Where it goes from one plane to the next, sums are of both; these are never read.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.coarse_detail import BLOCK, copy
from device.detail import Row
from device.frame import FOCUS_CELL
from device.kernel import inner
from device.lanes import filled, load16, shifted1, shifted2, shifted3, shifted4, store

Lanes = Any
Planes = NDArray[np.float32]  # (PLANES * PITCH) or more: rows of cells with a margin, of what WEIGHT to BROAD name

# The weight, 0 of what is not known; its square times the share of one frame's noise; weighed by it, DN, and detail in
# DN2: noise alone gives its variance
WEIGHT, CHANCE, SIGNAL, FINE, MIDDLE, COARSE, BROAD = range(7)
PLANES = 7

SITES = FOCUS_CELL * FOCUS_CELL // 2  # greens of a cell
REACH = 2  # cells to each side that are taken together at least, the outermost by half: 5 x 5
MARGIN = 2 * REACH  # as many are at most: 9 x 9, which is four times 5 x 5

# Cells of a row that are judged together. Loops over as many, known beforehand, have no rest that would take its time
STRIP = 128
LANES = 16  # float32 that the widest processors take at a time
PITCH = STRIP + LANES  # with MARGIN at both ends
SIZE = PLANES * PITCH

# For noise of variance 1: sums of two neighbouring second differences have the variance 12, those of four 8. There are
# two diagonals, and every other row is measured.
FINE_SUM = 12.0 * SITES
MIDDLE_SUM = 8.0 * SITES
COARSE_SUM = 8 * 6 * BLOCK * BLOCK / 2  # four blocks, two differences
BROAD_SUM = 2 * 6 * SITES


@inner
def mirrored(i: int, size: int) -> int:
    """Row -1 is row 1, and a single row its own neighbour."""
    return max(0, min(abs(i), 2 * size - 2 - abs(i)))


@inner
def plane(planes: Planes, which: int, start: int) -> Row:
    """Of a row of planes one, from a cell on."""
    return planes[which * PITCH + start : which * PITCH + PITCH]


@inner
def lay(weight: Row, chance: Row, fine: Row, middle: Row, coarse: Row, at: int, planes: Planes) -> None:
    """A row's sums as what noise alone would make of them, DN2, from a cell on; the signal has `lay_signal`."""
    f = np.float32
    by_fine, by_middle, by_coarse = f(0.5 / FINE_SUM), f(1 / MIDDLE_SUM), f(1 / COARSE_SUM)
    out_weight, out_chance = plane(planes, WEIGHT, at), plane(planes, CHANCE, at)
    out_fine, out_middle, out_coarse = plane(planes, FINE, at), plane(planes, MIDDLE, at), plane(planes, COARSE, at)
    for k in range(fine.size):
        out_weight[k], out_chance[k] = weight[k], weight[k] * weight[k] * chance[k]
        in_middle = weight[k] * (middle[k] * by_middle)
        out_fine[k] = weight[k] * (fine[k] * by_fine) + f(0.5) * in_middle
        out_middle[k] = in_middle
        out_coarse[k] = weight[k] * (coarse[k] * by_coarse)


@inner
def lay_signal(
    weight: Row, above: Row, here: Row, below: Row, start: int, stop: int, beside: Row, at: int, planes: Planes
) -> None:
    """And how much that bends from cell to cell; mirrored beyond the border."""
    f = np.float32
    first, last = max(start - 1, 0), min(stop + 1, here.size)
    copy(here[first:last], beside[first - start + 1 : last - start + 1])
    if start == 0:
        beside[0] = here[mirrored(-1, here.size)]
    if stop == here.size:
        beside[stop - start + 1] = here[mirrored(here.size, here.size)]
    by_signal, by_broad = f(1 / SITES), f(1 / BROAD_SUM)
    up, middle, down, right = above[start:stop], beside[1:], below[start:stop], beside[2:]
    out_signal, out_broad = plane(planes, SIGNAL, at), plane(planes, BROAD, at)
    for k in range(weight.size):
        twice = middle[k] + middle[k]
        across, along = twice - beside[k] - right[k], twice - up[k] - down[k]
        out_signal[k] = weight[k] * (middle[k] * by_signal)
        out_broad[k] = weight[k] * ((across * across + along * along) * by_broad)


@inner
def pool(laid: Planes, r: int, around: Planes, wide: Planes) -> None:
    """Sums over 5 x 5 cells, of which the last row is r, and over 9 x 9: four of the others, two cells off both ways.

    They stay in registers from the sums down to those of 9 x 9, so `wide` is LANES behind.
    """
    a, b, c, d, e = (r + 1) % 5 * SIZE, (r + 2) % 5 * SIZE, (r + 3) % 5 * SIZE, (r + 4) % 5 * SIZE, r % 5 * SIZE
    down = _add_down(laid, a, b, c, d, e)
    before = down
    for k in range(0, SIZE, LANES):
        n = k + LANES
        more = _add_down(laid, a + n, b + n, c + n, d + n, e + n)
        total = _add_five(down, shifted1(down, more), shifted2(down, more), shifted3(down, more), shifted4(down, more))
        both = load16(around, a + k) + total
        store(total, around, e + k)
        store(before + shifted4(before, both), wide, k)
        down, before = more, both


@inner
def _add_down(laid: Planes, a: int, b: int, c: int, d: int, e: int) -> Lanes:
    return _add_five(load16(laid, a), load16(laid, b), load16(laid, c), load16(laid, d), load16(laid, e))


@inner
def _add_five(a: Lanes, b: Lanes, c: Lanes, d: Lanes, e: Lanes) -> Lanes:
    return filled(np.float32(0.5), a) * (a + e) + (b + c + d)
