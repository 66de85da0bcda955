"""Mosaic to screen-sized picture: the stand-in for a Pi's image signal processor, for sensors that come without one.

Quick rather than beautiful: whole Bayer quads are averaged, so there is no demosaicing; the photograph itself is made
by `develop.py`. One numba kernel goes row by row, so that everything between mosaic and YUV stays in the first cache.
Every stage is a loop over few rows in float32: numba makes 64-bit numbers of small integers, and LLVM gives up on
loops with many pointers, and either would end vectorisation.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from device.colour import balance, camera_to_srgb
from device.errors import BadValue
from device.flat_field import NO_GAINS, Gains
from device.flat_picture import Across, flatten_row, for_pixels
from device.frame import Cfa, Colour, Levels, Preview, Raw, Triple
from device.kernel import inner, kernel
from device.quad_scaling import Shares, Starts, covering, mean_of_columns, mean_of_rows, whole_quads
from device.srgb import srgb_signal

Row = NDArray[np.float32]

LEAST = 4  # pixels of a side: two of chroma, as who scales it reads two at a time
TONE_STEPS = 4096  # the sRGB curve's steepest part climbs 0.8 of 255 levels per step


def render(
    raw: Raw, cfa: Cfa, levels: Levels, neutral: Triple, colour: Colour, shape: tuple[int, int], gains: Gains = NO_GAINS
) -> Preview:
    """Develop a mosaic for the screen.

    Args:
        raw: (rows, columns) uint16, DN.
        cfa: its pattern.
        levels: black and white, DN.
        neutral: camera RGB of a neutral surface; it comes out grey, and so does what is blown out.
        colour: the camera's matrices.
        shape: of the picture, of `preview_shape` or `quad_scaling.fitted_shape`.
        gains: of the flat field.

    Returns:
        Full-range BT.601 YUV 4:2:0. A pixel is the mean of whole quads where the shape is one of `quads_per_pixel`, an
        odd last row or column of pixels being left out; else quads are divided.

    Raises:
        BadValue: no picture of LEAST x LEAST pixels can be had.
    """
    rows, columns = shape
    if min(rows, columns) < LEAST:
        raise BadValue(f"A mosaic of {raw.shape[1]} x {raw.shape[0]} photosites cannot be shown: it is too small.")
    y = np.empty((rows, columns), np.uint8)
    u = np.empty((rows // 2, columns // 2), np.uint8)
    v = np.empty_like(u)
    black, gain = balance(levels, neutral)
    matrix = camera_to_srgb(colour, neutral).astype(np.float32)
    n = whole_quads(raw.shape, shape)
    under = (*covering(raw.shape[0] // 2, rows), *covering(raw.shape[1] // 2, columns))
    flat = for_pixels(gains, raw.shape, shape, n)
    _render(np.ascontiguousarray(raw), n, *under, cfa.places, black, gain, *flat, matrix, tone_table(), y, u, v)
    return Preview(y, u, v)


def quads_per_pixel(rows: int, columns: int, max_rows: int, max_columns: int) -> int:
    """The smallest n at which a picture of n x n Bayer quads per pixel fits into that many rows and columns."""
    n = 1
    while (rows // 2 // n > max_rows or columns // 2 // n > max_columns) and n < min(rows, columns):
        n += 1
    return n


def preview_shape(rows: int, columns: int, max_rows: int, max_columns: int) -> tuple[int, int]:
    """Rows and columns of the picture: of whole `quads_per_pixel`, and even."""
    n = quads_per_pixel(rows, columns, max_rows, max_columns)
    return rows // 2 // n // 2 * 2, columns // 2 // n // 2 * 2


@lru_cache(maxsize=1)
def tone_table() -> Row:
    """(TONE_STEPS,) float32: linear light 0 to 1 in even steps to sRGB times 255, not rounded."""
    linear = np.linspace(0.0, 1.0, TONE_STEPS)
    return (255.0 * srgb_signal(linear)).astype(np.float32)


@kernel(
    "void(u2[:, ::1], i8, u4[::1], f4[:, ::1], u4[::1], f4[:, ::1], "
    "i8[::1], f4[::1], f4[::1], f4[::1], f4[:, :, ::1], f4[:, ::1], f4[::1], u1[:, ::1], u1[:, ::1], u1[:, ::1])"
)
def _render(
    raw: Raw,
    n: int,
    row_starts: Starts,
    row_shares: Shares,
    column_starts: Starts,
    column_shares: Shares,
    places: NDArray[np.intp],
    black: Row,
    gain: Row,
    down: Row,
    across: Across,
    matrix: NDArray[np.float32],
    tones: Row,
    y: NDArray[np.uint8],
    u: NDArray[np.uint8],
    v: NDArray[np.uint8],
) -> None:
    columns = y.shape[1]
    sums = np.empty((4, columns * n if n > 0 else raw.shape[1] // 2), np.float32)
    side_by_side = np.zeros(4 * (raw.shape[1] // 2 + column_shares.shape[0]), np.float32)
    pooled = np.empty((4, columns), np.float32)
    light = np.empty((3, columns), np.float32)
    steps = np.empty(columns, np.uint16)
    rgb = np.empty((2, 3, columns), np.float32)
    level = black * np.float32(max(n, 1) ** 2)
    for i in range(y.shape[0]):
        pixel = rgb[i & 1]
        if n > 0:
            _sum_quads(raw, i * n, n, sums, pooled)
        else:
            mean_of_rows(raw, row_starts[i], row_shares[:, i], sums)
            mean_of_columns(sums, side_by_side, column_starts, column_shares, pooled)
        if across.size > 0:
            flatten_row(pooled, places, level, down[i], across)
        _balance(pooled, places, max(n, 1), black, gain, light)
        _show(light, matrix, tones, steps, pixel)
        _luma(pixel[0], pixel[1], pixel[2], y[i])
        if i & 1:
            _chroma(rgb, u[i >> 1], v[i >> 1])


@inner
def _sum_quads(raw: Raw, first: int, n: int, sums: NDArray[np.float32], pooled: NDArray[np.float32]) -> None:
    """Sum n x n quads, of rows of quads from the `first` on, each of the four places in the quad by itself."""
    sums[:] = np.float32(0)
    for k in range(first, first + n):
        _add(raw[2 * k], sums[0], sums[1])
        _add(raw[2 * k + 1], sums[2], sums[3])
    _pool(sums, n, pooled)


@inner
def _add(row: Raw, even: Row, odd: Row) -> None:
    for x in range(even.size):
        even[x] += np.float32(row[2 * x])
        odd[x] += np.float32(row[2 * x + 1])


@inner
def _pool(sums: NDArray[np.float32], n: int, pooled: NDArray[np.float32]) -> None:
    """Sum n neighbours along the row; the strides of 1 and 2 stand in the code, as only then the loops vectorise."""
    for p in range(4):
        source, target = sums[p], pooled[p]
        if n == 1:
            for x in range(target.size):
                target[x] = source[x]
        elif n == 2:
            for x in range(target.size):
                target[x] = source[2 * x] + source[2 * x + 1]
        else:
            for x in range(target.size):
                total = np.float32(0)
                for k in range(n * x, n * x + n):
                    total += source[k]
                target[x] = total


@inner
def _balance(
    pooled: NDArray[np.float32],
    places: NDArray[np.intp],
    n: int,
    black: Row,
    gain: Row,
    light: NDArray[np.float32],
) -> None:
    share = np.float32(1.0 / (n * n))
    _level(pooled[places[0]], black[0], gain[0], share, light[0])
    _level(pooled[places[1]], black[1], gain[1], share, light[1])
    _level(pooled[places[2]], black[2], gain[2], share, light[2])
    for x in range(light.shape[1]):
        light[1, x] = (light[1, x] + light[2, x]) * np.float32(0.5)
    _level(pooled[places[3]], black[3], gain[3], share, light[2])


@inner
def _level(total: Row, black: np.float32, gain: np.float32, share: np.float32, light: Row) -> None:
    """Balanced light; cut at 1, which every channel reaches when it clips as no gain is below 1: white stays white."""
    for x in range(light.size):
        light[x] = min((total[x] * share - black) * gain, np.float32(1))


@inner
def _show(
    light: NDArray[np.float32], matrix: NDArray[np.float32], tones: Row, steps: NDArray[np.uint16], pixel: Row
) -> None:
    """From the camera's colours to the screen's, 0 to 255."""
    for c in range(3):
        _mix(light[0], light[1], light[2], matrix[c], steps)
        _tone(steps, tones, pixel[c])


@inner
def _mix(r: Row, g: Row, b: Row, weights: Row, steps: NDArray[np.uint16]) -> None:
    """One row of the matrix, as steps of the tone table."""
    top = np.float32(TONE_STEPS - 1)
    wr, wg, wb = weights[0] * top, weights[1] * top, weights[2] * top
    for x in range(steps.size):
        value = r[x] * wr + g[x] * wg + b[x] * wb
        steps[x] = np.uint16(min(max(value, np.float32(0)), top) + np.float32(0.5))


@inner
def _tone(steps: NDArray[np.uint16], tones: Row, out: Row) -> None:
    for x in range(out.size):
        out[x] = tones[steps[x]]


@inner
def _luma(r: Row, g: Row, b: Row, y: NDArray[np.uint8]) -> None:
    """Y of ITU-R BT.601, full range."""
    kr, kg, kb, half = np.float32(0.299), np.float32(0.587), np.float32(0.114), np.float32(0.5)
    for x in range(y.size):
        y[x] = np.uint8(kr * r[x] + kg * g[x] + kb * b[x] + half)


@inner
def _chroma(rgb: NDArray[np.float32], u: NDArray[np.uint8], v: NDArray[np.uint8]) -> None:
    """Cb and Cr of the mean of each 2 x 2 pixels (ITU-R BT.601, full range)."""
    for c in range(3):
        for x in range(u.size):
            rgb[0, c, x] = rgb[0, c, 2 * x] + rgb[0, c, 2 * x + 1] + rgb[1, c, 2 * x] + rgb[1, c, 2 * x + 1]
    r, g, b = rgb[0, 0], rgb[0, 1], rgb[0, 2]
    _difference(r, g, b, np.float32(-0.168736), np.float32(-0.331264), np.float32(0.5), u)
    _difference(r, g, b, np.float32(0.5), np.float32(-0.418688), np.float32(-0.081312), v)


@inner
def _difference(r: Row, g: Row, b: Row, kr: np.float32, kg: np.float32, kb: np.float32, out: NDArray[np.uint8]) -> None:
    quarter, middle = np.float32(0.25), np.float32(128.5)
    for x in range(out.size):
        value = (kr * r[x] + kg * g[x] + kb * b[x]) * quarter + middle
        out[x] = np.uint8(min(value, np.float32(255)))
