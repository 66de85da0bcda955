"""A mosaic in which good neighbours speak for hot pixels: a copy of it, or for a while the mosaic itself. Pure.

What is stored is never mended. What is developed is a copy. A frame that is only looked at is mended where it lies and
gets its own numbers back, as it may yet become a photograph, and to copy 12 million of them for each would cost more
than to read them: `passed_over`.

A hot pixel becomes the mean of the two opposite neighbours of its own place in the pattern that differ least, so that
an edge stays one; where no such two are good, the lower median of the good ones around it; where none is, the same
farther away. One with none near stays as it is. Who speaks for whom is sought once for each map.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from device.frame import Raw
from device.hot_pixels import HotPixels, seen_in
from device.kernel import inner, kernel

REACHES = (2, 4, 8)  # photosites to a neighbour of the same colour, farther where all nearer ones are bad, too
_DIRECTIONS = np.array([[0, 1], [1, 0], [1, 1], [1, -1]])
_PAIRS = np.stack([-_DIRECTIONS, _DIRECTIONS], 1)  # (4, 2, 2): to either side of the photosite
_NOBODY = -1

Numbers = NDArray[np.int64]  # of photosites, in reading order
Values = NDArray[np.uint16]


class _Plan(NamedTuple):
    """The photosites to be mended, (n,), and who speaks for each, (n, 8): four pairs of opposite neighbours."""

    sites: Numbers
    neighbours: Numbers


def mended(raw: Raw, hot: HotPixels) -> Raw:
    """The mosaic without its hot pixels.

    Args:
        raw: (rows, columns) uint16; is not changed.
        hot: the map of the sensor.

    Returns:
        A copy, or `raw` itself where the map has nothing for a mosaic of that size.
    """
    if not seen_in(hot, *raw.shape).count:
        return raw
    made = raw.copy()
    mend(made, hot)
    return made


def mend(raw: Raw, hot: HotPixels) -> None:
    """The same where it lies, for good; C order."""
    plan = _plan(seen_in(hot, *raw.shape))
    if plan.sites.size:
        flat = _in_a_row(raw)
        flat[plan.sites] = _made_up(flat, plan)


@contextmanager
def passed_over(raw: Raw, hot: HotPixels) -> Iterator[None]:
    """Within this the mosaic is without its hot pixels; afterwards it is bit for bit what it was.

    Nobody else may read it meanwhile. C order.
    """
    plan = _plan(seen_in(hot, *raw.shape))
    if not plan.sites.size:
        yield
        return
    flat = _in_a_row(raw)
    before = flat[plan.sites]
    flat[plan.sites] = _made_up(flat, plan)
    try:
        yield
    finally:
        flat[plan.sites] = before


def _in_a_row(raw: Raw) -> Values:
    """The same memory; AttributeError where a copy would have to be made, whose numbers nobody would see."""
    flat = raw.view()
    flat.shape = (raw.size,)
    return flat


@lru_cache(maxsize=4)
def _plan(hot: HotPixels) -> _Plan:
    """Who speaks for whom: at the first distance at which anybody does."""
    bad = left = hot.numbered
    sites, neighbours = [left[:0]], [np.empty((0, 8), np.int64)]
    for reach in REACHES:
        at = _neighbours(left, bad, hot, reach)
        known = (at != _NOBODY).any(1)
        sites.append(left[known])
        neighbours.append(at[known])
        left = left[~known]
    return _Plan(np.concatenate(sites), np.concatenate(neighbours))


def _neighbours(sites: Numbers, bad: Numbers, hot: HotPixels, reach: int) -> Numbers:
    """(n, 8) the good ones at that distance, _NOBODY in the place of each other."""
    at = np.stack(np.divmod(sites, hot.columns), 1)[:, None, None] + reach * _PAIRS  # (n, 4, 2, 2)
    inside = ((at >= 0) & (at < (hot.rows, hot.columns))).all(-1)
    numbers = at[..., 0] * hot.columns + at[..., 1]
    return np.asarray(np.where(inside & ~np.isin(numbers, bad), numbers, _NOBODY).reshape(-1, 8))


def _made_up(flat: Values, plan: _Plan) -> Values:
    made = np.empty(plan.sites.size, np.uint16)
    _speak(flat, plan.neighbours, made)
    return made


@kernel("void(u2[::1], i8[:, ::1], u2[::1])")
def _speak(flat: Values, neighbours: Numbers, made: Values) -> None:
    for i in range(made.size):
        at = neighbours[i]
        least, value = np.int64(1 << 16), np.int64(-1)
        for k in range(0, 8, 2):
            if at[k] >= 0 and at[k + 1] >= 0:
                one, other = np.int64(flat[at[k]]), np.int64(flat[at[k + 1]])
                apart = abs(one - other)
                if apart < least:
                    least, value = apart, (one + other) // 2
        made[i] = np.uint16(value if value >= 0 else _lower_median(flat, at))


@inner
def _lower_median(flat: Values, at: Numbers) -> np.int64:
    """The one with as many below it as half of the others, rounded down: equal ones in order of their places."""
    count = 0
    for k in range(at.size):
        count += at[k] >= 0
    for k in range(at.size):
        if at[k] < 0:
            continue
        below = 0
        for j in range(at.size):
            if at[j] >= 0:
                below += flat[at[j]] < flat[at[k]] or (flat[at[j]] == flat[at[k]] and j < k)
        if below == (count - 1) // 2:
            return np.int64(flat[at[k]])
    return np.int64(0)
