"""The Pi's camera as a sensor: RAW and preview of the same exposure, lent with the request they came in.

Pitfalls of the stack below, and how each is met (tests/test_picamera2_pitfalls.py shows them on picamera2 itself):

- A callback that raises and a capture that times out stall picamera2 for good: `wait` turns its loop itself, and takes
  the newest request as it passes (picamera2_camera.py). What goes wrong there is noticed at once.
- Controls set by one thread while another releases a request are lost: only the thread that releases sends them, and
  again until frames confirm them (exposure_wish.py).
- A numpy view that outlives its request breaks the allocator (picamera2_camera.KeptMemory).
- Cancelled requests vanish without a word. Silence is for the frame stream to notice (stream.py), which stops and
  starts; a start after silence opens the camera anew, with a new listening thread and new memory.
- Asking picamera2 for the sensor's modes configures each of them, and may find no memory to do so. The modes come from
  sensor_catalogue.py, and what was granted is read back.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from device import camera_refusal, contiguous_memory, picamera2_frames
from device.clock import Clock
from device.errors import McamError, NoCamera, NotReady
from device.exposure_wish import Wish
from device.frame import Exposure, Frame, Granted, Raw, SensorFacts
from device.loans import Loans
from device.picamera2_camera import BUSY_OR_BROKEN, Completed, FactsOf, PiCamera, wait_readable
from device.picamera2_frames import Layout
from device.sensor import Setting
from device.sensor_catalogue import model_of

SILENCE_NS = 1_000_000_000  # and three exposures: a camera that was silent for longer is opened anew
EFFECT_FRAMES = 4  # and those queued: two until the sensor obeys, and two to be patient

_log = logging.getLogger(__name__)


def asleep_ns() -> int:
    """How long this machine slept since it was started: by so much CLOCK_MONOTONIC is behind CLOCK_BOOTTIME."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.monotonic_ns()


class Picamera2Sensor:
    """A `sensor.Sensor`.

    Args:
        clock: of the shutter's press.
        buffers: frames that exist at once; fewer where memory is short.
        preview_max: rows and columns that a preview may have.
        upside_down: the sensor is mounted so.
        facts_of: the catalogue of sensors.
        wait_readable: waits for a descriptor, for so many seconds at most.
        free_memory: contiguous memory in bytes, or None where none is needed.
        asleep_ns: as the function of that name.

    Raises:
        NoCamera: as `PiCamera`.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        buffers: int = 6,
        preview_max: tuple[int, int] = (768, 1024),
        upside_down: bool = False,
        facts_of: FactsOf = model_of,
        wait_readable: Callable[[int, float], bool] = wait_readable,
        free_memory: Callable[[], int | None] = contiguous_memory.free_bytes,
        asleep_ns: Callable[[], int] = asleep_ns,
    ) -> None:
        self._clock = clock
        self._open = partial(PiCamera, preview_max, upside_down=upside_down, facts_of=facts_of)
        self._wait_readable = wait_readable
        self._asleep_ns = asleep_ns
        self._camera: PiCamera | None = self._open()
        self._model = self._limits = self._camera.model
        self._buffers = contiguous_memory.fitting(buffers, self._camera.frame_bytes, free_memory())
        self._setting = Setting.SMOOTH
        self._layout: Layout | None = None  # while it streams
        self._wish = Wish(Exposure(0, 0.0), 0)
        self._newest: Any = None  # a request that nobody took yet
        self._loans: Loans[Completed] = Loans()
        self._spare: list[Raw] = []
        self._first = 0  # number of the first frame since the start
        self._next = 0  # number of the next
        self._heard_ns = 0
        self._ill = False

    @property
    def facts(self) -> SensorFacts:
        """What is true in every setting."""
        return self._model.facts

    @property
    def buffers(self) -> int:
        """How many frames exist at once; a start that finds no memory makes it less."""
        return self._buffers

    def start(self, setting: Setting, exposure: Exposure) -> Granted:
        """Stream in that setting, the first frame already at that exposure.

        Raises:
            LossyRaw, UnknownRawFormat: the camera grants nothing that keeps every level.
            NoCamera: it is gone, busy, or there is no memory for its frames.
        """
        self.stop()
        camera, exposure = self._healthy(), self._model.clamped(exposure)
        layout = self._configured(camera, setting, exposure)
        camera.start(self._pass)
        self._limits = camera.limits
        self._wish = Wish(self._limits.clamped(exposure), self._buffers + EFFECT_FRAMES)
        self._setting, self._layout, self._first = setting, layout, self._next
        self._heard_ns = self._clock.now_ns()
        form = layout.form
        return Granted(layout.columns, layout.rows, form.bits, form.cfa, layout.raw_format, camera.frame_duration_us)

    def wait(self, timeout_s: float) -> Frame | None:
        """The newest frame that was not handed out yet, else the next; None when none came in time.

        Raises:
            CameraLost: frames come that do not tell what they are.
            NotReady: it is not started.
        """
        if self._layout is None or self._camera is None:
            raise NotReady("The sensor does not stream: start it first.")
        deadline_ns = self._clock.now_ns() + round(timeout_s * 1e9)
        while not self._ill:
            remaining_ns = max(0, deadline_ns - self._clock.now_ns())
            if not self._wait_readable(self._camera.descriptor, remaining_ns / 1e9):
                return None
            self._attempt(self._camera.turn)
            request, self._newest = self._newest, None
            if request is not None:
                return self._lend(self._layout, Completed(request))
        self._clock.wait_until(deadline_ns)  # the frame stream takes it for the silence that it is, and starts us anew
        return None

    def give_back(self, frame: Frame) -> None:
        """End the loan of a frame.

        Raises:
            BadValue: it was given back before, or never lent.
        """
        completed = self._loans.give_back(frame)
        if frame.raw.base is None:  # not the camera's own memory
            self._spare.append(frame.raw)
        self._send()
        self._attempt(completed.end)

    def set(self, exposure: Exposure) -> None:
        """Ask for an exposure: it goes out with the next request that is released."""
        self._wish.ask(self._limits.clamped(exposure))

    def stop(self) -> None:
        """Stop streaming; frames still lent stay readable."""
        if self._layout is None or self._camera is None:
            return
        patience_ns = SILENCE_NS + 3000 * self._wish.wanted.exposure_us
        self._ill = self._ill or self._clock.now_ns() - self._heard_ns > patience_ns
        self._layout = None
        request, self._newest = self._newest, None
        if request is not None:
            self._attempt(request.release)
        self._attempt(self._camera.stop)

    def close(self) -> None:
        """Let the camera go."""
        self.stop()
        camera, self._camera = self._camera, None
        if camera is not None:
            self._attempt(camera.close)

    # ---- the camera ------------------------------------------------------------------------------------------------

    def _healthy(self) -> PiCamera:
        """The camera, opened anew where it was silent or broke."""
        if self._ill or self._camera is None:
            self.close()
            self._camera = self._open()
            self._ill = False
        return self._camera

    def _configured(self, camera: PiCamera, setting: Setting, exposure: Exposure) -> Layout:
        """Configured with as many buffers as there is memory for."""
        while True:
            try:
                return camera.configure(setting, exposure, self._buffers)
            except MemoryError as error:
                if self._buffers <= contiguous_memory.FEWEST:
                    raise NoCamera(camera_refusal.NO_MEMORY) from error
                self._buffers -= 1

    def _pass(self, request: Any) -> None:  # noqa: ANN401 - picamera2 ships no types
        """Called within `turn`: keep the newest request, and no other."""
        request.acquire()
        older, self._newest = self._newest, request
        if older is not None:
            self._send()
            older.release()

    def _send(self) -> None:
        """What is wished for and not confirmed, with the request that is about to be released."""
        exposure = self._wish.due() if self._layout is not None else None
        if exposure is not None and self._camera is not None:
            self._camera.send(exposure)

    def _attempt(self, step: Callable[[], None]) -> None:
        """A step that fails when the stack below is broken: it is told in the journal, and the next start mends it."""
        try:
            step()
        except BUSY_OR_BROKEN:
            _log.exception("The camera's stack broke, and will be opened anew.")
            self._ill = True

    # ---- frames ----------------------------------------------------------------------------------------------------

    def _lend(self, layout: Layout, completed: Completed) -> Frame:
        try:
            frame = self._frame(layout, completed)
        except McamError:
            completed.end()
            raise
        self._wish.seen(frame.exposure)
        self._next, self._heard_ns = frame.sequence + 1, self._clock.now_ns()
        return self._loans.lend(frame, completed)

    def _frame(self, layout: Layout, completed: Completed) -> Frame:
        metadata, bits, now_ns = completed.metadata, layout.form.bits, self._clock.now_ns()
        exposure = picamera2_frames.exposure(metadata)
        return Frame(
            sequence=self._first + completed.sequence,
            sensor_timestamp_ns=picamera2_frames.on_clock(metadata["SensorTimestamp"], now_ns, self._asleep_ns()),
            raw=layout.raw(completed.raw, self._array),
            bits=bits,
            cfa=layout.form.cfa,
            levels=picamera2_frames.levels(metadata, self._model, bits),
            noise=self._model.noise(exposure.gain, self._model.modes[self._setting], bits),
            exposure=exposure,
            neutral=picamera2_frames.neutral(metadata),
            preview=layout.preview(completed.main),
        )

    def _array(self, rows: int, columns: int) -> Raw:
        """Memory of our own for a mosaic: some that came back, else new."""
        self._spare = [array for array in self._spare if array.shape == (rows, columns)]
        return self._spare.pop() if self._spare else np.empty((rows, columns), np.uint16)
