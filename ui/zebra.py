"""Patterns laid over part of a picture: what is clipped in the RAW, what is brighter than a level, what noise covers.

Each differs from all others by its shape alone, so that no colour need be told apart. They move from frame to frame,
which no texture of a scene does in step. Pure.
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import CLIPPED_STOPS, HISTOGRAM_STOPS, STEPS_PER_STOP, Plane
from device.kernel import kernel
from ui.screen import Pixels

Patterns = NDArray[np.uint8]  # (kinds, period, period, 4): blue, green, red, and 255 where painted; kind 0 is nothing
Index = NDArray[np.int32]

_DOT = (235, 130, 180)  # blue, green, red


def level_lines(period: int) -> Patterns:
    """(2, period, period, 4): level lines, black and white, one of each to a period: seen on any highlight."""
    patterns = np.zeros((2, period, period, 4), np.uint8)
    patterns[1, : period // 4] = (0, 0, 0, 255)
    patterns[1, period // 4 : period * 3 // 8] = (255, 255, 255, 255)
    return patterns


def dark_dots(period: int) -> Patterns:
    """(2, period, period, 4): light dots, two to a period, as the spots of a five on a die without its middle one."""
    patterns = np.zeros((2, period, period, 4), np.uint8)
    for row, column in ((0, 0), (period // 2, period // 2)):
        patterns[1, row : row + period // 4, column : column + period // 4] = (*_DOT, 255)
    return patterns


def above(luma: Plane, level_ire: int) -> Plane:
    """1 where the picture is at least that bright: 0 IRE is black, 100 IRE is white, 255."""
    return (luma >= np.uint8(-(-level_ire * 255 // 100))).view(np.uint8)


def below_noise(stops: Plane, noise_floor_ev: float) -> Plane:
    """1 where a cell's mean signal is below that of one photosite that equals its own noise."""
    return (stops < noise_step(noise_floor_ev)).view(np.uint8)


def noise_step(noise_floor_ev: float) -> int:
    """The first of `Reading.stops` that lies wholly above the noise floor."""
    return int(min(max(np.ceil((noise_floor_ev + HISTOGRAM_STOPS) * STEPS_PER_STOP), 0), CLIPPED_STOPS))


@kernel("void(u1[:, :, ::1], i8, i8, u1[:, ::1], i4[::1], i4[::1], u1[:, :, :, ::1], i8, i8)")
def lay(
    out: Pixels, left: int, top: int, kinds: Plane, rows: Index, columns: Index, patterns: Patterns, down: int,
    right: int,
) -> None:  # fmt: skip
    """Paint patterns over a part of the panel.

    Args:
        out: (rows, columns, 4) uint8, the panel.
        left: the part's left edge,
        top: and its upper one.
        kinds: (r, c) uint8, which pattern lies where; 0 is none.
        rows: (n,) the row of `kinds` under each row of the part.
        columns: (m,) likewise for columns.
        patterns: (kinds, period, period, 4) uint8, period a power of two.
        down: by how many pixels the patterns have moved,
        right: and how many to the left.
    """
    around = patterns.shape[1] - 1
    for r in range(rows.size):
        source, target, line = kinds[rows[r]], out[top + r], (r + down) & around
        for x in range(columns.size):
            kind = source[columns[x]]
            if kind != 0 and patterns[kind, line, (x + right) & around, 3] != 0:
                for k in range(3):
                    target[left + x, k] = patterns[kind, line, (x + right) & around, k]
