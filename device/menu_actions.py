"""What the menu can do besides changing a setting: presets, the factory reset, and what the camera does at once."""

from collections.abc import Callable, Mapping
from typing import Protocol

from device.errors import McamError
from device.languages import Words
from device.menu_pages import ASKED_FIRST, PRESETS


class Settings(Protocol):
    """The settings as a whole; `kept_settings.KeptSettings` keeps them."""

    def has_preset(self, name: str) -> bool:
        """Whether something is kept under that name."""
        ...

    def use_preset(self, name: str) -> None:
        """Settings as they are kept under that name; nothing happens when there are none."""
        ...

    def keep_preset(self, name: str) -> None:
        """Keep the settings as they are now under that name."""
        ...

    def reset(self) -> None:
        """All settings as they came, presets forgotten."""
        ...


class Actions:
    """Those of `menu_pages.ACTIONS`, by their names.

    Args:
        settings: presets and the reset.
        doing: what the camera does at once, by the action's name.
        refused: told the sentence when it does not.
    """

    def __init__(
        self, settings: Settings, doing: Mapping[str, Callable[[], None]], refused: Callable[[str], None]
    ) -> None:
        self._settings, self._doing, self._refused = settings, doing, refused

    def question(self, action: str) -> str:
        """The name of what must be asked first; empty when nothing would be lost."""
        verb, _, preset = action.partition(".")
        if verb == "keep" and self._settings.has_preset(preset):
            return "keep"
        return action if action in ASKED_FIRST else ""

    def do(self, action: str) -> bool:
        """Do it; whether the menu closes then, so that what came of it is seen."""
        verb, _, preset = action.partition(".")
        if action in self._doing:
            self._at_once(action)
            return True
        if verb == "reset":
            self._settings.reset()
        elif verb == "keep":
            self._settings.keep_preset(preset)
        elif self._settings.has_preset(preset):
            self._settings.use_preset(preset)
            return True
        return False

    def _at_once(self, action: str) -> None:
        try:
            self._doing[action]()
        except McamError as error:
            self._refused(str(error))

    def value(self, action: str, words: Words) -> str:
        """What stands beside it on the menu."""
        preset = action.partition(".")[2]
        if preset not in PRESETS:
            return ""
        return words.value["kept" if self._settings.has_preset(preset) else "empty"]
