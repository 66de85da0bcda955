"""What stands on the panel while numba and its kernels are loaded: drawn with neither, so that it is there at once."""

import numpy as np
from numpy.typing import NDArray

from ui.glyphs import SIZES
from ui.screen import Pixels
from ui.text import patch
from ui.theme import GREY, measures

NAME = "mcam"


def splash(size: tuple[int, int]) -> Pixels:
    """The camera's name in the middle of a black panel.

    Args:
        size: (columns, rows) of the panel.

    Returns:
        (rows, columns, 4) uint8; blue, green, red, unused.
    """
    name = patch(NAME, min(2 * measures(size).value, SIZES[-1]), GREY)
    top, left = (size[1] - name.shape[0]) // 2, (size[0] - name.shape[1]) // 2
    pixels = np.zeros((size[1], size[0], 4), np.uint8)
    pixels[top : top + name.shape[0], left : left + name.shape[1], :3] = name[..., :3]
    return pixels


def plain_rgb565(pixels: Pixels) -> NDArray[np.uint16]:
    """As `panel_format.rgb565`, by numpy alone: several times slower, and there before numba is.

    Args:
        pixels: (rows, columns, 4) uint8; blue, green, red, unused.

    Returns:
        (rows, columns) uint16: five bits red on top, six green, five blue.
    """
    blue, green, red = (pixels[..., channel].astype(np.uint16) for channel in range(3))
    return ((red & 0xF8) << 8 | (green & 0xFC) << 3 | blue >> 3).astype(np.uint16)
