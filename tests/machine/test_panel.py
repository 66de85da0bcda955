"""What is on the panel, as the emulated display adapter shows it."""

import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.machine import workshop
from tests.machine.card import Card
from tests.machine.installed import is_picture, is_splash
from tests.machine.machine import PANEL, Machine

GOLDEN = Path(__file__).parents[1] / "golden" / "simulated-middle.png"
PICTURE_COLUMNS = 640  # the column at the right tells the settings
TEXT, GRAPHICS = 0, 1  # linux/kd.h
SETTINGS_ROWS = slice(80, 235)  # mode, shutter, aperture, ISO


def lines_of_text(panel: Image.Image) -> int:
    """How many lines the settings take."""
    column = np.asarray(panel.convert("L"), np.int16)[SETTINGS_ROWS, PICTURE_COLUMNS + 5 :]
    bright = (column > 120).any(axis=1)
    return int((np.diff(bright.astype(np.int8)) == 1).sum())


def coarse(panel: Image.Image) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """The picture in squares of ten pixels."""
    return np.asarray(panel.convert("RGB").crop((0, 0, PICTURE_COLUMNS, 480)).resize((64, 48)), np.float64)


def test_the_viewfinder_is_on_the_panel(machine: Machine, card: Card, figures: list[str]) -> None:
    del card
    golden = Image.open(GOLDEN)
    panel = machine.look_until(lambda panel: alike(panel, golden), "the scene on the panel")
    kept = workshop.cache() / "panel.png"
    panel.save(kept)
    figures.append(f"the panel, to be looked at: {kept}")
    assert panel.size == PANEL == golden.size
    assert np.median(np.asarray(panel)[:, PICTURE_COLUMNS + 5 :]) == 0
    assert lines_of_text(panel) == lines_of_text(golden)


def test_the_console_does_not_draw_over_it(machine: Machine) -> None:
    machine.shell("kill -STOP $(systemctl show mcam-screen --value --property=MainPID)")
    before = at_rest(machine)
    machine.shell("for n in 1 2 3 4 5 6 7 8; do echo over the picture >/dev/tty1; done")
    assert at_rest(machine) == before


def test_the_viewfinder_holds_the_console_as_the_unit_s_user(machine: Machine) -> None:
    assert console_mode(machine) == GRAPHICS


END = {
    "stopped": "systemctl stop mcam-screen",
    "killed": "systemctl kill --signal=KILL mcam-screen",
    "aborted": "systemctl kill --signal=ABRT mcam-screen",
}


@pytest.mark.parametrize("end", sorted(END))
def test_the_console_is_given_back_however_the_viewfinder_ends(machine: Machine, end: str) -> None:
    unit = "/run/systemd/system/mcam-screen.service.d"
    machine.shell(f"mkdir -p {unit}; printf '[Service]\\nRestart=no\\n' >{unit}/once.conf; systemctl daemon-reload")
    machine.shell(END[end])
    machine.wait_for("! systemctl is-active -q mcam-screen")
    assert console_mode(machine) == TEXT
    before = at_rest(machine)
    machine.shell("echo back again >/dev/tty1")
    assert at_rest(machine) != before


def test_the_splash_comes_first_and_the_picture_after_it(machine: Machine, figures: list[str]) -> None:
    machine.shell("systemctl stop mcam-screen")
    machine.shell("systemctl start --no-block mcam-screen")
    began_s = time.monotonic()
    machine.look_until(is_splash, "the splash")
    splash_s = time.monotonic() - began_s
    machine.look_until(is_picture, "the picture")
    picture_s = time.monotonic() - began_s
    figures.append(f"viewfinder started again: splash after {splash_s:.1f} s, picture after {picture_s:.1f} s")


def console_mode(machine: Machine) -> int:
    """Of /dev/tty1: KDGETMODE of linux/kd.h."""
    ask = "import fcntl; print(fcntl.ioctl(open('/dev/tty1', 'rb'), 0x4B3B, bytes(4))[0])"
    return int(machine.shell(f'python3 -c "{ask}"'))


def alike(panel: Image.Image, golden: Image.Image) -> bool:
    return bool(np.corrcoef(coarse(panel).ravel(), coarse(golden).ravel())[0, 1] > 0.95)


def at_rest(machine: Machine) -> Image.Image:
    """The panel once what was written to it has reached it: the driver copies it twenty times a second."""
    last = machine.look()

    def is_still(panel: Image.Image) -> bool:
        nonlocal last
        still, last = panel == last, panel
        machine.shell("sleep 0.2")  # of the machine's own clock
        return still

    return machine.look_until(is_still, "a panel that stands still")
