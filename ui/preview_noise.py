"""The noise of a preview's fine detail, from the frame itself: what the image processor does to it is not known. Pure.

Where the RAW shows no detail, what detail the preview has is noise. Its strength depends on brightness, so it is
averaged by brightness, in the middle of every fourth such focus cell.

Texture that fills a frame leaves hardly such a cell. Of detail at all brightnesses even the smallest is then an upper
bound, as if the lowest fifth were that of noise alone: on a printed page, whose paper is blank between letters, about
twice the noise. Another bound is what the RAW's noise floor says of one photosite, of which a preview shows a mean:
without it fabric or gravel, of which no pixel is blank, would be taken for noise.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from device.frame import Plane
from device.kernel import inner, kernel
from device.srgb import srgb_light

CALM_SIGMAS = 2.0  # of a focus cell: below this nothing is in focus there
BINS = 16  # of brightness
SAMPLES_MIN = 40  # in a bin that counts
SIDE_MIN = 3  # pixels: the Laplacian's
TABLES = 4
BENDS = (1 << 40) - 1  # the bits of a sum that hold how much there is; the upper ones count
LAPLACIAN_SIGMAS = 20**0.5  # of the 4-neighbour Laplacian of white noise with standard deviation 1
SIGMAS_PER_MEAN = 1.2533  # of normal numbers: sqrt(pi / 2) times the mean absolute value
LOWEST = 0.2  # of the absolute values of normal numbers
LOWEST_SIGMAS = 0.2533  # are below this
LEVELS = 64  # of Laplacians that are told apart; the last holds all above
UNKNOWN_EV = 0.0  # a noise floor that bounds nothing

Places = NDArray[np.intp]
Sums = NDArray[np.uint64]
Counts = NDArray[np.uint32]
Sigmas = NDArray[np.float64]


def noise_by_luma(
    y: Plane, focus: NDArray[np.float32], rows: Places, columns: Places, noise_floor_ev: float = UNKNOWN_EV
) -> NDArray[np.float32]:
    """How strong noise is in a preview's fine detail.

    Args:
        y: luma, (rows, columns) uint8.
        focus: (r, c) float32, sharpness of each cell in standard deviations of pure noise.
        rows: (r,) of the pixel in the middle of each cell, at least 1 from the border,
        columns: and (c,) likewise.
        noise_floor_ev: of the RAW, EV below clipping at which signal equals noise.

    Returns:
        (256,) float32: the standard deviation of the 4-neighbour Laplacian that noise gives at each luma, levels; 0
        where the frame has too few cells, or no pixel that is not on its border.
    """
    if min(y.shape) < SIDE_MIN:
        return np.zeros(256, np.float32)
    sums, counts = np.zeros((TABLES, BINS), np.uint64), np.zeros((BINS, LEVELS), np.uint32)
    _sample(y, np.ascontiguousarray(focus), rows, columns, sums, counts)
    bends, calm = (sums & np.uint64(BENDS)).sum(0), (sums >> np.uint64(BENDS.bit_length())).sum(0)
    sigmas = np.empty(BINS)
    _estimate(bends, calm, counts, _bounds(noise_floor_ev), sigmas)
    known = np.flatnonzero(sigmas >= 0)
    if not known.size:
        return np.zeros(256, np.float32)
    by_luma: Sigmas = np.interp(np.arange(256), (known + 0.5) * 256 / BINS, sigmas[known])
    return by_luma.astype(np.float32)


@lru_cache(maxsize=8)
def _bounds(noise_floor_ev: float) -> Sigmas:
    """(BINS,) float64, the Laplacian's standard deviation if each pixel of an sRGB picture were one noisy photosite.

    Noise has the variance a x + b at a signal of x, and at the floor f it is f squared: so above it is f x at most.
    """
    signal = (np.arange(BINS) + 0.5) / BINS
    light, floor = srgb_light(signal), 2.0**noise_floor_ev
    light_per_signal: Sigmas = (srgb_light(signal + 1e-4) - srgb_light(signal - 1e-4)) / 2e-4
    bounds: Sigmas = LAPLACIAN_SIGMAS * 255 * np.sqrt(floor * np.maximum(light, floor)) / light_per_signal
    return bounds


@kernel("void(u1[:, ::1], f4[:, ::1], i8[::1], i8[::1], u8[:, ::1], u4[:, ::1])")
def _sample(y: Plane, focus: NDArray[np.float32], rows: Places, columns: Places, sums: Sums, counts: Counts) -> None:
    """Every second row and column of cells: what bends in calm ones, and how often each bend is in any, by brightness.

    Of calm cells how many and the sum of how much they bend, in one number of each bin. The brightness is that of the
    neighbours: the pixel's own would be the further off the more noise is in it. Tables take turns, so that a sum need
    not wait for the one before, which mostly goes into the same bin. Unsigned indices spare numba's test for negative
    ones.
    """
    n, m, at = np.int32, np.uint32, np.uint64
    for i in range(0, rows.size, 2):
        above, here, below, sharpness = y[rows[i] - 1], y[rows[i]], y[rows[i] + 1], focus[i]
        for j in range(0, columns.size, 2):
            k, x = at(j), m(columns[at(j)])
            around = n(n(here[x - m(1)]) + n(here[x + m(1)])) + n(n(above[x]) + n(below[x]))
            bend, brightness = m(abs(around - 4 * n(here[x]))), m(around * BINS >> 10)
            calm = sharpness[k] < np.float32(CALM_SIGMAS)
            sums[(k >> at(1)) & at(TABLES - 1), brightness] += (
                np.uint64(bend) | np.uint64(BENDS + 1) if calm else np.uint64(0)
            )
            counts[brightness, min(bend, m(LEVELS - 1))] += m(1)


@kernel("void(u8[::1], u8[::1], u4[:, ::1], f8[::1], f8[::1])")
def _estimate(bends: Sums, calm: Sums, counts: Counts, bounds: Sigmas, sigmas: Sigmas) -> None:
    """The noise of each bin: of calm cells where they are most, else the least of all bounds; -1: unknown."""
    for k in range(BINS):
        total, mean = counts[k].sum(), SIGMAS_PER_MEAN * bends[k] / max(calm[k], 1)
        sigmas[k] = mean
        if total < SAMPLES_MIN:
            sigmas[k] = -1.0
        elif 2 * calm[k] < total:
            least = min(_lowest(counts[k], LOWEST * total) / LOWEST_SIGMAS, bounds[k])
            sigmas[k] = min(mean, least) if calm[k] >= SAMPLES_MIN else least


@inner
def _lowest(counts: Counts, share: float) -> float:
    """Below which Laplacian that many are; a level holds what rounds to it."""
    level, left = 0, float(share)
    while left > counts[level]:
        left -= counts[level]
        level += 1
    part = float(left / counts[level])
    return level - 0.5 + part if level else 0.5 * part
