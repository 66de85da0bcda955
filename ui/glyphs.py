"""Letters drawn ahead in every usual size: Pillow, which draws them, is large and slow to be imported.

`glyphs/SIZE.msgpack` is the font at that many pixels, made by `ui/drawn_glyphs.py` (`make glyphs`). A size that has no
file, or one that a bad card has damaged, is drawn by Pillow when it is first wanted. The font is Aileron, which its
author gave to the public domain (CC0).
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

    def __post_init__(self) -> None:
        """Raises ValueError where it is no box, which would come out only when the letter is drawn."""
        if len(self.cover) % self.columns if self.columns > 0 else self.cover:
            raise ValueError("the cover of a letter has another size than its box")


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
        found = msgspec.msgpack.decode(place(size).read_bytes(), type=Face)
        if len(found.disc) == size * size:
            return found
        _complain(size, "its disc has another size")
    except FileNotFoundError:
        pass
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        _complain(size, str(error))
    from ui.drawn_glyphs import drawn  # noqa: PLC0415 - Pillow

    return drawn(size)


def _complain(size: int, why: str) -> None:
    """Once for each size, as `face` remembers what is drawn instead."""
    import logging  # noqa: PLC0415 - half a megabyte, which the viewfinder has no other use for

    sentence = "%s is damaged (%s), so its letters are drawn anew, which takes time: install mcam again."
    logging.getLogger(__name__).warning(sentence, place(size), why)


def place(size: int) -> Path:
    """Where that size is, if it is one of those drawn ahead."""
    return Path(__file__).with_name("glyphs") / f"{size}.msgpack"
