"""The menu: has the buttons while it is open, changes settings, and says what of it is to be drawn.

Up and down move the cursor, left and right change a value at once. OK enters a page, throws a switch, does an action,
lists the choices of a setting, or takes a figure in hand: then up, down and the encoder change it, OK leaves it and
back gives the old one again. The function button is back.
"""

from collections.abc import Callable, Mapping

from device import menu_place
from device.dials import Value
from device.face_states import MenuState
from device.holds import Held
from device.languages import words
from device.menu_actions import Actions
from device.menu_options import Options
from device.menu_pages import ACTIONS
from device.menu_place import CANCEL, Place
from device.menu_rows import choice_rows, page_rows, question_rows
from device.menu_values import choices, is_number, stepped
from device.rules import Rule

_STEPS = {"up": -1, "down": 1, "left": -1, "right": 1}


class Menu:
    """A `button_route.Face`.

    Args:
        options: the settings.
        actions: what else can be done.
        changed: told after each step that there is something else to draw.
    """

    held: Mapping[str, Held] = dict.fromkeys(_STEPS, "repeat")

    def __init__(self, *, options: Options, actions: Actions, changed: Callable[[], None]) -> None:
        self._options, self._actions, self._changed = options, actions, changed
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
        elif place.choices:
            self._go(self._choosing(place, button))
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
        place = self._place
        if place is None:
            return MenuState()
        spoken = words(self._options.language)
        if place.asked:
            name = self._actions.question(place.asked) or place.asked
            title, question, rows = spoken.label[place.asked], spoken.question[name], question_rows(name, spoken)
            return MenuState(open=True, title=title, question=question, rows=rows, cursor=place.answer)
        if place.choices:
            rows = choice_rows(place.row, self._options, spoken)
            cursor = min(place.answer, len(rows) - 1)
            return MenuState(open=True, title=spoken.label[place.row], rows=rows, cursor=cursor)
        rows = page_rows(place.page, self._options, self._actions, spoken)
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

    def _choosing(self, place: Place, button: str) -> Place:
        if button in ("up", "down"):
            return menu_place.moved(place, _STEPS[button])
        rule = self._options.rule(place.row)
        if button == "ok" and rule is not None:
            offered = choices(place.row, rule)
            self._change(place.row, offered[min(place.answer, len(offered) - 1)])
        return menu_place.ended_choosing(place) if button in ("ok", "function") else place

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
        rule = self._options.rule(place.row)
        if rule is not None:
            return self._on_setting(place, rule, button)
        if place.row.startswith("page."):
            return self._on_page(place, button)
        return self._acted(place) if button == "ok" and place.row in ACTIONS else place

    def _on_setting(self, place: Place, rule: Rule, button: str) -> Place:
        now = self._options.value(place.row)
        if button != "ok":
            self._step(place.row, _STEPS[button])
        elif isinstance(now, bool):
            self._change(place.row, not now)
        elif is_number(place.row, rule):
            return menu_place.began_editing(place, now)
        else:
            offered = list(choices(place.row, rule))
            return menu_place.began_choosing(place, len(offered), offered.index(now) if now in offered else 0)
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
        rule = self._options.rule(key)
        if rule is not None:
            self._change(key, stepped(key, rule, self._options.value(key), steps))

    def _change(self, key: str, value: Value) -> None:
        if value != self._options.value(key):
            self._options.change(key, value)
