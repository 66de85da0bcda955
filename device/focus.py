"""Sharpness from the mosaic: how much finer detail its greens show than noise, or a blurred picture, would.

What is in focus has fine detail (`detail.py`). How much noise alone would give is known from the Poisson-Gaussian
model at the brightness around, so the excess is measured in standard deviations of that noise and one threshold holds
at every ISO. But contrast that is strong enough rises above the noise when out of focus, too. So what a scene may do
by itself counts as uncertain as well: a share of what detail there is on the next coarser scale, which blur leaves
longer, and contrast so weak that no panel shows it. Then noise rules in the dark and at high gain, and in good light it
is the ratio of fine detail to less fine: a measure of blur.

The more noise rules, the more cells are taken together, and the more it counts what coarse detail there is: noise
hides that last, so it tells texture from a wall where nothing finer does. For the same reason cells count for more that
show coarse detail beyond noise: what can be sharp there is where fine detail must be, and the others add but noise.

`make bench-peaking` compares this with others' detectors on photographs of known defocus. These shares were sought
there, by one half of the photographs; the figures shown are those of the other half.
"""

import numpy as np

from device.cell_sums import (
    BROAD,
    CHANCE,
    COARSE,
    COARSE_SUM,
    FINE,
    LANES,
    MARGIN,
    MIDDLE,
    PITCH,
    REACH,
    SIGNAL,
    SITES,
    SIZE,
    STRIP,
    WEIGHT,
    Planes,
    lay,
    lay_signal,
    mirrored,
    plane,
    pool,
)
from device.coarse_detail import copy
from device.detail import Cells, Detail, Row, detail
from device.frame import QUANTISATION_DN2, Cfa, Levels, Noise, Raw
from device.inverse_root import inverse_root
from device.kernel import inner, kernel
from device.known_cells import known_cells

# What may be there by chance, in good light and in bad: found with `make bench-peaking`
OF_MIDDLE = 0.145  # share of the middle detail that may be fine, blurred by 1.5 photosites or more
OF_COARSE = 0.0005  # likewise of coarse detail
UNSEEN = 1e-4  # squared contrast of fine detail that no panel shows: 1 %
OF_BROAD = 0.04  # share of the broad detail (bends from cell to cell) that may be coarse
SHADING = 0.03  # squared contrast of coarse detail that may be mere shading: 17 %
LEAST_CHANCE = 1e-3  # share of one frame's noise that is left in any average: where nothing is known there is none
TEXTURE = 0.3  # weight of coarse detail beside fine where noise rules
BY_COARSE = 0.3  # what a cell counts for more, for each time that its coarse detail is above what noise gives
MOST_WEIGHT = 2.2  # at most; 1 where there is no more coarse detail than noise gives
MOST_MORE = 2.2  # standard deviations that 9 x 9 cells may add to 5 x 5: a wall beside texture is none
MOST_TEXTURE = 6.0  # likewise of coarse detail

# Standard deviation of the fine and of the coarse detail around a cell, where noise alone has the variance 1. They
# overlap, so it is the sum of all their covariances; for normal X, Y of covariance c that of their squares is 2 c ** 2.
# tests/reference_meter.py adds them up.
NARROW = (16.0, 0.06448)  # sum of the weights of 5 x 5 cells, and the spread of their fine detail
WIDE = (64.0, 0.03484)  # of 9 x 9 cells
COARSE_SPREAD = 0.09959  # of those
# Cells that noise gives more coarse detail count for more, which lifts its mean, and, as filters overlap, that of fine
# detail: by these shares of what noise gives
COARSE_LIFT, FINE_LIFT = 0.0931, 0.0042


def focus_map(raw: Raw, cfa: Cfa, levels: Levels, noise: Noise) -> Cells:
    """The sharpness of each cell.

    Args:
        raw: (rows, columns) uint16, DN; an odd last row or column is left out.
        cfa: its pattern.
        levels: black and white, DN.
        noise: the model at this frame's gain, rounding included.

    Returns:
        (rows // 8, columns // 8) float32, in standard deviations of noise, and of what coarser detail leaves uncertain:
        mean 0 and standard deviation 1 (1.1 in the dark) on a flat, noisy surface, less where noise is too weak to be
        seen; below 0 where something smoothed the mosaic, 0 where it is blown out all around.
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
        if chance is None:
            chance = np.ones((1, z.shape[1]), np.float32)
        _judge(known_cells(found, levels), chance, found.fine, found.middle, found.coarse, found.signal, limits, z)
    return z


def least_dn2(noise: Noise) -> float:
    """The least variance that is believed in.

    A mean below black lowers the noise too, as it must for the average to come out at 0, but not beyond chance.
    """
    return max(0.5 * noise.floor_dn2, QUANTISATION_DN2)


@kernel("void(f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[::1], f4[:, ::1])")
def _judge(
    known: Cells, chance: Cells, fine: Cells, middle: Cells, coarse: Cells, signal: Cells, noise: Row, z: Cells
) -> None:
    """Strip by strip, whose rows stay in a processor's nearest cache: five of cells, and five of their sums.

    chance: of each cell, or of each column; noise: slope, floor and the least variance.
    """
    rows, columns = signal.shape
    laid, around = np.zeros(5 * SIZE + LANES, np.float32), np.zeros(5 * SIZE, np.float32)
    wide, row = np.empty(SIZE, np.float32), np.empty(STRIP, np.float32)
    weights, beside = np.empty(PITCH, np.float32), np.empty(PITCH + 2, np.float32)
    wider, texture, of_noise = np.empty((3, STRIP), np.float32)
    for left in range(0, columns, STRIP):
        start, stop, right = max(left - MARGIN, 0), min(left + STRIP + MARGIN, columns), min(left + STRIP, columns)
        at = MARGIN + start - left
        laid[:] = np.float32(0)
        for r in range(rows + 2 * MARGIN):
            i, planes = r - MARGIN, laid[r % 5 * SIZE : (r % 5 + 1) * SIZE]
            if 0 <= i < rows:
                weight, lasting = weights[: stop - start], chance[min(i, chance.shape[0] - 1), start:stop]
                _weigh(known[i, start:stop], coarse[i, start:stop], signal[i, start:stop], noise, weight)
                lay(weight, lasting, fine[i, start:stop], middle[i, start:stop], coarse[i, start:stop], at, planes)
                above, below = signal[mirrored(i - 1, rows)], signal[mirrored(i + 1, rows)]
                lay_signal(weight, above, signal[i], below, start, stop, beside, at, planes)
            else:
                planes[:] = np.float32(0)
            pool(laid, r, around, wide)
            i -= MARGIN
            if i >= 0:
                middle_row = (r + 3) % 5 * SIZE
                _stand_out(around[middle_row : middle_row + SIZE], noise, row)
                _judge_wide(wide, noise, wider, texture, of_noise)
                _take_more(wider, texture, of_noise, row)
                copy(row, z[i, left:right])


@inner
def _weigh(known: Row, coarse: Row, signal: Row, noise: Row, weight: Row) -> None:
    """By how much coarse detail each cell has, over what noise gives; 0 where nothing is known."""
    f = np.float32
    slope, floor, least, by_coarse = noise[0] * f(1 / SITES), noise[1], noise[2], f(BY_COARSE / COARSE_SUM)
    for k in range(weight.size):
        dn2 = max(slope * signal[k] + floor, least)
        weight[k] = known[k] * min(max(f(1 - BY_COARSE) + by_coarse * coarse[k] / dn2, f(1)), f(MOST_WEIGHT))


@inner
def _stand_out(around: Planes, noise: Row, z: Row) -> None:
    """How far fine detail stands out; fewer cells are less certain.

    All is of sums, not of means: of both parts of the ratio, times the weights' sum or its square.
    """
    f = np.float32
    weight, chance, signal = plane(around, WEIGHT, REACH), plane(around, CHANCE, REACH), plane(around, SIGNAL, REACH)
    fine, middle, coarse = plane(around, FINE, REACH), plane(around, MIDDLE, REACH), plane(around, COARSE, REACH)
    slope, floor, least = noise[0], noise[1], noise[2]
    for k in range(STRIP):
        n, light = weight[k], signal[k]
        dn2 = max(slope * light + floor * n, least * n)
        scene = n * _of_detail(dn2, middle[k], coarse[k]) + f(UNSEEN) * light * light
        by_noise = f(NARROW[0] * NARROW[1] ** 2) * max(chance[k], f(LEAST_CHANCE) * n) * dn2 * dn2
        above = n * (fine[k] - dn2) - f(FINE_LIFT) * chance[k] * dn2
        z[k] = above * inverse_root(by_noise + scene * scene)


@inner
def _of_detail(dn2: np.float32, middle: np.float32, coarse: np.float32) -> np.float32:
    """How much fine detail may be there that is not in focus, by what less fine there is."""
    f = np.float32
    return f(OF_MIDDLE) * max(middle - dn2, f(0)) + f(OF_COARSE) * max(coarse - dn2, f(0))


@inner
def _judge_wide(wide: Planes, noise: Row, wider: Row, texture: Row, of_noise: Row) -> None:
    """The same of 9 x 9 cells, how far coarse detail stands out, and which share of the variance is by noise."""
    f = np.float32
    weight, chance, signal = plane(wide, WEIGHT, LANES), plane(wide, CHANCE, LANES), plane(wide, SIGNAL, LANES)
    fine, middle, coarse = plane(wide, FINE, LANES), plane(wide, MIDDLE, LANES), plane(wide, COARSE, LANES)
    broad, slope, floor, least = plane(wide, BROAD, LANES), noise[0], noise[1], noise[2]
    for k in range(STRIP):
        n, light = weight[k], signal[k]
        dn2 = max(slope * light + floor * n, least * n)
        scene = n * _of_detail(dn2, middle[k], coarse[k]) + f(UNSEEN) * light * light
        each = max(chance[k], f(LEAST_CHANCE) * n) * dn2 * dn2
        by_noise = f(WIDE[0] * WIDE[1] ** 2) * each
        certain = inverse_root(by_noise + scene * scene)
        wider[k] = (n * (fine[k] - dn2) - f(FINE_LIFT) * chance[k] * dn2) * certain
        of_noise[k] = by_noise * certain * certain
        scene = n * (f(OF_BROAD) * max(broad[k] - dn2, f(0))) + f(SHADING) * light * light
        above = n * (coarse[k] - dn2) - f(COARSE_LIFT) * chance[k] * dn2
        certain = inverse_root(f(WIDE[0] * COARSE_SPREAD**2) * each + scene * scene)
        texture[k] = min(above * certain, f(MOST_TEXTURE))


@inner
def _take_more(wider: Row, texture: Row, of_noise: Row, z: Row) -> None:
    """Into z, which is that of 5 x 5 cells: of what noise rules, more of 9 x 9, and what is coarse there.

    A loop of its own: roots of roots wait for each other, and more cells than one at a time have to be at it.
    """
    f = np.float32
    for k in range(STRIP):
        inverse = inverse_root(of_noise[k])  # of the share of noise in the variance; its root is that in the deviation
        share, more = f(TEXTURE) * of_noise[k] * inverse, min(wider[k] - z[k], f(MOST_MORE))
        z[k] = (z[k] + inverse_root(inverse) * more + share * texture[k]) * inverse_root(f(1) + share * share)
