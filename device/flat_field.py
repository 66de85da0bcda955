"""What lens and microlenses took from the light, given back: a gain that varies slowly over the frame."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from device.errors import BadValue
from device.kernel import inner

Gains = NDArray[np.float32]
"""(4, rows, columns) float32 in CHANNELS order, at least 1 everywhere, so that what clipped stays white.

The first and last row and column lie on the middle of the frame's outermost photosites, what is between is evenly
spaced and bilinear.
"""

NO_GAINS: Gains = np.ones((4, 1, 1), np.float32)


def from_list(gains: Sequence[float], rows: int, columns: int) -> Gains:
    """Gains that travelled as a list.

    Raises:
        BadValue: it is not as long as a grid for each of four channels.
    """
    if min(rows, columns) < 1 or len(gains) != 4 * rows * columns:
        raise BadValue(f"A flat field of {rows} x {columns} points has four gains for each, not {len(gains)} in all.")
    return np.array(gains, np.float32).reshape(4, rows, columns)


@inner
def gains_of_line(
    gains: Gains, channels: NDArray[np.uint8], rows: int, columns: int, row: int, left: int, out: NDArray[np.float32]
) -> None:
    """The gain of each photosite of one line.

    Args:
        gains: of the frame.
        channels: (2,) of the photosites at even and odd places of the line.
        rows: of the frame.
        columns: of the frame.
        row: where the line lies.
        left: column of the frame where the line begins; it may lie outside.
        out: (columns,) is written.
    """
    if gains.size == 4:
        for x in range(out.size):
            out[x] = gains[channels[x & 1], 0, 0]
        return
    down = _place(row, rows, gains.shape[1])
    for x in range(out.size):
        across = _place(left + x, columns, gains.shape[2])
        out[x] = _between(gains[channels[x & 1]], down, across)


@inner
def _place(at: int, length: int, cells: int) -> np.float32:
    """Where a photosite lies among the map's points."""
    share = np.float32(min(max(at, 0), length - 1)) / np.float32(max(length - 1, 1))
    return np.float32(share * np.float32(cells - 1))


@inner
def _between(plane: NDArray[np.float32], down: np.float32, across: np.float32) -> np.float32:
    top, left = int(down), int(across)
    bottom, right = min(top + 1, plane.shape[0] - 1), min(left + 1, plane.shape[1] - 1)
    y, x = down - np.float32(top), across - np.float32(left)
    upper = plane[top, left] + (plane[top, right] - plane[top, left]) * x
    lower = plane[bottom, left] + (plane[bottom, right] - plane[bottom, left]) * x
    return np.float32(upper + (lower - upper) * y)
