"""A camera behind picamera2 that gives no RAW, such as a USB camera: opening it and asking for a picture."""

from typing import Any

from libcamera import ColorSpace

from device.errors import NoCamera
from device.picamera2_camera import OpenCamera, first_camera
from device.yuv import Stored, chosen


class PreviewCamera(OpenCamera):
    """The first camera that libcamera finds, open; nobody tells it how to expose.

    Args:
        preview_max: rows and columns that a preview may have.

    Attributes:
        model: what libcamera calls it.
        largest: (columns, rows) of the largest picture that it offers.

    Raises:
        NoCamera: there is none, it offers nothing that can be read, somebody else has it, or this user may not.
    """

    def __init__(self, preview_max: tuple[int, int]) -> None:
        self.model = str(first_camera().get("Model", "camera"))
        super().__init__()
        offered = self.offered()
        try:
            self._format, self._size = chosen(offered, *preview_max)
        except NoCamera:
            self.close()
            raise
        self.largest = max(offered[self._format], key=lambda size: size[0] * size[1])

    def configure(self, buffers: int) -> Stored:
        """Ask for pictures in so many buffers; says what was granted.

        Raises:
            NoCamera: it cannot be configured, or grants what nobody can read.
            MemoryError: there is none for so many buffers.
        """
        main = self._configure(self._configuration(buffers))["main"]
        columns, rows = main["size"]
        chosen({main["format"]: [(columns, rows)]}, rows, columns)
        # Not picamera2's "colour_space", which names a full range for what has the primaries of sRGB.
        space = self._picamera2.libcamera_config.at(0).color_space
        limited = space is None or space.range == ColorSpace.Range.Limited
        return Stored(main["format"], columns, rows, main["stride"], limited)

    def _configuration(self, buffers: int) -> dict[str, Any]:
        configuration: dict[str, Any] = self._picamera2.create_preview_configuration(
            main={"format": self._format, "size": self._size},
            colour_space=ColorSpace.Smpte170m(),  # of limited range, as nearly all cameras deliver anyway
            buffer_count=buffers,
            queue=False,  # the newest request is ours, and none is kept besides
            display=None,
            encode=None,
        )
        return configuration
