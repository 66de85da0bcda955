"""What a dial or a button of the pad does. Pure: dials in, dials out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import get_args

import msgspec

from device.exposure import EVS, F_NUMBERS, ISOS, SHUTTERS_US, stepped
from device.face_states import InfoLevel, ViewState
from device.shooting_states import DriveState, FilmState
from device.states import (
    ExposureMode,
    ExposureState,
    Metering,
    PowerState,
    WhiteBalanceMode,
    WhiteBalanceState,
)
from device.strict import Struct

Value = bool | int | float | str | None
ITEMS = ("mode", "shutter", "aperture", "iso", "ev", "metering", "white_balance")  # in the order of the pad
ENCODER_CYCLE = ("shutter", "iso", "ev", "aperture")  # what its press marks in turn
INFO_LEVELS: tuple[InfoLevel, ...] = get_args(InfoLevel)
SHUTTER_DIAL = tuple(float(us) for us in SHUTTERS_US)
MAGNIFIER_STEP = 0.05  # of the picture's width or height: a third of what is seen of a binned HQ camera's
MAGNIFIER_EDGE = 0.1
_MOVES = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
KELVINS = (
    *(2000, 2200, 2500, 2800, 3000, 3200, 3400, 3600, 3800, 4000, 4300, 4600, 5000, 5500, 6000, 6500, 7000, 7500, 8000),
    *(9000, 10_000),
)
# The white balance dial: the names, then temperatures.
LIGHTS: tuple[WhiteBalanceMode | int, ...] = (
    *(mode for mode in get_args(WhiteBalanceMode) if mode != "kelvin"),
    *KELVINS,
)
AUTO_ISO_FIRST = (0.0, *ISOS)  # the ISO dial's first click is auto ISO


class CardSettings(Struct, frozen=True):
    """What the photographer set of the files; told in `states.CardStatus`."""

    fix_bad_pixels: bool = False  # the DNG tells an editor where hot pixels are


@dataclass(frozen=True, slots=True)
class Dials:
    """Everything the photographer can change."""

    exposure: ExposureState
    view: ViewState
    white_balance: WhiteBalanceState = field(default_factory=WhiteBalanceState)
    drive: DriveState = field(default_factory=DriveState)
    power: PowerState = field(default_factory=PowerState)
    film: FilmState = field(default_factory=FilmState)
    card: CardSettings = field(default_factory=CardSettings)


def turned(dials: Dials, steps: int, apertures: tuple[float, ...] = F_NUMBERS) -> Dials:
    """The encoder turned by that many clicks, clockwise positive: changes the highlighted item.

    Args:
        dials: where they stand.
        steps: clicks.
        apertures: what the lens can be set to, widest first.
    """
    if dials.view.highlight == "aperture":
        return _turn_aperture(dials, steps, apertures)
    return _TURN[dials.view.highlight](dials, steps)


def pressed(dials: Dials, button: str, apertures: tuple[float, ...] = F_NUMBERS) -> Dials:
    """A press of the pad, the encoder or the function button: left and right choose an item, up and down change it.

    OK puts the magnifier in and out, and while it is in, the other four move it. The function button cycles the
    amount of information. The encoder's press goes on to the next of what is changed most.
    """
    if button == "function":
        level = INFO_LEVELS[(INFO_LEVELS.index(dials.view.info) + 1) % len(INFO_LEVELS)]
        return _view(dials, info=level)
    if button == "ok":
        return _view(dials, magnifier=not dials.view.magnifier)
    if dials.view.magnifier and button in _MOVES:
        return _moved(dials, *_MOVES[button])
    if button in ("up", "down"):
        return turned(dials, 1 if button == "up" else -1, apertures)
    return _view(dials, highlight=_chosen(dials.view.highlight, button))


def _chosen(item: str, button: str) -> str:
    """The item that a button marks after this one."""
    if button == "encoder_press":
        return (
            ENCODER_CYCLE[(ENCODER_CYCLE.index(item) + 1) % len(ENCODER_CYCLE)] if item in ENCODER_CYCLE else "shutter"
        )
    step = {"left": -1, "right": 1}.get(button, 0)
    return ITEMS[(ITEMS.index(item) + step) % len(ITEMS)]


def reported(dials: Dials, told: Mapping[str, Value]) -> Dials:
    """What the next shot gets, for the display and for where the dials take over: `auto_exposure.told`."""
    return _exposure(dials, **told)


def balanced(dials: Dials, **told: Value) -> Dials:
    """The white balance changed, in what was picked or what is told of it."""
    return replace(dials, white_balance=msgspec.structs.replace(dials.white_balance, **told))


def _view(dials: Dials, **fields: Value) -> Dials:
    return replace(dials, view=msgspec.structs.replace(dials.view, **fields))


def _moved(dials: Dials, right: int, down: int) -> Dials:
    """The magnifier by a step, not so far into a corner that the way back would begin with steps that do nothing."""
    x, y = (
        round(min(max(at + steps * MAGNIFIER_STEP, MAGNIFIER_EDGE), 1 - MAGNIFIER_EDGE), 3)
        for at, steps in ((dials.view.magnifier_x, right), (dials.view.magnifier_y, down))
    )
    return _view(dials, magnifier_x=x, magnifier_y=y)


def _exposure(dials: Dials, **fields: Value) -> Dials:
    return replace(dials, exposure=msgspec.structs.replace(dials.exposure, **fields))


def _turn_mode(dials: Dials, steps: int) -> Dials:
    modes: tuple[ExposureMode, ...] = get_args(ExposureMode)
    return _exposure(dials, mode=modes[(modes.index(dials.exposure.mode) + steps) % len(modes)])


def _turn_shutter(dials: Dials, steps: int) -> Dials:
    """From mode A the dial takes over where the automatic stands: turning it means M."""
    now = dials.exposure
    start_us = now.set_shutter_us if now.mode == "M" else now.shutter_us
    return _exposure(dials, mode="M", set_shutter_us=int(stepped(SHUTTER_DIAL, start_us, steps)))


def _turn_aperture(dials: Dials, steps: int, apertures: tuple[float, ...]) -> Dials:
    """The lens's ring cannot be seen, so the first click starts at the commonest stop."""
    now = dials.exposure.f_number
    return _exposure(dials, f_number=stepped(apertures, 5.6, 0) if now is None else stepped(apertures, now, steps))


def _turn_iso(dials: Dials, steps: int) -> Dials:
    now = dials.exposure
    position = 0 if now.auto_iso else AUTO_ISO_FIRST.index(stepped(ISOS, now.set_iso, 0))
    iso = AUTO_ISO_FIRST[max(0, min(len(AUTO_ISO_FIRST) - 1, position + steps))]
    return _exposure(dials, auto_iso=True) if iso == 0 else _exposure(dials, auto_iso=False, set_iso=int(iso))


def _turn_ev(dials: Dials, steps: int) -> Dials:
    return _exposure(dials, ev=stepped(EVS, dials.exposure.ev, steps))


def _turn_metering(dials: Dials, steps: int) -> Dials:
    patterns: tuple[Metering, ...] = get_args(Metering)
    return _exposure(dials, metering=patterns[(patterns.index(dials.exposure.metering) + steps) % len(patterns)])


def _turn_white_balance(dials: Dials, steps: int) -> Dials:
    now = dials.white_balance
    at = LIGHTS.index(int(stepped(KELVINS, now.kelvin, 0)) if now.mode == "kelvin" else now.mode)
    light = LIGHTS[max(0, min(len(LIGHTS) - 1, at + steps))]
    return balanced(dials, mode="kelvin", kelvin=light) if isinstance(light, int) else balanced(dials, mode=light)


_TURN: dict[str, Callable[[Dials, int], Dials]] = {
    "mode": _turn_mode,
    "shutter": _turn_shutter,
    "iso": _turn_iso,
    "ev": _turn_ev,
    "metering": _turn_metering,
    "white_balance": _turn_white_balance,
}
