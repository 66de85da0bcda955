"""The thread that carries frames: from the sensor to the camera, the meter and the preview ring, and back.

It also is the frame watchdog. When a cable comes loose, libcamera cancels the requests and picamera2 drops cancelled
requests without a word, so silence is the only sign: it restarts the stream once, and when that does not help it ends
with CameraLost, which ends the process, which systemd starts again.
"""

import threading
from collections.abc import Callable

from device import luma, magnifier, meter
from device.camera import Camera
from device.clock import Clock
from device.dust import NO_DUST
from device.dust_removal import removed
from device.errors import CameraLost, McamError
from device.flat_field import NO_GAINS
from device.frame import Exposure, Frame, LiveFrame, Reading
from device.hot_pixels import NO_HOT_PIXELS
from device.mending import passed_over
from device.on_screen import OnScreen
from device.preview import PreviewWriter
from device.sensor import Granted, Sensor, Setting
from device.showing import Showing
from device.steady_detail import SteadyDetail
from device.window import Magnified

WAIT_S = 0.05  # how long an arm or a stop may go unnoticed between frames
SILENCE_FRAMES = 3
SILENCE_NS = 1_000_000_000


def unheard(frame: LiveFrame, reading: Reading) -> None:
    """Where nobody wants to know what was measured."""
    del frame, reading


class Stream:
    """Frames in, everything else out.

    Args:
        sensor: closed when the stream ends.
        camera: told of each frame.
        ring: gets each frame's preview and reading.
        clock: of the sensor's timestamps.
        showing: how large viewfinders draw.
        seen: called after each frame, for the rate counter.
    """

    def __init__(
        self,
        *,
        sensor: Sensor,
        camera: Camera,
        ring: PreviewWriter | OnScreen,
        clock: Clock,
        showing: Showing,
        seen: Callable[[LiveFrame], None],
    ) -> None:
        self._sensor = sensor
        self._camera = camera
        self._ring = ring
        self._clock = clock
        self._showing = showing
        self._fitted: tuple[int, int] | None = None  # the size that the sensor was last told
        self._gains = NO_GAINS  # and the flat field
        self._hot, self._dust = NO_HOT_PIXELS, NO_DUST  # and what is to be mended
        self._seen = seen
        self._running: Setting | None = None
        self._long: Exposure | None = None
        self._frame_us = 0  # that film asked for
        self._granted: Granted | None = None
        self._last_ns = 0
        self._restarted = False
        self._steady = SteadyDetail()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._live, name="stream")
        self.measured: Callable[[LiveFrame, Reading], None] = unheard  # told of each frame what the meter read
        self.turns = 0  # grows as long as the thread is alive and not stuck in the camera's stack
        self.failure: BaseException | None = None
        self.ended = threading.Event()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the frame in hand and let the sensor go."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def step(self) -> None:
        """One turn of the loop: follow the wanted setting, then carry one frame or count the silence.

        Raises:
            CameraLost: no frames, and a restart did not help.
        """
        self.turns += 1
        self._camera.passed(self._clock.now_ns())
        self._fit()
        if self._camera.asleep:
            self._rest()
            return
        self._follow(self._camera.wanted(), self._camera.long, self._camera.frame_duration_us)
        frame = self._sensor.wait(WAIT_S)
        if frame is None:
            self._mind_silence()
        else:
            self._carry(frame)

    def _rest(self) -> None:
        """No frames while the camera sleeps: what wakes it starts the sensor anew."""
        if self._running is not None:
            self._sensor.stop()
            self._running = None
        self._stopping.wait(WAIT_S)

    def _live(self) -> None:
        try:
            while not self._stopping.is_set():
                self.step()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the composition root must end the process with it
            self.failure = error
            self._camera.faulted(str(error) if isinstance(error, McamError) else f"The frame stream broke: {error!r}")
        finally:
            self._camera.abandon()
            self._sensor.close()
            self.ended.set()

    def _fit(self) -> None:
        """Previews in the size that a viewfinder draws, flat as photographs are, and without hot pixels as they."""
        wanted = self._showing.picture
        if wanted is not None and wanted != self._fitted:
            self._fitted = wanted
            self._sensor.fit_previews(*wanted)
        gains = self._camera.flat_field
        if gains is not self._gains:
            self._gains = gains
            self._sensor.correct(gains)
        blemishes = self._camera.hot_map, self._camera.dust
        if blemishes != (self._hot, self._dust):
            self._hot, self._dust = blemishes
            self._sensor.mend(*blemishes)

    def _follow(self, wanted: Setting, long: Exposure | None, frame_us: int) -> None:
        """Another setting or rate, or the beginning or end of a long exposure, wants a new start."""
        if (wanted, long, frame_us) != (self._running, self._long, self._frame_us):
            self._restart(wanted)

    def _restart(self, setting: Setting) -> None:
        if self._running is not None:
            self._sensor.stop()
        self._long, self._frame_us = self._camera.long, self._camera.frame_duration_us
        self._granted = self._sensor.start(setting, self._camera.first_exposure(setting), self._frame_us)
        self._running = setting
        self._last_ns = self._clock.now_ns()
        self._camera.started(setting, self._granted)

    def _carry(self, frame: LiveFrame) -> None:
        """The shutter first: the meter, the ring and the dials come after the press has its frame."""
        self._last_ns, self._restarted = self._clock.now_ns(), False
        if self._camera.fault:
            self._camera.faulted("")
        if isinstance(frame, Frame):
            self._camera.choose(frame)
            with passed_over(frame.raw, self._hot):  # a hot one is neither light nor detail, and clips at night, too
                reading, magnified = self._measure(frame)
        else:
            reading, magnified = luma.read(frame.preview), None
        self._ring.publish(frame, reading, magnified, self._granted.readout_us if self._granted else 0)
        self.measured(frame, reading)
        window = magnified.window if magnified else None
        self._sensor.set(self._camera.expose(frame, reading, window))
        self._sensor.balance(self._camera.balance(frame, reading, window))
        self._seen(frame)
        self._sensor.give_back(frame)

    def _measure(self, frame: Frame) -> tuple[Reading, Magnified | None]:
        window = magnifier.window_of(frame, self._camera.dials.view, self._showing.magnified)
        exact = self._running is Setting.ARMED  # of a frame that may be photographed, inspect says the same
        reading = meter.read(frame, window, None if exact else frame.sequence, self._steady)
        if window is None:
            return reading, None
        with removed(frame.raw, frame.cfa, frame.levels, self._dust):
            return reading, magnifier.cut(frame, self._camera.facts.colour, window, self._camera.flat_field)

    def _mind_silence(self) -> None:
        if self._clock.now_ns() - self._last_ns <= self._patience_ns():
            return
        if self._restarted:
            raise CameraLost("The camera sends no frames, and a restart did not help: check its cable.")
        self._camera.faulted("The camera stalled and is being restarted.")
        self._restarted = True
        self._restart(self._camera.wanted())

    def _patience_ns(self) -> int:
        granted = self._granted
        frame_us = max(granted.frame_duration_us if granted else 0, self._camera.first_exposure().exposure_us)
        return SILENCE_FRAMES * frame_us * 1000 + SILENCE_NS
