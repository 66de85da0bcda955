"""Sharpness from the mosaic: how much finer detail its greens show than noise, or a blurred picture, would.

What is in focus has fine detail (`detail.py`). How much noise alone would give is known from the Poisson-Gaussian
model at the brightness around, so the excess is measured in standard deviations of that noise and one threshold holds
at every ISO. But contrast that is strong enough rises above the noise when out of focus, too. So what a scene may do
by itself counts as uncertain as well: a share of what detail there is on the next coarser scale, which blur leaves
longer, and contrast so weak that no panel shows it. Then noise rules in the dark and at high gain, and in good light it
is the ratio of fine detail to less fine: a measure of blur.

The more noise rules, the more cells are taken together, and the more it counts what coarse detail there is: noise
hides that last, so it tells texture from a wall where nothing finer does.

`make bench-peaking` compares this with others' detectors on photographs of known defocus. These shares were sought
there, by one half of the photographs; the figures shown are those of the other half.
"""

import numpy as np
from numpy.typing import NDArray

from device.detail import Cells, Detail, Row, detail
from device.fine_detail import BLOCK
from device.frame import FOCUS_CELL, QUANTISATION_DN2, Cfa, Levels, Noise, Raw
from device.kernel import inner, kernel

Planes = NDArray[np.float32]  # (5, 7, columns) of cells with a margin: five rows of what KNOWN to BROAD name

# 1 or 0, of those the share of one frame's noise, DN, and detail in DN2: noise alone gives its variance
KNOWN, CHANCE, SIGNAL, FINE, MIDDLE, COARSE, BROAD = range(7)

SITES = FOCUS_CELL * FOCUS_CELL // 2  # greens of a cell
BLOWN = 0.995  # share of full scale from which a green is clipped: an edge to it looks sharp whatever the focus
REACH = 2  # cells to each side that are taken together at least, the outermost by half: 5 x 5
MARGIN = 2 * REACH  # as many are at most: 9 x 9, which is four times 5 x 5

# What may be there by chance, in good light and in bad: found with `make bench-peaking`
OF_MIDDLE = 0.143  # share of the middle detail that may be fine, blurred by 1.5 photosites or more
OF_COARSE = 0.0005  # likewise of coarse detail
UNSEEN = 1e-4  # squared contrast of fine detail that no panel shows: 1 %
OF_BROAD = 0.06  # share of the broad detail (bends from cell to cell) that may be coarse
SHADING = 0.02  # squared contrast of coarse detail that may be mere shading: 14 %
LEAST_CHANCE = 1e-3  # share of one frame's noise that is left in any average: where nothing is known there is none
TEXTURE = 0.3  # weight of coarse detail beside fine where noise rules

# For noise of variance 1: sums of two neighbouring second differences have the variance 12, those of four 8. There are
# two diagonals, and every other row is measured.
FINE_SUM = 12.0 * SITES
MIDDLE_SUM = 8.0 * SITES
COARSE_SUM = 8 * 6 * BLOCK * BLOCK / 2  # four blocks, two differences
BROAD_SUM = 2 * 6 * SITES
# Standard deviation of the fine and of the coarse detail around a cell, where noise alone has the variance 1. They
# overlap, so it is the sum of all their covariances; for normal X, Y of covariance c that of their squares is 2 c ** 2.
# tests/reference_meter.py adds them up.
NARROW = (16.0, 0.06448)  # sum of the weights of 5 x 5 cells, and the spread of their fine detail
WIDE = (64.0, 0.03484)  # of 9 x 9 cells
COARSE_SPREAD = 0.09959  # of those


def focus_map(raw: Raw, cfa: Cfa, levels: Levels, noise: Noise) -> Cells:
    """The sharpness of each cell.

    Args:
        raw: (rows, columns) uint16, DN; an odd last row or column is left out.
        cfa: its pattern.
        levels: black and white, DN.
        noise: the model at this frame's gain, rounding included.

    Returns:
        (rows // 8, columns // 8) float32, in standard deviations of noise, and of what coarser detail leaves uncertain:
        mean 0 and standard deviation 1 on a flat, noisy surface, less where noise is too weak to be seen; below 0 where
        something smoothed the mosaic, 0 where it is blown out all around.
    """
    return significance(detail(raw, cfa, levels), levels, noise)


def significance(found: Detail, levels: Levels, noise: Noise, chance: Cells | None = None) -> Cells:
    """The fine detail around each cell, less what noise gives, over the standard deviation of that.

    Args:
        found: of the mosaic, or the average of several (`steady_detail`).
        levels: black and white, DN.
        noise: of one mosaic.
        chance: (cells) float32, the variance of each cell's average as a share of that of one mosaic, None: 1.
    """
    z = np.empty_like(found.signal)
    if z.size:
        limits = np.array([noise.slope_dn, noise.floor_dn2, least_dn2(noise)], np.float32)
        known = known_cells(found, levels)
        chance = known if chance is None else known * chance
        _judge(known, chance, found.fine, found.middle, found.coarse, found.signal, limits, z)
    return z


def least_dn2(noise: Noise) -> float:
    """The least variance that is believed in.

    A mean below black lowers the noise too, as it must for the average to come out at 0, but not beyond chance.
    """
    return max(0.5 * noise.floor_dn2, QUANTISATION_DN2)


def known_cells(found: Detail, levels: Levels) -> Cells:
    """1, but 0 for cells that are blown, and next to one that is."""
    blown = found.peak >= BLOWN * (levels.white - levels.green_black)
    known = np.ones_like(found.signal)
    if blown.any():
        known[_grown(blown)] = 0
    return known


def _grown(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """With their neighbours."""
    padded = np.pad(cells, 1)
    across = padded[:, :-2] | padded[:, 1:-1] | padded[:, 2:]
    return np.asarray(across[:-2] | across[1:-1] | across[2:])


@kernel("void(f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[::1], f4[:, ::1])")
def _judge(
    known: Cells, chance: Cells, fine: Cells, middle: Cells, coarse: Cells, signal: Cells, noise: Row, z: Cells
) -> None:
    """Row by row: five rows of cells are kept, and five of their sums; beyond the border all are 0.

    noise: slope, floor and the least variance.
    """
    rows, columns = signal.shape
    laid = np.zeros((5, 7, columns + 2 * MARGIN), np.float32)
    around = np.zeros((5, 7, columns + 2 * REACH), np.float32)
    wide, wider_z = np.empty((7, columns), np.float32), np.empty(columns, np.float32)
    share, beside = np.empty(columns, np.float32), np.empty(columns + 2, np.float32)
    down = np.empty(columns + 2 * MARGIN, np.float32)
    for r in range(rows + 2 * MARGIN):
        i = r - MARGIN
        cells = laid[r % 5, :, MARGIN : MARGIN + columns]
        if 0 <= i < rows:
            _lay(known[i], chance[i], fine[i], middle[i], coarse[i], cells)
            _lay_signal(
                known[i], signal[_mirrored(i - 1, rows)], signal[i], signal[_mirrored(i + 1, rows)], beside, cells
            )
        else:
            cells[:] = np.float32(0)
        if r >= 2 * REACH:
            _pool(laid, r, down, around[r % 5])
        i -= MARGIN
        if i >= 0:
            _widen(around[(r + 1) % 5], around[r % 5], wide)
            _stand_out(around[(r + 3) % 5, :, REACH : REACH + columns], noise, NARROW, z[i], share)
            _stand_out(wide, noise, WIDE, wider_z, share)
            _add_texture(wide, noise, wider_z, share, z[i])


@inner
def _mirrored(i: int, size: int) -> int:
    """Row -1 is row 1, and a single row its own neighbour."""
    return max(0, min(abs(i), 2 * size - 2 - abs(i)))


@inner
def _lay(known: Row, chance: Row, fine: Row, middle: Row, coarse: Row, cells: Cells) -> None:
    f = np.float32
    by_fine, by_middle, by_coarse = f(0.5 / FINE_SUM), f(1 / MIDDLE_SUM), f(1 / COARSE_SUM)
    out_fine, out_middle, out_coarse = cells[FINE], cells[MIDDLE], cells[COARSE]
    out_known, out_chance = cells[KNOWN], cells[CHANCE]
    for k in range(known.size):
        out_known[k], out_chance[k] = known[k], chance[k]
        in_middle = known[k] * (middle[k] * by_middle)
        out_fine[k] = known[k] * (fine[k] * by_fine) + f(0.5) * in_middle
        out_middle[k] = in_middle
        out_coarse[k] = known[k] * (coarse[k] * by_coarse)


@inner
def _lay_signal(known: Row, above: Row, here: Row, below: Row, beside: Row, cells: Cells) -> None:
    """And how much that bends from cell to cell."""
    f = np.float32
    for k in range(here.size):
        beside[k + 1] = here[k]
    beside[0], beside[-1] = here[_mirrored(-1, here.size)], here[_mirrored(here.size, here.size)]
    by_signal, by_broad = f(1 / SITES), f(1 / BROAD_SUM)
    left, right, out_signal, out_broad = beside[:-2], beside[2:], cells[SIGNAL], cells[BROAD]
    for k in range(known.size):
        twice = here[k] + here[k]
        across, along = twice - left[k] - right[k], twice - above[k] - below[k]
        out_signal[k] = known[k] * (here[k] * by_signal)
        out_broad[k] = known[k] * ((across * across + along * along) * by_broad)


@inner
def _pool(laid: Planes, r: int, down: Row, around: Cells) -> None:
    """Sums over 5 x 5 cells, of which the last row is r."""
    a, b, c, d, e = laid[(r + 1) % 5], laid[(r + 2) % 5], laid[(r + 3) % 5], laid[(r + 4) % 5], laid[r % 5]
    for p in range(7):
        _add_five(a[p], b[p], c[p], d[p], e[p], down)
        _add_five(down, down[1:], down[2:], down[3:], down[4:], around[p])


@inner
def _add_five(a: Row, b: Row, c: Row, d: Row, e: Row, total: Row) -> None:
    for k in range(total.size):
        total[k] = np.float32(0.5) * (a[k] + e[k]) + (b[k] + c[k] + d[k])


@inner
def _widen(upper: Cells, lower: Cells, wide: Cells) -> None:
    """Four times 5 x 5 cells, each two cells off the middle both ways, are 9 x 9."""
    for p in range(7):
        a, b, total = upper[p], lower[p], wide[p]
        for k in range(total.size):
            total[k] = a[k] + a[k + 2 * REACH] + b[k] + b[k + 2 * REACH]


@inner
def _stand_out(around: Cells, noise: Row, window: tuple[float, float], z: Row, share: Row) -> None:
    """How far fine detail stands out, and noise's share of the variance of that; fewer cells are less certain."""
    f = np.float32
    known, signal, fine, middle, coarse = around[KNOWN], around[SIGNAL], around[FINE], around[MIDDLE], around[COARSE]
    chance = around[CHANCE]
    slope, floor, least, alone = noise[0], noise[1], noise[2], f(window[0] * window[1] ** 2)
    for k in range(z.size):
        each = f(1) / max(known[k], f(0.25))
        mean = signal[k] * each
        dn2 = max(slope * mean + floor, least)
        scene = f(OF_MIDDLE) * max(middle[k] * each - dn2, f(0)) + f(OF_COARSE) * max(coarse[k] * each - dn2, f(0))
        scene += f(UNSEEN) * mean * mean
        by_noise = alone * max(chance[k] * each, f(LEAST_CHANCE)) * each * dn2 * dn2
        certain = f(1) / np.sqrt(by_noise + scene * scene)
        z[k] = (fine[k] - known[k] * dn2) * each * certain
        share[k] = by_noise * certain * certain


@inner
def _add_texture(wide: Cells, noise: Row, wider_z: Row, share: Row, z: Row) -> None:
    """Into z, which is that of 5 x 5 cells: of what noise rules, more of 9 x 9, and what is coarse there."""
    f = np.float32
    known, chance, signal, coarse, broad = wide[KNOWN], wide[CHANCE], wide[SIGNAL], wide[COARSE], wide[BROAD]
    slope, floor, least, alone = noise[0], noise[1], noise[2], f(WIDE[0] * COARSE_SPREAD**2)
    for k in range(z.size):
        each = f(1) / max(known[k], f(0.25))
        mean = signal[k] * each
        dn2 = max(slope * mean + floor, least)
        scene = f(OF_BROAD) * max(broad[k] * each - dn2, f(0)) + f(SHADING) * mean * mean
        by_noise = alone * max(chance[k] * each, f(LEAST_CHANCE)) * each * dn2 * dn2
        texture = (coarse[k] - known[k] * dn2) * each / np.sqrt(by_noise + scene * scene)
        of_noise = np.sqrt(share[k])
        weight, wider = f(TEXTURE) * of_noise, np.sqrt(np.sqrt(of_noise))
        z[k] = (z[k] + wider * (wider_z[k] - z[k]) + weight * texture) / np.sqrt(f(1) + weight * weight)
