"""A camera without RAW as a sensor: something to look through, so that the rest of mcam can be tried with it.

Its frames are `frame.LiveFrame`, of which no photograph can be made. It exposes by itself. Pictures are copied out of
the camera's memory at once, as they are small, so a frame that is lent keeps no buffer.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from device import camera_refusal, picamera2_frames
from device.clock import Clock, asleep_ns
from device.dust import NO_DUST, Dust
from device.errors import NoCamera, NotReady
from device.flat_field import Gains
from device.frame import Colour, Exposure, LiveFrame, SensorFacts, Triple
from device.hot_pixels import HotPixels
from device.loans import Loans
from device.picamera2_preview import PreviewCamera
from device.picamera2_requests import Requests, wait_readable
from device.sensor import TO_PHOTOGRAPH, Granted, Setting
from device.yuv import Stored

FRAME_US = 33_333  # what such cameras usually take; those that can tell do so only after many frames
BUFFERS = 4


class PreviewOnlySensor:
    """A `sensor.Sensor`; its settings do not differ.

    Args:
        clock: of the shutter's press.
        preview_max: rows and columns that a preview may have.
        wait_readable: waits for a descriptor, for so many seconds at most.
        asleep_ns: how long this machine slept.

    Raises:
        NoCamera: as `PreviewCamera`.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        preview_max: tuple[int, int] = (768, 1024),
        wait_readable: Callable[[int, float], bool] = wait_readable,
        asleep_ns: Callable[[], int] = asleep_ns,
    ) -> None:
        self._clock = clock
        self._preview_max = preview_max
        self._asleep_ns = asleep_ns
        self._requests = Requests(clock, partial(PreviewCamera, preview_max), wait_readable, before_release=_nothing)
        self._facts = _facts(self._requests.healthy())
        self._stored: Stored | None = None  # while it streams
        self._loans: Loans[None] = Loans()
        self._first = 0  # number of the first frame since the start
        self._next = 0  # number of the next

    @property
    def facts(self) -> SensorFacts:
        """The name and the size; nothing else is known."""
        return self._facts

    @property
    def buffers(self) -> int:
        """How many frames exist at once."""
        return BUFFERS

    @property
    def settings(self) -> frozenset[Setting]:
        """Those it has."""
        return TO_PHOTOGRAPH

    def start(self, setting: Setting, exposure: Exposure, frame_duration_us: int = 0) -> Granted:
        """Stream; the setting and the exposure change nothing.

        Raises:
            NoCamera: it is gone, busy, or there is no memory for its frames.
        """
        del setting, exposure, frame_duration_us
        self.stop()
        try:
            stored = self._requests.healthy().configure(BUFFERS)
        except MemoryError as error:
            raise NoCamera(camera_refusal.NO_MEMORY) from error
        self._requests.start()
        self._stored, self._first = stored, self._next
        return Granted(stored.columns, stored.rows, 0, None, "", FRAME_US)

    def wait(self, timeout_s: float) -> LiveFrame | None:
        """The newest frame that was not handed out yet, else the next; None when none came in time.

        Raises:
            NotReady: it is not started.
        """
        if self._stored is None:
            raise NotReady("The sensor does not stream: start it first.")
        request = self._requests.wait(timeout_s)
        if request is None:
            return None
        frame = self._frame(self._stored, request)
        self._requests.attempt(request.release)
        self._requests.heard()
        self._next = frame.sequence + 1
        return self._loans.lend(frame, None)

    def give_back(self, frame: LiveFrame) -> None:
        """End the loan of a frame.

        Raises:
            BadValue: it was given back before, or never lent.
        """
        self._loans.give_back(frame)

    def set(self, exposure: Exposure) -> None:
        """Accepted, and without effect: such a camera exposes by itself."""

    def fit_previews(self, rows: int, columns: int) -> None:
        """Accepted, and without effect: such a camera offers few sizes, and was asked for one."""

    def balance(self, neutral: Triple | None) -> None:
        """Accepted, and without effect: such a camera finds white by itself."""

    def correct(self, gains: Gains) -> None:
        """Accepted, and without effect: such a camera draws them itself, and there is no RAW to measure by."""

    def mend(self, hot: HotPixels, dust: Dust = NO_DUST) -> None:
        """Accepted, and without effect, for the same reasons."""

    def stop(self) -> None:
        """Stop streaming; frames still lent stay readable."""
        if self._stored is not None:
            self._stored = None
            self._requests.stop(FRAME_US)

    def close(self) -> None:
        """Let the camera go."""
        self.stop()
        self._requests.close()

    def _frame(self, stored: Stored, request: Any) -> LiveFrame:  # noqa: ANN401 - picamera2 ships no types
        """The request's own number counts requests; the buffer's counts frames."""
        metadata, buffer = request.get_metadata(), request.request.buffers[request.stream_map["main"]]
        stamp_ns, now_ns = metadata["SensorTimestamp"], self._clock.now_ns()
        return LiveFrame(
            sequence=self._first + int(buffer.metadata.sequence),
            sensor_timestamp_ns=picamera2_frames.on_clock(stamp_ns, now_ns, self._asleep_ns()),
            exposure=Exposure(int(metadata.get("ExposureTime", 0)), float(metadata.get("AnalogueGain", 0.0))),
            preview=stored.preview(request.make_buffer("main"), *self._preview_max),
        )


def _facts(camera: PreviewCamera) -> SensorFacts:
    columns, rows = camera.largest
    return SensorFacts(
        model=camera.model,
        width=columns,
        height=rows,
        pixel_pitch_um=0.0,
        gain_min=1.0,
        gain_max=1.0,
        exposure_min_us=FRAME_US,
        exposure_max_us=FRAME_US,
        colour=Colour((), ()),
        finds_white=True,
        obeys_exposure=False,
    )


def _nothing() -> None:
    """There are no controls to send."""
