"""The magnifier on the panel: which part of its window is seen, as a frame of its own, and where it lies in the whole.

Drawn by the same code as the whole picture, so that peaking, zebra and false colour mean the same on it. Pure.
"""

from dataclasses import replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from device.frame import FOCUS_CELL, Plane, Preview
from device.preview import PreviewFrame
from device.window import Magnified, Window
from ui.layout import fitted_picture
from ui.peaking import noise_of
from ui.rect import Rect

STRIP_SHARE = 0.4  # of the picture's width goes to the magnifier when it stands beside the whole
MAP_SHARE = 0.2  # of the width is the little map that tells where the magnifier looks


class Glass(msgspec.Struct, frozen=True):
    """The magnifier, ready to be drawn: a frame of the photosites that are seen, and where on the panel."""

    view: PreviewFrame
    rect: Rect
    window: Window


def glass(view: PreviewFrame, magnified: Magnified, region: Rect, magnification: int) -> Glass:
    """The middle of the magnified window, as much as fits into that region of the panel."""
    seen = _seen(magnified.window, region, magnification)
    rows, columns = seen.rows * magnification, seen.columns * magnification
    left, top = region.left + (region.columns - columns) // 2, region.top + (region.rows - rows) // 2
    return Glass(_frame(view, magnified, seen), Rect(left, top, columns, rows), seen)


def beside(picture: Rect) -> tuple[Rect, Rect]:
    """The picture's rectangle divided: for the whole, and for the magnifier at its right."""
    strip = round(picture.columns * STRIP_SHARE)
    whole = Rect(picture.left, picture.top, picture.columns - strip, picture.rows)
    return whole, Rect(whole.right, picture.top, strip, picture.rows)


def outline(window: Window, raw_size: tuple[int, int], picture: Rect) -> Rect:
    """Where a window of the mosaic lies on a picture of all of it."""
    rows, columns = raw_size
    left, top = picture.columns * window.left // columns, picture.rows * window.top // rows
    wide = max(2, picture.columns * window.columns // columns)
    return Rect(picture.left + left, picture.top + top, wide, max(2, picture.rows * window.rows // rows))


def little_map(rect: Rect, raw_size: tuple[int, int], gap: int) -> Rect:
    """A small picture in the upper right corner, to draw `outline` on."""
    wide = round(rect.columns * MAP_SHARE)
    region = Rect(rect.right - wide - gap, rect.top + gap, wide, round(rect.rows * MAP_SHARE))
    return fitted_picture(region, raw_size)


def noise_in(view: PreviewFrame) -> NDArray[np.float32]:
    """The noise of a magnified window's quads, from the whole picture: peaking finds too few calm places in a window.

    A pixel of the whole is the mean of n x n quads, and has an n-th of the noise of one.
    """
    quads = max(1, round(view.raw_size[0] / 2 / view.preview.y.shape[0]))
    reading = view.reading
    return np.asarray(quads * noise_of(view.preview.y, reading.focus, view.raw_size, reading.noise_floor_ev))


def _seen(window: Window, region: Rect, magnification: int) -> Window:
    """Whole focus cells, so that they lie where they were measured; one at least."""
    sides = []
    for first, count, room in (
        (window.top, window.rows, region.rows),
        (window.left, window.columns, region.columns),
    ):
        cells = max(1, min(count, room // magnification) // FOCUS_CELL)
        skipped = (count // FOCUS_CELL - cells) // 2
        sides.append((first + skipped * FOCUS_CELL, cells * FOCUS_CELL))
    (top, rows), (left, columns) = sides
    return Window(top, left, rows, columns)


def _frame(view: PreviewFrame, magnified: Magnified, seen: Window) -> PreviewFrame:
    inside = Window(seen.top - magnified.window.top, seen.left - magnified.window.left, seen.rows, seen.columns)
    whole, half = _part(inside, 1), _part(inside, 2)
    picture = magnified.picture
    cells = seen.cells
    reading = replace(
        view.reading,
        focus=view.reading.focus[cells].copy(),
        stops=view.reading.stops[cells].copy(),
        clipped=_copied(magnified.clipped, half),
    )
    preview = Preview(_copied(picture.y, whole), _copied(picture.u, half), _copied(picture.v, half))
    return replace(view, raw_size=(seen.rows, seen.columns), preview=preview, reading=reading, magnified=None)


def _part(inside: Window, factor: int) -> tuple[slice, slice]:
    rows = slice(inside.top // factor, (inside.top + inside.rows) // factor)
    return rows, slice(inside.left // factor, (inside.left + inside.columns) // factor)


def _copied(plane: Plane, part: tuple[slice, slice]) -> Plane:
    return plane[part].copy()
