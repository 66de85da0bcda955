"""The one state machine: what the camera is doing, which frame a press gets, and what comes next.

It owns no thread and no clock: presses arrive with their time, frames with their sensor's timestamp. Any thread may
call; one lock keeps the steps apart, and nothing slow happens under it but the one copy of a chosen frame.

States: `idle` until the sensor streams; `live` in the smooth setting; `armed` in full resolution, where a press costs
no mode switch; `exposing` from a press until its frame came; `busy` while the darkroom's queue is full; `faulted`
when frames stopped.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace

import msgspec

from device import auto_exposure, dials
from device.auto_exposure import AutoExposure
from device.darkroom import Darkroom
from device.dials import Dials
from device.errors import McamError, NoRaw, NotReady
from device.exposure import Program
from device.frame import Exposure, Frame, Granted, LiveFrame, Reading, SensorFacts, Triple
from device.lens import Lens
from device.photograph import Photograph
from device.presses import Press, Presses
from device.protocol import Photo
from device.sensor import Setting
from device.states import CameraState
from device.white_balance import WhiteBalance
from device.window import Window


@dataclass(frozen=True, slots=True)
class Drive:
    """How the shutter behaves; see [drive] in mcam.toml."""

    always_armed: bool
    armed_hold_ns: int


class Camera:
    """The camera as buttons, socket and frame stream see it.

    Args:
        facts: of the sensor.
        lens: in front of it.
        darkroom: where photographs go; it says when there is no room for another.
        drive: how the shutter behaves.
        dials: where they stand at the start.
        wall: (wall_ns, utc_offset_s) at an instant of the sensor's clock.
        changed: called, from any thread, whenever there may be something new to tell.
    """

    def __init__(
        self,
        *,
        facts: SensorFacts,
        lens: Lens,
        darkroom: Darkroom,
        drive: Drive,
        dials: Dials,
        wall: Callable[[int], tuple[int, int]],
        changed: Callable[[], None],
    ) -> None:
        self.facts = facts
        self.lens = lens
        self.dials = dials
        self.granted: Granted | None = None
        self.setting = Setting.SMOOTH
        self.fault = ""
        self._darkroom = darkroom
        self._drive = drive
        self._wall = wall
        self._changed = changed
        self._lock = threading.RLock()
        self._half_pressed = False
        self._armed_until_ns = 0
        self._now_ns = 0
        self._auto = AutoExposure(facts)
        self._white = WhiteBalance(facts)
        self._presses = Presses(darkroom)
        self._unsaved: dict[int, tuple[Photograph, Future[Photo]]] = {}

    # ---- what a person does -------------------------------------------------------------------------------------

    def arm(self, on: bool, when_ns: int) -> None:  # noqa: FBT001 - down or up is what a half-press is
        """Half-press, or its release; the sensor stays ready for a while after."""
        with self._lock:
            self._half_pressed = on
            self._armed_until_ns = when_ns + self._drive.armed_hold_ns
        self._changed()

    def press(self, when_ns: int, count: int = 1) -> list["Future[Photo]"]:
        """The shutter, pressed at that instant of the sensor's clock: `count` frames from then on.

        Returns:
            A future for each photograph, done when it is safe on the card.

        Raises:
            NotReady: no camera streams.
            NoRaw: the one that does gives only a live view.
            Busy, CardFull, CardMissing, CardReadOnly: the darkroom takes no more; what it has is safe. When it has
                room for some of a burst but not all, those it has room for are taken.
        """
        with self._lock:
            if self.granted is None or self.fault:
                raise NotReady(self.fault or "The camera is not ready yet: press again in a moment.")
            if not self.granted.gives_raw:
                raise NoRaw
            presses = self._presses.add(when_ns, count)
            self._armed_until_ns = max(self._armed_until_ns, when_ns + self._drive.armed_hold_ns)
        self._changed()
        return [press.saved for press in presses]

    def dial(self, step: Callable[[Dials], Dials]) -> None:
        """Turn the dials by a function of `device.dials`."""
        with self._lock:
            self.dials = step(self.dials)
        self._changed()

    def pick_grey(self) -> None:
        """Balance white by the spot meter's square of the newest frame.

        Raises:
            NotReady: there is no RAW yet.
            BadGrey: the square is clipped or too dark.
        """
        with self._lock:
            red, _, blue = self._white.picked()
            self.dials = dials.balanced(self.dials, mode="grey", grey_red=red, grey_blue=blue)
        self._changed()

    def mount(self, lens: Lens, f_number: float | None) -> None:
        """Another lens before the sensor, and what is set on its ring, None where that is unknown."""
        with self._lock:
            self.lens = lens
            self.dials = replace(self.dials, exposure=msgspec.structs.replace(self.dials.exposure, f_number=f_number))
        self._changed()

    # ---- what the frame stream asks and tells ---------------------------------------------------------------------

    def wanted(self) -> Setting:
        """The setting the sensor should run in now."""
        with self._lock:
            if self.granted is not None and not self.granted.gives_raw:
                return self.setting  # there is nothing to arm
            ready = self._drive.always_armed or self._half_pressed or self._presses
            return Setting.ARMED if ready or self._now_ns < self._armed_until_ns else Setting.SMOOTH

    def started(self, setting: Setting, granted: Granted) -> None:
        """The sensor streams; `granted` is what it really gives."""
        with self._lock:
            self.setting, self.granted = setting, granted
        self._changed()

    def faulted(self, sentence: str) -> None:
        """Frames stopped, and why; an empty sentence when they are back."""
        with self._lock:
            self.fault = sentence
        self._changed()

    def first_exposure(self, setting: Setting = Setting.ARMED) -> Exposure:
        """What to start the sensor with in that setting: where the dials and the last frame stand."""
        with self._lock:
            return self._auto.first(self.dials.exposure, self._program(), setting)

    def choose(self, frame: Frame, before: Sequence[Frame]) -> None:
        """Give the frame to the oldest press it can serve, with the frames `before` it when pre-capture is on.

        The frame served is the first whose exposure began at or after the press. Copies are made here, once.
        """
        with self._lock:
            self._now_ns = frame.sensor_timestamp_ns
            press = self._presses.served_by(frame) if self.setting is Setting.ARMED else None
            if press is None:
                return
            for earlier in before:
                if (another := self._presses.earlier(press)) is not None:
                    self._take(earlier, another)
            self._take(frame, press)
        self._changed()

    def expose(self, frame: LiveFrame, reading: Reading) -> Exposure:
        """What to ask of the sensor after this frame."""
        with self._lock:
            before, program, now = self.dials, self._program(), self.dials.exposure
            hold = self._half_pressed and now.lock_on_half_press
            asked = self._auto.after(frame.exposure, reading, now, program, self.setting, hold=hold)
            self.dials = dials.reported(self.dials, auto_exposure.told(self._auto, program))
            moved = self.dials != before
        if moved:
            self._changed()
        return asked

    def balance(self, frame: LiveFrame, reading: Reading, window: Window | None) -> Triple | None:
        """The neutral to ask of the sensor after this frame; None for its own. `window` is the magnifier's."""
        with self._lock:
            before, now = self.dials, self.dials.white_balance
            self._white.look(frame, reading, window)
            self.dials = dials.balanced(self.dials, temperature_k=self._white.temperature_k(now))
            moved = self.dials != before
        if moved:
            self._changed()
        return self._white.asked(now)

    def abandon(self) -> None:
        """The sensor is gone for good: presses that got no frame are told so."""
        with self._lock:
            self._presses.abandon(self.fault or "The camera stopped before the frame came.")

    # ---- what the darkroom tells ------------------------------------------------------------------------------------

    def developed(self, photograph: Photograph, outcome: Photo | McamError) -> None:
        """A photograph is safe on the card, or cannot be."""
        with self._lock:
            _, saved = self._unsaved.pop(id(photograph))
        if isinstance(outcome, McamError):
            saved.set_exception(outcome)
        else:
            saved.set_result(outcome)
        self._changed()

    def refresh(self) -> None:
        """Something the state tells of, the card for instance, is another."""
        self._changed()

    # ---- for the socket ---------------------------------------------------------------------------------------------

    @property
    def state(self) -> CameraState:
        """Which state the machine is in."""
        with self._lock:
            if self.fault:
                return "faulted"
            if self.granted is None:
                return "idle"
            if self._presses:
                return "exposing"
            if self._darkroom.status().is_full:
                return "busy"
            return "armed" if self.setting is Setting.ARMED else "live"

    def _program(self) -> Program:
        equivalent_mm = self.lens.focal_length_mm * self.facts.crop_factor
        return auto_exposure.program_of(self.dials.exposure, equivalent_mm)

    def _take(self, frame: Frame, press: Press) -> None:
        frame = self._white.of(frame.copied(), self.dials.white_balance)
        wall_ns, utc_offset_s = self._wall(frame.exposure_start_ns)
        photograph = Photograph(
            frame=frame,
            facts=self.facts,
            lens=self.lens,
            f_number=self.dials.exposure.f_number,
            wall_ns=wall_ns,
            utc_offset_s=utc_offset_s,
            press_offset_ns=frame.exposure_start_ns - press.pressed_ns,
        )
        self._unsaved[id(photograph)] = (photograph, press.saved)
        press.ticket.submit(photograph)
