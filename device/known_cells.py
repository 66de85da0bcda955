"""Cells whose detail can be believed: none that is blown out, and none next to one. Pure."""

import numpy as np

from device.detail import Cells, Detail
from device.frame import Levels
from device.kernel import kernel

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
    least, highest = np.float32(blown_dn), np.zeros(columns + 2, np.float32)
    inside, right = highest[1:], highest[2:]
    highest[0] = highest[columns + 1] = least - np.float32(1)
    for i in range(rows):
        above, here, below, out = peak[max(i - 1, 0)], peak[i], peak[min(i + 1, rows - 1)], known[i]
        for k in range(columns):
            inside[k] = max(above[k], here[k], below[k])
        for k in range(columns):
            out[k] = np.float32(0) if max(highest[k], inside[k], right[k]) >= least else np.float32(1)
