"""Bulb: the shutter stays open as long as the photographer wants. Pure: frames and times come in.

A CMOS sensor is told the length of an exposure before it begins and cannot be told another one during it. So the sensor
exposes again and again for EACH_US, with nothing but its own few rows' time between, and what it gives is added up
(`exposure_sum.py`): the photograph is a sum, and its file says so. One second is short enough to end when the finger
does, and long enough that the read noise of so many exposures stays small beside that of the light. An exposure is
whole or is not in it: the one under way when the button is let go is the last, so it is up to EACH_US longer.

It is a drive mode, not a shutter speed below the slowest: the time is the finger's in A and in M alike, and every dial,
menu and file that has a shutter speed goes on having a number there. A frame that is missing in between is counted and
told; when no more come at all, what there is becomes the photograph.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec

from device.bracketing import agrees
from device.dials import Dials
from device.exposure_sum import ExposureSum
from device.frame import Exposure, Frame, SensorFacts
from device.long_exposure import PATIENCE_FRAMES
from device.plan import NS, Kept, Plan
from device.presses import Press
from device.shooting_states import DriveState, ShootingState
from device.states import ExposureState
from device.summed import Summed

EACH_US = 1_000_000
MOST = 65_535  # exposures: what EXIF's count of them can tell, eighteen hours of full ones


def exposure_of(now: ExposureState, facts: SensorFacts) -> Exposure:
    """Each exposure: the ISO is the dial's, with auto ISO the lowest, as no meter knows how long it will be."""
    gain = facts.gain_min if now.auto_iso else min(max(now.set_iso / 100, facts.gain_min), facts.gain_max)
    return Exposure(min(EACH_US, facts.exposure_max_us), gain)


def metered(dials: Dials) -> ExposureState:
    """What the live view is exposed by: it cannot show how bright a bulb exposure will be, so it shows the scene."""
    if not _is_next(dials):
        return dials.exposure
    return msgspec.structs.replace(dials.exposure, mode="A", auto_iso=True)


def told(dials: Dials, facts: SensorFacts) -> dict[str, bool | float | None]:
    """What of `auto_exposure.told` is otherwise where the next shot is one: its ISO, and that nothing is metered."""
    if not _is_next(dials):
        return {}
    return {"iso": exposure_of(dials.exposure, facts).iso, "off_ev": None, "flickers": False}


def _is_next(dials: Dials) -> bool:
    return dials.drive.mode == "bulb" and dials.film.mode == "off"


class Bulb(Plan):
    """One that is open.

    Args:
        press: that opened it, with the photograph's place in the darkroom.
        each: how the sensor exposes.
        drive: how it is closed, and when at the latest.
    """

    def __init__(self, press: Press, each: Exposure, drive: DriveState) -> None:
        self.press, self.each = press, each
        self._ends_with_finger = drive.bulb == "hold"
        self._longest_s = drive.bulb_longest_s
        self._until_ns: int | None = None
        self._sum: ExposureSum | None = None
        self._others = 0  # frames that are exposed otherwise than was asked

    @property
    def is_closing(self) -> bool:
        """Only the end of the exposure under way is waited for."""
        return self._until_ns is not None

    def close(self, when_ns: int) -> None:
        """Nothing that begins from then on; but one exposure there will be."""
        if self._until_ns is None:
            self._until_ns = when_ns

    def let_go(self, when_ns: int) -> Sequence[Kept]:
        """The finger's, where that is what holds it open."""
        if self._ends_with_finger:
            self.close(when_ns)
        return ()

    def passed(self, frame: Frame) -> None:
        """Add a frame, and look whether it was the last."""
        if self._sum is None:
            self._begin(frame)
        elif self._until_ns is None or frame.exposure_start_ns < self._until_ns:
            self._sum.add(frame)
        if self._sum is not None:
            self._look_for_the_end(self._sum, frame.sensor_timestamp_ns)

    def interrupted(self) -> None:
        """No frame comes any more."""
        self.over = True
        saved = "its part until then is saved" if self._sum else "it had not begun"
        self.sentence = f"The bulb exposure was interrupted: {saved}."

    def finish(self, take: Callable[[Frame, Press], None]) -> Summed | None:
        """Make the photograph of what there is. Once.

        Returns:
            What it is made of; None where there is nothing, and its place was given back.
        """
        if self._sum is None:
            self.press.ticket.cancel()
            return None
        frame, summed = self._sum.finished()
        take(frame, replace(self.press, shot=replace(self.press.shot, summed=summed)))
        if summed.lost:
            lost = f"{summed.lost} of {summed.lost + summed.frames} exposures are missing in the bulb exposure."
            self.sentence = f"{self.sentence} {lost}".lstrip()
        return summed

    def told(self, now_ns: int) -> ShootingState:
        """For how long it is open, and what is missing."""
        if self._sum is None:
            return ShootingState(kind="bulb")
        until_ns = now_ns if self._until_ns is None else min(now_ns, max(self._until_ns, self._sum.ended_ns))
        open_s = max(0, until_ns - self._sum.began_ns) // NS
        return ShootingState(kind="bulb", taken=self._sum.frames, elapsed_s=open_s, missed=self._sum.lost)

    def _begin(self, frame: Frame) -> None:
        """With the first frame that began after the press, if it is exposed as was asked."""
        if frame.exposure_start_ns < self.press.pressed_ns:
            return
        if agrees(frame.exposure, self.each):
            self._sum = ExposureSum(frame)
            return
        self._others += 1
        if self._others > PATIENCE_FRAMES:
            self.over, self.sentence = True, "The sensor did not obey: there is no bulb exposure."

    def _look_for_the_end(self, so_far: ExposureSum, now_ns: int) -> None:
        if self._until_ns is not None and now_ns >= self._until_ns:
            self.over = True
        elif now_ns - so_far.began_ns >= self._longest_s * NS or so_far.frames >= MOST:
            self.over = True
            self.sentence = "The bulb exposure was as long as is set, and ended: drive.bulb_longest_s makes it longer."
