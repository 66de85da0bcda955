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


def shares_of_points(places: NDArray[np.floating], points: int) -> NDArray[np.float32]:
    """What each place takes of each of so many points along one side of a map: (places, points), a row's sum is 1.

    Args:
        places: 0 on the first point to 1 on the last; those beyond take all of the outermost one.
        points: along that side.
    """
    at = np.clip(places, 0, 1) * (points - 1)
    return np.asarray(np.maximum(1 - np.abs(at[:, None] - np.arange(points)), 0), np.float32)


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
    upper, lower = gains[:, int(down)], gains[:, min(int(down) + 1, gains.shape[1] - 1)]
    share = down - np.float32(int(down))
    for parity in range(2):
        channel = channels[parity]
        _fill(upper[channel], lower[channel], share, columns, left, parity, out)


@inner
def _fill(
    upper: NDArray[np.float32],
    lower: NDArray[np.float32],
    share: np.float32,
    columns: int,
    left: int,
    parity: int,
    out: NDArray[np.float32],
) -> None:
    """Every second gain of a line, one straight piece from point to point after the other."""
    cells = upper.size - 1
    per_photosite = np.float32(cells) / np.float32(max(columns - 1, 1))
    first = parity
    for cell in range(max(cells, 1)):
        start = upper[cell] + (lower[cell] - upper[cell]) * share
        beside = min(cell + 1, cells)
        rise = upper[beside] + (lower[beside] - upper[beside]) * share - start
        slope, origin = rise * per_photosite, start - rise * np.float32(cell)
        end = out.size if cell >= cells - 1 else min(_first_of(cell + 1, cells, columns) - left, out.size)
        for x in range(first, end, 2):
            out[x] = origin + slope * np.float32(min(max(left + x, 0), columns - 1))
        first = max(first, end + ((end ^ parity) & 1))


@inner
def _first_of(cell: int, cells: int, columns: int) -> int:
    """The first photosite at or after a point of the map."""
    return -(-cell * (columns - 1) // cells)


@inner
def _place(at: int, length: int, points: int) -> np.float32:
    """Where a photosite lies among the map's points."""
    share = np.float32(min(max(at, 0), length - 1)) / np.float32(max(length - 1, 1))
    return np.float32(share * np.float32(points - 1))
