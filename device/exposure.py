"""Stops, the scales of shutter, ISO and aperture, and the automatic exposure. Pure: light in, exposure out.

ISO = 100 x gain, the convention of picamera2 (its issue 237); it is not a calibrated ISO. The f-number of a manual lens
takes no part in the arithmetic: it is already in the light that the sensor sees.
"""

import math
from dataclasses import dataclass

from device import anti_flicker
from device.frame import Exposure, SensorFacts

# The engraved thirds of stops, ISO 2720 and common usage; the exact value of step n is 2**(n/3).
SHUTTERS_US = (
    *(100, 125, 156, 200, 250, 312, 400, 500, 625, 800, 1000, 1250, 1562, 2000, 2500, 3125, 4000, 5000, 6250, 8000),
    *(10_000, 12_500, 16_667, 20_000, 25_000, 33_333, 40_000, 50_000, 66_667, 76_923, 100_000, 125_000, 166_667),
    *(200_000, 250_000, 300_000, 400_000, 500_000, 600_000, 800_000, 1_000_000, 1_300_000, 1_600_000, 2_000_000),
    *(2_500_000, 3_200_000, 4_000_000, 5_000_000, 6_000_000, 8_000_000, 10_000_000, 13_000_000, 15_000_000),
    *(20_000_000, 25_000_000, 30_000_000, 60_000_000, 120_000_000, 240_000_000, 480_000_000, 600_000_000),
)
ISOS = (100, 125, 160, 200, 250, 320, 400, 500, 640, 800, 1000, 1250, 1600, 2000)
F_NUMBERS = (
    *(0.95, 1.0, 1.1, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.5, 2.8, 3.2, 3.5, 4.0, 4.5, 5.0, 5.6, 6.3, 7.1, 8.0, 9.0, 10.0),
    *(11.0, 13.0, 14.0, 16.0, 18.0, 20.0, 22.0),
)
EVS = tuple(round(thirds / 3, 2) for thirds in range(-15, 16))

AUTO_SHUTTER_MAX_US = 1_000_000  # the shutter of mode A goes no slower, or live view would stand still
LIVE_SHUTTER_MAX_US = 250_000  # in the smooth setting, where no photograph is taken: so that the picture still moves
DEAD_BAND_EV = 0.08  # smaller errors are left alone, so that the picture does not breathe


@dataclass(frozen=True, slots=True)
class Program:
    """What the photographer decided; the rest is automatic."""

    mode: str  # "A": automatic shutter, "M": the shutter below
    auto_iso: bool
    iso: int
    iso_max: int
    shutter_us: int
    slowest_shutter_us: int
    flash_us: float = 0.0  # of a lamp on the mains, see anti_flicker.py; 0: not minded

    @property
    def is_automatic(self) -> bool:
        """Whether the camera has anything to decide."""
        return self.mode == "A" or self.auto_iso


def stepped(scale: tuple[float, ...], value: float, steps: int) -> float:
    """The value of the scale that many steps from the one nearest to `value` (nearest in stops where all are > 0)."""
    distance = _stops_apart if scale[0] > 0 else _apart
    nearest = min(range(len(scale)), key=lambda i: distance(scale[i], value))
    return scale[max(0, min(len(scale) - 1, nearest + steps))]


def _stops_apart(a: float, b: float) -> float:
    return abs(math.log2(a / b)) if b > 0 else math.inf


def _apart(a: float, b: float) -> float:
    return abs(a - b)


def amount(exposure: Exposure) -> float:
    """What brightness is proportional to: microseconds x gain."""
    return exposure.exposure_us * exposure.gain


def next_exposure(program: Program, wanted: float, shot: Exposure, facts: SensorFacts) -> Exposure:
    """The exposure of the next shot, after a frame that says that microseconds x gain should be `wanted`.

    That is reckoned from the frame's own exposure, not from what was last asked, so that settings which arrive some
    frames late cannot make it hunt. What was last decided for a `shot` stands as long as it is good enough, divided
    anew when the program has changed.
    """
    if not shot.is_known:
        return solve(program, wanted, facts)
    solved = solve(program, wanted, facts, shot)
    if abs(math.log2(amount(solved) / amount(shot))) >= DEAD_BAND_EV or not program.is_automatic:
        return solved
    divided = solve(program, amount(shot), facts, shot)
    return shot if _are_alike(divided, shot) else divided


def _are_alike(one: Exposure, other: Exposure) -> bool:
    return math.isclose(one.exposure_us, other.exposure_us, rel_tol=1e-3) and math.isclose(one.gain, other.gain)


def solve(program: Program, wanted: float, facts: SensorFacts, now: Exposure | None = None) -> Exposure:
    """Divide a wanted exposure_us x gain between shutter and gain as the program says, within the sensor's limits.

    Args:
        program: says how.
        wanted: microseconds x gain.
        facts: have the limits.
        now: which stands; of two shutters that suit a flickering lamp as well, its own is kept.
    """
    highest = min(facts.gain_max, program.iso_max / 100) if program.auto_iso else facts.gain_max
    if program.mode == "M":
        shutter = float(program.shutter_us)
    elif program.auto_iso:
        shutter = _automatic_shutter(program, wanted, facts.gain_min, highest)
    else:
        shutter = _steady(min(100 * wanted / program.iso, AUTO_SHUTTER_MAX_US), program.flash_us, now)
    shutter_us = round(min(max(shutter, facts.exposure_min_us), facts.exposure_max_us))
    gain = wanted / shutter_us if program.auto_iso else program.iso / 100
    return Exposure(shutter_us, min(max(gain, facts.gain_min), highest))


def live_view(shot: Exposure, facts: SensorFacts) -> Exposure:
    """The same brightness for a picture that is only looked at: a slow shutter's light by gain, as far as there is."""
    if shot.exposure_us <= LIVE_SHUTTER_MAX_US:
        return shot
    return Exposure(LIVE_SHUTTER_MAX_US, min(amount(shot) / LIVE_SHUTTER_MAX_US, facts.gain_max))


def _automatic_shutter(program: Program, wanted: float, gain_min: float, gain_max: float) -> float:
    """Base gain until the slowest handheld shutter, then gain up to its limit, then slower after all.

    A flickering lamp goes before the slowest shutter: one flash must fit.
    """
    slowest_us, flash_us = float(program.slowest_shutter_us), program.flash_us
    if flash_us:
        slowest_us = max(anti_flicker.below(slowest_us, flash_us), flash_us)
    shutter_us = wanted / min(max(wanted / slowest_us, gain_min), gain_max)
    if flash_us and not anti_flicker.is_short(shutter_us, flash_us):
        shorter_us = anti_flicker.below(shutter_us, flash_us)
        shutter_us = shorter_us if wanted / shorter_us <= gain_max else anti_flicker.above(shutter_us, flash_us)
    return min(shutter_us, AUTO_SHUTTER_MAX_US)


def _steady(shutter_us: float, flash_us: float, now: Exposure | None) -> float:
    if not flash_us:
        return shutter_us
    return anti_flicker.nearest(shutter_us, flash_us, now.exposure_us if now else 0)
