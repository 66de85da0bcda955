"""How bright each cell of a mosaic is, in stops below clipping: for false colour, spot meter and the deepest shadows.

The greens stand for luminance, which they are most of, and a cell's 32 of them together: their mean has little noise
left where a single photosite would be all noise.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from device.frame import (
    CLIPPED_STOPS,
    FOCUS_CELL,
    HISTOGRAM_STOPS,
    MAGNIFIED_SPOT_SHARE,
    SPOT_SHARE,
    STEPS_PER_STOP,
    Levels,
    Plane,
)
from device.kernel import kernel

Cells = NDArray[np.float32]  # (rows // 8, columns // 8): sums of dn - black over the greens, as detail.Detail.signal

SITES = FOCUS_CELL * FOCUS_CELL // 2  # greens of a cell
EXPONENT_BIAS = 127  # of IEEE 754 binary32, which has 23 bits of mantissa
MANTISSA_STEPS = 1024


def stops(signal: Cells, levels: Levels) -> Plane:
    """The brightness of each cell as `frame.Reading.stops` defines it, exact to 0.002 EV at its steps."""
    codes = np.empty(signal.shape, np.uint8)
    share = np.asarray(signal / np.float32(_full_dn(levels)))  # multiplied by the inverse, full would not be 1
    _to_stops(share.view(np.int32), _mantissa_steps(), codes)
    return codes


def spot_ev(signal: Cells, levels: Levels, around: tuple[slice, slice] | None = None) -> float:
    """The mean brightness of the spot meter's square, EV relative to clipping; -HISTOGRAM_STOPS at least.

    Args:
        signal: of each cell.
        levels: black and white, DN.
        around: rows and columns of cells that are magnified, in whose middle the square is; None: of all.
    """
    inside = signal[spot_cells(signal.shape, around)]
    share = float(inside.mean(dtype=np.float64)) / _full_dn(levels) if inside.size else 0.0
    return math.log2(max(share, 2.0**-HISTOGRAM_STOPS))


def spot_cells(shape: tuple[int, ...], around: tuple[slice, slice] | None = None) -> tuple[slice, slice]:
    """Rows and columns of the cells in the spot meter's square, of (rows, columns) of cells or of those `around`."""
    rows, columns = around or (slice(0, shape[0]), slice(0, shape[1]))
    side = max(1, round((rows.stop - rows.start) * (MAGNIFIED_SPOT_SHARE if around else SPOT_SHARE)))
    top, left = (rows.start + rows.stop - side) // 2, (columns.start + columns.stop - side) // 2
    return slice(max(top, 0), top + side), slice(max(left, 0), left + side)


def _full_dn(levels: Levels) -> float:
    return SITES * (levels.white - levels.green_black)


@lru_cache(maxsize=1)
def _mantissa_steps() -> NDArray[np.int32]:
    """(MANTISSA_STEPS,) int32: whole steps that a number from 1 to 2 lies above 1 on the logarithmic scale."""
    middles = 1 + (np.arange(MANTISSA_STEPS) + 0.5) / MANTISSA_STEPS
    return np.asarray(np.floor(STEPS_PER_STOP * np.log2(middles)), np.int32)


@kernel("void(i4[:, ::1], i4[::1], u1[:, ::1])")
def _to_stops(share: NDArray[np.int32], mantissa_steps: NDArray[np.int32], codes: Plane) -> None:
    """The logarithm by the float's own exponent and ten bits of its mantissa; negative ones end below 0."""
    for i in range(share.shape[0]):
        row, out = share[i], codes[i]
        for k in range(row.size):
            stop = (row[k] >> 23) - np.int32(EXPONENT_BIAS - HISTOGRAM_STOPS)
            code = stop * np.int32(STEPS_PER_STOP) + mantissa_steps[(row[k] >> 13) & np.int32(MANTISSA_STEPS - 1)]
            out[k] = np.uint8(min(max(code, np.int32(0)), np.int32(CLIPPED_STOPS)))
