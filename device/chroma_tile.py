"""Chroma noise reduction of a tile: its coarse part is the frame's, its fine part kept where it rises above noise."""

import numpy as np
from numpy.typing import NDArray

from device.chroma_planes import BLOCK
from device.kernel import inner
from device.light import Line
from device.tile import HEIGHT, MARGIN, PITCH, SIZE, TilePlane

SCRATCH = 7  # planes
# Of a green and another photosite's noise together, so much is left in their difference's fine part: the demosaic
# averages most of it away. The power of what is left, over 25 neighbours, exceeds 2.7 times its mean once in a hundred.
# Both measured on noise without a picture.
_NOISE_LEFT = 0.05
_KEPT_ABOVE = 2.7

_TINY = np.float32(1e-12)


def weights(variance: NDArray[np.float64]) -> NDArray[np.float32]:
    """(2,) float32: by which squares of the fine part are multiplied so that noise over 5 x 5 comes to one at most.

    Args:
        variance: (3,) of the signal of red, green and blue photosites.
    """
    red, green, blue = variance
    noise = np.array([green + red, green + blue]) * _NOISE_LEFT
    return (1 / (2 * 25 * _KEPT_ABOVE * np.maximum(noise, 1e-12))).astype(np.float32)


@inner
def quieten_tile(
    to_red: TilePlane,
    to_blue: TilePlane,
    coarse: NDArray[np.float32],
    quiet: NDArray[np.float32],
    top: int,
    left: int,
    weight: NDArray[np.float32],
    scratch: NDArray[np.float32],
) -> None:
    """Take the noise out of both differences, in their place.

    Args:
        to_red: (SIZE,) green minus red.
        to_blue: (SIZE,) green minus blue.
        coarse: (3, rows, columns) as `chroma_planes` makes them.
        quiet: (2, rows, columns) what `quietened` made of them.
        top: row of the frame at which the tile's picture begins; a multiple of BLOCK like
        left: the column.
        weight: as `weights` has it.
        scratch: (SCRATCH, SIZE) for passing use.
    """
    coarse_red, coarse_blue, quiet_red, quiet_blue = scratch[0], scratch[1], scratch[2], scratch[3]
    power, across, lines = scratch[4], scratch[5], scratch[6]
    _enlarge(coarse[1], top, left, lines, coarse_red)
    _enlarge(coarse[2], top, left, lines, coarse_blue)
    _enlarge(quiet[0], top, left, lines, quiet_red)
    _enlarge(quiet[1], top, left, lines, quiet_blue)
    _subtract(to_red, coarse_red)
    _subtract(to_blue, coarse_blue)
    _add_powers(to_red, to_blue, weight[0], weight[1], power)
    _sum_across(power, across)
    _sum_along(across, power)
    _keep(power, quiet_red, to_red)
    _keep(power, quiet_blue, to_blue)


@inner
def _enlarge(plane: NDArray[np.float32], top: int, left: int, lines: TilePlane, out: TilePlane) -> None:
    """A tile of a plane enlarged by BLOCK, bilinear; beyond its borders the outermost values go on."""
    first = (top - MARGIN) // BLOCK
    for step in range(HEIGHT // BLOCK + 2):
        row = min(max(first - 1 + step, 0), plane.shape[0] - 1)
        _enlarge_line(plane[row], (left - MARGIN) // BLOCK, lines[step * PITCH : (step + 1) * PITCH])
    for y in range(HEIGHT):
        upper = (y + BLOCK // 2) // BLOCK
        share = np.float32(((y + BLOCK // 2) % BLOCK + 0.5) / BLOCK)
        start = upper * PITCH
        _mix(lines[start : start + PITCH], lines[start + PITCH : start + 2 * PITCH], share, out[y * PITCH :])


@inner
def _enlarge_line(values: Line, first: int, out: Line) -> None:
    last = values.size - 1
    for block in range(PITCH // BLOCK):
        before = values[min(max(first + block - 1, 0), last)]
        here = values[min(max(first + block, 0), last)]
        after = values[min(max(first + block + 1, 0), last)]
        out[BLOCK * block] = here + (before - here) * np.float32(0.375)
        out[BLOCK * block + 1] = here + (before - here) * np.float32(0.125)
        out[BLOCK * block + 2] = here + (after - here) * np.float32(0.125)
        out[BLOCK * block + 3] = here + (after - here) * np.float32(0.375)


@inner
def _mix(upper: Line, lower: Line, share: np.float32, out: Line) -> None:
    for x in range(PITCH):
        out[x] = upper[x] + (lower[x] - upper[x]) * share


@inner
def _subtract(difference: TilePlane, coarse: TilePlane) -> None:
    for i in range(SIZE):
        difference[i] -= coarse[i]


@inner
def _add_powers(a: TilePlane, b: TilePlane, weight_a: np.float32, weight_b: np.float32, power: TilePlane) -> None:
    for i in range(SIZE):
        power[i] = a[i] * a[i] * weight_a + b[i] * b[i] * weight_b


@inner
def _sum_across(a: TilePlane, out: TilePlane) -> None:
    for i in range(SIZE - 4):
        out[i + 2] = a[i] + a[i + 1] + a[i + 2] + a[i + 3] + a[i + 4]


@inner
def _sum_along(a: TilePlane, out: TilePlane) -> None:
    for i in range(SIZE - 4 * PITCH):
        out[i + 2 * PITCH] = a[i] + a[i + PITCH] + a[i + 2 * PITCH] + a[i + 3 * PITCH] + a[i + 4 * PITCH]


@inner
def _keep(power: TilePlane, quiet: TilePlane, detail: TilePlane) -> None:
    """What the coarse part became, and of the fine part what is more than noise."""
    for i in range(SIZE):
        kept = max(np.float32(1) - np.float32(1) / (power[i] + _TINY), np.float32(0))
        detail[i] = quiet[i] + kept * detail[i]
