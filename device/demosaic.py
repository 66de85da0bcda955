"""Mosaic to three colours at every photosite, on linear data.

Green first, along the direction in which the picture changes least, with the curvature of the photosite's own colour
as a correction; then red and blue through their difference to green, which varies more slowly than they do:
J. F. Hamilton and J. E. Adams, "Adaptive color plan interpolation in single sensor color electronic camera", US patent
5,629,734 (1997, expired).
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import Cfa
from device.kernel import inner, kernel

Linear = NDArray[np.float32]

MARGIN = 4  # photosites around what is asked for; the interpolation reaches 3, and an even number keeps the pattern

_HALF = np.float32(0.5)
_QUARTER = np.float32(0.25)


def demosaic(mosaic: Linear, cfa: Cfa) -> Linear:
    """Red, green and blue of a whole mosaic; beyond its border the picture is thought mirrored.

    Args:
        mosaic: (rows, columns) float32, linear, black at 0 and white balanced.
        cfa: its pattern at the top left.

    Returns:
        (rows, columns, 3) float32; the measured value of each photosite is kept as it is.
    """
    return demosaic_inside(mirrored(mosaic, MARGIN, MARGIN), cfa)


def mirrored(mosaic: Linear, above: int, below: int) -> Linear:
    """The mosaic with so many rows, and MARGIN columns each side, mirrored about its outermost photosites.

    Such a mirror keeps the pattern: red stays on red.
    """
    return np.pad(mosaic, ((above, below), (MARGIN, MARGIN)), "reflect")


def demosaic_inside(mosaic: Linear, cfa: Cfa) -> Linear:
    """The same for all but the outer MARGIN rows and columns, which are only looked at: for a picture in bands."""
    rows, columns = mosaic.shape
    green = np.empty_like(mosaic)
    _fill_green(mosaic, cfa.pattern, green)
    rgb = np.empty((rows - 2 * MARGIN, columns - 2 * MARGIN, 3), np.float32)
    _fill_red_and_blue(mosaic, green, cfa.pattern, rgb)
    return rgb


@kernel("void(f4[:, ::1], u1[:, ::1], f4[:, ::1])")
def _fill_green(mosaic: Linear, pattern: NDArray[np.uint8], green: Linear) -> None:
    """Green everywhere but in the outer two rows and columns."""
    rows, columns = mosaic.shape
    for row in range(2, rows - 2):
        for column in range(columns):
            green[row, column] = mosaic[row, column]
        first_colour = 2 if pattern[row & 1, 0] in (0, 3) else 3
        for column in range(first_colour, columns - 2, 2):
            green[row, column] = _green_at(mosaic, row, column)


@inner
def _green_at(mosaic: Linear, row: int, column: int) -> np.float32:
    """Green at a red or blue photosite."""
    left, right = mosaic[row, column - 1], mosaic[row, column + 1]
    up, down = mosaic[row - 1, column], mosaic[row + 1, column]
    twice = mosaic[row, column] + mosaic[row, column]
    bend_across = twice - mosaic[row, column - 2] - mosaic[row, column + 2]
    bend_along = twice - mosaic[row - 2, column] - mosaic[row + 2, column]
    change_across = abs(left - right) + abs(bend_across)
    change_along = abs(up - down) + abs(bend_along)
    across = (left + right) * _HALF + bend_across * _QUARTER
    along = (up + down) * _HALF + bend_along * _QUARTER
    if change_across < change_along:
        return np.float32(across)
    if change_along < change_across:
        return np.float32(along)
    return np.float32((across + along) * _HALF)


@kernel("void(f4[:, ::1], f4[:, ::1], u1[:, ::1], f4[:, :, ::1])")
def _fill_red_and_blue(mosaic: Linear, green: Linear, pattern: NDArray[np.uint8], rgb: Linear) -> None:
    """All three colours inside the margin."""
    rows, columns, _ = rgb.shape
    for inner_row in range(rows):
        row = inner_row + MARGIN
        own = (
            0 if 0 in (pattern[row & 1, 0], pattern[row & 1, 1]) else 2
        )  # the colour this row has photosites of: red or blue
        first_colour = 0 if pattern[row & 1, 0] in (0, 3) else 1
        for column in range(columns):
            rgb[inner_row, column, 1] = green[row, column + MARGIN]
        for column in range(first_colour, columns, 2):
            rgb[inner_row, column, own] = mosaic[row, column + MARGIN]
            rgb[inner_row, column, 2 - own] = _across_corners(mosaic, green, row, column + MARGIN)
        for column in range(1 - first_colour, columns, 2):
            rgb[inner_row, column, own] = _between(mosaic, green, row, column + MARGIN, 0, 1)
            rgb[inner_row, column, 2 - own] = _between(mosaic, green, row, column + MARGIN, 1, 0)


@inner
def _between(mosaic: Linear, green: Linear, row: int, column: int, down: int, right: int) -> np.float32:
    """A colour at a green photosite from its two neighbours of that colour, beside or above and below."""
    before = mosaic[row - down, column - right] - green[row - down, column - right]
    after = mosaic[row + down, column + right] - green[row + down, column + right]
    return np.float32(green[row, column] + (before + after) * _HALF)


@inner
def _across_corners(mosaic: Linear, green: Linear, row: int, column: int) -> np.float32:
    """Blue at a red photosite, or red at a blue one, along the diagonal that changes less."""
    falling = _between(mosaic, green, row, column, 1, 1)
    rising = _between(mosaic, green, row, column, 1, -1)
    change_falling = _change(mosaic, green, row, column, 1)
    change_rising = _change(mosaic, green, row, column, -1)
    if change_falling < change_rising:
        return falling
    if change_rising < change_falling:
        return rising
    return np.float32((falling + rising) * _HALF)


@inner
def _change(mosaic: Linear, green: Linear, row: int, column: int, right: int) -> np.float32:
    """How much the picture changes along a diagonal: slope of the colour wanted, bend of green."""
    slope = mosaic[row - 1, column - right] - mosaic[row + 1, column + right]
    bend = green[row, column] + green[row, column] - green[row - 1, column - right] - green[row + 1, column + right]
    return np.float32(abs(slope) + abs(bend))
