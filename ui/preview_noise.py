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
from device.prefetch import fetch_all
from device.srgb import srgb_light

CALM_SIGMAS = 2.0  # of a focus cell: below this nothing is in focus there
BINS = 16  # of brightness
SAMPLES_MIN = 40  # in a bin that counts
SIDE_MIN = 3  # pixels: the Laplacian's
TABLES = 2
LEVELS = 128  # of Laplacians that are told apart; the last holds all above, which noise hardly reaches
LAPLACIAN_SIGMAS = 20**0.5  # of the 4-neighbour Laplacian of white noise with standard deviation 1
SIGMAS_PER_MEAN = 1.2533  # of normal numbers: sqrt(pi / 2) times the mean absolute value
LOWEST = 0.2  # of the absolute values of normal numbers
LOWEST_SIGMAS = 0.2533  # are below this
UNKNOWN_EV = 0.0  # a noise floor that bounds nothing

Places = NDArray[np.intp]
Counts = NDArray[np.uint32]
Sigmas = NDArray[np.float64]
Row = NDArray[np.float32]


def noise_by_luma(
    y: Plane, focus: NDArray[np.float32], rows: Places, columns: Places, noise_floor_ev: float = UNKNOWN_EV
) -> Row:
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
    by_luma = np.zeros(256, np.float32)
    if min(y.shape) >= SIDE_MIN:
        _noise(y, np.ascontiguousarray(focus), rows, columns, _bounds(noise_floor_ev), by_luma)
    return by_luma


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


@kernel("void(u1[:, ::1], f4[:, ::1], i8[::1], i8[::1], f8[::1], f4[::1])")
def _noise(
    y: Plane, focus: NDArray[np.float32], rows: Places, columns: Places, bounds: Sigmas, by_luma: Row
) -> None:  # fmt: skip
    counts, sigmas = np.zeros((TABLES, 2 * BINS * LEVELS), np.uint32), np.empty(BINS, np.float64)
    _count(y, focus, rows, columns, counts)
    for k in range(BINS):
        busy, calm = k * LEVELS, (BINS + k) * LEVELS
        _add_tables(counts, busy)
        _add_tables(counts, calm)
        sigmas[k] = _estimate(counts[0, busy : busy + LEVELS], counts[0, calm : calm + LEVELS], bounds[k])
    _between(sigmas, by_luma)


@inner
def _count(y: Plane, focus: NDArray[np.float32], rows: Places, columns: Places, counts: Counts) -> None:
    """Every second row and column of cells: how often each bend is there, by brightness and whether the cell is calm.

    The brightness is that of the neighbours: the pixel's own would be the further off the more noise is in it. Tables
    take turns, so that a count need not wait for the one before, which mostly goes into the same place. Unsigned
    indices spare numba's test for negative ones.
    """
    n, m, at = np.int32, np.uint32, np.uint64
    for i in range(0, rows.size, 2):
        following = min(i + 2, rows.size - 1)
        fetch_all(focus[following])
        for row in range(rows[following] - 1, rows[following] + 2):
            fetch_all(y[row])
        above, here, below, sharpness = y[rows[i] - 1], y[rows[i]], y[rows[i] + 1], focus[i]
        for j in range(0, columns.size, 2):
            k, x = at(j), m(columns[at(j)])
            around = n(n(here[x - m(1)]) + n(here[x + m(1)])) + n(n(above[x]) + n(below[x]))
            bend, bin_of = m(abs(around - 4 * n(here[x]))), m(m(around) * m(BINS) >> m(10))
            calm = m(BINS * LEVELS) if sharpness[k] < np.float32(CALM_SIGMAS) else m(0)
            counts[(k >> at(1)) & at(TABLES - 1), calm + bin_of * m(LEVELS) + min(bend, m(LEVELS - 1))] += m(1)


@inner
def _add_tables(counts: Counts, first: int) -> None:
    """All into the first one."""
    for x in range(first, first + LEVELS):
        counts[0, x] += counts[1, x]


@inner
def _estimate(busy: Counts, calm: Counts, bound: float) -> float:
    """The noise of a bin: of calm cells where they are most, else the least of all bounds; -1: unknown."""
    calm_cells, bends = 0, 0
    for level in range(LEVELS):
        calm_cells += calm[level]
        bends += level * calm[level]
    total = calm_cells + busy.sum()
    if total < SAMPLES_MIN:
        return -1.0
    mean = SIGMAS_PER_MEAN * bends / max(calm_cells, 1)
    if 2 * calm_cells >= total:
        return mean
    least = min(_lowest(busy, calm, LOWEST * total) / LOWEST_SIGMAS, bound)
    return min(mean, least) if calm_cells >= SAMPLES_MIN else least


@inner
def _lowest(busy: Counts, calm: Counts, share: float) -> float:
    """Below which Laplacian that many are; a level holds what rounds to it."""
    level, left = 0, float(share)
    while left > busy[level] + calm[level]:
        left -= busy[level] + calm[level]
        level += 1
    part = float(left / (busy[level] + calm[level]))
    return level - 0.5 + part if level else 0.5 * part


@inner
def _between(sigmas: Sigmas, by_luma: Row) -> None:
    """A line from each known bin's middle to the next one's, and beyond the outermost as there; 0: none is known."""
    known, first = -1, 0
    for k in range(BINS):
        if sigmas[k] >= 0:
            middle = (2 * k + 1) * 128 // BINS
            start = sigmas[known] if known >= 0 else sigmas[k]
            step = (sigmas[k] - start) / max(middle - first, 1)
            for x in range(first, middle):
                by_luma[x] = np.float32(start + step * (x - first))
            known, first = k, middle
    by_luma[first:] = np.float32(sigmas[known] if known >= 0 else 0)
