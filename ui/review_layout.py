"""Where things stand while photographs are looked at: beside the picture, below it, or over it. Pure."""

from functools import lru_cache

import msgspec

from ui.arrangement import arranged, line
from ui.rect import Rect
from ui.theme import Measures, measures


class ReviewLayout(msgspec.Struct, frozen=True):
    """One panel.

    Attributes:
        panel: all of it.
        picture: what the photograph is fitted into.
        title: its name and place among the others.
        foot: its marks, and on the page of the picture nothing else.
        page: figures; on the picture's page only where `is_roomy`.
        text: size of what is on the page.
        is_roomy: nothing of this lies on the picture, but for a histogram that would be too small elsewhere.
        is_narrow: few words go into a line of the page.
        measures: the sizes that were used.
    """

    panel: Rect
    picture: Rect
    title: Rect
    foot: Rect
    page: Rect
    text: int
    is_roomy: bool
    is_narrow: bool
    measures: Measures


@lru_cache(maxsize=4)
def review_layout(size: tuple[int, int]) -> ReviewLayout:
    """For a panel of (columns, rows)."""
    m, panel = measures(size), Rect(0, 0, *size)
    picture = arranged(size, m).picture
    if size[0] - picture.right >= 8 * m.small:
        return _beside(panel, picture, m)
    if size[1] - picture.bottom >= 9 * line(m.medium):
        return _below(panel, picture, m)
    return _over(panel, m)


def _beside(panel: Rect, picture: Rect, m: Measures) -> ReviewLayout:
    column = Rect(picture.right, 0, panel.columns - picture.right, panel.rows).inset(m.pad, m.pad)
    title = Rect(column.left, column.top, column.columns, 2 * line(m.medium))
    foot = Rect(column.left, title.bottom, column.columns, 2 * line(m.medium))
    page = Rect(column.left, foot.bottom + m.pad, column.columns, column.bottom - foot.bottom - m.pad)
    return ReviewLayout(panel, picture, title, foot, page, m.medium, is_roomy=True, is_narrow=True, measures=m)


def _below(panel: Rect, picture: Rect, m: Measures) -> ReviewLayout:
    title = Rect(0, 0, panel.columns, picture.top).inset(m.pad, 0)
    block = Rect(0, picture.bottom, panel.columns, panel.rows - picture.bottom).inset(m.pad, m.pad)
    foot = Rect(block.left, block.top, block.columns, line(m.value))
    page = Rect(block.left, foot.bottom + m.pad, block.columns, block.bottom - foot.bottom - m.pad)
    return ReviewLayout(panel, picture, title, foot, page, m.value, is_roomy=True, is_narrow=False, measures=m)


def _over(panel: Rect, m: Measures) -> ReviewLayout:
    high = line(m.medium) + m.gap
    title = Rect(0, 0, panel.columns, high)
    foot = Rect(0, panel.rows - high, panel.columns, high)
    page = Rect(0, title.bottom, panel.columns, foot.top - title.bottom)
    return ReviewLayout(panel, panel, title, foot, page, m.medium, is_roomy=False, is_narrow=False, measures=m)
