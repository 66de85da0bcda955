"""Blur by a disc: what defocus does to a picture.

A disc of some hundred pixels needs no more work than one of ten: it is laid over a coarser level of the picture's
pyramid, where it spans a few pixels, and the result is drawn large again by whoever uses it.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from device.kernel import inner, kernel

Plane = NDArray[np.float32]

FINE_RADIUS = 3.0  # pixels; the largest disc worked out on the finest level
COARSE_RADIUS = 6.0  # on coarser levels, where pixels are few and the disc's edge shows
STEPS = 16  # per pixel, when the share of a pixel under the disc is counted


def level_for(diameter: float, levels: int) -> int:
    """The pyramid level on which to blur by a disc of that many pixels of level 0."""
    level, radius, allowed = 0, diameter / 2, FINE_RADIUS
    while radius > allowed and level + 1 < levels:
        level, radius, allowed = level + 1, radius / 2, COARSE_RADIUS
    return level


def on_level(diameter: float, level: int) -> float:
    """A disc's diameter in pixels of a coarser level, less what the coarse pixels blur by themselves.

    Along an axis a disc spreads light by D^2 / 16; means of coarse pixels add 1/12 of such a pixel squared and drawing
    them large again by straight lines 1/6.
    """
    coarse = diameter / 2**level
    return coarse if level == 0 else float(np.sqrt(max(coarse * coarse - 16 * (1 / 12 + 1 / 6), 0)))


def reach(diameter: float) -> int:
    """How many pixels a disc spreads to each side."""
    return max(0, int(np.ceil(diameter / 2 - 0.5)))


@lru_cache(maxsize=64)
def disc(diameter: float) -> Plane:
    """(2n + 1, 2n + 1) float32, n = reach: the share of each pixel under the disc, together 1."""
    n = reach(diameter)
    axis = (np.arange((2 * n + 1) * STEPS) + 0.5) / STEPS - (n + 0.5)
    inside = axis[:, None] ** 2 + axis[None, :] ** 2 <= (diameter / 2) ** 2
    share = inside.reshape(2 * n + 1, STEPS, 2 * n + 1, STEPS).sum(axis=(1, 3))
    return (share / share.sum()).astype(np.float32) if share.any() else np.ones((1, 1), np.float32)


def blur(padded: Plane, diameter: float, out: Plane) -> None:
    """Blur a plane by a disc.

    Args:
        padded: (rows + 2n, columns + 2n) float32, n = reach(diameter).
        diameter: of the disc, pixels.
        out: (rows, columns) float32.
    """
    _convolve(padded, disc(diameter), out)


@kernel("void(f4[:, ::1], f4[:, ::1], f4[:, ::1])")
def _convolve(padded: Plane, weights: Plane, out: Plane) -> None:
    columns = out.shape[1]
    for y in range(out.shape[0]):
        out[y] = np.float32(0)
        for i in range(weights.shape[0]):
            row = weights[i]
            first = 0
            while first < row.size and row[first] == 0:  # a disc that hardly reaches a row has no share of it
                first += 1
            last = max(first, row.size - first)
            for k in range(first, last - 2, 3):
                source = padded[y + i, k : k + columns + 2]
                _add_three(source, row[k], row[k + 1], row[k + 2], out[y])
            for k in range(last - (last - first) % 3, last):
                _add_one(padded[y + i, k : k + columns], row[k], out[y])


@inner
def _add_three(source: Plane, a: np.float32, b: np.float32, c: np.float32, out: Plane) -> None:
    """Three taps at a time: loading and storing the sum costs as much as a tap."""
    for x in range(out.size):
        out[x] += a * source[x] + b * source[x + 1] + c * source[x + 2]


@inner
def _add_one(source: Plane, a: np.float32, out: Plane) -> None:
    for x in range(out.size):
        out[x] += a * source[x]
