"""Shutter times, f-numbers and compensation as photographers write them. Pure."""

import math

# The figures engraved on shutters and printed on light meters: thirds of stops, rounded the way everybody does.
_FRACTIONS = (
    32000, 25000, 20000, 16000, 12500, 10000, 8000, 6400, 5000, 4000, 3200, 2500, 2000, 1600, 1250, 1000, 800, 640,
    500, 400, 320, 250, 200, 160, 125, 100, 80, 60, 50, 40, 30, 25, 20, 15, 13, 10, 8, 6, 5, 4,
)  # fmt: skip
_SECONDS = (0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.3, 1.6, 2, 2.5, 3.2, 4, 5, 6, 8, 10, 13, 15, 20, 25, 30)
_NOMINAL = [(1 / n, f"1/{n}") for n in _FRACTIONS] + [(s, f"{s:g}s") for s in _SECONDS]
UNKNOWN = "--"


def shutter(exposure_us: float) -> str:
    """The nearest engraved time: "1/125", "2.5s"; longer ones in whole seconds; of a stored RAW it may be unknown."""
    if exposure_us <= 0:
        return UNKNOWN
    seconds = exposure_us / 1e6
    if seconds > 32:
        return f"{seconds:.0f}s"
    return min(_NOMINAL, key=lambda nominal: abs(math.log(nominal[0] / seconds)))[1]


def aperture(f_number: float | None) -> str:
    """What is said to be set on the lens."""
    return f"f/{UNKNOWN}" if not f_number else f"f/{f_number:.1f}".removesuffix(".0")


def compensation(ev: float) -> str:
    """Stops with their sign: "+0.7"."""
    return f"{ev:+.1f}".removesuffix(".0") if round(ev, 1) else "±0"
