"""The automatic exposure from frame to frame: what the next shot gets, what live view gets, and the lock. Pure."""

import math

from device import anti_flicker, exposure, metering, slowest_shutter
from device.exposure import Program
from device.flat_field import NO_GAINS, Gains
from device.frame import Exposure, Reading, SensorFacts
from device.sensor import Setting
from device.states import ExposureState


def program_of(now: ExposureState, equivalent_mm: float) -> Program:
    """What the photographer decided.

    Args:
        now: the settings.
        equivalent_mm: the lens's focal length x the crop factor; 0 is unknown.
    """
    fixed_us, factor = now.slowest_shutter_us, now.slowest_shutter_factor
    return Program(
        mode=now.mode,
        auto_iso=now.auto_iso,
        iso=now.set_iso,
        iso_max=now.iso_max,
        shutter_us=now.set_shutter_us,
        slowest_shutter_us=slowest_shutter.slowest_us(now.slowest_shutter, factor, fixed_us, equivalent_mm),
        flash_us=anti_flicker.FLASH_US[now.anti_flicker],
    )


class AutoExposure:
    """Remembers the newest decision, and the one that is locked. Not for several threads at once.

    Locked is the light, not the shutter: with S1 held, compensation and the ISO dial still do what they say.

    Attributes:
        limits: what the sensor can, or less: film has no exposure that is longer than a frame.
        shot: the exposure of a photograph that is taken next; unknown before the first frame.
        off_ev: stops by which that is brighter than metered, None while unknown: what M is off by, and what an
            automatic lacks at its limits.
    """

    def __init__(self, limits: SensorFacts) -> None:
        self.limits = limits
        self.shot = Exposure(0, 0.0)
        self.off_ev: float | None = None
        self._locked: float | None = None  # microseconds x gain without compensation

    @property
    def is_locked(self) -> bool:
        """Whether it stands whatever the meter says."""
        return self._locked is not None

    def first(self, now: ExposureState, program: Program, setting: Setting) -> Exposure:
        """What to start the sensor with in that setting: where the dials and the last frame stand."""
        standing = self.shot if self.shot.is_known else Exposure(now.shutter_us, now.iso / 100)
        return self._asked(exposure.solve(program, exposure.amount(standing), self.limits, standing), setting)

    def after(
        self, used: Exposure, reading: Reading, now: ExposureState, program: Program, setting: Setting, *, hold: bool,
        gains: Gains = NO_GAINS, around: metering.Cells | None = None,
    ) -> Exposure:  # fmt: skip
        """What to ask of the sensor after a frame that was exposed and reads like this.

        Args:
            used: how it was exposed.
            reading: what the meter says of it.
            now: the settings,
            program: and what `program_of` makes of them.
            setting: the sensor's.
            hold: S1 is down and locks; it takes effect once the exposure has settled.
            gains: of the flat field.
            around: the cells that the magnifier shows; None while it is closed.
        """
        if not (used.is_known and self.limits.obeys_exposure):
            self.shot, self.off_ev, self._locked = used, None, None
            return used
        error_ev = metering.error_ev(reading, now.metering, now.ev, now.highlight_share / 100, gains, around)
        metered = exposure.amount(used) * 2.0**-error_ev
        compensation = 2.0 ** metering.compensation_ev(now.metering, now.ev)
        wanted = metered if self._locked is None or not hold else self._locked * compensation
        before, self.shot = self.shot, exposure.next_exposure(program, wanted, self.shot, self.limits)
        self.off_ev = math.log2(exposure.amount(self.shot) / metered)
        asked = self._asked(self.shot, setting)
        if not (hold and program.is_automatic):
            self._locked = None
        elif self._locked is None and self.shot == before and _have_same_light(used, asked):
            self._locked = exposure.amount(self.shot) / compensation
        return asked

    def _asked(self, shot: Exposure, setting: Setting) -> Exposure:
        """In the smooth setting nothing is taken, so there it may be another division of the same light."""
        return exposure.live_view(shot, self.limits) if setting is Setting.SMOOTH else shot


def _have_same_light(one: Exposure, other: Exposure) -> bool:
    return abs(math.log2(exposure.amount(one) / exposure.amount(other))) < exposure.DEAD_BAND_EV


def told(auto: AutoExposure, program: Program) -> dict[str, bool | float | None]:
    """The fields of `ExposureState` that tell what the next shot gets."""
    shot = auto.shot
    minded = program.mode == "A" and program.flash_us > 0 and shot.is_known
    return {
        "shutter_us": shot.exposure_us,
        "iso": shot.iso,
        "off_ev": None if auto.off_ev is None else round(round(3 * auto.off_ev) / 3, 2) + 0.0,
        "locked": auto.is_locked,
        "flickers": minded and anti_flicker.is_short(shot.exposure_us, program.flash_us),
    }
