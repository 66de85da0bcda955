"""What blocks of 2 x 2 pixels have of sharpness, and which pixels are on the dark side of an edge. Inner numba kernels.

The rule is told in `mark_rows.py`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.byte_lanes import (
    above,
    add_bytes,
    apart,
    as_written,
    factor,
    interleaved,
    size,
    to_bytes,
    wide,
    wide_mask,
)
from device.frame import Plane
from device.kernel import inner
from device.lanes import evens, filled, load64, odds, store

# Numbers from one scratch row to the next, of blocks and of pixels; powers of two would share the lines of a cache.
BLOCKS, PIXELS = 2048 + 416, 4096 + 864
AT_ONCE = 64  # pixels

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int16]
Lanes = Any  # see `lanes`


@inner
def find_leads(
    y: Plane, at: int, marks: Plane, mark_at: int, blocks: int, lines: Bytes, limit: int, below_limit: int,
    leads: Numbers, lead: int, dark: Bytes, dark_at: int,
) -> None:  # fmt: skip
    """Of a row of blocks, 32 at a time; behind its last one it goes on into the next row, not past it.

    A block is b c above f g; a and d, e and h lie beside it. Each array is taken as one row, as its rows follow one
    another; a number tells where in it to begin. What eases a block's lead lies BLOCKS behind it, and what is dark of
    the lower pixels PIXELS behind that of the upper ones.

    The order is one that AArch64 has nearly enough registers for: with what is dark stored first, or a counted loop,
    it takes up to three tenths more instructions (`tests/test_instructions.py`).
    """
    columns, three, less_two = y.shape[1], factor(np.int16(3)), factor(np.int16(-2))
    four = filled(factor(np.uint8(4)), evens(load64(y, at)))
    x = 0
    while x < 2 * blocks:
        upper, lower, k = at + x, at + x + columns, lead + (x >> 1)
        (a, b), (c, d), (e, f), (g, h) = (
            _parted(y, upper - 1), _parted(y, upper + 1), _parted(y, lower - 1), _parted(y, lower + 1)
        )  # fmt: skip
        (above_b, above_c), (below_f, below_g) = _parted(y, upper - columns), _parted(y, lower + columns)
        c_f, b_g = wide(c) + wide(f), wide(b) + wide(g)
        bend_b, bend_c = _bend(c_f, a, above_b, b, four), _bend(b_g, d, above_c, c, four)
        bend_f, bend_g = _bend(b_g, e, below_f, f, four), _bend(c_f, h, below_g, g, four)
        bends = size(bend_b) + size(bend_c) + size(bend_f) + size(bend_g)
        slopes = apart(a, c) + apart(above_b, f) + apart(b, d) + apart(above_c, g)
        slopes = slopes + apart(e, g) + apart(b, below_f) + apart(f, h) + apart(c, below_g)
        store(bends * filled(three, bends) + slopes * filled(less_two, bends), leads, k)
        (mark_b, mark_c), (mark_f, mark_g) = _parted(marks, mark_at + x), _parted(marks, mark_at + x + marks.shape[1])
        store((bends + bends) & wide_mask(mark_b | mark_c | mark_f | mark_g), leads, k + BLOCKS)
        (limit_b, limit_c), (limit_f, limit_g) = _parted(lines, limit + x), _parted(lines, below_limit + x)
        store(interleaved(_dark(bend_b, mark_b, limit_b), _dark(bend_c, mark_c, limit_c)), dark, dark_at + x)
        below = interleaved(_dark(bend_f, mark_f, limit_f), _dark(bend_g, mark_g, limit_g))
        store(below, dark, dark_at + PIXELS + x)
        x += AT_ONCE


@inner
def _parted(row: Plane, at: int) -> tuple[Lanes, Lanes]:
    """The left and the right ones of pairs of pixels, from a place on."""
    both = load64(row, at)
    return evens(both), odds(both)


@inner
def _bend(two: Lanes, third: Lanes, fourth: Lanes, here: Lanes, four: Lanes) -> Lanes:
    """The sum of four neighbours, of which two are added already, less four times what is here."""
    return as_written(two + wide(third) + wide(fourth)) - wide(here) * wide(four)


@inner
def _dark(bend: Lanes, mark: Lanes, limit: Lanes) -> Lanes:
    """Whether pixels are on the dark side of an edge, 255; half as much will do where there was a mark."""
    much = to_bytes(bend)
    return above(add_bytes(much, much & mark), limit)
