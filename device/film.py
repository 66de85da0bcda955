"""Filming, as the camera sees it: what is asked of the sensor, the frames before the start, the clip that is recorded.

Not for several threads at once: the camera's lock is held around every call.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import msgspec
import numpy as np

from device.cinema import Clip
from device.errors import BadValue, NotReady
from device.frame import Frame, Preview, SensorFacts
from device.photograph import Photograph
from device.recording import Filmed, Recording
from device.sensor import Setting
from device.shooting_states import FilmMode, FilmState

SETTINGS: dict[FilmMode, Setting] = {"cinema": Setting.CINEMA, "slow-motion": Setting.SLOW_MOTION}
SHARE_EXPOSED = 0.98  # of a frame's time, at most: what is left is for the sensor's own lines between two frames
_UNSEEN = Preview(np.zeros((2, 2), np.uint8), np.zeros((1, 1), np.uint8), np.zeros((1, 1), np.uint8))


class Film:
    """The part of the camera that films.

    Args:
        settings: that the sensor has.
        begin: makes a recording of a clip, running.
        room: frames that may be held from before the start, as memory allows.
        measure: finds out how many such frames a second are held, and tells it later on any thread; asked with the
            first frame that is seen, and with the first one of another mode or rate.
    """

    def __init__(
        self,
        *,
        settings: frozenset[Setting],
        begin: Callable[[Clip], Recording],
        room: int,
        measure: Callable[[Photograph, Callable[[float], None]], None],
    ) -> None:
        self._settings, self._begin, self._room, self._measure = settings, begin, room, measure
        self._before: deque[Photograph] = deque()
        self._recording: Recording | None = None
        self._starting = False  # with the next frame
        self._last: Recording | None = None
        self._measured: FilmState | None = None
        self.held_per_s = 0.0  # frames a second that the card was measured to hold; 0 is unknown

    def check(self, wanted: FilmState) -> None:
        """Whether this camera can.

        Raises:
            BadValue: its sensor has no such setting.
        """
        if wanted.mode != "off" and SETTINGS[wanted.mode] not in self._settings:
            raise BadValue(f"This camera has no {wanted.mode}, too slow or without RAW: choose another film.mode.")

    @property
    def modes(self) -> tuple[FilmMode, ...]:
        """Those that this camera can, not to film first."""
        return "off", *(mode for mode in SETTINGS if SETTINGS[mode] in self._settings)

    @staticmethod
    def setting(wanted: FilmState) -> Setting:
        """The sensor's setting while filming is switched on."""
        return SETTINGS[wanted.mode]

    def released(self, *, trouble: str) -> None:
        """The shutter was pressed: begin a clip with the frames from before it and the next one, or end it.

        Args:
            trouble: what keeps the card from taking anything, "" where nothing does.

        Raises:
            NotReady: that trouble.
        """
        if self.is_recording:
            self.end()
        elif trouble:
            raise NotReady(trouble)
        else:
            self._starting = True

    def end(self) -> None:
        """End the clip, if there is one; what waits is still written."""
        self._starting = False
        self._before.clear()
        if self._recording is not None:
            self._recording.stop()
            self._last, self._recording = self._recording, None

    def see(self, wanted: FilmState, photograph: Photograph) -> None:
        """A frame while filming is switched on, in memory of its own."""
        if self._measured is None or _asks(self._measured) != _asks(wanted):
            self._measured, self.held_per_s = wanted, 0.0
            self._measure(photograph, lambda frames_per_s: self._held(wanted, frames_per_s))
        if self._recording is not None:
            self._recording.take(photograph)
            if self._recording.status().sentence:
                self.end()
            return
        self._before.append(photograph)
        if self._starting:
            self._start(wanted)
        while len(self._before) > min(round(wanted.pre_roll_s * taken_per_s(wanted)), self._room):
            self._before.popleft()

    def warning(self, wanted: FilmState) -> str:
        """Why a clip would not become whole, in a sentence; "" where nothing is known against it."""
        held = self.held_per_s
        if wanted.mode == "off" or not held or held >= taken_per_s(wanted):
            return ""
        return f"The card holds about {held:.0f} frames a second: choose a slower rate or a faster card."

    def state(self, wanted: FilmState) -> FilmState:
        """What is wanted with how the clip stands that is recorded now, or was last."""
        now = self._recording or self._last
        clip = Filmed("") if now is None else now.status()
        return msgspec.structs.replace(
            wanted,
            recording=self.is_recording,
            reel=clip.reel,
            frames=clip.frames,
            waiting=clip.waiting,
            lost=clip.lost,
            held_per_s=self.held_per_s,
            sentence=clip.sentence,
        )

    @property
    def is_recording(self) -> bool:
        """Whether a clip is being recorded, or begins with the next frame."""
        return self._recording is not None or self._starting

    def _held(self, wanted: FilmState, frames_per_s: float) -> None:
        if self._measured is wanted:  # another mode or rate was chosen meanwhile: that one's figure counts
            self.held_per_s = round(frames_per_s, 1)

    def _start(self, wanted: FilmState) -> None:
        self._starting = False
        rates = Fraction(taken_per_s(wanted)), Fraction(wanted.frames_per_s)
        self._recording = self._begin(Clip("", self._before[0], *rates))
        while self._before:
            self._recording.take(self._before.popleft())


def taken_per_s(wanted: FilmState) -> int:
    """Frames a second that are asked of the sensor."""
    return wanted.slow_frames_per_s if wanted.mode == "slow-motion" else wanted.frames_per_s


def limits(facts: SensorFacts, wanted: FilmState) -> SensorFacts:
    """Those of the sensor while filming: no exposure is longer than a frame, or the rate would not be kept."""
    longest_us = round(SHARE_EXPOSED * frame_duration_us(wanted)) or facts.exposure_max_us
    return replace(facts, exposure_max_us=min(facts.exposure_max_us, longest_us))


def frame_duration_us(wanted: FilmState) -> int:
    """From one frame to the next; 0 when filming is switched off."""
    return 0 if wanted.mode == "off" else round(1e6 / taken_per_s(wanted))


def kept(frame: Frame) -> Frame:
    """A frame in memory of its own, without the preview, which film has no use for."""
    return replace(frame, raw=frame.raw.copy(), preview=_UNSEEN)


def _asks(wanted: FilmState) -> tuple[object, ...]:
    return wanted.mode, taken_per_s(wanted)
