"""From preview planes to the panel's pixels: scaling, colour, zebra and peaking in one pass. numba kernels; pure.

The frame job works row by row: the rows it needs stay in the first-level cache between its steps (kernels.md
section 3).
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import Plane
from device.kernel import inner, kernel

Flags = NDArray[np.bool_]
Taps = NDArray[np.int32]  # (2, target): index of the left of two source samples, and the right one's weight of 128

# Full-range BT.601 (ITU-T T.871): red 1.402 Cr, green -0.344136 Cb - 0.714136 Cr, blue 1.772 Cb; in 1/64, as int16.
_CHROMA = np.arange(256) - 128
_RED = np.round(64 * 1.402 * _CHROMA).astype(np.int16)
_GREEN_U = np.round(64 * -0.344136 * _CHROMA).astype(np.int16)
_GREEN_V = np.round(64 * -0.714136 * _CHROMA).astype(np.int16)
_BLUE = np.round(64 * 1.772 * _CHROMA).astype(np.int16)


def taps(source: int, target: int) -> Taps:
    """Where `target` samples spread evenly over `source` samples read from: bilinear, edge to edge.

    Returns:
        (2, target) int32: index of the left neighbour, 0 to source - 2, and the right neighbour's weight, 0 to 128.
    """
    at = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
    left = np.minimum(np.floor(at), source - 2)
    return np.stack([left, np.round((at - left) * 128)]).astype(np.int32)


def nearest(source: int, target: int) -> NDArray[np.int32]:
    """(target,) int32: the source sample under the middle of each target sample."""
    return ((np.arange(target) * 2 + 1) * source // (2 * target)).astype(np.int32)


def shrunk(plane: Plane, factor: int) -> Plane:
    """The mean of each factor x factor block, rounded down; (rows // factor, columns // factor) uint8."""
    small = np.empty((plane.shape[0] // factor, plane.shape[1] // factor), np.uint8)
    _shrink(plane, factor, small)
    return small


@kernel("void(u1[:, ::1], i8, u1[:, ::1])")
def _shrink(plane: Plane, factor: int, small: Plane) -> None:
    rows, columns = small.shape
    sums = np.empty(plane.shape[1], np.int32)
    for r in range(rows):
        sums[:] = 0
        for k in range(factor):
            line = plane[r * factor + k]
            for x in range(columns * factor):
                sums[x] += line[x]
        for c in range(columns):
            total = 0
            for k in range(factor):
                total += sums[c * factor + k]
            small[r, c] = total // (factor * factor)


@inner
def _interpolate(
    plane: Plane, row: int, weight: int, columns: Taps, line: NDArray[np.uint16], out: NDArray[np.uint8]
) -> None:
    """One target row: first down the columns of two source rows, which vectorises, then along the row."""
    upper, lower = plane[row], plane[row + 1]
    above, below = np.uint16(128 - weight), np.uint16(weight)
    for x in range(plane.shape[1]):
        line[x] = np.uint16(upper[x]) * above + np.uint16(lower[x]) * below
    index, right = columns[0], columns[1]
    for x in range(columns.shape[1]):
        i, w = index[x], right[x]
        out[x] = (np.int32(line[i]) * (128 - w) + np.int32(line[i + 1]) * w + 8192) >> 14


@inner
def _chroma(
    u: NDArray[np.uint8], v: NDArray[np.uint8], red: NDArray[np.int16], green: NDArray[np.int16],
    blue: NDArray[np.int16],
) -> None:  # fmt: skip
    """What each pair of pixels gets added to its luma, written for both."""
    for j in range(red.shape[0] >> 1):
        cb, cr = u[j], v[j]
        r = (_RED[cr] + 32) >> 6
        g = (_GREEN_U[cb] + _GREEN_V[cr] + 32) >> 6
        b = (_BLUE[cb] + 32) >> 6
        red[2 * j] = red[2 * j + 1] = r
        green[2 * j] = green[2 * j + 1] = g
        blue[2 * j] = blue[2 * j + 1] = b


@inner
def _compose(
    luma: NDArray[np.uint8], red: NDArray[np.int16], green: NDArray[np.int16], blue: NDArray[np.int16],
    out: NDArray[np.uint8],
) -> None:  # fmt: skip
    """Luma plus chroma to blue, green, red, 255."""
    for x in range(luma.shape[0]):
        y = np.int16(luma[x])
        out[4 * x] = np.uint8(min(max(np.int16(y + blue[x]), np.int16(0)), np.int16(255)))
        out[4 * x + 1] = np.uint8(min(max(np.int16(y + green[x]), np.int16(0)), np.int16(255)))
        out[4 * x + 2] = np.uint8(min(max(np.int16(y + red[x]), np.int16(0)), np.int16(255)))
        out[4 * x + 3] = np.uint8(255)


@inner
def _stripe(
    clipped: NDArray[np.uint8], index: NDArray[np.int32], stripes: NDArray[np.uint8], phase: int,
    out: NDArray[np.uint8],
) -> None:  # fmt: skip
    """Lay one row of zebra over a row of pixels. stripes is (8, period, 4), alpha 0 where the picture stays."""
    around = stripes.shape[1] - 1
    for x in range(index.shape[0]):
        channels = clipped[index[x]] & 7
        if channels != 0:
            at = (x + phase) & around
            if stripes[channels, at, 3] != 0:
                out[4 * x] = stripes[channels, at, 0]
                out[4 * x + 1] = stripes[channels, at, 1]
                out[4 * x + 2] = stripes[channels, at, 2]


@inner
def _mark(marks: NDArray[np.uint8], level: int, colour: NDArray[np.uint8], out: NDArray[np.uint8]) -> None:
    """Paint a row's peaking marks."""
    for x in range(marks.shape[0]):
        if marks[x] >= level:
            out[4 * x] = colour[0]
            out[4 * x + 1] = colour[1]
            out[4 * x + 2] = colour[2]


@kernel(
    "void(u1[:, ::1], u1[:, ::1], u1[:, ::1], i4[:, ::1], i4[:, ::1], i4[:, ::1], i4[:, ::1], "
    "u1[:, ::1], b1[::1], i8, u1[::1], u1[:, ::1], b1[::1], i4[::1], i4[::1], u1[:, :, :, ::1], i8, u1[:, :])"
)
def paint(
    y: Plane, u: Plane, v: Plane, rows: Taps, columns: Taps, half_rows: Taps, half_columns: Taps,
    marks: Plane, marked_rows: Flags, level: int, colour: NDArray[np.uint8],
    clipped: Plane, any_clipped: Flags, clipped_rows: NDArray[np.int32], clipped_columns: NDArray[np.int32],
    stripes: NDArray[np.uint8], phase: int, out: NDArray[np.uint8],
) -> None:  # fmt: skip
    """The frame job: scale an I420 picture, convert it, lay zebra and peaking over it.

    Args:
        y: luma, (r, c) uint8.
        u: blue chroma, (r / 2, c / 2) uint8.
        v: red chroma, as u.
        rows: taps from y's rows to the output's.
        columns: taps from y's columns to the output's.
        half_rows: taps from u's rows to half of the output's, rounded up.
        half_columns: taps from u's columns to half of the output's, rounded up.
        marks: peaking, (r, c) uint8, 255 where sharp.
        marked_rows: (r,) bool, which of its rows have any.
        level: interpolated marks from here on are painted, 1 to 255.
        colour: (4,) uint8, the marks' blue, green, red.
        clipped: (any, any) uint8, bits 1 = R, 2 = G, 4 = B.
        any_clipped: which of its rows have any.
        clipped_rows: the row of `clipped` under each output row.
        clipped_columns: likewise for columns.
        stripes: (8, period, period, 4) uint8 per set of clipped channels, period a power of two.
        phase: by how many pixels the stripes have moved.
        out: (rows, >= columns * 4) uint8; each row gets blue, green, red, 255 per pixel.
    """
    width = columns.shape[1]
    half = half_columns.shape[1]
    line = np.empty(max(y.shape[1], marks.shape[1]), np.uint16)
    luma, marked = np.empty(width, np.uint8), np.empty(width, np.uint8)
    cb, cr = np.empty(half, np.uint8), np.empty(half, np.uint8)
    chroma = np.empty((3, 2 * half), np.int16)
    period = stripes.shape[1]
    for r in range(rows.shape[1]):
        target = out[r]
        _interpolate(y, rows[0, r], rows[1, r], columns, line, luma)
        if r & 1 == 0:
            _interpolate(u, half_rows[0, r >> 1], half_rows[1, r >> 1], half_columns, line, cb)
            _interpolate(v, half_rows[0, r >> 1], half_rows[1, r >> 1], half_columns, line, cr)
            _chroma(cb, cr, chroma[0], chroma[1], chroma[2])
        _compose(luma, chroma[0], chroma[1], chroma[2], target)
        if any_clipped[clipped_rows[r]]:
            _stripe(clipped[clipped_rows[r]], clipped_columns, stripes[:, r & (period - 1)], phase, target)
        if marked_rows[rows[0, r]] or marked_rows[rows[0, r] + 1]:
            _interpolate(marks, rows[0, r], rows[1, r], columns, line, marked)
            _mark(marked, level, colour, target)
