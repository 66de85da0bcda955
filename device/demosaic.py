"""Mosaic to three colours at every photosite.

Green minus red, and green minus blue, vary slowly. Along the rows and along the columns either is estimated at every
photosite; what is wrong with an estimate is like noise on a slow signal, so that its neighbours tell how much, and the
two are averaged by how far they can be trusted: L. Zhang and X. Wu, "Color demosaicking via directional linear minimum
mean square-error estimation", IEEE Transactions on Image Processing 14 (2005). The differences are then filled in where
they were not estimated: between diagonal neighbours with the filter of I. Pekkucuksen and Y. Altunbasak, "Gradient
based threshold free color filter array interpolation", ICIP 2010, and then as the mean of four.

It works on any scale of brightness. On the square root of light it makes fewer errors than on light itself, as a
difference of roots stays small where light changes but its colour does not.
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import Cfa
from device.kernel import inner, kernel
from device.tile import COLUMNS, HEIGHT, MARGIN, PITCH, ROWS, SIZE, TilePlane, mirrored

REACH = 14  # photosites: 2 to estimate, 4 to smooth, 4 to judge, 3 and 1 to fill in
SCRATCH = 8  # planes

_HALF, _QUARTER, _NINTH = np.float32(0.5), np.float32(0.25), np.float32(1 / 9)
# A Gaussian of standard deviation 2 over nine photosites, as in the paper.
_G0, _G1, _G2, _G3, _G4 = (np.float32(weight / 128) for weight in (26, 23, 15, 9, 4))
_NEAR, _FAR = np.float32(10 / 32), np.float32(-1 / 32)  # the diagonal filter
_TINY = np.float32(1e-7)  # above the rounding of squares in float32


def demosaic(mosaic: NDArray[np.float32], cfa: Cfa) -> NDArray[np.float32]:
    """Red, green and blue of a whole mosaic; beyond its border the picture is thought mirrored.

    Args:
        mosaic: (rows, columns) float32, on any scale, white balanced.
        cfa: its pattern at the top left.

    Returns:
        (rows, columns, 3) float32; the measured value of each photosite is kept, but for rounding.
    """
    rows, columns = mosaic.shape
    rgb = np.empty((rows, columns, 3), np.float32)
    _whole(np.ascontiguousarray(mosaic), roles(cfa), rgb)
    return rgb


def roles(cfa: Cfa) -> NDArray[np.float32]:
    """(4, SIZE) float32 for `demosaic_tile`, of a tile that begins at an even row and column.

    Planes of ones and zeros where a photosite is green, red, blue; and 1 where it is green, else -1.
    """
    letters = np.tile(np.array(list(cfa)).reshape(2, 2), (HEIGHT // 2, PITCH // 2)).ravel()
    green, red, blue = (letters == letter for letter in "GRB")
    return np.array([green, red, blue, np.where(green, 1, -1)], np.float32)


@kernel("void(f4[:, ::1], f4[:, ::1], f4[:, :, ::1])")
def _whole(mosaic: NDArray[np.float32], role: NDArray[np.float32], rgb: NDArray[np.float32]) -> None:
    rows, columns = mosaic.shape
    scratch = np.zeros((SCRATCH, SIZE), np.float32)
    signal, green = np.empty(SIZE, np.float32), np.empty(SIZE, np.float32)
    to_red, to_blue = np.empty(SIZE, np.float32), np.empty(SIZE, np.float32)
    for top in range(0, rows, ROWS):
        for left in range(0, columns, COLUMNS):
            for place in range(SIZE):
                row, column = place // PITCH, place % PITCH
                signal[place] = mosaic[mirrored(top - MARGIN + row, rows), mirrored(left - MARGIN + column, columns)]
            demosaic_tile(signal, role, scratch, green, to_red, to_blue)
            for y in range(min(ROWS, rows - top)):
                for x in range(min(COLUMNS, columns - left)):
                    place = (y + MARGIN) * PITCH + x + MARGIN
                    rgb[top + y, left + x, 0] = green[place] - to_red[place]
                    rgb[top + y, left + x, 1] = green[place]
                    rgb[top + y, left + x, 2] = green[place] - to_blue[place]


@inner
def demosaic_tile(
    signal: TilePlane,
    role: NDArray[np.float32],
    scratch: NDArray[np.float32],
    green: TilePlane,
    to_red: TilePlane,
    to_blue: TilePlane,
) -> None:
    """Green, green minus red and green minus blue of one tile, but for its outer REACH photosites.

    Args:
        signal: (SIZE,) the mosaic.
        role: (4, SIZE) as `roles` has it.
        scratch: (SCRATCH, SIZE) for passing use; finite.
        green: (SIZE,) as the other two is written.
        to_red: green minus red.
        to_blue: green minus blue.
    """
    difference, smooth, power, error = scratch[0], scratch[1], scratch[2], scratch[3]
    across, across_variance, along, along_variance = scratch[4], scratch[5], scratch[6], scratch[7]
    _difference_across(signal, role[3], difference)
    _smooth_across(difference, smooth)
    _squares(difference, smooth, power, error)
    _sum_across(smooth, across)
    _sum_across(power, across_variance)
    _sum_across(error, smooth)
    _trust(difference, smooth, across, across_variance)
    _difference_along(signal, role[3], difference)
    _smooth_along(difference, smooth)
    _squares(difference, smooth, power, error)
    _sum_along(smooth, along)
    _sum_along(power, along_variance)
    _sum_along(error, smooth)
    _trust(difference, smooth, along, along_variance)
    _average(across, across_variance, along, along_variance)
    _add_to_green(signal, across, role[0], green)
    _fill(across, role[1], difference, smooth, to_red)
    _fill(across, role[2], difference, smooth, to_blue)


@inner
def _difference_across(signal: TilePlane, sign: TilePlane, out: TilePlane) -> None:
    """Green minus the row's other colour at each photosite, one of the two taken from its neighbours.

    J. F. Hamilton and J. E. Adams's interpolation: US patent 5,629,734 (1997, expired).
    """
    for i in range(SIZE - 4):
        own = signal[i + 2]
        other = (signal[i + 1] + signal[i + 3]) * _HALF + (own + own - signal[i] - signal[i + 4]) * _QUARTER
        out[i + 2] = (other - own) * -sign[i + 2]


@inner
def _difference_along(signal: TilePlane, sign: TilePlane, out: TilePlane) -> None:
    """The same down the column."""
    for i in range(SIZE - 4 * PITCH):
        own = signal[i + 2 * PITCH]
        beside = (signal[i + PITCH] + signal[i + 3 * PITCH]) * _HALF
        other = beside + (own + own - signal[i] - signal[i + 4 * PITCH]) * _QUARTER
        out[i + 2 * PITCH] = (other - own) * -sign[i + 2 * PITCH]


@inner
def _smooth_across(d: TilePlane, out: TilePlane) -> None:
    for i in range(SIZE - 8):
        near = _G0 * d[i + 4] + _G1 * (d[i + 3] + d[i + 5]) + _G2 * (d[i + 2] + d[i + 6])
        out[i + 4] = near + _G3 * (d[i + 1] + d[i + 7]) + _G4 * (d[i] + d[i + 8])


@inner
def _smooth_along(d: TilePlane, out: TilePlane) -> None:
    for i in range(SIZE - 8 * PITCH):
        near = _G1 * (d[i + 3 * PITCH] + d[i + 5 * PITCH]) + _G2 * (d[i + 2 * PITCH] + d[i + 6 * PITCH])
        far = _G3 * (d[i + PITCH] + d[i + 7 * PITCH]) + _G4 * (d[i] + d[i + 8 * PITCH])
        out[i + 4 * PITCH] = _G0 * d[i + 4 * PITCH] + near + far


@inner
def _squares(difference: TilePlane, smooth: TilePlane, power: TilePlane, error: TilePlane) -> None:
    for i in range(SIZE):
        off = smooth[i] - difference[i]
        power[i] = smooth[i] * smooth[i]
        error[i] = off * off


@inner
def _sum_across(a: TilePlane, out: TilePlane) -> None:
    """Sums of nine."""
    for i in range(SIZE - 8):
        out[i + 4] = a[i] + a[i + 1] + a[i + 2] + a[i + 3] + a[i + 4] + a[i + 5] + a[i + 6] + a[i + 7] + a[i + 8]


@inner
def _sum_along(a: TilePlane, out: TilePlane) -> None:
    for i in range(SIZE - 8 * PITCH):
        above = a[i] + a[i + PITCH] + a[i + 2 * PITCH] + a[i + 3 * PITCH]
        below = a[i + 5 * PITCH] + a[i + 6 * PITCH] + a[i + 7 * PITCH] + a[i + 8 * PITCH]
        out[i + 4 * PITCH] = above + a[i + 4 * PITCH] + below


@inner
def _trust(difference: TilePlane, error: TilePlane, mean: TilePlane, variance: TilePlane) -> None:
    """The linear estimate of least mean square error, and the variance it leaves.

    Args:
        difference: as it was estimated.
        error: the sum of squares of what smoothing took from it, over nine.
        mean: the sum of the smooth signal over nine; the estimate takes its place.
        variance: the sum of its squares; the estimate's variance takes its place.
    """
    for i in range(SIZE):
        middle = mean[i] * _NINTH
        signal = max(variance[i] * _NINTH - middle * middle, np.float32(0)) + _TINY
        noise = error[i] * _NINTH + _TINY
        share = np.float32(1) / (signal + noise)
        mean[i] = (middle * noise + difference[i] * signal) * share
        variance[i] = signal * noise * share


@inner
def _average(across: TilePlane, across_variance: TilePlane, along: TilePlane, along_variance: TilePlane) -> None:
    """Each weighted by the other's variance, in place of the first."""
    for i in range(SIZE):
        weighted = across[i] * along_variance[i] + along[i] * across_variance[i]
        across[i] = weighted / (across_variance[i] + along_variance[i])


@inner
def _add_to_green(signal: TilePlane, difference: TilePlane, is_green: TilePlane, green: TilePlane) -> None:
    for i in range(SIZE):
        green[i] = signal[i] + difference[i] * (np.float32(1) - is_green[i])


@inner
def _fill(difference: TilePlane, is_own: TilePlane, own: TilePlane, corners: TilePlane, out: TilePlane) -> None:
    """A colour's difference everywhere, from where that colour was measured.

    Without asking which photosite is which: elsewhere it is zero, and so adds nothing to a sum over neighbours.
    """
    for i in range(SIZE):
        own[i] = difference[i] * is_own[i]
    _fill_corners(own, corners)
    _fill_sides(corners, out)


@inner
def _fill_corners(d: TilePlane, out: TilePlane) -> None:
    """Red's at blue photosites or the other way round, from the diagonal neighbours."""
    for i in range(SIZE - 6 * PITCH - 6):
        near = d[i + 2 * PITCH + 2] + d[i + 2 * PITCH + 4] + d[i + 4 * PITCH + 2] + d[i + 4 * PITCH + 4]
        upper = d[i + 2] + d[i + 4] + d[i + 2 * PITCH] + d[i + 2 * PITCH + 6]
        lower = d[i + 4 * PITCH] + d[i + 4 * PITCH + 6] + d[i + 6 * PITCH + 2] + d[i + 6 * PITCH + 4]
        out[i + 3 * PITCH + 3] = d[i + 3 * PITCH + 3] + near * _NEAR + (upper + lower) * _FAR


@inner
def _fill_sides(d: TilePlane, out: TilePlane) -> None:
    """Either at green photosites, from the four neighbours."""
    for i in range(SIZE - 2 * PITCH - 2):
        beside = d[i + 1] + d[i + PITCH] + d[i + PITCH + 2] + d[i + 2 * PITCH + 1]
        out[i + PITCH + 1] = d[i + PITCH + 1] + beside * _QUARTER
