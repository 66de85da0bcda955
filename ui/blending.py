"""Laying things over finished pixels, touching only what they cover. numba kernels; pure."""

import numpy as np
from numpy.typing import NDArray

from device.kernel import kernel
from ui.screen import Pixels


@kernel("void(u1[:, :, ::1], u1[:, :, ::1], i8, i8)")
def blend(out: Pixels, patch: Pixels, left: int, top: int) -> None:
    """Lay a premultiplied patch over the pixels: out = patch + out x (255 - alpha) / 255, rounded.

    Args:
        out: (rows, columns, 4) uint8.
        patch: (r, c, 4) uint8: blue, green, red times alpha, and alpha; wholly inside `out`.
        left: column of its left edge.
        top: row of its upper edge.
    """
    for r in range(patch.shape[0]):
        for c in range(patch.shape[1]):
            alpha = patch[r, c, 3]
            if alpha != 0:
                for k in range(3):
                    below = np.uint32(out[top + r, left + c, k]) * np.uint32(255 - alpha) + np.uint32(128)
                    out[top + r, left + c, k] = patch[r, c, k] + ((below + (below >> 8)) >> 8)


@kernel("void(u1[:, :, :], i4[:, ::1], f4[:, ::1])")
def pillars(out: Pixels, heights: NDArray[np.int32], light: NDArray[np.float32]) -> None:
    """Add the light of each channel's filled shape to the pixels; twice as much on its upper edge.

    Args:
        out: (rows, columns, 4) uint8.
        heights: (channels, columns) int32, from the lowest row upwards.
        light: (channels, 3) float32, blue, green and red.
    """
    rows = out.shape[0]
    for r in range(rows):
        high = rows - r
        for c in range(out.shape[1]):
            for k in range(3):
                total = np.float32(out[r, c, k])
                for channel in range(heights.shape[0]):
                    if heights[channel, c] >= high:
                        total += light[channel, k] * (2 if heights[channel, c] == high else 1)
                out[r, c, k] = np.uint8(min(total, np.float32(255)))


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
