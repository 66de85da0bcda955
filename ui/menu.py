"""The menu as it is drawn: a page of rows, as many as there is room for, with a line of help below; or a question.

It takes the whole panel, white on black: a menu over a picture cannot be read in the sun.
"""

import msgspec

from device.face_states import MenuRow, MenuState
from ui import drawing
from ui.arrangement import line
from ui.blending import blend
from ui.rect import Rect
from ui.screen import Pixels
from ui.text import drawable, fitted, height, patch, width, wrapped
from ui.theme import BLACK, FAINT, GREY, RED, WHITE, Colour, Measures, measures

HELP_LINES = 2
QUESTION_LINES = 5
SMALL_PANELS = 13  # the size of remarks on panels of up to 400 pixels
LABEL_SHARE = 0.62  # of a row's width, where a value stands beside it
_ARROWS = {"page": ">", "action": ""}


class MenuLayout(msgspec.Struct, frozen=True):
    """Where everything of a menu stands on a panel.

    Attributes:
        title: the line at the top.
        rows: one below the other, as many as there is room for.
        help: the lines at the bottom.
        measures: the sizes that were used.
    """

    title: Rect
    rows: tuple[Rect, ...]
    help: Rect
    measures: Measures


def menu_layout(size: tuple[int, int], rows: int) -> MenuLayout:
    """For a panel of (columns, rows) and a page of that many rows."""
    m, panel = measures(size), Rect(0, 0, *size)
    inside = panel.inset(m.pad, m.pad)
    title = Rect(inside.left, inside.top, inside.columns, line(m.medium))
    help_rows = HELP_LINES * line(help_size(m))
    below = Rect(inside.left, inside.bottom - help_rows, inside.columns, help_rows)
    room = Rect(0, title.bottom + 2 * m.gap, size[0], below.top - title.bottom - 4 * m.gap)
    high = line(m.value) + m.gap
    fitting = max(1, min(rows, room.rows // high))
    return MenuLayout(title, tuple(Rect(0, room.top + i * high, size[0], high) for i in range(fitting)), below, m)


def first_row(rows: int, cursor: int, fitting: int) -> int:
    """Which row of a page stands at the top, so that the cursor is seen with something on either side of it."""
    return min(max(cursor - fitting // 2, 0), max(rows - fitting, 0))


def draw_menu(out: Pixels, menu: MenuState) -> None:
    """All of it, over all of the panel.

    Args:
        out: (rows, columns, 4) uint8, blue, green, red, unused.
        menu: one that is open.
    """
    drawing.fill(out, Rect(0, 0, out.shape[1], out.shape[0]), BLACK)
    layout = menu_layout((out.shape[1], out.shape[0]), len(menu.rows))
    if menu.question:
        _draw_question(out, menu, layout)
    else:
        _draw_page(out, menu, layout)


def _draw_page(out: Pixels, menu: MenuState, layout: MenuLayout) -> None:
    m, first = layout.measures, first_row(len(menu.rows), menu.cursor, len(layout.rows))
    _draw_title(out, menu, layout)
    for i, rect in enumerate(layout.rows):
        _draw_row(out, menu.rows[first + i], rect, m, lit=first + i == menu.cursor, editing=menu.editing)
    if len(layout.rows) < len(menu.rows):
        _draw_bar(out, layout, first, len(menu.rows))
    drawing.fill(out, Rect(layout.help.left, layout.help.top - m.gap, layout.help.columns, m.line), FAINT)
    _draw_lines(out, menu.rows[menu.cursor].help, layout.help, help_size(m), HELP_LINES, GREY)


def _draw_title(out: Pixels, menu: MenuState, layout: MenuLayout) -> None:
    """The page's name, and at which of its rows one is."""
    m, rect = layout.measures, layout.title
    at = f"{menu.cursor + 1}/{len(menu.rows)}"
    _write(out, at, rect, m.small, GREY, "right")
    room = Rect(rect.left, rect.top, rect.columns - width(at, m.small) - m.pad, rect.rows)
    _write(out, menu.title, room, m.medium, GREY, "left")


def _draw_row(out: Pixels, row: MenuRow, rect: Rect, m: Measures, *, lit: bool, editing: bool) -> None:
    """Label and value; the one that the buttons mean on white, and its value on red while it is being changed."""
    ink = WHITE
    if lit:
        drawing.fill(out, rect, WHITE)
        ink = BLACK
    inside = rect.inset(m.pad, 0)
    value = drawable(row.value) or _ARROWS.get(row.kind, "")
    share = LABEL_SHARE if row.value else 0.9
    label = Rect(inside.left, inside.top, round(inside.columns * share), inside.rows)
    _write(out, row.label, label, row_size(m), ink, "left")
    place = Rect(label.right + m.gap, inside.top, inside.right - label.right - m.gap, inside.rows)
    if lit and editing:
        drawing.fill(out, Rect(place.left - m.gap, place.top, rect.right - place.left + m.gap, place.rows), RED)
        ink = WHITE
    _write(out, value, place, row_size(m), ink, "right")


def row_size(m: Measures) -> int:
    """Of a row's text: between that of remarks and that of the viewfinder's figures."""
    return (m.medium + m.value) // 2


def help_size(m: Measures) -> int:
    """Of the text below the rows: larger than remarks where there is room for two lines of it."""
    return m.small if m.small <= SMALL_PANELS else round(1.2 * m.small)


def _draw_bar(out: Pixels, layout: MenuLayout, first: int, rows: int) -> None:
    """How much of the page is seen, along the right edge."""
    top, bottom = layout.rows[0].top, layout.rows[-1].bottom
    m, high = layout.measures, bottom - top
    left = layout.rows[0].right - 2 * m.line
    drawing.fill(out, Rect(left, top, 2 * m.line, high), FAINT)
    seen = Rect(left, top + high * first // rows, 2 * m.line, high * len(layout.rows) // rows)
    drawing.fill(out, seen, RED)


def _draw_question(out: Pixels, menu: MenuState, layout: MenuLayout) -> None:
    """What is asked, large, and the answers at the bottom."""
    m = layout.measures
    _write(out, menu.title, layout.title, m.medium, GREY, "left")
    high = line(m.value) + m.gap
    bottom = out.shape[0] - m.pad
    top = bottom - high * len(menu.rows)
    room = Rect(layout.title.left, layout.title.bottom + 2 * m.gap, layout.title.columns, top - layout.title.bottom)
    _draw_lines(out, menu.question, room, row_size(m), QUESTION_LINES, WHITE)
    for i, row in enumerate(menu.rows):
        rect = Rect(0, top + i * high, out.shape[1], high)
        _draw_row(out, row, rect, m, lit=i == menu.cursor, editing=False)


def _draw_lines(out: Pixels, text: str, rect: Rect, size: int, lines: int, colour: Colour) -> None:
    for i, words in enumerate(wrapped(drawable(text), size, rect.columns, lines)):
        _write(out, words, Rect(rect.left, rect.top + i * line(size), rect.columns, line(size)), size, colour, "left")


def _write(out: Pixels, text: str, rect: Rect, size: int, colour: Colour, side: str) -> None:
    """One line in the middle of a rectangle's height, smaller if it must be; nothing where there is no room for it."""
    words, fitting = fitted((drawable(text),), size, rect.columns)
    columns, rows = width(words, fitting), height(fitting)
    left = rect.left if side == "left" else rect.right - columns
    place = Rect(left, rect.top + (rect.rows - rows) // 2, columns, rows)
    if words and Rect(0, 0, out.shape[1], out.shape[0]).contains(place):
        blend(out, patch(words, fitting, colour), place.left, place.top)
