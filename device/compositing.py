"""The near over the far, on the mosaic: only the colour that a photosite's filter lets through is worked out."""

import numpy as np
from numpy.typing import NDArray

from device.frame import Cfa
from device.kernel import inner, kernel
from device.layer import Blurred
from device.pyramid import Planes

Light = NDArray[np.float32]


def cover(light: Light, top: int, left: int, blurred: Blurred, cfa: Cfa) -> None:
    """Lay a blurred layer over the light of a window whose corner is at (top, left) of the plate, both even or not."""
    rows = _between(light.shape[0], top - blurred.top, blurred.scale, blurred.planes.shape[1])
    columns = _between(light.shape[1], left - blurred.left, blurred.scale, blurred.planes.shape[2])
    colours = np.array([0, 1, 1, 2])[cfa.shifted(top & 1, left & 1).pattern]
    _cover(light, blurred.planes, colours, *rows, *columns)


def _between(
    size: int, offset: float, scale: int, pixels: int
) -> tuple[int, int, NDArray[np.int64], NDArray[np.float32]]:
    """For a line of photosites: first and last that are touched, each one's left pixel, and how far it is past that."""
    place = (np.arange(size) + 0.5 + offset) / scale - 0.5
    touched = np.flatnonzero((place > -1) & (place < pixels))
    first, last = (int(touched[0]), int(touched[-1]) + 1) if touched.size else (0, 0)
    return first, last, np.floor(place).astype(np.int64), (place - np.floor(place)).astype(np.float32)


@kernel("void(f4[:, ::1], f4[:, :, ::1], i8[:, ::1], i8, i8, i8[::1], f4[::1], i8, i8, i8[::1], f4[::1])")
def _cover(
    light: Light,
    planes: Planes,
    colours: NDArray[np.int64],
    first_row: int,
    last_row: int,
    row_of: NDArray[np.int64],
    row_past: NDArray[np.float32],
    first: int,
    last: int,
    column_of: NDArray[np.int64],
    column_past: NDArray[np.float32],
) -> None:
    """Near over far: light * (1 - alpha) + colour, both interpolated; outside the planes lies nothing."""
    columns = planes.shape[2]
    # One pixel of nothing on either side, so that a photosite beside the planes needs no test.
    alpha, colour = np.zeros(columns + 2, np.float32), np.zeros((2, columns + 2), np.float32)
    for y in range(first_row, last_row):
        _row_between(planes[3], row_of[y], row_past[y], alpha[1 : columns + 1])
        for x in range(2):
            _row_between(planes[colours[y & 1, x]], row_of[y], row_past[y], colour[x, 1 : columns + 1])
        _cover_row(light[y], alpha, colour[first & 1], first, last, column_of, column_past)
        _cover_row(light[y], alpha, colour[1 - (first & 1)], first + 1, last, column_of, column_past)


@inner
def _row_between(plane: Planes, above: int, past: np.float32, out: NDArray[np.float32]) -> None:
    rows = plane.shape[0]
    upper = plane[max(above, 0)]
    lower = plane[min(above + 1, rows - 1)]
    a = (np.float32(1) - past) * np.float32(1 if above >= 0 else 0)
    b = past * np.float32(1 if above + 1 < rows else 0)
    for x in range(out.size):
        out[x] = a * upper[x] + b * lower[x]


@inner
def _cover_row(
    light: NDArray[np.float32],
    alpha: NDArray[np.float32],
    colour: NDArray[np.float32],
    first: int,
    last: int,
    column_of: NDArray[np.int64],
    column_past: NDArray[np.float32],
) -> None:
    one = np.float32(1)
    for x in range(first, last, 2):
        i = column_of[x] + 1
        b = column_past[x]
        a = one - b
        opaque = a * alpha[i] + b * alpha[i + 1]
        light[x] = light[x] * (one - opaque) + a * colour[i] + b * colour[i + 1]
