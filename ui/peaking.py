"""Focus peaking: where the RAW says sharp, thin marks on the preview's fine detail. Pure.

Three things must agree. The RAW's focus map says that there is more fine detail than noise gives, or than is left of
a blurred scene (`device/focus.py`); it holds at every gain, but knows no place finer than its cells. The preview must
show little gradient for that much curvature: over 6 x 6 pixels a sharp edge has a sum of absolute Laplacians as large
as its sum of gradients, a ramp of w pixels only 1 / w of it. And a mark's own Laplacian must stand out of the preview's
noise, or marks would boil.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from device.face_states import PeakingStrength
from device.frame import Plane
from device.kernel import inner, kernel
from ui.focus_cells import places
from ui.mark_rows import BYTES, NEVER, NUMBERS, PROGRESS, SMALLEST, TURNS, Index, mark_row
from ui.preview_noise import UNKNOWN_EV, noise_by_luma

# Standard deviations of a focus cell, by strength: of pure noise one cell in ten thousand gets to 4. In good light they
# are a matter of blur: `make bench-peaking` has the shares of what is sharp, nearly sharp and blurred that each marks.
SIGMAS: dict[PeakingStrength, float] = {"low": 4.4, "medium": 4.0, "high": 3.7}
SHARP_SIGMAS = SIGMAS["medium"]
DETAIL = 10.0  # luma levels of the 4-neighbour Laplacian: two levels of contrast; less is not seen on a panel
NOISE_SIGMAS = 3.2  # of the preview's own noise

Row = NDArray[np.float32]
Cells = NDArray[np.float32]
Limits = NDArray[np.uint8]
Spans = NDArray[np.int32]  # (cells down, 2)


class Search(NamedTuple):
    """Where marks are to be looked for: what `mark_rows.mark_row` and `pixels.paint` ask for, in their order."""

    y: Plane
    limits: Plane
    spans: Spans
    cell_rows: Index
    firsts: Index


_NUMBER: Index = np.zeros(1, np.int32)
NOWHERE = Search(np.zeros((1, 1), np.uint8), np.zeros((1, 1), np.uint8), np.zeros((1, 2), np.int32), _NUMBER, _NUMBER)


def search(
    y: Plane,
    focus: NDArray[np.float32],
    raw_size: tuple[int, int],
    noise: Row | None = None,
    strength: PeakingStrength = "medium",
    noise_floor_ev: float = UNKNOWN_EV,
) -> Search:
    """Where to look for marks, and how much must be there.

    Args:
        y: luma of the preview, (rows, columns) uint8, 4096 columns at most.
        focus: (r, c) float32, sharpness of each cell of the mosaic in standard deviations of pure noise.
        raw_size: (rows, columns) of the mosaic, photosites; the preview shows all of it.
        noise: of `noise_of`, where it is known from more than this picture; None: from this.
        strength: how much is taken for sharp.
        noise_floor_ev: of the RAW, see `preview_noise.noise_by_luma`.

    Returns:
        NOWHERE where nothing is sharp.
    """
    if y.shape[0] < SMALLEST[0] or y.shape[1] < SMALLEST[1] or not focus.size:
        return NOWHERE
    rows, columns = (places(y.shape[k], raw_size[k], focus.shape[k]) for k in (0, 1))
    noise = noise_of(y, focus, raw_size, noise_floor_ev) if noise is None else noise
    spans, limits = np.empty((focus.shape[0], 2), np.int32), np.empty(focus.shape, np.uint8)
    sharpness, least = np.ascontiguousarray(focus), SIGMAS[strength]
    if not _limit(y, sharpness, rows.middle, columns.middle, noise, least, spans, limits):
        return NOWHERE
    return Search(y, limits, spans, rows.cell, columns.first)


def marks(
    y: Plane,
    focus: NDArray[np.float32],
    raw_size: tuple[int, int],
    noise: Row | None = None,
    strength: PeakingStrength = "medium",
    noise_floor_ev: float = UNKNOWN_EV,
    found: Plane | None = None,
) -> Plane:
    """Where to paint, of the same arguments as `search`.

    Args:
        y: see `search`.
        focus: likewise.
        raw_size: likewise.
        noise: likewise.
        strength: likewise.
        noise_floor_ev: likewise.
        found: what the frame before had, which is overwritten; None: there was none.

    Returns:
        `found`: (rows, columns) uint8, 255 where sharp; none within four pixels of the border.
    """
    found = np.zeros_like(y) if found is None else found
    where = search(y, focus, raw_size, noise, strength, noise_floor_ev)
    if where is NOWHERE:
        found[:] = 0
    else:
        even = np.pad(found, ((0, 0), (0, y.shape[1] % 2)))
        _mark_all(*where, even)
        found[:] = even[:, : y.shape[1]]
    return found


def noise_of(
    y: Plane, focus: NDArray[np.float32], raw_size: tuple[int, int], noise_floor_ev: float = UNKNOWN_EV
) -> Row:
    """(256,) float32, by luma, from arguments as `marks` has them: see `preview_noise.noise_by_luma`."""
    rows, columns = (places(y.shape[k], raw_size[k], focus.shape[k]) for k in (0, 1))
    return noise_by_luma(y, focus, rows.middle, columns.middle, noise_floor_ev)


def mark_level(scale: float) -> int:
    """From which interpolated mark (of 255) on a pixel is painted when the picture is scaled by that much, above 1/2.

    Scaled down, a mark one pixel wide may fall between two target pixels, half a target pixel from each: what bilinear
    interpolation leaves of it there still counts, less 2 for the rounding of its weights, so that lines are not broken.
    """
    return max(1, round(255 * min(0.5, 1 - 0.5 / scale)) - 2)


@kernel("i8(u1[:, ::1], f4[:, ::1], i8[::1], i8[::1], f4[::1], f8, i4[:, ::1], u1[:, ::1])")
def _limit(
    y: Plane, focus: Cells, rows: NDArray[np.intp], columns: NDArray[np.intp], noise: Row, sharp: float,
    spans: Spans, limits: Plane,
) -> int:  # fmt: skip
    """Above what a mark's Laplacian must be in each cell of a span, by the brightness in the cell's middle.

    A span is from the first sharp cell of each row to the one behind its last, both 0: none. Returns how many rows have
    any.
    """
    found, least, by_luma = 0, np.float32(sharp), np.empty(256, np.uint8)
    for k in range(noise.size):
        enough = np.ceil(max(np.float32(NOISE_SIGMAS) * noise[k], np.float32(DETAIL)))
        by_luma[k] = np.uint8(min(enough, np.float32(NEVER)) - 1)
    for i in range(rows.size):
        first, behind = _ends(focus[i], least)
        spans[i, 0], spans[i, 1] = (first, behind) if behind > 0 else (0, 0)
        if behind > 0:
            found += 1
            _limit_row(y[rows[i]], focus[i, first:behind], columns[first:behind], by_luma, least, limits[i, first:])
    return found


@inner
def _ends(sharpness: Row, sharp: np.float32) -> tuple[np.int32, np.int32]:
    """The first sharp cell and the one behind the last; without a branch, so that it goes by registers."""
    n = np.int32
    first, behind = n(sharpness.size), n(0)
    for j in range(sharpness.size):
        is_sharp = sharpness[j] > sharp
        first = min(first, n(j) if is_sharp else n(sharpness.size))
        behind = max(behind, n(j + 1) if is_sharp else n(0))
    return first, behind


@inner
def _limit_row(
    here: NDArray[np.uint8], sharpness: Row, columns: NDArray[np.intp], by_luma: Limits, least: np.float32,
    limits: Limits,
) -> None:  # fmt: skip
    """First what luma wants, number by number, then where it is sharp, by registers.

    Unsigned indices spare numba's test for negative ones.
    """
    n = np.uint64
    for j in range(columns.size):
        limits[j] = by_luma[n(here[n(columns[j])])]
    for j in range(columns.size):
        limits[j] = limits[j] if sharpness[j] > least else np.uint8(NEVER)


@kernel("void(u1[:, ::1], u1[:, ::1], i4[:, ::1], i4[::1], i4[::1], u1[:, ::1])")
def _mark_all(y: Plane, limits: Plane, spans: Spans, cell_rows: Index, firsts: Index, marks: Plane) -> None:
    """All rows of a picture."""
    some, progress, pairs = np.zeros(TURNS, np.bool_), np.full(PROGRESS, -1, np.int64), marks.view(np.uint16)
    numbers, dark, lines = np.empty(NUMBERS, np.int16), np.empty(BYTES, np.uint8), np.empty(BYTES, np.uint8)
    for r in range(y.shape[0]):
        mark_row(y, limits, spans, cell_rows, firsts, r, progress, numbers, dark, lines, marks, pairs, some)
