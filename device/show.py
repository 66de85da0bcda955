"""Signals of the camera's colours to what a screen shows."""

import numpy as np
from numpy.typing import NDArray

from device.colour import camera_to_srgb
from device.frame import Colour, Triple
from device.kernel import inner
from device.light import Line, light_of_signal
from device.looks import Look

_CURVE_STEPS = 1 << 14  # a quarter of an 8-bit level where the curve is steepest, and the table stays in the L1 cache
_HALF = np.float32(0.5)


def tone_curve(look: Look) -> NDArray[np.uint8]:
    """Light from 0 to 1 in even steps to the 8-bit sRGB value that shows it."""
    return np.asarray(np.rint(255 * look.tones(np.arange(_CURVE_STEPS + 1) / _CURVE_STEPS)), np.uint8)


def to_screen(colour: Colour, neutral: Triple, look: Look) -> NDArray[np.float32]:
    """(3, 3) float32: white-balanced camera RGB to linear sRGB as the look wants it."""
    return np.asarray(look.matrix @ camera_to_srgb(colour, neutral)).astype(np.float32)


@inner
def show_line(
    green: Line,
    to_red: Line,
    to_blue: Line,
    offset: np.float32,
    matrix: NDArray[np.float32],
    curve: NDArray[np.uint8],
    light: NDArray[np.float32],
    steps: NDArray[np.uint16],
    picture: NDArray[np.uint8],
) -> None:
    """One line of signals, cut off where the screen ends.

    Args:
        green: (columns,).
        to_red: (columns,) green minus red.
        to_blue: (columns,) green minus blue.
        offset: of the signal, as `light.Exposing` has it.
        matrix: as `to_screen` has it.
        curve: as `tone_curve` has it.
        light: (4, at least columns) for passing use, as are
        steps: (3, at least columns).
        picture: (columns, 3) is written.
    """
    columns = green.size
    between = light[3, :columns]  # not in place: LLVM vectorises no loop whose arrays might be one
    light_of_signal(green, offset, light[1, :columns])
    _take_away(green, to_red, between)
    light_of_signal(between, offset, light[0, :columns])
    _take_away(green, to_blue, between)
    light_of_signal(between, offset, light[2, :columns])
    for colour in range(3):
        _mix(light, matrix[colour], np.float32(curve.size - 1), steps[colour, :columns])
    for x in range(columns):
        picture[x, 0], picture[x, 1], picture[x, 2] = curve[steps[0, x]], curve[steps[1, x]], curve[steps[2, x]]


@inner
def _take_away(green: Line, difference: Line, out: Line) -> None:
    for x in range(out.size):
        out[x] = green[x] - difference[x]


@inner
def _mix(light: NDArray[np.float32], share: NDArray[np.float32], top: np.float32, steps: NDArray[np.uint16]) -> None:
    """Steps of the curve for one of the screen's colours."""
    red, green, blue = light[0], light[1], light[2]
    of_red, of_green, of_blue = share[0] * top, share[1] * top, share[2] * top
    for x in range(steps.size):
        value = red[x] * of_red + green[x] * of_green + blue[x] * of_blue
        steps[x] = np.uint16(np.int32(min(max(value, np.float32(0)), top) + _HALF))
