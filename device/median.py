"""The median, without numpy's: that imports numpy.ma, which takes 1.3 MB in every process and serves no one here. Pure.

(So does its quantile, where it asks for what is unique.)
"""

import numpy as np
from numpy.typing import NDArray


def median(values: NDArray[np.floating]) -> float:
    """Half of them are smaller: what lies in their middle, or halfway between the two that do.

    Args:
        values: of any shape, at least one.
    """
    ordered = np.sort(values, axis=None)
    return float(ordered[(ordered.size - 1) // 2] + ordered[ordered.size // 2]) / 2
