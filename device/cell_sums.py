"""Cells added up, by fours and around the corners of these: parts of the focus map's kernel; pure.

Four cells, 2 x 2, are a patch. Around each corner of patches sums are taken over 2 x 2 of them, and over 4 x 4: these
differ so little from corner to corner that what is between can be interpolated, for a quarter of the work. Rows lie in
a margin of zeros, plane behind plane, and few of them: they stay in a processor's nearest caches.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.coarse_detail import BLOCK, copy
from device.detail import Cells, Row
from device.frame import FOCUS_CELL
from device.kernel import inner
from device.lanes import (
    add_pairs,
    filled,
    highest,
    interleaved,
    load16,
    load32,
    lowest,
    shifted1,
    shifted15,
    store,
)
from device.prefetch import fetch_all

Lanes = Any
Planes = NDArray[np.float32]  # (PLANES * pitch): rows of cells, patches or corners, of what WEIGHT to BROAD name

# The weight, 0 of what is not known, of a cell 1; its square times the share of one frame's noise; weighed by it, DN,
# and detail in DN2: noise alone gives its variance
WEIGHT, CHANCE, SIGNAL, FINE, MIDDLE, COARSE, BROAD = range(7)
PLANES = 7

SITES = FOCUS_CELL * FOCUS_CELL // 2  # greens of a cell
PATCH = 2  # cells each way
LANES = 16  # float32 that the widest processors take at a time; the margin, too
STRIP = 128  # corners that are judged together: loops over as many, known beforehand, have no rest that takes its time

# For noise of variance 1: sums of two neighbouring second differences have the variance 12, those of four 8. There are
# two diagonals, and every other row is measured.
FINE_SUM = 12.0 * SITES
MIDDLE_SUM = 8.0 * SITES
COARSE_SUM = 8 * 6 * BLOCK * BLOCK / 2  # four blocks, two differences
BROAD_SUM = 2 * 6 * SITES

BY_COARSE = 0.8  # what a patch counts for more, for each time that its coarse detail is above what noise gives
MOST_WEIGHT = 3.0  # at most; 1 where there is no more coarse detail than noise gives


@inner
def pitch_of(corners: int) -> int:
    """Of a plane of patches or corners, with a margin at both ends."""
    return -(-corners // STRIP) * STRIP + 2 * LANES


@inner
def mirrored(i: int, size: int) -> int:
    """Row -1 is row 1, and a single row its own neighbour."""
    return max(0, min(abs(i), 2 * size - 2 - abs(i)))


@inner
def lay_beside(row: Row, out: Row) -> None:
    """A row with its neighbours at both ends, mirrored, from LANES on."""
    out[LANES - 1] = row[mirrored(-1, row.size)]
    copy(row, out[LANES : LANES + row.size])
    out[LANES + row.size] = row[mirrored(row.size, row.size)]


@inner
def add_rows(
    chance: Cells, fine: Cells, middle: Cells, coarse: Cells, signal: Cells, peak: Cells, i: int, across: int,
    known: Cells, beside: Cells, cells: Planes, pitch: int,
) -> None:  # fmt: skip
    """Of the known cells of row i and the next, from LANES on, and how many they are.

    The last cells of a row are done twice rather than one by one. The next rows are fetched meanwhile.
    """
    rows = fine.shape[0]
    j, one, other = min(i + 1, rows - 1), known[0], known[1]
    for n in range(min(i + PATCH, rows - 1), min(i + 2 * PATCH, rows)):
        fetch_all(fine[n])
        fetch_all(middle[n])
        fetch_all(coarse[n])
        fetch_all(signal[n])
        fetch_all(peak[n])
    of_chance, other_chance = chance[min(i, chance.shape[0] - 1)], chance[min(j, chance.shape[0] - 1)]
    _add_two(of_chance, other_chance, one, other, cells[CHANCE * pitch :])
    _add_two(fine[i], fine[j], one, other, cells[FINE * pitch :])
    _add_two(middle[i], middle[j], one, other, cells[MIDDLE * pitch :])
    _add_two(coarse[i], coarse[j], one, other, cells[COARSE * pitch :])
    _add_two(signal[i], signal[j], one, other, cells[SIGNAL * pitch :])
    lay_beside(signal[i, :across], beside[0])
    lay_beside(signal[j, :across], beside[1])
    a, b, c = signal[mirrored(i - 1, rows)], signal[mirrored(i + 1, rows)], signal[mirrored(i + 2, rows)]
    _add_bends(a, beside[0], b, signal[i], beside[1], c, one, other, cells[BROAD * pitch :])
    for k in range(LANES, pitch - LANES, LANES):
        store(load16(one, k) + load16(other, k), cells, WEIGHT * pitch + k)


@inner
def _add_two(one: Row, other: Row, known: Row, other_known: Row, out: Row) -> None:
    for k in range(0, one.size, LANES):
        at = min(k, one.size - LANES)
        to = LANES + at
        store(load16(known, to) * load16(one, at) + load16(other_known, to) * load16(other, at), out, to)


@inner
def _add_bends(
    above: Row, one: Row, below: Row, above_other: Row, other: Row, below_other: Row,
    known: Row, other_known: Row, out: Row,
) -> None:  # fmt: skip
    for k in range(0, above.size, LANES):
        at = min(k, above.size - LANES)
        to = LANES + at
        bends = load16(known, to) * _bend(load16(above, at), one, load16(below, at), to)
        others = load16(other_known, to) * _bend(load16(above_other, at), other, load16(below_other, at), to)
        store(bends + others, out, to)


@inner
def _bend(above: Lanes, row: Row, below: Lanes, to: int) -> Lanes:
    """How much the signal bends from cell to cell: second differences along the row and across it, squared; added."""
    here = load16(row, to)
    twice = here + here
    across, along = twice - load16(row, to - 1) - load16(row, to + 1), twice - above - below
    return across * across + along * along


@inner
def lay(cells: Planes, noise: Row, pitch: int, patches: Planes, sums: Planes) -> None:
    """Patches, weighed, as what noise alone would make of them, DN2.

    One counts for more by how much coarse detail it has, over what noise gives. Where nothing is known that is no
    number, so the weight is the least, of nothing.

    Args:
        cells: of two rows added up, as `add_rows` leaves them.
        noise: slope, floor and the least variance.
        pitch: of a plane of patches.
        patches: of the row of patches before, and then of this one.
        sums: of both.
    """
    f, some = np.float32, load16(cells, 0)
    slope, floor, least = noise[0] * f(1 / SITES), noise[1], noise[2]
    one, most = filled(f(1), some), filled(f(MOST_WEIGHT), some)
    for k in range(LANES, pitch - LANES, LANES):
        n, light = _pairs(cells, WEIGHT, pitch, k), _pairs(cells, SIGNAL, pitch, k)
        bends = f(1 / COARSE_SUM) * _pairs(cells, COARSE, pitch, k)
        excess = f(BY_COARSE) * bends / highest(slope * light + floor * n, least * n)
        weight = lowest(highest(f(1 - BY_COARSE) + excess, one), most)
        in_middle = weight * f(1 / MIDDLE_SUM) * _pairs(cells, MIDDLE, pitch, k)
        in_fine = weight * f(0.5 / FINE_SUM) * _pairs(cells, FINE, pitch, k) + f(0.5) * in_middle
        _put(weight * n, patches, sums, WEIGHT * pitch + k)
        _put(weight * weight * _pairs(cells, CHANCE, pitch, k), patches, sums, CHANCE * pitch + k)
        _put(weight * f(1 / SITES) * light, patches, sums, SIGNAL * pitch + k)
        _put(in_fine, patches, sums, FINE * pitch + k)
        _put(in_middle, patches, sums, MIDDLE * pitch + k)
        _put(weight * bends, patches, sums, COARSE * pitch + k)
        _put(weight * f(1 / BROAD_SUM) * _pairs(cells, BROAD, pitch, k), patches, sums, BROAD * pitch + k)


@inner
def _pairs(cells: Planes, which: int, pitch: int, patch: int) -> Lanes:
    return add_pairs(load32(cells, PATCH * (which * pitch + patch) - LANES))


@inner
def _put(value: Lanes, patches: Planes, sums: Planes, k: int) -> None:
    store(load16(patches, k) + value, sums, k)
    store(value, patches, k)


@inner
def lay_nothing(patches: Planes, sums: Planes) -> None:
    """Beyond the last row of patches."""
    copy(patches, sums)
    patches[:] = np.float32(0)


@inner
def pool(sums: Planes, pitch: int) -> None:
    """From two patches, one above the other, to the corner left of them, among four: in place."""
    for start in range(0, sums.size, pitch):
        before = load16(sums, start)
        for k in range(start + LANES, start + pitch - LANES, LANES):
            here = load16(sums, k)
            store(shifted15(before, here) + here, sums, k)
            before = here


@inner
def pool_wide(above: Planes, below: Planes, pitch: int) -> None:
    """Of such sums, of the rows of corners above and below one, those of 4 x 4 patches around each: above, in place."""
    for start in range(0, above.size, pitch):
        before, here = load16(above, start), load16(above, start + LANES) + load16(below, start + LANES)
        for k in range(start + LANES, start + pitch - LANES, LANES):
            after = load16(above, k + LANES) + load16(below, k + LANES)
            store(shifted15(before, here) + shifted1(here, after), above, k)
            before, here = here, after


@inner
def interpolate(above: Row, below: Row, upper: Row, lower: Row) -> None:
    """The two rows of cells between two rows of corners."""
    near, far = np.float32(0.75), np.float32(0.25)  # a quarter of a patch off, and three quarters
    for k in range(LANES, above.size - LANES, LANES):
        a, b, c, d = load16(above, k), load16(below, k), load16(above, k + 1), load16(below, k + 1)
        _lay_between(near * a + far * b, near * c + far * d, upper, PATCH * (k - LANES))
        _lay_between(far * a + near * b, far * c + near * d, lower, PATCH * (k - LANES))


@inner
def _lay_between(left: Lanes, right: Lanes, out: Row, at: int) -> None:
    near, far = np.float32(0.75), np.float32(0.25)
    store(interleaved(near * left + far * right, far * left + near * right), out, at)
