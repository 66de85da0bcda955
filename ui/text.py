"""Words as patches of pixels, in the scalable font that Pillow brings along; each is drawn once and kept.

That font has no letter beyond ASCII. Umlauts are put together of a letter and two of its full stops.
"""

import math
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ui.screen import Pixels
from ui.theme import Colour

SMALLEST = 11  # pixels; smaller is not read on a panel held at arm's length
ELLIPSIS = "…"
DOTS_ABOVE, DOTS_APART = 0.09, 0.27  # of an umlaut: over its letter, and from each other; of the text's size
_INSTEAD = str.maketrans({"–": "-", "—": "-", "−": "-", "×": "x", "∞": "inf", "’": "'", "“": '"', "”": '"', "ß": "ss"})
_UMLAUTS = str.maketrans("äöüÄÖÜëË", "aouAOUeE")


def drawable(text: str) -> str:
    """The text with what the font lacks written otherwise; it would show boxes."""
    return text.translate(_INSTEAD)


@lru_cache(maxsize=32)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font at that many pixels."""
    loaded = ImageFont.load_default(size)
    assert isinstance(loaded, ImageFont.FreeTypeFont)  # noqa: S101 - Pillow 10.1 and later, which pyproject asks for
    return loaded


@lru_cache(maxsize=1024)
def width(text: str, size: int) -> int:
    """Columns that a line takes."""
    text = text.translate(_UMLAUTS)
    left, _, right, _ = font(size).getbbox(text, anchor="ls")
    return math.ceil(max(right, font(size).getlength(text)) - min(left, 0))


def height(size: int) -> int:
    """Rows that a line takes, with everything that hangs below it."""
    ascent, descent = font(size).getmetrics()
    return ascent + descent


def fitted(wordings: tuple[str, ...], size: int, columns: int) -> tuple[str, int]:
    """The first wording that fits, else the last one made smaller, else cut off with an ellipsis.

    Args:
        wordings: from the longest to the shortest.
        size: wanted, pixels.
        columns: of room.

    Returns:
        What to write and in which size.
    """
    for wording in wordings:
        if width(wording, size) <= columns:
            return wording, size
    for smaller in range(size - 1, SMALLEST - 1, -1):
        if width(wordings[-1], smaller) <= columns:
            return wordings[-1], smaller
    return _cut(wordings[-1], min(size, SMALLEST), columns), min(size, SMALLEST)


def wrapped(text: str, size: int, columns: int, lines: int) -> list[str]:
    """The text in at most that many lines of that many columns; what is too much is cut off with an ellipsis.

    A figure and its millimetres stay together.
    """
    filled: list[str] = []
    words = [word.replace("\u00a0", " ") for word in text.replace(" mm", "\u00a0mm").split(" ") if word]
    while words and len(filled) < lines:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size) <= columns:
            line += " " + words.pop(0)
        filled.append(line)
    if words and filled:
        filled[-1] += ELLIPSIS
    return [_cut(line, size, columns) for line in filled]


def _cut(text: str, size: int, columns: int) -> str:
    if width(text, size) <= columns:
        return text
    kept = text.removesuffix(ELLIPSIS)
    while kept and width(kept + ELLIPSIS, size) > columns:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


@lru_cache(maxsize=256)
def patch(text: str, size: int, colour: Colour) -> Pixels:
    """The line drawn: (height(size), width(text, size), 4) uint8; blue, green, red times alpha, and alpha."""
    mask = Image.new("L", (width(text, size), height(size)))
    letters, draw = text.translate(_UMLAUTS), ImageDraw.Draw(mask)
    left = min(font(size).getbbox(letters, anchor="ls")[0], 0)
    baseline = font(size).getmetrics()[0]
    draw.text((-left, baseline), letters, font=font(size), fill=255, anchor="ls")
    for i in (i for i, letter in enumerate(letters) if letter != text[i]):
        _dots(draw, (font(size).getlength(letters[:i]) - left, baseline), letters[i], size)
    return coloured(mask, colour)


def _dots(draw: ImageDraw.ImageDraw, origin: tuple[float, float], letter: str, size: int) -> None:
    """Those over an umlaut, whose letter begins at that point of the baseline."""
    begin, top, end, _ = font(size).getbbox(letter, anchor="ls")
    middle, bottom = origin[0] + (begin + end) / 2, origin[1] + top - size * DOTS_ABOVE
    for side in (-1, 1):
        draw.text((middle + side * size * DOTS_APART / 2, bottom), ".", font=font(size), fill=255, anchor="ms")


@lru_cache(maxsize=32)
def dot(diameter: int, colour: Colour) -> Pixels:
    """A disc, drawn four times as large and scaled down so that its edge is smooth."""
    mask = Image.new("L", (4 * diameter, 4 * diameter))
    ImageDraw.Draw(mask).ellipse((0, 0, 4 * diameter - 1, 4 * diameter - 1), fill=255)
    return coloured(mask.resize((diameter, diameter), Image.Resampling.BOX), colour)


def coloured(mask: Image.Image, colour: Colour) -> Pixels:
    """A premultiplied patch of one colour from how much of it covers each pixel."""
    cover = np.asarray(mask, np.uint16)[..., None]
    parts = np.array([*reversed(colour), 255], np.uint16)
    return ((cover * parts + 127) // 255).astype(np.uint8)
