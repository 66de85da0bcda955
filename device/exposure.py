"""Stops, the scales of shutter, ISO and aperture, and the automatic exposure. Pure: light in, exposure out.

ISO = 100 x gain, the convention of picamera2 (its issue 237); it is not a calibrated ISO. The f-number of a manual lens
takes no part in the arithmetic: it is already in the light that the sensor sees.
"""

import math
from dataclasses import dataclass

from device.frame import MIDDLE_GREY, Exposure, Reading, SensorFacts

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
DEAD_BAND_EV = 0.08  # smaller errors are left alone, so that the picture does not breathe
BLIND_EV = 6.5  # a wholly clipped frame says only "brighter": guess this much beyond
FAINTEST = 1e-5  # share of full scale; below it the mean is all rounding


@dataclass(frozen=True, slots=True)
class Program:
    """What the photographer decided; the rest is automatic."""

    mode: str  # "A": automatic shutter, "M": the shutter below
    auto_iso: bool
    iso: int
    iso_max: int
    shutter_us: int
    slowest_shutter_us: int
    ev: float


def stepped(scale: tuple[float, ...], value: float, steps: int) -> float:
    """The value of the scale that many steps from the one nearest to `value` (nearest in stops where all are > 0)."""
    distance = _stops_apart if scale[0] > 0 else _apart
    nearest = min(range(len(scale)), key=lambda i: distance(scale[i], value))
    return scale[max(0, min(len(scale) - 1, nearest + steps))]


def _stops_apart(a: float, b: float) -> float:
    return abs(math.log2(a / b)) if b > 0 else math.inf


def _apart(a: float, b: float) -> float:
    return abs(a - b)


def brightness(reading: Reading) -> float:
    """The scene's green mean as a share of full scale, which may exceed 1: clipped frames are guessed beyond."""
    mean = max(float(reading.mean[1:3].mean()), FAINTEST)
    clipped = float(reading.clipped_share[1:3].mean())
    blind = max(0.0, 2.0 * clipped - 1.0)  # from half the frame clipped on, the mean no longer follows the light
    return mean * math.exp2(BLIND_EV * blind * blind)


def error_ev(reading: Reading, ev: float) -> float:
    """Stops by which the frame is brighter than it should be."""
    return math.log2(brightness(reading) / MIDDLE_GREY) - ev


def next_exposure(program: Program, used: Exposure, asked: Exposure, reading: Reading, facts: SensorFacts) -> Exposure:
    """The exposure to ask for after a frame that was taken with `used` read like this.

    It reckons from the frame's own exposure, not from what was last asked, so that settings which arrive some frames
    late cannot make it hunt. What was last `asked` stands as long as the frame is good enough, or nothing can be
    reckoned from it because its exposure is unknown.
    """
    if not used.is_known:
        return asked
    wanted = used.exposure_us * used.gain * 2.0 ** -error_ev(reading, program.ev)
    solved = solve(program, wanted, facts)
    off_ev = math.log2(solved.exposure_us * solved.gain / (used.exposure_us * used.gain))
    automatic = program.mode == "A" or program.auto_iso
    return asked if automatic and abs(off_ev) < DEAD_BAND_EV and _obeys(program, asked) else solved


def _obeys(program: Program, asked: Exposure) -> bool:
    """What the photographer fixed was asked for already; only the automatic part is in the dead band."""
    if program.mode == "M" and abs(asked.exposure_us / program.shutter_us - 1) > 0.01:
        return False
    return program.auto_iso or abs(asked.gain / (program.iso / 100) - 1) < 0.01


def solve(program: Program, wanted: float, facts: SensorFacts) -> Exposure:
    """Divide a wanted exposure_us x gain between shutter and gain as the program says, within the sensor's limits."""
    if program.mode == "M":
        shutter_us = float(program.shutter_us)
        gain = wanted / shutter_us if program.auto_iso else program.iso / 100
    elif program.auto_iso:
        shutter_us, gain = _shutter_then_gain(program, wanted, facts)
    else:
        gain = program.iso / 100
        shutter_us = min(wanted / gain, AUTO_SHUTTER_MAX_US)
    highest = min(facts.gain_max, program.iso_max / 100) if program.auto_iso else facts.gain_max
    shutter_us = min(max(shutter_us, facts.exposure_min_us), facts.exposure_max_us)
    return Exposure(round(shutter_us), min(max(gain, facts.gain_min), highest))


def _shutter_then_gain(program: Program, wanted: float, facts: SensorFacts) -> tuple[float, float]:
    """Base gain until the slowest handheld shutter, then gain up to its limit, then slower after all."""
    highest = min(facts.gain_max, program.iso_max / 100)
    gain = min(max(wanted / program.slowest_shutter_us, facts.gain_min), highest)
    return min(wanted / gain, AUTO_SHUTTER_MAX_US), gain
