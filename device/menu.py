"""The menu: has the buttons while it is open, changes settings, and says what of it is to be drawn.

Up and down move the cursor, left and right change a value at once. OK enters a page, throws a switch, does an action,
or takes a value in hand: then up, down and the encoder change it, OK leaves it and back gives the old one again. The
function button is back.
"""

from collections.abc import Callable, Mapping

from device import menu_place
from device.dial_rules import RULES, value_of
from device.dials import Dials, Value
from device.holds import Held
from device.languages import Words, words
from device.menu_actions import Actions
from device.menu_pages import PAGES
from device.menu_place import CANCEL, Place
from device.menu_values import is_number, stepped, written
from device.states import MenuRow, MenuState, RowKind

_STEPS = {"up": -1, "down": 1, "left": -1, "right": 1}


class Menu:
    """A `button_route.Face`.

    Args:
        dials: where the settings stand now.
        change: gives a setting, by its key, a value that its rule accepts.
        actions: what else can be done.
        changed: told after each step that there is something else to draw.
    """

    held: Mapping[str, Held] = dict.fromkeys(_STEPS, "repeat")

    def __init__(
        self,
        *,
        dials: Callable[[], Dials],
        change: Callable[[str, Value], None],
        actions: Actions,
        changed: Callable[[], None],
    ) -> None:
        self._dials, self._change, self._actions, self._changed = dials, change, actions, changed
        self._place: Place | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has the buttons."""
        return self._place is not None

    def open(self) -> None:
        """On the quick settings."""
        self._go(Place())

    def close(self) -> None:
        """From wherever one was; what was changed stays."""
        if self._place is not None:
            self._go(None)

    def press(self, button: str) -> None:
        """A button of the pad, or "function" for back."""
        place = self._place
        if place is None:
            return
        if place.asked:
            self._go(self._asked(place, button))
        elif place.editing:
            self._go(self._edited(place, button))
        else:
            self._go(self._walked(place, button))

    def hold(self, button: str) -> None:
        """No button's holding means anything here but its repeating."""

    def turn(self, steps: int) -> None:
        """The encoder moves the cursor, or changes the value in hand."""
        place = self._place
        if place is None:
            return
        if place.editing:
            self._step(place.row, steps)
        else:
            place = menu_place.moved(place, steps)
        self._go(place)

    def reset(self) -> None:
        """The factory reset, as if it had been asked for and confirmed."""
        self._actions.do("reset")
        self._changed()

    def state(self) -> MenuState:
        """What is to be drawn."""
        place, dials = self._place, self._dials()
        if place is None:
            return MenuState()
        spoken = words(dials.view.language)
        if place.asked:
            return self._question(place, spoken)
        rows = tuple(self._row(name, dials, spoken) for name in PAGES[place.page])
        title = spoken.page[place.page]
        return MenuState(open=True, title=title, rows=rows, cursor=place.cursor, editing=place.editing)

    def _go(self, place: Place | None) -> None:
        self._place = place
        self._changed()

    def _asked(self, place: Place, button: str) -> Place | None:
        if button in _STEPS:
            return menu_place.moved(place, _STEPS[button])
        confirmed = button == "ok" and place.answer != CANCEL
        closes = confirmed and self._actions.do(place.asked)
        return None if closes else menu_place.answered(place)

    def _edited(self, place: Place, button: str) -> Place:
        if button in _STEPS:
            self._step(place.row, 1 if button in ("up", "right") else -1)
            return place
        if button == "function":
            self._change(place.row, place.before)
        return menu_place.ended_editing(place)

    def _walked(self, place: Place, button: str) -> Place | None:
        if button in ("up", "down"):
            return menu_place.moved(place, _STEPS[button])
        if button == "function":
            return menu_place.left(place)
        if place.row in RULES:
            return self._on_setting(place, button)
        if place.row.startswith("page."):
            return self._on_page(place, button)
        return self._acted(place) if button == "ok" else place

    def _on_setting(self, place: Place, button: str) -> Place:
        if button != "ok":
            self._step(place.row, _STEPS[button])
        elif isinstance(now := value_of(self._dials(), place.row), bool):
            self._change(place.row, not now)
        else:
            return menu_place.began_editing(place, now)
        return place

    def _on_page(self, place: Place, button: str) -> Place:
        if button == "left":
            return place
        return menu_place.entered(place, place.row.removeprefix("page."))

    def _acted(self, place: Place) -> Place | None:
        if self._actions.question(place.row):
            return menu_place.asked(place, place.row)
        return None if self._actions.do(place.row) else place

    def _step(self, key: str, steps: int) -> None:
        self._change(key, stepped(key, RULES[key], value_of(self._dials(), key), steps))

    def _row(self, name: str, dials: Dials, spoken: Words) -> MenuRow:
        label, line = spoken.label[name], spoken.help[name]
        if name not in RULES:
            kind: RowKind = "page" if name.startswith("page.") else "action"
            return MenuRow(label=label, value=self._actions.value(name, spoken), help=line, kind=kind)
        kind = "number" if is_number(name, RULES[name]) else "choice"
        value = written(spoken, name, RULES[name], value_of(dials, name))
        return MenuRow(label=label, value=value, help=line, kind=kind)

    def _question(self, place: Place, spoken: Words) -> MenuState:
        name = self._actions.question(place.asked) or place.asked
        answers = (spoken.label["cancel"], spoken.label[f"confirm.{name}"])
        return MenuState(
            open=True,
            title=spoken.label[place.asked],
            question=spoken.question[name],
            rows=tuple(MenuRow(label=answer, kind="action") for answer in answers),
            cursor=place.answer,
        )
