"""A sensor made of physics: a scene, a lens, photons, noise, timing, and faults on demand.

`optical_bench.py` says how much light falls on each photosite, `photon_noise.py` makes numbers of it in the buffers of
`simulated_mosaics.py`, `frame_schedule.py` times them, `simulated_previews.py` draws them, `delivery.py` packs them as
a camera stack would, `simulated_frames.py` puts them together, `loans.py` minds what is lent.

Left out: the skew of the rolling shutter, blur by movement within a frame, other light than D65, on-sensor repairs.
"""

import threading
from dataclasses import dataclass

from device import delivery
from device.clock import Clock
from device.delivery import Delivery, Format
from device.dust import NO_DUST, Dust
from device.errors import CameraLost, NoCamera, NotReady
from device.flat_field import Gains
from device.frame import Exposure, Frame, LiveFrame, Raw, SensorFacts, Triple
from device.frame_schedule import FrameSchedule, Planned
from device.hot_pixels import HotPixels
from device.loans import Loans
from device.optical_bench import OpticalBench
from device.optics import Rings
from device.planned_faults import Faults
from device.scene import Scene
from device.sensor import Granted, Setting
from device.sensor_facts import IMX477, Mode, SensorModel
from device.simulated_frames import SimulatedFrames
from device.simulated_mosaics import SimulatedMosaics
from device.simulated_previews import SimulatedPreviews


@dataclass(frozen=True, slots=True)
class Streaming:
    """What is true from a start to the next stop."""

    mode: Mode
    format: Format
    schedule: FrameSchedule
    first: int  # sequence


class SimulatedSensor:
    """A `sensor.Sensor` and its `sensor.Bench`.

    Args:
        clock: paces the frames and stamps them.
        scene: what stands before the lens; the one that the project draws itself when None.
        rings: of the lens, at the start.
        model: which sensor.
        buffers: frames that exist at once.
        seed: of the noise; with a stepped clock the same seed gives the same frames.
        preview_max: rows and columns that a preview may have until `fit_previews` says more.
        delivery: how the stack hands out numbers.
        faults: what shall go wrong.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        scene: Scene | None = None,
        rings: Rings | None = None,
        model: SensorModel = IMX477,
        buffers: int = 6,
        seed: int = 1,
        preview_max: tuple[int, int] = (768, 1024),
        delivery: Delivery = "unpacked16",
        faults: Faults | None = None,
    ) -> None:
        self._clock = clock
        self._model = model
        self._bench = OpticalBench(scene or Scene.drawn(), model, rings or Rings())
        self._loans: Loans[Raw] = Loans()
        self._faults = faults or Faults()
        self._mosaics = SimulatedMosaics(self._bench, model, seed, buffers, clock.now_ns(), self._faults)
        self._buffers = buffers
        self._previews = SimulatedPreviews(model, preview_max)
        self._delivery = self._faults.grants or delivery
        self._delivered = 0
        self._sequence = 0  # of the next frame; goes on over a restart, so that no two frames share a number
        self._streaming: Streaming | None = None
        self._frames = SimulatedFrames(clock, model, self._mosaics, self._previews)
        self._lock = threading.Lock()  # `set` may come from another thread

    @property
    def facts(self) -> SensorFacts:
        """What is true in every setting."""
        return self._model.facts

    @property
    def buffers(self) -> int:
        """How many frames exist at once."""
        return self._buffers

    @property
    def settings(self) -> frozenset[Setting]:
        """Those it has."""
        return frozenset(self._model.modes)

    def start(self, setting: Setting, exposure: Exposure, frame_duration_us: int = 0) -> Granted:
        """Stream in that setting.

        Raises:
            LossyRaw: the planned fault grants a lossy format.
            NoCamera: the planned fault took the sensor away.
        """
        if self._delivered >= self._faults.disconnect_after:
            raise NoCamera("The simulated sensor was unplugged: start mcam again.")
        self.stop()
        mode, cfa = self._model.modes[setting].no_shorter_than(frame_duration_us), self._model.cfa
        form = delivery.granted(self._delivery, cfa, mode.bits)
        with self._lock:
            schedule = self._schedule(mode, self._model.clamped(exposure))
            self._streaming = Streaming(mode, form, schedule, self._sequence)
        duration_us, readout_us = mode.frame_duration_us, mode.readout_us
        return Granted(mode.width, mode.height, form.bits, cfa, form.name, duration_us, readout_us, mode.covered)

    def wait(self, timeout_s: float) -> Frame | None:
        """The newest frame that is complete and was not handed out yet, else the next; None when none came in time.

        Raises:
            CameraLost: the planned fault took the sensor away.
            NotReady: it is not started.
        """
        streaming = self._running()
        deadline_ns = self._clock.now_ns() + round(timeout_s * 1e9)
        while True:
            planned, next_ns = self._newest(streaming)
            if planned is not None and not self._faults.swallow(planned.sequence - streaming.first + 1):
                return self._lent(streaming, planned)
            if next_ns > deadline_ns:
                self._clock.wait_until(deadline_ns)
                return None
            self._frames.work_ahead(streaming.mode, streaming.format, streaming.schedule.upcoming, next_ns)
            self._clock.wait_until(next_ns)

    def give_back(self, frame: LiveFrame) -> None:
        """End the loan of a frame; those that completed while it was out found no room in its buffer.

        Raises:
            BadValue: it was given back before, or never lent.
        """
        with self._lock:
            self._advance()
        self._mosaics.put_back(self._loans.give_back(frame))

    def set(self, exposure: Exposure) -> None:
        """Ask for an exposure: it reaches the frame two after the last complete one."""
        with self._lock:
            self._advance()
            if self._streaming is not None:
                self._streaming.schedule.ask(self._model.clamped(exposure))

    def fit_previews(self, rows: int, columns: int) -> None:
        """Draw them that large from the next frame on."""
        self._previews.fit(rows, columns)

    def balance(self, neutral: Triple | None) -> None:
        """The preview's white; by itself it takes the light for D65, which is that of every scene."""
        self._previews.balance(neutral)

    def correct(self, gains: Gains) -> None:
        """The preview's flat field, from the next that is drawn."""
        self._previews.gains = gains

    def mend(self, hot: HotPixels, dust: Dust = NO_DUST) -> None:
        """Previews without these."""
        self._previews.hot, self._previews.dust = hot, dust

    def stop(self) -> None:
        """Stop streaming; frames still lent stay readable."""
        with self._lock:
            self._advance()
            if self._streaming is not None:
                self._sequence = self._streaming.schedule.next_sequence
            self._streaming = None
            self._mosaics.forget()
            self._previews.forget()

    def close(self) -> None:
        """Stop for good."""
        self.stop()

    def turn(self, focus_m: float | None, f_number: float | None, light_ev: float | None) -> None:
        """Turn the rings of the lens or change the light; the next frame shows it.

        Raises:
            BadValue: outside what the ring allows.
        """
        self._bench.turn(focus_m, f_number, light_ev)

    def position(self) -> tuple[float, float, float]:
        """Focus in metres, f-number, light in stops."""
        rings = self._bench.rings
        return rings.focus_m, rings.f_number, rings.light_ev

    def _running(self) -> Streaming:
        if self._delivered >= self._faults.disconnect_after:
            raise CameraLost("The simulated sensor was unplugged: start mcam again.")
        if self._streaming is None:
            raise NotReady("The sensor does not stream: start it first.")
        return self._streaming

    def _schedule(self, mode: Mode, exposure: Exposure) -> FrameSchedule:
        return FrameSchedule(
            start_ns=self._clock.now_ns(),
            sequence=self._sequence,
            exposure=exposure,
            readout_ns=mode.readout_us * 1000,
            duration_us=lambda exposure_us: self._model.frame_duration_us(mode, exposure_us),
        )

    def _advance(self) -> None:
        """Let time have passed for the stream; call with the lock held."""
        if self._streaming is not None:
            room = self._mosaics.room(self._streaming.mode)
            self._streaming.schedule.advance(self._clock.now_ns(), room=room)

    def _newest(self, streaming: Streaming) -> tuple[Planned | None, int]:
        with self._lock:
            self._advance()
            return streaming.schedule.take(), streaming.schedule.next_complete_ns

    def _lent(self, streaming: Streaming, planned: Planned) -> Frame:
        self._delivered += 1
        frame = self._frames.frame(streaming.mode, streaming.format, planned)
        return self._loans.lend(frame, frame.raw)
