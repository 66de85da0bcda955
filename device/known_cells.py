"""Cells whose detail can be believed: none that is blown out, and none next to one. Pure."""

import numpy as np

from device.cell_sums import LANES
from device.detail import Cells, Detail, Row
from device.frame import Levels
from device.kernel import inner, kernel
from device.lanes import filled, highest, kept_below, load16, store

BLOWN = 0.995  # share of full scale from which a green is clipped: an edge to it looks sharp whatever the focus


def known_cells(found: Detail, levels: Levels) -> Cells:
    """1, but 0 for cells that are blown, and next to one that is."""
    known = np.empty_like(found.peak)
    _know(found.peak, BLOWN * (levels.white - levels.green_black), known)
    return known


@kernel("void(f4[:, ::1], f8, f4[:, ::1])")
def _know(peak: Cells, blown_dn: float, known: Cells) -> None:
    """Beyond the border none is blown."""
    rows, columns = peak.shape
    least, left = np.float32(blown_dn), np.zeros(columns + 2, np.float32)
    inside, right = left[1:], left[2:]
    left[0] = left[columns + 1] = least - np.float32(1)
    for i in range(rows):
        above, here, below, out = peak[max(i - 1, 0)], peak[i], peak[min(i + 1, rows - 1)], known[i]
        for k in range(columns):
            inside[k] = max(above[k], here[k], below[k])
        for k in range(columns):
            out[k] = np.float32(0) if max(left[k], inside[k], right[k]) >= least else np.float32(1)


@inner
def know_rows(peak: Cells, i: int, across: int, blown: np.float32, highest_dn: Cells, known: Cells) -> None:
    """Of the cells of row i and the next, if any, 1 for those that are not blown, nor next to one; from LANES on.

    The last cells of a row are done twice rather than one by one.

    Args:
        peak: all rows of cells.
        i: the first of the two.
        across: cells of a row that count.
        blown: DN.
        highest_dn: two rows of zeros at first, for what lies above each other.
        known: two rows.
    """
    last, columns = peak.shape[0] - 1, peak.shape[1]
    above, one, other, below = peak[max(i - 1, 0)], peak[i], peak[min(i + 1, last)], peak[min(i + 2, last)]
    for k in range(0, columns, LANES):
        at = min(k, columns - LANES)
        both = highest(load16(one, at), load16(other, at))
        store(highest(load16(above, at), both), highest_dn[0], LANES + at)
        store(highest(both, load16(below, at)), highest_dn[1], LANES + at)
    _know_row(highest_dn[0], columns, np.float32(1), blown, known[0])
    _know_row(highest_dn[1], columns, np.float32(1 if i < last else 0), blown, known[1])
    known[:, LANES + across :] = np.float32(0)


@inner
def _know_row(highest_dn: Row, columns: int, value: np.float32, blown: np.float32, known: Row) -> None:
    values, limit = filled(value, load16(known, 0)), filled(blown, load16(known, 0))
    for k in range(LANES, LANES + columns, LANES):
        around = highest(highest(load16(highest_dn, k - 1), load16(highest_dn, k)), load16(highest_dn, k + 1))
        store(kept_below(values, around, limit), known, k)
