"""Configurations of streams, which `validate` rewrites into what the pipeline can do."""

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence

from tests.libcamera_sim.values import ColorSpace, Orientation, PixelFormat, Rectangle, Size, StreamRole

Grants = Callable[["CameraConfiguration"], tuple[str, Size]]  # name and size of the raw format that will come


class SensorConfiguration:
    def __init__(self) -> None:
        self.bit_depth = 0
        self.output_size = Size()
        self.analog_crop = Rectangle()


class StreamFormats:
    def __init__(self, sizes: Mapping[PixelFormat, Sequence[Size]]) -> None:
        self._sizes = sizes

    @property
    def pixel_formats(self) -> list[PixelFormat]:
        return list(self._sizes)

    def sizes(self, pixel_format: PixelFormat) -> list[Size]:
        return list(self._sizes[pixel_format])


class Stream:
    def __init__(self) -> None:
        self.configuration: StreamConfiguration | None = None


class StreamConfiguration:
    def __init__(self, role: StreamRole, formats: StreamFormats, stream: Stream) -> None:
        self.role, self.formats, self.stream = role, formats, stream
        self.size, self.pixel_format = Size(), PixelFormat()
        self.stride = self.frame_size = 0
        self.buffer_count = 4
        self.color_space: ColorSpace | None = None


class CameraConfiguration:
    class Status(enum.Enum):
        Valid = 0
        Adjusted = 1
        Invalid = 2

    def __init__(self, streams: Sequence[StreamConfiguration], grants: Grants, stride_bytes: int) -> None:
        self._streams = list(streams)
        self._grants = grants
        self._stride_bytes = stride_bytes
        self.orientation = Orientation.Rotate0
        self.sensor_config: SensorConfiguration | None = None

    def __iter__(self) -> Iterator[StreamConfiguration]:
        return iter(self._streams)

    def __len__(self) -> int:
        return len(self._streams)

    def at(self, index: int) -> StreamConfiguration:
        return self._streams[index]

    def validate(self) -> Status:
        changed = [self._settle(each) for each in self._streams]
        return self.Status.Adjusted if any(changed) else self.Status.Valid

    def _settle(self, stream: StreamConfiguration) -> bool:
        if stream.role is StreamRole.Raw:
            return self._settle_raw(stream)
        if str(stream.pixel_format) == "YUYV":
            stream.stride = self._aligned(stream.size.width * 2, self._stride_bytes)
            stream.frame_size = stream.stride * stream.size.height
        elif str(stream.pixel_format) in ("YUV420", "NV12"):
            stream.stride = self._aligned(stream.size.width, 2 * self._stride_bytes)
            stream.frame_size = stream.stride * stream.size.height * 3 // 2
        else:
            stream.stride = self._aligned(stream.size.width * 4, self._stride_bytes)
            stream.frame_size = stream.stride * stream.size.height
        return False

    def _settle_raw(self, stream: StreamConfiguration) -> bool:
        name, size = self._grants(self)
        changed = (str(stream.pixel_format), stream.size) != (name, size)
        stream.pixel_format, stream.size = PixelFormat(name), size
        row_bits = size.width * (8 if "COMP1" in name else 12 if "12_CSI2P" in name else 16)
        stream.stride = self._aligned(row_bits // 8, self._stride_bytes)
        stream.frame_size = stream.stride * size.height
        return changed

    @staticmethod
    def _aligned(length: int, step: int) -> int:
        return -(-length // step) * step
