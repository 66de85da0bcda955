"""Detail of each cell of a mosaic, its brightness and its highest value: numba kernels; pure.

What `detail.py` says of them is done here for LANES greens of a row of cells at a time, of which each row is loaded
once (`green_rows.py` has made rows of greens of the mosaic's), and nothing is written but the cells. Sums of second
differences are written out as sums of the greens themselves; the black level cancels in them. With values of 12 bits
all of it fits 16 bits, of which a processor takes twice as many at a time as of 32: four greens less four others are
never beyond 4 * 4095. While a row of cells is measured, greens of the next are taken where those of the row above have
served, and what is taken soon is fetched: so computing and waiting for the memory go on side by side.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.coarse_detail import KEPT, ZERO, finish_coarse, measure_coarse
from device.frame import FOCUS_CELL
from device.green_rows import (
    ABOVE,
    BEYOND,
    FIRST,
    LANES,
    PITCH,
    SIZE,
    STRIP,
    Greens,
    Mosaic,
    raise_some,
    take_rest,
    take_some,
)
from device.kernel import inner, kernel
from device.lanes import (
    add_pairs,
    add_squared_pairs,
    as_float,
    filled,
    first_half,
    highest,
    highest_of_pairs,
    joined,
    load32,
    second_half,
    store,
)
from device.prefetch import CACHE_LINE, fetch

Row = NDArray[np.float32]
Planes = NDArray[np.float32]  # (5, cells and SPARE), of what FINE to PEAK name, row behind row
Rows = NDArray[Any]  # (strips, SIZE) int16 or float32
Lanes = Any

TWELVE_BITS = 4095
FINE, MIDDLE, COARSE, SIGNAL, PEAK = range(5)
SPARE = LANES  # cells behind the last that are written as well, whatever they are
EACH = CACHE_LINE // 2  # photosites that are fetched at once


@kernel("void(u2[::1], i8, i8, f4[::1], i8, i8, f4[:, ::1])")
def measure_twelve_bits(
    raw: Mosaic, columns: int, column: int, black: Row, rows: int, across: int, planes: Planes
) -> None:
    """Of a mosaic whose values beyond TWELVE_BITS are clipped in any case.

    Args:
        raw: row behind row, an even number of columns.
        columns: photosites of a row.
        column: 0 or 1, of the even rows' green.
        black: of the even and of the odd rows' green.
        rows: of cells.
        across: cells of a row.
        planes: that are filled.
    """
    greens = np.zeros((_strips(across), SIZE), np.int16)
    _measure(raw, columns, column, np.uint16(TWELVE_BITS), black, rows, across, greens, planes)


@kernel("void(u2[::1], i8, i8, f4[::1], i8, i8, f4[:, ::1])")
def measure_sixteen_bits(
    raw: Mosaic, columns: int, column: int, black: Row, rows: int, across: int, planes: Planes
) -> None:
    """The same of any mosaic."""
    greens = np.zeros((_strips(across), SIZE), np.float32)
    _measure(raw, columns, column, np.uint16(65535), black, rows, across, greens, planes)


@inner
def _strips(across: int) -> int:
    return -(-across * FOCUS_CELL // (2 * STRIP))


@inner
def _measure(
    raw: Mosaic, columns: int, column: int, top: np.uint16, black: Row, rows: int, across: int, greens: Rows,
    planes: Planes,
) -> None:  # fmt: skip
    """Row of cells by row of cells, strip by strip: so that a mosaic is read as it lies in the memory."""
    wide, pitch = columns // 4, greens.shape[0] * STRIP // 2 + PITCH
    blocks, bends = np.zeros(KEPT * pitch, np.float32), np.zeros(pitch, np.float32)
    for s in range(greens.shape[0]):
        _begin(raw, columns, column, top, s * STRIP, greens[s])
    for c in range(rows):
        for s in range(greens.shape[0]):
            left = s * STRIP // 4
            size = 4 * min(STRIP // 4, across - left)
            if left + size // 4 == across and wide > 2 * across:
                size += 2  # half a cell more has a block
            block = ZERO + 2 * (c & 1) * pitch + 2 * left
            _measure_strip(
                raw, columns, c, rows, s * STRIP, size, column, top, black, greens[s],
                blocks[block:], blocks[block + pitch :], planes, c * across + left,
            )  # fmt: skip
        cell = c * across
        measure_coarse(blocks, pitch, c, wide, bends, planes[COARSE], cell - across, planes[SIGNAL], cell)
    finish_coarse(blocks, pitch, rows - 1, wide, bends, planes[COARSE], (rows - 1) * across)


@inner
def _begin(raw: Mosaic, columns: int, column: int, top: np.uint16, first: int, greens: Greens) -> None:
    """The first row of cells, and mirrored rows above it: row -1 is row 1."""
    start, stop = max(first - BEYOND, 0), min(first + STRIP + BEYOND, columns // 2)
    take_rest(raw, columns, 0, column, top, first, start, stop, start, greens)
    for k in range(PITCH):
        for r in range(ABOVE):
            greens[r * PITCH + k] = greens[(2 * ABOVE - r) * PITCH + k]


@inner
def _measure_strip(
    raw: Mosaic, columns: int, c: int, rows: int, first: int, size: int, column: int, top: np.uint16, black: Row,
    greens: Greens, upper: Row, lower: Row, planes: Planes, cell: int,
) -> None:  # fmt: skip
    """Of row of cells c; LANES behind what is measured the greens of the next, if any, take the place of those of c."""
    more = c + 1 < rows
    start, stop = max(first - BEYOND, 0), min(first + STRIP + BEYOND, columns // 2)
    source, to = FOCUS_CELL * (c + 1) * columns + 2 * start, ABOVE * PITCH + FIRST + start - first
    for at in range(0, size, LANES):
        _measure_fine(greens, FIRST + at, planes, cell + at // 4)
        row = ABOVE * PITCH + FIRST + at
        _measure_light(greens, row, 1 - column, black, upper, lower, at // 2, planes[PEAK], cell + at // 4)
        for r in range(2 * FOCUS_CELL):  # what was fetched for a row of cells ago is no longer in the nearest cache
            fetch(raw, source + 2 * at + r * columns)
            fetch(raw, source + 2 * at + r * columns + EACH)
        if more:
            raise_some(greens, FIRST + at - LANES // 2)
            if at:
                take_some(raw, columns, source + 2 * (at - LANES), column, top, greens, to + at - LANES)
    if more:
        last = (size - 1) // LANES * LANES
        raise_some(greens, FIRST + last + LANES // 2)
        take_rest(raw, columns, c + 1, column, top, first, start, stop, start + last, greens)


@inner
def _measure_fine(greens: Greens, place: int, planes: Planes, cell: int) -> None:
    """Of every other row its differences, squared and added."""
    twos, fours = _differ(greens, place)
    for r in range(2, FOCUS_CELL, 2):
        more, yet_more = _differ(greens, place + r * PITCH)
        twos, fours = twos + more, fours + yet_more
    cells = add_pairs(as_float(joined(twos, fours)))
    store(first_half(cells), planes[FINE], cell)
    store(second_half(cells), planes[MIDDLE], cell)


@inner
def _differ(greens: Greens, a: int) -> tuple[Lanes, Lanes]:
    """Of the greens of row d, by the three rows above it, from a on, and the one below: twos, fours; both diagonals.

    The twos are each the difference of a green and that of its neighbour across; the fours of two more. With left and
    right the greens left and right above a green `here`, and top that straight above, behind both: falling differences
    of here and right are 2 here - left - (below right) and 2 right - top - (after here), rising ones of here and left
    2 here - right - (below left) and 2 left - top - (before here). The fours also have those of left and top, or of
    right and top.
    """
    b, c, d, e = a + PITCH, a + 2 * PITCH, a + 3 * PITCH, a + 4 * PITCH
    here, top, left, right = load32(greens, d), load32(greens, b), load32(greens, c), load32(greens, c + 1)
    with_right, with_left, top_and_left, top_and_right = here + right, here + left, left + top, right + top
    falling = with_right - (load32(greens, e + 1) + load32(greens, d + 1))
    rising = with_left - (load32(greens, e) + load32(greens, d - 1))
    falling_four = falling + (top_and_left - (load32(greens, b - 1) + load32(greens, a)))
    rising_four = rising + (top_and_right - (load32(greens, b + 1) + load32(greens, a + 1)))
    falling_two, rising_two = falling + (with_right - top_and_left), rising + (with_left - top_and_right)
    return (
        add_squared_pairs(falling_two) + add_squared_pairs(rising_two),
        add_squared_pairs(falling_four) + add_squared_pairs(rising_four),
    )


@inner
def _measure_light(
    greens: Greens, here: int, odd: int, black: Row, upper: Row, lower: Row, block: int, peak: Row, cell: int
) -> None:
    """Blocks of both halves of the rows, and the highest of all; odd: how much further odd rows stand.

    Four values of 12 bits fit an int16.
    """
    n = here + odd
    a, c = load32(greens, here), load32(greens, here + 2 * PITCH)
    e, g = load32(greens, here + 4 * PITCH), load32(greens, here + 6 * PITCH)
    b, d = load32(greens, n + PITCH), load32(greens, n + 3 * PITCH)
    f, h = load32(greens, n + 5 * PITCH), load32(greens, n + 7 * PITCH)
    first, second = as_float(add_pairs(a + c + (b + d))), as_float(add_pairs(e + g + (f + h)))
    all_black = filled(np.float32(4) * (black[0] + black[1]), first)
    store(first - all_black, upper, block)
    store(second - all_black, lower, block)
    even = as_float(highest_of_pairs(highest(highest(a, c), highest(e, g))))
    uneven = as_float(highest_of_pairs(highest(highest(b, d), highest(f, h))))
    both = highest(even - filled(black[0], even), uneven - filled(black[1], uneven))
    store(highest_of_pairs(both), peak, cell)
