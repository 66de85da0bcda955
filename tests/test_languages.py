"""Every word in every language: there, drawable with Pillow's font, and short enough for the smallest panel."""

import string

import msgspec
import pytest
from PIL import features

from device.dial_rules import RULES
from device.languages import Words, languages, words
from device.menu_pages import NOT_ON_THE_MENU, PAGES
from device.menu_values import choices, written
from device.rules import OneOf
from ui.drawn_glyphs import UMLAUTS, font
from ui.menu import HELP_LINES, LABEL_SHARE, QUESTION_LINES, help_size, menu_layout, row_size
from ui.text import SMALLEST, drawable, patch, width, wrapped
from ui.theme import WHITE

PANEL = (240, 240)
LAYOUT = menu_layout(PANEL, 1)
TABLES = [field.name for field in msgspec.structs.fields(Words)]
ROWS = {row for page in PAGES.values() for row in page}
each_language = pytest.mark.parametrize("language", languages())


def test_a_language_that_is_not_there_is_english() -> None:
    assert words("tlh") is not None
    assert words("tlh").label == words("en").label


@each_language
@pytest.mark.parametrize("table", TABLES)
def test_it_has_every_word_that_english_has_and_no_other(language: str, table: str) -> None:
    assert set(getattr(words(language), table)) == set(getattr(words("en"), table))


def test_english_has_a_label_and_a_line_of_help_for_every_row_and_a_title_for_every_page() -> None:
    spoken = words("en")
    assert set(spoken.label) >= ROWS
    assert set(spoken.help) == ROWS
    assert set(spoken.page) == set(PAGES)


@each_language
@pytest.mark.parametrize("key", sorted(set(RULES) - NOT_ON_THE_MENU))
def test_every_choice_has_a_name(language: str, key: str) -> None:
    """But for those that say themselves in figures, "3:2" for instance."""
    if isinstance(rule := RULES[key], OneOf):
        names = [written(words(language), key, rule, choice) for choice in choices(key, rule)]
        assert len(set(names)) == len(names)
        unnamed = [c for c in choices(key, rule) if isinstance(c, str) and not words(language).choice(key, c)]
        assert not [choice for choice in unnamed if set(choice) & set(string.ascii_letters)]


@each_language
@pytest.mark.parametrize("table", TABLES)
def test_no_glyph_is_missing(language: str, table: str) -> None:
    box = font(20).getmask("\ue000")  # of the private use area: what is drawn for a glyph that the font lacks
    for word in getattr(words(language), table).values():
        drawn = set(drawable(word).translate(str.maketrans(UMLAUTS))) - {" "}
        assert not [c for c in drawn if bytes(font(20).getmask(c)) == bytes(box)], word


@each_language
def test_every_row_fits_the_smallest_panel_with_its_longest_value(language: str) -> None:
    spoken, size = words(language), row_size(LAYOUT.measures)
    inside = PANEL[0] - 2 * LAYOUT.measures.pad
    for row in ROWS:
        share = LABEL_SHARE if row in RULES or ("." in row and not row.startswith("page.")) else 0.9
        assert width(drawable(spoken.label[row]), size) <= inside * share, row
        values = (
            [written(spoken, row, RULES[row], choice) for choice in choices(row, RULES[row])] if row in RULES else []
        )
        room = inside * (1 - LABEL_SHARE) - LAYOUT.measures.gap
        assert not [value for value in values if width(drawable(value), size) > room], row


@each_language
def test_every_line_of_help_and_every_question_fits_whole(language: str) -> None:
    spoken, m = words(language), LAYOUT.measures
    for text, size, lines in [
        *((text, help_size(m), HELP_LINES) for text in spoken.help.values()),
        *((text, row_size(m), QUESTION_LINES) for text in spoken.question.values()),
    ]:
        assert " ".join(wrapped(drawable(text), size, LAYOUT.help.columns, lines)) == drawable(text)


@each_language
def test_every_title_fits_beside_the_rows_number(language: str) -> None:
    m = LAYOUT.measures
    room = LAYOUT.title.columns - width("10/12", m.small) - m.pad
    assert not [title for title in words(language).page.values() if width(drawable(title), m.medium) > room]


def test_the_font_is_the_one_that_the_measures_are_of() -> None:
    assert features.check("freetype2")
    assert LAYOUT.measures.small >= SMALLEST


def test_an_umlaut_has_two_dots_and_takes_no_more_room_than_its_letter() -> None:
    plain, umlaut = patch("Ubung", 40, WHITE), patch("Übung", 40, WHITE)
    assert plain.shape == umlaut.shape
    changed = (plain != umlaut).any(axis=(0, 2))
    letter = width("U", 40)
    assert changed[:letter].any()
    assert not changed[letter:].any()
    columns = "".join("#" if column else " " for column in changed)
    assert len(columns.split()) == 2
