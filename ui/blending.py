"""Laying things over finished pixels, touching only what they cover. numba kernels; pure."""

import numpy as np
from numpy.typing import NDArray

from device.kernel import inner, kernel
from ui.screen import Pixels


def blend(out: Pixels, patch: Pixels, left: int, top: int) -> None:
    """Lay a single patch, (r, c, 4) uint8 as those of `blend_all`, over the pixels, wholly inside them."""
    blend_all(out.reshape(out.shape[0], -1), patch.ravel(), np.array([[0, *patch.shape[:2], left, top]], np.int64))


@kernel("void(u1[:, ::1], u1[::1], i8[:, ::1])")
def blend_all(out: NDArray[np.uint8], pixels: NDArray[np.uint8], places: NDArray[np.int64]) -> None:
    """Lay premultiplied patches over the pixels, in their order: out = patch + out x (255 - alpha) / 255, rounded.

    Args:
        out: (rows, columns * 4) uint8.
        pixels: (all * 4,) uint8: blue, green, red times alpha, and alpha; the patches row by row, one behind the other.
        places: (patches, 5): first pixel, rows, columns, left, top; each wholly inside `out`.
    """
    for k in range(places.shape[0]):
        first, rows, columns, left, top = places[k]
        for r in range(rows):
            start = 4 * (first + r * columns)
            _blend_row(pixels[start : start + 4 * columns], out[top + r, 4 * left : 4 * (left + columns)])


@inner
def _blend_row(patch: NDArray[np.uint8], out: NDArray[np.uint8]) -> None:
    """What is transparent stays as it is by arithmetic: a test for it would end vectorisation; so would a gap."""
    n, half = np.uint16, np.uint16(128)
    for x in range(out.size // 4):
        rest = n(255 - patch[4 * x + 3])
        blue, green = n(n(n(out[4 * x]) * rest) + half), n(n(n(out[4 * x + 1]) * rest) + half)
        red, unused = n(n(n(out[4 * x + 2]) * rest) + half), out[4 * x + 3]
        out[4 * x] = np.uint8(n(patch[4 * x]) + n(n(blue + n(blue >> n(8))) >> n(8)))
        out[4 * x + 1] = np.uint8(n(patch[4 * x + 1]) + n(n(green + n(green >> n(8))) >> n(8)))
        out[4 * x + 2] = np.uint8(n(patch[4 * x + 2]) + n(n(red + n(red >> n(8))) >> n(8)))
        out[4 * x + 3] = unused


@kernel("void(u1[:, :, ::1], i8, i8, i8, i4[:, ::1], i2[:, ::1])")
def pillars(out: Pixels, left: int, top: int, rows: int, heights: NDArray[np.int32], light: NDArray[np.int16]) -> None:
    """Add the light of each channel's filled shape to the pixels; twice as much on its upper edge.

    Args:
        out: (any, any, 4) uint8.
        left: column of the drawing's left edge in it,
        top: and row of its upper one.
        rows: of the drawing.
        heights: (channels, columns) int32, from the lowest row upwards.
        light: (channels, 3) int16, blue, green and red in halves of a level.
    """
    added = np.empty(heights.shape[1], np.int32)
    for r in range(rows):
        high = np.int32(rows - r)
        target = out[top + r, left : left + added.size]
        for k in range(3):
            added[:] = np.int32(0)
            for channel in range(heights.shape[0]):
                _add_light(heights[channel], high, np.int32(light[channel, k]), added)
            for c in range(added.size):
                target[c, k] = min(np.int32(2 * np.int32(target[c, k]) + added[c]) >> np.int32(1), np.int32(255))


@inner
def _add_light(heights: NDArray[np.int32], high: np.int32, light: np.int32, added: NDArray[np.int32]) -> None:
    none = np.int32(0)
    for c in range(added.size):
        added[c] += (light if heights[c] >= high else none) + (light if heights[c] == high else none)


@kernel("void(u1[:, :, :], i8)")
def shade(out: Pixels, keep: int) -> None:
    """Darken the pixels in place to keep / 256 of what they were."""
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            for k in range(3):
                out[r, c, k] = (np.uint32(out[r, c, k]) * np.uint32(keep)) >> 8


@kernel("void(u1[:, :, ::1], u1[:, :, ::1], i8, i8, i8)")
def mix(out: Pixels, other: Pixels, left: int, top: int, parts: int) -> None:
    """Lay another picture, (r, c, 4) uint8, over the pixels: `parts` of 256 are its, the rest stays."""
    for r in range(other.shape[0]):
        for c in range(other.shape[1]):
            for k in range(3):
                below = np.uint32(out[top + r, left + c, k]) * np.uint32(256 - parts)
                out[top + r, left + c, k] = (below + np.uint32(other[r, c, k]) * np.uint32(parts)) >> 8


@kernel("void(u1[:, :, ::1], i8, i8, i8, i8, i8, u1[::1])")
def stroke(out: Pixels, x0: int, y0: int, x1: int, y1: int, thick: int, colour: NDArray[np.uint8]) -> None:
    """A straight line between two points; colour is (3,): blue, green, red. What lies beyond the panel is left out."""
    steps = max(abs(x1 - x0), abs(y1 - y0), 1)
    for i in range(steps + 1):
        x, y = x0 + (x1 - x0) * i // steps, y0 + (y1 - y0) * i // steps
        for k in range(thick):
            r, c = (y + k - thick // 2, x) if abs(x1 - x0) >= abs(y1 - y0) else (y, x + k - thick // 2)
            if 0 <= r < out.shape[0] and 0 <= c < out.shape[1]:
                for channel in range(3):
                    out[r, c, channel] = colour[channel]
