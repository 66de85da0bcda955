"""Colour noise taken out from the widest blotch downwards; brightness keeps its grain.

Eyes take fine grain in brightness for texture, but coloured blotches for a fault. The planes are halved again and
again. On the way back each place takes the quiet colour of those coarser places around it that are like it, by the
noise that is known of the frame: joint bilateral upsampling (J. Kopf and others, ACM SIGGRAPH 2007) from level to
level. Where none is like it, at a thin line of another colour, it keeps its own.
It works on the stabilised signal of `light.py`, in which noise is the same in shadows and highlights.
"""

import numpy as np
from numpy.typing import NDArray

from device.kernel import kernel

Planes = NDArray[np.float32]  # (3, rows, columns): green, green minus red, green minus blue

LEVELS = 4  # above the finest given: of blocks of 4 photosites these are 8, 16, 32 and 64
_OWN = np.float32(0.02)  # weight of a place itself, beside 1 for all around it together
_GREEN = 0.25  # how much green counts in what is alike: texture in brightness shall not keep colours apart
_HALF_AT = 2.0  # times the distance to be expected of noise: at which a weight has fallen to a half
# Quadratic B-spline a quarter of a place off the middle of the coarser one, as the two finer ones lie.
_WEIGHTS = np.array([[0.28125, 0.6875, 0.03125], [0.03125, 0.6875, 0.28125]], np.float32)
_ONE = np.float32(1)


def quietened(planes: Planes, variance: NDArray[np.float64], levels: int = LEVELS) -> NDArray[np.float32]:
    """Both differences with their noise taken out.

    Args:
        planes: (3, rows, columns) float32.
        variance: (3,) of the noise of each plane, the same at every place.
        levels: how many times to halve.

    Returns:
        (2, rows, columns) float32.
    """
    if levels == 0 or min(planes.shape[1:]) < 2:
        return planes[1:].copy()
    coarse = np.empty((3, -(-planes.shape[1] // 2), -(-planes.shape[2] // 2)), np.float32)
    _halve(planes, coarse)
    quiet = quietened(coarse, variance / 4, levels - 1)
    out = np.empty((2, *planes.shape[1:]), np.float32)
    _join(planes, coarse, quiet, _nearness(variance), out)
    return out


def _nearness(variance: NDArray[np.float64]) -> NDArray[np.float32]:
    """(3,): what squared differences to a coarser place are multiplied by, so that their sum is 1 at _HALF_AT."""
    shares = np.array([_GREEN, 1.0, 1.0])
    expected = 1.25 * np.maximum(variance, 1e-12)  # the coarser place has a quarter of the noise itself
    nearness: NDArray[np.float32] = (shares / (expected * shares.sum() * _HALF_AT)).astype(np.float32)
    return nearness


@kernel("void(f4[:, :, ::1], f4[:, :, ::1])")
def _halve(fine: Planes, coarse: Planes) -> None:
    """Means of 2 x 2; an odd last row or column counts twice."""
    rows, columns = fine.shape[1:]
    for plane in range(3):
        for y in range(coarse.shape[1]):
            upper, lower = fine[plane, 2 * y], fine[plane, min(2 * y + 1, rows - 1)]
            for x in range(coarse.shape[2]):
                right = min(2 * x + 1, columns - 1)
                total = upper[2 * x] + upper[right] + lower[2 * x] + lower[right]
                coarse[plane, y, x] = total * np.float32(0.25)


@kernel("void(f4[:, :, ::1], f4[:, :, ::1], f4[:, :, ::1], f4[::1], f4[:, :, ::1])")
def _join(
    fine: Planes, coarse: Planes, quiet: NDArray[np.float32], nearness: NDArray[np.float32], out: NDArray[np.float32]
) -> None:
    last_row, last_column = coarse.shape[1] - 1, coarse.shape[2] - 1
    for y in range(fine.shape[1]):
        for x in range(fine.shape[2]):
            green, to_red, to_blue = fine[0, y, x], fine[1, y, x], fine[2, y, x]
            total, red, blue = _OWN, _OWN * to_red, _OWN * to_blue
            for down in range(3):
                row = min(max(y // 2 + down - 1, 0), last_row)
                for across in range(3):
                    column = min(max(x // 2 + across - 1, 0), last_column)
                    in_green = green - coarse[0, row, column]
                    in_red, in_blue = to_red - coarse[1, row, column], to_blue - coarse[2, row, column]
                    apart = in_green * in_green * nearness[0] + in_red * in_red * nearness[1]
                    apart = (apart + in_blue * in_blue * nearness[2]) ** 2
                    weight = _WEIGHTS[y & 1, down] * _WEIGHTS[x & 1, across] / (_ONE + apart * apart)
                    total += weight
                    red += weight * quiet[0, row, column]
                    blue += weight * quiet[1, row, column]
            out[0, y, x], out[1, y, x] = red / total, blue / total
