"""A window of the mosaic, one pixel to a photosite: what the viewfinder shows for focusing. numba kernels; pure.

Quick rather than beautiful: green is interpolated from its four neighbours, and its differences within a quad of
photosites are all the detail there is; colour is that of the quad, as in `isp.py`. So an edge is as sharp as the greens
have it, and a hard one has a coloured fringe as wide as a quad.
"""

import numpy as np
from numpy.typing import NDArray

from device.colour import balance, camera_to_srgb
from device.face_states import ViewState
from device.flat_field import NO_GAINS, Gains, gains_of_line
from device.frame import FOCUS_CELL, Colour, Frame, Plane, Preview, Raw
from device.isp import TONE_STEPS, tone_table
from device.kernel import inner, kernel
from device.meter import clipped_map
from device.window import Magnified, Window

Row = NDArray[np.float32]
Rows = NDArray[np.float32]


def window_of(frame: Frame, view: ViewState, size: tuple[int, int]) -> Window | None:
    """Where the magnifier looks: what fits the (rows, columns) of `size` at its magnification; None while it is off."""
    if not view.magnifier:
        return None
    wanted = size[0] // view.magnification, size[1] // view.magnification
    return window_at(frame.raw.shape, view.magnifier_x, view.magnifier_y, wanted)


def window_at(raw: tuple[int, int], x: float, y: float, size: tuple[int, int]) -> Window | None:
    """The window around a point, moved inward where it would reach beyond the mosaic.

    Args:
        raw: (rows, columns) of the mosaic.
        x: of the point, as a share of the width from the left,
        y: and of the height from the top.
        size: (rows, columns) that are wanted, photosites.

    Returns:
        Whole focus cells, at least one away from the mosaic's border; None in a mosaic that is too small for any.
    """
    (top, rows), (left, columns) = (
        _along(length, at, wanted) for length, at, wanted in zip(raw, (y, x), size, strict=True)
    )
    return Window(top, left, rows, columns) if min(rows, columns) > 0 else None


def _along(length: int, at: float, wanted: int) -> tuple[int, int]:
    """First photosite and how many, along one side."""
    cells = length // FOCUS_CELL - 2
    taken = min(cells, max(1, wanted // FOCUS_CELL))
    first = round(at * length / FOCUS_CELL - taken / 2)
    return FOCUS_CELL * min(max(first, 1), 1 + cells - taken), FOCUS_CELL * max(taken, 0)


def cut(frame: Frame, colour: Colour, window: Window, gains: Gains = NO_GAINS) -> Magnified:
    """Develop a window of `window_at`, with the gains of the frame's flat field.

    Returns:
        Its picture, full-range BT.601 YUV 4:2:0, (rows, columns) as the window; and what is clipped in it,
        (rows // 2, columns // 2).
    """
    y = np.empty((window.rows, window.columns), np.uint8)
    u = np.empty((window.rows // 2, window.columns // 2), np.uint8)
    v = np.empty_like(u)
    black, gain = balance(frame.levels, frame.neutral)
    raw = np.ascontiguousarray(frame.raw)
    matrix = camera_to_srgb(colour, frame.neutral).astype(np.float32)
    _develop(raw, window.top, window.left, frame.cfa.pattern, black, gain, gains, matrix, tone_table(), y, u, v)
    inside = raw[window.top : window.top + window.rows, window.left : window.left + window.columns]
    return Magnified(window, Preview(y, u, v), clipped_map(inside, frame.cfa, frame.levels.white, 1))


@kernel(
    "void(u2[:, ::1], i8, i8, u1[:, ::1], f4[::1], f4[::1], f4[:, :, ::1], f4[:, ::1], f4[::1], "
    "u1[:, ::1], u1[:, ::1], u1[:, ::1])"
)
def _develop(
    raw: Raw, top: int, left: int, pattern: NDArray[np.uint8], black: Row, gain: Row, gains: Gains,
    matrix: NDArray[np.float32], tones: Row, y: Plane, u: Plane, v: Plane,
) -> None:  # fmt: skip
    """Two rows at a time; of the balanced light four rows are kept, by their number modulo 4, one photosite wider."""
    columns = y.shape[1]
    light = np.empty((4, columns + 2), np.float32)
    green, detail = np.empty(columns, np.float32), np.empty((2, columns), np.float32)
    quad, shown = np.empty((3, columns // 2), np.float32), np.empty((3, columns // 2), np.float32)
    flat, from_odd = (
        np.empty(columns + 2, np.float32),
        pattern[:, ::-1],
    )  # the window's left is even, so left - 1 is odd
    for i in range(-1, y.shape[0] + 1):
        _balance(raw[top + i], left - 1, pattern[(top + i) & 1], black, gain, light[i & 3])
        if gains.size > 4:
            gains_of_line(gains, from_odd[(top + i) & 1], raw.shape[0], raw.shape[1], top + i, left - 1, flat)
            _flatten(flat, light[i & 3])
        if i < 1:
            continue
        row = i - 1
        greens = (left + (0 if pattern[(top + row) & 1, 0] in (1, 2) else 1)) & 1
        _interpolate(light[(row - 1) & 3], light[row & 3], light[i & 3], greens, green)
        _tone(green, tones, detail[row & 1])
        if row & 1:
            _gather(light[(row - 1) & 3], light[row & 3], left, pattern, quad)
            _show(quad, matrix, tones, shown)
            _to_yuv(shown, detail, y[row - 1], y[row], u[row >> 1], v[row >> 1])


@inner
def _balance(row: NDArray[np.uint16], first: int, channels: NDArray[np.uint8], black: Row, gain: Row, out: Row) -> None:
    """White-balanced light from the column `first` on; cut at 1, so that what is clipped is white."""
    for k in range(2):
        channel = channels[(first + k) & 1]
        b, g = black[channel], gain[channel]
        for x in range(k, out.size, 2):
            out[x] = min((np.float32(row[first + x]) - b) * g, np.float32(1))


@inner
def _flatten(flat: Row, light: Row) -> None:
    """By gains of at least 1, so that what was cut stays white."""
    for x in range(light.size):
        light[x] = min(light[x] * flat[x], np.float32(1))


@inner
def _interpolate(above: Row, here: Row, below: Row, first: int, green: Row) -> None:
    """Green at each photosite of a row whose own greens begin at the column `first`, 0 or 1; inputs are one wider."""
    for x in range(first, green.size, 2):
        green[x] = here[x + 1]
    for x in range(1 - first, green.size, 2):
        green[x] = (here[x] + here[x + 2] + above[x + 1] + below[x + 1]) * np.float32(0.25)


@inner
def _tone(light: Row, tones: Row, out: Row) -> None:
    top = np.float32(TONE_STEPS - 1)
    for x in range(out.size):
        out[x] = tones[np.int32(min(max(light[x], np.float32(0)), np.float32(1)) * top + np.float32(0.5))]


@inner
def _gather(even: Row, odd: Row, left: int, pattern: NDArray[np.uint8], quad: Rows) -> None:
    """Red, mean green and blue of each quad of two rows; the window begins at an even row, the pattern at its own."""
    quad[1] = np.float32(0)
    for k in range(4):
        source, offset = (even if k < 2 else odd), k & 1
        channel = pattern[k >> 1, (left + offset) & 1]
        if channel in (1, 2):
            for x in range(quad.shape[1]):
                quad[1, x] += source[2 * x + 1 + offset] * np.float32(0.5)
        else:
            target = quad[0] if channel == 0 else quad[2]
            for x in range(target.size):
                target[x] = source[2 * x + 1 + offset]


@inner
def _show(quad: Rows, matrix: NDArray[np.float32], tones: Row, shown: Rows) -> None:
    """Camera colour to sRGB times 255."""
    for c in range(3):
        out = shown[c]
        for x in range(out.size):
            out[x] = matrix[c, 0] * quad[0, x] + matrix[c, 1] * quad[1, x] + matrix[c, 2] * quad[2, x]
        _tone(out, tones, out)


@inner
def _to_yuv(rgb: Rows, detail: Rows, upper: NDArray[np.uint8], lower: NDArray[np.uint8], u: NDArray[np.uint8],
            v: NDArray[np.uint8]) -> None:  # fmt: skip
    """The quad's luma and chroma (ITU-R BT.601, full range), and on the luma what green differs within the quad."""
    f = np.float32
    for x in range(u.size):
        r, g, b = rgb[0, x], rgb[1, x], rgb[2, x]
        luma = f(0.299) * r + f(0.587) * g + f(0.114) * b
        u[x] = np.uint8(min((b - luma) * f(0.564) + f(128.5), f(255)))
        v[x] = np.uint8(min((r - luma) * f(0.713) + f(128.5), f(255)))
        mean = (detail[0, 2 * x] + detail[0, 2 * x + 1] + detail[1, 2 * x] + detail[1, 2 * x + 1]) * f(0.25)
        for k in range(2):
            upper[2 * x + k] = np.uint8(min(max(luma + detail[0, 2 * x + k] - mean + f(0.5), f(0)), f(255)))
            lower[2 * x + k] = np.uint8(min(max(luma + detail[1, 2 * x + k] - mean + f(0.5), f(0)), f(255)))
