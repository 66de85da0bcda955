"""Where one is in the menu: pages one inside the other, a value in hand, or a question. Pure."""

from dataclasses import dataclass, replace

from device.dials import Value
from device.menu_pages import FIRST, PAGES

CANCEL = 0  # the first answer of every question: OK pressed once too often does no harm


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in the menu.

    Attributes:
        pages: from the first to the one that is seen.
        cursors: of each of them.
        editing: whether the row under the cursor is being changed.
        before: what its value was when that began.
        choices: how many there are to choose from, while those of a setting are listed; else 0.
        asked: the action that is asked about; empty when none is.
        answer: the cursor among the choices or answers.
    """

    pages: tuple[str, ...] = (FIRST,)
    cursors: tuple[int, ...] = (0,)
    editing: bool = False
    before: Value = None
    choices: int = 0
    asked: str = ""
    answer: int = CANCEL

    @property
    def page(self) -> str:
        """The one that is seen."""
        return self.pages[-1]

    @property
    def cursor(self) -> int:
        """On it."""
        return self.cursors[-1]

    @property
    def row(self) -> str:
        """What the cursor is on: a setting's key, an action, or "page." and a page."""
        return PAGES[self.page][self.cursor]


def moved(place: Place, steps: int) -> Place:
    """The cursor that many rows down; round at the ends. Among answers it stops there."""
    if place.choices:
        return replace(place, answer=(place.answer + steps) % place.choices)
    if place.asked:
        return replace(place, answer=min(max(place.answer + steps, 0), 1))
    cursor = (place.cursor + steps) % len(PAGES[place.page])
    return replace(place, cursors=(*place.cursors[:-1], cursor))


def entered(place: Place, page: str) -> Place:
    """On a page inside the one that is seen."""
    return replace(place, pages=(*place.pages, page), cursors=(*place.cursors, 0))


def left(place: Place) -> Place | None:
    """One page back; None: out of the menu."""
    if len(place.pages) == 1:
        return None
    return replace(place, pages=place.pages[:-1], cursors=place.cursors[:-1])


def began_editing(place: Place, value: Value) -> Place:
    """The row under the cursor is changed from now on."""
    return replace(place, editing=True, before=value)


def ended_editing(place: Place) -> Place:
    """Up and down move the cursor again."""
    return replace(place, editing=False, before=None)


def began_choosing(place: Place, choices: int, at: int) -> Place:
    """The choices of the row under the cursor are listed, with the cursor on the one that holds."""
    return replace(place, choices=choices, answer=at)


def ended_choosing(place: Place) -> Place:
    """Back on the page."""
    return replace(place, choices=0, answer=0)


def asked(place: Place, action: str) -> Place:
    """A question is open; its cursor is on Cancel."""
    return replace(place, asked=action, answer=CANCEL)


def answered(place: Place) -> Place:
    """It is closed."""
    return replace(place, asked="", answer=CANCEL)
