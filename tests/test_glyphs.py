"""Words put together of letters that were drawn ahead, held against those that Pillow draws whole."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from device.languages import languages, words
from ui import glyphs, text
from ui.drawn_glyphs import UMLAUTS, drawn, font
from ui.glyphs import SIZES, Face, Glyph, face, place

WHITE = (255, 255, 255)
LINES = ["ISO 3200", "1/125  f/2.8", "AVATAR Type (j) fjord", "W_Å»", "…", "", " ", "Summilux-M 50 mm"]
SIDES = [11, 15, 19, 28, 43, SIZES[-1] + 20]  # the last one is not drawn ahead


@pytest.fixture
def drawn_now(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Letters as the Pillow at hand draws them: another one's edges are others, in its lines too."""
    monkeypatch.setattr(text, "face", lru_cache(drawn))
    forget()
    yield
    forget()


def forget() -> None:
    for kept in (text.width, text.patch):
        kept.cache_clear()


def by_pillow(line: str, size: int) -> Image.Image:
    """The whole line in one go, on a picture as large as it has to be."""
    left, _, right, _ = font(size).getbbox(line, anchor="ls")
    left = min(left, 0)
    ascent, descent = font(size).getmetrics()
    picture = Image.new("L", (round(max(right, font(size).getlength(line)) - left), ascent + descent))
    ImageDraw.Draw(picture).text((-left, ascent), line, font=font(size), fill=255, anchor="ls")
    return picture


@pytest.mark.usefixtures("drawn_now")
@pytest.mark.parametrize("size", SIDES)
@pytest.mark.parametrize("line", LINES)
def test_a_line_of_letters_is_the_line_that_pillow_draws(line: str, size: int) -> None:
    picture = by_pillow(line, size)
    assert (text.width(line, size), text.height(size)) == picture.size
    assert alike(text.patch(line, size, WHITE)[..., 3], np.asarray(picture).reshape(picture.size[::-1]))


def alike(ours: NDArray[np.uint8], pillows: NDArray[np.uint8]) -> bool:
    """But for the few pixels that two letters share: Pillow 10 takes the greater cover there, as 11 no longer does."""
    return int((ours != pillows).sum()) <= 3


@pytest.mark.usefixtures("drawn_now")
@pytest.mark.parametrize("language", languages())
def test_so_is_every_word_of_each_language_but_for_its_dots(language: str) -> None:
    bare = str.maketrans(UMLAUTS)
    for word in map(text.drawable, words(language).panel.values()):
        cover, letters = text.patch(word, 15, WHITE)[..., 3], np.asarray(by_pillow(word.translate(bare), 15))
        assert cover.shape == letters.shape, word
        assert alike(np.minimum(cover, letters), letters), word
        assert alike(cover, letters) == (word == word.translate(bare)), word


@pytest.mark.parametrize("size", SIZES)
def test_what_was_drawn_ahead_is_what_would_be_drawn_now(size: int) -> None:
    """But for what another FreeType, in another Pillow, does: those of 2.13 put the dots of i and j a row lower."""
    assert place(size).exists(), "make glyphs"
    ahead, now = face(size), drawn(size)
    assert (ahead.ascent, ahead.descent, ahead.disc) == (now.ascent, now.descent, now.disc), "make glyphs"
    assert advances(ahead) == advances(now), "make glyphs"
    others = [letter for letter in now.letters if differ(ahead.letters[letter], now.letters[letter], size)]
    assert len(others) <= 4, f"make glyphs: {others}"  # fewer than there are umlauts, whose dots are ours
    assert not differ(ahead.missing, now.missing, size), "make glyphs"


def advances(one: Face) -> dict[str, int]:
    return {letter: glyph.advance for letter, glyph in one.letters.items()}


def differ(one: Glyph, other: Glyph, size: int) -> bool:
    """By more than a fiftieth of their ink: not by a rounding at their edges."""
    ink, moved = laid(one, size), laid(one, size) - laid(other, size)
    return bool(np.abs(moved).sum() > ink.sum() / 50)


def laid(glyph: Glyph, size: int) -> NDArray[np.int32]:
    """Where it lies about its pen, with room for any."""
    picture = np.zeros((4 * size, 4 * size), np.int32)
    if glyph.cover:
        cover = np.frombuffer(glyph.cover, np.uint8).reshape(-1, glyph.columns)
        top, left = 2 * size + glyph.top, size + glyph.left
        picture[top : top + cover.shape[0], left : left + glyph.columns] = cover
    return picture


def with_a_disc_too_large(whole: bytes) -> bytes:
    return msgspec.msgpack.encode([*msgspec.msgpack.decode(whole)[:4], bytes(20 * 20)])


def with_a_letter_cut_short(whole: bytes) -> bytes:
    ascent, descent, missing, letters, disc = msgspec.msgpack.decode(whole)
    letters["A"][4] = letters["A"][4][:-1]
    return msgspec.msgpack.encode([ascent, descent, missing, letters, disc])


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-100],
        lambda _: b"",
        lambda whole: bytes(len(whole)),
        with_a_disc_too_large,
        with_a_letter_cut_short,
    ],
)
def test_a_damaged_file_is_drawn_anew_and_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, damage: Callable[[bytes], bytes]
) -> None:
    damaged = tmp_path / "19.msgpack"
    damaged.write_bytes(damage(place(19).read_bytes()))
    monkeypatch.setattr(glyphs, "place", lambda _: damaged)
    face.cache_clear()
    try:
        assert face(19) == face(19) == drawn(19)
    finally:
        face.cache_clear()
    assert caplog.text.count("install mcam again") == 1


def test_a_letter_that_the_font_lacks_is_a_box() -> None:
    assert np.array_equal(text.patch("\u4e00", 19, WHITE), text.patch("\uffff", 19, WHITE))
    assert text.patch("\u4e00", 19, WHITE).any()


def test_a_disc_is_as_large_as_it_should_be() -> None:
    for diameter in (5, 9, 14, 43, 60):
        cover = text.dot(diameter, WHITE)[..., 3] / 255
        assert cover.shape == (diameter, diameter)
        assert cover.sum() == pytest.approx(np.pi * diameter**2 / 4, rel=0.06)
