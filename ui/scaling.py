"""Pictures of another size: whole fractions by means, all else by bilinear interpolation. numba kernels; pure."""

import numpy as np
from numpy.typing import NDArray

from device.frame import Plane
from device.kernel import inner, kernel

Taps = NDArray[np.uint32]  # (2, target): index of the left of two source samples, and the right one's weight of 128


def taps(source: int, target: int) -> Taps:
    """Where `target` samples spread evenly over `source` samples read from: bilinear, edge to edge.

    Args:
        source: two at least, of which one is left of the other.
        target: any.

    Returns:
        (2, target) uint32: index of the left neighbour, 0 to source - 2, and the right neighbour's weight, 0 to 128.
    """
    at = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
    left = np.minimum(np.floor(at), source - 2)
    return np.stack([left, np.round((at - left) * 128)]).astype(np.uint32)


def nearest(source: int, target: int) -> NDArray[np.int32]:
    """(target,) int32: the source sample under the middle of each target sample."""
    return ((np.arange(target) * 2 + 1) * source // (2 * target)).astype(np.int32)


def shrunk(plane: Plane, factor: int) -> Plane:
    """The mean of each factor x factor block, rounded down; (rows // factor, columns // factor) uint8."""
    small = np.empty((plane.shape[0] // factor, plane.shape[1] // factor), np.uint8)
    _shrink(plane, factor, small)
    return small


@kernel("void(u1[:, ::1], i8, u1[:, ::1])")
def _shrink(plane: Plane, factor: int, small: Plane) -> None:
    rows, columns = small.shape
    sums = np.empty(plane.shape[1], np.int32)
    for r in range(rows):
        sums[:] = 0
        for k in range(factor):
            line = plane[r * factor + k]
            for x in range(columns * factor):
                sums[x] += line[x]
        for c in range(columns):
            total = 0
            for k in range(factor):
                total += sums[c * factor + k]
            small[r, c] = total // (factor * factor)


@inner
def interpolate(
    upper: NDArray[np.uint8], lower: NDArray[np.uint8], weight: np.uint32, columns: Taps, line: NDArray[np.uint16],
    out: NDArray[np.uint8],
) -> None:  # fmt: skip
    """One target row: first down the columns of two source rows, which vectorises, then along the row.

    Unsigned indices spare numba's test for negative ones.
    """
    n = np.uint32
    above, below = np.uint16(n(128) - weight), np.uint16(weight)
    for x in range(upper.size):
        line[x] = np.uint16(upper[x]) * above + np.uint16(lower[x]) * below
    index, right = columns[0], columns[1]
    for x in range(index.size):
        i, w = index[x], right[x]
        left = n(n(line[i]) * n(n(128) - w))
        out[x] = n(left + n(n(line[i + n(1)]) * w) + n(8192)) >> n(14)
