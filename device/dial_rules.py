"""What the settings that can be changed while the camera runs may be, by the keys of a Set call. Pure."""

from dataclasses import replace
from typing import get_args

import msgspec

from device.dials import INFO_LEVELS, ITEMS, Dials, Value
from device.drive_config import BULB_LONGEST_S, DAY_S, INTERVAL_MAX, PRE_CAPTURE_MAX
from device.errors import BadValue
from device.exposure import EVS, SHUTTERS_US
from device.face_states import Aspect, Magnification, PeakingColour, PeakingStrength, Waveform
from device.languages import languages
from device.rules import Number, NumberOf, NumberOrZero, OneOf, Rule, Whole, WholeOrOff, no_setting, shown
from device.shooting_states import BracketFrames, BracketStep, BulbEnd, DriveMode, FilmMode, FrameRate, SlowRate
from device.states import AntiFlicker, ExposureMode, Metering, SlowestShutter, WhiteBalanceMode

_SWITCH = OneOf(lambda: (True, False))
RULES: dict[str, Rule] = {
    "exposure.mode": OneOf(lambda: get_args(ExposureMode)),
    "exposure.auto_iso": _SWITCH,
    "exposure.ev": Number(EVS[0], EVS[-1], "stops"),
    "exposure.shutter_us": Whole(1, SHUTTERS_US[-1], "microseconds"),
    "exposure.iso": Whole(100, 2226),
    "exposure.iso_max": Whole(100, 2226),
    "exposure.metering": OneOf(lambda: get_args(Metering)),
    "exposure.highlight_share": Number(0.01, 5, "percent"),
    "exposure.lock_on_half_press": _SWITCH,
    "exposure.anti_flicker": OneOf(lambda: get_args(AntiFlicker)),
    "exposure.slowest_shutter": OneOf(lambda: get_args(SlowestShutter)),
    "exposure.slowest_shutter_factor": NumberOf((0.5, 1, 2, 4)),
    "exposure.slowest_shutter_us": Whole(114, 670_740_000, "microseconds"),
    "exposure.f_number": NumberOrZero(0.7, 64),  # as in mcam.toml
    "white_balance.mode": OneOf(lambda: get_args(WhiteBalanceMode)),
    "white_balance.kelvin": Whole(2000, 10_000, "kelvin"),
    "white_balance.grey_red": NumberOrZero(0.02, 50),
    "white_balance.grey_blue": NumberOrZero(0.02, 50),
    "power.sleep_after_s": WholeOrOff(10, 3600, "seconds"),
    "view.info": OneOf(lambda: INFO_LEVELS),
    "view.peaking": _SWITCH,
    "view.peaking_strength": OneOf(lambda: get_args(PeakingStrength)),
    "view.peaking_colour": OneOf(lambda: get_args(PeakingColour)),
    "view.zebra": _SWITCH,
    "view.histogram": _SWITCH,
    "view.focus_meter": _SWITCH,
    "view.grid": _SWITCH,
    "view.zebra_level": WholeOrOff(70, 100, "IRE"),
    "view.underexposure": _SWITCH,
    "view.false_colour": _SWITCH,
    "view.waveform": OneOf(lambda: get_args(Waveform)),
    "view.spot": _SWITCH,
    "view.magnifier": _SWITCH,
    "view.magnification": OneOf(lambda: get_args(Magnification)),
    "view.magnifier_x": Number(0, 1, "of the width"),
    "view.magnifier_y": Number(0, 1, "of the height"),
    "view.split": _SWITCH,
    "view.centre": _SWITCH,
    "view.frame_lines": _SWITCH,
    "view.aspect": OneOf(lambda: get_args(Aspect)),
    "view.ghost": _SWITCH,
    "view.level": _SWITCH,
    "view.review_s": WholeOrOff(1, 10, "seconds"),
    "view.language": OneOf(languages),
    "view.highlight": OneOf(lambda: ITEMS),
    "drive.mode": OneOf(lambda: get_args(DriveMode)),
    "drive.pre_capture_frames": Whole(0, PRE_CAPTURE_MAX),
    "drive.bracket_frames": OneOf(lambda: get_args(BracketFrames)),
    "drive.bracket_ev": OneOf(lambda: get_args(BracketStep)),
    "drive.interval_s": Number(0.5, DAY_S, "seconds"),
    "drive.interval_frames": Whole(0, INTERVAL_MAX),
    "drive.interval_delay_s": Number(0, DAY_S, "seconds"),
    "drive.rack_keep": Whole(1, 9),
    "drive.bulb": OneOf(lambda: get_args(BulbEnd)),
    "drive.bulb_longest_s": Number(1, BULB_LONGEST_S, "seconds"),
    "card.fix_bad_pixels": _SWITCH,
    "film.mode": OneOf(lambda: get_args(FilmMode)),
    "film.frames_per_s": OneOf(lambda: get_args(FrameRate)),
    "film.slow_frames_per_s": OneOf(lambda: get_args(SlowRate)),
    "film.pre_roll_s": Number(0, 5, "seconds"),
}
_FIELDS = {"exposure.shutter_us": "set_shutter_us", "exposure.iso": "set_iso"}  # where it is not the key's own name
_ZERO_IS_UNKNOWN = {"exposure.f_number"}


def changed(dials: Dials, key: str, value: Value) -> Dials:
    """One setting changed by its key, "exposure.ev" or "view.peaking": a section of `Dials` and a field of it.

    Raises:
        BadValue: no such key, or a value outside what it allows; the sentence says which are.
    """
    if key not in RULES:
        raise BadValue(no_setting(key, RULES))
    if not RULES[key].accepts(value):
        raise BadValue(f"{key} = {shown(value)} must be {RULES[key].allowed}.")
    section, _, name = key.partition(".")
    field = _FIELDS.get(key, name)
    part = msgspec.structs.replace(getattr(dials, section), **{field: _stored(key, value)})
    return replace(dials, **{section: part})


def value_of(dials: Dials, key: str) -> Value:
    """How that setting stands now, as `changed` takes it: 0 for what nobody knows."""
    section, _, name = key.partition(".")
    value: Value = getattr(getattr(dials, section), _FIELDS.get(key, name))
    return 0.0 if value is None and key in _ZERO_IS_UNKNOWN else value


def _stored(key: str, value: Value) -> Value:
    return None if key in _ZERO_IS_UNKNOWN and not value else value
