"""The zebra on one row of the panel. Inner numba kernels of `pixels.paint`."""

import numpy as np
from numpy.typing import NDArray

from device.kernel import inner

Index = NDArray[np.int32]
Words = NDArray[np.uint32]  # pixels, blue in the lowest byte
_CHUNK = 64  # bytes that are looked at together


@inner
def stripe(
    clipped: NDArray[np.uint8], index: Index, stripes: NDArray[np.uint32], phase: int, marks: NDArray[np.uint8],
    has_marks: bool, out: Words,  # noqa: FBT001 - no keywords in kernels
) -> None:  # fmt: skip
    """Lay one row of zebra over a row of pixels, but for marks. stripes is (8, period), 0 where the picture stays."""
    around = stripes.shape[1] - 1
    first, behind = _columns_with(clipped)
    start, end = (
        max(0, first * index.size // clipped.size - 1),
        min(index.size, behind * index.size // clipped.size + 1),
    )
    for x in range(start, end):
        channels = clipped[index[x]] & np.uint8(7)
        if channels != 0 and not (has_marks and marks[x] != 0):
            pixel = stripes[channels, (x + phase) & around]
            if pixel != 0:
                out[x] = pixel


@inner
def _columns_with(row: NDArray[np.uint8]) -> tuple[int, int]:
    """The first column that has something and the one behind the last; both the row's size where none has."""
    first, behind = 0, row.size
    while first + _CHUNK <= behind and not any_in(row[first : first + _CHUNK]):
        first += _CHUNK
    while first < behind and row[first] == 0:
        first += 1
    while behind - _CHUNK >= first and not any_in(row[behind - _CHUNK : behind]):
        behind -= _CHUNK
    while behind > first and row[behind - 1] == 0:
        behind -= 1
    return first, behind


@inner
def any_in(row: NDArray[np.uint8]) -> bool:
    """Whether there is anything but 0; a row that has nothing to paint is passed by."""
    found = np.uint8(0)
    for x in range(row.size):
        found = np.uint8(found | row[x])  # not |=, which numba makes 64 bits wide
    return bool(found != 0)
