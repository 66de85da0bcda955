"""The settings of the rig's pins: buttons, encoder and the focus light; see mcam.toml."""

from dataclasses import dataclass
from typing import Annotated, Literal, get_type_hints

from device.lens_config import Pin
from device.rules import PinOrNone, Whole

OptionalPin = Annotated[int | str, PinOrNone(0, 27)]


@dataclass(frozen=True, slots=True)
class ButtonsConfig:
    """[buttons]: GPIO numbers."""

    enabled: Literal[True, False, "auto"]
    debounce_ms: Annotated[int, Whole(1, 100, "milliseconds")]
    s1: Pin
    s2: Pin
    function: Pin
    up: Pin
    down: Pin
    left: Pin
    right: Pin
    ok: Pin
    encoder_a: Pin
    encoder_b: Pin
    encoder_press: OptionalPin
    power: OptionalPin

    @property
    def pins(self) -> dict[str, int]:
        """Contact -> GPIO number, of those that are wired."""
        return {key: pin for key in PINS if (pin := getattr(self, key)) != "none"}


@dataclass(frozen=True, slots=True)
class FocusLightConfig:
    """[focus_light]: a GPIO number."""

    pin: OptionalPin

    @property
    def pins(self) -> dict[str, int]:
        """What it takes, where there is one."""
        return {} if self.pin == "none" else {"focus_light.pin": int(self.pin)}


PINS = [key for key, hint in get_type_hints(ButtonsConfig, include_extras=True).items() if hint in (Pin, OptionalPin)]
