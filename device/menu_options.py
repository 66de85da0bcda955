"""What the menu's rows stand for in a camera: settings of the dials, and of the lens before it."""

from collections.abc import Callable, Sequence
from typing import Protocol

from device.camera import Camera
from device.dial_rules import RULES, changed, value_of
from device.dials import Value
from device.errors import BadValue
from device.languages import Words
from device.lens_choice import LensChoice
from device.menu_pages import LENS_KEYS
from device.menu_standing import Standing
from device.rules import NumberOf, OneOf, Rule


class Options(Protocol):
    """The settings that a menu changes, each by its key."""

    @property
    def language(self) -> str:
        """Which words the menu is written in."""
        ...

    def rule(self, key: str) -> Rule | None:
        """What it may be; None of what is no setting."""
        ...

    def value(self, key: str) -> Value:
        """How it stands."""
        ...

    def change(self, key: str, value: Value) -> None:
        """Set it to something that its rule accepts."""
        ...

    def told(self, row: str, words: Words) -> str:
        """What stands beside a row that only tells something."""
        ...

    def name(self, key: str, value: Value, *, whole: bool) -> str:
        """What a choice is called that no table of words knows: a lens. `whole` where there is a line for it."""
        ...


class CameraOptions:
    """Those of a camera.

    Args:
        camera: has the dials.
        lenses: has the lens.
        stands: how the camera's body stands.
        refused: told the sentence when a setting cannot be changed; whoever holds a button down hears of no exception.
    """

    def __init__(
        self, camera: Camera, lenses: LensChoice, stands: Callable[[], Standing], refused: Callable[[str], None]
    ) -> None:
        self._camera, self._lenses, self._stands, self._refused = camera, lenses, stands, refused

    @property
    def language(self) -> str:
        """Which words the menu is written in."""
        return self._camera.dials.view.language

    def rule(self, key: str) -> Rule | None:
        """What it may be with this camera and lens; None of what is no setting."""
        if key in LENS_KEYS:
            return OneOf(lambda: self._of_the_lens(key))
        if key == "film.mode":
            return OneOf(lambda: self._camera.film.modes)
        if key == "exposure.f_number":
            return NumberOf((0.0, *self._camera.lens.apertures))
        return RULES.get(key)

    def value(self, key: str) -> Value:
        """How it stands."""
        if key in LENS_KEYS:
            value: Value = getattr(self._lenses.state(None), key.partition(".")[2])
            return value
        return value_of(self._camera.dials, key)

    def change(self, key: str, value: Value) -> None:
        """Set it to something that its rule accepts; it stays as it is where this camera has no such thing."""
        try:
            if key in LENS_KEYS:
                self._lenses.set(key, value)
            else:
                self._camera.dial(lambda dials: changed(dials, key, value))
        except BadValue as refusal:
            self._refused(str(refusal))

    def told(self, row: str, words: Words) -> str:
        """Of battery, heat, card and clock."""
        return self._stands().told(row, words)

    def name(self, key: str, value: Value, *, whole: bool) -> str:
        """A lens: maker and name, or its figures; a focal length."""
        if key == "lens.focal_length_mm":
            return f"{value:g} mm" if value else "--"
        if key != "lens.key":
            return ""
        lens = self._lenses.named(str(value))
        if whole or not lens.focal_length_mm:
            return lens.full_name
        aperture = f" f/{lens.max_aperture:g}" if lens.max_aperture else ""
        return f"{lens.focal_length_mm:g} mm{aperture}"

    def _of_the_lens(self, key: str) -> Sequence[Value]:
        if key == "lens.key":
            return self._lenses.keys()
        if key == "lens.focal_length_mm":
            lens = self._lenses.state(None)
            return lens.focal_lengths_mm or (lens.focal_length_mm,)
        return (True, False) if key == "lens.flat_field" else ("pixel", "diagonal")
