"""Focus peaking: where the RAW says sharp, thin marks on the preview's fine detail. Pure.

Two things must agree. The RAW's focus map says that there is more fine detail than noise gives; being measured in
units of noise it holds at every gain, but a strong edge stays significant when it is somewhat soft. So the preview must
also show little gradient for that much curvature: over 5 x 5 pixels a sharp edge has a sum of absolute Laplacians as
large as its sum of gradients, a ramp of w pixels only 1 / w of it ("two-sum", kernels.md section 6).
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from device.frame import FOCUS_CELL, Plane
from ui.pixels import nearest

SHARP_SIGMAS = 8.0  # of a focus cell; pure noise never gets there, and at gain 16 most of what is sharp still does
DETAIL = 10  # luma levels of the 4-neighbour Laplacian: two levels of contrast; less is not seen on a panel
WINDOW = 5  # pixels across which curvature and gradient are summed

Row = NDArray[np.float32]


def marks(y: Plane, focus: NDArray[np.float32], raw_size: tuple[int, int]) -> Plane:
    """Where to paint.

    Args:
        y: luma of the preview, (rows, columns) uint8.
        focus: (r, c) float32, sharpness of each cell of the mosaic in standard deviations of pure noise.
        raw_size: (rows, columns) of the mosaic, photosites; the preview shows all of it.

    Returns:
        (rows, columns) uint8, 255 where sharp; none within three pixels of the border.
    """
    sharp = (focus > SHARP_SIGMAS).astype(np.uint8)
    if not sharp.any():
        return np.zeros_like(y)
    cell_rows = cell_under(y.shape[0], raw_size[0], focus.shape[0])
    return _marks(y, sharp, cell_rows, cell_under(y.shape[1], raw_size[1], focus.shape[1]))


def cell_under(pixels: int, photosites: int, cells: int) -> NDArray[np.int32]:
    """(pixels,) int32: the focus cell under each preview pixel of one axis; the last also takes an incomplete one."""
    return np.minimum(nearest(photosites, pixels) // FOCUS_CELL, cells - 1).astype(np.int32)


def mark_level(scale: float) -> int:
    """From which interpolated mark (of 255) on a pixel is painted when the picture is scaled by that much, above 1/2.

    Scaled down, a mark one pixel wide may fall between two target pixels, half a target pixel from each: what bilinear
    interpolation leaves of it there still counts, less 2 for the rounding of its weights, so that lines are not broken.
    """
    return max(1, round(255 * min(0.5, 1 - 0.5 / scale)) - 2)


@njit(cache=True, nogil=True)
def _marks(y: Plane, sharp: Plane, cell_rows: NDArray[np.int32], cell_columns: NDArray[np.int32]) -> Plane:
    """Row by row, with sums down the last WINDOW rows that are kept up to date."""
    rows, columns = y.shape
    found = np.zeros((rows, columns), np.uint8)
    curvature, gradient = np.zeros((WINDOW, columns), np.float32), np.zeros((WINDOW, columns), np.float32)
    curvatures, gradients = np.zeros(columns, np.float32), np.zeros(columns, np.float32)
    gate = np.zeros(columns, np.uint8)
    for r in range(1, rows - 1):
        slot = r % WINDOW
        _differ(y[r - 1], y[r], y[r + 1], curvature[slot], gradient[slot], curvatures, gradients)
        middle = r - WINDOW // 2
        if middle >= 3 and sharp[cell_rows[middle]].any():
            if middle == 3 or cell_rows[middle] != cell_rows[middle - 1]:
                _open(sharp[cell_rows[middle]], cell_columns, gate)
            _mark(y[middle - 1], y[middle], y[middle + 1], gate, curvatures, gradients, found[middle])
    return found


@njit(cache=True, nogil=True)
def _open(cells: NDArray[np.uint8], cell_columns: NDArray[np.int32], gate: NDArray[np.uint8]) -> None:
    """The cells' verdict for each pixel of a row."""
    for x in range(gate.shape[0]):
        gate[x] = cells[cell_columns[x]]


@njit(cache=True, nogil=True)
def _differ(
    above: NDArray[np.uint8], here: NDArray[np.uint8], below: NDArray[np.uint8], curvature: Row, gradient: Row,
    curvatures: Row, gradients: Row,
) -> None:  # fmt: skip
    """One row's absolute Laplacian and gradient, in place of those of WINDOW rows ago, in the sums as well.

    Slices and float32 rather than offsets and integers, which numba widens to 64 bits: ten times quicker, and exact.
    """
    left, middle, right, up, down = here[:-2], here[1:-1], here[2:], above[1:-1], below[1:-1]
    f = np.float32
    for x in range(middle.shape[0]):
        bend = abs(f(left[x]) + f(right[x]) + f(up[x]) + f(down[x]) - f(4) * f(middle[x]))
        slope = abs(f(right[x]) - f(left[x])) + abs(f(down[x]) - f(up[x]))
        curvatures[x] += bend - curvature[x]
        gradients[x] += slope - gradient[x]
        curvature[x], gradient[x] = bend, slope


@njit(cache=True, nogil=True)
def _mark(
    above: NDArray[np.uint8], here: NDArray[np.uint8], below: NDArray[np.uint8], gate: NDArray[np.uint8],
    bends: Row, slopes: Row, found: NDArray[np.uint8],
) -> None:  # fmt: skip
    """One row's marks, only on the dark side of an edge: half as wide, and seen best there.

    bends and slopes stand one column to the left of their pixels, as `_differ` leaves out the first.
    """
    left, middle, right, up, down = here[2:-4], here[3:-3], here[4:-2], above[3:-3], below[3:-3]
    out, opened = found[3:-3], gate[3:-3]
    b0, b1, b2, b3, b4 = bends, bends[1:], bends[2:], bends[3:], bends[4:]
    s0, s1, s2, s3, s4 = slopes, slopes[1:], slopes[2:], slopes[3:], slopes[4:]
    f = np.float32
    for x in range(middle.shape[0]):
        darker = f(left[x]) + f(right[x]) + f(up[x]) + f(down[x]) - f(4) * f(middle[x])
        bend = b0[x] + b1[x] + b2[x] + b3[x] + b4[x]
        slope = s0[x] + s1[x] + s2[x] + s3[x] + s4[x]
        sharp = (darker >= f(DETAIL)) & (f(3) * bend > f(2) * slope)  # bend / (bend + slope) above 0.4
        out[x] = np.uint8(255) if sharp & (opened[x] != 0) else np.uint8(0)
