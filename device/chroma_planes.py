"""A frame's signal in blocks of 4 x 4 photosites: green, green minus red, green minus blue."""

import numpy as np
from numpy.typing import NDArray

from device.flat_field import Gains
from device.frame import Cfa, Raw
from device.kernel import inner, kernel
from device.light import Exposing, Line, Lines, lines, signal_of_light
from device.quads import light_of_quads

BLOCK = 4  # photosites a side

# A block's red photosites do not lie around its middle, and blue ones lie off to the other side; averaged plainly, an
# edge would get coloured. With these weights on the block's two columns (or rows) of a colour and on the next one
# beyond the block's farther end, each colour's centre is the block's: 0.375 * -1.5 + 0.5 * 0.5 + 0.125 * 2.5 = 0.
_WEIGHTS = np.array([[0.375, 0.5, 0.125], [0.125, 0.5, 0.375]], np.float32)
_NOISE_LEFT = (0.375**2 + 0.5**2 + 0.125**2) ** 2  # of one photosite's variance
_HALF = np.float32(0.5)


def chroma_planes(raw: Raw, cfa: Cfa, exposing: Exposing, gains: Gains) -> NDArray[np.float32]:
    """The planes; light is averaged before the root is taken, so that noise does not shift what comes out.

    Returns:
        (3, rows, columns) float32; the last block of a row or column may be cut off.
    """
    quads = (raw.shape[0] // 2, raw.shape[1] // 2)
    planes = np.empty((3, (quads[0] + 1) // 2, (quads[1] + 1) // 2), np.float32)
    black, gain = (lines(each, cfa.pattern, 2 * quads[1]) for each in (exposing.black, exposing.gain))
    _take(raw, cfa.pattern, cfa.places, black, gain, gains, np.float32(exposing.offset), planes)
    return planes


def variances(exposing: Exposing) -> NDArray[np.float64]:
    """(3,): of the noise of each plane."""
    red, green, blue = exposing.variance
    return np.array([green / 2, green / 2 + red, green / 2 + blue]) * _NOISE_LEFT


@kernel("void(u2[:, ::1], u1[:, ::1], i8[::1], f4[:, ::1], f4[:, ::1], f4[:, :, ::1], f4, f4[:, :, ::1])")
def _take(
    raw: Raw,
    pattern: NDArray[np.uint8],
    places: NDArray[np.intp],
    black: Lines,
    gain: Lines,
    gains: Gains,
    offset: np.float32,
    planes: NDArray[np.float32],
) -> None:
    quad_rows, columns = raw.shape[0] // 2, raw.shape[1] // 2
    known = np.empty((4, 4, columns), np.float32)  # the last four rows of quads
    taken = 0
    light, signal = np.empty((4, planes.shape[2]), np.float32), np.empty((4, planes.shape[2]), np.float32)
    down = np.empty(columns, np.float32)
    for block_row in range(planes.shape[1]):
        while taken < min(2 * block_row + 3, quad_rows):
            light_of_quads(raw, taken, pattern, black, gain, gains, known[taken % 4])
            taken += 1
        for channel in range(4):
            _add_rows(known, channel, 2 * block_row, quad_rows, places[channel] // 2, down)
            _add_columns(down, places[channel] % 2, light[channel])
        for x in range(light.shape[1]):
            light[1, x] = (light[1, x] + light[2, x]) * _HALF
        for channel in (0, 1, 3):
            signal_of_light(light[channel], offset, signal[channel])
        for x in range(signal.shape[1]):
            planes[0, block_row, x] = signal[1, x]
            planes[1, block_row, x] = signal[1, x] - signal[0, x]
            planes[2, block_row, x] = signal[1, x] - signal[3, x]


@inner
def _add_rows(known: NDArray[np.float32], channel: int, first: int, rows: int, side: int, out: Line) -> None:
    """Three rows of quads of one channel; beyond the borders the outermost goes on."""
    top = known[max(first - side, 0) % 4, channel]
    middle = known[min(first + 1 - side, rows - 1) % 4, channel]
    bottom = known[min(first + 2 - side, rows - 1) % 4, channel]
    a, b, c = _WEIGHTS[side, 0], _WEIGHTS[side, 1], _WEIGHTS[side, 2]
    for x in range(out.size):
        out[x] = a * top[x] + b * middle[x] + c * bottom[x]


@inner
def _add_columns(line: Line, side: int, out: Line) -> None:
    """Three columns for each block, likewise."""
    last = line.size - 1
    a, b, c = _WEIGHTS[side, 0], _WEIGHTS[side, 1], _WEIGHTS[side, 2]
    inside = line[2 - side :]
    for x in range((last + side) // 2 - 1):
        out[x + 1] = a * inside[2 * x] + b * inside[2 * x + 1] + c * inside[2 * x + 2]
    for x in (0, out.size - 1):
        left, right = line[max(2 * x - side, 0)], line[min(2 * x + 2 - side, last)]
        out[x] = a * left + b * line[min(2 * x + 1 - side, last)] + c * right
