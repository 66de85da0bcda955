"""The page in a real browser, before a daemon without a camera: what is shown, pressed, turned and downloaded."""

import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
from selenium.webdriver.common.keys import Keys
from websockets.sync.client import connect

from device.clock import SteppedClock
from device.errors import Busy
from device.face_states import ViewState
from device.marks import Marks
from device.protocol import ButtonCall, Event, FocusCall, Photo, RateCall, SetCall
from device.shooting_states import ShootingState
from device.states import BenchState, CardStatus
from device.storage import Card
from device.strict import Struct
from tests import browser as browsers
from tests.browser import PATIENCE_S, Browser
from tests.fake_daemon import STATE, FakeDaemon
from tests.stored_pictures import dng_with_preview, jpeg, put
from tests.web_process import WebProcess
from ui.screen import MemoryScreen
from ui.web import remote

pytestmark = pytest.mark.slow
RED, BLUE = (200, 0, 0), (0, 0, 200)
PHONE, LAPTOP = (390, 844), (1280, 800)


class Viewfinder:
    """Draws a plain colour some thirty times a second."""

    def __init__(self, runtime: Path, size: tuple[int, int] = (800, 480)) -> None:
        self.colour = RED
        self._screen = MemoryScreen(runtime / "panel", size)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._draw)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._screen.close()

    def _draw(self) -> None:
        columns, rows = self._screen.size
        pixels = np.zeros((rows, columns, 4), np.uint8)
        while not self._stop.wait(0.03):
            pixels[:] = (*self.colour[::-1], 0)
            self._screen.show(pixels)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = browsers.start(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    fake = FakeDaemon(tmp_path)
    yield fake
    fake.close()


@pytest.fixture
def viewfinder(tmp_path: Path) -> Iterator[Viewfinder]:
    drawing = Viewfinder(tmp_path)
    yield drawing
    drawing.close()


@pytest.fixture
def card(tmp_path: Path) -> Path:
    return tmp_path / "card"


@pytest.fixture
def web(daemon: FakeDaemon, card: Path) -> Iterator[WebProcess]:
    put(card, "100MCAM_/MCAM0001.JPG", jpeg())
    put(card, "100MCAM_/MCAM0001.DNG", dng_with_preview("navy"))
    process = WebProcess(daemon.runtime, card)
    yield process
    process.close()


@pytest.fixture
def page(chromium: Browser, web: WebProcess, viewfinder: Viewfinder) -> Iterator[Browser]:
    """The page, live, on a laptop."""
    del viewfinder  # it need only be there
    chromium.resize(*LAPTOP)
    chromium.complaints()  # of the test before, whose server went
    chromium.driver.get(web.url)
    chromium.script("window.sameDocument = true")
    chromium.until(lambda: is_live(chromium), "the page is live")
    yield chromium
    chromium.driver.get("about:blank")


def is_live(page: Browser) -> bool:
    return bool(
        page.script(
            "return document.body.dataset.missing === '' && document.getElementById('panel').dataset.frames > 0"
        )
    )


def panel_colour(page: Browser) -> tuple[int, ...]:
    """Of a pixel in the canvas's middle, rounded to tens as JPEG is not exact."""
    data = page.script(
        "const c = document.getElementById('panel');"
        "return Array.from(c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data)"
    )
    return tuple(round(value, -1) for value in data[:3])


def heard(daemon: FakeDaemon) -> Struct:
    """The next thing the daemon was asked."""
    return daemon.calls.get(timeout=PATIENCE_S)[1]


def notice(page: Browser) -> str:
    return str(page.script("const n = document.getElementById('notice'); return n.hidden ? '' : n.textContent"))


# ---- the panel -------------------------------------------------------------------------------------------------------


def test_the_panel_shows_what_the_viewfinder_draws_now(page: Browser, viewfinder: Viewfinder) -> None:
    page.until(lambda: panel_colour(page) == RED, "the panel is red")
    viewfinder.colour = BLUE
    page.until(lambda: panel_colour(page) == BLUE, "the panel is blue")


def test_a_viewfinder_of_another_shape_takes_over(page: Browser, viewfinder: Viewfinder, tmp_path: Path) -> None:
    viewfinder.close()
    other = Viewfinder(tmp_path, (240, 320))
    size = "const c = document.getElementById('panel'); return [c.width, c.height]"
    page.until(lambda: page.script(size) == [240, 320], "the canvas has the new shape")
    other.close()


def test_the_page_loads_without_a_complaint_of_the_browser(page: Browser) -> None:
    page.until(lambda: page.script("return document.querySelector('#photos img').naturalWidth > 0"), "thumbnail")
    assert page.complaints() == []


# ---- buttons, dial and keys ------------------------------------------------------------------------------------------


def test_the_shutter_goes_down_and_up(page: Browser, daemon: FakeDaemon) -> None:
    page.element('[data-button="s2"]').click()
    assert heard(daemon) == ButtonCall(name="s2", down=True)
    assert heard(daemon) == ButtonCall(name="s2", down=False)


def test_the_half_press_is_held_while_the_shutter_is_pressed(page: Browser, daemon: FakeDaemon) -> None:
    half = page.element('[data-button="s1"]')
    ActionChains(page.driver).click_and_hold(half).key_down(Keys.SPACE).key_up(Keys.SPACE).release().perform()
    heard_names = [heard(daemon) for _ in range(4)]
    assert heard_names == [
        ButtonCall(name="s1", down=True),
        ButtonCall(name="s2", down=True),
        ButtonCall(name="s2", down=False),
        ButtonCall(name="s1", down=False),
    ]


def test_a_half_press_ends_with_the_page(page: Browser, daemon: FakeDaemon) -> None:
    ActionChains(page.driver).key_down("s").perform()
    assert heard(daemon) == ButtonCall(name="s1", down=True)
    page.driver.get("about:blank")
    assert heard(daemon) == ButtonCall(name="s1", down=False)


def test_it_ends_also_where_the_page_cannot_say_so_and_another_browser_goes_on(
    page: Browser, daemon: FakeDaemon, web: WebProcess
) -> None:
    with connect(web.websocket("/state")):
        page.script("const send = fetch; window.fetch = (to, what) => /false/.test(what?.body) ? 0 : send(to, what)")
        ActionChains(page.driver).key_down("s").perform()
        assert heard(daemon) == ButtonCall(name="s1", down=True)
        page.driver.get("about:blank")
        assert heard(daemon) == ButtonCall(name="s1", down=False)


def test_the_page_presses_by_the_name_that_its_own_socket_has_also_after_another_socket(
    page: Browser, daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a button would be let go under the finger, as if it had been pressed before the socket stood."""
    strangers: list[str] = []
    monkeypatch.setattr(remote, "COMES_WITHIN_S", 0.0)
    monkeypatch.setattr(remote.Remote, "_give_up", lambda _, listener: strangers.append(listener))
    for url in ("", "about:blank"):
        if url:
            page.driver.get(url)
            page.driver.back()
            page.until(lambda: is_live(page), "the page is live again")
        page.element("body").send_keys("s")
        assert [heard(daemon) for _ in range(2)] == [ButtonCall(name="s1"), ButtonCall(name="s1", down=False)]
    assert strangers == []


def test_a_page_that_one_comes_back_to_is_live_again(page: Browser, daemon: FakeDaemon) -> None:
    page.driver.get("about:blank")
    page.driver.back()
    daemon.change(card=CardStatus(state="missing", queued=3))
    page.until(lambda: page.element("#discard").text == "Give up 3 waiting", "news of the card")


def test_each_button_has_its_key(page: Browser, daemon: FakeDaemon) -> None:
    arrows = {Keys.ARROW_UP: "up", Keys.ARROW_DOWN: "down", Keys.ARROW_LEFT: "left", Keys.ARROW_RIGHT: "right"}
    keys = {"s": "s1", Keys.SPACE: "s2", Keys.ENTER: "ok", "i": "function", "e": "encoder_press", **arrows}
    keys |= {"m": "menu", "p": "playback", Keys.ESCAPE: "back", Keys.BACKSPACE: "back"}
    for key, name in keys.items():
        page.element("body").send_keys(key)
        asked = [msgspec.to_builtins(heard(daemon)) for _ in range(2)]
        assert [(call["name"], call["down"]) for call in asked] == [(name, True), (name, False)]


@pytest.mark.parametrize(
    ("code", "key", "name"), [("NumpadEnter", "Enter", "ok"), ("Numpad4", "ArrowLeft", "left"), ("Numpad8", "8", "")]
)
def test_the_keypad_means_what_its_keys_say(page: Browser, daemon: FakeDaemon, code: str, key: str, name: str) -> None:
    for event in ("keyDown", "keyUp"):  # the driver knows no keypad
        page.driver.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": event, "code": code, "key": key})
    page.element("body").send_keys("i")
    asked = [msgspec.to_builtins(heard(daemon)) for _ in range(4 if name else 2)]
    assert [call["name"] for call in asked] == 2 * [name] * bool(name) + 2 * ["function"]


def test_the_dial_has_keys(page: Browser, daemon: FakeDaemon) -> None:
    for key, steps in {"]": 1, "[": -1, "+": 1, "-": -1}.items():
        page.element("body").send_keys(key)
        assert heard(daemon) == ButtonCall(name="encoder", steps=steps)


def test_the_grey_point_has_a_key_and_a_button(page: Browser, daemon: FakeDaemon) -> None:
    page.element("body").send_keys("y")
    assert daemon.calls.get(timeout=PATIENCE_S)[0] == "PickGrey"
    page.element("#grey").click()
    assert daemon.calls.get(timeout=PATIENCE_S)[0] == "PickGrey"


def test_each_overlay_has_a_key_and_a_button_that_shows_the_cameras_word(page: Browser, daemon: FakeDaemon) -> None:
    keys = {"k": "peaking", "z": "zebra", "h": "histogram", "f": "focus_meter", "g": "grid"}
    keys |= {"u": "underexposure", "c": "false_colour", "t": "spot", "1": "magnifier", "v": "split"}
    keys |= {"n": "centre", "b": "frame_lines", "o": "ghost", "l": "level"}
    for key, name in keys.items():
        before = getattr(STATE.view, name)
        page.element("body").send_keys(key)
        assert heard(daemon) == SetCall(key=f"view.{name}", value=not before)
        page.until(lambda name=name, before=before: is_lit(page, name) is not before, f"{name} follows")
        page.element(f'[data-view="{name}"]').click()
        assert heard(daemon) == SetCall(key=f"view.{name}", value=before)


@pytest.mark.parametrize(
    ("key", "name", "choices"),
    [
        ("x", "zebra_level", [100, 95, 90, 80, 70, 0]),
        ("w", "waveform", ["luma", "rgb", "off"]),
        ("2", "magnification", [2, 1]),
        ("a", "aspect", ["3:2", "16:9", "65:24", "1:1", "4:5", "off"]),
    ],
)
def test_a_tool_with_several_looks_goes_through_them_and_off(
    page: Browser, daemon: FakeDaemon, key: str, name: str, choices: list[object]
) -> None:
    for value in choices:
        page.element("body").send_keys(key)
        assert heard(daemon) == SetCall(key=f"view.{name}", value=value)  # type: ignore[arg-type]
        page.until(lambda lit=value not in {0, "off", 1}: is_lit(page, name) is lit, f"{name} follows")


def is_lit(page: Browser, name: str) -> bool:
    return bool(page.element(f'[data-view="{name}"]').get_attribute("aria-pressed") == "true")


def test_an_overlay_switched_elsewhere_is_seen(page: Browser, daemon: FakeDaemon) -> None:
    daemon.change(view=ViewState(grid=True, info="clean"))
    page.until(lambda: is_lit(page, "grid"), "grid is lit")
    assert page.element("#info").get_attribute("data-level") == "clean"


@pytest.mark.parametrize("steps", [1, -1])
def test_the_dial_turns_with_its_buttons_and_the_wheel(page: Browser, daemon: FakeDaemon, steps: int) -> None:
    page.element(f'[data-steps="{steps}"]').click()
    assert heard(daemon) == ButtonCall(name="encoder", steps=steps)
    origin = ScrollOrigin.from_element(page.element("#dial"))
    ActionChains(page.driver).scroll_from_origin(origin, 0, -100 * steps).perform()
    assert heard(daemon) == ButtonCall(name="encoder", steps=steps)


def test_the_dial_can_be_dragged_round(page: Browser, daemon: FakeDaemon) -> None:
    dial = page.element("#dial")
    actions = ActionChains(page.driver).move_to_element_with_offset(dial, 0, -30).click_and_hold()
    actions.move_to_element_with_offset(dial, 30, 0).release().perform()  # a quarter turn clockwise
    turned = 0
    while turned < 5:  # 90 degrees, 18 to a click; how many moves the browser makes of it is its own affair
        call = heard(daemon)
        assert isinstance(call, ButtonCall)
        turned += call.steps
    assert turned == 5


def test_a_slider_that_has_the_focus_keeps_the_arrows_but_not_the_shutter(page: Browser, daemon: FakeDaemon) -> None:
    page.element("#light").send_keys(Keys.ARROW_RIGHT)
    assert heard(daemon) == FocusCall(light_ev=0.25)
    page.element("#light").send_keys(Keys.SPACE)
    assert heard(daemon) == ButtonCall(name="s2", down=True)


def test_a_button_reached_with_tab_keeps_enter(page: Browser, daemon: FakeDaemon) -> None:
    page.script("document.querySelector('[data-view=\"grid\"]').focus()")
    page.driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert heard(daemon) == SetCall(key="view.grid", value=True)


# ---- the simulated lens ----------------------------------------------------------------------------------------------


def test_the_rings_follow_the_lens(page: Browser, daemon: FakeDaemon) -> None:
    daemon.change(bench=BenchState(simulated=True, focus_m=None, f_number=11.0, light_ev=-2.0))
    page.until(lambda: page.element("#focus-said").text == "∞", "focus at infinity")
    assert page.element("#aperture-said").text == "f/11"
    assert page.element("#light-said").text == "−2 EV"


def test_the_focus_ring_goes_from_half_a_metre_to_infinity(page: Browser, daemon: FakeDaemon) -> None:
    focus = page.element("#focus")
    focus.send_keys(Keys.HOME)
    assert heard(daemon) == FocusCall(focus_m=0.5)
    focus.send_keys(Keys.END)
    assert heard(daemon) == FocusCall(infinity=True)
    page.element("#aperture").send_keys(Keys.HOME)
    assert heard(daemon) == FocusCall(f_number=1.4)
    page.element("#aperture").send_keys(Keys.END)
    assert heard(daemon) == FocusCall(f_number=16)


def test_dragging_sends_the_newest_position_only(page: Browser, daemon: FakeDaemon) -> None:
    page.script(
        "const slider = document.getElementById('light');"
        "for (let ev = -6; ev <= 5; ev += 0.25) { slider.value = ev; slider.dispatchEvent(new Event('input')); }"
    )
    assert heard(daemon) == FocusCall(light_ev=-6)  # at once, so that it feels live
    assert heard(daemon) == FocusCall(light_ev=5)


def test_a_real_lens_has_no_sliders(page: Browser, daemon: FakeDaemon) -> None:
    assert page.element("#rings").is_displayed()
    daemon.change(bench=BenchState())
    page.until(lambda: not page.element("#rings").is_displayed(), "the sliders are gone")


# ---- photographs -----------------------------------------------------------------------------------------------------


def test_a_photograph_is_listed_with_its_exposure_and_downloads_whole(page: Browser, card: Path) -> None:
    entry = '[data-name="100MCAM_/MCAM0001"]'
    page.until(lambda: page.script(f"return document.querySelector('{entry} img').naturalWidth") == 480, "thumbnail")
    assert page.element(f"{entry} .exposure").text.split() == ["1/125", "s", "ISO", "400", "14:03"]
    for suffix in ("DNG", "JPG"):
        page.element(f'{entry} a[href$="{suffix}"]').click()
        assert page.downloaded(f"MCAM0001.{suffix}") == (card / f"DCIM/100MCAM_/MCAM0001.{suffix}").read_bytes()
        (page.downloads / f"MCAM0001.{suffix}").unlink()


def test_a_new_photograph_appears_by_itself(page: Browser, daemon: FakeDaemon, card: Path) -> None:
    put(card, "100MCAM_/MCAM0002.JPG", jpeg())
    daemon.happen(Event(kind="saved", photo=Photo(name="100MCAM_/MCAM0002", files=["100MCAM_/MCAM0002.JPG"])))
    page.until(lambda: listed(page) == ["MCAM0002", "MCAM0001"], "the new one is first")


def test_photographs_appear_with_the_card(page: Browser, daemon: FakeDaemon, card: Path) -> None:
    daemon.change(card=CardStatus(state="missing"))
    page.until(lambda: page.element("#card").text == "no card", "the page knows of no card")
    put(card, "100MCAM_/MCAM0007.DNG", dng_with_preview("navy"))
    daemon.change(card=CardStatus(state="ok"))
    page.until(
        lambda: page.driver.find_elements("css selector", '[data-name="100MCAM_/MCAM0007"]'),
        "what is on the card is listed",
    )


def test_a_photograph_recovered_after_a_power_cut_is_told(page: Browser, daemon: FakeDaemon, card: Path) -> None:
    put(card, "100MCAM_/MCAM0002.JPG", jpeg())
    daemon.happen(Event(kind="recovered", text="100MCAM_/MCAM0002.JPG"))
    page.until(lambda: page.driver.find_elements("css selector", '[data-name="100MCAM_/MCAM0002"]'), "it is listed")
    assert "MCAM0002" in page.element("#message").text


def test_a_thumbnail_opens_the_photograph(page: Browser) -> None:
    page.until(lambda: page.driver.find_elements("css selector", "#photos button"), "the photograph is listed")
    page.element("#photos button").click()
    page.until(lambda: page.script("return document.querySelector('#large img').naturalWidth") == 640, "it is large")
    page.element("#large .close").click()
    assert page.script("return document.getElementById('large').open") is False


@pytest.fixture
def marks(daemon: FakeDaemon, card: Path) -> Marks:
    """The camera's own, behind the daemon's socket."""

    def changed() -> None:
        daemon.change(card=CardStatus(deleted=made.deleted, changes=made.changes))

    made = Marks(Card(card, reserve_bytes=0), list, SteppedClock(), changed)
    daemon.handlers |= {"Rate": made.rate, "Protect": made.protect, "Delete": made.delete, "Undelete": made.undelete}
    return made


@pytest.fixture
def large(marks: Marks, page: Browser, card: Path, daemon: FakeDaemon) -> Browser:
    """The second of two photographs, opened by the keyboard."""
    del marks  # they need only be there
    put(card, "100MCAM_/MCAM0002.JPG", jpeg())
    daemon.happen(Event(kind="saved", photo=Photo(name="100MCAM_/MCAM0002", files=["100MCAM_/MCAM0002.JPG"])))
    page.until(lambda: listed(page) == ["MCAM0002", "MCAM0001"], "both are listed")
    page.element('[data-name="100MCAM_/MCAM0002"] button').send_keys(Keys.ENTER)
    page.until(lambda: page.script("return document.getElementById('large').open"), "it is large")
    return page


def listed(page: Browser) -> list[str]:
    return list(
        page.script("return Array.from(document.querySelectorAll('#photos .name'), (name) => name.textContent)")
    )


def line(page: Browser, name: str = "MCAM0002") -> str:
    """What the list says of a photograph."""
    return str(page.script(f"return document.querySelector('[data-name$=\"{name}\"] .exposure').textContent"))


def pressed(page: Browser) -> int:
    return len(page.driver.find_elements("css selector", '#large .stars [aria-pressed="true"]'))


def test_stars_are_given_by_buttons_and_by_figures(large: Browser) -> None:
    stars = large.driver.find_elements("css selector", "#large .stars button")
    for act, count in (
        (stars[3].click, 4),
        (lambda: large.driver.switch_to.active_element.send_keys("2"), 2),
        (lambda: stars[1].send_keys(Keys.SPACE), 0),  # the star that it had takes it away
        (lambda: large.driver.switch_to.active_element.send_keys("5"), 5),
    ):
        act()
        large.until(lambda count=count: (pressed(large), line(large).count("★")) == (count, count), f"{count} stars")


def test_the_keys_go_to_the_photograph_that_is_large_and_no_button_of_the_camera(
    large: Browser, daemon: FakeDaemon
) -> None:
    large.driver.switch_to.active_element.send_keys(Keys.ARROW_LEFT)
    assert large.element("#large .name").text == "MCAM0001"
    large.driver.switch_to.active_element.send_keys(Keys.ARROW_LEFT)
    large.driver.switch_to.active_element.send_keys("3")
    assert heard(daemon) == RateCall(name="100MCAM_/MCAM0001", rating=3)
    large.driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    assert large.element("#large .name").text == "MCAM0002"
    large.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    large.until(lambda: not large.script("return document.getElementById('large').open"), "it is closed")


def test_what_is_protected_is_not_deleted(large: Browser, card: Path) -> None:
    large.driver.switch_to.active_element.send_keys("p")
    large.until(lambda: not large.element("#large .delete").is_enabled(), "it is protected")
    large.until(lambda: "protected" in line(large), "the list says so")
    large.driver.switch_to.active_element.send_keys(Keys.DELETE)
    assert large.element("#large .said").text == "It is protected: take the protection away first."
    large.element("#large .protect").click()
    large.until(lambda: large.element("#large .delete").is_enabled(), "it is protected no longer")
    assert (card / "DCIM/100MCAM_/MCAM0002.JPG").stat().st_mode & 0o222


def test_deleting_asks_first_and_can_be_undone(large: Browser, card: Path) -> None:
    place = card / "DCIM/100MCAM_/MCAM0002.JPG"
    large.driver.switch_to.active_element.send_keys(Keys.DELETE)
    assert large.driver.switch_to.alert.text == "Delete MCAM0002? For a minute it can be undone."
    large.driver.switch_to.alert.dismiss()
    assert place.exists()
    large.element("#large .delete").click()
    large.driver.switch_to.alert.accept()
    large.until(lambda: listed(large) == ["MCAM0001"], "it is gone")
    assert not large.script("return document.getElementById('large').open")
    assert not place.exists()
    undo = large.element("#undelete")
    large.until(undo.is_displayed, "it can be undone")
    undo.send_keys(Keys.ENTER)
    large.until(lambda: listed(large) == ["MCAM0002", "MCAM0001"], "it is back")
    large.until(lambda: not undo.is_displayed(), "nothing is left to undo")
    assert place.exists()


def test_what_is_done_elsewhere_is_listed_and_shown_at_once(large: Browser, card: Path, marks: Marks) -> None:
    marks.rate(RateCall(name="100MCAM_/MCAM0002", rating=4))  # as another browser has it done, or a button
    large.until(lambda: pressed(large) == 4, "it has four stars")
    large.until(lambda: "★★★★" in line(large), "so says the list")
    put(card, "100MCAM_/MCAM0003.JPG", jpeg())
    marks.welcome(lambda: None)  # as the start does that brings back what a power cut left deleted
    large.until(lambda: listed(large) == ["MCAM0003", "MCAM0002", "MCAM0001"], "what is back is listed")


def test_what_the_camera_refuses_is_said_beside_the_photograph(large: Browser, daemon: FakeDaemon) -> None:
    daemon.refusal = Busy()
    large.driver.switch_to.active_element.send_keys("1")
    large.until(lambda: large.element("#large .said").text == str(daemon.refusal), "why not is said")
    large.complaints()  # of the browser, about the answer's status


# ---- words -----------------------------------------------------------------------------------------------------------


def test_a_refusal_is_shown_in_the_cameras_words(page: Browser, daemon: FakeDaemon) -> None:
    daemon.refusal = Busy()
    page.element('[data-button="s2"]').click()
    page.until(lambda: page.element("#message").text == str(Busy()), "the camera's sentence")


@pytest.mark.parametrize(
    ("shooting", "said"),
    [
        (ShootingState(kind="timer", remaining_s=7), "timer 7 s"),
        (ShootingState(kind="interval", taken=3, total=20, remaining_s=5), "interval 3/20"),
        (ShootingState(kind="burst", taken=6, held_up=True), "burst busy, 6"),
        (ShootingState(kind="long", elapsed_s=12, remaining_s=18), "12 of 30 s"),
        (ShootingState(kind="bulb", elapsed_s=95, taken=95), "bulb 95 s"),
        (ShootingState(kind="bulb", elapsed_s=95, taken=94, missed=1), "bulb 95 s, 1 lost"),
        (ShootingState(), "exposing"),
    ],
)
def test_what_a_press_set_going_is_told_in_the_header(
    page: Browser, daemon: FakeDaemon, shooting: ShootingState, said: str
) -> None:
    daemon.change(camera="exposing", shooting=shooting)
    page.until(lambda: page.element("#camera").text == said, said)


def test_what_stands_in_the_state_is_shown(page: Browser, daemon: FakeDaemon) -> None:
    daemon.change(camera="faulted", message="No frames come.", card=CardStatus(state="full"))
    page.until(lambda: page.element("#message").text == "No frames come.", "the fault")
    assert (page.element("#camera").text, page.element("#card").text) == ("faulted", "card full")
    daemon.change(camera="live", message="")
    page.until(lambda: not page.element("#message").is_displayed(), "nothing to say")


def test_photographs_that_no_card_takes_can_be_given_up_after_a_question(page: Browser, daemon: FakeDaemon) -> None:
    button = page.element("#discard")
    assert not button.is_displayed()
    daemon.change(card=CardStatus(state="full", queued=3))
    page.until(lambda: button.is_displayed() and button.text == "Give up 3 waiting", "they can be given up")
    button.click()
    page.driver.switch_to.alert.dismiss()
    button.click()
    page.driver.switch_to.alert.accept()
    assert daemon.calls.get(timeout=PATIENCE_S)[0] == "Discard"
    daemon.change(card=CardStatus(queued=3))
    page.until(lambda: not button.is_displayed(), "a card that takes them needs no giving up")
    assert daemon.calls.empty()


def test_the_page_says_that_the_daemon_is_gone_and_recovers(page: Browser, daemon: FakeDaemon) -> None:
    daemon.close()
    page.until(lambda: "camera is not running" in notice(page), "the notice")
    again = FakeDaemon(daemon.runtime)
    page.until(lambda: is_live(page) and not notice(page), "live again")
    again.close()
    assert page.script("return window.sameDocument") is True


def test_the_page_says_that_its_server_is_gone_and_recovers(
    page: Browser, web: WebProcess, card: Path, viewfinder: Viewfinder, daemon: FakeDaemon
) -> None:
    web.close()
    page.until(lambda: "lost its server" in notice(page), "the notice")
    viewfinder.colour = BLUE
    again = WebProcess(daemon.runtime, card, web.port)
    page.until(lambda: not notice(page) and panel_colour(page) == BLUE, "live again")
    page.element('[data-button="s2"]').click()
    assert heard(daemon) == ButtonCall(name="s2", down=True)
    assert page.script("return window.sameDocument") is True
    again.close()


def test_the_page_says_that_the_viewfinder_is_gone_and_recovers(
    page: Browser, viewfinder: Viewfinder, tmp_path: Path
) -> None:
    viewfinder.close()
    page.until(lambda: "viewfinder is not drawing" in notice(page), "the notice")
    again = Viewfinder(tmp_path)
    page.until(lambda: not notice(page), "drawing again")
    again.close()


# ---- layout ----------------------------------------------------------------------------------------------------------

OVERLAPPING = """
const shown = Array.from(document.querySelectorAll('canvas, button, input, a, #dial')).filter((e) => e.offsetParent);
const inside = (e, box) => box.left >= 0 && box.right <= innerWidth + 0.5 && box.width > 0;
const boxes = shown.map((e) => [e, e.getBoundingClientRect()]);
const faults = boxes.filter(([e, box]) => !inside(e, box)).map(([e]) => `${e.outerHTML.slice(0, 60)} sticks out`);
for (const [a, p] of boxes) for (const [b, q] of boxes) {
  const apart = p.right <= q.left + 1 || q.right <= p.left + 1 || p.bottom <= q.top + 1 || q.bottom <= p.top + 1;
  if (a !== b && !apart && !a.contains(b) && !b.contains(a)) faults.push(`${a.outerHTML.slice(0, 60)} overlaps`);
}
return faults.concat(document.documentElement.scrollWidth > innerWidth ? ['scrolls sideways'] : []);
"""


LARGE_FAULTS = OVERLAPPING.replace("'canvas, button, input, a, #dial'", "'#large img, #large button, #large .name'")


@pytest.mark.parametrize("size", [PHONE, (320, 568), (844, 390), (768, 1024), LAPTOP, (1920, 1080)])
def test_everything_fits_the_window_and_nothing_overlaps(page: Browser, size: tuple[int, int]) -> None:
    page.resize(*size, phone=size[0] < 1000)
    page.until(lambda: page.script("return innerWidth") == size[0], "the window has that size")
    assert page.script(OVERLAPPING) == []


def test_a_phone_shows_panel_pad_and_shutter_without_scrolling(page: Browser) -> None:
    page.resize(*PHONE, phone=True)
    for selector in ("#panel", '[data-button="s2"]', '[data-button="down"]', "#dial"):
        assert page.script(f"return document.querySelector('{selector}').getBoundingClientRect().bottom") <= PHONE[1]


@pytest.mark.parametrize("size", [PHONE, (320, 568), (844, 390)])
def test_all_that_marks_a_large_photograph_is_within_the_window_and_apart(
    large: Browser, size: tuple[int, int]
) -> None:
    large.resize(*size, phone=True)
    large.until(lambda: large.script("return innerWidth") == size[0], "the window has that size")
    assert large.script(LARGE_FAULTS) == []
    assert large.script("return document.querySelector('#large .close').getBoundingClientRect().bottom") <= size[1]
