"""What panels want done to finished pixels: another way up, another format, both in one pass. numba kernels; pure.

Strip by strip: STRIP rows of a picture, turned sideways, fill one cache line of each of the panel's rows. Unsigned
indices spare numba's test for negative ones.
"""

import numpy as np
from numpy.typing import NDArray

from device.kernel import inner, kernel
from ui.screen import Pixels

STRIP = 16

Words = NDArray[np.uint32]  # (rows, columns) of BGRX
Memory = NDArray[np.uint32] | NDArray[np.uint16]  # (rows, columns, and perhaps more that are not used) of a panel


def xrgb8888(pixels: Pixels, turns: int, out: NDArray[np.uint32]) -> None:
    """Lay a picture into a panel's memory, (rows, columns, 4) BGRX uint8 to (rows, columns or more) uint32.

    Args:
        pixels: the picture.
        turns: by how many quarters it is turned clockwise, 0 to 3.
        out: as many rows and columns as the turned picture has, at least.
    """
    _words(pixels.view(np.uint32)[..., 0], turns, out)


def rgb565(pixels: Pixels, turns: int, out: NDArray[np.uint16]) -> None:
    """Likewise as uint16: five bits red on top, six green, five blue; the rest is cut off."""
    _five_six_five(pixels.view(np.uint32)[..., 0], turns, out)


@kernel("void(u4[:, ::1], i8, u4[:, ::1])")
def _words(source: Words, turns: int, out: NDArray[np.uint32]) -> None:
    for first in range(0, source.shape[0], STRIP):
        _lay(source[first : min(first + STRIP, source.shape[0])], first, source.shape[0], turns, out)


@kernel("void(u4[:, ::1], i8, u2[:, ::1])")
def _five_six_five(source: Words, turns: int, out: NDArray[np.uint16]) -> None:
    strip = np.empty((STRIP, source.shape[1]), np.uint16)
    for first in range(0, source.shape[0], STRIP):
        height = min(STRIP, source.shape[0] - first)
        for k in range(height):
            _cut_bits(source[first + k], strip[k])
        _lay(strip[:height], first, source.shape[0], turns, out)


@inner
def _cut_bits(line: NDArray[np.uint32], out: NDArray[np.uint16]) -> None:
    n = np.uint32
    for x in range(out.size):
        red, green, blue = (line[x] >> n(8)) & n(0xF800), (line[x] >> n(5)) & n(0x07E0), (line[x] >> n(3)) & n(0x001F)
        out[x] = np.uint16(red | green | blue)


@inner
def _lay(strip: Memory, first: int, rows: int, turns: int, out: Memory) -> None:
    """The rows of a picture of so many from `first` on."""
    if turns == 1:
        _lay_right(strip, np.uint64(rows - first - strip.shape[0]), out)
    elif turns == 3:
        _lay_left(strip, np.uint64(first), out)
    else:
        for k in range(strip.shape[0]):
            if turns == 2:
                _lay_reversed(strip[k], out[rows - 1 - first - k])
            else:
                _lay_upright(strip[k], out[first + k])


@inner
def _lay_right(strip: Memory, left: np.uint64, out: Memory) -> None:
    """A quarter clockwise: the lowest row comes first."""
    n = np.uint64
    height = n(strip.shape[0])
    for c in range(n(strip.shape[1])):
        line = out[c][left : left + height]
        if height == n(STRIP):  # a number of rows that the compiler knows is unrolled
            for k in range(n(STRIP)):
                line[n(STRIP - 1) - k] = strip[k, c]
        else:
            for k in range(height):
                line[height - n(1) - k] = strip[k, c]


@inner
def _lay_left(strip: Memory, left: np.uint64, out: Memory) -> None:
    """A quarter the other way: the last column becomes the first row."""
    n = np.uint64
    height, columns = n(strip.shape[0]), n(strip.shape[1])
    for c in range(columns):
        line = out[columns - n(1) - c][left : left + height]
        if height == n(STRIP):
            for k in range(n(STRIP)):
                line[k] = strip[k, c]
        else:
            for k in range(height):
                line[k] = strip[k, c]


@inner
def _lay_reversed(line: Memory, out: Memory) -> None:
    columns = np.uint64(line.size)
    for x in range(columns):
        out[columns - np.uint64(1) - x] = line[x]


@inner
def _lay_upright(line: Memory, out: Memory) -> None:
    for x in range(line.size):
        out[x] = line[x]
