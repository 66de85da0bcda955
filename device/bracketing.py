"""Exposure bracketing: the same picture with several exposures, each verified by the frame's own metadata. Pure.

A setting reaches the sensor some frames after it is asked for, more of them the more buffers there are, and a camera
stack may lose one. So frames are never counted: the steps that are still missing are asked for one after the other, a
step to a frame, and a frame becomes a step's photograph when its metadata say that it was exposed like that.

It is the shutter that varies, the ISO that stays; in M with auto ISO, where the photographer fixed the shutter and left
the rest to the camera, it is the other way round.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from device.frame import Exposure, Frame, SensorFacts
from device.plan import Plan, Shot
from device.shooting_states import BracketStep, ShootingState

STEPS_EV: dict[BracketStep, float] = {"1/3": 1 / 3, "1/2": 1 / 2, "2/3": 2 / 3, "1": 1.0, "2": 2.0}
TOLERANCE_EV = 0.15  # less than half of the smallest step, more than a line of the shortest exposures
PATIENCE_FRAMES = 40  # without progress: sixteen buffers, what a sensor takes, and as much again


@dataclass(frozen=True, slots=True)
class Step:
    """One photograph of a bracket."""

    number: int  # in the order of the bracket, from 1
    step_ev: float
    exposure: Exposure


def order(frames: int, step: BracketStep) -> list[float]:
    """Stops of each photograph: the metered one, then darker and brighter in turn: 0, -1, +1, -2, +2."""
    return [math.ceil(i / 2) * STEPS_EV[step] * (-1 if i % 2 else 1) + 0.0 for i in range(frames)]


def steps(base: Exposure, biases: Sequence[float], facts: SensorFacts, *, by_gain: bool) -> list[Step]:
    """What to ask for: those of the steps that the sensor can do."""
    wished = [Step(i + 1, bias, _varied(base, bias, by_gain=by_gain)) for i, bias in enumerate(biases)]
    return [step for step in wished if agrees(_clamped(step.exposure, facts), step.exposure)]


def agrees(exposure: Exposure, wanted: Exposure) -> bool:
    """Whether a frame was exposed as wanted, shutter and gain each to TOLERANCE_EV."""
    return (
        exposure.is_known
        and abs(math.log2(exposure.exposure_us / wanted.exposure_us)) <= TOLERANCE_EV
        and abs(math.log2(exposure.gain / wanted.gain)) <= TOLERANCE_EV
    )


class Bracketing(Plan):
    """A bracket under way, and until the sensor is back at the exposure it began from.

    Args:
        pressed_ns: when.
        base: the exposure to come back to.
        wanted: of `steps`.
        of: photographs that were wished for.
    """

    def __init__(self, pressed_ns: int, base: Exposure, wanted: Sequence[Step], of: int) -> None:
        self._pressed_ns, self._base = pressed_ns, base
        self._missing, self._of = list(wanted), of
        self._taken = self._idle = 0
        self._asked = -1
        self._held_up = False
        beyond = of - len(self._missing)
        if beyond:
            self.sentence = f"{beyond} of the bracket's {of} exposures are beyond the sensor: take smaller steps."

    @property
    def is_open(self) -> bool:
        """Photographs are missing."""
        return bool(self._missing)

    def due(self, frame: Frame) -> Shot | None:
        """When it is exposed like a step that is missing, and began after the press."""
        step = self._step_of(frame)
        return Shot(self._pressed_ns, step.step_ev, step.number, self._of) if step else None

    def took(self, frame: Frame) -> None:
        """One less is missing."""
        step = self._step_of(frame)
        assert step is not None  # noqa: S101 - it was due
        self._missing.remove(step)
        self._taken += 1
        self._idle, self._held_up = 0, False

    def refused(self, sentence: str) -> None:
        """It will come round again; a card's trouble is told anyway."""
        del sentence
        self._idle, self._held_up = 0, True

    def passed(self, frame: Frame) -> None:
        """Ask for the next of the missing, and look whether it is all done, or in vain."""
        self._asked += 1
        self._idle += 1
        if not self._missing:
            self.over = agrees(frame.exposure, self._base)
        if self._idle > PATIENCE_FRAMES:
            self.over = True
            if self._missing:
                self.sentence = f"The sensor did not obey: the bracket has {self._taken} of {self._of} photographs."

    def asks(self) -> Exposure:
        """The missing in turn; when there are none, the one to come back to."""
        return self._missing[self._asked % len(self._missing)].exposure if self._missing else self._base

    def longest(self) -> Exposure | None:
        """Of the missing."""
        return max((step.exposure for step in self._missing), key=lambda one: one.exposure_us, default=None)

    def waits(self, now_ns: int) -> bool:
        """Until there are all; on the way back nothing is taken."""
        del now_ns
        return bool(self._missing) and not self.over

    def told(self, now_ns: int) -> ShootingState:
        """How many there are."""
        del now_ns
        return ShootingState(kind="bracket", taken=self._taken, total=self._of, held_up=self._held_up)

    def _step_of(self, frame: Frame) -> Step | None:
        if frame.exposure_start_ns < self._pressed_ns:
            return None
        return next((step for step in self._missing if agrees(frame.exposure, step.exposure)), None)


def _varied(base: Exposure, bias: float, *, by_gain: bool) -> Exposure:
    times = 2.0**bias
    return (
        Exposure(base.exposure_us, base.gain * times)
        if by_gain
        else Exposure(round(base.exposure_us * times), base.gain)
    )


def _clamped(exposure: Exposure, facts: SensorFacts) -> Exposure:
    return Exposure(
        min(max(exposure.exposure_us, facts.exposure_min_us), facts.exposure_max_us),
        min(max(exposure.gain, facts.gain_min), facts.gain_max),
    )
