"""The live view: a preview scaled into its rectangle with zebra and peaking over it."""

from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from device.face_states import PeakingStrength
from device.frame import Plane, Preview
from device.preview import PreviewFrame
from ui.false_colour import lay_bands, palette
from ui.focus_cells import cell_under
from ui.overlays import stripes
from ui.peaking import NOWHERE, Search, mark_level, marks, search
from ui.pixels import paint
from ui.rect import Rect
from ui.scaling import Taps, nearest, shrunk, taps
from ui.screen import Pixels
from ui.steady import Steady, alone
from ui.stripe import Words, lines_of
from ui.theme import Colour
from ui.zebra import Patterns, above, below_noise, dark_dots, lay, level_lines

_NOTHING: Plane = np.zeros((1, 1), np.uint8)


class Looks(msgspec.Struct, frozen=True):
    """What is laid over the picture."""

    colour: Colour = (255, 255, 255)  # of peaking
    peaking: bool = False
    strength: PeakingStrength = "medium"  # of peaking
    zebra: bool = False
    zebra_level: int = 0
    underexposure: bool = False
    false_colour: bool = False


@lru_cache(maxsize=8)
def _taps(source: tuple[int, int], target: tuple[int, int]) -> tuple[Taps, Taps, Taps, Taps]:
    """For luma rows and columns, and chroma rows and columns, of (rows, columns) each."""
    halves = [(n // 2, -(-m // 2)) for n, m in zip(source, target, strict=True)]
    return (taps(source[0], target[0]), taps(source[1], target[1]), taps(*halves[0]), taps(*halves[1]))


@lru_cache(maxsize=16)
def _nearest(source: tuple[int, int], target: tuple[int, int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Rows and columns of the clipping map under each target pixel."""
    return nearest(source[0], target[0]), nearest(source[1], target[1])


@lru_cache(maxsize=16)
def _cells(
    raw: tuple[int, int], cells: tuple[int, int], target: tuple[int, int]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Rows and columns of the cells of a mosaic of that size under each target pixel."""
    return cell_under(target[0], raw[0], cells[0]), cell_under(target[1], raw[1], cells[1])


_stripes = lru_cache(maxsize=2)(stripes)


@lru_cache(maxsize=2)
def _lines(period: int) -> Words:
    return lines_of(stripes(period))


def _period(out: Pixels) -> int:
    """Of patterns on that panel: legible on small ones, no coarser than needed on large."""
    return 8 if min(out.shape[:2]) < 600 else 16


def paint_view(view: PreviewFrame, rect: Rect, looks: Looks, out: Pixels, steady: Steady | None = None) -> None:
    """Draw a frame into that rectangle of the panel.

    Args:
        view: the frame.
        rect: where, in `out`.
        looks: what to lay over it.
        out: (rows, columns, 4) uint8, the panel.
        steady: in what to look for marks, of `steady.SteadyLuma`, half as large for a magnified window; None: this
            frame is the only one, and whole.
    """
    if looks.false_colour:
        _paint_bands(view, rect, out)
    else:
        _paint_picture(view, rect, looks, out, steady)
    shift = view.frame
    if looks.zebra_level:
        lines = level_lines(_period(out))
        _lay(above(view.preview.y, looks.zebra_level), rect, lines, (shift, 0), out)
    if looks.underexposure and not looks.false_colour:
        dark = below_noise(view.reading.stops, view.reading.noise_floor_ev)
        if dark.any():
            index = _cells(view.raw_size, dark.shape, (rect.rows, rect.columns))
            lay(out, rect.left, rect.top, dark, *index, dark_dots(_period(out)), shift, shift)


def _paint_bands(view: PreviewFrame, rect: Rect, out: Pixels) -> None:
    """False colour in place of the picture, and on it the stripes of what is clipped."""
    reading = view.reading
    if reading.stops.size:
        index = _cells(view.raw_size, reading.stops.shape, (rect.rows, rect.columns))
        lay_bands(out, rect.left, rect.top, reading.stops, *index, palette(reading.noise_floor_ev))
    _lay(reading.clipped, rect, _stripes(_period(out)), (0, view.frame), out)


def paint_clipped(rect: Rect, out: Pixels) -> None:
    """The stripes of a place where all channels clip, for a legend."""
    _lay(np.full((1, 1), 7, np.uint8), rect, _stripes(_period(out)), (0, 0), out)


def _lay(kinds: Plane, rect: Rect, patterns: Patterns, shift: tuple[int, int], out: Pixels) -> None:
    if kinds.any():
        lay(out, rect.left, rect.top, kinds, *_nearest(kinds.shape, (rect.rows, rect.columns)), patterns, *shift)


def _paint_picture(view: PreviewFrame, rect: Rect, looks: Looks, out: Pixels, steady: Steady | None) -> None:
    factor = max(1, min(view.preview.y.shape[1] // rect.columns, *(n // 2 for n in view.preview.u.shape)))
    preview = _shrunk(view.preview, factor)
    where, marked = _peaking(view, looks, factor, steady)
    clipped = view.reading.clipped if looks.zebra and view.reading.clipped.size else _NOTHING
    target = (rect.rows, rect.columns)
    level = max(1, mark_level(rect.columns / preview.y.shape[1]) // factor)  # what one line leaves of a mean
    if factor > 1 and target == preview.y.shape:  # marks that need no scaling are taken as they are: 255 or 0
        marked = np.where(marked >= level, np.uint8(255), np.uint8(0))
    paint(
        preview.y, preview.u, preview.v, *_taps(preview.y.shape, target),
        where.y, where.limits, where.spans, where.cell_rows, where.firsts, marked, level,
        np.uint32(int.from_bytes((*reversed(looks.colour), 255), "little")),
        clipped, *_nearest(clipped.shape, target), _lines(_period(out)), view.frame,
        out.reshape(out.shape[0], -1), _words(out), rect.left, rect.top,
    )  # fmt: skip


def _peaking(view: PreviewFrame, looks: Looks, factor: int, steady: Steady | None) -> tuple[Search, Plane]:
    """Where to look for marks while the picture is painted, and what the frame before had, for `paint` to overwrite.

    Where marks are not of the preview's own size: those that were found before it is painted.
    """
    focus, strength = view.reading.focus, looks.strength
    if not looks.peaking:
        return NOWHERE, _NOTHING
    luma, noise, kept = steady or alone(view)
    if luma.shape != view.preview.y.shape:
        return NOWHERE, marks(luma, focus, view.raw_size, noise, strength, found=kept).repeat(2, 0).repeat(2, 1)
    if factor > 1 or luma.shape[1] % 2:  # `paint` finds marks in pairs
        found = marks(luma, focus, view.raw_size, noise, strength, found=kept)
        return NOWHERE, shrunk(found, factor) if factor > 1 else found
    where = search(luma, focus, view.raw_size, noise, strength)
    if where is NOWHERE:
        kept[:] = 0
    return where, _NOTHING if where is NOWHERE else kept


def _shrunk(preview: Preview, factor: int) -> Preview:
    if factor == 1:
        return preview
    even = [n // factor // 2 * 2 for n in preview.y.shape]
    u, v = shrunk(preview.u, factor), shrunk(preview.v, factor)
    return Preview(np.ascontiguousarray(shrunk(preview.y, factor)[: even[0], : even[1]]), u, v)


def _words(pixels: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The same without the last axis, whose four bytes are one number."""
    return pixels.view(np.uint32)[..., 0]
