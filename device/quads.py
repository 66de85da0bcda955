"""Rows of the mosaic taken apart: the light of each of the four channels, one value a quad."""

import numpy as np
from numpy.typing import NDArray

from device.flat_field import Gains, gains_of_line
from device.frame import Raw
from device.kernel import inner
from device.light import Line, Lines, light_of_line


@inner
def light_of_quads(
    raw: Raw,
    quad_row: int,
    pattern: NDArray[np.uint8],
    black: Lines,
    gain: Lines,
    gains: Gains,
    quads: NDArray[np.float32],
) -> None:
    """Light of one row of quads.

    Args:
        raw: (rows, columns) uint16 DN.
        quad_row: which.
        pattern: (2, 2) of the CFA.
        black: (2, 2 * quads) as `light.lines` has it.
        gain: likewise.
        gains: of the flat field.
        quads: (4, quads) is written, in CHANNELS order.
    """
    flat, light = np.empty(black.shape[1], np.float32), np.empty(black.shape[1], np.float32)
    for side in range(2):
        row = 2 * quad_row + side
        gains_of_line(gains, pattern[side], raw.shape[0], raw.shape[1], row, 0, flat)
        light_of_line(raw[row, : flat.size], black[side], gain[side], flat, light)
        _part(light, quads[pattern[side, 0]], quads[pattern[side, 1]])


@inner
def _part(light: Line, even: Line, odd: Line) -> None:
    for x in range(even.size):
        even[x] = light[2 * x]
        odd[x] = light[2 * x + 1]
