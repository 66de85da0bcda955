"""The zebra on one row of the panel. Inner numba kernels of `pixels.paint`."""

import numpy as np
from numpy.typing import NDArray

from device.kernel import inner

Index = NDArray[np.int32]
Words = NDArray[np.uint32]  # pixels, blue in the lowest byte
CHUNK = 64  # bytes, or pixels, that are looked at together
_LAST = 256  # as many bytes as a loop of the widest registers takes at once

Bytes = NDArray[np.uint8]


def lines_of(stripes: NDArray[np.uint8]) -> Words:
    """The zebra's patterns as `pixels.paint` wants them: words, and each line goes on for CHUNK pixels.

    Args:
        stripes: (8, period, period, 4) uint8, of `overlays.stripes`; period a power of two, CHUNK at most.

    Returns:
        (8, period, period + CHUNK) uint32.
    """
    period = stripes.shape[1]
    lines: Words = np.take(stripes.view(np.uint32)[..., 0], np.arange(period + CHUNK) % period, axis=2)
    return lines


@inner
def stripe(
    clipped: Bytes, index: Index, stripes: Words, phase: int, marks: Bytes, has_marks: bool, out: Words,  # noqa: FBT001 - no keywords in kernels
) -> None:  # fmt: skip
    """Lay one row of zebra over a row of pixels, but for marks, one patch of the same channels after the other.

    Args:
        clipped: which channels are, a row of the map.
        index: where in it each pixel lies.
        stripes: (8, period + CHUNK) of `lines_of`, this row's.
        phase: by how many pixels they have moved.
        marks: 255 or 0.
        has_marks: whether any.
        out: the row of pixels.
    """
    n, around = np.uint32, stripes.shape[1] - CHUNK - 1
    first, behind = _columns_with(clipped)
    start = max(0, first * index.size // clipped.size - 1)
    end = min(index.size, behind * index.size // clipped.size + 1)
    while start < end:
        channels, x = clipped[n(index[n(start)])], start + 1
        while x < end and clipped[n(index[n(x)])] == channels:
            x += 1
        if channels & np.uint8(7) != 0:
            shift = (start + phase) & around
            lines = stripes[channels & np.uint8(7), shift : shift + CHUNK]
            if has_marks:
                _fill_between(lines, marks[start:x], out[start:x])
            else:
                _fill(lines, out[start:x])
        start = x


@inner
def _fill(lines: Words, out: Words) -> None:
    for c in range(0, out.size, CHUNK):
        part = out[c : c + CHUNK]
        for x in range(part.size):
            was, line = part[x], lines[x]
            part[x] = line if line != 0 else was


@inner
def _fill_between(lines: Words, marks: Bytes, out: Words) -> None:
    for c in range(0, out.size, CHUNK):
        part, mark = out[c : c + CHUNK], marks[c : c + CHUNK]
        for x in range(part.size):
            was, line = part[x], lines[x]
            part[x] = line if (line != 0) & (mark[x] == 0) else was


@inner
def _columns_with(row: Bytes) -> tuple[int, int]:
    """The first column that has something and the one behind the last; both the row's size where none has."""
    first, behind = 0, row.size
    while first + CHUNK <= behind and not any_in(row[first : first + CHUNK]):
        first += CHUNK
    while first < behind and row[first] == 0:
        first += 1
    while behind - CHUNK >= first and not any_in(row[behind - CHUNK : behind]):
        behind -= CHUNK
    while behind > first and row[behind - 1] == 0:
        behind -= 1
    return first, behind


@inner
def any_in(row: Bytes) -> bool:
    """Whether there is anything but 0. The last bytes are looked at twice, which is quicker than one by one."""
    found = np.uint8(0)
    if row.size < _LAST:
        for x in range(row.size):
            found = np.uint8(found | row[x])  # not |=, which numba makes 64 bits wide
        return bool(found != 0)
    for x in range(row.size // _LAST * _LAST):
        found = np.uint8(found | row[x])
    last = row[row.size - _LAST :]
    for x in range(_LAST):
        found = np.uint8(found | last[x])
    return bool(found != 0)
