"""How well a strength tells cells that are in focus from others."""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating]


def auc(wanted: Values, others: Values) -> float:
    """How often a wanted cell is stronger than another one, ties half: the area under the ROC curve.

    By ranks (Mann and Whitney, "On a test of whether one of two random variables is stochastically larger", 1947).
    """
    values, counts = np.unique(others, return_counts=True)
    below = np.concatenate([[0], np.cumsum(counts)])
    at_most, less = (below[np.searchsorted(values, wanted, side)] for side in ("right", "left"))
    return float((at_most + less).mean() / (2 * others.size))


def marked_at_recall(wanted: Values, others: Values, recall: float = 0.8) -> float:
    """The share of the others that is stronger than the threshold at which that share of the wanted is marked."""
    return float((others > np.quantile(wanted, 1 - recall)).mean())


def cell_max(pixels: NDArray[np.generic], size: int, shape: tuple[int, int]) -> NDArray[np.generic]:
    """The strongest of size x size pixels in each of shape cells."""
    rows, columns = shape
    cut = pixels[: rows * size, : columns * size]
    return cut.reshape(rows, size, columns, size).max((1, 3))
