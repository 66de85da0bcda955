"""Detail of each cell of a mosaic, its brightness and its highest value: numba kernels; pure.

What `detail.py` says of them is done here on strips of columns whose rows of greens stay in a processor's nearest
cache, a row of cells at a time. Sums of second differences are written out as sums of the greens themselves; the black
level cancels in them. With values of 12 bits all of it fits 16 bits, which are twice as many at a time as 32: four
greens less four others are never beyond 4 * 4095. Loops run over whole chunks: what lies beyond a strip's last green is
computed along and never read. Nothing but the cells themselves is written to memory: the blocks that coarse detail is
measured by (`coarse_detail.py`) stay in the cache as well.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.coarse_detail import KEPT, copy, measure_coarse, sum_blocks
from device.frame import FOCUS_CELL
from device.green_rows import FIRST, take_greens
from device.kernel import inner, kernel
from device.prefetch import fetch_all

Cells = NDArray[np.float32]  # (rows // 8, columns // 8)
Row = NDArray[Any]  # int16 or float32; of squares uint32 or float32
Rows = NDArray[Any]  # (rows, columns), or (strips, rows, columns)
Value = np.int16 | np.float32  # of a Row
Pairs = NDArray[np.uint32]  # (rows, columns // 2): two photosites each, the left one in the low half

TWELVE_BITS = 4095
CHUNK = 128  # greens
STRIP = 1024
PITCH = STRIP + 2 * CHUNK
ABOVE = 3  # rows of greens that are kept from the row of cells above

TWOS, FOURS = range(2)  # rows of squares: each of two greens, at most 8 * (4 * 4095) ** 2 together, a uint32
UPPER, LOWER, EVEN, ODD = range(4)  # lines of a row of cells: sums of its halves' rows, highest of rows


@kernel("void(u4[:, ::1], i8, f4[::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1])")
def measure_twelve_bits(
    pairs: Pairs, column: int, black: Row, fine: Cells, middle: Cells, coarse: Cells, signal: Cells, peak: Cells
) -> None:
    """Of a mosaic whose values beyond TWELVE_BITS are clipped in any case.

    column: 0 or 1, of the even rows' green; black: of the even and of the odd rows' green.
    """
    strips = -(-fine.shape[1] * FOCUS_CELL // (2 * STRIP))
    greens, lines = np.zeros((strips, ABOVE + FOCUS_CELL, PITCH), np.int16), np.zeros((8, PITCH), np.int16)
    squares = np.zeros((2, PITCH // 2), np.uint32)
    _measure(pairs, column, np.uint16(TWELVE_BITS), black, greens, lines, squares, fine, middle, coarse, signal, peak)


@kernel("void(u4[:, ::1], i8, f4[::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1])")
def measure_sixteen_bits(
    pairs: Pairs, column: int, black: Row, fine: Cells, middle: Cells, coarse: Cells, signal: Cells, peak: Cells
) -> None:
    """The same of any mosaic."""
    strips = -(-fine.shape[1] * FOCUS_CELL // (2 * STRIP))
    greens, lines = np.zeros((strips, ABOVE + FOCUS_CELL, PITCH), np.float32), np.zeros((8, PITCH), np.float32)
    squares = np.zeros((2, PITCH // 2), np.float32)
    _measure(pairs, column, np.uint16(65535), black, greens, lines, squares, fine, middle, coarse, signal, peak)


@inner
def _measure(
    pairs: Pairs, column: int, top: np.uint16, black: Row, greens: Rows, lines: Rows, squares: Rows,
    fine: Cells, middle: Cells, coarse: Cells, signal: Cells, peak: Cells,
) -> None:  # fmt: skip
    """Row of cells by row of cells, strip by strip: so that a mosaic is read as it lies in the memory."""
    columns, wide = fine.shape[1], pairs.shape[1] // 2
    line, blocks = np.empty(PITCH // 2, np.float32), np.zeros((KEPT, greens.shape[0] * STRIP // 2 + PITCH), np.float32)
    bends = np.zeros(-(-wide // (CHUNK // 2)) * (CHUNK // 2), np.float32)
    for c in range(fine.shape[0]):
        for s in range(greens.shape[0]):
            left = s * (STRIP // 4)
            right, rows = min(left + STRIP // 4, columns), greens[s]
            first, size = 4 * left, 4 * (right - left)
            padded = -(-size // CHUNK) * CHUNK
            _take_rows(pairs, c, column, top, first, size, rows)
            _measure_fine(pairs, c, first, padded, rows, lines, squares)
            _sum_squares(squares[TWOS], padded, line, fine[c, left:right])
            _sum_squares(squares[FOURS], padded, line, middle[c, left:right])
            if right == columns and wide > 2 * columns:  # half a cell more has a block
                padded = -(-(size + 2) // CHUNK) * CHUNK
            _gather(rows[ABOVE:], column, padded, lines)
            for half in range(2):
                sum_blocks(lines[half], black, padded // 2, blocks[2 * (c & 1) + half, 1 + 2 * left :])
            _find_peak(lines[EVEN], lines[ODD], black, padded, line, peak[c, left:right])
        measure_coarse(blocks, c, wide, bends, coarse, signal)


@inner
def _take_rows(pairs: Pairs, c: int, column: int, top: np.uint16, first: int, size: int, greens: Rows) -> None:
    """Those of a row of cells, and of the rows above what the row of cells before had, or mirrored ones."""
    for k in range(ABOVE):
        if c == 0:
            take_greens(pairs[ABOVE - k], k - ABOVE, column, top, first, size, greens[k])
        else:
            copy(greens[FOCUS_CELL + k], greens[k, : size + 2 * FIRST])
    for k in range(FOCUS_CELL):
        i = FOCUS_CELL * c + k
        take_greens(pairs[i], i, column, top, first, size, greens[ABOVE + k])


@inner
def _measure_fine(pairs: Pairs, c: int, first: int, size: int, greens: Rows, lines: Rows, squares: Rows) -> None:
    """Of every other row its differences, of two of them at a time, while the next row of cells is fetched.

    Not a whole row at once: of 32 cache lines together most came as late as if they had not been fetched.
    """
    rows, half = pairs.shape
    for r in range(0, FOCUS_CELL, 4):
        i = FOCUS_CELL * (c + 1) + r
        one, two = pairs[min(i, rows - 1)], pairs[min(i + 1, rows - 1)]
        three, four = pairs[min(i + 2, rows - 1)], pairs[min(i + 3, rows - 1)]
        for at in range(0, size, CHUNK):
            start, stop = min(first + at, half), min(first + at + CHUNK, half)
            middle = (start + stop) // 2
            fetch_all(one[start:stop])
            _differ(
                greens[r, at:], greens[r + 1, at:], greens[r + 2, at:], greens[r + 3, at:],
                greens[r + 4, at:], greens[r + 5, at:], greens[r + 6, at:], lines,
            )  # fmt: skip
            fetch_all(two[start:stop])
            fetch_all(three[start:middle])
            _add_squares(lines[0], lines[1], lines[4], lines[5], squares[TWOS, at // 2 :])
            fetch_all(three[middle:stop])
            fetch_all(four[start:stop])
            _add_squares(lines[2], lines[3], lines[6], lines[7], squares[FOURS, at // 2 :])


@inner
def _differ(a: Row, b: Row, c: Row, d: Row, e: Row, f: Row, g: Row, lines: Rows) -> None:
    """Of rows d and f, each with the three above it and the one below; much that is loaded for one serves both.

    lines: of d the falling and the rising twos, then the fours likewise; then those of f.
    """
    kind = lines.dtype.type
    p, q, r, s = lines[0], lines[1], lines[2], lines[3]
    t, u, v, w = lines[4], lines[5], lines[6], lines[7]
    for k in range(CHUNK):
        m = k + FIRST
        p[k], q[k], r[k], s[k] = _differences(
            a[m], a[m + 1], b[m - 1], b[m], b[m + 1], c[m], c[m + 1], d[m - 1], d[m], d[m + 1], e[m], e[m + 1], kind
        )
        t[k], u[k], v[k], w[k] = _differences(
            c[m], c[m + 1], d[m - 1], d[m], d[m + 1], e[m], e[m + 1], f[m - 1], f[m], f[m + 1], g[m], g[m + 1], kind
        )


@inner
def _differences(
    highest: Value, beside_highest: Value, left: Value, e: Value, right: Value, a: Value, b: Value,
    before: Value, h: Value, after: Value, below_left: Value, below_right: Value, kind: type[Any],
) -> tuple[Value, Value, Value, Value]:  # fmt: skip
    """The twos are each the difference of a green h and that of its neighbour across; the fours of two more.

    With a and b the greens left and right above h and e that straight above, behind a and b: falling differences of h
    and b are 2 h - a - (below right) and 2 b - e - (after h), rising ones of h and a 2 h - b - (below left) and
    2 a - e - (before h). The fours also have those of a and e, or of b and e.
    """
    with_b, with_a, a_and_e, b_and_e = kind(h + b), kind(h + a), kind(a + e), kind(b + e)
    falling, rising, four = kind(below_right + after), kind(below_left + before), kind(kind(h + b) + a_and_e)
    return (
        kind(kind(with_b + with_b) - kind(a_and_e + falling)),
        kind(kind(with_a + with_a) - kind(b_and_e + rising)),
        kind(kind(four - falling) - kind(left + highest)),
        kind(kind(four - rising) - kind(right + beside_highest)),
    )


@inner
def _add_squares(one: Row, two: Row, three: Row, four: Row, squares: Row) -> None:
    kind = squares.dtype.type
    for k in range(CHUNK // 2):
        total = kind(squares[k] + _squared(one, k, kind))
        total = kind(total + _squared(two, k, kind))
        total = kind(total + _squared(three, k, kind))
        squares[k] = kind(total + _squared(four, k, kind))


@inner
def _squared(row: Row, k: int, kind: type[Any]) -> np.uint32 | np.float32:
    """Of two neighbours together: some processors have one operation for just that."""
    left, right = kind(row[2 * k]), kind(row[2 * k + 1])
    value: np.uint32 | np.float32 = kind(kind(left * left) + kind(right * right))
    return value


@inner
def _sum_squares(squares: Row, size: int, line: Row, cells: Row) -> None:
    """And begin anew."""
    for k in range(size // 4):
        line[k] = np.float32(squares[2 * k]) + np.float32(squares[2 * k + 1])
    squares[: size // 2] = squares.dtype.type(0)
    copy(line, cells)


@inner
def _gather(rows: Rows, column: int, size: int, lines: Rows) -> None:
    """Of eight rows the sums of each half, and the highest of the even and of the odd ones, column by column.

    Four values of 12 bits fit an int16, and eight do, too.
    """
    kind, odd = rows.dtype.type, FIRST + 1 - column
    a, c, e, g = rows[0, FIRST:], rows[2, FIRST:], rows[4, FIRST:], rows[6, FIRST:]
    b, d, f, h = rows[1, odd:], rows[3, odd:], rows[5, odd:], rows[7, odd:]
    upper, lower, even, uneven = lines[UPPER], lines[LOWER], lines[EVEN], lines[ODD]
    for k in range(size):
        upper[k] = kind(kind(a[k] + c[k]) + kind(b[k] + d[k]))
        lower[k] = kind(kind(e[k] + g[k]) + kind(f[k] + h[k]))
        even[k] = max(a[k], c[k], e[k], g[k])
        uneven[k] = max(b[k], d[k], f[k], h[k])


@inner
def _find_peak(even: Row, odd: Row, black: Row, size: int, line: Row, peak: Row) -> None:
    for k in range(size // 4):
        in_even = max(even[4 * k], even[4 * k + 1], even[4 * k + 2], even[4 * k + 3])
        in_odd = max(odd[4 * k], odd[4 * k + 1], odd[4 * k + 2], odd[4 * k + 3])
        line[k] = max(np.float32(in_even) - black[0], np.float32(in_odd) - black[1])
    copy(line, peak)
