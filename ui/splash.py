"""What stands on the panel while numba and its kernels are loaded: drawn with neither, so that it is there at once."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ui.screen import Pixels
from ui.text import font
from ui.theme import GREY, measures

NAME = "mcam"


def splash(size: tuple[int, int]) -> Pixels:
    """The camera's name in the middle of a black panel.

    Args:
        size: (columns, rows) of the panel.

    Returns:
        (rows, columns, 4) uint8; blue, green, red, unused.
    """
    picture = Image.new("RGB", size)
    middle = size[0] / 2, size[1] / 2
    ImageDraw.Draw(picture).text(middle, NAME, GREY, font(2 * measures(size).value), anchor="mm")
    pixels = np.zeros((size[1], size[0], 4), np.uint8)
    pixels[..., :3] = np.asarray(picture)[..., ::-1]
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
