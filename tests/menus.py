"""A menu over dials that nothing else turns, and a thumb."""

from dataclasses import dataclass, field

from device.dial_rules import RULES, changed, value_of
from device.dials import Dials, Value
from device.errors import McamError
from device.face_states import ViewState
from device.kept_values import applied, preset
from device.languages import Words
from device.menu import Menu
from device.menu_actions import Actions
from device.menu_pages import LENS_KEYS
from device.menu_standing import Standing
from device.rules import OneOf, Rule
from device.states import ExposureState, StatusState

START = Dials(ExposureState(f_number=4.0), ViewState())
LENSES = {
    "none": ("", ""),
    "summilux-35": ("Leica Summilux-M 35 mm f/1.4 ASPH", "35 mm f/1.4"),
    "tri-elmar-28": ("Leica Tri-Elmar-M 28-35-50 mm f/4 ASPH", "28 mm f/4"),
}


@dataclass
class Handled:
    """Dials, presets and the menu that changes them."""

    dials: Dials = START
    presets: dict[str, dict[str, Value]] = field(default_factory=dict)
    lens: str = "summilux-35"
    changes: int = 0
    refusal: McamError | None = None
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        actions = Actions(self, {"pick_grey": self.pick_grey}, self.said.append)
        self.menu = Menu(options=self, actions=actions, changed=self.count)
        self.menu.open()

    def count(self) -> None:
        self.changes += 1

    def pick_grey(self) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.said.append("grey is picked")

    def press(self, *buttons: str) -> None:
        for button in buttons:
            self.menu.press(button)

    def go_to(self, label: str) -> None:
        """The cursor onto the row with that label."""
        labels = [row.label for row in self.menu.state().rows]
        self.menu.turn(labels.index(label) - self.menu.state().cursor)

    def enter(self, *labels: str) -> None:
        """OK on one row after the other."""
        for label in labels:
            self.go_to(label)
            self.press("ok")

    # ---- as menu_options.Options --------------------------------------------------------------------------------

    @property
    def language(self) -> str:
        return self.dials.view.language

    def rule(self, key: str) -> Rule | None:
        if key == "lens.flat_field":
            return OneOf(lambda: [True, False])
        if key in LENS_KEYS:
            return OneOf(lambda: list(LENSES) if key == "lens.key" else ["pixel", "diagonal"])
        return RULES.get(key)

    def value(self, key: str) -> Value:
        if key == "lens.flat_field":
            return True
        if key in LENS_KEYS:
            return self.lens if key == "lens.key" else "pixel"
        return value_of(self.dials, key)

    def change(self, key: str, value: Value) -> None:
        if key == "lens.key":
            self.lens = str(value)
        else:
            self.dials = changed(self.dials, key, value)

    def told(self, row: str, words: Words) -> str:
        return Standing(StatusState(battery_percent=87, charging=True, temperature_c=52), 412).told(row, words)

    def name(self, key: str, value: Value, *, whole: bool) -> str:
        if key == "lens.focal_length_mm":
            return "35 mm"
        return LENSES[str(value)][not whole] if key == "lens.key" and value != "none" else ""

    # ---- as menu_actions.Settings -------------------------------------------------------------------------------

    def has_preset(self, name: str) -> bool:
        return name in self.presets

    def use_preset(self, name: str) -> None:
        self.dials = applied(self.dials, self.presets[name])

    def keep_preset(self, name: str) -> None:
        self.presets[name] = preset(self.dials)

    def reset(self) -> None:
        self.dials, self.presets = START, {}
