"""Fine and middle detail of each cell of a mosaic, its brightness and its highest value: numba kernels; pure.

What `detail.py` says of them is done here on strips of columns whose rows of greens stay in a processor's nearest
cache, a row of cells at a time. Sums of second differences are written out as sums of the greens themselves; the black
level cancels in them. With values of 12 bits all of it fits 16 bits, which are twice as many at a time as 32: four
greens less four others are never beyond 4 * 4095. Loops run over whole chunks: what lies beyond a strip's last green is
computed along and never read.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.frame import FOCUS_CELL
from device.kernel import inner, kernel
from device.prefetch import fetch_all

Cells = NDArray[np.float32]  # (rows // 8, columns // 8)
Row = NDArray[Any]  # int16 or float32; of squares uint32 or float32
Rows = NDArray[Any]
Pairs = NDArray[np.uint32]  # (rows, columns // 2): two photosites each, the left one in the low half

TWELVE_BITS = 4095
BLOCK = 4  # photosites each way whose greens are one pixel of the coarse picture

BEYOND = 3  # greens beyond either end of a row, mirrored: as far as the widest filter reaches
FIRST = 32  # place of the first green in a row, aligned as loads of many at a time like it
CHUNK = 256  # greens
STRIP = 1024
PITCH = STRIP + 2 * CHUNK
ABOVE = 3  # rows of greens that are kept from the row of cells above
AHEAD = 8  # rows that are fetched into the cache before they are read

TWOS, FOURS = range(2)  # rows of squares: each of two greens, at most 8 * (4 * 4095) ** 2 together, a uint32


@kernel("void(u4[:, ::1], i8, f4[::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1])")
def measure_twelve_bits(
    pairs: Pairs, column: int, black: Row, fine: Cells, middle: Cells, peak: Cells, blocks: Cells
) -> None:
    """Of a mosaic whose values beyond TWELVE_BITS are clipped in any case.

    column: 0 or 1, of the even rows' green; black: of the even and of the odd rows' green; blocks: sums of dn - black
    over the greens of BLOCK x BLOCK photosites, two rows of them for each row of cells.
    """
    greens, lines = np.zeros((ABOVE + FOCUS_CELL, PITCH), np.int16), np.zeros((4, PITCH), np.int16)
    squares = np.zeros((2, PITCH // 2), np.uint32)
    _measure(pairs, column, np.uint16(TWELVE_BITS), black, greens, lines, squares, fine, middle, peak, blocks)


@kernel("void(u4[:, ::1], i8, f4[::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1])")
def measure_sixteen_bits(
    pairs: Pairs, column: int, black: Row, fine: Cells, middle: Cells, peak: Cells, blocks: Cells
) -> None:
    """The same of any mosaic."""
    greens, lines = np.zeros((ABOVE + FOCUS_CELL, PITCH), np.float32), np.zeros((4, PITCH), np.float32)
    squares = np.zeros((2, PITCH // 2), np.float32)
    _measure(pairs, column, np.uint16(65535), black, greens, lines, squares, fine, middle, peak, blocks)


@inner
def _measure(
    pairs: Pairs, column: int, top: np.uint16, black: Row, greens: Rows, lines: Rows, squares: Rows,
    fine: Cells, middle: Cells, peak: Cells, blocks: Cells,
) -> None:  # fmt: skip
    """Strip by strip, row of cells by row of cells."""
    line = np.empty(PITCH // 2, np.float32)
    for left in range(0, fine.shape[1], STRIP // 4):
        right = min(left + STRIP // 4, fine.shape[1])
        first, size = 4 * left, 4 * (right - left)
        end = 2 * right if right < fine.shape[1] else blocks.shape[1]  # half a cell more has a block
        for i in range(-ABOVE, 0):
            _take_greens(pairs[-i], i, column, top, first, size, greens[i + ABOVE])
        for c in range(fine.shape[0]):
            _measure_fine(pairs, c, column, top, first, size, greens, lines, squares)
            _sum_squares(squares[TWOS], line, fine[c, left:right])
            _sum_squares(squares[FOURS], line, middle[c, left:right])
            for half in range(2):
                rows = greens[ABOVE + BLOCK * half : ABOVE + BLOCK * half + BLOCK]
                _sum_blocks(rows, column, black, lines[0], line, blocks[2 * c + half, 2 * left : end])
            _find_peak(greens[ABOVE:], column, black, lines, line, peak[c, left:right])
            for k in range(ABOVE):
                _copy(greens[FOCUS_CELL + k], greens[k])


@inner
def _measure_fine(
    pairs: Pairs, c: int, column: int, top: np.uint16, first: int, size: int, greens: Rows, lines: Rows, squares: Rows
) -> None:
    """Rows of greens in pairs; of each pair the upper one's differences, now that the row below it is there too."""
    rows, half = pairs.shape
    for k in range(0, FOCUS_CELL, 2):
        i, r = FOCUS_CELL * c + k, ABOVE + k
        _take_greens(pairs[i], i, column, top, first, size, greens[r])
        _take_greens(pairs[i + 1], i + 1, column, top, first, size, greens[r + 1])
        even, odd = pairs[min(i + AHEAD, rows - 1)], pairs[min(i + AHEAD + 1, rows - 1)]
        for at in range(0, size, CHUNK):
            start, stop = min(first + at, half), min(first + at + CHUNK, half)
            fetch_all(even[start:stop])
            _differ(
                greens[r - 3, at:], greens[r - 2, at:], greens[r - 1, at:], greens[r, at:], greens[r + 1, at:],
                lines[0, at:], lines[1, at:], lines[2, at:], lines[3, at:],
            )  # fmt: skip
            fetch_all(odd[start:stop])
            _square(lines[0, at:], squares[TWOS, at // 2 :])
            _square(lines[1, at:], squares[TWOS, at // 2 :])
            _square(lines[2, at:], squares[FOURS, at // 2 :])
            _square(lines[3, at:], squares[FOURS, at // 2 :])


@inner
def _take_greens(
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


@inner
def _differ(
    highest: Row, higher: Row, above: Row, here: Row, under: Row,
    falling_twos: Row, rising_twos: Row, falling_fours: Row, rising_fours: Row,
) -> None:  # fmt: skip
    """The twos are each the difference of a green h of `here` and that of its neighbour across; the fours of two more.

    With a and b the greens left and right above h, c and d those below, and e that straight above, behind a and b:
    falling differences of h and b are 2 h - a - d and 2 b - e - (the one right of h), rising ones of h and a
    2 h - b - c and 2 a - e - (the one left of h). The fours also have those of a and e, or of b and e.
    """
    kind = here.dtype.type
    for k in range(CHUNK):
        m = k + FIRST
        a, b, e, h = above[m], above[m + 1], higher[m], here[m]
        with_b, with_a, a_and_e, b_and_e = kind(h + b), kind(h + a), kind(a + e), kind(b + e)
        falling, rising = kind(under[m + 1] + here[m + 1]), kind(under[m] + here[m - 1])
        four = kind(with_b + a_and_e)
        falling_fours[k] = kind(kind(four - falling) - kind(higher[m - 1] + highest[m]))
        rising_fours[k] = kind(kind(four - rising) - kind(higher[m + 1] + highest[m + 1]))
        falling_twos[k] = kind(kind(with_b + with_b) - kind(a_and_e + falling))
        rising_twos[k] = kind(kind(with_a + with_a) - kind(b_and_e + rising))


@inner
def _square(differences: Row, squares: Row) -> None:
    """Of two neighbours together: processors have one operation for just that, if nothing else is added with them."""
    kind = squares.dtype.type
    for k in range(CHUNK // 2):
        left, right = kind(differences[2 * k]), kind(differences[2 * k + 1])
        squares[k] += kind(kind(left * left) + kind(right * right))


@inner
def _sum_squares(squares: Row, line: Cells, cells: Cells) -> None:
    """And begin anew."""
    padded = -(-cells.size // (CHUNK // 4)) * (CHUNK // 4)
    for k in range(padded):
        line[k] = np.float32(squares[2 * k]) + np.float32(squares[2 * k + 1])
    squares[: 2 * padded] = squares.dtype.type(0)
    _copy(line, cells)


@inner
def _sum_blocks(rows: Rows, column: int, black: Row, sums: Row, line: Row, blocks: Row) -> None:
    """Of four rows; eight values of 12 bits fit an int16, too."""
    kind, padded, odd = sums.dtype.type, -(-blocks.size // (CHUNK // 2)) * (CHUNK // 2), FIRST + 1 - column
    a, b, c, d = rows[0, FIRST:], rows[1, odd:], rows[2, FIRST:], rows[3, odd:]
    for k in range(2 * padded):
        sums[k] = kind(kind(a[k] + c[k]) + kind(b[k] + d[k]))
    all_black = np.float32(4) * (black[0] + black[1])
    for k in range(padded):
        line[k] = np.float32(kind(sums[2 * k] + sums[2 * k + 1])) - all_black
    _copy(line, blocks)


@inner
def _find_peak(rows: Rows, column: int, black: Row, lines: Rows, line: Row, peak: Row) -> None:
    padded, odd = -(-peak.size // (CHUNK // 4)) * (CHUNK // 4), FIRST + 1 - column
    _take_highest(rows[0, FIRST:], rows[2, FIRST:], rows[4, FIRST:], rows[6, FIRST:], 4 * padded, lines[0])
    _take_highest(rows[1, odd:], rows[3, odd:], rows[5, odd:], rows[7, odd:], 4 * padded, lines[1])
    even_row, odd_row = lines[0], lines[1]
    for k in range(padded):
        in_even = max(even_row[4 * k], even_row[4 * k + 1], even_row[4 * k + 2], even_row[4 * k + 3])
        in_odd = max(odd_row[4 * k], odd_row[4 * k + 1], odd_row[4 * k + 2], odd_row[4 * k + 3])
        line[k] = max(np.float32(in_even) - black[0], np.float32(in_odd) - black[1])
    _copy(line, peak)


@inner
def _take_highest(a: Row, b: Row, c: Row, d: Row, size: int, highest: Row) -> None:
    for k in range(size):
        highest[k] = max(a[k], b[k], c[k], d[k])


@inner
def _copy(row: Row, out: Row) -> None:
    for k in range(out.size):
        out[k] = row[k]
