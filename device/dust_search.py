"""Dust on the sensor, from the photographs of a white sheet that a flat field is measured by. Pure.

All frames are added up in cells of 4 x 4 photosites. What is left beside the flat field, and beside what is smooth
over some hundred photosites, is 1 but for noise, which is known: the sensor's model (`Frame.noise`), by the photosites
and frames that a cell is the mean of. Dust is darker, over 3 x 3 cells, by SIGMAS standard deviations and by
LEAST_DEPTH, in all colours alike: of the 770 000 cells of a 12-megapixel sensor noise makes 0.0008 such. Where the
cells differ more than the model says, as photosites are not all equally sensitive, the deviation is what they do differ
by (1.4826 times the median absolute deviation).
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from device.dust import CELL, MOST_CELLS, Dust, Speck
from device.errors import BadValue
from device.flat_field import Gains, shares_of_points
from device.frame import CHANNELS, QUANTISATION_DN2, Frame

SIGMAS = 6.0
LEAST_DEPTH = 0.01  # of a shadow in its middle: paler ones nobody sees
EDGE_SIGMAS, EDGE_DEPTH = 3.0, 0.003  # as far as what lacks more than both, a shadow goes on
ALIKE = (0.5, 2.0)  # times what all colours lack may one lack: a defect of photosites, or a stain, has a colour
AROUND = 32  # cells to each side that are smooth together: shadows of 250 photosites across stand out of them
_MARGIN = 2  # cells beside a shadow, of light that comes through
_OF_NORMAL = 1.4826
_FAINT_DN = 1e-3

Planes = NDArray[np.float64]  # (4, rows of cells, columns)
Plane = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FoundDust:
    """What the sheet tells.

    Attributes:
        dust: the specks.
        left_out: how many more there are than can be kept; the darkest are kept.
    """

    dust: Dust
    left_out: int


class WhiteFrames:
    """Photographs of one sheet, added up. Memory: a photosite's byte, however many they are."""

    def __init__(self) -> None:
        self._first: Frame | None = None
        self._sums: Planes = np.zeros((0, 0, 0))
        self._count = 0

    def add(self, frame: Frame) -> None:
        """One more, of the same size and pattern.

        Raises:
            BadValue: it is not.
        """
        first = self._first = self._first or frame
        if (frame.raw.shape, frame.cfa) != (first.raw.shape, first.cfa):
            raise BadValue("The photographs of the sheet differ in size: measure again, and leave the camera alone.")
        sums = np.stack([_sums_of_cells(frame, channel) for channel in range(len(CHANNELS))])
        self._sums = sums if not self._count else self._sums + sums
        self._count += 1

    def found(self, gains: Gains) -> FoundDust:
        """The specks, beside the flat field that was found of the same photographs.

        Raises:
            BadValue: there is no photograph.
        """
        if self._first is None:
            raise BadValue("Dust is looked for on a white sheet: photograph one.")
        shares, deviation = self._shares(self._first, gains)
        together, alone = _together(shares, deviation)
        specks = sorted(_specks(shares, together, alone), key=lambda speck: -speck.depth)
        cells = np.cumsum([speck.shares.size for speck in specks])
        kept = tuple(specks[: int(np.searchsorted(cells, MOST_CELLS, "right"))])
        rows, columns = self._first.raw.shape
        return FoundDust(Dust(rows, columns, kept), len(specks) - len(kept))

    def _shares(self, first: Frame, gains: Gains) -> tuple[Planes, Planes]:
        """What comes through to each cell in each channel, and how uncertain that is."""
        photosites = self._count * (CELL // 2) ** 2
        black = np.array(first.levels.black)[:, None, None]
        signal = np.maximum(self._sums / photosites - black, _FAINT_DN)
        variance = first.noise.slope_dn * signal + max(first.noise.floor_dn2, QUANTISATION_DN2)
        flat = signal * np.stack([_at_cells(plane, first.raw.shape, signal.shape[1:]) for plane in gains])
        return np.stack([plane / _background(plane) for plane in flat]), np.sqrt(variance / photosites) / signal


def _sums_of_cells(frame: Frame, channel: int) -> Plane:
    """Of one channel; what does not fill a cell at the right and below is left out."""
    row, column = divmod(int(frame.cfa.places[channel]), 2)
    plane, side = frame.raw[row::2, column::2], CELL // 2
    rows, columns = frame.raw.shape[0] // CELL, frame.raw.shape[1] // CELL
    parts = [plane[i : rows * side : side, j : columns * side : side] for i in range(side) for j in range(side)]
    return np.asarray(np.add.reduce([part.astype(np.float64) for part in parts]))


def _at_cells(plane: NDArray[np.float32], raw: tuple[int, ...], cells: tuple[int, ...]) -> Plane:
    """A map of gains in the middle of each cell."""
    down, across = (
        shares_of_points((CELL * np.arange(count) + (CELL - 1) / 2) / (length - 1), points)
        for count, length, points in zip(cells, raw, plane.shape, strict=True)
    )
    return np.asarray(down @ plane @ across.T, np.float64)


def _background(plane: Plane) -> Plane:
    """What is smooth in it: the mean of all cells around, but of those that are darker or brighter than it by far."""
    smooth = _mean_around(plane, np.ones_like(plane), AROUND)
    for _ in range(2):
        apart = np.abs(_mean_around(plane, np.ones_like(plane), 1) / smooth - 1)
        usual = (apart < max(LEAST_DEPTH / 2, 4 * _OF_NORMAL * float(np.median(apart)))).astype(np.float64)
        smooth = _mean_around(plane, usual, AROUND)
    return smooth


def _mean_around(plane: Plane, weights: Plane, reach: int) -> Plane:
    """Over so many cells to each side; where none of them has a weight, that of the whole plane."""
    total, weight = _sum_around(plane * weights, reach), _sum_around(weights, reach)
    overall = float((plane * weights).sum() / max(weights.sum(), 1))
    return np.where(weight > 0.5, total / np.maximum(weight, 0.5), overall)  # sums are rounded


def _sum_around(plane: Plane, reach: int) -> Plane:
    for axis in (0, 1):
        size = plane.shape[axis]
        below = np.insert(np.cumsum(plane, axis), 0, 0, axis)
        ends = np.minimum(np.arange(size) + reach + 1, size), np.maximum(np.arange(size) - reach, 0)
        plane = np.take(below, ends[0], axis) - np.take(below, ends[1], axis)
    return plane


def _together(shares: Planes, deviation: Planes) -> tuple[Plane, Plane]:
    """All channels weighed by what is certain of them, and the standard deviation of that."""
    weights = 1 / deviation**2
    return (shares * weights).sum(0) / weights.sum(0), 1 / np.sqrt(weights.sum(0))


def _specks(shares: Planes, together: Plane, alone: Plane) -> Iterator[Speck]:
    lacking = 1 - _mean_around(together, np.ones_like(together), 1)
    seen = _OF_NORMAL * float(np.median(np.abs(lacking)))
    deviation = np.maximum(alone / 3, seen)
    shadow = lacking > np.maximum(EDGE_SIGMAS * deviation, EDGE_DEPTH)
    certain = lacking > np.maximum(SIGMAS * deviation, LEAST_DEPTH)
    for rows, columns in _pieces(shadow, certain):
        uncertain = float(np.sqrt((alone[rows, columns] ** 2).mean() / len(rows)))
        if _is_grey(1 - shares[:, rows, columns].mean(1), uncertain):
            yield _cut_out(together, rows, columns)


def _pieces(shadow: NDArray[np.bool_], certain: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.intp], ...]]:
    """(rows, columns) of the cells of each connected shadow with a certain cell in it."""
    left = shadow.copy()
    for start in zip(*np.nonzero(certain), strict=True):
        if not left[start]:
            continue
        left[start] = False
        piece, queue = [start], deque([start])
        while queue:
            row, column = queue.popleft()
            for near in ((row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
                if 0 <= near[0] < left.shape[0] and 0 <= near[1] < left.shape[1] and left[near]:
                    left[near] = False
                    piece.append(near)
                    queue.append(near)
        rows, columns = np.array(piece).T
        yield rows, columns


def _is_grey(lacking: NDArray[np.float64], deviation: float) -> bool:
    """Whether red, green and blue lack about the same; less is certain of one colour than of all."""
    colours = np.array([lacking[0], (lacking[1] + lacking[2]) / 2, lacking[3]])
    least, most = (times * colours.mean() for times in ALIKE)
    room = 4 * sqrt(len(colours)) * deviation
    return bool((colours > least - room).all() and (colours < most + room).all())


def _cut_out(together: Plane, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Speck:
    """Of the shadow's cells and their neighbours what was measured; in the margin around, all light."""
    top, left = max(int(rows.min()) - _MARGIN, 0), max(int(columns.min()) - _MARGIN, 0)
    bottom, right = int(rows.max()) + _MARGIN + 1, int(columns.max()) + _MARGIN + 1
    part = _as_points(together[top:bottom, left:right])
    mask = np.zeros(part.shape)
    mask[rows - top, columns - left] = 1
    near = _sum_around(mask, 1) > 0.5
    return Speck(top, left, np.where(near, np.clip(part, 0, 1), 1).astype(np.float32))


def _as_points(means: Plane) -> Plane:
    """Values in the middle of the cells, which straight lines between follow best.

    Where a curve bends by f'', the mean over a cell of width h is off by h**2 f'' / 24, and a straight line from middle
    to middle in the mean by h**2 f'' / 12.
    """
    padded = np.pad(means, 1, "edge")
    bends = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:] - 4 * means
    return np.asarray(means - bends / 8)
