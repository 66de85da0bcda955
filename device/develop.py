"""A frame becomes a picture: flat field, black, white balance, three colours, less colour noise, sRGB, tones.

In tiles, a row of them at a time, so that little is in flight: beside the picture some 1.8 bytes a photosite for the
coarse colour and 2 MB for a tile.
"""

import numpy as np
from numpy.typing import NDArray

from device import chroma_tile
from device.chroma_noise import quietened
from device.chroma_planes import chroma_planes, variances
from device.chroma_tile import quieten_tile
from device.demosaic import SCRATCH, demosaic_tile, roles
from device.flat_field import NO_GAINS, Gains, gains_of_line
from device.frame import Colour, Frame, Raw
from device.kernel import inner, kernel
from device.light import Exposing, Lines, light_of_line, lines, signal_of_light
from device.looks import Look
from device.show import show_line, to_screen, tone_curve
from device.tile import COLUMNS, HEIGHT, MARGIN, PITCH, ROWS, SIZE, TilePlane, mirrored, take_line

Picture = NDArray[np.uint8]  # (rows, columns, 3), sRGB


def develop(frame: Frame, colour: Colour, look: Look, gains: Gains = NO_GAINS) -> Picture:
    """The picture at full size.

    Args:
        frame: what was taken.
        colour: the camera's matrices.
        look: tones and saturation.
        gains: of the flat field; without, every photosite got its share of the light.

    Returns:
        (rows, columns, 3) uint8 sRGB.
    """
    raw, exposing, cfa = np.ascontiguousarray(frame.raw), Exposing.of(frame), frame.cfa
    picture = np.empty((*raw.shape, 3), np.uint8)
    coarse = chroma_planes(raw, cfa, exposing, gains)
    quiet = quietened(coarse, variances(exposing))
    black, gain = (lines(each, cfa.pattern, PITCH) for each in (exposing.black, exposing.gain))
    role, weight = roles(cfa), chroma_tile.weights(exposing.variance)
    planes = np.zeros((4 + SCRATCH, SIZE), np.float32)
    matrix, curve = to_screen(colour, frame.neutral, look), tone_curve(look)
    for top in range(0, raw.shape[0], ROWS):
        _develop_tiles(
            raw, top, cfa.pattern, black, gain, gains, np.float32(exposing.offset),
            role, coarse, quiet, weight, matrix, curve, planes, picture,
        )  # fmt: skip
    return picture


@kernel(
    "void(u2[:, ::1], i8, u1[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, :, ::1], f4, f4[:, ::1], f4[:, :, ::1], "
    "f4[:, :, ::1], f4[::1], f4[:, ::1], u1[::1], f4[:, ::1], u1[:, :, ::1])"
)
def _develop_tiles(
    raw: Raw,
    top: int,
    pattern: NDArray[np.uint8],
    black: Lines,
    gain: Lines,
    gains: Gains,
    offset: np.float32,
    role: NDArray[np.float32],
    coarse: NDArray[np.float32],
    quiet: NDArray[np.float32],
    weight: NDArray[np.float32],
    matrix: NDArray[np.float32],
    curve: NDArray[np.uint8],
    planes: NDArray[np.float32],
    picture: Picture,
) -> None:
    """One row of tiles; `planes` are for passing use."""
    rows, columns = raw.shape
    signal, green, to_red, to_blue, scratch = planes[0], planes[1], planes[2], planes[3], planes[4:]
    light, steps = np.empty((4, COLUMNS), np.float32), np.empty((3, COLUMNS), np.uint16)
    for left in range(0, columns, COLUMNS):
        _load(raw, top, left, pattern, black, gain, gains, offset, signal)
        demosaic_tile(signal, role, scratch, green, to_red, to_blue)
        quieten_tile(to_red, to_blue, coarse, quiet, top, left, weight, scratch)
        wide = min(COLUMNS, columns - left)
        for y in range(min(ROWS, rows - top)):
            first = (y + MARGIN) * PITCH + MARGIN
            last, shown = first + wide, picture[top + y, left : left + wide]
            show_line(
                green[first:last], to_red[first:last], to_blue[first:last], offset, matrix, curve, light, steps, shown
            )


@inner
def _load(
    raw: Raw,
    top: int,
    left: int,
    pattern: NDArray[np.uint8],
    black: Lines,
    gain: Lines,
    gains: Gains,
    offset: np.float32,
    signal: TilePlane,
) -> None:
    """The signal of one tile with its margin."""
    numbers, flat, light = np.empty(PITCH, np.uint16), np.empty(PITCH, np.float32), np.empty(PITCH, np.float32)
    for y in range(HEIGHT):
        row, side = mirrored(top - MARGIN + y, raw.shape[0]), y & 1
        take_line(raw, row, left - MARGIN, numbers)
        gains_of_line(gains, pattern[side], raw.shape[0], raw.shape[1], row, left - MARGIN, flat)
        light_of_line(numbers, black[side], gain[side], flat, light)
        signal_of_light(light, offset, signal[y * PITCH : (y + 1) * PITCH])
