"""Slow oracles for the meter: plain loops that anyone can check by reading."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from device.frame import BINS_PER_STOP, FOCUS_CELL, HISTOGRAM_BINS, HISTOGRAM_STOPS, Cfa, Levels, Noise, Raw


def even(raw: Raw) -> Raw:
    return raw[: raw.shape[0] // 2 * 2, : raw.shape[1] // 2 * 2]


def channel_of(cfa: Cfa, i: int, j: int) -> int:
    """Spelt out from the pattern's letters, not from Cfa.pattern: the green of a red row is Gr."""
    letter, row = str(cfa)[2 * (i % 2) + j % 2], str(cfa)[2 * (i % 2) : 2 * (i % 2) + 2]
    return {"R": 0, "B": 3, "G": 1 if "R" in row else 2}[letter]


def linear_histogram(raw: Raw, cfa: Cfa, bits: int) -> NDArray[np.int64]:
    counts = np.zeros((4, 2**bits), np.int64)
    for (i, j), value in np.ndenumerate(even(raw)):
        counts[channel_of(cfa, i, j), min(int(value), 2**bits - 1)] += 1
    return counts


def ev_histogram(raw: Raw, cfa: Cfa, levels: Levels) -> NDArray[np.float64]:
    """Each photosite by itself, its value spread evenly over +-1/2 DN and cut at the bins' edges."""
    bins = np.zeros((4, HISTOGRAM_BINS))
    for (i, j), value in np.ndenumerate(even(raw)):
        channel = channel_of(cfa, i, j)
        full = levels.white - levels.black[channel]
        for b in range(HISTOGRAM_BINS):
            low = levels.black[channel] + full * 2.0 ** (b / BINS_PER_STOP - HISTOGRAM_STOPS)
            high = levels.black[channel] + full * 2.0 ** ((b + 1) / BINS_PER_STOP - HISTOGRAM_STOPS)
            low = -math.inf if b == 0 else low
            high = math.inf if b == HISTOGRAM_BINS - 1 else high
            bins[channel, b] += max(0.0, min(high, int(value) + 0.5) - max(low, int(value) - 0.5))
    return bins


def clipped_map(raw: Raw, cfa: Cfa, white: int, n: int) -> NDArray[np.uint8]:
    clipped = np.zeros((raw.shape[0] // (2 * n), raw.shape[1] // (2 * n)), np.uint8)
    for (i, j), value in np.ndenumerate(raw):
        cell = (i // (2 * n), j // (2 * n))
        if value >= white and cell[0] < clipped.shape[0] and cell[1] < clipped.shape[1]:
            clipped[cell] |= (1, 2, 2, 4)[channel_of(cfa, i, j)]
    return clipped


def energies(raw: Raw, cfa: Cfa, levels: Levels) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sums per cell over its greens of both absolute diagonal second differences, and of dn - black."""
    dn = even(raw).astype(float)
    for i, j in np.ndindex(dn.shape):
        dn[i, j] -= levels.black[channel_of(cfa, i, j)]
    mirrored = np.pad(dn, 1, mode="reflect")
    energy = np.zeros((dn.shape[0] // FOCUS_CELL, dn.shape[1] // FOCUS_CELL))
    signal = np.zeros_like(energy)
    for i, j in np.ndindex(energy.shape[0] * FOCUS_CELL, energy.shape[1] * FOCUS_CELL):
        if channel_of(cfa, i, j) in (1, 2):
            ring = mirrored[i : i + 3, j : j + 3]
            falling, rising = 2 * ring[1, 1] - ring[0, 0] - ring[2, 2], 2 * ring[1, 1] - ring[0, 2] - ring[2, 0]
            energy[i // FOCUS_CELL, j // FOCUS_CELL] += abs(falling) + abs(rising)
            signal[i // FOCUS_CELL, j // FOCUS_CELL] += ring[1, 1]
    return energy, signal


@cache
def site_variance(region: int = 3 * FOCUS_CELL) -> float:
    """Var of the sum of both |second differences| at every green of a square, per green, for noise of variance 1.

    Every difference is a row of weights over the photosites; weights @ weights.T is their covariance.
    """
    weights = []
    for i, j in np.ndindex(region, region):
        if (i + j) % 2 == 0:
            continue
        for slope in (1, -1):
            row = np.zeros((region + 2, region + 2))
            row[i + 1, j + 1], row[i, j + 1 - slope], row[i + 2, j + 1 + slope] = 2, -1, -1
            weights.append(row.ravel())
    correlation = np.clip(np.array(weights) @ np.array(weights).T / 6, -1, 1)
    covariance = 6 * 2 / np.pi * (np.sqrt(1 - correlation**2) + correlation * np.arcsin(correlation) - 1)
    return float(covariance.sum() / (len(weights) / 2))


def focus_map(raw: Raw, cfa: Cfa, levels: Levels, noise: Noise) -> NDArray[np.float64]:
    energy, signal = energies(raw, cfa, levels)
    sites = FOCUS_CELL**2 / 2
    z = np.zeros_like(energy)
    for i, j in np.ndindex(energy.shape):
        excess = variance = 0.0
        for a in range(max(i - 1, 0), min(i + 2, energy.shape[0])):
            for b in range(max(j - 1, 0), min(j + 2, energy.shape[1])):
                dn2 = max(noise.slope_dn * signal[a, b] / sites + noise.floor_dn2, noise.floor_dn2 / 2, 1 / 12)
                blown = signal[a, b] / sites >= 0.995 * (levels.white - (levels.black[1] + levels.black[2]) / 2)
                excess += 0.0 if blown else energy[a, b] - sites * 2 * math.sqrt(12 / math.pi * dn2)
                variance += sites * (site_variance() * dn2 + 12 / math.pi * noise.slope_dn**2)
        z[i, j] = excess / math.sqrt(variance)
    return z
