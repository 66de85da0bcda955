"""What can be chosen of a setting, one step after the other, and how a value is written. Pure."""

from collections.abc import Callable, Sequence

from device.dials import KELVINS, Value
from device.engraved import aperture, compensation, shutter
from device.exposure import EVS, F_NUMBERS, ISOS, SHUTTERS_US
from device.languages import Words
from device.rules import Number, NumberOf, NumberOrZero, OneOf, Rule, Whole, WholeOrOff

STEPS_MAX = 60  # of a scale of even steps, from one end to the other
_NICE = (1, 2, 5)
_UNITS = {"IRE": " IRE", "stops": " EV", "seconds": " s", "kelvin": " K", "percent": " %", "frames": "", "mm": " mm"}
_LONG_S = (
    *(2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 45, 60, 90),
    *(120, 180, 300, 600, 900, 1800, 3600, 7200, 43_200, 86_400),
)

SCALES: dict[str, Sequence[float]] = {
    "exposure.ev": EVS,
    "exposure.shutter_us": SHUTTERS_US,
    "exposure.iso": ISOS,
    "exposure.iso_max": ISOS,
    "exposure.slowest_shutter_us": [us for us in SHUTTERS_US if 125 <= us <= 1_000_000],
    "exposure.highlight_share": (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0),
    "exposure.f_number": (0.0, *F_NUMBERS),
    "white_balance.kelvin": KELVINS,
    "drive.interval_s": (0.5, 1, 1.5, *_LONG_S),
    "drive.interval_frames": (0, *range(5, 50, 5), *range(50, 500, 50), *range(500, 5001, 500)),
    "drive.interval_delay_s": (0, 1, *_LONG_S),
    "drive.bulb_longest_s": (*_LONG_S[_LONG_S.index(10) : _LONG_S.index(7200) + 1], 14_400, 28_800, 43_200),
    "film.pre_roll_s": (0, 0.5, 1, 2, 3, 4, 5),
    "power.sleep_after_s": (0, 10, 20, 30, 60, 120, 180, 300, 600, 1800, 3600),
    "view.zebra_level": (0, 70, 75, 80, 85, 90, 95, 100),
}


def duration(seconds: float) -> str:
    """In the largest unit that is whole: "1.5 s", "90 s", "2 min", "12 h"."""
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds and seconds % length == 0:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:g} s"


_WRITTEN: dict[str, Callable[[float], str]] = {
    "drive.interval_s": duration,
    "power.sleep_after_s": duration,
    "drive.interval_delay_s": duration,
    "drive.bulb_longest_s": duration,
    "film.pre_roll_s": duration,
    "exposure.ev": lambda ev: f"{compensation(ev)} EV",
    "exposure.shutter_us": shutter,
    "exposure.slowest_shutter_us": shutter,
    "exposure.slowest_shutter_factor": lambda factor: f"{factor:g} x",
    "exposure.f_number": aperture,
}


def choices(key: str, rule: Rule) -> Sequence[Value]:
    """All that the menu offers for a setting, in order.

    Raises:
        TypeError: of such a setting nobody could make a list.
    """
    if isinstance(rule, NumberOf):
        return rule.choices
    if key in SCALES:
        return SCALES[key]
    match rule:
        case OneOf():
            return [choice for choice in rule.choices() if isinstance(choice, Value)]
        case Whole() | WholeOrOff():
            figures = _even(rule.low, rule.high, 1)
        case Number() | NumberOrZero():
            figures = _even(rule.low, rule.high, 0.1)
        case _:
            raise TypeError(f"{key} cannot be chosen from a list: give it a scale in menu_values.py.")
    return [0, *figures] if isinstance(rule, WholeOrOff | NumberOrZero) else figures


def is_number(key: str, rule: Rule) -> bool:
    """Whether it is set like a figure, which has ends, rather than chosen from a few that go round."""
    return key in SCALES or not isinstance(rule, OneOf)


def stepped(key: str, rule: Rule, value: Value, steps: int) -> Value:
    """The choice that many steps on: figures stop at their ends, others go round.

    A figure that stands between two choices, set elsewhere, goes to the next one in the direction of the first step.
    """
    offered = choices(key, rule)
    if not is_number(key, rule):
        return offered[(offered.index(value) + steps) % len(offered)]
    now = float(value or 0)
    figures = [float(choice or 0) for choice in offered]
    at = sum(figure < now for figure in figures)  # of the first that is not below
    if steps > 0 and (at == len(figures) or figures[at] != now):
        at -= 1
    return offered[min(max(at + steps, 0), len(offered) - 1)]


def written(words: Words, key: str, rule: Rule, value: Value) -> str:
    """The value as the menu shows it."""
    if word := words.choice(key, value):
        return word
    if isinstance(value, bool) or (isinstance(rule, WholeOrOff) and not value):
        return words.switch(on=bool(value))
    if isinstance(value, str | None):
        return str(value)
    if key in _WRITTEN:
        return _WRITTEN[key](value)
    return f"{value:g}{_UNITS.get(getattr(rule, 'unit', ''), '')}"


def _even(low: float, high: float, finest: float) -> list[float]:
    """From one end to the other in steps of 1, 2 or 5 times a power of ten, the finest that are not too many."""
    sizes = (nice * finest * 10**power for power in range(12) for nice in _NICE)
    step = next(size for size in sizes if (high - low) / size <= STEPS_MAX)
    count = int((high - low) / step)
    inside = [round(low + step * i, 3) for i in range(count + 1)]
    figures = inside if inside[-1] == high else [*inside, high]
    return [int(figure) if finest == 1 else figure for figure in figures]
