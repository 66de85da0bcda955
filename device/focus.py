"""Sharpness from the mosaic: how much finer detail its greens show than noise, or a blurred picture, would.

What is in focus has fine detail (`detail.py`). How much noise alone would give is known from the Poisson-Gaussian
model at the cell's brightness, so the excess is measured in standard deviations of that noise and one threshold holds
at every ISO. But contrast that is strong enough rises above the noise when out of focus, too. So what a scene may do
by itself is counted as uncertain as well: a share of the coarse detail around, which blur leaves as it is. Then noise
rules in the dark and at high gain, and in good light it is the ratio of fine to coarse detail: a measure of blur.

`make bench-peaking` compares this with others' detectors on photographs of known defocus.
"""

import numpy as np
from numpy.typing import NDArray

from device.detail import BLOCK, Cells, Detail, Row, detail
from device.frame import FOCUS_CELL, QUANTISATION_DN2, Cfa, Levels, Noise, Raw
from device.kernel import inner, kernel

Excesses = NDArray[np.float32]  # (3, rows // 8 + 2 * REACH, columns // 8 + 2 * REACH): fine, coarse, variance

SITES = FOCUS_CELL * FOCUS_CELL // 2  # greens of a cell
BLOWN = 0.995  # share of full scale from which a green is clipped: an edge to it looks sharp whatever the focus
SCENE = 0.26  # fine detail that may be there by chance, as a share of the coarse: found with `make bench-peaking`
REACH = 2  # cells to each side that are taken together, the outermost by half

# For noise of standard deviation 1: sums of two neighbouring second differences are normal with variance 12, those of
# four with variance 8; of a normal number the absolute value has the mean sqrt(2 / pi) standard deviations.
FINE_MEAN = float(2 * np.sqrt(2 / np.pi) * (np.sqrt(12) + np.sqrt(8)))  # per green, both diagonals
COARSE_MEAN = float(8 * np.sqrt(2 / np.pi) * np.sqrt(6 * BLOCK * BLOCK / 2))  # per cell: four blocks, two differences
# The variance that each green adds to the weighted sum of fine detail. They overlap, so it is the sum of all their
# covariances, for normal X, Y of variances a, b and correlation r: cov(|X|, |Y|) = 2/pi sqrt(a b) (sqrt(1 - r2)
# + r asin r - 1). tests/reference_meter.py adds them up.
FINE_VARIANCE = 49.5698


def focus_map(raw: Raw, cfa: Cfa, levels: Levels, noise: Noise) -> Cells:
    """The sharpness of each cell.

    Args:
        raw: (rows, columns) uint16, DN; an odd last row or column is left out.
        cfa: its pattern.
        levels: black and white, DN.
        noise: the model at this frame's gain, rounding included.

    Returns:
        (rows // 8, columns // 8) float32, in standard deviations of noise, and of what coarse detail leaves uncertain:
        mean 0 and standard deviation 1 on a flat, noisy surface, below 0 where something smoothed the mosaic, 0 where
        it is blown out.
    """
    return significance(detail(raw, cfa, levels), levels, noise)


def significance(found: Detail, levels: Levels, noise: Noise) -> Cells:
    """The fine detail around each cell, less what noise gives, over the standard deviation of that."""
    z = np.empty_like(found.signal)
    _standardise(_excesses(found, levels, noise), z)
    return z


def score(found: Detail, levels: Levels, noise: Noise, cells: tuple[slice, slice] | None = None) -> float:
    """The sharpness of some rows and columns of cells, one figure for a meter; None: of the centre third each way.

    The fine detail there, less what noise gives, in percent of the signal: so it does not
    follow exposure, and noise moves it but little. Never below 0.
    """
    middle = [slice(size // 3, size - size // 3) for size in found.signal.shape]
    rows, columns = cells or middle
    inside = Detail(*(np.ascontiguousarray(plane[rows, columns]) for plane in found))
    excess = float(_excesses(inside, levels, noise)[0].sum())
    from_noise = float(inside.fine.sum()) - excess
    return 100.0 * max(excess, 0.0) / max(FINE_MEAN * max(float(inside.signal.sum()), 0.0) + from_noise, 1.0)


def _excesses(found: Detail, levels: Levels, noise: Noise) -> Excesses:
    """What noise does not explain of fine and of coarse detail, and the variance of the former.

    Nothing is said of cells that are blown, or next to one that is.
    """
    rows, columns = found.signal.shape
    excesses = np.zeros((3, rows + 2 * REACH, columns + 2 * REACH), np.float32)
    least_dn2 = max(0.5 * noise.floor_dn2, QUANTISATION_DN2)
    _compare(found.fine, found.coarse, found.signal, noise.slope_dn, noise.floor_dn2, least_dn2, excesses)
    blown = found.peak >= BLOWN * (levels.white - levels.green_black)
    if blown.any():
        excesses[:2, REACH:-REACH, REACH:-REACH][:, _grown(blown)] = 0
    return excesses


def _grown(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """With their neighbours."""
    padded = np.pad(cells, 1)
    across = padded[:, :-2] | padded[:, 1:-1] | padded[:, 2:]
    return np.asarray(across[:-2] | across[1:-1] | across[2:])


@kernel("void(f4[:, ::1], f4[:, ::1], f4[:, ::1], f8, f8, f8, f4[:, :, ::1])")
def _compare(
    fine: Cells, coarse: Cells, signal: Cells, slope_dn: float, floor_dn2: float, least_dn2: float, excesses: Excesses
) -> None:
    """The noise is that of the measured mean, whose own noise adds slope ** 2 / 4 times the mean squared.

    A mean below black lowers it too, as it must for the average to come out at 0, but not beyond what chance can do.
    """
    f = np.float32
    slope, floor, least = f(slope_dn / SITES), f(floor_dn2), f(least_dn2)
    own, per_site = f(SITES * FINE_MEAN**2 / 4 * slope_dn**2), f(SITES * FINE_VARIANCE)
    by_fine, by_coarse = f(SITES * FINE_MEAN), f(COARSE_MEAN)
    for i in range(signal.shape[0]):
        out_fine, out_coarse, variance = excesses[0, REACH + i], excesses[1, REACH + i], excesses[2, REACH + i]
        for k in range(signal.shape[1]):
            dn2 = max(slope * signal[i, k] + floor, least)
            out_fine[REACH + k] = fine[i, k] - by_fine * np.sqrt(dn2)
            out_coarse[REACH + k] = coarse[i, k] - by_coarse * np.sqrt(dn2)
            variance[REACH + k] = per_site * dn2 + own


@kernel("void(f4[:, :, ::1], f4[:, ::1])")
def _standardise(excesses: Excesses, z: Cells) -> None:
    """Beyond the border all three are 0, so a cell there is compared with what there is."""
    down = np.empty((3, excesses.shape[2]), np.float32)
    fine, coarse, variance = np.empty_like(z[0]), np.empty_like(z[0]), np.empty_like(z[0])
    for i in range(z.shape[0]):
        for p in range(3):
            plane = excesses[p]
            _add_five(plane[i], plane[i + 1], plane[i + 2], plane[i + 3], plane[i + 4], down[p])
        _add_across(down[0], fine)
        _add_across(down[1], coarse)
        _add_across(down[2], variance)
        _divide(fine, coarse, variance, z[i])


@inner
def _add_five(a: Row, b: Row, c: Row, d: Row, e: Row, total: Row) -> None:
    for k in range(total.size):
        total[k] = np.float32(0.5) * (a[k] + e[k]) + (b[k] + c[k] + d[k])


@inner
def _add_across(row: Row, total: Row) -> None:
    _add_five(row, row[1:], row[2:], row[3:], row[4:], total)


@inner
def _divide(fine: Row, coarse: Row, variance: Row, z: Row) -> None:
    for k in range(z.size):
        by_scene = np.float32(SCENE) * max(coarse[k], np.float32(0))
        z[k] = fine[k] / np.sqrt(variance[k] + by_scene * by_scene)
