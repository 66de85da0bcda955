"""Slow oracles for the meter: plain loops that anyone can check by reading."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from device.frame import BINS_PER_STOP, FOCUS_CELL, HISTOGRAM_BINS, HISTOGRAM_STOPS, Cfa, Levels, Noise, Raw

AROUND = (0.5, 1.0, 1.0, 1.0, 0.5)  # weights of the cells that focus_map takes together


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


def headroom_ev(raw: Raw, cfa: Cfa, levels: Levels) -> float:
    """Photosites one by one, sorted: the brightest one that stays when a thousandth of its channel may clip."""
    values: list[list[int]] = [[], [], [], []]
    for (i, j), value in np.ndenumerate(even(raw)):
        values[channel_of(cfa, i, j)].append(int(value))
    stops = []
    for channel, found in enumerate(values):
        brightest = sorted(found)[math.ceil(0.999 * len(found)) - 1] - levels.black[channel]
        share = brightest / (levels.white - levels.black[channel])
        stops.append(min(max(-math.log2(max(share, 1e-9)), 0.0), float(HISTOGRAM_STOPS)))
    return min(stops)


def clipped_share(raw: Raw, cfa: Cfa, white: int) -> list[float]:
    """Per channel, photosite by photosite."""
    clipped, all_of = [0] * 4, [0] * 4
    for (i, j), value in np.ndenumerate(even(raw)):
        all_of[channel_of(cfa, i, j)] += 1
        clipped[channel_of(cfa, i, j)] += int(value) >= white
    return [some / every for some, every in zip(clipped, all_of, strict=True)]


def cell_ev(raw: Raw, cfa: Cfa, levels: Levels) -> NDArray[np.float64]:
    """The mean of each cell's greens, EV relative to clipping; -99 without light."""
    cells = np.zeros((raw.shape[0] // FOCUS_CELL, raw.shape[1] // FOCUS_CELL))
    for i, j in np.ndindex(cells.shape[0] * FOCUS_CELL, cells.shape[1] * FOCUS_CELL):
        if channel_of(cfa, i, j) in (1, 2):
            cells[i // FOCUS_CELL, j // FOCUS_CELL] += float(raw[i, j]) - levels.black[channel_of(cfa, i, j)]
    full = 32 * (levels.white - (levels.black[1] + levels.black[2]) / 2)
    return np.array([[math.log2(cell / full) if cell > 0 else -99.0 for cell in row] for row in cells])


def spot_ev(raw: Raw, cfa: Cfa, levels: Levels) -> float:
    """The greens of the cells in the middle twentieth of the height."""
    rows, columns = raw.shape[0] // FOCUS_CELL, raw.shape[1] // FOCUS_CELL
    side = max(1, round(rows / 20))
    top, left = (rows - side) // 2 * FOCUS_CELL, (columns - side) // 2 * FOCUS_CELL
    greens = [
        float(raw[i, j]) - levels.black[channel_of(cfa, i, j)]
        for i in range(top, top + side * FOCUS_CELL)
        for j in range(left, left + side * FOCUS_CELL)
        if channel_of(cfa, i, j) in (1, 2)
    ]
    return math.log2(sum(greens) / len(greens) / (levels.white - (levels.black[1] + levels.black[2]) / 2))


def detail(raw: Raw, cfa: Cfa, levels: Levels) -> dict[str, NDArray[np.float64]]:
    """Sums per cell, photosite by photosite: fine and coarse detail, dn - black, and the highest of it."""
    dn = even(raw).astype(float)
    for i, j in np.ndindex(dn.shape):
        dn[i, j] -= levels.black[channel_of(cfa, i, j)]
    shape = dn.shape[0] // FOCUS_CELL, dn.shape[1] // FOCUS_CELL
    found = {name: np.zeros(shape) for name in ("fine", "coarse", "signal", "peak")}
    mirrored = np.pad(dn, 4, mode="reflect")
    for i, j in np.ndindex(shape[0] * FOCUS_CELL, shape[1] * FOCUS_CELL):
        if channel_of(cfa, i, j) in (1, 2):
            cell = i // FOCUS_CELL, j // FOCUS_CELL
            found["fine"][cell] += sum(abs((mirrored[i : i + 9, j : j + 9] * mask).sum()) for mask in masks())
            found["signal"][cell] += dn[i, j]
            found["peak"][cell] = max(found["peak"][cell], dn[i, j])
    blocks = np.pad(block_sums(dn, cfa), 1, mode="reflect")
    for i, j in np.ndindex(shape[0] * 2, shape[1] * 2):
        ring = blocks[i : i + 3, j : j + 3]
        bends = 2 * ring[1, 1] - ring[1, 0] - ring[1, 2], 2 * ring[1, 1] - ring[0, 1] - ring[2, 1]
        found["coarse"][i // 2, j // 2] += sum(map(abs, bends))
    return found


def block_sums(dn: NDArray[np.float64], cfa: Cfa) -> NDArray[np.float64]:
    """The greens of 4 x 4 photosites together; rows beyond the last cell are left out."""
    blocks = np.zeros((dn.shape[0] // FOCUS_CELL * 2, dn.shape[1] // 4))
    for i, j in np.ndindex(blocks.shape[0] * 4, blocks.shape[1] * 4):
        if channel_of(cfa, i, j) in (1, 2):
            blocks[i // 4, j // 4] += dn[i, j]
    return blocks


@cache
def masks() -> list[NDArray[np.float64]]:
    """The four filters of fine detail as 9 x 9 weights around a green: second differences along a diagonal, two and
    four of them added: at the green itself, at its upper neighbour across, and at both one step up along the diagonal.
    """
    found = []
    for along in (-1, 1):  # columns that the diagonal goes to in the row above
        at = [(0, 0), (-1, -along), (-1, along), (-2, 0)]
        for count in (2, 4):
            mask = np.zeros((9, 9))
            for row, column in at[:count]:
                for step, weight in ((-1, -1), (0, 2), (1, -1)):
                    mask[4 + row - step, 4 + column + step * along] += weight
            found.append(mask)
    return found


@cache
def fine_variance(cells: int = len(AROUND)) -> float:
    """Var of the weighted sum of fine detail per unit of weight and green, for noise of variance 1.

    Every filter at every green is a row of weights over the photosites; weights @ weights.T is their covariance.
    """
    size = cells * FOCUS_CELL
    filters, shares = [], []
    for i, j in np.ndindex(size, size):
        if (i + j) % 2:
            share = AROUND[i // FOCUS_CELL] * AROUND[j // FOCUS_CELL]
            for mask in masks():
                row = np.zeros((size + 8, size + 8), np.float32)
                row[i : i + 9, j : j + 9] = mask
                filters.append(row.ravel())
                shares.append(share)
    weights = np.array(filters)
    deviation = np.linalg.norm(weights, axis=1)
    correlation = np.clip(weights @ weights.T / np.outer(deviation, deviation), -1, 1)
    covariance = 2 / np.pi * (np.sqrt(1 - correlation**2) + correlation * np.arcsin(correlation) - 1)
    scaled = np.array(shares) * deviation
    return float(scaled @ covariance @ scaled) / (sum(shares) / len(masks()))


def focus_map(raw: Raw, cfa: Cfa, levels: Levels, noise: Noise) -> NDArray[np.float64]:
    found = detail(raw, cfa, levels)
    full = levels.white - (levels.black[1] + levels.black[2]) / 2
    sites = FOCUS_CELL**2 / 2
    dn2 = np.maximum(noise.slope_dn * found["signal"] / sites + noise.floor_dn2, max(noise.floor_dn2 / 2, 1 / 12))
    fine = found["fine"] - sites * 2 * np.sqrt(2 / np.pi * dn2) * (math.sqrt(12) + math.sqrt(8))
    coarse = found["coarse"] - 8 * np.sqrt(2 / np.pi * 6 * 8 * dn2)
    variance = sites * (fine_variance() * dn2 + 2 / np.pi * (math.sqrt(12) + math.sqrt(8)) ** 2 * noise.slope_dn**2)
    z = np.zeros_like(fine)
    for i, j in np.ndindex(z.shape):
        sums = np.zeros(3)
        for a in range(max(i - 2, 0), min(i + 3, z.shape[0])):
            for b in range(max(j - 2, 0), min(j + 3, z.shape[1])):
                silent = found["peak"][max(a - 1, 0) : a + 2, max(b - 1, 0) : b + 2].max() >= 0.995 * full
                said = np.array([0 if silent else fine[a, b], 0 if silent else coarse[a, b], variance[a, b]])
                sums += AROUND[a - i + 2] * AROUND[b - j + 2] * said
        z[i, j] = sums[0] / math.sqrt(sums[2] + (0.26 * max(sums[1], 0)) ** 2)
    return z
