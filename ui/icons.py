"""The two signs that a photograph can bear: a star for each step of its rating, and a lock."""

import math
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from ui.screen import Pixels
from ui.text import coloured
from ui.theme import Colour

_FINE = 4  # drawn so many times as large and scaled down, so that edges are smooth


@lru_cache(maxsize=16)
def star(side: int, colour: Colour) -> Pixels:
    """A star of five points, (side, side, 4) as `text.patch`."""
    mask, radius = Image.new("L", (_FINE * side, _FINE * side)), _FINE * side / 2
    corners = []
    for k in range(10):
        reach = radius * (0.98 if k % 2 == 0 else 0.42)
        angle = math.pi * (k / 5 - 0.5)
        corners.append((radius + reach * math.cos(angle), radius + reach * math.sin(angle)))
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    return coloured(np.asarray(mask.resize((side, side), Image.Resampling.BOX)), colour)


@lru_cache(maxsize=8)
def lock(side: int, colour: Colour) -> Pixels:
    """A padlock, (side, side, 4) as `text.patch`."""
    large = _FINE * side
    mask = Image.new("L", (large, large))
    draw = ImageDraw.Draw(mask)
    draw.rectangle((0.18 * large, 0.45 * large, 0.82 * large, 0.95 * large), fill=255)
    box = (0.28 * large, 0.08 * large, 0.72 * large, 0.82 * large)
    draw.arc(box, 180, 360, fill=255, width=round(0.12 * large))
    return coloured(np.asarray(mask.resize((side, side), Image.Resampling.BOX)), colour)
