"""A picture made a little larger, by straight lines between its pixels (bilinear interpolation).

For a preview that is only some columns too narrow, where Pillow's resampling takes as long as developing the picture.
Neighbouring columns then mostly lie equally far from their sources, so each stretch of them is a loop without a gather.
"""

import numpy as np
from numpy.typing import NDArray

from device.kernel import inner, kernel

Picture = NDArray[np.uint8]
Samples = NDArray[np.uint8]  # (rows, 3 * columns)
Places = NDArray[np.int64]
Weights = NDArray[np.uint32]

_ONE = 256  # weights are parts of it


def enlarged(picture: Picture, rows: int, columns: int) -> Picture:
    """The picture in that size, the outermost pixels repeated beyond their middle.

    Args:
        picture: (rows, columns, 3) uint8, at least 2 x 2.
        rows: of the result, not fewer than the picture's.
        columns: likewise.
    """
    height, width, _ = picture.shape
    out = np.empty((rows, columns, 3), np.uint8)
    above, down = _sources(height, rows)
    left, across = _sources(width, columns)
    starts = np.flatnonzero(
        np.diff(left - np.arange(columns), prepend=-1, append=columns)
    )  # where the distance changes
    samples, wanted = np.ascontiguousarray(picture).reshape(height, -1), out.reshape(rows, -1)
    _interpolate(samples, above, down, left, np.repeat(across, 3), starts, wanted)
    return out


def _sources(given: int, wanted: int) -> tuple[Places, Weights]:
    """For each place wanted the first of the two given ones around its middle, and how much the second counts."""
    middle = np.clip((np.arange(wanted) + 0.5) * given / wanted - 0.5, 0, given - 1)
    first = np.minimum(middle.astype(np.int64), given - 2)
    return first, np.rint((middle - first) * _ONE).astype(np.uint32)


@kernel("void(u1[:, ::1], i8[::1], u4[::1], i8[::1], u4[::1], i8[::1], u1[:, ::1])")
def _interpolate(
    samples: Samples, above: Places, down: Weights, left: Places, across: Weights, starts: Places, out: Samples
) -> None:
    """Rows first, into one row that stays in the cache, then columns: from each of `starts` to the next in one go."""
    line = np.empty(samples.shape[1], np.uint32)
    for row in range(out.shape[0]):
        _blend(samples[above[row]], samples[above[row] + 1], down[row], line)
        for stretch in range(starts.size - 1):
            start, end = starts[stretch], starts[stretch + 1]
            source = line[3 * left[start] : 3 * (left[start] + end - start + 1)]
            _fill(source, across[3 * start : 3 * end], out[row, 3 * start : 3 * end])


@inner
def _blend(first: NDArray[np.uint8], second: NDArray[np.uint8], weight: np.uint32, line: Weights) -> None:
    for place in range(line.size):
        line[place] = np.uint32(first[place]) * (np.uint32(_ONE) - weight) + np.uint32(second[place]) * weight


@inner
def _fill(source: Weights, weights: Weights, target: NDArray[np.uint8]) -> None:
    """Between each sample and that of the same colour one pixel on."""
    for place in range(target.size):
        first, second, weight = source[place], source[place + 3], weights[place]
        light = first * np.uint32(_ONE - weight) + second * weight
        target[place] = np.uint8((light + np.uint32(_ONE * _ONE // 2)) >> np.uint32(16))
