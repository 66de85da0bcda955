"""How much detail each cell of a mosaic has, on three scales. numba kernels over the greens, row by row; pure.

Fine detail is measured by second differences along both diagonals of the greens, [-1, 2, -1], never of one site
alone. Each is added to its neighbour's across the diagonal, so that whatever sets one green apart from the other
cancels: the crosstalk of red and blue, which differs from corner to corner. Both once more added to their neighbours'
along it are the middle scale: nearly as fine, less noisy, and the first to be left when blur takes the fine detail.
Coarse detail is the same in a picture of a quarter of the size: a blur of a few photosites leaves it as it is.

All are squared: sums of squares of noise are known exactly, however many cells are taken together, and weak detail
stands out of noise as well as it can. Filters overlap, so of the finer two every other row tells nearly all: leaving
the others out makes what noise adds vary by 6 % more, and takes a quarter less time.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from device.frame import CHANNELS, FOCUS_CELL, Cfa, Levels, Raw
from device.kernel import inner, kernel

Cells = NDArray[np.float32]  # (rows // 8, columns // 8)
Row = NDArray[np.float32]
Pairs = NDArray[np.uint32]  # (rows, columns // 2): two photosites each, the left one in the low half

BEYOND = 3  # greens beyond either end of a row, mirrored: as far as the widest filter reaches
BLOCK = 4  # photosites each way whose greens are one pixel of the coarse picture


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
    rows, columns = raw.shape[0] // 2 * 2, raw.shape[1] // 2 * 2
    shape = (rows // FOCUS_CELL, columns // FOCUS_CELL)
    fine, middle, coarse, signal, peak = (np.zeros(shape, np.float32) for _ in range(5))
    if fine.size:
        column, black = _greens(cfa, levels)
        blocks = np.empty((shape[0] * 2, columns // BLOCK), np.float32)
        _fine(np.ascontiguousarray(raw[:rows, :columns]).view(np.uint32), column, black, fine, middle, peak, blocks)
        _coarse(blocks, coarse, signal)
    return Detail(fine, middle, coarse, signal, peak)


def _greens(cfa: Cfa, levels: Levels) -> tuple[int, Row]:
    """The column (0 or 1) of the even rows' green, and the black of the even and of the odd rows' green."""
    column = 1 if cfa.pattern[0, 0] in (CHANNELS.index("R"), CHANNELS.index("B")) else 0
    even, odd = cfa.pattern[0, column], cfa.pattern[1, 1 - column]
    return column, np.array([levels.black[even], levels.black[odd]], np.float32)


@kernel("void(u4[:, ::1], i8, f4[::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1])")
def _fine(pairs: Pairs, column: int, black: Row, fine: Cells, middle: Cells, peak: Cells, blocks: Cells) -> None:
    """Greens and differences of three rows are kept: by the row's number modulo 3, below 0 those of the mirrored ones.

    `shift` is 1 where a row's greens stand one photosite further right than in the rows above and below it.
    """
    rows, half = pairs.shape
    greens = np.empty((3, half + 2 * BEYOND), np.float32)
    f, r = np.empty((3, half + 4), np.float32), np.empty((3, half + 4), np.float32)  # falling and rising differences
    twos, fours = np.zeros(half, np.float32), np.zeros(half, np.float32)
    sums, highest = np.zeros(half, np.float32), np.zeros(half, np.float32)
    for i in (-3, -2):
        _take_greens(pairs[-i], (column + i) & 1, black[i & 1], greens[i % 3])
    for i in range(-2, fine.shape[0] * FOCUS_CELL):
        shift, below = (column + i) & 1, _mirrored(i + 1, rows)
        here, above, under = i % 3, (i + 2) % 3, (i + 1) % 3
        _take_greens(pairs[below], 1 - shift, black[below & 1], greens[under])
        if i >= 0:
            _add(greens[here][BEYOND:], sums, highest)
            if i % BLOCK == BLOCK - 1:
                _sum_pairs(sums, blocks[i // BLOCK])
        _differ(greens[above][shift:], greens[here], greens[under][shift:], f[here], r[here])
        if i >= 0 and i & 1 == 0:
            _gather_twos(f[here], f[above][shift:], r[here], r[above][shift:], twos)
            _gather_fours(f[here], f[above][shift:], f[under], r[here], r[above][shift:], r[under], fours)
        if i >= 0 and i % FOCUS_CELL == FOCUS_CELL - 1:
            _sum_fours(twos, fine[i // FOCUS_CELL])
            _sum_fours(fours, middle[i // FOCUS_CELL])
            _top_fours(highest, peak[i // FOCUS_CELL])


@inner
def _mirrored(i: int, rows: int) -> int:
    return abs(i) if i < rows else 2 * rows - 2 - i


@inner
def _take_greens(row: NDArray[np.uint32], column: int, black: np.float32, greens: Row) -> None:
    """Mirrored at both ends, which keeps the colours in their places: column -1 is column 1.

    A shift by a constant of the row and a cast: a third of the time that loads of every other photosite take.
    """
    inner, bits = greens[BEYOND:-BEYOND], np.uint32(16 * column)
    for k in range(inner.size):
        inner[k] = np.float32(np.uint16(row[k] >> bits)) - black
    last = inner.size - 1
    for k in range(1, BEYOND + 1):
        greens[BEYOND - k] = greens[BEYOND + k - column]
        greens[BEYOND + last + k] = greens[BEYOND + last + 1 - k - column]


@inner
def _differ(above: Row, here: Row, under: Row, falling: Row, rising: Row) -> None:
    """Along both diagonals; above[k] and above[k + 1] are the upper left and upper right neighbours of here[k + 1]."""
    for k in range(falling.size):
        twice = here[k + 1] + here[k + 1]
        falling[k] = twice - above[k] - under[k + 1]
        rising[k] = twice - above[k + 1] - under[k]


@inner
def _gather_twos(f_here: Row, f_above: Row, r_here: Row, r_above: Row, twos: Row) -> None:
    """Sums of two differences; [k + 1] of the row above is the upper left, [k + 2] the upper right one."""
    for k in range(twos.size):
        falling, rising = f_here[k + 2] + f_above[k + 2], r_here[k + 2] + r_above[k + 1]
        twos[k] += falling * falling + rising * rising


@inner
def _gather_fours(
    f_here: Row, f_above: Row, f_beyond: Row, r_here: Row, r_above: Row, r_beyond: Row, fours: Row
) -> None:
    """Likewise sums of four; in a loop of its own, as compilers give up on too many rows that might overlap."""
    for k in range(fours.size):
        falling = f_here[k + 2] + f_above[k + 2] + (f_above[k + 1] + f_beyond[k + 2])
        rising = r_here[k + 2] + r_above[k + 1] + (r_above[k + 2] + r_beyond[k + 2])
        fours[k] += falling * falling + rising * rising


@inner
def _add(row: Row, sums: Row, highest: Row) -> None:
    for k in range(sums.size):
        sums[k] += row[k]
        highest[k] = row[k] if row[k] > highest[k] else highest[k]


@inner
def _sum_pairs(row: Row, sums: Row) -> None:
    """And begin anew."""
    for k in range(sums.size):
        sums[k] = row[2 * k] + row[2 * k + 1]
    row[:] = np.float32(0)


@inner
def _sum_fours(row: Row, cells: Row) -> None:
    """And begin anew."""
    for k in range(cells.size):
        cells[k] = row[4 * k] + row[4 * k + 1] + row[4 * k + 2] + row[4 * k + 3]
    row[:] = np.float32(0)


@inner
def _top_fours(row: Row, cells: Row) -> None:
    """And begin anew."""
    for k in range(cells.size):
        cells[k] = max(row[4 * k], row[4 * k + 1], row[4 * k + 2], row[4 * k + 3])
    row[:] = np.float32(0)


@kernel("void(f4[:, ::1], f4[:, ::1], f4[:, ::1])")
def _coarse(blocks: Cells, energy: Cells, signal: Cells) -> None:
    """The blocks are mirrored at their borders too: block -1 is block 1."""
    rows, columns = blocks.shape
    total = np.zeros(columns, np.float32)
    for i in range(rows):
        above, below = blocks[abs(i - 1)], blocks[_mirrored(i + 1, rows)]
        _bend(above, blocks[i], below, total)
        if i & 1:
            _sum_twos(total, energy[i // 2])
            total[:] = np.float32(0)
            _sum_twos(blocks[i - 1], signal[i // 2])
            _sum_twos(blocks[i], signal[i // 2])


@inner
def _bend(above: Row, here: Row, below: Row, total: Row) -> None:
    last = here.size - 1
    left, middle, right = here[:-2], here[1:-1], here[2:]
    up, down, inner = above[1:-1], below[1:-1], total[1:-1]
    for k in range(middle.size):
        twice = middle[k] + middle[k]
        across, along = twice - left[k] - right[k], twice - up[k] - down[k]
        inner[k] += across * across + along * along
    for k, beside in ((0, 1), (last, last - 1)):
        twice = here[k] + here[k]
        across, along = twice - here[beside] - here[beside], twice - above[k] - below[k]
        total[k] += across * across + along * along


@inner
def _sum_twos(row: Row, cells: Row) -> None:
    for k in range(cells.size):
        cells[k] += row[2 * k] + row[2 * k + 1]
