"""A camera behind picamera2: opening it, its memory, and the loop that picamera2 would turn by itself.

Only this module, `picamera2_raw.py` and `picamera2_preview.py` know picamera2 and libcamera. Here is neither an event
thread nor a capture of picamera2's: an exception in a callback ends that thread for good, a capture that timed out
keeps a buffer for ever, and then `stop` never returns. Whoever wants frames calls `turn`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from libcamera import CameraManager, StreamRole
from picamera2 import Picamera2
from picamera2.allocators import DmaAllocator

from device import camera_refusal
from device.errors import NoCamera

BUSY_OR_BROKEN = (RuntimeError, OSError)  # what picamera2 and libcamera's binding raise


def first_camera() -> Mapping[str, Any]:
    """What libcamera says of the camera that is used.

    Raises:
        NoCamera: there is none.
    """
    cameras: list[Mapping[str, Any]] = Picamera2.global_camera_info()
    if not cameras:
        raise NoCamera(camera_refusal.NOT_FOUND)
    return cameras[0]


def gives_raw() -> bool:
    """Whether the camera that is used has a RAW stream: picamera2 asks for one if it tells its colour filters.

    Raises:
        NoCamera: there is none.
    """
    camera = CameraManager.singleton().cameras[first_camera()["Num"]]
    return "ColorFilterArrangement" in {name.name for name in camera.properties}


class KeptMemory(DmaAllocator):  # type: ignore[misc] # picamera2 ships no types
    """picamera2's memory for frames, which forgets buffers instead of closing them.

    Closing fails while any numpy view of a buffer lives, leaves the allocator half cleaned, and no later `configure`
    works. Forgotten, a buffer is unmapped when its last view dies.
    """

    def cleanup(self) -> None:
        """Let go of buffers that are neither allocated now nor in a request that is held."""
        for buffer in list(self.mapped_buffers):
            descriptor = buffer.planes[0].fd
            if not self.mapped_buffers_used.get(descriptor) and descriptor not in self.libcamera_fds:
                del self.mapped_buffers[buffer]
                self.mapped_buffers_used.pop(descriptor, None)


class OpenCamera:
    """The first camera that libcamera finds, open: what is the same for each kind.

    Args:
        tuning: for libcamera's algorithms, None for its own.

    Raises:
        NoCamera: there is none, somebody else has it, or this user may not.
    """

    def __init__(self, tuning: Mapping[str, Any] | None = None) -> None:
        try:
            self._picamera2 = Picamera2(0, tuning=tuning, allocator=KeptMemory())
        except BUSY_OR_BROKEN as error:
            raise camera_refusal.refusal(error) from error

    @property
    def descriptor(self) -> int:
        """Is readable when `turn` has something to do."""
        return int(self._picamera2.notifyme_r)

    def offered(self) -> dict[str, list[tuple[int, int]]]:
        """Pictures that it can make: format to sizes (columns, rows)."""
        formats = self._picamera2.camera.generate_configuration([StreamRole.Viewfinder]).at(0).formats
        return {str(name): [(s.width, s.height) for s in formats.sizes(name)] for name in formats.pixel_formats}

    def start(self, passed: Callable[[Any], None]) -> None:
        """Stream; from then on each `turn` hands completed requests to `passed`, which must not raise.

        Raises:
            NoCamera: the camera cannot be started.
        """
        self._picamera2.post_callback = passed
        try:
            self._picamera2.start(show_preview=None)  # None: without an event thread
        except BUSY_OR_BROKEN as error:
            raise camera_refusal.refusal(error) from error

    def turn(self) -> None:
        """Do once what picamera2's event thread would do."""
        self._picamera2.notifymeread.read()
        self._picamera2.process_requests(None)

    def stop(self) -> None:
        """Stop streaming; held requests stay readable. Nobody else turns the loop, so there is none to wait for."""
        self._picamera2.stop()

    def close(self) -> None:
        """Let the camera go."""
        self._picamera2.close()

    def _configure(self, configuration: dict[str, Any]) -> Mapping[str, Any]:
        """What was granted.

        Raises:
            MemoryError: there is none for so many buffers.
            NoCamera: it cannot be configured.
        """
        try:
            self._picamera2.configure(configuration)
        except BUSY_OR_BROKEN as error:
            if camera_refusal.out_of_memory(error):
                raise MemoryError from error
            raise camera_refusal.refusal(error) from error
        granted: Mapping[str, Any] = self._picamera2.camera_configuration()
        return granted
