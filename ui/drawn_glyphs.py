"""Letters as Pillow draws them in the scalable font that it brings along. `make glyphs` keeps them for `glyphs.py`.

That font has hardly a letter beyond ASCII. Umlauts are put together of a letter and two of its full stops.
"""

from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ui.glyphs import SIZES, Face, Glyph, place

LETTERS = [chr(code) for code in range(0x20, 0x7F)] + list("©«°±´·»‘’“”…‹›⁄™")
UMLAUTS = dict(zip("äöüÄÖÜëË", "aouAOUeE", strict=True))
DOTS_ABOVE, DOTS_APART = 0.09, 0.27  # of an umlaut: over its letter, and from each other; of the text's size
LACKING = "\uffff"  # no font has it
_FINE = 4  # a disc is drawn so many times as large and scaled down, so that its edge is smooth


def drawn(size: int) -> Face:
    """The font at that many pixels."""
    ascent, descent = font(size).getmetrics()
    letters = {letter: _glyph(letter, size) for letter in [*LETTERS, *UMLAUTS]}
    return Face(ascent, descent, _glyph(LACKING, size), letters, disc(size).tobytes())


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font at that many pixels; each letter's pen is a whole number of them from the last one's."""
    loaded = ImageFont.load_default(size)
    assert isinstance(loaded, ImageFont.FreeTypeFont)  # noqa: S101 - Pillow 10.1 and later, which pyproject asks for
    return loaded


def disc(diameter: int) -> NDArray[np.uint8]:
    """How much of each pixel of its box a disc covers, (diameter, diameter)."""
    mask = Image.new("L", (_FINE * diameter, _FINE * diameter))
    ImageDraw.Draw(mask).ellipse((0, 0, _FINE * diameter - 1, _FINE * diameter - 1), fill=255)
    return np.asarray(mask.resize((diameter, diameter), Image.Resampling.BOX))


def _glyph(letter: str, size: int) -> Glyph:
    """Of a picture with room around it; an umlaut's dots lie above the box of its letter."""
    bare = UMLAUTS.get(letter, letter)
    mask = Image.new("L", (4 * size, 4 * size))
    draw = ImageDraw.Draw(mask)
    draw.text((size, 2 * size), bare, font=font(size), fill=255, anchor="ls")
    left, top, right, bottom = (round(side) for side in font(size).getbbox(bare, anchor="ls"))
    if letter in UMLAUTS:
        _dots(draw, bare, size)
        top = -size
    cover = np.asarray(mask)[2 * size + top : 2 * size + bottom, size + left : size + right]
    return Glyph(left, top, right - left, round(font(size).getlength(bare)), cover.tobytes())


def _dots(draw: ImageDraw.ImageDraw, letter: str, size: int) -> None:
    """Those over an umlaut, whose letter begins at (size, 2 * size)."""
    begin, top, end, _ = font(size).getbbox(letter, anchor="ls")
    middle, bottom = size + (begin + end) / 2, 2 * size + top - size * DOTS_ABOVE
    for side in (-1, 1):
        draw.text((middle + side * size * DOTS_APART / 2, bottom), ".", font=font(size), fill=255, anchor="ms")


def keep() -> None:
    """Write the files of all usual sizes."""
    for size in SIZES:
        place(size).parent.mkdir(exist_ok=True)
        place(size).write_bytes(msgspec.msgpack.encode(drawn(size)))


if __name__ == "__main__":
    keep()
