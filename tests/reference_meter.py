"""Slow oracles for the meter: plain loops that anyone can check by reading."""

import itertools
import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from device.frame import BINS_PER_STOP, FOCUS_CELL, HISTOGRAM_BINS, HISTOGRAM_STOPS, Cfa, Levels, Noise, Raw

# Weights of the cells that focus_map takes together: three quarters of the four around the nearer corner of patches and
# a quarter of those around the other; and of the eight, where noise rules
NARROW = (0.25, 0.25, 1.0, 1.0, 0.75, 0.75)
WIDE = (0.25, 0.25, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.75, 0.75)
COARSE_LIFT, FINE_LIFT = 0.0622, 0.0029  # by which weighing lifts means of noise: as dice say, in test_meter.py


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
    """Sums per cell, photosite by photosite: detail on three scales, dn - black, and the highest of it."""
    dn = even(raw).astype(float)
    for i, j in np.ndindex(dn.shape):
        dn[i, j] -= levels.black[channel_of(cfa, i, j)]
    shape = dn.shape[0] // FOCUS_CELL, dn.shape[1] // FOCUS_CELL
    found = {name: np.zeros(shape) for name in ("fine", "middle", "coarse", "signal", "peak")}
    found["peak"] -= math.inf
    mirrored = np.pad(dn, 4, mode="reflect")
    for i, j in np.ndindex(shape[0] * FOCUS_CELL, shape[1] * FOCUS_CELL):
        if channel_of(cfa, i, j) in (1, 2):
            cell = i // FOCUS_CELL, j // FOCUS_CELL
            for name in ("fine", "middle") if i % 2 == 0 else ():
                found[name][cell] += sum((mirrored[i : i + 9, j : j + 9] * mask).sum() ** 2 for mask in masks()[name])
            found["signal"][cell] += dn[i, j]
            found["peak"][cell] = max(found["peak"][cell], dn[i, j])
    blocks = np.pad(block_sums(dn, cfa), 1, mode="reflect")
    for i, j in np.ndindex(shape[0] * 2, shape[1] * 2):
        ring = blocks[i : i + 3, j : j + 3]
        bends = 2 * ring[1, 1] - ring[1, 0] - ring[1, 2], 2 * ring[1, 1] - ring[0, 1] - ring[2, 1]
        found["coarse"][i // 2, j // 2] += sum(bend**2 for bend in bends)
    return found


def block_sums(dn: NDArray[np.float64], cfa: Cfa) -> NDArray[np.float64]:
    """The greens of 4 x 4 photosites together; rows beyond the last cell are left out."""
    blocks = np.zeros((dn.shape[0] // FOCUS_CELL * 2, dn.shape[1] // 4))
    for i, j in np.ndindex(blocks.shape[0] * 4, blocks.shape[1] * 4):
        if channel_of(cfa, i, j) in (1, 2):
            blocks[i // 4, j // 4] += dn[i, j]
    return blocks


@cache
def masks() -> dict[str, list[NDArray[np.float64]]]:
    """The filters of fine and middle detail as 9 x 9 weights around a green: second differences along a diagonal, two
    and four of them added: at the green itself, at its upper neighbour across, and at both one step up along it.
    """
    found: dict[str, list[NDArray[np.float64]]] = {"fine": [], "middle": []}
    for along in (-1, 1):  # columns that the diagonal goes to in the row above
        at = [(0, 0), (-1, -along), (-1, along), (-2, 0)]
        for name, count in (("fine", 2), ("middle", 4)):
            mask = np.zeros((9, 9))
            for row, column in at[:count]:
                for step, weight in ((-1, -1), (0, 2), (1, -1)):
                    mask[4 + row - step, 4 + column + step * along] += weight
            found[name].append(mask)
    return found


def fine_spread(around: tuple[float, ...]) -> float:
    """Standard deviation of the weighted mean of fine detail, in units of what white noise gives on average.

    Of normal numbers with covariance c the squares have the covariance 2 c**2; c is the masks' own correlation.
    """
    sites = np.zeros((len(around) * FOCUS_CELL,) * 2)
    for i, j in np.ndindex(sites.shape):
        sites[i, j] = around[i // FOCUS_CELL] * around[j // FOCUS_CELL] * ((i + j) % 2 and i % 2 == 0)
    filters = [(mask, 1 / (mask**2).sum() / 4) for both in masks().values() for mask in both]
    variance = 0.0
    for (one, share), (other, others) in itertools.product(filters, filters):
        variance += 2 * share * others * (correlated(sites, sites, 8) * correlated(one, other, 8) ** 2).sum()
    return math.sqrt(variance) / float(sites.sum())


def coarse_spread(around: tuple[float, ...]) -> float:
    """Likewise of coarse detail, whose noise is that of blocks: white."""
    blocks = np.repeat(np.outer(around, around), 2, 0).repeat(2, 1)
    across = np.zeros((3, 3))
    across[1] = -1, 2, -1
    variance = 0.0
    for one, other in itertools.product((across, across.T), repeat=2):
        variance += 2 / 12**2 * (correlated(blocks, blocks, 2) * correlated(one, other, 2) ** 2).sum()
    return math.sqrt(variance) / float(blocks.sum())


def correlated(one: NDArray[np.float64], other: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """(2 reach + 1, 2 reach + 1): sums of products of one with the other, moved by up to reach each way."""
    padded = np.pad(other, reach)
    rows, columns = one.shape
    size = 2 * reach + 1
    moved = [(one * padded[i : i + rows, j : j + columns]).sum() for i in range(size) for j in range(size)]
    return np.array(moved).reshape(size, size)


def focus_map(raw: Raw, cfa: Cfa, levels: Levels, noise: Noise) -> NDArray[np.float64]:
    """Corner of patches by corner, and cell by cell between them; detail in units of what noise of variance 1 gives."""
    found = detail(raw, cfa, levels)
    full = levels.white - (levels.black[1] + levels.black[2]) / 2
    sound = found["peak"] < 0.995 * full
    cells = in_units_of_noise(found)
    patches = {
        place: patch(cells, sound, *place, noise)
        for place in np.ndindex(*(math.ceil(size / 2) for size in sound.shape))
    }
    corners = {
        (a, b): judged(patches, a, b, noise)
        for a in range(math.ceil(sound.shape[0] / 2) + 1)
        for b in range(math.ceil(sound.shape[1] / 2) + 1)
    }
    z = np.zeros(sound.shape)
    for i, j in np.ndindex(z.shape):
        for (a, b), value in corners.items():
            down, across = (abs((place + 0.5) / 2 - corner) for place, corner in ((i, a), (j, b)))
            z[i, j] += max(1 - down, 0) * max(1 - across, 0) * value
    return z


def in_units_of_noise(found: dict[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """With how much the signal bends from cell to cell."""
    signal = found["signal"]
    for axis, size in enumerate(signal.shape):  # a single row or column is its own neighbour
        around = ((1, 1), (0, 0)) if axis == 0 else ((0, 0), (1, 1))
        signal = np.pad(signal, around, mode="reflect" if size > 1 else "edge")
    middle = signal[1:-1, 1:-1]
    bends = (2 * middle - signal[1:-1, :-2] - signal[1:-1, 2:]) ** 2
    bends += (2 * middle - signal[:-2, 1:-1] - signal[2:, 1:-1]) ** 2
    return {
        "signal": found["signal"] / 32,
        "fine": (found["fine"] / (16 * 24) + found["middle"] / (16 * 16)) / 2,
        "middle": found["middle"] / (16 * 16),
        "coarse": found["coarse"] / (8 * 6 * 8),
        "broad": bends / (2 * 6 * 32),
    }


def patch(
    cells: dict[str, NDArray[np.float64]], sound: NDArray[np.bool_], a: int, b: int, noise: Noise
) -> dict[str, float]:
    """Means of those of 2 x 2 cells that are neither blown nor next to one that is; how many they are, and what each
    counts.
    """
    places = itertools.product(range(2 * a, 2 * a + 2), range(2 * b, 2 * b + 2))
    known = [
        (i, j)
        for i, j in places
        if i < sound.shape[0] and j < sound.shape[1] and sound[max(i - 1, 0) : i + 2, max(j - 1, 0) : j + 2].all()
    ]
    means = {name: sum(float(plane[place]) for place in known) / max(len(known), 1) for name, plane in cells.items()}
    return {**means, "count": len(known), "worth": worth(means, noise)}


def judged(patches: dict[tuple[int, int], dict[str, float]], a: int, b: int, noise: Noise) -> float:
    """Of one corner, above and left of patch (a, b)."""
    narrow, wide = around_corner(patches, a, b, 1), around_corner(patches, a, b, 2)
    small, _ = excess(narrow, noise, fine_spread_of(NARROW))
    large, share = excess(wide, noise, fine_spread_of(WIDE))
    weight = 0.3 * share
    z = small + share**0.5 * min(large - small, 4) + weight * min(texture(wide, noise), 8)
    return z / math.hypot(1, weight)


fine_spread_of = cache(fine_spread)


def around_corner(patches: dict[tuple[int, int], dict[str, float]], a: int, b: int, reach: int) -> dict[str, float]:
    """Weighted means over the known patches within reach. Cells that count for more leave a mean less certain, by
    `lasting`; as certain it would be of that `part` of all, were they alike.
    """
    places = itertools.product(range(a - reach, a + reach), range(b - reach, b + reach))
    known = [patches[place] for place in places if place in patches]
    total = sum(each["worth"] * each["count"] for each in known)
    squares = sum(each["worth"] ** 2 * each["count"] for each in known)
    means = {
        name: sum(each["worth"] * each["count"] * each[name] for each in known) / max(total, 0.25)
        for name in ("signal", "fine", "middle", "coarse", "broad")
    }
    lasting = max(squares / max(total, 0.25), 1e-3)
    part = max(total, 0.25) / lasting / (4 * reach) ** 2
    return {**means, "part": part, "lasting": lasting, "known": float(total > 0)}


def worth(mean: dict[str, float], noise: Noise) -> float:
    """What a patch counts beside others, by its coarse detail."""
    return min(max(1 + 0.8 * (mean["coarse"] / variance_dn2(mean, noise) - 1), 1.0), 3.0)


def variance_dn2(mean: dict[str, float], noise: Noise) -> float:
    return max(noise.slope_dn * mean["signal"] + noise.floor_dn2, noise.floor_dn2 / 2, 1 / 12)


def excess(mean: dict[str, float], noise: Noise, spread: float) -> tuple[float, float]:
    """Fine detail in standard deviations of what is uncertain, and the share of noise in that."""
    dn2 = variance_dn2(mean, noise)
    by_noise = spread * dn2 / math.sqrt(mean["part"])
    by_scene = 0.144 * max(mean["middle"] - dn2, 0) + 0.0005 * max(mean["coarse"] - dn2, 0) + 1e-4 * mean["signal"] ** 2
    uncertain = math.hypot(by_noise, by_scene)
    above = mean["fine"] - dn2 * (1 + FINE_LIFT * mean["lasting"])
    return mean["known"] * above / uncertain, by_noise / uncertain


def texture(mean: dict[str, float], noise: Noise) -> float:
    """Coarse detail in standard deviations of what is uncertain."""
    dn2 = variance_dn2(mean, noise)
    by_noise = coarse_spread(WIDE) * dn2 / math.sqrt(mean["part"])
    by_scene = 0.04 * max(mean["broad"] - dn2, 0) + 0.03 * mean["signal"] ** 2
    above = mean["coarse"] - dn2 * (1 + COARSE_LIFT * mean["lasting"])
    return mean["known"] * above / math.hypot(by_noise, by_scene)
