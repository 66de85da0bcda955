"""A mosaic on which no dust lies: shadows brightened, and what is too dark in them taken from around. Pure.

What is stored keeps its dust. As with hot pixels (`mending.py`) what is developed is a copy, and a frame that is only
looked at is changed where it lies and gets its own numbers back.

A photosite that did not clip does not because its shadow is lifted: it ends just below white, so that clipping stays
what the RAW has of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from device.dust import CELL, Dust, Speck
from device.flat_field import shares_of_points
from device.frame import Cfa, Levels, Raw
from device.hot_pixels import HotPixels
from device.kernel import kernel
from device.mending import mended

DARKEST = 0.4  # share of the light that can be brightened; in what has less, noise would be all that is seen

Gains = NDArray[np.float32]
Places = NDArray[np.int32]


class _Patch(NamedTuple):
    """One shadow: where, what its photosites are multiplied with, and those that are too dark for that.

    ends: (n, 4) where in the patch, in reading order, the nearest brighter ones of the same colour are: left, right,
    above, below; shares: (n, 4) what each of them counts, the more the nearer.
    """

    rows: slice
    columns: slice
    gains: Gains
    dark: Places
    ends: Places
    shares: Gains


def cleaned(raw: Raw, cfa: Cfa, levels: Levels, hot: HotPixels, dust: Dust) -> Raw:
    """A mosaic without either.

    Args:
        raw: (rows, columns) uint16, DN; is not changed.
        cfa: its pattern.
        levels: black and white, DN.
        hot: the sensor's hot pixels.
        dust: on it.

    Returns:
        A copy, or `raw` itself where nothing is known of a mosaic of that size.
    """
    made = mended(raw, hot)
    if _patches(dust, *raw.shape):
        made = raw.copy() if made is raw else made
        remove(made, cfa, levels, dust)
    return made


def remove(raw: Raw, cfa: Cfa, levels: Levels, dust: Dust) -> None:
    """The dust from a mosaic where it lies, for good; C order."""
    black = np.array([levels.black[channel] for channel in cfa.pattern.ravel()], np.float32)
    for patch in _patches(dust, *raw.shape):
        _lift(raw, patch.rows.start, patch.columns.start, patch.gains, black, levels.white)
        if patch.dark.size:
            part = raw[patch.rows, patch.columns]
            values = part.ravel()[patch.ends] * patch.shares
            part[np.divmod(patch.dark, part.shape[1])] = np.rint(values.sum(1))


@contextmanager
def removed(raw: Raw, cfa: Cfa, levels: Levels, dust: Dust) -> Iterator[None]:
    """Within this the mosaic is without; afterwards it is what it was. Nobody else may read it meanwhile."""
    patches = _patches(dust, *raw.shape)
    before = [raw[patch.rows, patch.columns].copy() for patch in patches]
    try:
        remove(raw, cfa, levels, dust)
        yield
    finally:
        for patch, numbers in zip(reversed(patches), reversed(before), strict=True):
            raw[patch.rows, patch.columns] = numbers


@lru_cache(maxsize=4)
def _patches(dust: Dust, rows: int, columns: int) -> tuple[_Patch, ...]:
    """For a mosaic of the whole sensor, or a binned one (as `hot_pixels.seen_in`); of a part of it nothing is known."""
    n = dust.rows // max(rows, 1)
    if not dust.specks or n not in (1, 2) or (n * rows, n * columns) != (dust.rows, dust.columns):
        return ()
    return tuple(_patch(speck, CELL // n) for speck in dust.specks)


def _patch(speck: Speck, cell: int) -> _Patch:
    high, wide = (count * cell for count in speck.shares.shape)
    rows = slice(speck.top * cell, speck.top * cell + high)
    columns = slice(speck.left * cell, speck.left * cell + wide)
    down, across = (
        shares_of_points(((np.arange(count * cell) + 0.5) / cell - 0.5) / max(count - 1, 1), count)
        for count in speck.shares.shape
    )
    light = down @ speck.shares @ across.T
    dark = np.asarray(light < DARKEST)
    gains = np.where(dark, 1, 1 / np.maximum(light, DARKEST)).astype(np.float32)
    return _Patch(rows, columns, np.ascontiguousarray(gains), *_filled(dark))


def _filled(dark: NDArray[np.bool_]) -> tuple[Places, Places, Gains]:
    """Those that are dark, and who is to be seen in their place; one that has nobody stays."""
    rows, columns = np.nonzero(dark)
    last_row, last_column = dark.shape[0] - 1, dark.shape[1] - 1
    left, above = _bright_before(dark.T).T[rows, columns], _bright_before(dark)[rows, columns]
    right = last_column - _bright_before(dark.T[::-1])[::-1].T[rows, columns]
    below = last_row - _bright_before(dark[::-1])[::-1][rows, columns]
    far = np.stack([columns - left, right - columns, rows - above, below - rows], axis=1)
    is_there = np.stack([left >= 0, right <= last_column, above >= 0, below <= last_row], axis=1)
    wide, places = dark.shape[1], rows * dark.shape[1] + columns
    beside, upright = (places + at - columns for at in (left, right)), (at * wide + columns for at in (above, below))
    ends = np.where(is_there, np.stack([*beside, *upright], axis=1), 0)
    nearness = is_there / far
    known = is_there.any(1)
    shares = nearness[known] / nearness[known].sum(1, keepdims=True)
    return places[known].astype(np.int32), ends[known].astype(np.int32), shares.astype(np.float32)


def _bright_before(dark: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The row of the nearest bright one of the same colour at or above each, -1 where there is none."""
    nearest = np.where(dark, -1, np.arange(dark.shape[0])[:, None])
    for first in (0, 1):
        np.maximum.accumulate(nearest[first::2], axis=0, out=nearest[first::2])
    return nearest


@kernel("void(u2[:, ::1], i8, i8, f4[:, ::1], f4[::1], i8)")
def _lift(raw: Raw, top: int, left: int, gains: Gains, black: NDArray[np.float32], white: int) -> None:
    half = np.float32(0.5)
    for i in range(gains.shape[0]):
        row = raw[top + i]
        for j in range(gains.shape[1]):
            number = np.int64(row[left + j])
            level = black[2 * ((top + i) & 1) + ((left + j) & 1)]
            if number < white:
                lifted = np.int64(level + (np.float32(number) - level) * gains[i, j] + half)
                row[left + j] = np.uint16(min(max(lifted, np.int64(0)), np.int64(white - 1)))
