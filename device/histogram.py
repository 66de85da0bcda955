"""How often each raw value occurs, and what follows from that alone: EV histogram, clipping, headroom, mean."""

import numpy as np
from numpy.typing import NDArray

from device.frame import BINS_PER_STOP, HISTOGRAM_BINS, HISTOGRAM_STOPS, Cfa, Levels, Raw
from device.kernel import inner, kernel
from device.prefetch import CACHE_LINE, fetch

Counts = NDArray[np.uint32]  # (4, 2**bits), channels in CHANNELS order
Row = NDArray[np.uint16]
Table = NDArray[np.uint32]  # of one channel
PerChannel = NDArray[np.float32]  # (4,), in CHANNELS order

PHASES = 16  # of `sampled_histogram`: every so many rows of quads, each whole, as memory is quick to who reads on
# A column for whatever a uint16 may be, so that no value has to be capped as it is counted; what lies beyond is added
# to the highest afterwards. And some more, that counters of the same value in two tables are not a multiple of 4 kB
# apart: processors take a load for one of what they just stored when the last 12 bits of the addresses are equal.
_COLUMNS = 65536 + 272
_EACH = CACHE_LINE // 4  # photosites of each half of a row in a turn: so few that compilers write all of them out

MEANINGFUL_SHARE = 0.999  # what is brighter than all but 0.1 % counts as a glint, not as the picture


def linear_histogram(raw: Raw, cfa: Cfa, bits: int) -> Counts:
    """Count every photosite, channel by channel.

    Args:
        raw: (rows, columns) uint16, DN; an odd last row or column is left out.
        cfa: its pattern.
        bits: significant bits, 10 to 16; a value beyond them counts as the highest.

    Returns:
        (4, 2**bits) uint32, channels in CHANNELS order.
    """
    return _counts(raw, cfa, bits, 0, 1)


def sampled_histogram(raw: Raw, cfa: Cfa, bits: int, phase: int) -> Counts:
    """Count the photosites of every sixteenth row of quads.

    Args:
        raw: as for `linear_histogram`.
        cfa: its pattern.
        bits: as for `linear_histogram`.
        phase: 0 to PHASES - 1, which sixteenth: together they are all quads, each once.

    Returns:
        As `linear_histogram`.
    """
    return _counts(raw, cfa, bits, phase, PHASES)


def _counts(raw: Raw, cfa: Cfa, bits: int, first: int, step: int) -> Counts:
    """Of every so many rows of quads, from the first on."""
    counts = np.empty((4, 2**bits), np.uint32)
    _count(np.ascontiguousarray(raw), cfa.pattern, first, step, counts)
    return counts


@kernel("void(u2[:, ::1], u1[:, ::1], i8, i8, u4[:, ::1])")
def _count(raw: Raw, pattern: NDArray[np.uint8], first: int, step: int, counts: Counts) -> None:
    """A table for each place in a quad; a row is counted while the next is fetched: processors do not see far ahead."""
    tables = np.empty((4, _COLUMNS), np.uint32)
    tables[:, : counts.shape[1]] = np.uint32(0)  # what lies beyond is not read
    rows, last = raw.shape[0] // 2, raw.shape[0] - 1
    for i in range(first, rows, step):
        _count_row(raw[2 * i], raw[min(2 * (i + step), last)], tables[0], tables[1])
        _count_row(raw[2 * i + 1], raw[min(2 * (i + step) + 1, last)], tables[2], tables[3])
    quads = np.uint32(len(range(first, rows, step)) * (raw.shape[1] // 2))
    for place in range(4):
        _hand_over(tables[place], quads, counts[pattern[place >> 1, place & 1]])


@inner
def _count_row(row: Row, following: Row, even: Table, odd: Table) -> None:
    """Its two halves in turn: neighbours are alike, and who adds to the counter just added to waits for that sum."""
    half = row.size // (2 * _EACH) * _EACH
    far, following_far = row[half:], following[half:]
    for start in range(0, half, _EACH):
        fetch(following, start)
        fetch(following_far, start)
        for x in range(start, start + _EACH, 2):
            _count_four(row[x], row[x + 1], far[x], far[x + 1], even, odd)
    for x in range(half, far.size - 1, 2):
        even[far[x]] += np.uint32(1)
        odd[far[x + 1]] += np.uint32(1)


@inner
def _count_four(a: np.uint16, b: np.uint16, c: np.uint16, d: np.uint16, even: Table, odd: Table) -> None:
    """All four values were loaded before the first is counted, for processors that do nothing before its turn."""
    even[a] += np.uint32(1)
    odd[b] += np.uint32(1)
    even[c] += np.uint32(1)
    odd[d] += np.uint32(1)


@inner
def _hand_over(table: Table, quads: np.uint32, counts: Table) -> None:
    """What has more bits than were granted is missing in the sum, and counts as the highest."""
    total = np.uint32(0)
    for value in range(counts.size):
        counts[value] = table[value]
        total += table[value]
    counts[counts.size - 1] += quads - total


def ev_histogram(histogram: Counts, levels: Levels) -> NDArray[np.float32]:
    """The histogram over EV below clipping, as `frame.Reading` defines it.

    A count of value v is spread evenly over v - 1/2 to v + 1/2 before it is cut at the bins' edges. In the shadows,
    where bins are narrower than one DN, that gives a smooth curve instead of a comb.

    Returns:
        (4, HISTOGRAM_BINS) float32; each row adds up to the channel's photosites.
    """
    ev = np.arange(1, HISTOGRAM_BINS) / BINS_PER_STOP - HISTOGRAM_STOPS
    value_edges = np.arange(histogram.shape[1] + 1) - 0.5
    bins = np.empty((4, HISTOGRAM_BINS), np.float32)
    for channel, black in enumerate(levels.black):
        below = np.concatenate([[0.0], np.cumsum(histogram[channel], dtype=np.float64)])
        inner = np.interp(black + (levels.white - black) * 2.0**ev, value_edges, below)
        bins[channel] = np.diff(inner, prepend=0.0, append=below[-1])
    return bins


def clipped_share(histogram: Counts, levels: Levels) -> PerChannel:
    """(4,) float32: the share of each channel's photosites at or above white."""
    clipped = histogram[:, levels.white :].sum(axis=1)
    return np.asarray(clipped / _totals(histogram), np.float32)


def mean(histogram: Counts, levels: Levels) -> PerChannel:
    """(4,) float32: the mean signal as a share of white - black; below zero where noise lies below black."""
    mean_dn = histogram @ np.arange(histogram.shape[1], dtype=np.float64) / _totals(histogram)
    black = np.array(levels.black)
    return np.asarray((mean_dn - black) / (levels.white - black), np.float32)


def ev_to_clip(histogram: Counts, levels: Levels, share: float = MEANINGFUL_SHARE) -> PerChannel:
    """How many stops more exposure each channel bears.

    Args:
        histogram: of `linear_histogram`.
        levels: black and white, DN.
        share: the photosites that must stay below clipping; the rest may be glints.

    Returns:
        (4,) float32: log2 of white - black over the brightest meaningful signal; 0 when that is clipped,
        HISTOGRAM_STOPS at most.
    """
    wanted = np.ceil(share * _totals(histogram))
    brightest = [np.searchsorted(np.cumsum(counts), need) for counts, need in zip(histogram, wanted, strict=True)]
    black = np.array(levels.black)
    signal = (np.array(brightest) - black) / (levels.white - black)
    return np.asarray(0.0 - np.log2(np.clip(signal, 2.0**-HISTOGRAM_STOPS, 1.0)), np.float32)  # 0 rather than -0


def headroom_ev(histogram: Counts, levels: Levels) -> float:
    """How many stops more exposure the picture bears: what the brightest channel does that has any photosites."""
    present = histogram.any(axis=1)
    return float(ev_to_clip(histogram, levels)[present].min(initial=HISTOGRAM_STOPS))


def distinct_levels(histogram: Counts) -> int:
    """How many different values occur: far fewer than 2**bits betrays a stretched or lossy RAW."""
    return int(np.count_nonzero(histogram.any(axis=0)))


def _totals(histogram: Counts) -> NDArray[np.float64]:
    """Photosites per channel; 1 where there are none, so that shares of nothing are nothing."""
    return np.asarray(np.maximum(histogram.sum(axis=1, dtype=np.float64), 1.0))
