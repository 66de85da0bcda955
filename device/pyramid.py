"""A picture at full size and at halves of it, held compactly.

Light is stored as its square root in 16 bits, which follows the eye and the photon noise: from 1.5e-8 to 64 times
white in half the memory of float32, with steps a fortieth of the photon noise at white.
"""

import numpy as np
from numpy.typing import NDArray

from device.kernel import inner, kernel

Codes = NDArray[np.uint16]
Planes = NDArray[np.float32]
Edges = tuple[bool, bool, bool, bool]  # whether a picture goes on beyond its top, left, bottom and right border

ONE = 8191  # the code of 1: exact, so that what is opaque is wholly opaque
LEVELS = 11  # enough for discs of 6000 pixels, which are as wide as a frame


def build(picture: Planes, matrix: NDArray[np.float64], edges: Edges) -> tuple[Codes, ...]:
    """The pyramid of a picture.

    Args:
        picture: (4, rows, columns) float32: red, green, blue, premultiplied with the last plane, alpha.
        matrix: (3, 3) laid on the colours: into those of a camera, say.
        edges: where it goes on beyond its border.

    Returns:
        LEVELS levels, each (4, rows, columns) uint16 codes, half as high and wide as the one before; without the last
        plane where all of it is opaque, as most of what fills a frame is (`fill_opaque`).
    """
    level: Codes = np.empty(picture.shape, np.uint16)
    _encode(np.ascontiguousarray(picture), matrix.astype(np.float32), level)
    levels = [level]
    for _ in range(LEVELS - 1):
        half = np.empty((4, (level.shape[1] + 1) // 2, (level.shape[2] + 1) // 2), np.uint16)
        _halve(level, np.array(edges), half)
        level = half
        levels.append(level)
    return tuple(level[:3].copy() if (level[3] == ONE).all() else level for level in levels)


def fill_opaque(rows: int, first: int, margin: int, edges: Edges, out: Planes) -> None:
    """What `decode` makes of so many rows of ONE: the alpha that `build` leaves out."""
    top, left, bottom, right = edges
    out[:] = 1
    out[: 0 if top else max(0, -first)] = 0
    out[out.shape[0] if bottom else max(0, rows - first) :] = 0
    out[:, : 0 if left else margin] = 0
    out[:, out.shape[1] - (0 if right else margin) :] = 0


@kernel("void(u2[:, ::1], i8, i8, b1[::1], f4[:, ::1])")
def decode(codes: Codes, first: int, margin: int, edges: NDArray[np.bool_], out: Planes) -> None:
    """Codes to light, with something around them.

    Args:
        codes: (rows, columns).
        first: row of the codes that becomes the first of `out`; may lie outside.
        margin: columns of `out` on either side of the codes'.
        edges: an array of Edges, where the outermost codes are repeated; elsewhere nothing is around them.
        out: (any, columns + 2 margin) float32.
    """
    rows, columns = codes.shape
    for y in range(out.shape[0]):
        row = first + y
        if (row < 0 and not edges[0]) or (row >= rows and not edges[2]):
            out[y] = np.float32(0)
            continue
        _decode_row(codes[min(max(row, 0), rows - 1)], out[y, margin : margin + columns])
        out[y, :margin] = out[y, margin] if edges[1] else np.float32(0)
        out[y, margin + columns :] = out[y, margin + columns - 1] if edges[3] else np.float32(0)


@inner
def _decode_row(source: NDArray[np.uint16], target: NDArray[np.float32]) -> None:
    unit = np.float32(1.0 / ONE)
    for x in range(target.size):
        root = np.float32(source[x]) * unit
        target[x] = root * root


@inner
def _code(light: np.float32) -> np.uint16:
    root = np.sqrt(max(light, np.float32(0))) * np.float32(ONE) + np.float32(0.5)
    return np.uint16(np.int32(min(root, np.float32(65535))))


@kernel("void(f4[:, :, ::1], f4[:, ::1], u2[:, :, ::1])")
def _encode(picture: Planes, matrix: NDArray[np.float32], out: Codes) -> None:
    for y in range(out.shape[1]):
        r, g, b = picture[0, y], picture[1, y], picture[2, y]
        for c in range(3):
            target, row = out[c, y], matrix[c]
            for x in range(target.size):
                target[x] = _code(row[0] * r[x] + row[1] * g[x] + row[2] * b[x])
        alpha, target = picture[3, y], out[3, y]
        for x in range(target.size):
            target[x] = _code(alpha[x])


@kernel("void(u2[:, :, ::1], b1[::1], u2[:, :, ::1])")
def _halve(codes: Codes, edges: NDArray[np.bool_], out: Codes) -> None:
    """Means of 2 x 2; beyond an odd border lies the same again or nothing."""
    rows, columns = codes.shape[1], codes.shape[2]
    weight = np.float32(0.25 / ONE / ONE)
    beyond_bottom, beyond_right = np.float32(1 if edges[2] else 0), np.float32(1 if edges[3] else 0)
    for c in range(4):
        for y in range(out.shape[1]):
            top, bottom = codes[c, 2 * y], codes[c, min(2 * y + 1, rows - 1)]
            lower = np.float32(1) if 2 * y + 1 < rows else beyond_bottom
            for x in range(columns // 2):
                upper = _square(top[2 * x]) + _square(top[2 * x + 1])
                out[c, y, x] = _code(weight * (upper + lower * (_square(bottom[2 * x]) + _square(bottom[2 * x + 1]))))
            if columns & 1:
                last = _square(top[columns - 1]) + lower * _square(bottom[columns - 1])
                out[c, y, columns // 2] = _code(weight * (last + beyond_right * last))


@inner
def _square(code: np.uint16) -> np.float32:
    root = np.float32(code)
    return root * root
