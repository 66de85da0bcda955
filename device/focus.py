"""Sharpness from the mosaic: how much finer detail its greens show than noise alone would.

The detector is the sum of absolute second differences along both diagonals at every green photosite, in cells of
8 x 8 photosites, smoothed over 3 x 3 cells, against what the Poisson-Gaussian model says of pure noise at that
brightness. Of the detectors we compared it told sharp texture from slightly soft best (AUC 0.995 at gain 1, 0.965 at
gain 16; research/kernels.md, section 6), and as it measures in units of noise its threshold holds at every ISO.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from device.frame import CHANNELS, FOCUS_CELL, QUANTISATION_DN2, Cfa, Levels, Noise, Raw

Cells = NDArray[np.float32]  # (rows // 8, columns // 8)
Row = NDArray[np.float32]

SITES = FOCUS_CELL * FOCUS_CELL // 2  # greens of a cell
BLOWN = 0.995  # share of full scale at which a cell's mean says nothing of detail any more

# For noise of standard deviation 1 a second difference 2c - a - b is normal with variance 6, so its absolute value
# has the mean sqrt(12 / pi); two of them at each site.
SITE_MEAN = 2.0 * float(np.sqrt(12.0 / np.pi))
# The variance that each site adds to the sum over 3 x 3 cells. The differences overlap, so it is the sum of all their
# covariances, for normal X, Y of variance s2 and correlation r: cov(|X|, |Y|) = 2/pi s2 (sqrt(1 - r2) + r asin r - 1).
# tests/reference_meter.py adds them up.
SITE_VARIANCE = 11.5277


def focus_map(raw: Raw, cfa: Cfa, levels: Levels, noise: Noise) -> Cells:
    """The sharpness of each cell.

    Args:
        raw: (rows, columns) uint16, DN; an odd last row or column is left out.
        cfa: its pattern.
        levels: black and white, DN.
        noise: the model at this frame's gain, rounding included.

    Returns:
        (rows // 8, columns // 8) float32, in standard deviations of pure noise: mean 0 and standard deviation 1 on a
        flat, noisy surface, below 0 where something smoothed the mosaic, 0 where it is blown out.
    """
    energy, signal = energies(raw, cfa, levels)
    return significance(energy, signal, levels, noise)


def energies(raw: Raw, cfa: Cfa, levels: Levels) -> tuple[Cells, Cells]:
    """Per cell, the sums over its greens of absolute second differences and of dn - black."""
    rows, columns = raw.shape[0] // 2 * 2, raw.shape[1] // 2 * 2
    shape = (rows // FOCUS_CELL, columns // FOCUS_CELL)
    energy, signal = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    if energy.size:
        column, black = _greens(cfa, levels)
        _cells(np.ascontiguousarray(raw[:rows, :columns]), column, black, energy, signal)
    return energy, signal


def significance(energy: Cells, signal: Cells, levels: Levels, noise: Noise) -> Cells:
    """The energies of 3 x 3 cells, less what noise gives, over the standard deviation of that."""
    excess, variance = _excess(energy, signal, levels, noise)
    return np.asarray(_sum_3x3(excess) / np.sqrt(_sum_3x3(variance)), np.float32)


def score(energy: Cells, signal: Cells, levels: Levels, noise: Noise) -> float:
    """The sharpness of the centre, one figure for a meter.

    The mean second difference over the centre third each way, less what noise gives, in percent of the mean signal:
    so it does not follow exposure, and noise moves it but little. Never below 0.
    """
    centre = tuple(slice(size // 3, size - size // 3) for size in energy.shape)
    excess, _ = _excess(energy[centre], signal[centre], levels, noise)
    from_noise = float((energy[centre] - excess).sum())
    mean_signal = 2.0 * max(float(signal[centre].sum()), 0.0)  # twice, as each site has two differences
    return 100.0 * max(float(excess.sum()), 0.0) / max(mean_signal + from_noise, 1.0)


def _excess(energy: Cells, signal: Cells, levels: Levels, noise: Noise) -> tuple[Cells, Cells]:
    """What noise does not explain, and its variance; nothing is said of blown cells.

    The expectation is taken at the measured mean, whose own noise adds slope**2 * 12 / pi per site. A mean below black
    lowers it too, as it must for the average to come out at 0, but not beyond what chance can do.
    """
    least_dn2 = max(0.5 * noise.floor_dn2, QUANTISATION_DN2)
    dn2 = np.maximum(noise.slope_dn / SITES * signal + noise.floor_dn2, least_dn2)
    excess = energy - SITES * SITE_MEAN * np.sqrt(dn2)
    excess[signal >= BLOWN * SITES * (levels.white - levels.green_black)] = 0.0
    variance = SITES * (SITE_VARIANCE * dn2 + 12.0 / np.pi * noise.slope_dn**2)
    return np.asarray(excess, np.float32), np.asarray(variance, np.float32)


def _sum_3x3(cells: Cells) -> Cells:
    """The sum of each cell and its neighbours; at the border of those there are."""
    across = cells.copy()
    across[:, 1:] += cells[:, :-1]
    across[:, :-1] += cells[:, 1:]
    total = across.copy()
    total[1:] += across[:-1]
    total[:-1] += across[1:]
    return total


def _greens(cfa: Cfa, levels: Levels) -> tuple[int, Row]:
    """The column (0 or 1) of the even rows' green, and the black of the even and of the odd rows' green."""
    column = 1 if cfa.pattern[0, 0] in (CHANNELS.index("R"), CHANNELS.index("B")) else 0
    even, odd = cfa.pattern[0, column], cfa.pattern[1, 1 - column]
    return column, np.array([levels.black[even], levels.black[odd]], np.float32)


@njit(cache=True, nogil=True)
def _cells(raw: Raw, column: int, black: Row, energy: Cells, signal: Cells) -> None:
    """Three rows of greens are kept as float32, each with a mirrored photosite at either end.

    The mosaic is mirrored at its borders, which keeps the colours in their places: row -1 is row 1.
    """
    last = raw.shape[0] - 1
    half = raw.shape[1] // 2
    greens = np.empty((3, half + 2), np.float32)
    differences, sums = np.empty(half, np.float32), np.empty(half, np.float32)
    _take_greens(raw[1], 1 - column, black[1], greens[2])
    _take_greens(raw[0], column, black[0], greens[0])
    for i in range(energy.shape[0] * FOCUS_CELL):
        below = i + 1 if i < last else i - 1
        shift = (column + i) & 1
        _take_greens(raw[below], 1 - shift, black[below & 1], greens[(i + 1) % 3])
        if i % FOCUS_CELL == 0:
            differences[:] = np.float32(0)
            sums[:] = np.float32(0)
        above, here, under = greens[(i + 2) % 3], greens[i % 3], greens[(i + 1) % 3]
        _differ(above[shift:], here[1:], under[shift:], differences)
        _add(here[1:], sums)
        if i % FOCUS_CELL == FOCUS_CELL - 1:
            _sum_by_four(differences, energy[i // FOCUS_CELL])
            _sum_by_four(sums, signal[i // FOCUS_CELL])


@njit(cache=True, nogil=True)
def _take_greens(row: Raw, column: int, black: np.float32, greens: Row) -> None:
    half = greens.size - 2
    source, target = row[column:], greens[1:]
    for k in range(half):
        target[k] = np.float32(source[2 * k]) - black
    greens[0], greens[half + 1] = greens[1], greens[half]


@njit(cache=True, nogil=True)
def _differ(above: Row, here: Row, under: Row, differences: Row) -> None:
    """Both diagonals; above[k] and above[k + 1] are the upper left and upper right neighbours of here[k]."""
    for k in range(differences.size):
        twice = here[k] + here[k]
        falling = abs(twice - above[k] - under[k + 1])
        rising = abs(twice - above[k + 1] - under[k])
        differences[k] += falling + rising


@njit(cache=True, nogil=True)
def _add(row: Row, sums: Row) -> None:
    for k in range(sums.size):
        sums[k] += row[k]


@njit(cache=True, nogil=True)
def _sum_by_four(row: Row, cells: Row) -> None:
    for k in range(cells.size):
        cells[k] = row[4 * k] + row[4 * k + 1] + row[4 * k + 2] + row[4 * k + 3]
