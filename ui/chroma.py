"""What chroma adds to luma, per pixel of a row. Inner numba kernel of `pixels.paint`.

Full-range BT.601 (ITU-T T.871): red 1.402 Cr, green -0.344136 Cb - 0.714136 Cr, blue 1.772 Cb, rounded to a level.
Nothing is wider than 16 bits: red and blue multiply a byte's distance from 128; green's two parts, in 1/64, are a
whole multiple and what is left of it. Multipliers and roundings were searched for until each of the 65536 pairs came
out as by products of 32 bits.
"""

import numpy as np
from numpy.typing import NDArray

from device.kernel import inner
from device.narrow import add

# Bytes from one scratch row to the next: a constant, so that nothing can overlap. A power of two would put all rows
# into the same few lines of a cache.
PITCH = 4096 + 832
RED_MORE, RED_LESS, GREEN_MORE, GREEN_LESS, BLUE_MORE, BLUE_LESS = (k * PITCH for k in range(6))

Bytes = NDArray[np.uint8]


@inner
def changes(u: Bytes, v: Bytes, change: Bytes) -> None:
    """What each pair of pixels gets added to its luma, and subtracted, written for both.

    Args:
        u: a row of blue chroma, uint8.
        v: of red chroma, likewise.
        change: (6 * PITCH,) uint8: from RED_MORE on what to add to red, and so on; twice as many as u has.
    """
    _red(v, change)
    _green(u, v, change)
    _blue(u, change)


@inner
def _red(v: Bytes, change: Bytes) -> None:
    """1.402 as 1 + 103 / 256."""
    n, w = np.uint8, np.uint16
    for j in range(v.size):
        away = n(max(v[j], n(128)) - min(v[j], n(128)))
        level = n(away + n(w(w(w(away) * w(103)) + w(124)) >> w(8)))
        above = n(255) if v[j] >= n(128) else n(0)
        more, less = n(level & above), n(level & n(~above))
        change[2 * j + RED_MORE] = change[2 * j + 1 + RED_MORE] = more
        change[2 * j + RED_LESS] = change[2 * j + 1 + RED_LESS] = less


@inner
def _blue(u: Bytes, change: Bytes) -> None:
    """1.772 as 2 - 233 / 1024."""
    n, w = np.uint8, np.uint16
    for j in range(u.size):
        away = n(max(u[j], n(128)) - min(u[j], n(128)))
        quarters = n(w(w(w(away) * w(233)) + w(24)) >> w(8))
        level = n(n(away + away) - n(add(quarters, n(2)) >> n(2)))
        above = n(255) if u[j] >= n(128) else n(0)
        more, less = n(level & above), n(level & n(~above))
        change[2 * j + BLUE_MORE] = change[2 * j + 1 + BLUE_MORE] = more
        change[2 * j + BLUE_LESS] = change[2 * j + 1 + BLUE_LESS] = less


@inner
def _green(u: Bytes, v: Bytes, change: Bytes) -> None:
    """In 1/64: -22 Cb - 101 / 4096 Cb, and -46 Cr + (9 + 29 / 64) / 32 Cr."""
    n = np.int16
    for j in range(u.size):
        cb, cr = n(n(u[j]) - n(128)), n(n(v[j]) - n(128))
        of_u = n(n(n(n(cb * n(-101)) + n(2048)) >> n(12)) - n(cb * n(22)))
        rest = n(n(cr * n(9)) + n(n(cr * n(29)) >> n(6)))
        of_v = n(n(n(rest + n(16)) >> n(5)) - n(cr * n(46)))
        green = n(n(n(of_u + of_v) + n(32)) >> n(6))
        change[2 * j + GREEN_MORE] = change[2 * j + 1 + GREEN_MORE] = np.uint8(max(green, n(0)))
        change[2 * j + GREEN_LESS] = change[2 * j + 1 + GREEN_LESS] = np.uint8(max(n(-green), n(0)))
