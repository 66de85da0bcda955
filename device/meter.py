"""What the mosaic says of a frame: histogram, clipping, brightness and sharpness, from every photosite of the RAW.

`read` is for the stream; the pieces it is made of are for whoever inspects a single RAW.
"""

import math

import numpy as np
from numpy.typing import NDArray

from device.detail import detail
from device.exposure_map import spot_ev, stops
from device.focus import focus_map, significance
from device.focus_score import score
from device.frame import QUANTISATION_DN2, Cfa, Frame, Levels, Noise, Plane, Raw, Reading
from device.histogram import (
    PHASES,
    Counts,
    PerChannel,
    clipped_share,
    distinct_levels,
    ev_histogram,
    ev_to_clip,
    headroom_ev,
    linear_histogram,
    mean,
    sampled_histogram,
)
from device.kernel import inner, kernel
from device.steady_detail import SteadyDetail
from device.window import Window

__all__ = [
    "clipped_channels",
    "clipped_map",
    "distinct_levels",
    "ev_to_clip",
    "focus_map",
    "linear_histogram",
    "noise_floor_ev",
    "read",
]

SAMPLED_FROM = 2_000_000  # photosites: of a sixteenth of fewer than these the brightest 0.1 % would be a few
Row = NDArray[np.uint16]
CLIPPED_BITS = np.array([1, 2, 2, 4], np.uint8)  # of each of CHANNELS in Reading.clipped


def read(
    frame: Frame, window: Window | None = None, phase: int | None = None, steady: SteadyDetail | None = None
) -> Reading:
    """Everything `Reading` asks for; exact, every photosite counted, but for the histogram where a phase is given.

    Args:
        frame: to be read.
        window: what the focus meter and the spot meter look at, None: the centre.
        phase: which sixteenth of a large mosaic the histogram, and with it mean and headroom, may be taken from, as
            between one live picture and the next; None: from all of it. What is clipped is counted in any case.
        steady: what the focus map of a live picture is taken from, this frame and those before; None: this one alone.
    """
    cells = window.cells if window else None
    histogram, share = _counted(frame, phase)
    found = detail(frame.raw, frame.cfa, frame.levels)
    lasting, chance = (found, None) if steady is None else steady.of(found, frame.noise, frame.sensor_timestamp_ns)
    n = quads_per_cell(frame.raw.shape, frame.preview.y.shape)
    return Reading(
        histogram=ev_histogram(histogram, frame.levels),
        clipped_share=share,
        mean=mean(histogram, frame.levels),
        focus=significance(lasting, frame.levels, frame.noise, chance),
        clipped=clipped_map(frame.raw, frame.cfa, frame.levels.white, n) if share.any() else _nothing(frame.raw, n),
        focus_score=score(found, frame.levels, frame.noise, cells),
        noise_floor_ev=noise_floor_ev(frame.levels, frame.noise),
        headroom_ev=headroom_ev(histogram, frame.levels),
        stops=stops(found.signal, frame.levels),
        spot_ev=spot_ev(found.signal, frame.levels, cells),
    )


def _counted(frame: Frame, phase: int | None) -> tuple[Counts, PerChannel]:
    """The histogram and the share that is clipped."""
    if phase is None or frame.raw.size < SAMPLED_FROM:
        histogram = linear_histogram(frame.raw, frame.cfa, frame.depth)
        return histogram, clipped_share(histogram, frame.levels)
    histogram = sampled_histogram(frame.raw, frame.cfa, frame.depth, phase % PHASES)
    return histogram, _clipped_share(frame.raw, frame.cfa, frame.levels.white)


def _clipped_share(raw: Raw, cfa: Cfa, white: int) -> PerChannel:
    """As `histogram.clipped_share` of every photosite, without their histogram."""
    places = np.zeros(4, np.int64)
    _count_clipped(np.ascontiguousarray(raw), np.uint16(white), places)
    quads = max(1, (raw.shape[0] // 2) * (raw.shape[1] // 2))
    return np.asarray(places[cfa.places] / quads, np.float32)


def clipped_channels(raw: Raw, cfa: Cfa, white: int) -> NDArray[np.bool_]:
    """(4, rows // 2, columns // 2) bool: what is clipped, channels in CHANNELS order."""
    rows, columns = raw.shape[0] // 2 * 2, raw.shape[1] // 2 * 2
    by_place = [raw[i:rows:2, j:columns:2] >= white for i in (0, 1) for j in (0, 1)]
    return np.stack(by_place)[cfa.places]


def clipped_map(raw: Raw, cfa: Cfa, white: int, n: int) -> Plane:
    """(rows // 2n, columns // 2n) uint8: bits 1 = R, 2 = G, 4 = B clipped somewhere in that n x n quads."""
    clipped = _nothing(raw, n)
    _clip(np.ascontiguousarray(raw), CLIPPED_BITS[cfa.pattern], np.uint16(white), n, clipped)
    return clipped


def noise_floor_ev(levels: Levels, noise: Noise) -> float:
    """EV relative to clipping (so below 0) at which signal equals noise, on the greens.

    The positive root of s**2 = slope * s + floor.
    """
    floor_dn2 = max(noise.floor_dn2, QUANTISATION_DN2)
    signal_dn = (noise.slope_dn + math.sqrt(noise.slope_dn**2 + 4 * floor_dn2)) / 2
    return math.log2(signal_dn / (levels.white - levels.green_black))


def quads_per_cell(raw: tuple[int, ...], picture: tuple[int, ...]) -> int:
    """The n of `Reading.clipped`, by the sizes of a mosaic and its preview: that which the preview was made with.

    A picture is cut to even sizes, so it may lack a row and a column.
    """
    n = 1
    while any(size // 2 // n > shown + 1 for size, shown in zip(raw, picture, strict=True)):
        n += 1
    return n


def _nothing(raw: Raw, n: int) -> Plane:
    return np.zeros((raw.shape[0] // 2 // n, raw.shape[1] // 2 // n), np.uint8)


@kernel("void(u2[:, ::1], u2, i8[::1])")
def _count_clipped(raw: Raw, white: np.uint16, places: NDArray[np.int64]) -> None:
    """Column by column, so that nothing has to change places, in 16 bits: a mosaic has fewer rows than those hold."""
    columns = np.zeros((2, raw.shape[1]), np.uint16)
    for i in range(raw.shape[0] // 2 * 2):
        _add_clipped(raw[i], white, columns[i & 1])
    for k in range(2):
        for x in range(raw.shape[1] // 2):
            places[2 * k] += columns[k, 2 * x]
            places[2 * k + 1] += columns[k, 2 * x + 1]


@inner
def _add_clipped(row: Row, white: np.uint16, columns: Row) -> None:
    n = np.uint16
    for x in range(row.size):
        columns[x] = n(columns[x] + n(row[x] >= white))


@kernel("void(u2[:, ::1], u1[:, ::1], u2, i8, u1[:, ::1])")
def _clip(raw: Raw, bits: NDArray[np.uint8], white: np.uint16, n: int, clipped: Plane) -> None:
    flags = np.empty(clipped.shape[1] * 2 * n, np.uint8)
    for i in range(clipped.shape[0]):
        flags[:] = np.uint8(0)
        for k in range(2 * n * i, 2 * n * (i + 1)):
            _flag(raw[k], white, bits[k & 1, 0], bits[k & 1, 1], flags)
        _gather(flags, n, clipped[i])


@inner
def _flag(row: Raw, white: np.uint16, even: np.uint8, odd: np.uint8, flags: NDArray[np.uint8]) -> None:
    none = np.uint8(0)
    for x in range(flags.size // 2):
        flags[2 * x] |= even if row[2 * x] >= white else none
        flags[2 * x + 1] |= odd if row[2 * x + 1] >= white else none


@inner
def _gather(flags: NDArray[np.uint8], n: int, clipped: NDArray[np.uint8]) -> None:
    """All bits of 2n neighbours; the usual strides stand in the code, as only then the loops vectorise."""
    if n == 1:
        for x in range(clipped.size):
            clipped[x] = flags[2 * x] | flags[2 * x + 1]
    elif n == 2:
        for x in range(clipped.size):
            clipped[x] = flags[4 * x] | flags[4 * x + 1] | flags[4 * x + 2] | flags[4 * x + 3]
    else:
        clipped[:] = np.uint8(0)
        for k in range(2 * n):
            _add_every(flags[k:], 2 * n, clipped)


@inner
def _add_every(flags: NDArray[np.uint8], stride: int, clipped: NDArray[np.uint8]) -> None:
    if stride == 6:
        for x in range(clipped.size):
            clipped[x] |= flags[6 * x]
    elif stride == 8:
        for x in range(clipped.size):
            clipped[x] |= flags[8 * x]
    else:
        for x in range(clipped.size):
            clipped[x] |= flags[stride * x]
