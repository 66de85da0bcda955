"""The whole camera with a simulated sensor, as three processes, used through its page in a real browser."""

import hashlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import rawpy
from selenium.webdriver.common.keys import Keys

from device.calling import Connection
from device.protocol import ShootCall, ShootReply
from tests import browser as browsers
from tests.browser import Browser

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
END_S = 60


class Processes:
    """`mcam capture`, `screen` and `web` on one runtime folder and card, each to be killed and started on its own."""

    def __init__(self, folder: Path) -> None:
        self.runtime, self.card = folder / "runtime", folder / "card"
        self.card.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self._options = {
            "capture": ["--sensor", "simulated", "--card", str(self.card)],
            "screen": ["--screen", "memory", "--size", "480x320"],
            "web": ["--http", f"127.0.0.1:{self.port}", "--card", str(self.card)],
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        command = [sys.executable, "-m", "device", name, "--runtime", str(self.runtime), *self._options[name]]
        self._running[name] = subprocess.Popen(command, cwd=ROOT)

    def kill(self, name: str) -> None:
        """As a crash would: no farewell."""
        self._running[name].kill()
        self._running[name].wait()

    def close(self) -> None:
        for process in reversed(self._running.values()):
            process.terminate()
            process.wait(END_S)


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    processes = Processes(tmp_path_factory.mktemp("camera"))
    for name in ("capture", "screen", "web"):
        processes.start(name)
    yield processes
    processes.close()


@pytest.fixture(scope="module")
def page(camera: Processes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = browsers.start(tmp_path_factory.mktemp("chromium"))
    browser.until(lambda: answers(camera.port), "the web process listens")
    browser.driver.get(f"http://127.0.0.1:{camera.port}/")
    browser.script("window.sameDocument = true")
    browser.until(lambda: is_live(browser), "the page is live", patience_s=180)  # a cold start compiles the kernels
    yield browser
    browser.close()


def answers(port: int) -> bool:
    with socket.socket() as visitor:
        return visitor.connect_ex(("127.0.0.1", port)) == 0


def is_live(page: Browser) -> bool:
    return page.script("return document.body.dataset.missing") == "" and page.element("#camera").text == "live"


def notice(page: Browser) -> str:
    return str(page.script("const n = document.getElementById('notice'); return n.hidden ? '' : n.textContent"))


def picture(page: Browser) -> str:
    """A digest of the canvas."""
    return hashlib.sha256(page.script("return document.getElementById('panel').toDataURL()").encode()).hexdigest()


def listed(page: Browser) -> list[str]:
    return list(page.script("return Array.from(document.querySelectorAll('#photos .name'), (e) => e.textContent)"))


def test_the_panel_lives(page: Browser) -> None:
    before = picture(page)
    page.until(lambda: picture(page) != before, "the canvas's pixels change")


def test_the_focus_ring_turns_in_the_browser(page: Browser, camera: Processes) -> None:
    for key, metres in ((Keys.END, None), (Keys.HOME, 0.5)):
        page.element("#focus").send_keys(key)
        page.until(lambda metres=metres: state(camera)["bench"]["focus_m"] == metres, f"focus at {metres}")


def state(camera: Processes) -> dict[str, dict[str, object]]:
    command = [sys.executable, "-m", "device", "status", "--json", "--runtime", str(camera.runtime)]
    told: dict[str, dict[str, object]] = json.loads(
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    )
    return told


def test_a_press_makes_a_photograph_that_downloads_as_a_valid_dng(page: Browser, camera: Processes) -> None:
    page.element('[data-button="s2"]').click()
    page.until(lambda: listed(page) == ["MCAM0001"], "the photograph is listed")
    page.until(lambda: page.script("return document.querySelector('#photos img').naturalWidth > 0"), "its thumbnail")
    assert "ISO" in page.element("#photos .exposure").text
    page.element('#photos a[href$="DNG"]').click()
    negative = page.downloaded("MCAM0001.DNG")
    assert negative == (camera.card / "DCIM/100MCAM_/MCAM0001.DNG").read_bytes()
    with rawpy.imread(str(page.downloads / "MCAM0001.DNG")) as raw:
        assert raw.raw_image_visible.shape == (3040, 4056)
        assert raw.raw_image_visible.std() > 50  # there is something on it


def test_no_photograph_is_lost_when_viewfinder_and_page_die_meanwhile(page: Browser, camera: Processes) -> None:
    before = len(listed(page))
    page.until(lambda: is_live(page), "live")
    with Connection(camera.runtime / "mcam.sock", END_S) as connection, ThreadPoolExecutor(1) as photographer:
        shooting = photographer.submit(connection.call, "Shoot", ShootCall(count=3))
        page.until(lambda: page.element("#camera").text == "exposing", "the pictures are being taken")
        camera.kill("screen")
        camera.kill("web")
        assert not shooting.done()
        reply = shooting.result(END_S)
    assert isinstance(reply, ShootReply)
    assert len(reply.photos) == 3
    page.until(lambda: "lost its server" in notice(page), "the page says so")
    camera.start("web")
    camera.start("screen")
    page.until(lambda: is_live(page) and len(listed(page)) == before + 3, "live, with all photographs")
    assert page.script("return window.sameDocument") is True


def test_the_page_says_that_the_camera_died_and_goes_on_when_it_is_back(page: Browser, camera: Processes) -> None:
    before = listed(page)
    camera.kill("capture")
    page.until(lambda: "camera is not running" in notice(page), "the page says so")
    assert listed(page) == before  # the card can be looked at without a camera
    camera.start("capture")
    page.until(lambda: is_live(page), "live again", patience_s=120)
    shown = picture(page)
    page.until(lambda: picture(page) != shown, "the panel lives")
    page.element("body").send_keys(Keys.SPACE)
    page.until(lambda: len(listed(page)) == len(before) + 1, "one more photograph")
    assert page.script("return window.sameDocument") is True
