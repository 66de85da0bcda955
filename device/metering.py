"""By how many stops a frame is brighter than it should be, of four opinions what should be. Pure; reads a `Reading`.

- "multi": the frame in zones, those far brighter than most counting less: neither sun nor lamp darkens the rest.
- "centre": the middle counts most.
- "spot": the spot meter's square alone: the centre, or the middle of what the magnifier shows.
- "highlight": as bright as it may be while no channel clips more than a chosen share of its photosites.

The first three make the greens' mean middle grey. What is clipped only says "brighter", so from half clipped on a guess
is added; the frame after it can be measured.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from device.exposure_map import spot_cells
from device.flat_field import NO_GAINS, Gains, shares_of_points
from device.frame import (
    BINS_PER_STOP,
    CLIPPED_STOPS,
    HISTOGRAM_BINS,
    HISTOGRAM_STOPS,
    MIDDLE_GREY,
    STEPS_PER_STOP,
    Plane,
    Reading,
)
from device.kernel import inner, kernel
from device.median import median
from device.states import Metering

Zones = NDArray[np.float64]
Sums = NDArray[np.float32]  # (rows of zones, columns of cells)
Cells = tuple[slice, slice]  # rows and columns of focus cells

ZONES = (12, 16)  # rows and columns
CENTRE_SIGMA = 0.22  # of the picture's height: half of the weight lies within a quarter of the height from the middle
FAR_BRIGHTER = 8.0  # zones that are more than three stops brighter than the median zone count as if they were three
BLIND_EV = 6.5  # a wholly clipped frame says only "brighter": guess this much beyond
SPOT_BLIND = 0.9  # share of full scale from which on the spot is taken for partly clipped
FAINTEST = 1e-5  # share of full scale; below it the mean is all rounding
HIGHLIGHT_MARGIN_EV = 0.15  # below clipping; more than the automatic's dead band, which may use it up
CLIPPED_STEP_EV = 0.25  # down at least, where too much clips,
CLIPPED_STEP_MAX_EV = 7.0  # and at most: from there each brightness can be told
CLIPPED_STEP_PER_DOUBLING = 0.9  # of the share that clips


def error_ev(
    reading: Reading, metering: Metering, ev: float, highlight_share: float, gains: Gains = NO_GAINS,
    around: Cells | None = None,
) -> float:  # fmt: skip
    """Stops by which the frame is brighter than it should be.

    Args:
        reading: of the frame.
        metering: what should be.
        ev: compensation, of which `compensation_ev` counts.
        highlight_share: of each channel's photosites that may clip with "highlight", 0 to 1.
        gains: of the flat field, which all but "highlight" count in: a photosite clips by the light it got, not by what
            the flat field makes of that.
        around: what the magnifier shows, in whose middle the spot is; None: the whole frame.
    """
    if metering == "highlight":
        return HIGHLIGHT_MARGIN_EV - headroom_ev(reading, highlight_share) - compensation_ev(metering, ev)
    return math.log2(_METERS[metering](reading, gains, around) / MIDDLE_GREY) - ev


def compensation_ev(metering: Metering, ev: float) -> float:
    """What of the compensation counts: with "highlight" only downwards.

    What lies beyond clipping cannot be measured, and a larger share asks for the same.
    """
    return min(ev, 0.0) if metering == "highlight" else ev


def headroom_ev(reading: Reading, share: float) -> float:
    """Stops more light until more than that share of the first channel clips.

    Below 0 when it does already: a guess, as nobody can see how far beyond. Channels without photosites, as on a black
    and white sensor, do not count.
    """
    channels = zip(reading.histogram, reading.clipped_share, strict=True)
    return min((_channel_headroom(bins, float(clipped), share) for bins, clipped in channels), default=0.0)


def _channel_headroom(bins: NDArray[np.float32], clipped: float, share: float) -> float:
    """By the brightness that just that share of photosites reaches, between the histogram's edges in proportion."""
    total = float(bins.sum(dtype=np.float64))
    if not total:
        return float(HISTOGRAM_STOPS)
    if clipped > share:
        step_ev = CLIPPED_STEP_EV + CLIPPED_STEP_PER_DOUBLING * math.log2(clipped / share)
        return -min(step_ev, CLIPPED_STEP_MAX_EV)
    reached = np.concatenate([[clipped], np.cumsum(bins[::-1], dtype=np.float64) / total])
    return float(np.interp(share, reached, np.arange(HISTOGRAM_BINS + 1) / BINS_PER_STOP))


def _multi(reading: Reading, gains: Gains, _: Cells | None) -> float:
    light, clipped = _zones(reading.stops, gains)
    return _weighted(np.minimum(light, FAR_BRIGHTER * median(light)), clipped, np.ones_like(light))


def _centre(reading: Reading, gains: Gains, _: Cells | None) -> float:
    light, clipped = _zones(reading.stops, gains)
    return _weighted(light, clipped, _centre_weights(light.shape))


def _spot(reading: Reading, gains: Gains, around: Cells | None) -> float:
    """With the gain in the middle of its square, which is too small for that to differ from side to side."""
    share = max(2.0**reading.spot_ev, FAINTEST)
    blind = max(0.0, (share - SPOT_BLIND) / (1 - SPOT_BLIND))
    shape = reading.stops.shape
    middle = [
        np.array([(cells.start + cells.stop) / 2 / size]) if size else np.array([0.5])
        for cells, size in zip(spot_cells(shape, around), shape, strict=True)
    ]
    return float(share * _greens_gain_at(gains, *middle)[0, 0] * math.exp2(BLIND_EV * min(blind, 1.0) ** 2))


_METERS = {"multi": _multi, "centre": _centre, "spot": _spot}


def _weighted(light: Zones, clipped: Zones, weights: Zones) -> float:
    """The mean as a share of full scale, which exceeds 1 by a guess where most is clipped."""
    mean = max(float(np.average(light, weights=weights)), FAINTEST)
    blind = max(0.0, 2.0 * float(np.average(clipped, weights=weights)) - 1.0)
    return mean * math.exp2(BLIND_EV * blind * blind)


def _zones(stops: Plane, gains: Gains) -> tuple[Zones, Zones]:
    """The mean light of each zone as a share of full scale, and the share of its cells that are clipped."""
    rows, columns = (
        np.linspace(0, size, min(size, count), endpoint=False).astype(np.int64)  # as many as there are cells for
        for size, count in zip(stops.shape, ZONES, strict=True)
    )
    light, clipped = sums = np.empty((2, rows.size, stops.shape[1]), np.float32)
    _add_rows(np.ascontiguousarray(stops), _light_of_stops(), rows, light, clipped)
    areas = np.outer(np.diff(rows, append=stops.shape[0]), np.diff(columns, append=stops.shape[1]))
    light, clipped = np.asarray(np.add.reduceat(sums, columns, 2) / areas, np.float64)
    return light * _greens_gain(gains, light.shape), clipped


@kernel("void(u1[:, ::1], f4[::1], i8[::1], f4[:, ::1], f4[:, ::1])")
def _add_rows(
    stops: Plane, light_of: NDArray[np.float32], starts: NDArray[np.int64], light: Sums, clipped: Sums
) -> None:
    """What lies one below the other in each zone: the sum of its light, and how many cells are clipped."""
    for zone in range(starts.size):
        last = starts[zone + 1] if zone + 1 < starts.size else stops.shape[0]
        light[zone], clipped[zone] = np.float32(0), np.float32(0)
        for i in range(starts[zone], last):
            _add_row(stops[i], light_of, light[zone], clipped[zone])


@inner
def _add_row(
    stops: NDArray[np.uint8], light_of: NDArray[np.float32], light: NDArray[np.float32], clipped: NDArray[np.float32]
) -> None:
    """In two loops: a table cannot be looked up in lanes, the rest can be done in them."""
    for x in range(stops.size):
        light[x] += light_of[stops[x]]
    for x in range(stops.size):
        clipped[x] += np.float32(stops[x] == CLIPPED_STOPS)


def _greens_gain(gains: Gains, zones: tuple[int, ...]) -> Zones:
    """In the middle of each zone."""
    rows, columns = ((np.arange(count) + 0.5) / count for count in zones)
    return _greens_gain_at(gains, rows, columns)


def _greens_gain_at(gains: Gains, rows: NDArray[np.float64], columns: NDArray[np.float64]) -> Zones:
    """At these shares of the frame's height and width, each with each."""
    down, across = shares_of_points(rows, gains.shape[1]), shares_of_points(columns, gains.shape[2])
    return np.asarray(down @ gains[1:3].mean(0) @ across.T, np.float64)


@lru_cache(maxsize=1)
def _light_of_stops() -> NDArray[np.float32]:
    """(256,) share of full scale that each value of `Reading.stops` stands for: the middle of its step."""
    codes = np.arange(256)
    light = 2.0 ** ((codes + 0.5) / STEPS_PER_STOP - HISTOGRAM_STOPS)
    return np.where(codes == 0, 0.0, np.where(codes >= CLIPPED_STOPS, 1.0, light)).astype(np.float32)


@lru_cache(maxsize=4)
def _centre_weights(shape: tuple[int, ...]) -> Zones:
    """A bell around the middle, as wide as it is high on the picture of 4:3 that the zones divide."""
    rows, columns = ((np.arange(size) + 0.5) / size - 0.5 for size in shape)
    distance = np.hypot(rows[:, None], columns * (ZONES[1] / ZONES[0]))
    return np.asarray(np.exp(-0.5 * (distance / CENTRE_SIGMA) ** 2))
