"""What panels want done to finished pixels: another format, another way up. numba kernels; pure."""

import numpy as np
from numpy.typing import NDArray

from device.kernel import kernel
from ui.screen import Pixels


@kernel("void(u1[:, :, ::1], u2[:, :])")
def rgb565(pixels: Pixels, out: NDArray[np.uint16]) -> None:
    """(rows, columns, 4) BGRX to (rows, columns) uint16: five bits red on top, six green, five blue; rest cut off."""
    for r in range(pixels.shape[0]):
        source, target = pixels[r], out[r]
        for c in range(pixels.shape[1]):
            red, green, blue = np.uint16(source[c, 2]), np.uint16(source[c, 1]), np.uint16(source[c, 0])
            target[c] = ((red & 0xF8) << 8) | ((green & 0xFC) << 3) | (blue >> 3)


@kernel("void(u4[:, :], u4[:, :], i8)")
def _quarter(source: NDArray[np.uint32], out: NDArray[np.uint32], row_step: int) -> None:
    """Transposed in tiles of 16 x 16, so that both sides stay in the cache; mirrored one way or the other."""
    rows, columns = source.shape
    for r0 in range(0, rows, 16):
        for c0 in range(0, columns, 16):
            for c in range(c0, min(c0 + 16, columns)):
                for r in range(r0, min(r0 + 16, rows)):
                    if row_step > 0:
                        out[columns - 1 - c, r] = source[r, c]
                    else:
                        out[c, rows - 1 - r] = source[r, c]


def turned(pixels: Pixels, turns: int, out: Pixels) -> Pixels:
    """The picture turned clockwise by 1, 2 or 3 quarters, written into `out` of the turned shape."""
    source, target = pixels.view(np.uint32)[..., 0], out.view(np.uint32)[..., 0]
    if turns == 2:
        target[:] = source[::-1, ::-1]
    else:
        _quarter(source, target, 1 if turns == 3 else -1)
    return out
