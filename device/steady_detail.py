"""Detail that noise moves less: an average over the last frames wherever what is in focus stays. Pure.

Sums of squares of noise vary, and the focus map stands on their excess over what noise gives on average. An average of
n frames varies an n-th as much, so weaker detail stands out at the same number of standard deviations: that is what
high gain needs. It is the squares that are averaged, not the photosites: a camera in the hand moves by a few of them
from frame to frame, yet in a cell remains about as much detail as before.

Each frame weighs 1/n until as many are taken in as a recursive filter with the time constant LASTING_NS remembers. A
block of cells whose fine detail differs from what was by more than noise does has gone out of focus, or come into it,
and begins anew; so does one that is brighter or darker, which is another scene with perhaps as much fine detail.
"""

import numpy as np
from numpy.typing import NDArray

from device.cell_sums import FINE_SUM, MIDDLE_SUM, SITES
from device.detail import Cells, Detail, Row
from device.focus import least_dn2
from device.frame import Noise
from device.kernel import inner, kernel

LASTING_NS = 250_000_000
BLOCK = 4  # cells each way
GROUPS = (2, 4, 8)  # blocks each way that are looked at together, too: the larger, the weaker a change is found
BLOCK_SPREAD = 0.07281  # of a block's fine detail, where noise alone has the variance 1 (tests/reference_meter.py)
CHANGED_SIGMAS = 3.5  # from what was
OF_WHAT_WAS = 0.15  # and more than that share of it: less makes nothing sharp or soft, and is no other scene
CHANGED_VARIANCE = (CHANGED_SIGMAS * BLOCK * BLOCK_SPREAD) ** 2  # that of a block's sum is BLOCK**2 times its mean's

Sums = NDArray[np.float32]  # (3, rows, columns) of blocks: what DIFFERENCE to LEVEL name

DIFFERENCE, VARIANCE, LEVEL = range(3)


class SteadyDetail:
    """Keeps what was from frame to frame."""

    def __init__(self) -> None:
        self._kept: Detail | None = None
        self._chance: Cells = np.zeros((0, 0), np.float32)
        self._noise: Noise | None = None
        self._when_ns = 0

    def of(self, found: Detail, noise: Noise, when_ns: int) -> tuple[Detail, Cells]:
        """Take a frame in. One of another size or gain begins anew, and so does one that is not newer.

        Args:
            found: detail of this frame.
            noise: its model.
            when_ns: the sensor's timestamp.

        Returns:
            The average, and (cells) float32 its variance by noise as a share of one frame's; valid until the next call.
        """
        kept, since_ns = self._kept, when_ns - self._when_ns
        self._when_ns = when_ns
        if kept is None or kept.signal.shape != found.signal.shape or noise != self._noise or since_ns <= 0:
            self._noise, self._kept = noise, Detail(*(plane.copy() for plane in found))
            self._chance = np.ones_like(found.signal)
            return self._kept, self._chance
        sums = np.empty((3, *(-(-size // BLOCK) for size in found.signal.shape)), np.float32)
        limits = np.array([noise.slope_dn, noise.floor_dn2, least_dn2(noise)], np.float32)
        changed = np.zeros(sums.shape[1:], np.float32)
        _compare_all(
            found.fine, found.middle, found.signal, kept.fine, kept.middle, kept.signal, self._chance, limits,
            sums, changed,
        )  # fmt: skip
        _find_changed(sums, changed)
        _take_in(*found, *kept, self._chance, changed, min(since_ns / LASTING_NS, 1.0))
        return kept, self._chance


@kernel(
    "void(f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[::1],"
    " f4[:, :, ::1], f4[:, ::1])"
)
def _compare_all(
    fine: Cells, middle: Cells, signal: Cells, kept_fine: Cells, kept_middle: Cells, kept_signal: Cells,
    chance: Cells, noise: Row, sums: Sums, changed: Cells,
) -> None:  # fmt: skip
    """Sums of each block, and 1 for those whose signal is another one, among those that begin as 0.

    noise: slope, floor and the least variance.
    """
    rows, columns = fine.shape
    of_detail, of_light = np.zeros((3, columns), np.float32), np.zeros((3, columns), np.float32)
    light = np.empty((3, changed.shape[1]), np.float32)
    for i in range(rows):
        _compare(fine[i], middle[i], kept_fine[i], kept_middle[i], kept_signal[i], chance[i], noise, of_detail)
        _weigh_light(signal[i], kept_signal[i], chance[i], noise, of_light)
        if i % BLOCK == BLOCK - 1 or i == rows - 1:
            for p in range(3):
                _fold(of_detail[p], sums[p, i // BLOCK])
                _fold(of_light[p], light[p])
            _find_outside(light[DIFFERENCE], light[VARIANCE], light[LEVEL], CHANGED_SIGMAS**2, changed[i // BLOCK])


@inner
def _compare(
    fine: Row, middle: Row, kept_fine: Row, kept_middle: Row, kept_signal: Row, chance: Row, noise: Row, total: Cells
) -> None:
    """Detail as `focus` counts it. Of noise of variance s and detail d the square varies as s (s + 2 d)."""
    f = np.float32
    difference, variance, level = total[DIFFERENCE], total[VARIANCE], total[LEVEL]
    by_fine, by_middle, slope, floor, least = f(0.5 / FINE_SUM), f(0.5 / MIDDLE_SUM), noise[0], noise[1], noise[2]
    slope *= f(1 / SITES)
    for k in range(fine.size):
        was = by_fine * kept_fine[k] + by_middle * kept_middle[k]
        dn2 = max(slope * kept_signal[k] + floor, least)
        difference[k] += by_fine * fine[k] + by_middle * middle[k] - was
        variance[k] += dn2 * (f(2) * max(was, dn2) - dn2) * (f(1) + chance[k])
        level[k] += was - dn2


@inner
def _fold(row: Row, blocks: Row) -> None:
    """And begin anew. The four of a BLOCK stand in the code, as only then the loop vectorises."""
    whole = row.size // BLOCK
    for b in range(whole):
        blocks[b] = row[4 * b] + row[4 * b + 1] + row[4 * b + 2] + row[4 * b + 3]
    for k in range(whole * BLOCK, row.size):
        blocks[whole] = row[k] + (blocks[whole] if k % BLOCK else np.float32(0))
    row[:] = np.float32(0)


@inner
def _weigh_light(signal: Row, kept: Row, chance: Row, noise: Row, total: Cells) -> None:
    """Of a sum of SITES photosites noise has the variance slope * sum + SITES * floor."""
    f = np.float32
    difference, variance, level = total[DIFFERENCE], total[VARIANCE], total[LEVEL]
    slope, floor, least = noise[0], f(SITES) * noise[1], f(SITES) * noise[2]
    for k in range(signal.size):
        difference[k] += signal[k] - kept[k]
        variance[k] += max(slope * kept[k] + floor, least) * (f(1) + chance[k])
        level[k] += kept[k]


@inner
def _find_outside(difference: Row, variance: Row, level: Row, of_variance: float, changed: Row) -> None:
    f = np.float32
    for b in range(difference.size):
        by_scene = f(OF_WHAT_WAS) * level[b]
        more = difference[b] * difference[b] > f(of_variance) * variance[b] + by_scene * by_scene
        changed[b] = f(1) if more else changed[b]


@kernel("void(f4[:, :, ::1], f4[:, ::1])")
def _find_changed(sums: Sums, changed: Cells) -> None:
    """1 for each block that differs by itself or with its neighbours, among those that begin as 0.

    None counts among its neighbours for more than it must differ: what moved does not make all around it begin anew.
    """
    rows, columns = changed.shape
    for i in range(rows):
        _find_outside(sums[DIFFERENCE, i], sums[VARIANCE, i], sums[LEVEL, i], CHANGED_VARIANCE, changed[i])
        _limit(sums[DIFFERENCE, i], sums[VARIANCE, i])
    for group in GROUPS:
        for top in range(0, rows, group):
            for left in range(0, columns, group):
                _find(sums, top, min(top + group, rows), left, min(left + group, columns), changed)


@inner
def _find(sums: Sums, top: int, bottom: int, left: int, right: int, changed: Cells) -> None:
    f = np.float32
    difference, variance, level = f(0), f(0), f(0)
    for i in range(top, bottom):
        for j in range(left, right):
            difference += sums[DIFFERENCE, i, j]
            variance += sums[VARIANCE, i, j]
            level += sums[LEVEL, i, j]
    by_scene = f(OF_WHAT_WAS) * level
    if difference * difference > f(CHANGED_VARIANCE) * variance + by_scene * by_scene:
        for i in range(top, bottom):
            changed[i, left:right] = f(1)


@inner
def _limit(difference: Row, variance: Row) -> None:
    for j in range(difference.size):
        most = np.sqrt(np.float32(CHANGED_VARIANCE) * variance[j])
        difference[j] = min(max(difference[j], -most), most)


@kernel(
    "void(f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1],"
    " f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f4[:, ::1], f8)"
)
def _take_in(
    fine: Cells, middle: Cells, coarse: Cells, signal: Cells, peak: Cells,
    kept_fine: Cells, kept_middle: Cells, kept_coarse: Cells, kept_signal: Cells, kept_peak: Cells,
    chance: Cells, changed: Cells, least: float,
) -> None:  # fmt: skip
    """least: the weight that the newest frame has in any case."""
    weight, anew = np.empty(fine.shape[1], np.float32), np.empty(BLOCK * changed.shape[1], np.float32)
    for i in range(fine.shape[0]):
        if i % BLOCK == 0:
            _unfold(changed[i // BLOCK], anew)
        _weigh(anew, np.float32(least), chance[i], weight)
        _blend(fine[i], weight, kept_fine[i])
        _blend(middle[i], weight, kept_middle[i])
        _blend(coarse[i], weight, kept_coarse[i])
        _blend(signal[i], weight, kept_signal[i])
        _blend_peak(peak[i], weight, kept_peak[i])


@inner
def _unfold(blocks: Row, row: Row) -> None:
    """To each of a BLOCK's four."""
    for b in range(blocks.size):
        row[4 * b] = row[4 * b + 1] = row[4 * b + 2] = row[4 * b + 3] = blocks[b]


@inner
def _weigh(anew: Row, least: np.float32, chance: Row, weight: Row) -> None:
    """What noise leaves in the average of a frame and n others is least where the frame weighs 1 / (n + 1)."""
    f = np.float32
    for k in range(weight.size):
        mine = max(anew[k], least, chance[k] / (f(1) + chance[k]))
        weight[k] = mine
        chance[k] = (f(1) - mine) * (f(1) - mine) * chance[k] + mine * mine


@inner
def _blend(row: Row, weight: Row, kept: Row) -> None:
    """By shares, not by a step from what was: of squares of a strong edge that is gone rounding would leave detail."""
    for k in range(row.size):
        kept[k] = weight[k] * row[k] + (np.float32(1) - weight[k]) * kept[k]


@inner
def _blend_peak(row: Row, weight: Row, kept: Row) -> None:
    """Up at once: what clips now is not known."""
    for k in range(row.size):
        kept[k] = max(row[k], kept[k] + weight[k] * (row[k] - kept[k]))
