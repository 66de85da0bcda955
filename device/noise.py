"""The noise of an unknown sensor, from one of its frames: for RAW files that do not tell it.

In small blocks of one green, the variance of what a plane does not explain is at least the noise's, and where the
scene is flat it is that alone. Drawn over brightness, flat blocks lie along the straight line of the Poisson-Gaussian
model (A. Foi and others, Practical Poissonian-Gaussian noise modeling and fitting for single-image raw-data, 2008);
textured ones lie scattered above it. So the line is sought that has most blocks on it and fewest below.
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import CHANNELS, QUANTISATION_DN2, Cfa, Levels, Noise, Raw

BLOCK = 16  # photosites of one colour each way
CHANCE = 0.14  # relative standard deviation of a flat block's variance: of 225 differences that share photosites
BLOCKS_MIN = 48  # fewer make no line
BLOCKS_MAX = 3000  # more make it no better
CANDIDATES = 48  # slopes, and floors, that are tried

Vector = NDArray[np.float64]


def estimate(raw: Raw, cfa: Cfa, levels: Levels) -> Noise:
    """Fit the Poisson-Gaussian model to a frame.

    Args:
        raw: (rows, columns) uint16, DN.
        cfa: its pattern; only the greens are measured, as some makers scale red and blue before they store them.
        levels: black and white, DN.

    Returns:
        The model, rounding included. A frame with too few blocks that are neither clipped nor at zero, or without
        light, gives a slope of 0 and what noise there is as the floor.
    """
    parts = [_blocks(raw, cfa, levels, channel) for channel in (CHANNELS.index("Gr"), CHANNELS.index("Gb"))]
    signal, variance = (np.concatenate(both) for both in zip(*parts, strict=True))
    lit = signal > np.sqrt(np.maximum(variance, 1.0))
    if signal.size < BLOCKS_MIN or lit.sum() < BLOCKS_MIN // 4:
        return Noise(0.0, max(float(np.median(variance)) if variance.size else 0.0, QUANTISATION_DN2))
    evenly = np.argsort(signal)[np.linspace(0, signal.size - 1, min(signal.size, BLOCKS_MAX)).astype(int)]
    return _refined(signal, variance, _most_agreed(signal[evenly], variance[evenly]))


def _blocks(raw: Raw, cfa: Cfa, levels: Levels, channel: int) -> tuple[Vector, Vector]:
    """Mean signal and variance of each usable block of one channel, DN.

    The mixed difference a - b - c + d of 2 x 2 neighbours is 0 on any plane, and has 4 times the variance of one.
    """
    i, j = np.argwhere(cfa.pattern == channel)[0]
    rows, columns = (size // 2 // BLOCK for size in raw.shape)
    plane = raw[i::2, j::2][: rows * BLOCK, : columns * BLOCK].astype(np.float64)
    blocks = plane.reshape(rows, BLOCK, columns, BLOCK).swapaxes(1, 2).reshape(-1, BLOCK, BLOCK)
    usable = blocks[(blocks.max((1, 2), initial=0) < levels.white) & (blocks.min((1, 2), initial=levels.white) > 0)]
    mixed = usable[:, 1:, 1:] - usable[:, 1:, :-1] - usable[:, :-1, 1:] + usable[:, :-1, :-1]
    return usable.mean((1, 2)) - levels.black[channel], (mixed**2).mean((1, 2)) / 4


def _most_agreed(signal: Vector, variance: Vector) -> Noise:
    """Of a grid of lines, the one with most blocks on it, each that lies far below counting against it."""
    ratio = variance[signal > 1] / signal[signal > 1]
    slopes = np.geomspace(max(np.quantile(ratio, 0.01), 1e-6) / 8, max(np.quantile(ratio, 0.9), 1e-5), CANDIDATES)
    floors = np.geomspace(QUANTISATION_DN2, max(float(np.median(variance)), 1.0), CANDIDATES)
    agreed = np.array([_agreement(signal, variance, slope, floors) for slope in slopes])
    best_slope, best_floor = np.unravel_index(agreed.argmax(), agreed.shape)
    return Noise(float(slopes[best_slope]), float(floors[best_floor]))


def _agreement(signal: Vector, variance: Vector, slope: float, floors: Vector) -> Vector:
    """(floors,) how many blocks lie on the line of each floor, less those below half of it, which noise never is."""
    ratio = variance / (slope * np.maximum(signal, 0) + floors[:, None])
    on = np.exp(-0.5 * ((ratio - 1) / CHANCE) ** 2)
    return np.asarray(on.sum(1) - (ratio < 0.5).sum(1))


def _refined(signal: Vector, variance: Vector, line: Noise) -> Noise:
    """Least squares over the blocks that lie on the line, a few times as it moves."""
    for _ in range(5):
        expected = np.maximum(line.slope_dn * signal + line.floor_dn2, QUANTISATION_DN2)
        on = np.abs(variance / expected - 1) < 2 * CHANCE
        if on.sum() < BLOCKS_MIN // 4:
            break
        line = _fit(signal[on], variance[on], 1 / expected[on])
    return line


def _fit(signal: Vector, variance: Vector, weight: Vector) -> Noise:
    """Weighted least squares with neither constant below what is possible."""
    columns = np.stack([signal * weight, weight], 1)
    slope, floor = np.linalg.lstsq(columns, variance * weight, rcond=None)[0]
    if slope < 0:
        return Noise(0.0, max(float(np.average(variance, weights=weight**2)), QUANTISATION_DN2))
    if floor < QUANTISATION_DN2:
        scaled = signal * weight
        slope = scaled @ ((variance - QUANTISATION_DN2) * weight) / (scaled @ scaled)
    return Noise(max(float(slope), 0.0), max(float(floor), QUANTISATION_DN2))
