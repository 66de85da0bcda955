"""The noise of a preview's fine detail, from the frame itself: what the image processor does to it is not known. Pure.

Where the RAW shows no detail, what detail the preview has is noise. Its strength depends on brightness, so it is
averaged by brightness, in the middle of every fourth such focus cell. (Without the RAW, texture that fills a frame
could not be told from noise.)
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import Plane
from device.kernel import kernel

CALM_SIGMAS = 2.0  # of a focus cell: below this nothing is in focus there
BINS = 16  # of brightness
SAMPLES_MIN = 40  # in a bin that counts
TABLES = 4
BENDS = (1 << 40) - 1  # the bits of a sum that hold how much there is; the upper ones count
LAPLACIAN_SIGMAS = 20**0.5  # of the 4-neighbour Laplacian of white noise with standard deviation 1
SIGMAS_PER_MEAN = 1.2533  # of normal numbers: sqrt(pi / 2) times the mean absolute value

Places = NDArray[np.intp]


def noise_by_luma(y: Plane, focus: NDArray[np.float32], rows: Places, columns: Places) -> NDArray[np.float32]:
    """How strong noise is in a preview's fine detail.

    Args:
        y: luma, (rows, columns) uint8.
        focus: (r, c) float32, sharpness of each cell in standard deviations of pure noise.
        rows: (r,) of the pixel in the middle of each cell, at least 1 from the border,
        columns: and (c,) likewise.

    Returns:
        (256,) float32: the standard deviation of the 4-neighbour Laplacian that noise gives at each luma, levels; 0
        where hardly any cell is without detail.
    """
    sums = np.zeros((TABLES, BINS), np.uint64)
    _sample(y, np.ascontiguousarray(focus), rows, columns, sums)
    bends, counts = (sums & np.uint64(BENDS)).sum(0), (sums >> np.uint64(BENDS.bit_length())).sum(0)
    known = np.flatnonzero(counts >= SAMPLES_MIN)
    if not known.size:
        return np.zeros(256, np.float32)
    sigmas: NDArray[np.float64] = SIGMAS_PER_MEAN * bends[known] / counts[known]
    by_luma: NDArray[np.float64] = np.interp(np.arange(256), (known + 0.5) * 256 / BINS, sigmas)
    return by_luma.astype(np.float32)


@kernel("void(u1[:, ::1], f4[:, ::1], i8[::1], i8[::1], u8[:, ::1])")
def _sample(y: Plane, focus: NDArray[np.float32], rows: Places, columns: Places, sums: NDArray[np.uint64]) -> None:
    """Of every second row and column of cells: how many, and the sum of how much they bend, in one number of each bin.

    The brightness is that of the neighbours: the pixel's own would be the further off the more noise is in it. Tables
    take turns, so that a sum need not wait for the one before, which mostly goes into the same bin.
    """
    n = np.int32
    for i in range(0, rows.size, 2):
        above, here, below = y[rows[i] - 1], y[rows[i]], y[rows[i] + 1]
        for j in range(0, columns.size, 2):
            x = np.uint32(columns[j])
            around = n(n(here[x - np.uint32(1)]) + n(here[x + np.uint32(1)])) + n(n(above[x]) + n(below[x]))
            bend = np.uint64(abs(around - 4 * n(here[x]))) | np.uint64(BENDS + 1)
            calm = focus[i, j] < np.float32(CALM_SIGMAS)
            sums[(j >> 1) & (TABLES - 1), around * BINS >> 10] += bend if calm else np.uint64(0)
