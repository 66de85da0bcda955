"""A menu over dials that nothing else turns, and a thumb."""

from dataclasses import dataclass, field

from device.dial_rules import changed
from device.dials import Dials, Value
from device.errors import McamError
from device.kept_values import applied, preset
from device.menu import Menu
from device.menu_actions import Actions
from device.states import ExposureState, ViewState

START = Dials(ExposureState(f_number=4.0), ViewState())


@dataclass
class Handled:
    """Dials, presets and the menu that changes them."""

    dials: Dials = START
    presets: dict[str, dict[str, Value]] = field(default_factory=dict)
    changes: int = 0
    refusal: McamError | None = None
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        actions = Actions(self, {"pick_grey": self.pick_grey}, self.told.append)
        self.menu = Menu(dials=lambda: self.dials, change=self.change, actions=actions, changed=self.count)
        self.menu.open()

    def change(self, key: str, value: Value) -> None:
        self.dials = changed(self.dials, key, value)

    def count(self) -> None:
        self.changes += 1

    def pick_grey(self) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.told.append("grey is picked")

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

    # ---- as menu_actions.Settings -------------------------------------------------------------------------------

    def has_preset(self, name: str) -> bool:
        return name in self.presets

    def use_preset(self, name: str) -> None:
        self.dials = applied(self.dials, self.presets[name])

    def keep_preset(self, name: str) -> None:
        self.presets[name] = preset(self.dials)

    def reset(self) -> None:
        self.dials, self.presets = START, {}
