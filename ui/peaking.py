"""Focus peaking: where the RAW says sharp, thin marks on the preview's fine detail. Pure.

Three things must agree. The RAW's focus map says that there is more fine detail than noise gives, or than is left of
a blurred scene (`device/focus.py`); it holds at every gain, but knows no place finer than its cells. The preview must
show little gradient for that much curvature: over 5 x 5 pixels a sharp edge has a sum of absolute Laplacians as large
as its sum of gradients, a ramp of w pixels only 1 / w of it. And a mark's own Laplacian must stand out of the preview's
noise, or marks would boil.
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import FOCUS_CELL, Plane
from device.kernel import inner, kernel
from ui.pixels import nearest
from ui.preview_noise import noise_by_luma

SHARP_SIGMAS = 4.0  # of a focus cell: of pure noise one cell in ten thousand gets there, of blur by 3 photosites few
DETAIL = 10.0  # luma levels of the 4-neighbour Laplacian: two levels of contrast; less is not seen on a panel
NOISE_SIGMAS = 3.2  # of the preview's own noise
NEVER = 1021.0  # more than a Laplacian can be
WINDOW = 5  # pixels across which curvature and gradient are summed

Row = NDArray[np.float32]
Cells = NDArray[np.float32]


def marks(y: Plane, focus: NDArray[np.float32], raw_size: tuple[int, int], noise: Row | None = None) -> Plane:
    """Where to paint.

    Args:
        y: luma of the preview, (rows, columns) uint8.
        focus: (r, c) float32, sharpness of each cell of the mosaic in standard deviations of pure noise.
        raw_size: (rows, columns) of the mosaic, photosites; the preview shows all of it.
        noise: of `noise_of`, where it is known from more than this picture; None: from this.

    Returns:
        (rows, columns) uint8, 255 where sharp; none within three pixels of the border.
    """
    if not (focus > SHARP_SIGMAS).any() or min(y.shape) < 2 * WINDOW:
        return np.zeros_like(y)
    rows, columns = ((y.shape[k], raw_size[k], focus.shape[k]) for k in (0, 1))
    middles = middle_of(*rows), middle_of(*columns)
    noise = noise_of(y, focus, raw_size) if noise is None else noise
    by_luma = np.maximum(np.float32(NOISE_SIGMAS) * noise, np.float32(DETAIL))
    limits = np.full(focus.shape, NEVER, np.float32)
    _limit(y, np.ascontiguousarray(focus), *middles, by_luma, limits)
    found = np.zeros_like(y)
    any_in_row: NDArray[np.bool_] = np.any(limits < NEVER, axis=1)
    _mark_all(y, limits, any_in_row, cell_under(*rows), cell_under(*columns), found)
    return found


def noise_of(y: Plane, focus: NDArray[np.float32], raw_size: tuple[int, int]) -> Row:
    """(256,) float32, by luma, from arguments as `marks` has them: see `preview_noise.noise_by_luma`."""
    rows, columns = (middle_of(y.shape[k], raw_size[k], focus.shape[k]) for k in (0, 1))
    return noise_by_luma(y, focus, rows, columns)


def cell_under(pixels: int, photosites: int, cells: int) -> NDArray[np.int32]:
    """(pixels,) int32: the focus cell under each preview pixel of one axis; the last also takes an incomplete one."""
    return np.minimum(nearest(photosites, pixels) // FOCUS_CELL, cells - 1).astype(np.int32)


def middle_of(pixels: int, photosites: int, cells: int) -> NDArray[np.intp]:
    """(cells,) intp: the preview pixel in the middle of each cell of one axis, never the first or last."""
    middles = (np.arange(cells) * FOCUS_CELL + FOCUS_CELL // 2) * pixels // photosites
    return np.clip(middles, 1, pixels - 2).astype(np.intp)


def mark_level(scale: float) -> int:
    """From which interpolated mark (of 255) on a pixel is painted when the picture is scaled by that much, above 1/2.

    Scaled down, a mark one pixel wide may fall between two target pixels, half a target pixel from each: what bilinear
    interpolation leaves of it there still counts, less 2 for the rounding of its weights, so that lines are not broken.
    """
    return max(1, round(255 * min(0.5, 1 - 0.5 / scale)) - 2)


@kernel("void(u1[:, ::1], f4[:, ::1], i8[::1], i8[::1], f4[::1], f4[:, ::1])")
def _limit(
    y: Plane, focus: Cells, rows: NDArray[np.intp], columns: NDArray[np.intp], by_luma: Row, limits: Cells
) -> None:
    """How strong a mark's Laplacian must be, by the brightness in the middle of each cell."""
    for i in range(rows.size):
        here = y[rows[i]]
        for j in range(columns.size):
            if focus[i, j] > SHARP_SIGMAS:
                limits[i, j] = by_luma[here[columns[j]]]


@kernel("void(u1[:, ::1], f4[:, ::1], b1[::1], i4[::1], i4[::1], u1[:, ::1])")
def _mark_all(
    y: Plane,
    limits: Cells,
    any_in_row: NDArray[np.bool_],
    cell_rows: NDArray[np.int32],
    cell_columns: NDArray[np.int32],
    found: Plane,
) -> None:
    """Row by row, with sums down the last WINDOW rows: kept up to date near sharp cells, and begun anew there."""
    rows, columns = y.shape
    curvature, gradient = np.zeros((WINDOW, columns), np.float32), np.zeros((WINDOW, columns), np.float32)
    curvatures, gradients = np.zeros(columns, np.float32), np.zeros(columns, np.float32)
    limit = np.zeros(columns, np.float32)
    left_out = False
    for r in range(1, rows - 1):
        if not _is_near(any_in_row, cell_rows, r):
            left_out = True
            continue
        if left_out:
            left_out = False
            curvatures[:] = gradients[:] = np.float32(0)
            for k in range(WINDOW):
                curvature[k][:] = gradient[k][:] = np.float32(0)
        slot = r % WINDOW
        _differ(y[r - 1], y[r], y[r + 1], curvature[slot], gradient[slot], curvatures, gradients)
        middle = r - WINDOW // 2
        if middle >= 3 and any_in_row[cell_rows[middle]]:
            if middle == 3 or cell_rows[middle] != cell_rows[middle - 1]:
                _spread(limits[cell_rows[middle]], cell_columns, limit)
            _mark(y[middle - 1], y[middle], y[middle + 1], limit, curvatures, gradients, found[middle])


@inner
def _is_near(any_in_row: NDArray[np.bool_], cell_rows: NDArray[np.int32], r: int) -> bool:
    """Whether some of the rows whose sums this one is part of have a sharp cell."""
    for row in range(max(r - WINDOW // 2, 0), min(r + WINDOW // 2 + 1, cell_rows.size)):
        if any_in_row[cell_rows[row]]:
            return True
    return False


@inner
def _spread(cells: Row, cell_columns: NDArray[np.int32], limit: Row) -> None:
    """The cells' limits for each pixel of a row."""
    for x in range(limit.shape[0]):
        limit[x] = cells[cell_columns[x]]


@inner
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


@inner
def _mark(
    above: NDArray[np.uint8], here: NDArray[np.uint8], below: NDArray[np.uint8], limit: Row,
    bends: Row, slopes: Row, found: NDArray[np.uint8],
) -> None:  # fmt: skip
    """One row's marks, only on the dark side of an edge: half as wide, and seen best there.

    bends and slopes stand one column to the left of their pixels, as `_differ` leaves out the first.
    """
    left, middle, right, up, down = here[2:-4], here[3:-3], here[4:-2], above[3:-3], below[3:-3]
    out, least = found[3:-3], limit[3:-3]
    b0, b1, b2, b3, b4 = bends, bends[1:], bends[2:], bends[3:], bends[4:]
    s0, s1, s2, s3, s4 = slopes, slopes[1:], slopes[2:], slopes[3:], slopes[4:]
    f = np.float32
    for x in range(middle.shape[0]):
        darker = f(left[x]) + f(right[x]) + f(up[x]) + f(down[x]) - f(4) * f(middle[x])
        bend = b0[x] + b1[x] + b2[x] + b3[x] + b4[x]
        slope = s0[x] + s1[x] + s2[x] + s3[x] + s4[x]
        sharp = (darker >= least[x]) & (f(3) * bend > f(2) * slope)  # bend / (bend + slope) above 0.4
        out[x] = np.uint8(255) if sharp else np.uint8(0)
