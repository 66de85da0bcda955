"""The one state machine: what the camera is doing, which frame a press gets, and what comes next.

It owns no thread and no clock: presses arrive with their time, frames with their sensor's timestamp. Any thread may
call; one lock keeps the steps apart, and nothing slow happens under it but the one copy of a chosen frame. Here is what
moves it; its parts and its states are in `machine.py`.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

import msgspec

from device import auto_exposure, bulb, dials
from device.aim import Aim
from device.dials import Dials
from device.errors import McamError, NoRaw, NotReady
from device.film import frame_duration_us, kept, limits
from device.frame import Exposure, Frame, LiveFrame, Reading, Triple
from device.lens import Lens
from device.long_exposure import for_live_view
from device.machine import Machine
from device.photograph import Photograph
from device.protocol import Photo
from device.sensor import Granted, Setting
from device.window import Window


class Camera(Machine):
    """The camera as buttons, socket and frame stream move it; made as a `Machine` is."""

    # ---- what a person does -------------------------------------------------------------------------------------

    def arm(self, on: bool, when_ns: int) -> None:  # noqa: FBT001 - down or up is what a half-press is
        """Half-press, S1, or its release; the sensor stays ready for a while after.

        Raises:
            Busy, CardFull, CardMissing, CardReadOnly: the drive mode would have it take photographs, and there is no
                room for any.
        """
        with self._step():
            self._readiness.half(when_ns, down=on)
            if not (self.films and on):  # what was held when film was switched on is let go as ever
                self._shutter.half(when_ns, self._aim(), down=on)

    def release(self, down: bool, when_ns: int) -> None:  # noqa: FBT001 - down or up is what a button does
        """The shutter release, S2, does what the drive mode says, or begins and ends a clip. Raises as `press`.

        What goes on it ends also while the sensor is in a fault.
        """
        with self._step():
            if down and not (self.film.is_recording if self.films else self._shutter.goes_on):
                self._stay_ready(when_ns)
            if self.films and down:
                self.film.released(trouble=self._darkroom.status().sentence)
                return
            self._shutter.full(when_ns, self._aim(), down=down)

    def press(self, when_ns: int, count: int = 1) -> list["Future[Photo]"]:
        """Whatever the drive mode, `count` frames from that instant of the sensor's clock on.

        Returns:
            A future for each photograph, done when it is safe on the card.

        Raises:
            NotReady: no camera streams, or it films.
            NoRaw: the one that does gives only a live view.
            Busy, CardFull, CardMissing, CardReadOnly: the darkroom takes no more; what it has is safe. When it has
                room for some of a burst but not all, those it has room for are taken.
        """
        with self._step():
            self._stay_ready(when_ns)
            if self.films:
                raise NotReady("The camera films: press its shutter to begin or end a clip, or set film.mode to off.")
            presses = self._shutter.press(when_ns, count, armed=self.setting is Setting.ARMED)
            self._shutter.follow(self._now_ns, self._aim().exposure)
        return [press.saved for press in presses]

    def sleep(self, *, asleep: bool) -> None:
        """The sensor rests, or is wanted again."""
        with self._step():
            self.asleep = asleep

    def dial(self, step: Callable[[Dials], Dials]) -> None:
        """Turn the dials by a function of `device.dials`."""
        with self._step():
            dials = step(self.dials)
            self.film.check(dials.film)
            if dials.film != self.dials.film:
                self.film.end()
                if dials.film.mode != "off":  # a rate can be chosen while a series of photographs goes on
                    self._shutter.abandon("The camera films now: this photograph was not taken.", self._now_ns)
                self._auto.limits = limits(self.facts, dials.film)
            self.dials = dials

    def pick_grey(self) -> None:
        """Balance white by the spot meter's square of the newest frame.

        Raises:
            NotReady: there is no RAW yet.
            BadGrey: the square is clipped or too dark.
        """
        with self._step():
            red, _, blue = self._white.picked()
            self.dials = dials.balanced(self.dials, mode="grey", grey_red=red, grey_blue=blue)

    def mount(self, lens: Lens, f_number: float | None) -> None:
        """Another lens before the sensor, and what is set on its ring, None where that is unknown."""
        with self._step():
            self.lens = lens
            self.dials = replace(self.dials, exposure=msgspec.structs.replace(self.dials.exposure, f_number=f_number))

    # ---- what the frame stream asks and tells ---------------------------------------------------------------------

    def wanted(self) -> Setting:
        """The setting the sensor should run in now."""
        with self._lock:
            if self.granted is not None and not self.granted.gives_raw:
                return self.setting  # there is nothing to arm
            if self.films:
                return self.film.setting(self.dials.film)
            self._shutter.follow(self._now_ns, self._aim().exposure)
            return self._readiness.setting(self._now_ns, needed=self._shutter.arms(self._now_ns))

    @property
    def long(self) -> Exposure | None:
        """The long exposure that the sensor is to run at; whenever it is another, the sensor is to be started anew."""
        with self._lock:
            return self._shutter.long.exposure

    @property
    def frame_duration_us(self) -> int:
        """From one frame to the next at least, 0 for as short as can be: film has a rate of its own."""
        return frame_duration_us(self.dials.film)

    def started(self, setting: Setting, granted: Granted) -> None:
        """The sensor streams; `granted` is what it really gives."""
        with self._step():
            self.setting, self.granted = setting, granted
            self._shutter.restarted(self._now_ns, granted.frame_duration_us if setting is Setting.ARMED else 0)

    def passed(self, now_ns: int) -> None:
        """Time passes, also while no frame comes; sentences that have stood long enough go."""
        with self._step(only_if_seen=True):
            self._now_ns = max(self._now_ns, now_ns)
            self._shutter.notice.passed(self._now_ns)

    def faulted(self, sentence: str) -> None:
        """Frames stopped, and why; an empty sentence when they are back."""
        with self._step():
            self.fault = sentence
            if sentence:
                self._shutter.interrupted(self._now_ns)

    def first_exposure(self, setting: Setting = Setting.ARMED) -> Exposure:
        """What to start the sensor with in that setting: a long exposure, else where dials and last frame stand."""
        with self._lock:
            first = self._auto.first(self.dials.exposure, self._program(), setting)
            return self._shutter.long.exposure or for_live_view(first, self.facts)

    def choose(self, frame: Frame) -> None:
        """Make a photograph of the frame if one is wanted of it.

        A press gets the first frame whose exposure began at or after it, and those from before that were kept for it.
        A frame is copied here, once.
        """
        with self._step(only_if_seen=True):
            self._now_ns = max(self._now_ns, frame.sensor_timestamp_ns)
            if self.films and self.setting is self.film.setting(self.dials.film):  # not one from before the mode switch
                self.film.see(self.dials.film, self._film_frame(kept(frame)))
            elif self.setting is Setting.ARMED and not self.films:
                self._shutter.serve(frame, self.dials.drive.pre_capture_frames)

    def expose(self, frame: LiveFrame, reading: Reading, window: Window | None = None) -> Exposure:
        """What to ask of the sensor after this frame; what it reads may make it a photograph, or one from before it.

        `window` is the magnifier's.
        """
        with self._step(only_if_seen=True):
            if isinstance(frame, Frame) and self.setting is Setting.ARMED:
                self._shutter.weigh(frame, reading)
            if (wished := self._shutter.asks()) is not None:
                return wished
            program, now = self._program(), self.dials.exposure
            hold = self._readiness.half_pressed and now.lock_on_half_press
            gains, around = self.flat_field, window.cells if window else None
            asked = self._auto.after(
                frame.exposure, reading, now, program, self.setting, hold=hold, gains=gains, around=around
            )
            told = auto_exposure.told(self._auto, program) | bulb.told(self.dials, self.facts)
            self.dials = dials.reported(self.dials, told)
            return for_live_view(asked, self.facts)

    def balance(self, frame: LiveFrame, reading: Reading, window: Window | None) -> Triple | None:
        """The neutral to ask of the sensor after this frame; None for its own. `window` is the magnifier's."""
        with self._step(only_if_seen=True):
            now = self.dials.white_balance
            self._white.look(frame, reading, window)
            self.dials = dials.balanced(self.dials, temperature_k=self._white.temperature_k(now))
            return self._white.asked(now)

    def abandon(self) -> None:
        """The sensor is gone for good: presses that got no frame are told so."""
        with self._lock:
            self.film.end()
            self._shutter.abandon(self.fault or "The camera stopped before the frame came.", self._now_ns)

    # ---- what the darkroom tells ------------------------------------------------------------------------------------

    def developed(self, photograph: Photograph, outcome: Photo | McamError) -> None:
        """A photograph is safe on the card, or cannot be."""
        with self._step():
            self._unsaved.done(photograph, outcome)

    def refresh(self) -> None:
        """Something the state tells of, the card for instance, is another."""
        self._changed()

    def _stay_ready(self, when_ns: int) -> None:
        """Full resolution, from a press on for a while, if a photograph can be had at all."""
        if self.granted is None or self.fault:
            raise NotReady(self.fault or "The camera is not ready yet: press again in a moment.")
        if not self.granted.gives_raw:
            raise NoRaw
        self._readiness.stay(when_ns)

    def _aim(self) -> Aim:
        now = self.dials.exposure
        exposure = self._auto.first(now, self._program(), Setting.ARMED)
        by_gain = now.mode == "M" and now.auto_iso
        return Aim(
            self.dials.drive, exposure, by_gain, self.setting is Setting.ARMED, bulb.exposure_of(now, self.facts)
        )
