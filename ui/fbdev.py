"""The kernel's side of a framebuffer: linux/fb.h and linux/kd.h as numbers and structs, and the opened device files."""

import errno
import fcntl
import mmap
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import numpy as np

from device.errors import NoScreen

FBIOGET_VSCREENINFO = 0x4600
FBIOGET_FSCREENINFO = 0x4602
FBIOPAN_DISPLAY = 0x4606
FBIOBLANK = 0x4611
FB_BLANK_UNBLANK = 0
FB_BLANK_POWERDOWN = 4
FBIO_WAITFORVSYNC = 0x40044620  # _IOW('F', 0x20, __u32)
KDSETMODE = 0x4B3A
KDGETMODE = 0x4B3B
KD_TEXT = 0
KD_GRAPHICS = 1
VT_GETMODE = 0x5601

_BITFIELD = np.dtype([("offset", "<u4"), ("length", "<u4"), ("msb_right", "<u4")])
VARIABLE = np.dtype(  # struct fb_var_screeninfo
    [
        ("xres", "<u4"),
        ("yres", "<u4"),
        ("xres_virtual", "<u4"),
        ("yres_virtual", "<u4"),
        ("xoffset", "<u4"),
        ("yoffset", "<u4"),
        ("bits_per_pixel", "<u4"),
        ("grayscale", "<u4"),
        ("red", _BITFIELD),
        ("green", _BITFIELD),
        ("blue", _BITFIELD),
        ("transp", _BITFIELD),
        ("timing", "<u4", 20),
    ]
)
FIXED = np.dtype(  # struct fb_fix_screeninfo on a 64-bit kernel
    {
        "names": ["id", "smem_len", "ypanstep", "line_length"],
        "formats": ["S16", "<u4", "<u2", "<u4"],
        "offsets": [0, 24, 42, 48],
        "itemsize": 80,
    }
)


class Device(Protocol):
    """A device file; a test answers from memory instead."""

    def ioctl(self, request: int, argument: bytes | int) -> bytes:
        """What the driver wrote over the argument; OSError where it says no."""
        ...

    def map(self, length: int) -> memoryview | mmap.mmap:
        """Its memory, writable."""
        ...

    def close(self) -> None:
        """Let go. Safe to call twice."""
        ...


class DeviceFile:
    """The real thing."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)

    def ioctl(self, request: int, argument: bytes | int) -> bytes:
        """As fcntl.ioctl; an integer argument is passed by value and answers nothing."""
        answer = fcntl.ioctl(self._file, request, argument)
        return answer if isinstance(answer, bytes) else b""

    def map(self, length: int) -> mmap.mmap:
        """Shared with the driver."""
        return mmap.mmap(self._file, length)

    def close(self) -> None:
        """Close the file; what is mapped stays."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


_REASONS = {
    errno.ENOENT: "There is no panel at {path}: check the display overlay in config.txt, or use --screen memory.",
    errno.EACCES: "We may not draw on {path}: add yourself to the group with sudo usermod -aG video $USER.",
    errno.EPERM: "We may not draw on {path}: add yourself to the group with sudo usermod -aG video $USER.",
}


def opened(path: Path) -> DeviceFile:
    """The framebuffer of that name.

    Raises:
        NoScreen: not there, not allowed, or no framebuffer at all.
    """
    try:
        device = DeviceFile(path)
    except OSError as error:
        sentence = _REASONS.get(error.errno or 0, "The panel at {path} cannot be opened (" + str(error.strerror) + ").")
        raise NoScreen(sentence.format(path=path)) from error
    try:
        device.ioctl(FBIOGET_FSCREENINFO, bytes(80))
    except OSError as error:
        device.close()
        raise NoScreen(f"{path} is no framebuffer: use --screen fb:/dev/fb0.") from error
    return device


# Our own terminal, which the unit gives us and a login on the panel has: KDSETMODE is its owner's. Else, with root's
# rights only, the one in front.
CONSOLES = (Path("/dev/tty"), Path("/dev/tty0"))


def opened_console(paths: Iterable[Path] = CONSOLES) -> DeviceFile | None:
    """The text console under the panel, or None where we may not have it: then its cursor may blink through."""
    return next(filter(None, map(_console, paths)), None)


def mode_of(console: Device) -> int:
    """The mode to give a console back in.

    Graphics only where a program answers for the switch to and from it (struct vt_mode of linux/vt.h begins with 1, as
    under a desktop): else one like us left it so when it was killed.
    """
    mode = int.from_bytes(console.ioctl(KDGETMODE, bytes(4)), "little")
    return mode if console.ioctl(VT_GETMODE, bytes(8))[0] else KD_TEXT


def _console(path: Path) -> DeviceFile | None:
    try:
        console = DeviceFile(path)
    except OSError:
        return None
    try:
        console.ioctl(KDGETMODE, bytes(4))
    except OSError:  # a terminal in a window or over a line
        console.close()
        return None
    return console
