"""The waveform: how bright the developed picture is, column by column; luma, or red, green and blue side by side. Pure.

Every second pixel of every second row is counted: where the preview has chroma.
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import Plane, Preview
from device.kernel import kernel
from ui.rect import Rect, divided
from ui.screen import Pixels
from ui.theme import CHANNEL, WHITE, Colour

Trace = NDArray[
    np.uint16
]  # (rows, columns): pixels of that brightness, white in the top row, in that part of the width

GAP = 4  # pixels between the three of a parade
AVERAGE = 100.0  # how bright a place is drawn, of 255, that as many pixels share as would if all were spread evenly
FAINTEST = 28.0  # how bright a single pixel is at least


def draw(out: Pixels, rect: Rect, preview: Preview, kind: str) -> None:
    """Draw the waveform of a kind, "luma" or "rgb", into a rectangle of the panel, adding light to what is there."""
    for where, channel, colour in _parts(rect, preview, kind):
        counts = trace(channel, where.rows, min(where.columns, channel.shape[1]))
        across = (np.arange(where.columns) * counts.shape[1] // where.columns).astype(np.int32)
        _lay_trace(out, where.left, where.top, counts, across, light(channel.size / counts.size, colour))


def trace(channel: Plane, rows: int, columns: int) -> Trace:
    """Count a channel, (r, c) uint8, into that many rows and at most c columns."""
    counts = np.zeros((rows, columns), np.uint16)
    _count(np.ascontiguousarray(channel), counts)
    return counts


def channels(preview: Preview) -> tuple[Plane, Plane, Plane]:
    """Red, green and blue, (rows / 2, columns / 2) uint8 each: full-range BT.601 (ITU-T T.871)."""
    y, u, v = (plane.astype(np.float32) for plane in (preview.y[::2, ::2], preview.u, preview.v))
    u -= 128
    v -= 128
    mixed = (
        y + np.float32(1.402) * v,
        y - np.float32(0.344136) * u - np.float32(0.714136) * v,
        y + np.float32(1.772) * u,
    )
    red, green, blue = (np.clip(np.rint(channel), 0, 255).astype(np.uint8) for channel in mixed)
    return red, green, blue


def light(density: float, colour: Colour) -> NDArray[np.int64]:
    """(n, 3) int64: blue, green, red that 0 to n - 1 pixels are drawn with, and more as n - 1: by the root of them.

    Args:
        density: pixels in a place, were they spread evenly.
        colour: of the brightest.
    """
    count = np.arange(int(np.ceil((255 / AVERAGE) ** 2 * density)) + 2)
    bright = np.clip(AVERAGE * np.sqrt(count / density), np.minimum(count, 1) * FAINTEST, 255)
    return np.asarray(np.outer(bright, np.array(colour[::-1]) / 255).astype(np.int64))


def _parts(rect: Rect, preview: Preview, kind: str) -> list[tuple[Rect, Plane, Colour]]:
    if kind == "luma":
        return [(rect, preview.y[::2, ::2], WHITE)]
    colours = CHANNEL[0], CHANNEL[1], CHANNEL[3]
    return list(zip(divided(rect, [1, 1, 1], GAP), channels(preview), colours, strict=True))


@kernel("void(u1[:, ::1], u2[:, ::1])")
def _count(channel: Plane, counts: Trace) -> None:
    rows, columns = counts.shape
    for r in range(channel.shape[0]):
        source = channel[r]
        for x in range(source.size):
            counts[rows - 1 - (np.int64(source[x]) * rows >> 8), x * columns // source.size] += np.uint16(1)


@kernel("void(u1[:, :, ::1], i8, i8, u2[:, ::1], i4[::1], i8[:, ::1])")
def _lay_trace(
    out: Pixels, left: int, top: int, counts: Trace, across: NDArray[np.int32], light: NDArray[np.int64]
) -> None:
    for r in range(counts.shape[0]):
        target = out[top + r]
        for x in range(across.size):
            found = min(np.int64(counts[r, across[x]]), light.shape[0] - 1)
            if found:
                for k in range(3):
                    target[left + x, k] = min(np.int64(target[left + x, k]) + light[found, k], 255)
