"""Words put together of letters that were drawn ahead, held against those that Pillow draws whole."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from device.languages import languages, words
from ui import text
from ui.drawn_glyphs import UMLAUTS, drawn, font
from ui.glyphs import SIZES, face, place

WHITE = (255, 255, 255)
LINES = ["ISO 3200", "1/125  f/2.8", "AVATAR Type (j) fjord", "W_Å»", "…", "", " ", "Summilux-M 50 mm"]
SIDES = [11, 15, 19, 28, 43, SIZES[-1] + 20]  # the last one is not drawn ahead


def by_pillow(line: str, size: int) -> Image.Image:
    """The whole line in one go, on a picture as large as it has to be."""
    left, _, right, _ = font(size).getbbox(line, anchor="ls")
    left = min(left, 0)
    ascent, descent = font(size).getmetrics()
    picture = Image.new("L", (round(max(right, font(size).getlength(line)) - left), ascent + descent))
    ImageDraw.Draw(picture).text((-left, ascent), line, font=font(size), fill=255, anchor="ls")
    return picture


@pytest.mark.parametrize("size", SIDES)
@pytest.mark.parametrize("line", LINES)
def test_a_line_of_letters_is_the_line_that_pillow_draws(line: str, size: int) -> None:
    picture = by_pillow(line, size)
    assert (text.width(line, size), text.height(size)) == picture.size
    assert np.array_equal(text.patch(line, size, WHITE)[..., 3], np.asarray(picture).reshape(picture.size[::-1]))


@pytest.mark.parametrize("language", languages())
def test_so_is_every_word_of_each_language_but_for_its_dots(language: str) -> None:
    bare = str.maketrans(UMLAUTS)
    for word in map(text.drawable, words(language).panel.values()):
        cover, letters = text.patch(word, 15, WHITE)[..., 3], np.asarray(by_pillow(word.translate(bare), 15))
        assert cover.shape == letters.shape, word
        assert (cover >= letters).all(), word
        assert np.array_equal(cover, letters) == (word == word.translate(bare)), word


@pytest.mark.parametrize("size", SIZES)
def test_what_was_drawn_ahead_is_what_would_be_drawn_now(size: int) -> None:
    assert place(size).exists(), "make glyphs"
    assert face(size) == drawn(size), "make glyphs"


def test_a_letter_that_the_font_lacks_is_a_box() -> None:
    assert np.array_equal(text.patch("\u4e00", 19, WHITE), text.patch("\uffff", 19, WHITE))
    assert text.patch("\u4e00", 19, WHITE).any()


def test_a_disc_is_as_large_as_it_should_be() -> None:
    for diameter in (5, 9, 14, 43, 60):
        cover = text.dot(diameter, WHITE)[..., 3] / 255
        assert cover.shape == (diameter, diameter)
        assert cover.sum() == pytest.approx(np.pi * diameter**2 / 4, rel=0.06)
