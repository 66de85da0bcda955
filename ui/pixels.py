"""From preview planes to the panel's pixels: scaling, colour, zebra and peaking in one pass. numba kernels; pure.

The frame job works row by row: the rows it needs stay in the first-level cache between its steps (kernels.md
section 3).
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import Plane
from device.kernel import inner, kernel
from device.narrow import add, subtract
from device.prefetch import fetch_all
from ui.chroma import BLUE_LESS, BLUE_MORE, GREEN_LESS, GREEN_MORE, PITCH, RED_LESS, RED_MORE, changes
from ui.mark_rows import BYTES, NUMBERS, PROGRESS, TURNS, mark_row
from ui.scaling import Taps, interpolate
from ui.stripe import Index, Words, any_in, stripe

Spans = NDArray[np.int32]  # see mark_rows


@inner
def _change_row(
    u: Plane, v: Plane, r: int, same: bool, rows: Taps, columns: Taps, line: NDArray[np.uint16],  # noqa: FBT001 - no keywords in kernels
    cb: NDArray[np.uint8], cr: NDArray[np.uint8], change: NDArray[np.uint8],
) -> None:  # fmt: skip
    """What chroma adds to two rows of the output, scaled unless it is the same."""
    if same:
        changes(u[r], v[r], change)
        return
    k, weight = rows[0, r], rows[1, r]
    interpolate(u[k], u[k + np.uint32(1)], weight, columns, line, cb)
    interpolate(v[k], v[k + np.uint32(1)], weight, columns, line, cr)
    changes(cb, cr, change)


@inner
def _compose(luma: NDArray[np.uint8], change: NDArray[np.uint8], out: NDArray[np.uint8]) -> None:
    """Luma plus chroma to blue, green, red, 255."""
    for x in range(luma.size):
        y = luma[x]
        out[4 * x] = subtract(add(y, change[x + BLUE_MORE]), change[x + BLUE_LESS])
        out[4 * x + 1] = subtract(add(y, change[x + GREEN_MORE]), change[x + GREEN_LESS])
        out[4 * x + 2] = subtract(add(y, change[x + RED_MORE]), change[x + RED_LESS])
        out[4 * x + 3] = np.uint8(255)


@inner
def _threshold(marks: NDArray[np.uint8], level: int) -> None:
    """255 from that level on, 0 below, in place."""
    below = np.uint8(level - 1)
    for x in range(marks.size):
        marks[x] = np.uint8(255) if subtract(marks[x], below) != 0 else np.uint8(0)


@inner
def _scale_marks(
    upper: NDArray[np.uint8], lower: NDArray[np.uint8], weight: np.uint32, columns: Taps, level: int,
    line: NDArray[np.uint16], mask: NDArray[np.uint8],
) -> None:  # fmt: skip
    """Two rows of marks scaled to one, 255 or 0."""
    interpolate(upper, lower, weight, columns, line, mask)
    _threshold(mask, level)


@inner
def _compose_marked(
    luma: NDArray[np.uint8], change: NDArray[np.uint8], marks: NDArray[np.uint8], colour: np.uint32,
    out: NDArray[np.uint8],
) -> None:  # fmt: skip
    """The same with marks, 255 or 0, byte by byte: a choice between whole pixels is not vectorised."""
    n = np.uint8
    blue, green, red = n(colour), n(colour >> 8), n(colour >> 16)
    for x in range(luma.size):
        y, mark = luma[x], marks[x]
        b = subtract(add(y, change[x + BLUE_MORE]), change[x + BLUE_LESS])
        g = subtract(add(y, change[x + GREEN_MORE]), change[x + GREEN_LESS])
        r = subtract(add(y, change[x + RED_MORE]), change[x + RED_LESS])
        out[4 * x] = n(b ^ n(n(b ^ blue) & mark))
        out[4 * x + 1] = n(g ^ n(n(g ^ green) & mark))
        out[4 * x + 2] = n(r ^ n(n(r ^ red) & mark))
        out[4 * x + 3] = n(255)


@inner
def _compose_row(
    luma: NDArray[np.uint8], change: NDArray[np.uint8], marks: NDArray[np.uint8], has_marks: bool, colour: np.uint32,  # noqa: FBT001 - no keywords in kernels
    out: NDArray[np.uint8],
) -> None:  # fmt: skip
    if has_marks:
        _compose_marked(luma, change, marks, colour, out)
    else:
        _compose(luma, change, out)


@inner
def _is_of_size(plane: Plane, rows: Taps, columns: Taps) -> bool:
    """Whether nothing is to be scaled; then a row is taken as it lies."""
    return bool(rows.shape[1] == plane.shape[0] and columns.shape[1] == plane.shape[1])


@kernel(
    "void(u1[:, ::1], u1[:, ::1], u1[:, ::1], u4[:, ::1], u4[:, ::1], u4[:, ::1], u4[:, ::1], "
    "u1[:, ::1], u1[:, ::1], i4[:, ::1], i4[::1], i4[::1], u1[:, ::1], i8, u4, "
    "u1[:, ::1], i4[::1], i4[::1], u4[:, :, ::1], i8, "
    "u1[:, ::1], u4[:, ::1], i8, i8)"
)
def paint(
    y: Plane, u: Plane, v: Plane, rows: Taps, columns: Taps, half_rows: Taps, half_columns: Taps,
    sought: Plane, limits: Plane, spans: Spans, cell_rows: Index, firsts: Index,
    marks: Plane, level: int, colour: np.uint32,
    clipped: Plane, clipped_rows: Index, clipped_columns: Index,
    stripes: NDArray[np.uint32], phase: int, out: NDArray[np.uint8], words: Words, left: int, top: int,
) -> None:  # fmt: skip
    """The frame job: scale an I420 picture, convert it, lay zebra and peaking over it.

    Args:
        y: luma, (r, c) uint8.
        u: blue chroma, (r / 2, c / 2) uint8.
        v: red chroma, as u.
        rows: taps from y's rows to the output's.
        columns: taps from y's columns to the output's, 4096 at most.
        half_rows: taps from u's rows to half of the output's, rounded up.
        half_columns: taps from u's columns to half of the output's, rounded up.
        sought: luma in which marks are looked for, as y; (1, 1): not here,
        limits: and by what rule, see `mark_rows.mark_row`;
        spans: likewise;
        cell_rows: likewise;
        firsts: likewise.
        marks: peaking, (r, c) uint8, 255 where sharp; (1, 1): none. Where it is looked for here: that of the frame
            before, which is overwritten, and c is even.
        level: interpolated marks from here on are painted, 1 to 255.
        colour: the marks' pixel.
        clipped: (any, any) uint8, bits 1 = R, 2 = G, 4 = B.
        clipped_rows: the row of `clipped` under each output row.
        clipped_columns: likewise for columns.
        stripes: (8, period, period + CHUNK) uint32, per set of clipped channels and row, see `stripe.stripe`.
        phase: by how many pixels the stripes have moved.
        out: the panel, (rows, columns * 4) uint8; each pixel is blue, green, red, 255.
        words: the same memory, (rows, columns) uint32.
        left: column of the picture's left edge in it,
        top: and row of its upper one.
    """
    width, half, period = columns.shape[1], half_columns.shape[1], stripes.shape[1]
    same = _is_of_size(y, rows, columns) and _is_of_size(u, half_rows, half_columns)
    seeking, marked, striped = sought.size > 1, marks.size > 1, False
    seen = 0 if not marked else 1 if same else 2  # rows of marks in one of the output
    line = np.empty(max(y.shape[1], marks.shape[1]), np.uint16)
    scaled, scaled_marks = np.empty(width, np.uint8), np.empty(width, np.uint8)
    cb, cr, change = np.empty(half, np.uint8), np.empty(half, np.uint8), np.empty(6 * PITCH, np.uint8)
    some, progress = np.zeros(TURNS, np.bool_), np.full(PROGRESS, -1, np.int64)
    numbers, dark = np.empty(NUMBERS if seeking else 1, np.int16), np.empty(BYTES if seeking else 1, np.uint8)
    lines, pairs = np.empty(dark.size, np.uint8), marks.view(np.uint16) if seeking else np.empty((1, 1), np.uint16)
    for r in range(rows.shape[1]):
        upper = r if same else np.int64(rows[0, r])
        if r & 1 == 0:
            _change_row(u, v, r >> 1, same, half_rows, half_columns, line, cb, cr, change)
        if not same:
            interpolate(y[upper], y[upper + 1], rows[1, r], columns, line, scaled)
        luma = y[r] if same else scaled
        if r == 0 or clipped_rows[r] != clipped_rows[r - 1]:
            striped = any_in(clipped[clipped_rows[r]])
            fetch_all(clipped[clipped_rows[min(r + 1, rows.shape[1] - 1)]])
        for row in range(upper, upper + seen):
            if seeking:
                mark_row(
                    sought, limits, spans, cell_rows, firsts, row, progress, numbers, dark, lines, marks, pairs, some
                )
            else:
                some[row & (TURNS - 1)] = any_in(marks[row])
        has_marks = some[upper & (TURNS - 1)] | (some[(upper + 1) & (TURNS - 1)] & (seen == 2))
        mask = marks[upper if marked else 0]
        if has_marks and not same:
            _scale_marks(mask, marks[upper + 1], rows[1, r], columns, level, line, scaled_marks)
            mask = scaled_marks
        _compose_row(luma, change, mask, has_marks, colour, out[top + r][4 * left : 4 * (left + width)])
        if striped:
            lines_here, target = stripes[:, r & (period - 1)], words[top + r][left : left + width]
            stripe(clipped[clipped_rows[r]], clipped_columns, lines_here, phase, mask, has_marks, target)
