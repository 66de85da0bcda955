"""The live view: a preview scaled into its rectangle with zebra and peaking over it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from device.frame import Plane, Preview
from device.preview import PreviewFrame
from ui.overlays import stripes
from ui.peaking import mark_level, marks
from ui.pixels import Flags, Taps, nearest, paint, shrunk, taps
from ui.rect import Rect
from ui.screen import Pixels
from ui.theme import Colour

_NOTHING: Plane = np.zeros((1, 1), np.uint8)


@dataclass(frozen=True, slots=True)
class Looks:
    """What is laid over the picture."""

    peaking: bool
    zebra: bool
    colour: Colour


@lru_cache(maxsize=8)
def _taps(source: tuple[int, int], target: tuple[int, int]) -> tuple[Taps, Taps, Taps, Taps]:
    """For luma rows and columns, and chroma rows and columns, of (rows, columns) each."""
    halves = [(n // 2, -(-m // 2)) for n, m in zip(source, target, strict=True)]
    return (taps(source[0], target[0]), taps(source[1], target[1]), taps(*halves[0]), taps(*halves[1]))


@lru_cache(maxsize=8)
def _nearest(source: tuple[int, int], target: tuple[int, int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Rows and columns of the clipping map under each target pixel."""
    return nearest(source[0], target[0]), nearest(source[1], target[1])


@lru_cache(maxsize=2)
def _stripes(short: int) -> NDArray[np.uint8]:
    """Zebra for a panel whose shorter side is that long: legible on small ones, no coarser than needed on large."""
    return stripes(8 if short < 600 else 16)


def paint_view(view: PreviewFrame, rect: Rect, looks: Looks, out: Pixels) -> None:
    """Draw a frame into that rectangle of the panel.

    Args:
        view: the frame.
        rect: where, in `out`.
        looks: what to lay over it.
        out: (rows, columns, 4) uint8, the panel.
    """
    factor = max(1, view.preview.y.shape[1] // rect.columns)
    preview, marked = _shrunk(view.preview, factor), _marks(view, looks, factor)
    clipped = view.reading.clipped if looks.zebra and view.reading.clipped.size else _NOTHING
    target = (rect.rows, rect.columns)
    level = max(1, mark_level(rect.columns / preview.y.shape[1]) // factor)  # what one line leaves of a mean
    paint(
        preview.y, preview.u, preview.v, *_taps(preview.y.shape, target),
        marked, _rows_with(marked), level, np.array([*reversed(looks.colour), 255], np.uint8),
        clipped, _rows_with(clipped), *_nearest(clipped.shape, target), _stripes(min(out.shape[:2])), view.frame,
        _window(out, rect),
    )  # fmt: skip


def _shrunk(preview: Preview, factor: int) -> Preview:
    if factor == 1:
        return preview
    even = [n // factor // 2 * 2 for n in preview.y.shape]
    u, v = shrunk(preview.u, factor), shrunk(preview.v, factor)
    return Preview(shrunk(preview.y, factor)[: even[0], : even[1]], u, v)


def _marks(view: PreviewFrame, looks: Looks, factor: int) -> Plane:
    if not looks.peaking:
        return np.zeros([n // factor for n in view.preview.y.shape], np.uint8)
    found = marks(view.preview.y, view.reading.focus, view.raw_size)
    return found if factor == 1 else shrunk(found, factor)


def _rows_with(plane: Plane) -> Flags:
    """(rows,) bool: which rows have anything but 0; a row that has nothing to paint is passed by."""
    return np.asarray(np.bitwise_or.reduce(plane, axis=1) != 0)


def _window(out: Pixels, rect: Rect) -> NDArray[np.uint8]:
    """The rectangle's rows as bytes."""
    rows, columns = out.shape[:2]
    return out.reshape(rows, columns * 4)[rect.top : rect.bottom, 4 * rect.left : 4 * rect.right]
