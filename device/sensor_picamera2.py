"""The Pi's camera as a sensor: RAW and preview of the same exposure, lent with the request they came in.

Pitfalls of the stack below, and how each is met (tests/test_picamera2_pitfalls.py shows them on picamera2 itself):

- A callback that raises and a capture that times out stall picamera2 for good: `wait` turns its loop itself, and takes
  the newest request as it passes (picamera2_requests.py). What goes wrong there is noticed at once.
- Controls set by one thread while another releases a request are lost: only the thread that releases sends them, and
  again until frames confirm them (wish.py).
- A numpy view that outlives its request breaks the allocator (picamera2_camera.KeptMemory).
- Cancelled requests vanish without a word. Silence is for the frame stream to notice (stream.py), which stops and
  starts; a start after silence opens the camera anew, with a new listening thread and new memory.
- Asking picamera2 for the sensor's modes configures each of them, and may find no memory to do so. The modes come from
  sensor_catalogue.py, and what was granted is read back.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from device import camera_refusal, contiguous_memory, picamera2_frames
from device.clock import Clock, asleep_ns
from device.dust import NO_DUST, Dust
from device.errors import McamError, NoCamera, NotReady
from device.flat_field import Gains
from device.frame import Exposure, Frame, LiveFrame, Raw, SensorFacts, Triple
from device.hot_pixels import HotPixels
from device.loans import Loans
from device.picamera2_frames import Layout
from device.picamera2_raw import Completed, FactsOf, PiCamera
from device.picamera2_requests import Requests, wait_readable
from device.sensor import Granted, Setting
from device.sensor_catalogue import model_of
from device.wish import Wish, balances, exposes

EFFECT_FRAMES = 4  # and those queued: two until the sensor obeys, and two to be patient


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
        self._asleep_ns = asleep_ns
        open_camera = partial(PiCamera, preview_max, upside_down=upside_down, facts_of=facts_of)
        self._requests = Requests(clock, open_camera, wait_readable, before_release=self._send)
        camera = self._requests.healthy()
        self._model = self._limits = camera.model
        self._buffers = contiguous_memory.fitting(buffers, camera.frame_bytes, free_memory())
        self._room: tuple[int, int] | None = None  # for previews, rows and columns
        self._is_mended = False
        self._setting = Setting.SMOOTH
        self._layout: Layout | None = None  # while it streams
        self._wish = Wish(Exposure(0, 0.0), 0, exposes)
        self._white: Wish[Triple | None] = Wish(None, 0, balances)
        self._loans: Loans[tuple[Completed, Raw]] = Loans()
        self._spare: list[Raw] = []
        self._first = 0  # number of the first frame since the start
        self._next = 0  # number of the next

    @property
    def facts(self) -> SensorFacts:
        """What is true in every setting."""
        return self._model.facts

    @property
    def buffers(self) -> int:
        """How many frames exist at once; a start that finds no memory makes it less."""
        return self._buffers

    @property
    def settings(self) -> frozenset[Setting]:
        """Those it has."""
        return frozenset(self._model.modes)

    def start(self, setting: Setting, exposure: Exposure, frame_duration_us: int = 0) -> Granted:
        """Stream in that setting, the first frame already at that exposure.

        Raises:
            LossyRaw, UnknownRawFormat: the camera grants nothing that keeps every level.
            NoCamera: it is gone, busy, or there is no memory for its frames.
        """
        self.stop()
        camera, exposure = self._requests.healthy(), self._model.clamped(exposure)
        layout = self._configured(camera, setting, exposure, frame_duration_us)
        self._requests.start()
        self._limits = camera.limits
        patience = self._buffers + EFFECT_FRAMES
        self._wish = Wish(self._limits.clamped(exposure), patience, exposes)
        self._white = Wish(self._white.wanted, patience, balances, sent=False)  # no start tells it
        self._setting, self._layout, self._first = setting, layout, self._next
        form = layout.form
        mode = self._model.modes[setting]
        return Granted(
            layout.columns,
            layout.rows,
            form.bits,
            form.cfa,
            layout.raw_format,
            max(frame_duration_us, camera.frame_duration_us),
            mode.readout_us,
            mode.covered,
        )

    def wait(self, timeout_s: float) -> Frame | None:
        """The newest frame that was not handed out yet, else the next; None when none came in time.

        Raises:
            CameraLost: frames come that do not tell what they are.
            NotReady: it is not started.
        """
        if self._layout is None:
            raise NotReady("The sensor does not stream: start it first.")
        request = self._requests.wait(timeout_s)
        return None if request is None else self._lend(self._layout, Completed(request, writes=self._is_mended))

    def give_back(self, frame: LiveFrame) -> None:
        """End the loan of a frame.

        Raises:
            BadValue: it was given back before, or never lent.
        """
        completed, raw = self._loans.give_back(frame)
        if raw.base is None:  # not the camera's own memory
            self._spare.append(raw)
        self._send()
        self._requests.attempt(completed.end)

    def set(self, exposure: Exposure) -> None:
        """Ask for an exposure: it goes out with the next request that is released."""
        self._wish.ask(self._limits.clamped(exposure))

    def fit_previews(self, rows: int, columns: int) -> None:
        """Have the camera draw them that large from the next start on."""
        self._room = rows, columns

    def balance(self, neutral: Triple | None) -> None:
        """Ask for a white balance of the preview: it goes out likewise; None is libcamera's automatic."""
        self._white.ask(neutral)

    def correct(self, gains: Gains) -> None:
        """Accepted, and without effect: the camera's hardware draws them."""

    def mend(self, hot: HotPixels, dust: Dust = NO_DUST) -> None:
        """Previews stay as the hardware draws them; mosaics can be written to while there is anything to mend."""
        self._is_mended = hot.count > 0 or bool(dust.specks)

    def stop(self) -> None:
        """Stop streaming; frames still lent stay readable."""
        if self._layout is not None:
            self._layout = None
            self._requests.stop(self._wish.wanted.exposure_us)

    def close(self) -> None:
        """Let the camera go."""
        self.stop()
        self._requests.close()

    # ---- the camera ------------------------------------------------------------------------------------------------

    def _configured(self, camera: PiCamera, setting: Setting, exposure: Exposure, frame_duration_us: int) -> Layout:
        """Configured with as many buffers as there is memory for."""
        if self._room is not None:
            camera.fit_previews(*self._room)
        while True:
            try:
                return camera.configure(setting, exposure, self._buffers, frame_duration_us)
            except MemoryError as error:
                if self._buffers <= contiguous_memory.FEWEST:
                    raise NoCamera(camera_refusal.NO_MEMORY) from error
                self._buffers -= 1

    def _send(self) -> None:
        """What is wished for and not confirmed, with the request that is about to be released."""
        camera = self._requests.camera
        if self._layout is None or camera is None:
            return
        if self._wish.due():
            camera.send(self._wish.wanted)
        if self._white.due():
            camera.send_white(self._white.wanted)

    # ---- frames ----------------------------------------------------------------------------------------------------

    def _lend(self, layout: Layout, completed: Completed) -> Frame:
        try:
            frame = self._frame(layout, completed)
        except McamError:
            completed.end()
            raise
        self._wish.seen(frame.exposure)
        self._white.seen(frame.neutral)
        self._next = frame.sequence + 1
        self._requests.heard()
        return self._loans.lend(frame, (completed, frame.raw))

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
