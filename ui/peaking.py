"""Focus peaking: where the RAW says sharp, thin marks on the preview's fine detail. Pure.

Three things must agree. The RAW's focus map says that there is more fine detail than noise gives, or than is left of
a blurred scene (`device/focus.py`); it holds at every gain, but knows no place finer than its cells. The preview must
show little gradient for that much curvature: over 5 x 5 pixels a sharp edge has a sum of absolute Laplacians as large
as its sum of gradients, a ramp of w pixels only 1 / w of it. And a mark's own Laplacian must stand out of the preview's
noise, or marks would boil.
"""

import numpy as np
from numpy.typing import NDArray

from device.face_states import PeakingStrength
from device.frame import Plane
from device.kernel import inner, kernel
from ui.focus_cells import places
from ui.preview_noise import noise_by_luma

# Standard deviations of a focus cell, by strength: of pure noise one cell in ten thousand gets to 4. In good light they
# are a matter of blur: `make bench-peaking` has the shares of what is sharp, nearly sharp and blurred that each marks.
SIGMAS: dict[PeakingStrength, float] = {"low": 4.4, "medium": 4.0, "high": 3.7}
SHARP_SIGMAS = SIGMAS["medium"]
DETAIL = 10.0  # luma levels of the 4-neighbour Laplacian: two levels of contrast; less is not seen on a panel
NOISE_SIGMAS = 3.2  # of the preview's own noise
NEVER = 1021  # more than a Laplacian can be
WINDOW = 5  # pixels across which curvature and gradient are summed

Row = NDArray[np.float32]
Cells = NDArray[np.float32]
Limits = NDArray[np.int16]
CellLimits = NDArray[np.int16]  # (cells down, cells across)
Spans = NDArray[np.int32]  # (rows, 2)
Sums = NDArray[np.uint16]


def marks(
    y: Plane,
    focus: NDArray[np.float32],
    raw_size: tuple[int, int],
    noise: Row | None = None,
    strength: PeakingStrength = "medium",
) -> Plane:
    """Where to paint.

    Args:
        y: luma of the preview, (rows, columns) uint8.
        focus: (r, c) float32, sharpness of each cell of the mosaic in standard deviations of pure noise.
        raw_size: (rows, columns) of the mosaic, photosites; the preview shows all of it.
        noise: of `noise_of`, where it is known from more than this picture; None: from this.
        strength: how much is taken for sharp.

    Returns:
        (rows, columns) uint8, 255 where sharp; none within three pixels of the border.
    """
    found, sharp = np.zeros_like(y), SIGMAS[strength]
    if min(y.shape) < 2 * WINDOW or not focus.size or focus.max() <= sharp:
        return found
    rows, columns = (places(y.shape[k], raw_size[k], focus.shape[k]) for k in (0, 1))
    noise = noise_of(y, focus, raw_size) if noise is None else noise
    by_luma = np.ceil(np.maximum(np.float32(NOISE_SIGMAS) * noise, np.float32(DETAIL))).astype(np.int16)
    limits, spans = np.empty(focus.shape, np.int16), np.empty((focus.shape[0], 2), np.int32)
    _limit(y, np.ascontiguousarray(focus), rows.middle, columns.middle, columns.first, by_luma, sharp, limits, spans)
    reach = np.empty((y.shape[0], 2), np.int32)
    _reach(spans, rows.cell, reach)
    _mark_all(y, limits, spans, reach, rows.cell, columns.cell, found)
    return found


def noise_of(y: Plane, focus: NDArray[np.float32], raw_size: tuple[int, int]) -> Row:
    """(256,) float32, by luma, from arguments as `marks` has them: see `preview_noise.noise_by_luma`."""
    rows, columns = (places(y.shape[k], raw_size[k], focus.shape[k]) for k in (0, 1))
    return noise_by_luma(y, focus, rows.middle, columns.middle)


def mark_level(scale: float) -> int:
    """From which interpolated mark (of 255) on a pixel is painted when the picture is scaled by that much, above 1/2.

    Scaled down, a mark one pixel wide may fall between two target pixels, half a target pixel from each: what bilinear
    interpolation leaves of it there still counts, less 2 for the rounding of its weights, so that lines are not broken.
    """
    return max(1, round(255 * min(0.5, 1 - 0.5 / scale)) - 2)


@kernel("void(u1[:, ::1], f4[:, ::1], i8[::1], i8[::1], i4[::1], i2[::1], f8, i2[:, ::1], i4[:, ::1])")
def _limit(
    y: Plane, focus: Cells, rows: NDArray[np.intp], columns: NDArray[np.intp], first_column: NDArray[np.int32],
    by_luma: Limits, sharp: float, limits: CellLimits, spans: Spans,
) -> None:  # fmt: skip
    """How strong a mark's Laplacian must be, by the brightness in the middle of each cell.

    spans: (cells down, 2), the pixel columns from the first sharp cell of a row to behind its last; both 0: none.
    """
    for i in range(rows.size):
        here, sharpness, limit = y[rows[i]], focus[i], limits[i]
        limit[:] = np.int16(NEVER)
        first, behind = columns.size, 0
        for j in range(columns.size if _any_sharp(sharpness, sharp) else 0):
            if sharpness[j] > sharp:
                limit[j] = by_luma[here[columns[j]]]
                first, behind = min(first, j), j + 1
        spans[i, 0], spans[i, 1] = first_column[min(first, behind)], first_column[behind]


@inner
def _any_sharp(sharpness: Row, sharp: float) -> bool:
    found = np.uint8(0)
    for j in range(sharpness.size):
        found |= np.uint8(sharpness[j] > sharp)
    return bool(found != 0)


@kernel("void(i4[:, ::1], i4[::1], i4[:, ::1])")
def _reach(spans: Spans, cell_rows: NDArray[np.int32], reach: Spans) -> None:
    """The columns of each pixel row of which sums are needed, from one to before the other; 0, 0: none.

    Sums are kept from row to row, so rows that follow upon each other all have what any of them needs.
    """
    rows, beyond = cell_rows.size, WINDOW // 2
    reach[:] = np.int32(0)
    for r in range(rows):
        span = spans[cell_rows[r]]
        if span[1] > 0:
            for near in range(max(r - beyond, 0), min(r + beyond + 1, rows)):
                _widen(reach[near], span[0] - beyond, span[1] + beyond)
    for r in range(1, rows):
        if reach[r - 1, 1] > 0 and reach[r, 1] > 0:
            _widen(reach[r], reach[r - 1, 0], reach[r - 1, 1])
    for r in range(rows - 1, 0, -1):
        if reach[r - 1, 1] > 0 and reach[r, 1] > 0:
            _widen(reach[r - 1], reach[r, 0], reach[r, 1])


@inner
def _widen(reach: NDArray[np.int32], left: int, behind: int) -> None:
    """Take these columns in as well."""
    reach[0] = min(reach[0], left) if reach[1] > 0 else left
    reach[1] = max(reach[1], behind)


@kernel("void(u1[:, ::1], i2[:, ::1], i4[:, ::1], i4[:, ::1], i4[::1], i4[::1], u1[:, ::1])")
def _mark_all(
    y: Plane,
    limits: CellLimits,
    spans: Spans,
    reach: Spans,
    cell_rows: NDArray[np.int32],
    cell_columns: NDArray[np.int32],
    found: Plane,
) -> None:
    """Row by row, with sums down the last WINDOW rows: kept up to date near sharp cells, and begun anew there."""
    rows, columns = y.shape
    bend, slope = np.zeros((WINDOW, columns), np.int16), np.zeros((WINDOW, columns), np.uint16)
    bends, slopes, limit = np.zeros(columns, np.uint16), np.zeros(columns, np.uint16), np.zeros(columns, np.int16)
    for r in range(1, rows - 1):
        left, behind = max(1, reach[r, 0]), min(columns - 1, reach[r, 1])
        if behind - left < WINDOW:
            continue
        if reach[r - 1, 1] == 0 or r == 1:
            _begin(bend, slope, bends, slopes)
        here, above, below = y[r, left - 1 : behind + 1], y[r - 1, left:behind], y[r + 1, left:behind]
        _bend(here, above, below, bend[r % WINDOW, left:behind], bends[left:behind])
        _slope(here, above, below, slope[r % WINDOW, left:behind], slopes[left:behind])
        middle = r - WINDOW // 2
        left, behind = max(3, spans[cell_rows[middle], 0]), min(columns - 3, spans[cell_rows[middle], 1])
        if middle >= 3 and left < behind:
            part, sums = slice(left, behind), slice(left - 2, behind + 2)
            if middle == 3 or cell_rows[middle] != cell_rows[middle - 1]:
                _spread(limits[cell_rows[middle]], cell_columns[part], limit[part])
            _mark(bend[middle % WINDOW, part], limit[part], bends[sums], slopes[sums], found[middle, part])


@inner
def _begin(bend: NDArray[np.int16], slope: NDArray[np.uint16], bends: Sums, slopes: Sums) -> None:
    bends[:] = slopes[:] = np.uint16(0)
    for k in range(WINDOW):
        bend[k][:], slope[k][:] = np.int16(0), np.uint16(0)


@inner
def _spread(cells: Limits, cell_columns: NDArray[np.int32], limit: Limits) -> None:
    """The cells' limits for each pixel of a row."""
    for x in range(limit.size):
        limit[x] = cells[np.uint32(cell_columns[x])]


@inner
def _bend(
    here: NDArray[np.uint8], above: NDArray[np.uint8], below: NDArray[np.uint8], row: Limits, total: Sums
) -> None:
    """One row's Laplacian, in place of that of WINDOW rows ago, absolute in the sums; `here` is two longer.

    Slices and 16 bits: numba's own 64, or offsets, end vectorisation or fill registers with zeros.
    """
    left, middle, right = here[:-2], here[1:-1], here[2:]
    n, u = np.int16, np.uint16
    for x in range(row.size):
        around = n(n(n(left[x]) + n(right[x])) + n(n(above[x]) + n(below[x])))
        bend = n(around - n(n(4) * n(middle[x])))
        total[x] = u(u(total[x] - u(abs(row[x]))) + u(abs(bend)))
        row[x] = bend


@inner
def _slope(here: NDArray[np.uint8], above: NDArray[np.uint8], below: NDArray[np.uint8], row: Sums, total: Sums) -> None:
    """The same of the absolute gradient."""
    left, right = here[:-2], here[2:]
    n, u = np.int16, np.uint16
    for x in range(row.size):
        slope = u(u(abs(n(n(right[x]) - n(left[x])))) + u(abs(n(n(below[x]) - n(above[x])))))
        total[x] = u(u(total[x] - row[x]) + slope)
        row[x] = slope


@inner
def _mark(darker: Limits, limit: Limits, bends: Sums, slopes: Sums, found: NDArray[np.uint8]) -> None:
    """One row's marks, only on the dark side of an edge: half as wide, and seen best there.

    The sums are four longer than `found`. bend / (bend + slope) must be above 0.4.
    """
    b0, b1, b2, b3, b4 = bends, bends[1:], bends[2:], bends[3:], bends[4:]
    s0, s1, s2, s3, s4 = slopes, slopes[1:], slopes[2:], slopes[3:], slopes[4:]
    u = np.uint16
    for x in range(found.size):
        bend = u(u(u(b0[x] + b1[x]) + u(b2[x] + b3[x])) + b4[x])
        slope = u(u(u(s0[x] + s1[x]) + u(s2[x] + s3[x])) + s4[x])
        more = u(slope - bend) if slope > bend else u(0)
        sharp = (darker[x] >= limit[x]) & (bend > u(more + more))  # so 3 bend > 2 slope within 16 bits
        found[x] = np.uint8(255) if sharp else np.uint8(0)
