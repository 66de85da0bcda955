"""libcamera's small values: sizes, rectangles, transforms, colour spaces, pixel formats."""

import enum
from dataclasses import dataclass


class StreamRole(enum.Enum):
    Raw = 0
    StillCapture = 1
    VideoRecording = 2
    Viewfinder = 3


class Orientation(enum.Enum):
    """EXIF's numbers."""

    Rotate0 = 1
    Rotate0Mirror = 2
    Rotate180 = 3
    Rotate180Mirror = 4
    Rotate90Mirror = 5
    Rotate270 = 6
    Rotate270Mirror = 7
    Rotate90 = 8


@dataclass(unsafe_hash=True)
class Size:
    width: int = 0
    height: int = 0


@dataclass(unsafe_hash=True)
class Rectangle:
    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class PixelFormat:
    _name: str = "<INVALID>"

    def __str__(self) -> str:
        return self._name


class Transform:
    """picamera2 gives the class its own __eq__ and __repr__, as it does with the real one."""

    def __init__(
        self, other: "Transform | int" = 0, hflip: bool = False, vflip: bool = False, transpose: bool = False
    ) -> None:
        if isinstance(other, Transform):
            self.hflip, self.vflip, self.transpose = other.hflip, other.vflip, other.transpose
            return
        turned = other == 180
        self.hflip, self.vflip, self.transpose = bool(hflip) != turned, bool(vflip) != turned, bool(transpose)

    def __str__(self) -> str:
        return f"<libcamera.Transform {self.hflip} {self.vflip} {self.transpose}>"

    __hash__ = object.__hash__


class ColorSpace:
    """Likewise."""

    class Primaries(enum.Enum):
        Raw = 0
        Smpte170m = 1
        Rec709 = 2
        Rec2020 = 3

    class TransferFunction(enum.Enum):
        Linear = 0
        Srgb = 1
        Rec709 = 2

    class YcbcrEncoding(enum.Enum):
        Null = 0
        Rec601 = 1
        Rec709 = 2
        Rec2020 = 3

    class Range(enum.Enum):
        Full = 0
        Limited = 1

    def __init__(self, primaries: Primaries, transfer: TransferFunction, encoding: YcbcrEncoding, span: Range) -> None:
        self.primaries, self.transferFunction, self.ycbcrEncoding, self.range = primaries, transfer, encoding, span

    def __str__(self) -> str:
        return f"<libcamera.ColorSpace {self.primaries.name} {self.range.name}>"

    __hash__ = object.__hash__

    @staticmethod
    def Raw() -> "ColorSpace":  # noqa: N802 - libcamera's name
        kind = ColorSpace
        return kind(kind.Primaries.Raw, kind.TransferFunction.Linear, kind.YcbcrEncoding.Null, kind.Range.Full)

    @staticmethod
    def Sycc() -> "ColorSpace":  # noqa: N802
        kind = ColorSpace
        return kind(kind.Primaries.Rec709, kind.TransferFunction.Srgb, kind.YcbcrEncoding.Rec601, kind.Range.Full)

    @staticmethod
    def Smpte170m() -> "ColorSpace":  # noqa: N802
        kind = ColorSpace
        return kind(
            kind.Primaries.Smpte170m, kind.TransferFunction.Rec709, kind.YcbcrEncoding.Rec601, kind.Range.Limited
        )

    @staticmethod
    def Rec709() -> "ColorSpace":  # noqa: N802
        kind = ColorSpace
        return kind(kind.Primaries.Rec709, kind.TransferFunction.Rec709, kind.YcbcrEncoding.Rec709, kind.Range.Limited)
