import errno
import mmap
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from device.errors import NoScreen
from ui.fbdev import opened, opened_console
from ui.framebuffer import Framebuffer

# Numbers of linux/fb.h and linux/kd.h, written out here once more.
GET_VARIABLE, GET_FIXED, PAN, WAIT_FOR_SYNC = 0x4600, 0x4602, 0x4606, 0x40044620
BLANK, UNBLANKED, POWERED_DOWN = 0x4611, 0, 4
SET_MODE, GET_MODE, TEXT, GRAPHICS = 0x4B3A, 0x4B3B, 0, 1
VT_GET_MODE, VT_AUTO, VT_PROCESS = 0x5601, 0, 1  # linux/vt.h

Kind = tuple[int, tuple[int, int], tuple[int, int], tuple[int, int]]  # bits; offset and length of each colour

XRGB8888 = (32, (16, 8), (8, 8), (0, 8))
RGB565 = (16, (11, 5), (5, 6), (0, 5))


class FakeDevice:
    """A framebuffer in a file that answers as drm_fb_helper does."""

    def __init__(self, path: Path, columns: int, rows: int, stride: int, kind: Kind = XRGB8888, pages: int = 1) -> None:
        bits, *colours = kind
        self.variable = struct.pack("<8I", columns, rows, columns, rows * pages, 0, 0, bits, 0)
        for offset, length in colours:
            self.variable += struct.pack("<3I", offset, length, 0)
        self.variable = self.variable.ljust(160, b"\0")
        fixed = bytearray(80)
        struct.pack_into("<16s", fixed, 0, b"vc4drmfb")
        struct.pack_into("<I", fixed, 24, stride * rows * pages)
        struct.pack_into("<HHH", fixed, 40, 1, 1, 0)
        struct.pack_into("<I", fixed, 48, stride)
        self.fixed = bytes(fixed)
        self.path, self.stride, self.rows, self.pages = path, stride, rows, pages
        path.write_bytes(b"\xee" * (stride * rows * pages))
        self.asked: list[str] = []
        self.refuses: dict[int, int] = {}
        self.yoffset = 0
        self.closed = False

    def ioctl(self, request: int, argument: bytes | int) -> bytes:
        if request in self.refuses:
            raise OSError(self.refuses[request], "refused")
        if request == GET_VARIABLE:
            return self.variable
        if request == GET_FIXED:
            return self.fixed
        if request == BLANK:
            self.asked.append(f"blank {argument!r}")
            return b""
        assert isinstance(argument, bytes)
        if request == PAN:
            self.yoffset = struct.unpack_from("<I", argument, 20)[0]
            assert argument[:16] == self.variable[:16]
        self.asked.append({PAN: f"pan {self.yoffset}", WAIT_FOR_SYNC: "sync"}[request])
        return argument

    def map(self, length: int) -> mmap.mmap:
        with self.path.open("r+b") as file:
            return mmap.mmap(file.fileno(), length)

    def close(self) -> None:
        self.closed = True

    def page(self, number: int = 0) -> NDArray[np.uint8]:
        data = np.frombuffer(self.path.read_bytes(), np.uint8)
        return data.reshape(self.pages, self.rows, self.stride)[number]


class FakeConsole:
    def __init__(self, mode: int = TEXT, switching: int = VT_AUTO) -> None:
        self.mode, self.switching = mode, switching
        self.closed = False

    def ioctl(self, request: int, argument: bytes | int) -> bytes:
        if request == GET_MODE:
            return struct.pack("<I", self.mode)
        if request == VT_GET_MODE:
            return struct.pack("<bbhhh", self.switching, 0, 0, 0, 0)
        assert request == SET_MODE
        assert isinstance(argument, int)
        self.mode = argument
        return b""

    def map(self, length: int) -> mmap.mmap:
        raise AssertionError(length)

    def close(self) -> None:
        self.closed = True


def picture(columns: int, rows: int) -> NDArray[np.uint8]:
    return np.random.default_rng(columns).integers(0, 256, (rows, columns, 4), np.uint8)


def test_xrgb8888_goes_in_byte_for_byte_and_the_padding_is_left_alone(tmp_path: Path) -> None:
    device = FakeDevice(tmp_path / "fb0", 5, 3, stride=32)
    screen = Framebuffer(device, None)
    assert screen.size == (5, 3)
    pixels = picture(5, 3)
    screen.show(pixels)
    assert device.page()[:, :20].tobytes() == pixels.tobytes()
    assert (device.page()[:, 20:] == 0xEE).all()


def test_rgb565_is_packed_as_the_driver_says(tmp_path: Path) -> None:
    device = FakeDevice(tmp_path / "fb0", 3, 2, stride=16, kind=RGB565)
    pixels = np.zeros((2, 3, 4), np.uint8)
    pixels[0] = [(255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0)]  # blue, green, red
    pixels[1] = [(255, 255, 255, 0), (8, 4, 8, 0), (7, 3, 7, 0)]
    Framebuffer(device, None).show(pixels)
    assert device.page()[0, :6].tolist() == [0x1F, 0x00, 0xE0, 0x07, 0x00, 0xF8]
    assert device.page()[1, :6].tolist() == [0xFF, 0xFF, 0x21, 0x08, 0x00, 0x00]
    assert (device.page()[:, 6:] == 0xEE).all()


@pytest.mark.parametrize(("kind", "stride"), [(XRGB8888, 22), (RGB565, 7)])
def test_lines_that_hold_no_whole_pixels_are_refused(tmp_path: Path, kind: Kind, stride: int) -> None:
    with pytest.raises(NoScreen, match="no whole pixels"):
        Framebuffer(FakeDevice(tmp_path / "fb0", 3, 2, stride, kind), None)


@pytest.mark.parametrize(("kind", "stride"), [(XRGB8888, 40), (RGB565, 22)])
@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_panel_gets_a_turned_picture(tmp_path: Path, kind: Kind, stride: int, rotation: int) -> None:
    device = FakeDevice(tmp_path / "fb0", 8, 6, stride, kind)
    screen = Framebuffer(device, None, rotation)
    assert screen.size == ((8, 6) if rotation == 180 else (6, 8))
    pixels = picture(*screen.size)
    screen.show(pixels)
    upright = FakeDevice(tmp_path / "fb1", 8, 6, stride, kind)
    Framebuffer(upright, None).show(np.ascontiguousarray(np.rot90(pixels, -rotation // 90)))
    assert np.array_equal(device.page(), upright.page())


def test_two_pages_are_flipped_and_the_one_on_show_is_never_written(tmp_path: Path) -> None:
    device = FakeDevice(tmp_path / "fb0", 5, 3, stride=20, pages=2)
    screen = Framebuffer(device, None)
    first, second, third = (picture(5, 3) + k for k in range(3))
    screen.show(first)
    assert (device.page(0) == 0xEE).all()
    assert device.page(1).tobytes() == first.tobytes()
    screen.show(second)
    assert device.page(1).tobytes() == first.tobytes()
    assert device.page(0).tobytes() == second.tobytes()
    screen.show(third)
    assert device.page(1).tobytes() == third.tobytes()
    assert device.asked == ["pan 3", "sync", "pan 0", "sync", "pan 3", "sync"]


def test_a_page_that_may_not_be_flipped_is_drawn_in_place(tmp_path: Path) -> None:
    device = FakeDevice(tmp_path / "fb0", 5, 3, stride=20, pages=2)
    device.refuses[PAN] = errno.EBUSY
    screen = Framebuffer(device, None)
    for shift in range(3):
        pixels = picture(5, 3) + np.uint8(shift)
        screen.show(pixels)
        assert device.page(0).tobytes() == pixels.tobytes()
    assert device.asked == ["sync", "sync"]


def test_one_page_waits_for_the_panel_first(tmp_path: Path) -> None:
    device = FakeDevice(tmp_path / "fb0", 5, 3, stride=20)
    Framebuffer(device, None).show(picture(5, 3))
    assert device.asked == ["sync"]


def test_a_panel_without_vertical_sync_is_asked_once(tmp_path: Path) -> None:
    device = FakeDevice(tmp_path / "fb0", 5, 3, stride=20)
    device.refuses[WAIT_FOR_SYNC] = errno.ENOTTY
    screen = Framebuffer(device, None)
    assert screen.synchronised
    screen.show(picture(5, 3))
    assert not screen.synchronised
    device.refuses.clear()
    screen.show(picture(5, 3))
    assert device.asked == []


def test_the_console_is_taken_and_given_back(tmp_path: Path) -> None:
    device, console = FakeDevice(tmp_path / "fb0", 5, 3, stride=20), FakeConsole()
    screen = Framebuffer(device, console)
    assert console.mode == GRAPHICS
    screen.close()
    screen.close()
    assert console.mode == TEXT
    assert console.closed
    assert device.closed


@pytest.mark.parametrize(("switching", "left_in"), [(VT_AUTO, TEXT), (VT_PROCESS, GRAPHICS)])
def test_a_console_that_a_killed_viewfinder_left_dark_is_given_back_as_text_but_a_desktop_s_is_not(
    tmp_path: Path, switching: int, left_in: int
) -> None:
    console = FakeConsole(GRAPHICS, switching)
    Framebuffer(FakeDevice(tmp_path / "fb0", 5, 3, stride=20), console).close()
    assert console.mode == left_in


@pytest.mark.parametrize(
    "kind", [(24, (16, 8), (8, 8), (0, 8)), (8, (0, 8), (0, 8), (0, 8)), (32, (0, 8), (8, 8), (16, 8))]
)
def test_pixels_of_another_kind_are_refused_before_the_console_is_touched(tmp_path: Path, kind: Kind) -> None:
    console = FakeConsole()
    with pytest.raises(NoScreen, match=f"{kind[0]} bits per pixel"):
        Framebuffer(FakeDevice(tmp_path / "fb0", 5, 3, 32, kind), console)
    assert console.mode == TEXT


def test_no_device_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoScreen, match=r"There is no panel at .*--screen memory"):
        opened(tmp_path / "fb0")


def test_a_forbidden_device_names_the_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(NoScreen, match="usermod -aG video"):
        opened(tmp_path / "fb0")


def test_a_plain_file_is_no_framebuffer(tmp_path: Path) -> None:
    (tmp_path / "fb0").write_bytes(b"nothing")
    with pytest.raises(NoScreen, match="is no framebuffer"):
        opened(tmp_path / "fb0")


def test_without_a_console_we_do_without(tmp_path: Path) -> None:
    (tmp_path / "tty0").write_bytes(b"")
    assert opened_console([tmp_path / "tty0", tmp_path / "none"]) is None


def test_the_panel_is_powered_down_and_up_and_a_driver_that_cannot_is_left_alone(tmp_path: Path) -> None:
    device = FakeDevice(tmp_path / "fb", 64, 32, 256)
    screen = Framebuffer(device, None)
    screen.light(on=False)
    screen.light(on=True)
    assert device.asked == [f"blank {POWERED_DOWN}", f"blank {UNBLANKED}"]
    device.refuses[BLANK] = errno.EINVAL
    screen.light(on=False)
    screen.close()
