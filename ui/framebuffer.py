"""The panel behind /dev/fb0: XRGB8888 or RGB565, any stride, two pages where the driver has them, turned as mounted.

Facts of the kernel's fbdev emulation that this stands on (research facts.md, section 4.2): vc4 gives RGB565 unless told
otherwise; there is one page unless drm_kms_helper.drm_fbdev_overalloc=200; panning and waiting for the vertical sync
answer EBUSY while another program is DRM master.
"""

import atexit
from contextlib import suppress
from pathlib import Path
from typing import Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from device.errors import NoScreen
from ui.fbdev import (
    FB_BLANK_POWERDOWN,
    FB_BLANK_UNBLANK,
    FBIO_WAITFORVSYNC,
    FBIOBLANK,
    FBIOGET_FSCREENINFO,
    FBIOGET_VSCREENINFO,
    FBIOPAN_DISPLAY,
    FIXED,
    KD_GRAPHICS,
    KDSETMODE,
    VARIABLE,
    Device,
    mode_of,
    opened,
    opened_console,
)
from ui.screen import Pixels
from ui.splash import plain_rgb565


class Geometry(msgspec.Struct, frozen=True):
    """What the driver says of its memory; lengths in pixels but for stride_bytes."""

    columns: int
    rows: int
    pages: int
    stride_bytes: int
    bits: int

    @property
    def page_bytes(self) -> int:
        """From the start of one page to that of the next."""
        return self.rows * self.stride_bytes


_OFFSETS = {16: (11, 5, 0), 32: (16, 8, 0)}  # of red, green and blue in RGB565 and XRGB8888


def geometry(variable: NDArray[np.void], fixed: NDArray[np.void]) -> Geometry:
    """From the two structs of linux/fb.h.

    Raises:
        NoScreen: neither RGB565 nor XRGB8888.
    """
    bits = int(variable["bits_per_pixel"])
    if tuple(int(variable[c]["offset"]) for c in ("red", "green", "blue")) != _OFFSETS.get(bits):
        raise NoScreen(
            f"The panel has {bits} bits per pixel in an order that mcam does not know: "
            "set 16 or 32 with video=NAME:WxHM-32 in cmdline.txt (hardware.md)."
        )
    if int(fixed["line_length"]) % (bits // 8):
        raise NoScreen(f"The panel's lines of {fixed['line_length']} bytes hold no whole pixels: its driver is broken.")
    rows = int(variable["yres"])
    pages = 2 if fixed["ypanstep"] and variable["yres_virtual"] >= 2 * rows else 1
    return Geometry(int(variable["xres"]), rows, pages, int(fixed["line_length"]), bits)


class Framebuffer:
    """A Screen on a framebuffer device.

    Args:
        device: the opened framebuffer; `Framebuffer.at` opens the real one.
        console: the text console under it, switched to graphics while we draw; None where we may not have it.
        rotation: degrees clockwise by which the picture is turned before it is shown.

    Raises:
        NoScreen: its pixels are of a kind that we do not know.
    """

    def __init__(self, device: Device, console: Device | None, rotation: int = 0) -> None:
        self._device, self._console, self._turns = device, console, rotation // 90
        self._variable = np.frombuffer(bytearray(device.ioctl(FBIOGET_VSCREENINFO, bytes(160))), VARIABLE, 1)
        fixed = np.frombuffer(device.ioctl(FBIOGET_FSCREENINFO, bytes(80)), FIXED, 1)
        self._geometry = at = geometry(self._variable[0], fixed[0])
        self.size = (at.columns, at.rows) if self._turns % 2 == 0 else (at.rows, at.columns)
        self._memory = np.frombuffer(device.map(at.pages * at.page_bytes), np.uint8)
        self._shown, self._flips, self._syncs = 0, at.pages == 2, True
        self._console_mode = self._take_console()
        atexit.register(self.close)  # a crash must not leave a dead console

    @classmethod
    def at(cls, path: Path, rotation: int = 0) -> Self:
        """The panel of that device file.

        Raises:
            NoScreen: there is none, or we may not open it, or cannot draw on it.
        """
        screen = cls(opened(path), opened_console(), rotation)
        screen._wait_for_sync()
        return screen

    @property
    def synchronised(self) -> bool:
        """False once the driver turned out to tell nothing of the panel's reading, as those of SPI panels do."""
        return self._syncs

    def show(self, pixels: Pixels) -> None:
        """Turn the picture as the panel is mounted and lay it into the page that is not on show, then show that."""
        if not self._flips:
            self._wait_for_sync()
            self._lay(pixels, self._shown)
            return
        self._lay(pixels, 1 - self._shown)
        if self._pan(1 - self._shown):
            self._shown = 1 - self._shown
            self._wait_for_sync()  # until then the other page may still be read by the panel
        else:
            self._flips = False
            self._lay(pixels, self._shown)

    def show_splash(self, pixels: Pixels) -> None:
        """Show a first picture by numpy alone, on every page: slower than `show`, but numba need not be loaded."""
        at, upright = self._geometry, np.rot90(pixels, -self._turns)
        for page in range(at.pages):
            rows = self._rows(page)
            if at.bits == 16:
                rows[:, : 2 * at.columns].view("<u2")[:] = plain_rgb565(upright)
            else:
                rows[:, : 4 * at.columns] = upright.reshape(at.rows, -1)

    def light(self, *, on: bool) -> None:
        """Power the panel down or up; a driver that cannot leaves it lit, and black."""
        with suppress(OSError):
            self._device.ioctl(FBIOBLANK, FB_BLANK_UNBLANK if on else FB_BLANK_POWERDOWN)

    def close(self) -> None:
        """Give the console back as it was."""
        atexit.unregister(self.close)
        if self._console is not None:
            self._console.ioctl(KDSETMODE, self._console_mode)
            self._console.close()
            self._console = None
        self._device.close()

    def _take_console(self) -> int:
        if self._console is None:
            return 0
        mode = mode_of(self._console)
        self._console.ioctl(KDSETMODE, KD_GRAPHICS)
        return mode

    def _rows(self, page: int) -> NDArray[np.uint8]:
        """(rows, stride) of that page's memory."""
        at = self._geometry
        return self._memory[page * at.page_bytes :][: at.page_bytes].reshape(at.rows, at.stride_bytes)

    def _lay(self, pixels: Pixels, page: int) -> None:
        from ui.panel_format import rgb565, xrgb8888  # noqa: PLC0415 - numba, which the splash does not wait for

        if self._geometry.bits == 16:
            rgb565(pixels, self._turns, self._rows(page).view("<u2"))
        else:
            xrgb8888(pixels, self._turns, self._rows(page).view("<u4"))

    def _pan(self, page: int) -> bool:
        """False where the driver cannot or may not, EBUSY beside another DRM master for one."""
        self._variable["yoffset"] = page * self._geometry.rows
        try:
            self._device.ioctl(FBIOPAN_DISPLAY, self._variable.tobytes())
        except OSError:
            return False
        return True

    def _wait_for_sync(self) -> None:
        if not self._syncs:
            return
        try:
            self._device.ioctl(FBIO_WAITFORVSYNC, bytes(4))
        except OSError:  # SPI panels have none
            self._syncs = False
