"""A frame becomes a picture: black, white balance, three colours, sRGB. In bands of rows, so that little is in flight.

A photosite that clipped carries no colour any more. White balance only ever raises channels, so cutting everything
off at the level where the least raised of them clips leaves burnt-out highlights white instead of magenta.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from device.colour import balance, camera_to_srgb, srgb_signal
from device.demosaic import MARGIN, Linear, demosaic_inside, mirrored
from device.frame import Colour, Frame, Raw
from device.kernel import kernel

Picture = NDArray[np.uint8]  # (rows, columns, 3), sRGB

_BAND_ROWS = 128
_CURVE_STEPS = 1 << 14  # an eighth of an 8-bit level where the curve is steepest, and the table stays in the L1 cache


def develop(frame: Frame, colour: Colour) -> Picture:
    """The picture at full size, (rows, columns, 3) uint8 sRGB; some 10 MB are needed beside it."""
    picture = np.empty((*frame.raw.shape, 3), np.uint8)
    matrix, curve = _matrix(colour), srgb_curve()
    for top, band in _bands(frame):
        _show(demosaic_inside(band, frame.cfa), matrix, curve, picture[top : top + _BAND_ROWS])
    return picture


def half_size(frame: Frame, colour: Colour) -> Picture:
    """The picture at half size, one pixel for each quad of photosites: (rows // 2, columns // 2, 3) uint8 sRGB."""
    rows, columns = (length // 2 for length in frame.raw.shape)
    picture = np.empty((rows, columns, 3), np.uint8)
    black, gain = balance(frame.levels, frame.neutral)
    pattern, matrix, curve = frame.cfa.pattern, _matrix(colour), srgb_curve()
    for top in range(0, rows, _BAND_ROWS):
        band = frame.raw[2 * top : 2 * (top + _BAND_ROWS)]
        quads = np.empty((min(_BAND_ROWS, rows - top), columns, 3), np.float32)
        _gather(_linear(band, pattern, black, gain), frame.cfa.places, quads)
        _show(quads, matrix, curve, picture[top : top + _BAND_ROWS])
    return picture


def srgb_curve() -> NDArray[np.uint8]:
    """Light from 0 to 1 in even steps to the 8-bit sRGB value that shows it."""
    return np.asarray(np.rint(255 * srgb_signal(np.arange(_CURVE_STEPS + 1) / _CURVE_STEPS)), np.uint8)


def _matrix(colour: Colour) -> NDArray[np.float32]:
    return camera_to_srgb(colour).astype(np.float32)


def _bands(frame: Frame) -> Iterator[tuple[int, Linear]]:
    """First row and linear mosaic of each band, with the margin that the demosaic looks at."""
    rows = frame.raw.shape[0]
    black, gain = balance(frame.levels, frame.neutral)
    for top in range(0, rows, _BAND_ROWS):
        bottom = min(top + _BAND_ROWS, rows)
        first, last = max(top - MARGIN, 0), min(bottom + MARGIN, rows)
        light = _linear(frame.raw[first:last], np.roll(frame.cfa.pattern, -first, 0), black, gain)
        yield top, mirrored(light, MARGIN - (top - first), MARGIN - (last - bottom))


def _linear(raw: Raw, pattern: NDArray[np.uint8], black: NDArray[np.float32], gain: NDArray[np.float32]) -> Linear:
    light = np.empty(raw.shape, np.float32)
    _fill_linear(np.ascontiguousarray(raw), np.ascontiguousarray(pattern), black, gain, light)
    return light


@kernel("void(u2[:, ::1], u1[:, ::1], f4[::1], f4[::1], f4[:, ::1])")
def _fill_linear(
    raw: Raw, pattern: NDArray[np.uint8], black: NDArray[np.float32], gain: NDArray[np.float32], light: Linear
) -> None:
    """White-balanced light, black at 0 and clipping at 1. Noise below black stays negative, or shadows would lift."""
    rows, columns = raw.shape
    for row in range(rows):
        for first in range(2):
            channel = pattern[row & 1, first]
            for column in range(first, columns, 2):
                value = (np.float32(raw[row, column]) - black[channel]) * gain[channel]
                light[row, column] = min(value, np.float32(1))


@kernel("void(f4[:, ::1], i8[::1], f4[:, :, ::1])")
def _gather(light: Linear, places: NDArray[np.intp], quads: Linear) -> None:
    """Red, mean green and blue of each quad of photosites."""
    rows, columns, _ = quads.shape
    for row in range(rows):
        red, red_green = light[2 * row + (places[0] >> 1)], light[2 * row + (places[1] >> 1)]
        blue_green, blue = light[2 * row + (places[2] >> 1)], light[2 * row + (places[3] >> 1)]
        for column in range(columns):
            left = 2 * column
            quads[row, column, 0] = red[left + (places[0] & 1)]
            greens = red_green[left + (places[1] & 1)] + blue_green[left + (places[2] & 1)]
            quads[row, column, 1] = greens * np.float32(0.5)
            quads[row, column, 2] = blue[left + (places[3] & 1)]


@kernel("void(f4[:, :, ::1], f4[:, ::1], u1[::1], u1[:, :, ::1])")
def _show(camera: Linear, matrix: NDArray[np.float32], curve: NDArray[np.uint8], picture: Picture) -> None:
    """Camera colour to sRGB, cut off where the screen ends."""
    rows, columns, _ = camera.shape
    steps = np.float32(len(curve) - 1)
    for row in range(rows):
        for column in range(columns):
            red = min(camera[row, column, 0], np.float32(1))
            green = min(camera[row, column, 1], np.float32(1))
            blue = min(camera[row, column, 2], np.float32(1))
            for colour in range(3):
                light = matrix[colour, 0] * red + matrix[colour, 1] * green + matrix[colour, 2] * blue
                light = min(max(light, np.float32(0)), np.float32(1))
                picture[row, column, colour] = curve[np.int32(light * steps + np.float32(0.5))]
