"""Puts the simulated libcamera in place of the real one, so that the real picamera2 imports and runs here.

Besides libcamera it stands in for what no test uses and a laptop lacks: memory from /dev/dma_heap (a memfd does), the
DRM bindings of picamera2's own preview window, and two packages that need a compiler (prctl for its FFmpeg output,
pidng for its DNG). PyPI's package `kms` is something else altogether, so it must not be found.
"""

import errno
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest

MISSING = "picamera2 is not installed: make test does it where the package index can be reached"


class MemfdHeap:
    """In place of picamera2.dma_heap.DmaHeap, with as much memory as a test wants.

    What earlier tests left mapped is not counted: it goes when Python gets round to it.
    """

    limit_bytes: ClassVar[int | None] = None
    generation: ClassVar[int] = 0

    def alloc(self, name: str, size: int) -> Any:
        if self.limit_bytes is not None and allocated_bytes() + size > self.limit_bytes:
            raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))
        descriptor = os.memfd_create(f"{name}-of-{self.generation}", os.MFD_CLOEXEC)
        os.ftruncate(descriptor, size)
        return sys.modules["picamera2.dma_heap"].UniqueFD(descriptor)

    def close(self) -> None:
        pass


def allocated_bytes() -> int:
    """Of all frames of this generation that are mapped into this process, each once."""
    ours = f"-of-{MemfdHeap.generation}"
    lines = [line.split() for line in Path("/proc/self/maps").read_text().splitlines() if ours in line]
    sizes = {fields[4]: fields[0].split("-") for fields in lines}
    return sum(int(end, 16) - int(begin, 16) for begin, end in sizes.values())


def module(name: str, **contents: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(contents)
    return made


def install() -> None:
    """Import picamera2 on the simulated libcamera, once; skips the test where there is no picamera2."""
    if "picamera2" in sys.modules:
        return
    if importlib.util.find_spec("picamera2") is None:
        pytest.skip(MISSING)
    from tests import libcamera_sim  # noqa: PLC0415 - only where it is wanted

    stand_ins = {
        "libcamera": libcamera_sim,
        "kms": None,
        "pykms": module("pykms", PixelFormat=Formats()),
        "prctl": module("prctl"),
        "pidng": module("pidng"),
        "pidng.camdefs": module("pidng.camdefs", Picamera2Camera=object),
        "pidng.core": module("pidng.core", PICAM2DNG=object),
    }
    sys.modules.update(stand_ins)  # type: ignore[arg-type]
    from picamera2.allocators import dmaallocator  # noqa: PLC0415

    import device.sensor_picamera2  # noqa: PLC0415 - while they are there
    import device.sensor_preview_only  # noqa: F401, PLC0415

    for name in stand_ins:
        del sys.modules[name]  # nobody else shall take this machine for one with a camera
    dmaallocator.DmaHeap = MemfdHeap
    dmaallocator.fcntl = module("fcntl", ioctl=lambda *_: 0)  # memfds need no synchronising between devices


class Formats:
    """pykms.PixelFormat: any name."""

    def __getattr__(self, name: str) -> str:
        return name
