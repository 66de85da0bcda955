import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.test_framebuffer import RGB565, XRGB8888, FakeDevice, Kind, picture
from ui.framebuffer import Framebuffer
from ui.splash import plain_rgb565, splash

ROOT = Path(__file__).parents[1]

# A process that is started as `mcam screen` starts it, but cannot have numba nor what needs it.
WITHOUT_NUMBA = """
import sys
from ui import process

class Panel:
    size, synchronised = (320, 240), True
    def show_splash(self, pixels): print("splash", pixels.any())
    def close(self): print("closed")

sys.modules["ui.live"] = sys.modules["numba"] = None
process.Framebuffer.at = lambda path, rotation: Panel()
try:
    process.main(["--runtime", sys.argv[1], "--screen", "fb:/dev/fb0"])
except ImportError as error:
    print("then", error.name)
"""


def test_the_splash_is_on_the_panel_before_numba_is_asked_for(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_NUMBA, str(tmp_path)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == ["splash True", "closed", "then ui.live"]


@pytest.mark.parametrize("size", [(800, 480), (240, 240), (720, 1280)])
def test_the_name_stands_in_the_middle_of_a_black_panel(size: tuple[int, int]) -> None:
    pixels = splash(size)
    assert pixels.shape == (size[1], size[0], 4)
    rows, columns = (np.flatnonzero(pixels.any(axis=(axis, 2))) for axis in (1, 0))
    assert abs(columns[0] + columns[-1] - size[0]) <= 4
    assert abs(rows[0] + rows[-1] - size[1]) <= 0.06 * min(size)  # the baseline lies below the middle of its letters
    assert size[0] / 10 < np.ptp(columns) < size[0] / 2


def test_red_green_and_blue_go_where_the_driver_wants_them() -> None:
    pixels = np.array([[(255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0), (8, 4, 8, 255), (7, 3, 7, 0)]], np.uint8)
    assert plain_rgb565(pixels).tolist() == [[0x001F, 0x07E0, 0xF800, 0x0821, 0x0000]]


@pytest.mark.parametrize(("kind", "stride"), [(XRGB8888, 40), (RGB565, 22)])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_splash_lies_as_any_picture_does_on_every_page(
    tmp_path: Path, kind: Kind, stride: int, rotation: int
) -> None:
    device, one_page = (FakeDevice(tmp_path / f"fb{n}", 8, 6, stride, kind, pages=n) for n in (2, 1))
    screen = Framebuffer(device, None, rotation)
    pixels = picture(*screen.size)
    screen.show_splash(pixels)
    Framebuffer(one_page, None, rotation).show(pixels)
    assert np.array_equal(device.page(0), one_page.page())
    assert np.array_equal(device.page(1), one_page.page())
