"""Words as patches of pixels, put together of `glyphs`; each is drawn once and kept."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ui.glyphs import Glyph, face
from ui.screen import Pixels
from ui.theme import Colour

Cover = NDArray[np.uint8]  # (rows, columns), how much of each pixel is covered: 255 is all

SMALLEST = 11  # pixels; smaller is not read on a panel held at arm's length
ELLIPSIS = "…"
_INSTEAD = str.maketrans({"–": "-", "—": "-", "−": "-", "×": "x", "∞": "inf", "’": "'", "“": '"', "”": '"', "ß": "ss"})


def drawable(text: str) -> str:
    """The text with what the font lacks written otherwise; it would show boxes."""
    return text.translate(_INSTEAD)


@lru_cache(maxsize=1024)
def width(text: str, size: int) -> int:
    """Columns that a line takes."""
    left, right = _ends(text, size)
    return right - left


def height(size: int) -> int:
    """Rows that a line takes, with everything that hangs below it."""
    return face(size).ascent + face(size).descent


def _ends(text: str, size: int) -> tuple[int, int]:
    """The columns at which a line begins and ends, from its first pen: a letter may lie before that."""
    left = right = 0
    for pen, glyph in _placed(text, size):
        left = min(left, pen + glyph.left)
        right = max(right, pen + glyph.left + glyph.columns, pen + glyph.advance)
    return left, right


def _placed(text: str, size: int) -> Iterator[tuple[int, Glyph]]:
    """Each letter and where its pen stands."""
    letters, missing, pen = face(size).letters, face(size).missing, 0
    for letter in text:
        glyph = letters.get(letter, missing)
        yield pen, glyph
        pen += glyph.advance


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
    left, right = _ends(text, size)
    cover = np.zeros((height(size), right - left), np.uint8)
    for pen, glyph in _placed(text, size):
        if glyph.cover:
            _lay(glyph, pen - left, face(size).ascent, cover)
    return coloured(cover, colour)


def _lay(glyph: Glyph, pen: int, baseline: int, out: Cover) -> None:
    """Over what is there already; what would lie above or below the line is cut off."""
    cover = np.frombuffer(glyph.cover, np.uint8).reshape(-1, glyph.columns)
    cover = cover[max(0, -glyph.top - baseline) :][: out.shape[0] - max(0, baseline + glyph.top)]
    top, left = max(0, baseline + glyph.top), pen + glyph.left
    below = out[top : top + cover.shape[0], left : left + glyph.columns]
    below[:] = cover + (below * (255 - cover.astype(np.uint16)) + 127) // 255


@lru_cache(maxsize=32)
def dot(diameter: int, colour: Colour) -> Pixels:
    """A disc with a smooth edge."""
    return coloured(np.frombuffer(face(diameter).disc, np.uint8).reshape(diameter, diameter), colour)


def coloured(cover: Cover, colour: Colour) -> Pixels:
    """A premultiplied patch of one colour from how much of it covers each pixel."""
    parts = np.array([*reversed(colour), 255], np.uint16)
    return ((cover[..., None].astype(np.uint16) * parts + 127) // 255).astype(np.uint8)
