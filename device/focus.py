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
    FINE,
    LANES,
    MIDDLE,
    PATCH,
    PLANES,
    SIGNAL,
    STRIP,
    WEIGHT,
    Planes,
    add_rows,
    interpolate,
    lay,
    lay_nothing,
    pitch_of,
    pool,
    pool_wide,
)
from device.coarse_detail import copy
from device.detail import Cells, Detail, Row, detail
from device.frame import QUANTISATION_DN2, Cfa, Levels, Noise, Raw
from device.inverse_root import inverse_root
from device.kernel import inner, kernel
from device.known_cells import BLOWN, know_rows
from device.prefetch import fetch_all

# What may be there by chance, in good light and in bad: found with `make bench-peaking`
OF_MIDDLE = 0.144  # share of the middle detail that may be fine, blurred by 1.5 photosites or more
OF_COARSE = 0.0005  # likewise of coarse detail
UNSEEN = 1e-4  # squared contrast of fine detail that no panel shows: 1 %
OF_BROAD = 0.04  # share of the broad detail (bends from cell to cell) that may be coarse
SHADING = 0.03  # squared contrast of coarse detail that may be mere shading: 17 %
LEAST_CHANCE = 1e-3  # share of one frame's noise that is left in any average: where nothing is known there is none
TEXTURE = 0.3  # weight of coarse detail beside fine where noise rules
MOST_MORE = 4.0  # standard deviations that 8 x 8 cells may add to 4 x 4: a wall beside texture is none
MOST_TEXTURE = 8.0  # likewise of coarse detail

# Standard deviation of the fine and of the coarse detail around a cell, where noise alone has the variance 1. They
# overlap, so it is the sum of all their covariances; for normal X, Y of covariance c that of their squares is 2 c ** 2.
# Between corners they are averaged, and so vary less. tests/reference_meter.py adds them up.
NARROW = (16.0, 0.05954)  # cells around a corner, 4 x 4, and the spread of their fine detail
WIDE = (64.0, 0.03361)  # of 8 x 8 cells
COARSE_SPREAD = 0.09600  # of those
# Patches that noise gives more coarse detail count for more, which lifts its mean, and, as filters overlap, that of
# fine detail: by these shares of what noise gives
COARSE_LIFT, FINE_LIFT = 0.0622, 0.0029


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
        if chance is None:
            chance = np.ones((1, z.shape[1]), np.float32)
        blown_dn = BLOWN * (levels.white - levels.green_black)
        limits = np.array([noise.slope_dn, noise.floor_dn2, least_dn2(noise), blown_dn], np.float32)
        chance, fine, middle, coarse, signal, peak = (
            np.pad(plane, ((0, 0), (0, LANES - z.shape[1]))) if z.shape[1] < LANES else plane
            for plane in (chance, found.fine, found.middle, found.coarse, found.signal, found.peak)
        )
        _judge(chance, fine, middle, coarse, signal, peak, limits, z)
    return z


def least_dn2(noise: Noise) -> float:
    """The least variance that is believed in.

    A mean below black lowers the noise too, as it must for the average to come out at 0, but not beyond chance.
    """
    return max(0.5 * noise.floor_dn2, QUANTISATION_DN2)


@kernel("void(f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[::1], f4[:, ::1])")
def _judge(
    chance: Cells, fine: Cells, middle: Cells, coarse: Cells, signal: Cells, peak: Cells, limits: Row, z: Cells
) -> None:
    """Two rows of cells after two rows: those of corners between them two steps later, when all around them is there.

    chance: of each cell, or of each column; fine to peak: as `Detail` has them, LANES columns at least, zeros behind
    those of z; limits: slope, floor and the least variance, and from which DN a cell is blown; z: that is filled.
    """
    rows, across = z.shape
    corners = -(-across // PATCH) + 1
    pitch = pitch_of(corners)
    size = PLANES * pitch
    cells, patches, around = np.zeros(2 * size, np.float32), np.zeros(size, np.float32), np.zeros(3 * size, np.float32)
    highest_dn, known = np.zeros((2, 2 * pitch), np.float32), np.zeros((2, 2 * pitch), np.float32)
    beside, out = np.zeros((2, 2 * pitch), np.float32), np.empty((2, 2 * pitch), np.float32)
    judged = np.zeros((2, pitch), np.float32)
    narrow, wider, texture, of_noise = np.empty((4, STRIP), np.float32)
    for p in range(-(-rows // PATCH) + 2):
        i, a, b, c = PATCH * p, (p + 1) % 3 * size, (p + 2) % 3 * size, p % 3 * size
        above, here, below = around[a : a + size], around[b : b + size], around[c : c + size]
        if i < rows:
            know_rows(peak, i, across, limits[3], highest_dn, known)
            add_rows(chance, fine, middle, coarse, signal, peak, i, across, known, beside, cells, 2 * pitch)
            lay(cells, limits, pitch, patches, below)
        else:
            lay_nothing(patches, below)
        pool(below, pitch)
        if p > 0:
            pool_wide(above, below, pitch)
            for first in range(LANES, pitch - LANES, STRIP):
                _stand_out(here[first:], pitch, limits, narrow)
                _judge_wide(above[first:], pitch, limits, wider, texture, of_noise)
                _take_more(wider, texture, of_noise, narrow, judged[p % 2, first:])
        if p > 1:
            for r in range(i - PATCH, min(i, rows)):  # in time: lines of them are written soon
                fetch_all(z[r])
            interpolate(judged[1 - p % 2], judged[p % 2], out[0], out[1])
            for r in range(min(PATCH, rows + 2 * PATCH - i)):
                copy(out[r], z[i - 2 * PATCH + r])


@inner
def _plane(planes: Planes, pitch: int, which: int) -> Row:
    """One of them."""
    return planes[which * pitch : which * pitch + STRIP]


@inner
def _stand_out(around: Planes, pitch: int, noise: Row, z: Row) -> None:
    """How far fine detail stands out; fewer cells are less certain.

    All is of sums, not of means: of both parts of the ratio, times the weights' sum or its square.
    """
    f = np.float32
    weight, chance = _plane(around, pitch, WEIGHT), _plane(around, pitch, CHANCE)
    signal, fine = _plane(around, pitch, SIGNAL), _plane(around, pitch, FINE)
    middle, coarse = _plane(around, pitch, MIDDLE), _plane(around, pitch, COARSE)
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
def _judge_wide(wide: Planes, pitch: int, noise: Row, wider: Row, texture: Row, of_noise: Row) -> None:
    """The same of 8 x 8 cells, how far coarse detail stands out, and which share of the variance is by noise."""
    f = np.float32
    weight, chance = _plane(wide, pitch, WEIGHT), _plane(wide, pitch, CHANCE)
    signal, fine = _plane(wide, pitch, SIGNAL), _plane(wide, pitch, FINE)
    middle, coarse, broad = _plane(wide, pitch, MIDDLE), _plane(wide, pitch, COARSE), _plane(wide, pitch, BROAD)
    slope, floor, least = noise[0], noise[1], noise[2]
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
def _take_more(wider: Row, texture: Row, of_noise: Row, narrow: Row, z: Row) -> None:
    """Into z that of 4 x 4 cells: where noise rules with more of that of 8 x 8, and with what is coarse there.

    A loop of its own: roots of roots wait for each other, and more cells than one at a time have to be at it.
    """
    f = np.float32
    for k in range(STRIP):
        inverse = inverse_root(of_noise[k])  # of the share of noise in the variance; its root is that in the deviation
        share, more = f(TEXTURE) * of_noise[k] * inverse, min(wider[k] - narrow[k], f(MOST_MORE))
        z[k] = (narrow[k] + inverse_root(inverse) * more + share * texture[k]) * inverse_root(f(1) + share * share)
