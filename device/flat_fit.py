"""A flat field from photographs of a white sheet: what lens and microlenses take, without the sheet's own light.

The mean brightness of coarse cells is fitted, channel by channel, by a polynomial in the place on the frame: it is too
smooth to follow noise, dust or the paper's grain, so none of them is stamped into photographs. A lamp at the side makes
a gradient that all colours share; the lens does not, so the greens' is left out of the map, while a cast that is
another at the left than at the right, as steep rays make it, stays in. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from device.errors import BadValue
from device.flat_field import Gains
from device.frame import CHANNELS, Frame

Means = NDArray[np.float64]  # (4, rows, columns) in CHANNELS order, DN above black

CELL_ROWS, CELL_COLUMNS = 24, 32
POINTS = (25, 33)  # of the map: bilinear between them is within 0.1 % of the polynomials that lenses need
CLIPPED_MAX = 0.0001  # share of photosites
DARK_MIN, BRIGHT_MAX = 0.05, 0.9  # share of the range: of the darkest channel in the mean, of the brightest cell
UNEVEN_MAX = 0.15  # from one side to the other
ROUGH_MAX = 0.01  # what is left beside the fit in a cell
DUSTY_MAX = 0.1  # share of the cells in which that does not matter
GAIN_MAX = 16.0
_OUTLIER = 4.0  # times the robust deviation: dust on the sheet or the sensor
_FITS = 4
# Powers (across, down). A centred lens has even ones only; what the greens have of the odd ones is the lamp's.
_ODD = [(i, n - i) for n in (1, 3) for i in range(n, -1, -1)]
_EVEN = [(i, n - i) for n in (2, 4, 6) for i in range(n + 1)]
_TERMS = [(0, 0), *_ODD, *_EVEN]
_LAMP = slice(1, 1 + len(_ODD))


class Cells(NamedTuple):
    """One photograph of the sheet: the means of its cells, and (rows, columns) of the frame."""

    means: Means
    shape: tuple[int, int]


@dataclass(frozen=True, slots=True)
class FlatField:
    """What was found.

    Attributes:
        gains: to multiply with.
        uneven: how much brighter one side of the sheet was than the other, as a share.
        corner_gain: the largest gain of the greens.
    """

    gains: Gains
    uneven: float
    corner_gain: float


def cells_of(frame: Frame) -> Cells:
    """The mean of each cell of a frame.

    Raises:
        BadValue: the sheet is too bright, too dark, or clipped: the sentence says how much.
    """
    clipped = float((frame.raw >= frame.levels.white).mean())
    if clipped > CLIPPED_MAX:
        raise BadValue(f"{100 * clipped:.2f} % of the sheet is clipped: set -1 EV, or less, and begin again.")
    cells = np.stack([_means(frame, channel) for channel in range(len(CHANNELS))])
    span = frame.levels.white - np.array(frame.levels.black)[:, None, None]
    darkest, brightest = float((cells / span).mean(axis=(1, 2)).min()), float((cells / span).max())
    if brightest > BRIGHT_MAX:
        raise BadValue(f"The sheet reaches {100 * brightest:.0f} % of what the sensor can tell: set -1 EV.")
    if darkest < DARK_MIN:
        raise BadValue(f"The darkest colour of the sheet has {100 * darkest:.1f} % of the range: set +1 EV, or more.")
    rows, columns = frame.raw.shape
    return Cells(cells, (rows, columns))


def fitted(photographed: Iterable[Cells]) -> FlatField:
    """The map of several photographs of one sheet.

    Args:
        photographed: the cells of each; all frames are of one size.

    Raises:
        BadValue: the light is uneven, or it is no plain sheet; the sentence says how much.
    """
    taken = list(photographed)
    cells, shape = np.mean([each.means for each in taken], axis=0), taken[0].shape
    at_cells = _terms(*_cell_places(shape))
    coefficients = np.stack([_fit(at_cells, np.log(plane.ravel())) for plane in cells])
    _check_plain(cells, at_cells, coefficients)
    uneven = _unevenness(coefficients, shape)
    if uneven > UNEVEN_MAX:
        raise BadValue(f"One side of the sheet is {100 * uneven:.0f} % brighter than the other: turn sheet or lamp.")
    coefficients[:, _LAMP] -= coefficients[1:3, _LAMP].mean(axis=0)
    gains = _gains(coefficients, shape)
    if not np.isfinite(gains).all() or gains.max() > GAIN_MAX:
        raise BadValue(f"A corner would need {gains.max():.0f} times its light: is something before the lens?")
    return FlatField(gains, uneven, float(gains[1:3].max()))


def _means(frame: Frame, channel: int) -> NDArray[np.float64]:
    """Of one channel's photosites; what does not fill a cell at the right and below is left out."""
    row, column = divmod(int(frame.cfa.places[channel]), 2)
    plane = frame.raw[row::2, column::2]
    rows, columns = plane.shape[0] // CELL_ROWS, plane.shape[1] // CELL_COLUMNS
    if not rows or not columns:
        raise BadValue(f"A mosaic of {frame.raw.shape[1]} x {frame.raw.shape[0]} photosites is too small for a map.")
    blocks = plane[: rows * CELL_ROWS, : columns * CELL_COLUMNS].reshape(CELL_ROWS, rows, CELL_COLUMNS, columns)
    means: NDArray[np.float64] = blocks.mean(axis=(1, 3), dtype=np.float64) - frame.levels.black[channel]
    return np.maximum(means, 1e-3)


def _cell_places(shape: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middles of the cells across and down, from the middle of the frame in half diagonals."""
    down, across = (
        (np.arange(count) + 0.5) * (2 * (length // 2 // count)) - length / 2
        for count, length in zip((CELL_ROWS, CELL_COLUMNS), shape, strict=True)
    )
    return _grid(down, across, shape)


def _point_places(shape: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The same for the points of the map, whose outermost lie on the outermost photosites."""
    down, across = (
        np.arange(count) * ((length - 1) / (count - 1)) - (length - 1) / 2
        for count, length in zip(POINTS, shape, strict=True)
    )
    return _grid(down, across, shape)


def _grid(
    down: NDArray[np.floating], across: NDArray[np.floating], shape: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    y, x = np.meshgrid(down, across, indexing="ij")
    return x.ravel() / (np.hypot(*shape) / 2), y.ravel() / (np.hypot(*shape) / 2)


def _terms(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([x**i * y**j for i, j in _TERMS], axis=1)


def _fit(terms: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least squares, and again without the cells that then lie far off: a dark one bends the first fit towards it."""
    found = np.linalg.lstsq(terms, values, rcond=None)[0]
    for _ in range(_FITS):
        left = values - terms @ found
        deviation = 1.4826 * float(np.median(np.abs(left - np.median(left))))
        near = np.abs(left) <= max(_OUTLIER * deviation, 1e-6)
        found = np.linalg.lstsq(terms[near], values[near], rcond=None)[0]
    return np.asarray(found, np.float64)


def _check_plain(cells: Means, terms: NDArray[np.float64], coefficients: NDArray[np.float64]) -> None:
    left = np.log(cells.reshape(len(cells), -1)) - coefficients @ terms.T
    rough = float(np.quantile(np.abs(left), 1 - DUSTY_MAX, axis=1).max())
    if rough > ROUGH_MAX:
        raise BadValue(f"The sheet is rough by {100 * rough:.1f} %: fill the picture with it, out of focus.")


def _unevenness(coefficients: NDArray[np.float64], shape: tuple[int, int]) -> float:
    """From side to side through the middle, where it is more: what the greens' odd terms come to."""
    lamp = np.zeros_like(coefficients[0])
    lamp[_LAMP] = coefficients[1:3, _LAMP].mean(axis=0)
    rows, columns = np.array(shape) / np.hypot(*shape)
    sides = _terms(np.array([columns, -columns, 0, 0]), np.array([0, 0, rows, -rows])) @ lamp
    return float(np.expm1(max(abs(sides[0] - sides[1]), abs(sides[2] - sides[3]))))


def _gains(coefficients: NDArray[np.float64], shape: tuple[int, int]) -> Gains:
    """1 over the light, relative to the middle; all larger by what makes the smallest 1."""
    terms = _terms(*_point_places(shape))
    light = np.exp(coefficients[:, 1:] @ terms[:, 1:].T).reshape(len(CHANNELS), *POINTS)
    return np.ascontiguousarray(light.max() / light, np.float32)
