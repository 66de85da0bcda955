"""The newest completed request of a camera behind picamera2, which is opened anew when it broke or fell silent."""

import logging
import select
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from device.clock import Clock
from device.picamera2_camera import BUSY_OR_BROKEN, OpenCamera

SILENCE_NS = 1_000_000_000

_C = TypeVar("_C", bound=OpenCamera)
_log = logging.getLogger(__name__)


def wait_readable(descriptor: int, timeout_s: float) -> bool:
    """Wait until a descriptor has something to read, or in vain."""
    return bool(select.select([descriptor], [], [], timeout_s)[0])


class Requests(Generic[_C]):
    """For one thread.

    Args:
        clock: in whose time to wait.
        open_camera: opens the camera; called at once, and again when it has to be opened anew.
        wait_readable: waits for a descriptor, for so many seconds at most.
        before_release: called before a request that nobody took is released.

    Attributes:
        camera: as it is open now, None once closed.

    Raises:
        NoCamera: it cannot be opened.
    """

    def __init__(
        self,
        clock: Clock,
        open_camera: Callable[[], _C],
        wait_readable: Callable[[int, float], bool],
        before_release: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._open = open_camera
        self._wait_readable = wait_readable
        self._before_release = before_release
        self.camera: _C | None = open_camera()
        self._newest: Any = None  # a request that nobody took yet
        self._heard_ns = 0
        self._ill = False

    def healthy(self) -> _C:
        """The camera, opened anew where it was silent or broke."""
        if self._ill or self.camera is None:
            self.close()
            self.camera = self._open()
            self._ill = False
        return self.camera

    def start(self) -> None:
        """Stream what is configured.

        Raises:
            NoCamera: the camera cannot be started.
        """
        self.healthy().start(self._pass)
        self.heard()

    def wait(self, timeout_s: float) -> Any | None:  # noqa: ANN401 - picamera2 ships no types
        """The newest request that was not handed out yet, else the next; None when none came in time. Release it."""
        deadline_ns = self._clock.now_ns() + round(timeout_s * 1e9)
        while not self._ill and self.camera is not None:
            remaining_ns = max(0, deadline_ns - self._clock.now_ns())
            if not self._wait_readable(self.camera.descriptor, remaining_ns / 1e9):
                return None
            self.attempt(self.camera.turn)
            request, self._newest = self._newest, None
            if request is not None:
                return request
        self._clock.wait_until(deadline_ns)  # the frame stream takes it for the silence that it is, and starts us anew
        return None

    def heard(self) -> None:
        """A good frame came just now."""
        self._heard_ns = self._clock.now_ns()

    def stop(self, exposure_us: int) -> None:
        """Stop streaming; a camera that was silent for a second and three exposures will be opened anew."""
        self._ill = self._ill or self._clock.now_ns() - self._heard_ns > SILENCE_NS + 3000 * exposure_us
        request, self._newest = self._newest, None
        if request is not None:
            self.attempt(request.release)
        if self.camera is not None:
            self.attempt(self.camera.stop)

    def close(self) -> None:
        """Let the camera go."""
        camera, self.camera = self.camera, None
        if camera is not None:
            self.attempt(camera.close)

    def attempt(self, step: Callable[[], None]) -> None:
        """A step that fails when the stack below is broken: it is told in the journal, and the next start mends it."""
        try:
            step()
        except BUSY_OR_BROKEN:
            _log.exception("The camera's stack broke, and will be opened anew.")
            self._ill = True

    def _pass(self, request: Any) -> None:  # noqa: ANN401 - picamera2 ships no types
        """Called within `turn`: keep the newest request, and no other."""
        request.acquire()
        older, self._newest = self._newest, request
        if older is not None:
            self._before_release()
            older.release()
