"""What picamera2 needs of a Pi and another machine lacks, so that it runs on libcamera's virtual camera.

Runs in the root, with Debian's Python and the real libcamera. Memory comes from memfds, as there is no /dev/dma_heap;
the DRM bindings of picamera2's preview window, and two packages that need a compiler, are empty, as nobody here uses
them. And two things of picamera2 itself do not hold for that camera: it has no answer when asked for RAW formats, and
writes NV12 into two planes, of which picamera2 would describe one.
"""

import os
import sys
from types import ModuleType, SimpleNamespace
from typing import Any


class Heap:
    """In place of picamera2.dma_heap.DmaHeap."""

    def alloc(self, name: str, size: int) -> Any:
        from picamera2.dma_heap import UniqueFD  # noqa: PLC0415 - it is being imported

        descriptor = os.memfd_create(name, os.MFD_CLOEXEC)
        os.ftruncate(descriptor, size)
        return UniqueFD(descriptor)

    def close(self) -> None:
        """Nothing is held."""


class Anything:
    """Has every name."""

    def __getattr__(self, name: str) -> str:
        return name


def module(name: str, **contents: object) -> None:
    made = ModuleType(name)
    vars(made).update(contents)
    sys.modules[name] = made


def install() -> None:
    """Before anything imports picamera2."""
    module("pykms", PixelFormat=Anything())
    module("prctl")
    module("pidng")
    module("pidng.camdefs", Picamera2Camera=object)
    module("pidng.core", PICAM2DNG=object)
    import libcamera  # noqa: PLC0415
    from picamera2 import Picamera2  # noqa: PLC0415
    from picamera2.allocators import dmaallocator  # noqa: PLC0415

    def two_planes(planes: list[Any]) -> Any:
        """Luma has two thirds of an NV12 picture's bytes."""
        luma, chroma = planes[0], libcamera.FrameBuffer.Plane()
        chroma.fd, chroma.offset, chroma.length = luma.fd, luma.length * 2 // 3, luma.length // 3
        luma.length = chroma.offset
        return libcamera.FrameBuffer([luma, chroma])

    two_planes.Plane = libcamera.FrameBuffer.Plane  # type: ignore[attr-defined]
    dmaallocator.DmaHeap = Heap
    dmaallocator.fcntl = SimpleNamespace(ioctl=lambda *_: 0)  # memfds need no synchronising between devices
    dmaallocator.libcamera = SimpleNamespace(FrameBuffer=two_planes)
    Picamera2._get_raw_modes = lambda self: _modes(self.camera, libcamera.StreamRole.Viewfinder)


def _modes(camera: Any, role: Any) -> list[dict[str, Any]]:
    formats = camera.generate_configuration([role]).at(0).formats
    return [
        {"format": str(name), "size": (s.width, s.height)}
        for name in formats.pixel_formats
        for s in formats.sizes(name)
    ]
