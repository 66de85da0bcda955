"""Letters drawn ahead in every usual size: Pillow, which draws them, is large and slow to be imported.

`glyphs/SIZE.msgpack` is the font at that many pixels, made by `ui/drawn_glyphs.py` (`make glyphs`). A size that has no
file is drawn by Pillow when it is first wanted. The font is Aileron, which its author gave to the public domain (CC0).
"""

from functools import lru_cache
from pathlib import Path

import msgspec

SIZES = range(4, 44)  # drawn ahead: from a lamp's diameter to the figures of a panel of 720 rows


class Glyph(msgspec.Struct, frozen=True, array_like=True):
    """One letter.

    Attributes:
        left: from the pen to its first column, pixels.
        top: from the baseline to its first row, negative above.
        columns: of its box.
        advance: from its pen to that of the next letter.
        cover: how much of each pixel of its box it covers, 0 to 255, row by row.
    """

    left: int
    top: int
    columns: int
    advance: int
    cover: bytes


class Face(msgspec.Struct, frozen=True, array_like=True):
    """The font at one size.

    Attributes:
        ascent: rows from a line's top to its baseline.
        descent: rows below that.
        missing: what stands for a letter that the font lacks.
        letters: all that it has.
        disc: of that diameter, cover as a glyph's.
    """

    ascent: int
    descent: int
    missing: Glyph
    letters: dict[str, Glyph]
    disc: bytes


@lru_cache(maxsize=64)
def face(size: int) -> Face:
    """The font at that many pixels."""
    try:
        return msgspec.msgpack.decode(place(size).read_bytes(), type=Face)
    except FileNotFoundError:
        from ui.drawn_glyphs import drawn  # noqa: PLC0415 - Pillow

        return drawn(size)


def place(size: int) -> Path:
    """Where that size is, if it is one of those drawn ahead."""
    return Path(__file__).with_name("glyphs") / f"{size}.msgpack"
