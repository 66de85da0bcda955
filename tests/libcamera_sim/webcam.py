"""A camera as libcamera shows one on USB: pictures of a size on offer, no RAW, and nothing to set."""

from typing import Any

from device.frame_schedule import Planned
from tests.libcamera_sim import controls, properties
from tests.libcamera_sim.buffers import FrameBuffer
from tests.libcamera_sim.camera import Camera
from tests.libcamera_sim.configuration import CameraConfiguration, StreamConfiguration, StreamFormats
from tests.libcamera_sim.control_ids import ControlId, ControlInfo
from tests.libcamera_sim.exposing import write_nv12, write_yuyv
from tests.libcamera_sim.request import Request
from tests.libcamera_sim.values import ColorSpace, PixelFormat, Size, StreamRole


class Webcam(Camera):
    """As `Camera`, whose `raw` is here the one format of its pictures, "NV12" or "YUYV".

    Attributes:
        colours: what it says of its colours, None as some do.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.id = "/base/soc/usb@7e980000/usb-port@1-1:1.0-046d:0825"
        self.name = "USB Camera"
        self.colours: ColorSpace | None = ColorSpace.Smpte170m()

    @property
    def controls(self) -> dict[ControlId, ControlInfo]:
        return {controls.AeEnable: ControlInfo(False, True, True)}

    @property
    def properties(self) -> dict[ControlId, object]:
        return {properties.Model: self.name, properties.Location: 2}

    def generate_configuration(self, roles: list[StreamRole]) -> CameraConfiguration:
        """uvcvideo.cpp: the same for every role."""
        sizes = [Size(640, 480), Size(60, 44), Size(120, 90)]  # the last two are what its mosaic is drawn to
        offered = StreamFormats({PixelFormat("MJPEG"): sizes, PixelFormat(self._raw): sizes})
        streams = [
            StreamConfiguration(role, offered, stream) for role, stream in zip(roles, self._streams, strict=False)
        ]
        return CameraConfiguration(streams, self._grants, self._stride_bytes)

    def configure(self, configuration: CameraConfiguration) -> int:
        for stream in configuration:
            stream.color_space = self.colours
            stream.stream.configuration = stream
        return 0

    def _fill(self, request: Request, planned: Planned) -> None:
        super()._fill(request, planned)
        request.metadata = {controls.SensorTimestamp: planned.sensor_timestamp_ns}

    def _write(self, stream: StreamConfiguration, raw: Any, buffer: FrameBuffer) -> None:
        size, write = stream.size, write_nv12 if self._raw == "NV12" else write_yuyv
        write(self._light.preview(raw, self._cfa, size.height, size.width), stream.stride, buffer.written())
