"""How the camera stands: the parts of the one state machine, the lock of its steps, and what is told of it.

`camera.py` is what moves it. States: `idle` until the sensor streams; `live` in the smooth setting; `armed` in full
resolution, where a press costs no mode switch; `exposing` from a press until its frame came; `busy` while the
darkroom's queue is full; `asleep` while the sensor rests; `faulted` when frames stopped.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from device import auto_exposure, bulb, isp
from device.auto_exposure import AutoExposure
from device.darkroom import Darkroom
from device.dials import Dials
from device.dust import NO_DUST, Dust
from device.dust_removal import removed
from device.exposure import Program
from device.film import Film, limits
from device.flat_field import NO_GAINS, Gains
from device.frame import Frame, Preview, SensorFacts
from device.hot_pixels import HotPixels
from device.lens import Lens
from device.mending import passed_over
from device.photograph import Orientation, Photograph
from device.presses import Press
from device.readiness import Readiness
from device.sensor import Granted, Setting
from device.shooting_states import ShootingState, TimingState
from device.shutter import Shutter
from device.states import CameraState
from device.unsaved import Unsaved
from device.white_balance import WhiteBalance

WHOLE = 0.98  # of each side: what binning leaves of an odd row or column is no part


class Machine:
    """What a `Camera` is made of, what it makes photographs with, and what others may know of it.

    Args:
        facts: of the sensor.
        lens: in front of it.
        darkroom: where photographs go; it says when there is no room for another.
        readiness: when the sensor is made ready.
        dials: where they stand at the start.
        wall: (wall_ns, utc_offset_s) at an instant of the sensor's clock.
        changed: called, from any thread, whenever there may be something new to tell.
        film: the part that films.
    """

    def __init__(
        self,
        *,
        facts: SensorFacts,
        lens: Lens,
        darkroom: Darkroom,
        readiness: Readiness,
        dials: Dials,
        wall: Callable[[int], tuple[int, int]],
        changed: Callable[[], None],
        film: Film,
    ) -> None:
        self.facts = facts
        self.lens = lens
        self.dials = dials
        self.granted: Granted | None = None
        self.setting = Setting.SMOOTH
        self.fault = ""
        self.asleep = False
        self._darkroom = darkroom
        self._readiness = readiness
        self._changed = changed
        self.film = film
        self._lock = threading.RLock()
        self._now_ns = 0
        self._auto = AutoExposure(limits(facts, dials.film))
        self._white = WhiteBalance(facts)
        self._shutter = Shutter(darkroom, facts, self._take)
        self._unsaved = Unsaved(wall)

    def correct(self, gains: Gains, dust: Dust = NO_DUST) -> None:
        """The flat field of photographs, and of what is seen, and the dust on the sensor, from now on."""
        with self._lock:
            self._unsaved.gains, self._unsaved.dust = gains, dust

    def mend(self, hot: HotPixels) -> None:
        """The hot pixels of photographs, and of what is seen and measured, from now on."""
        with self._lock:
            self._unsaved.hot = hot
        self._changed()

    def orient(self, orientation: Orientation) -> None:
        """How photographs are to be turned from now on."""
        with self._lock:
            self._unsaved.orientation = orientation

    @property
    def state(self) -> CameraState:
        """Which state the machine is in."""
        with self._lock:
            if self.fault or self.granted is None:
                return "faulted" if self.fault else "idle"
            if self.asleep:
                return "asleep"
            if self._shutter.waits(self._now_ns) and not self.shooting[0].held_up:
                return "exposing"
            if self._darkroom.status().is_full:
                return "busy"
            return "armed" if self.setting is Setting.ARMED else "live"

    @property
    def shooting(self) -> tuple[ShootingState, TimingState, str]:
        """What a press has set going, how quick it was, and what went wrong with it, for some seconds."""
        with self._lock:
            return self._shutter.told(self._now_ns), self._shutter.timings.told(), self._shutter.notice.text

    @property
    def is_busy(self) -> bool:
        """Whether a finger rests on S1, a photograph or clip is taken, or something is wrong."""
        works = self.state not in ("live", "armed", "asleep") or bool(self.shooting[0].kind)
        return works or self._readiness.half_pressed or self.film.is_recording

    @property
    def hot_pixels(self) -> int:
        """How many are known of the sensor."""
        return self._unsaved.hot.count

    @property
    def hot_map(self) -> HotPixels:
        """Those themselves."""
        return self._unsaved.hot

    @property
    def films(self) -> bool:
        """Whether it takes clips, not photographs."""
        return self.dials.film.mode != "off"

    @property
    def seen_facts(self) -> SensorFacts:
        """Of the sensor, or of the part of it that film is taken with."""
        return self.facts.covering(self.granted.covered) if self.films and self.granted else self.facts

    @property
    def flat_field(self) -> Gains:
        """Of all that the sensor shows; none where that is a part of it, as with film."""
        return self._unsaved.gains if self._shows_all else NO_GAINS

    @property
    def dust(self) -> Dust:
        """Likewise."""
        return self._unsaved.dust if self._shows_all else NO_DUST

    @property
    def _shows_all(self) -> bool:
        covered = self.granted.covered if self.granted else (0, 0)
        part = any(
            0 < shown < WHOLE * size for shown, size in zip(covered, (self.facts.width, self.facts.height), strict=True)
        )
        return not (self.films or part)

    def _program(self) -> Program:
        now = bulb.metered(self.dials)
        return auto_exposure.program_of(now, self.lens.focal_length_mm * self.seen_facts.crop_factor)

    @contextmanager
    def _step(self, *, only_if_seen: bool = False) -> Iterator[None]:
        """One step of the machine; afterwards it is told that there may be news, or only if a client would see some."""
        with self._lock:
            before = self._seen()
            try:
                yield
            finally:
                after = self._seen()
        if after != before or not only_if_seen:
            self._changed()

    def _seen(self) -> tuple[object, ...]:
        return self.dials, self.shooting, len(self._unsaved), self.film.state(self.dials.film)

    def _film_frame(self, frame: Frame) -> Photograph:
        balanced = self._white.of(frame, self.dials.white_balance)
        return self._unsaved.unpressed(balanced, self.seen_facts, self.lens, self.dials.exposure)

    def _take(self, frame: Frame, press: Press) -> None:
        balanced = self._white.of(frame, self.dials.white_balance)
        if press.shot.summed is not None:  # no sensor has drawn it
            balanced = replace(balanced, preview=self._drawn(balanced))
        dials = replace(self.dials, exposure=bulb.metered(self.dials))
        self._unsaved.take(balanced, press, self.facts, self.lens, dials)

    def _drawn(self, frame: Frame) -> Preview:
        """Of a mosaic that is nobody else's, and is what it was afterwards; hot pixels show most where it is dark."""
        unsaved, shape = self._unsaved, frame.preview.y.shape
        with (
            passed_over(frame.raw, unsaved.hot),
            removed(frame.raw, frame.cfa, frame.levels, unsaved.dust),
        ):
            return isp.render(
                frame.raw, frame.cfa, frame.levels, frame.neutral, self.facts.colour, shape, unsaved.gains
            )
