"""What a Raspberry Pi's config.txt says: its settings for this model, its overlays, and the pins that they take.

The format: raspberrypi/documentation, config_txt. Overlays and their parameters: raspberrypi/linux, overlays README.
"""

import re
from collections.abc import Iterable

ALL = frozenset(range(28))  # GPIO 0 to 27, the pins of the header
SPI = frozenset(range(7, 12))

# The pins that an overlay takes unless its parameters name others.
_OVERLAYS = {
    "gpio-shutdown": {3},
    "gpio-poweroff": {26},
    "w1-gpio": {4},
    "gpio-ir": {18},
    "mipi-dbi-spi": SPI,
    "fbtft": SPI,
}
_PARAMETERS = {("spi", "on"): SPI, ("i2c_arm", "on"): {2, 3}, ("i2s", "on"): {18, 19, 20, 21}}
_DPI_565 = frozenset(range(20))


def settings(text: str, generation: int) -> list[tuple[str, str]]:
    """Key and value of each line that holds for a Pi of that generation, in order.

    Filters by model are minded; other filters, by serial number or display for instance, are taken as not fulfilled.
    """
    found: list[tuple[str, str]] = []
    holds = True
    for line in (line.partition("#")[0].strip() for line in text.splitlines()):
        if line.startswith("["):
            holds = line.strip("[]").lower() in {"all", f"pi{generation}", f"cm{generation}"}
        elif holds and "=" in line:
            key, _, value = line.partition("=")
            found.append((key.strip(), value.strip()))
    return found


def overlays(lines: Iterable[tuple[str, str]]) -> list[str]:
    """Names of the overlays, in order."""
    return [value.partition(",")[0] for key, value in lines if key == "dtoverlay" and value]


def pins_taken(lines: Iterable[tuple[str, str]]) -> dict[int, str]:
    """GPIO number -> the line of config.txt that gives it to something else than the buttons."""
    taken: dict[int, str] = {}
    for key, value in lines:
        pins = _pins_of(key, value)
        taken |= {pin: f"{key}={value}" for pin in pins if pin not in taken}
    return taken


def _pins_of(key: str, value: str) -> Iterable[int]:
    if (key, value) == ("enable_uart", "1"):
        return {14, 15}
    if key not in {"dtoverlay", "dtparam"}:
        return ()
    name, *rest = value.split(",")
    parameters = [one.partition("=") for one in (rest if key == "dtoverlay" else [name, *rest])]
    named = {int(number) for what, _, number in parameters if re.search("gpio", what) and number.isdigit()}
    switched = {pin for what, _, how in parameters for pin in _PARAMETERS.get((what, how or "on"), ())}
    return named | switched | _by_default(name, rest, named) if key == "dtoverlay" else named | switched


def _by_default(overlay: str, parameters: list[str], named: set[int]) -> set[int]:
    if overlay.startswith("vc4-kms-dpi") or "hyperpixel" in overlay:
        return set(_DPI_565 if "rgb565" in parameters else ALL)
    pins = set(_OVERLAYS.get(overlay, ()))
    return pins if len(pins) > 1 or not named else set()
