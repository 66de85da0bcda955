"""How the panel says what the next shot gets: in engraved figures, the longest wording first. Pure."""

import math

from device import engraved
from device.states import ExposureState, WhiteBalanceState

Wordings = tuple[str, ...]

# ISO 12232's thirds of stops, rounded likewise
_ISOS = tuple(n * 10**tens for tens in (0, 1, 2, 3) for n in (100, 125, 160, 200, 250, 320, 400, 500, 640, 800))
_METERING: dict[str, Wordings] = {
    "multi": ("Multi",),
    "centre": ("Centre",),
    "spot": ("Spot",),
    "highlight": ("Highlight", "High"),
}
LEAST_EV = 1 / 3  # that is spoken of where the camera should have met it


def mode(exposure: ExposureState) -> Wordings:
    """The letter, with a mark while the exposure is locked."""
    return (f"{exposure.mode} AE-L", f"{exposure.mode}*") if exposure.locked else (exposure.mode,)


def iso(exposure: ExposureState) -> Wordings:
    """Auto ISO says so, so that a figure that moves by itself surprises nobody."""
    figure = f"{engraved_iso(exposure.iso)}" if exposure.iso > 0 else engraved.UNKNOWN
    return (f"Auto {figure}", f"A{figure}") if exposure.auto_iso else (f"ISO {figure}", figure)


def engraved_iso(iso: int) -> int:
    """The nearest in thirds of stops."""
    return min(_ISOS, key=lambda nominal: abs(math.log(nominal / iso)))


def compensation(exposure: ExposureState) -> Wordings:
    """What was dialled; in M without auto ISO, where nothing compensates, by how much the shot will be off.

    There the photographer's own compensation, which that is reckoned from, follows where there is room.
    """
    if exposure.mode == "A" or exposure.auto_iso or exposure.off_ev is None:
        return ev(exposure.ev)
    longest, figure = ev(exposure.off_ev)
    return (f"{longest} ({ev(exposure.ev)[1]})", longest, figure) if exposure.ev else (longest, figure)


def trouble(exposure: ExposureState) -> Wordings:
    """What the automatic cannot do; nothing when it can, and of a locked exposure nothing of its brightness."""
    off_ev = 0.0 if exposure.locked else exposure.off_ev or 0.0
    if (exposure.mode == "A" or exposure.auto_iso) and abs(off_ev) >= LEAST_EV - 0.01:
        amount, side = f"{abs(off_ev):.1f}".removesuffix(".0"), "bright" if off_ev > 0 else "dark"
        return (f"Too {side} by {amount} EV", f"Too {side}")
    if exposure.flickers:
        return (f"Too bright for {exposure.anti_flicker}", "May flicker", "Flicker")
    return ()


def metering(exposure: ExposureState) -> Wordings:
    """The pattern, and the mains whose flicker is minded."""
    words = _METERING[exposure.metering]
    return words if exposure.anti_flicker == "off" else (f"{words[0]} · {exposure.anti_flicker}", *words)


def white_balance(white: WhiteBalanceState) -> Wordings:
    """The light by its name; where that says no temperature, with it."""
    kelvin = f"{white.temperature_k} K" if white.temperature_k else ""
    if white.mode == "kelvin":
        return (f"WB {white.kelvin} K", f"{white.kelvin} K")
    if white.mode in ("auto", "grey"):
        return (f"WB {white.mode} {kelvin}".rstrip(), f"WB {white.mode}")
    return (f"WB {white.mode}", white.mode)


def ev(compensation: float) -> Wordings:
    """Stops with their sign: "+0.7 EV"."""
    figure = engraved.compensation(compensation)
    return (f"{figure} EV", figure)
