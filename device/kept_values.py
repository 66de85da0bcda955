"""Which settings are kept while the camera is off, and what of them: what differs from mcam.toml. Pure."""

from collections.abc import Mapping

from device.dial_rules import RULES, changed, value_of
from device.dials import Dials, Value
from device.errors import BadValue

NOT_KEPT = frozenset(
    {
        *("view.magnifier", "view.magnifier_x", "view.magnifier_y", "view.highlight"),  # of the moment
        "exposure.f_number",  # the lens's: it is kept for each lens
    }
)
NOT_IN_A_PRESET = frozenset({"view.language"})  # who uses C1 still speaks the same


def differences(dials: Dials, start: Dials) -> dict[str, Value]:
    """The settings that are not what they were at the start, by key: a setting never touched goes on following it."""
    both = ((key, value_of(dials, key), value_of(start, key)) for key in RULES if key not in NOT_KEPT)
    return {key: now for key, now, before in both if now != before}


def preset(dials: Dials) -> dict[str, Value]:
    """All settings as they are now that belong into a preset."""
    return {key: value_of(dials, key) for key in RULES if key not in NOT_KEPT | NOT_IN_A_PRESET}


def applied(dials: Dials, values: Mapping[str, Value]) -> Dials:
    """The dials with these settings; what another version of mcam kept and this one does not know is left out."""
    for key, value in values.items():
        try:
            dials = changed(dials, key, value)
        except BadValue:
            continue
    return dials


def restarted(dials: Dials, start: Dials) -> Dials:
    """Every setting as at the start; what the dials tell of the newest frame stays, and so do lens and aperture."""
    return applied(dials, {key: value_of(start, key) for key in RULES if key != "exposure.f_number"})
