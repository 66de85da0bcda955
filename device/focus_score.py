"""The focus meter: how sharp some cells of a mosaic are, as one figure that does not follow exposure. Pure."""

import math

import numpy as np

from device.cell_sums import FINE_SUM, MIDDLE_SUM, SITES
from device.detail import Detail
from device.focus import least_dn2
from device.frame import Levels, Noise
from device.known_cells import known_cells


def score(found: Detail, levels: Levels, noise: Noise, cells: tuple[slice, slice] | None = None) -> float:
    """The sharpness of some rows and columns of cells, one figure for a meter; None: of the centre third each way.

    By how much the fine detail there is stronger than noise alone would give, in percent of the signal: so it does not
    follow exposure, and noise moves it but little. Never below 0.
    """
    middle = [slice(size // 3, size - size // 3) for size in found.signal.shape]
    rows, columns = cells or middle
    known = known_cells(found, levels)[rows, columns]
    n = max(float(known.sum()), 1.0)
    signal, fine, less_fine = (
        float((plane[rows, columns] * known).sum(dtype=np.float64)) / n / of_noise
        for plane, of_noise in ((found.signal, SITES), (found.fine, FINE_SUM), (found.middle, MIDDLE_SUM))
    )
    dn2 = max(noise.slope_dn * signal + noise.floor_dn2, least_dn2(noise))
    stronger_dn = math.sqrt((fine + less_fine) / 2) - math.sqrt(dn2)
    return 100.0 * max(stronger_dn, 0.0) / max(signal + math.sqrt(dn2), 1.0)
