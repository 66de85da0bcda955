"""The piece of a picture that is worked on at once, small enough for a processor's second cache.

A tile's plane is one flat array whose rows lie PITCH apart, a constant of the compiler: a stage is then a single loop
over the plane, its neighbours at fixed distances, and LLVM vectorises it without checks for overlapping arrays. What
such a loop writes near a plane's edge comes from beyond it or from the next row, and each stage spoils a little more:
that is what the MARGIN is for.

These constants are compiled into other files' kernels, and numba's cache does not see when they change: `make clean`.
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import Raw
from device.kernel import inner

TilePlane = NDArray[np.float32]  # (SIZE,): one value a photosite, row by row

MARGIN = 16  # photosites on each side: the demosaic reaches 14, chroma noise reduction 2; and whole blocks of 4
ROWS, COLUMNS = 128, 256  # what comes out
HEIGHT, PITCH = ROWS + 2 * MARGIN, COLUMNS + 2 * MARGIN
SIZE = HEIGHT * PITCH


@inner
def mirrored(place: int, length: int) -> int:
    """The row or column that stands in for one outside: mirrored about the outermost, so that red stays on red."""
    if 0 <= place < length or length == 1:
        return min(max(place, 0), length - 1)
    period = 2 * (length - 1)
    place = abs(place) % period
    return min(place, period - place)


@inner
def take_line(raw: Raw, row: int, left: int, line: NDArray[np.uint16]) -> None:
    """One line of a tile, (PITCH,), from that row and first column of the mosaic, mirrored beyond its borders."""
    rows, columns = raw.shape
    source = raw[mirrored(row, rows)]
    if left >= 0 and left + PITCH <= columns:
        for x in range(PITCH):
            line[x] = source[left + x]
        return
    for x in range(PITCH):
        line[x] = source[mirrored(left + x, columns)]
