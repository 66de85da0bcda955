"""Where the project's scene is drawn: pictures in units of a frame of 4056 columns, whatever the real resolution."""

from collections.abc import Sequence
from math import ceil

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from device.thing import Light, Picture, Thing, linear

COLUMNS = 4056  # the unit: drawn on an IMX477, one of them is one photosite
ROWS = 3040
OVERSCAN = 64  # drawn beyond the frame's edges, for blur and a shaking hand
OVERSAMPLING = 2  # along a side, for smooth edges

Colour = tuple[int, int, int]  # sRGB, 8 bits
Point = tuple[float, float]


class Canvas:
    """A transparent picture.

    Args:
        scale: photosites per unit.
        width: units.
        height: units.
        ground: colour of the whole, or None for nothing.
    """

    def __init__(self, scale: float, width: float, height: float, ground: Colour | None = None) -> None:
        self.scale = scale
        self._size = ceil(width * scale), ceil(height * scale)
        self._by = scale * OVERSAMPLING
        size = self._size[0] * OVERSAMPLING, self._size[1] * OVERSAMPLING
        self._image = Image.new("RGBA", size, (*ground, 255) if ground else (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self._image)

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """A filled polygon."""
        self._draw.polygon([(x * self._by, y * self._by) for x, y in points], (*colour, 255))

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """A filled rectangle."""
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def ellipse(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """A filled ellipse."""
        self._draw.ellipse([v * self._by for v in (left, top, right, bottom)], (*colour, 255))

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A line through points."""
        scaled = [(x * self._by, y * self._by) for x, y in points]
        self._draw.line(scaled, (*colour, 255), max(1, round(width * self._by)), "curve")

    def text(self, at: Point, words: str, size: float, colour: Colour, anchor: str = "la") -> None:
        """Words, anchored as Pillow's text anchors say."""
        font = ImageFont.load_default(max(1.0, size * self._by))
        self._draw.text((at[0] * self._by, at[1] * self._by), words, (*colour, 255), font, anchor)

    def picture(self) -> Picture:
        """(4, rows, columns) float32: linear light premultiplied with alpha, and alpha."""
        codes = np.asarray(self._image.reduce(OVERSAMPLING))
        alpha = codes[:, :, 3].astype(np.float32) / 255
        colours = linear(codes[:, :, :3]).transpose(2, 0, 1) * alpha
        return np.concatenate([colours, alpha[None]])


def place(scale: float, depth_m: float, left: float, top: float, *phases: Picture, period_s: float = np.inf) -> Thing:
    """A picture as a thing with its corner at that place of the frame, in units."""
    return Thing(depth_m, round(top * scale / 2) * 2, round(left * scale / 2) * 2, phases, period_s)


def opaque(light: Light) -> Picture:
    """(3, rows, columns) linear light as a picture without holes."""
    picture = np.ones((4, *light.shape[1:]), np.float32)
    picture[:3] = light
    return picture
