"""Rows of a mosaic to fewer pixels by any factor: each is the mean of the quads that it covers, in parts at its edges.

For `isp.py` where a picture shall have a panel's size; whole quads are quicker and done there. Inner numba kernels.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from device.frame import Raw
from device.kernel import inner

Row = NDArray[np.float32]
Rows = NDArray[np.float32]
Starts = NDArray[np.uint32]  # (target,) the first source sample under each
Shares = NDArray[np.float32]  # (samples, target) what each source sample from there on has of it; a column's sum is 1


def fitted_shape(rows: int, columns: int, max_rows: int, max_columns: int) -> tuple[int, int]:
    """Rows and columns, both even, of the largest picture of all of the mosaic that fits; no pixel is below a quad."""
    quads = rows // 2, columns // 2
    scale = min(1.0, max_rows / quads[0], max_columns / quads[1])
    fitted = (
        min(2 * round(n * scale / 2), most // 2 * 2) for n, most in zip(quads, (max_rows, max_columns), strict=True)
    )
    high, wide = (min(n, most // 2 * 2) for n, most in zip(fitted, quads, strict=True))
    return high, wide


def whole_quads(raw: tuple[int, ...], shape: tuple[int, int]) -> int:
    """The n with which the shape is one of n x n quads to a pixel, but for a last one left out; 0: there is none."""
    for n in range(raw[0] // 2 // shape[0], 0, -1):
        if all(size // 2 // n // 2 * 2 == shown for size, shown in zip(raw, shape, strict=True)):
            return n
    return 0


@lru_cache(maxsize=16)
def covering(source: int, target: int) -> tuple[Starts, Shares]:
    """Which of `source` samples lie under each of `target` ones, target at most as many, and what share each has."""
    step = source / target
    edges = np.arange(target + 1) * step
    starts = np.minimum(np.floor(edges[:-1] + 1e-9), source - 1).astype(np.uint32)
    samples = int(np.ceil(step - 1e-9)) + 1
    first = starts + np.arange(samples)[:, None]
    shares = np.minimum(first + 1, edges[1:]) - np.maximum(first, edges[:-1])
    shares = np.where(first < source, np.maximum(shares, 0.0), 0.0) / step
    return starts, np.ascontiguousarray(shares, np.float32)


@inner
def mean_of_rows(raw: Raw, start: np.uint32, shares: Row, quads: Rows) -> None:
    """Rows of quads from `start` on by their shares, each of the four places in the quad by itself."""
    quads[:] = np.float32(0)
    for k in range(shares.size):
        if shares[k] > np.float32(0):
            row = 2 * (np.int64(start) + k)
            _add(raw[row], shares[k], quads[0], quads[1])
            _add(raw[row + 1], shares[k], quads[2], quads[3])


@inner
def _add(row: Raw, share: np.float32, even: Row, odd: Row) -> None:
    for x in range(even.size):
        even[x] += np.float32(row[2 * x]) * share
        odd[x] += np.float32(row[2 * x + 1]) * share


@inner
def mean_of_columns(quads: Rows, side_by_side: Row, starts: Starts, shares: Shares, pooled: Rows) -> None:
    """Neighbours along the row by their shares.

    A quad's four numbers are laid side by side first, so that one load takes them all. `side_by_side` has room for
    them, and behind them for as many quads as there are shares of a column, which is 0.
    """
    first, second, third, fourth = quads[0], quads[1], quads[2], quads[3]
    for x in range(first.size):
        side_by_side[4 * x], side_by_side[4 * x + 1] = first[x], second[x]
        side_by_side[4 * x + 2], side_by_side[4 * x + 3] = third[x], fourth[x]
    n = np.uint32
    to_first, to_second, to_third, to_fourth = pooled[0], pooled[1], pooled[2], pooled[3]
    for x in range(starts.size):
        a = b = c = d = np.float32(0)
        at = n(n(4) * starts[x])
        for k in range(shares.shape[0]):
            share = shares[k, x]
            a += side_by_side[at] * share
            b += side_by_side[at + n(1)] * share
            c += side_by_side[at + n(2)] * share
            d += side_by_side[at + n(3)] * share
            at = n(at + n(4))
        to_first[x], to_second[x], to_third[x], to_fourth[x] = a, b, c, d
