"""What is laid over the picture, as shapes and numbers: zebra, histogram, focus meter, grid. Pure."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from device.frame import HISTOGRAM_BINS, HISTOGRAM_STOPS

CLIPS = 0.001  # share of a channel that lights its lamp, and that "headroom" allows

METER_FIRST = 0.1  # the focus meter's logarithmic scale, Reading.focus_score: a wall out of focus
METER_LAST = 40.0  # more than a page of print in the best focus gives: a full bar would hide the peak


# Which way each channel's stripes run, so that they differ without colour: red rises, green stands, blue falls.
_DIRECTIONS = ((1, 1), (2, 0), (4, -1))
_BLUE_GREEN_RED = {1: (40, 40, 235), 2: (60, 210, 40), 4: (255, 100, 50)}


def stripes(period: int) -> NDArray[np.uint8]:
    """Zebra for every set of clipped channels.

    One channel: stripes in its colour and its direction. Two: both directions crossed, in the mixed colour. All: broad
    black and white.

    Args:
        period: pixels from stripe to stripe, a power of two.

    Returns:
        (8, period, period, 4) uint8: per set of bits, row and column, blue, green, red and 255 where painted.
    """
    row, column = np.mgrid[0:period, 0:period]
    pattern = np.zeros((8, period, period, 4), np.uint8)
    for bits in range(1, 7):
        colour = np.clip(sum(np.array(_BLUE_GREEN_RED[b]) for b, _ in _DIRECTIONS if bits & b), 0, 255)
        for channel, lean in _DIRECTIONS:
            if bits & channel:
                at = (column + lean * row) % period
                pattern[bits][at < period // 2] = (0, 0, 0, 255)  # a dark edge: seen on any highlight
        for channel, lean in _DIRECTIONS:
            if bits & channel:
                at = (column + lean * row) % period
                pattern[bits][at < period * 3 // 8] = (*colour, 255)
    dark = ((column + row) % period < period // 2)[..., None]
    pattern[7] = np.where(dark, np.array([0, 0, 0, 255]), np.array([255, 255, 255, 255]))
    return pattern


def histogram_heights(histogram: NDArray[np.float32], columns: int, rows: int) -> NDArray[np.int32]:
    """How high each channel stands in a drawing of that size.

    The axis runs from -HISTOGRAM_STOPS EV at the left to clipping at the right. Heights follow the square root of the
    count, so that small groups show, straight from bin to bin; the bins at both ends hold everything beyond and do not
    set the scale. Whatever is there at all is one row high at least.

    Args:
        histogram: (4, HISTOGRAM_BINS) float32 counts.
        columns: of the drawing.
        rows: of the drawing.

    Returns:
        (4, columns) int32, 0 to rows.
    """
    roots = np.sqrt(histogram)
    scale = max(float(roots[:, 1:-1].max(initial=0.0)), 1e-9)
    bins, behind = _between(columns)
    shares = np.minimum(roots / scale, 1.0).astype(np.float64)
    left = shares.take(bins, axis=1)
    high = (left + (shares.take(bins + 1, axis=1) - left) * behind) * rows
    return np.where(high > 0, np.maximum(np.round(high), 1), 0).astype(np.int32)


@lru_cache(maxsize=8)
def _between(columns: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """(columns,) each: the bin to the left of each column of a drawing, and how far behind its middle, 0 to 1."""
    at = np.clip((np.arange(columns) + 0.5) * HISTOGRAM_BINS / columns - 0.5, 0, HISTOGRAM_BINS - 1)
    bins = np.minimum(at.astype(np.intp), HISTOGRAM_BINS - 2)
    return bins, at - bins


def axis_at(ev: float, columns: int) -> int:
    """The column at which that many EV below clipping lie on the histogram's axis, 0 to columns - 1."""
    share = 1 - min(abs(ev), HISTOGRAM_STOPS) / HISTOGRAM_STOPS
    return min(int(share * columns), columns - 1)


def meter_share(score: float) -> float:
    """How full the focus meter is at that score, 0 to 1; logarithmic, so that soft and sharp both show."""
    first, last = np.log(METER_FIRST), np.log(METER_LAST)
    return float(np.clip((np.log(max(score, 1e-9)) - first) / (last - first), 0, 1))


def thirds(length: int) -> tuple[int, int]:
    """Where the grid's two lines cross a side of that length."""
    return length // 3, length - length // 3
