"""The framebuffer on real device files: the panel's XRGB8888, and RGB565 with two pages on the kernel's test display.

A Pi's kernel offers 16 bits unless told otherwise, and two pages only if told so; QEMU's display adapter has 32 bits.
The test display has no screen to look at, but its memory can be read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import Popen

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.machine import workshop
from tests.machine.inside.draw import pattern
from tests.machine.installed import SNAPSHOT, Installed, booted
from tests.machine.machine import PANEL, Machine

ROTATIONS = (0, 90, 180, 270)
SMALL = (640, 400)
WORDS = "video=Virtual-2:{}x{}-16 drm_kms_helper.drm_fbdev_overalloc=200".format(*SMALL)
SYSFS = "/sys/class/graphics/fb1"


class Drawing:
    """inside/draw.py at work in the machine."""

    def __init__(self, program: "Popen[str]") -> None:
        self._program = program

    def show(self) -> None:
        """The picture, or once more; back when it was shown."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write("show\n")
        self._program.stdin.flush()
        assert self._program.stdout.readline() == "shown\n", self._program.communicate()


@contextmanager
def drawing(machine: Machine, device: str, rotation: int) -> Iterator[Drawing]:
    """With the first picture shown; in the end the program ends."""
    program = machine.begin(f"{machine.program('draw')} {device} {rotation}")
    try:
        one = Drawing(program)
        one.show()
        yield one
    finally:
        _, said = program.communicate()
    assert program.returncode == 0, said


def upright(rotation: int, size: tuple[int, int]) -> Image.Image:
    """The test picture as a panel of that size has to show it: turned clockwise."""
    columns, rows = size if rotation % 180 == 0 else size[::-1]
    return Image.fromarray(pattern(columns, rows)[..., 2::-1].copy()).rotate(-rotation, expand=True)


def rgb565(picture: Image.Image) -> NDArray[np.uint16]:
    """As include/uapi/drm/drm_fourcc.h has it: R:G:B 5:6:5, little endian."""
    red, green, blue = (np.asarray(channel).astype(np.uint32) for channel in picture.split())
    return (red // 8 * 2048 + green // 4 * 32 + blue // 8).astype(np.uint16)


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_a_turned_picture_is_on_the_panel_to_the_pixel(machine: Machine, rotation: int) -> None:
    machine.shell("systemctl stop mcam-screen")
    expected = upright(rotation, PANEL)
    with drawing(machine, "/dev/fb0", rotation):
        machine.look_until(lambda panel: panel == expected, "the test picture")


@pytest.fixture(scope="module")
def paged(installed: Installed) -> Iterator[Machine]:
    """Booted by a kernel that was told to give each panel two pages, and the test display 16 bits."""
    workshop.revert(installed.disk, SNAPSHOT)
    with booted(installed.board, installed.disk, words=WORDS) as machine:
        machine.wait_until_booted()
        machine.shell("systemctl stop mcam.target mcam-screen")  # which leave little of an emulated processor
        machine.shell("modprobe vkms && udevadm settle")
        yield machine


def on_show(machine: Machine) -> NDArray[np.uint16]:
    """The page that the test display shows, pixel by pixel."""
    row = int(machine.shell(f"cat {SYSFS}/pan").split(",")[1])
    stride = int(machine.shell(f"cat {SYSFS}/stride"))
    columns, rows = SMALL
    page = machine.read_from(f"dd if=/dev/fb1 bs={stride} skip={row} count={rows} status=none")
    return np.frombuffer(page, "<u2").reshape(rows, stride // 2)[:, :columns]


@pytest.mark.parametrize("rotation", ROTATIONS[:2])  # pixels are packed the same way after a turn of 180 or 270
def test_sixteen_bits_are_packed_and_turned_on_the_page_on_show(paged: Machine, rotation: int) -> None:
    assert paged.shell(f"cat {SYSFS}/bits_per_pixel").strip() == "16"
    expected = rgb565(upright(rotation, SMALL))
    with drawing(paged, "/dev/fb1", rotation):
        assert np.array_equal(on_show(paged), expected)


def test_two_pages_are_exchanged(paged: Machine) -> None:
    expected = rgb565(upright(0, SMALL))
    with drawing(paged, "/dev/fb1", 0) as one:
        rows = []
        for _ in range(3):
            one.show()
            rows.append(paged.shell(f"cat {SYSFS}/pan").strip())
            assert np.array_equal(on_show(paged), expected)
    assert rows == ["0,0", f"0,{SMALL[1]}", "0,0"]


def test_two_pages_are_said_and_one_is_too(paged: Machine) -> None:
    assert "ok    pages" in paged.shell("mcam doctor", check=False)
