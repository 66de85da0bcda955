"""What blocks of 2 x 2 pixels have of sharpness, and which pixels are on the dark side of an edge. Inner numba kernels.

The rule is told in `mark_rows.py`.
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import Plane
from device.kernel import inner
from device.narrow import add

# Numbers from one scratch row to the next, of blocks and of pixels; powers of two would share the lines of a cache.
BLOCKS, PIXELS = 2048 + 416, 4096 + 864

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int16]


@inner
def find_leads(
    y: Plane, first: int, columns: int, limit: Bytes, below_limit: Bytes, mark: Bytes, below_mark: Bytes,
    lead: Numbers, dark: Bytes,
) -> None:  # fmt: skip
    """Four pixels for each block, the first of which lies `first` pixels after y's first.

    Row 0 is taken for all of y, as rows follow one another. 16 bits, and unsigned indices: numba's own 64, or its test
    for negative ones, would fill registers with zeros. What is written lies at constant distances in an array of its
    own, or LLVM would compare addresses in vain and go number by number.
    """
    n, u = np.int16, np.uint64
    top, here, below, bottom = u(first - columns), u(first), u(first + columns), u(first + 2 * columns)
    all_of_y, one, below_row = u(0), u(1), u(PIXELS)
    for x in range(mark.size >> 1):
        i = u(x) + u(x)
        j = i + one
        a, b = y[all_of_y, here + i - one], y[all_of_y, here + i]
        c, d = y[all_of_y, here + j], y[all_of_y, here + j + one]
        e, f = y[all_of_y, below + i - one], y[all_of_y, below + i]
        g, h = y[all_of_y, below + j], y[all_of_y, below + j + one]
        above_b, above_c = y[all_of_y, top + i], y[all_of_y, top + j]
        below_f, below_g = y[all_of_y, bottom + i], y[all_of_y, bottom + j]
        bend_b, bend_c = _bend(a, c, above_b, f, b), _bend(b, d, above_c, g, c)
        bend_f, bend_g = _bend(e, g, b, below_f, f), _bend(f, h, c, below_g, g)
        bends = n(n(_size(bend_b) + _size(bend_c)) + n(_size(bend_f) + _size(bend_g)))
        slopes = n(n(_apart(a, c) + _apart(above_b, f)) + n(_apart(b, d) + _apart(above_c, g)))
        slopes = n(slopes + n(n(_apart(e, g) + _apart(b, below_f)) + n(_apart(f, h) + _apart(c, below_g))))
        lead[x] = n(n(n(3) * bends) - n(slopes + slopes))
        mark_b, mark_c, mark_f, mark_g = mark[i], mark[j], below_mark[i], below_mark[j]
        any_mark = np.uint8(np.uint8(mark_b | mark_c) | np.uint8(mark_f | mark_g))
        lead[x + BLOCKS] = n(n(bends + bends) & n(np.int8(any_mark)))
        dark[i], dark[j] = _dark(bend_b, mark_b, limit[i]), _dark(bend_c, mark_c, limit[j])
        dark[i + below_row] = _dark(bend_f, mark_f, below_limit[i])
        dark[j + below_row] = _dark(bend_g, mark_g, below_limit[j])


@inner
def _bend(before: np.uint8, after: np.uint8, above: np.uint8, below: np.uint8, here: np.uint8) -> np.int16:
    n = np.int16
    return n(n(n(n(before) + n(after)) + n(n(above) + n(below))) - n(n(4) * n(here)))


@inner
def _size(bend: np.int16) -> np.int16:
    return np.int16(abs(bend))


@inner
def _apart(one: np.uint8, other: np.uint8) -> np.int16:
    n = np.int16
    return n(abs(n(n(one) - n(other))))


@inner
def _dark(bend: np.int16, mark: np.uint8, limit: np.uint8) -> np.uint8:
    """Whether a pixel is on the dark side of an edge, 255; half as much will do where there was a mark."""
    n = np.uint8
    size = n(min(max(bend, np.int16(0)), np.int16(255)))
    return n(255) if add(size, n(size & mark)) > limit else n(0)
