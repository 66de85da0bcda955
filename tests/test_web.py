"""The web process: what it answers, whom it refuses, and how it starts and ends."""

import asyncio
import io
import json
import logging
import math
import mmap
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, Mock

import numpy as np
import pytest
from PIL import Image
from starlette.requests import Request
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from device import xmp
from device.errors import EXIT_FAILED, Busy, CardFull, McamError, NotReady, NotSimulated
from device.protocol import ArmCall, ButtonCall, Event, Photo, SetCall
from device.states import CardStatus, State
from tests.fake_daemon import FakeDaemon
from tests.stored_pictures import dng_with_preview, jpeg, put
from tests.web_process import Answer, WebClient, WebProcess
from ui.screen import MemoryScreen
from ui.web import gallery, remote
from ui.web.__main__ import main
from ui.web.origin import is_ours
from ui.web.site import PAGES, Site

LIMIT_S = 20  # of every wait; nothing here takes a second


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runtime")


@pytest.fixture(scope="module")
def web(runtime: Path) -> Iterator[WebProcess]:
    process = WebProcess(runtime, runtime / "card")
    yield process
    process.close()


@pytest.fixture
def daemon(runtime: Path) -> Iterator[FakeDaemon]:
    fake = FakeDaemon(runtime)
    yield fake
    fake.close()


@pytest.fixture
def fresh_web(daemon: FakeDaemon) -> Iterator[WebProcess]:
    """One that starts when the daemon is there: `web` may wait up to two seconds before it looks again."""
    process = WebProcess(daemon.runtime, daemon.runtime / "card")
    yield process
    process.close()


@pytest.fixture
def card(runtime: Path) -> Path:
    folder = runtime / "card"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "DCIM" / "100MCAM_").mkdir(parents=True)
    return folder


# ---- the page ------------------------------------------------------------------------------------------------------


def test_the_page_and_every_file_it_names_are_served(web: WebProcess) -> None:
    page = web.get("/")
    assert page.status == 200
    assert page.headers["Content-Type"].startswith("text/html")
    named = re.findall(r'(?:src|href)="([\w.]+)"', page.body.decode())
    named += [name for module in PAGES.glob("*.js") for name in re.findall(r'from "\./([\w.]+)"', module.read_text())]
    assert len(named) > 8
    assert {name: web.get(f"/{name}").status for name in named} == dict.fromkeys(named, 200)


def test_the_page_asks_nothing_of_other_hosts() -> None:
    texts = [path.read_text() for path in PAGES.iterdir()]
    assert not [url for text in texts for url in re.findall(r"https?://[^\s\"')]+", text) if "www.w3.org" not in url]


def test_browsers_are_told_to_load_nothing_else_and_to_let_nobody_frame_the_shutter(web: WebProcess) -> None:
    policy = web.get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


# ---- calls ---------------------------------------------------------------------------------------------------------


def test_a_call_reaches_the_daemon_and_its_answer_comes_back(web: WebProcess, daemon: FakeDaemon) -> None:
    assert web.call("Set", {"key": "view.grid", "value": True}).status == 200
    assert daemon.calls.get(timeout=LIMIT_S) == ("Set", SetCall(key="view.grid", value=True))
    assert json.loads(web.call("GetState").body)["state"]["view"]["grid"] is True


def test_a_call_without_a_body_has_no_parameters(web: WebProcess, daemon: FakeDaemon) -> None:
    assert web.post("/call/Shoot", b"").status == 200
    assert daemon.calls.get(timeout=LIMIT_S)[0] == "Shoot"


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(Busy(), 503), (NotReady("Not now."), 409), (NotSimulated(), 409), (CardFull("The card is full."), 507)],
    ids=lambda value: type(value).__name__ if isinstance(value, McamError) else value,
)
def test_a_refusal_keeps_the_daemons_sentence(
    web: WebProcess, daemon: FakeDaemon, refusal: McamError, status: int
) -> None:
    daemon.refusal = refusal
    answer = web.call("Shoot")
    assert (answer.status, answer.message) == (status, str(refusal))


def test_a_value_the_daemon_does_not_allow_is_a_bad_request(web: WebProcess, daemon: FakeDaemon) -> None:
    answer = web.call("Set", {"key": "view.colour", "value": 1})
    assert (answer.status, answer.message) == (400, 'No setting "view.colour".')
    assert daemon.calls.qsize() == 1


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/call/Explode", b"{}", 404),
        ("/call/Monitor", b"{}", 404),
        ("/call/Set", b"{", 400),
        ("/call/Set", b"\xff\xfe", 400),
        ("/call/Set", b'{"key": "\xff", "value": 1}', 400),
        ("/call/Set", b'{"key": 5, "value": true}', 400),
        ("/call/Set", b'{"value": true}', 400),
        ("/call/Set", b"[" * 60_000, 400),
        ("/call/Shoot", b'{"count": "many"}', 400),
        ("/call/Shoot", b'{"cuont": 3}', 400),
        ("/call/Button", b'{"name": "selfdestruct"}', 400),
        ("/call/Set", b" " * 1_000_000, 413),
    ],
)
def test_what_is_no_call_of_the_protocol_never_reaches_the_daemon(
    web: WebProcess, daemon: FakeDaemon, path: str, body: bytes, status: int
) -> None:
    answer = web.post(path, body)
    assert answer.status == status
    assert len(answer.message) > 20
    assert daemon.calls.empty()


def test_a_browser_that_hangs_up_amidst_a_call_is_no_fault_of_ours(tmp_path: Path) -> None:
    """It was logged with a traceback, as an exception of the application."""
    parts = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    headers = [(b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path_params": {"method": "Set"},
        "headers": headers,
        "query_string": b"",
    }
    request = Request(scope, AsyncMock(side_effect=parts))
    assert asyncio.run(Site(tmp_path, tmp_path).remote.call(request)).status_code == 400


def test_a_link_is_no_call(web: WebProcess, daemon: FakeDaemon) -> None:
    assert web.get("/call/Shoot").status == 404
    assert daemon.calls.empty()


def test_without_a_daemon_a_call_says_so(web: WebProcess) -> None:
    answer = web.call("Shoot")
    assert answer.status == 503
    assert "mcam run" in answer.message


# ---- other people's pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "origin", "ours"),
    [
        ("127.0.0.1:8000", None, True),
        ("localhost:8000", "http://localhost:8000", True),
        ("LOCALHOST:8000", "http://localhost:8000", True),
        ("192.168.4.1:8000", "http://192.168.4.1:8000", True),
        ("[fe80::1]:8000", "http://[fe80::1]:8000", True),
        ("leica.local", "https://leica.local", True),
        ("127.0.0.1:8000", "http://127.0.0.1:9000", False),
        ("127.0.0.1:8000", "http://evil.example", False),
        ("127.0.0.1:8000", "null", False),
        ("127.0.0.1:8000", "", False),
        ("evil.example:8000", "http://evil.example:8000", False),  # DNS rebinding: their name, our address
        ("evil.example:8000", None, False),
        ("localhost.evil.example", None, False),
        ("", None, False),
    ],
)
def test_only_a_page_that_came_from_us_is_ours(host: str, origin: str | None, ours: bool) -> None:
    assert is_ours(host, origin, {"localhost", "leica.local"}) is ours


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Host": "[::"},
        {"Origin": "http://[::"},
    ],
)
def test_a_foreign_page_cannot_fire_the_camera(web: WebProcess, daemon: FakeDaemon, headers: dict[str, str]) -> None:
    assert web.call("Shoot", headers=headers).status == 403
    assert daemon.calls.empty()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_a_foreign_form_can_send_is_no_call(web: WebProcess, daemon: FakeDaemon, kind: str) -> None:
    assert web.call("Shoot", headers={"Content-Type": kind}).status == 415
    assert daemon.calls.empty()


def test_our_own_page_may_call(web: WebProcess, daemon: FakeDaemon) -> None:
    headers = {"Origin": web.url, "Content-Type": "application/json; charset=utf-8"}
    assert web.call("Arm", {"on": True}, headers=headers).status == 200
    assert daemon.calls.get(timeout=LIMIT_S) == ("Arm", ArmCall(on=True))


@pytest.mark.parametrize("path", ["/panel", "/state"])
def test_a_foreign_page_cannot_look_through_the_camera(web: WebProcess, path: str) -> None:
    with pytest.raises(InvalidStatus) as refusal, connect(web.websocket(path), origin="http://evil.example"):  # type: ignore[arg-type]
        pass
    assert refusal.value.response.status_code == 403


# ---- the state -------------------------------------------------------------------------------------------------------


def told(browser: ClientConnection, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Acknowledge messages until one is as wanted."""
    while True:
        message: dict[str, Any] = json.loads(browser.recv(LIMIT_S))
        browser.send("+")
        if wanted(message):
            return message


def test_the_full_state_comes_first_and_then_only_what_changed(fresh_web: WebProcess, daemon: FakeDaemon) -> None:
    with connect(fresh_web.websocket("/state")) as browser:
        full = told(browser, lambda message: message["running"])
        assert set(full["changes"]) == set(State.__struct_fields__)
        daemon.change(card=CardStatus(shots_left=3))
        news = told(browser, lambda message: message["changes"])
        assert set(news["changes"]) == {"card"}
        assert news["changes"]["card"]["shots_left"] == 3


def test_a_photograph_is_told_to_every_browser(fresh_web: WebProcess, daemon: FakeDaemon) -> None:
    with connect(fresh_web.websocket("/state")) as one, connect(fresh_web.websocket("/state")) as other:
        for browser in (one, other):
            told(browser, lambda message: message["running"])
        photo = Photo(name="100MCAM_/MCAM0001", files=["100MCAM_/MCAM0001.DNG"])
        daemon.happen(Event(kind="saved", photo=photo))
        for browser in (one, other):
            events = told(browser, lambda message: message["events"])["events"]
            assert [(event["kind"], event["photo"]["name"]) for event in events] == [("saved", photo.name)]


def test_a_browser_learns_that_the_daemon_went_and_gets_everything_when_it_is_back(
    fresh_web: WebProcess, daemon: FakeDaemon, runtime: Path
) -> None:
    with connect(fresh_web.websocket("/state")) as browser:
        told(browser, lambda message: message["running"])
        daemon.close()
        gone = told(browser, lambda message: not message["running"])
        assert gone["changes"] == {}
        again = FakeDaemon(runtime)
        try:
            assert len(told(browser, lambda message: message["running"])["changes"]) == len(State.__struct_fields__)
        finally:
            again.close()


def test_a_browser_that_acknowledges_nothing_is_sent_nothing_more_and_then_the_sum(
    fresh_web: WebProcess, daemon: FakeDaemon
) -> None:
    with connect(fresh_web.websocket("/state")) as browser, connect(fresh_web.websocket("/state")) as witness:
        told(witness, lambda message: message["running"])
        while not json.loads(browser.recv(LIMIT_S))["running"]:
            browser.send("+")
        for left in (9, 8, 7):
            daemon.change(card=CardStatus(shots_left=left))
            told(witness, lambda message, left=left: message["changes"].get("card", {}).get("shots_left") == left)
        browser.send("+")
        assert json.loads(browser.recv(LIMIT_S))["changes"]["card"]["shots_left"] == 7


def press(web: WebClient, daemon: FakeDaemon, listener: str, name: str) -> ButtonCall:
    """What the daemon hears when that browser presses a button."""
    web.post(f"/call/Button?listener={listener}", json.dumps({"name": name, "down": True}).encode())
    return button(daemon)


@contextmanager
def followed(web: WebProcess, listener: str) -> Iterator[ClientConnection]:
    """The state, as a browser of that name follows it."""
    with connect(web.websocket(f"/state?listener={listener}")) as browser:
        told(browser, lambda message: message["running"])
        yield browser


def test_who_gives_no_name_holds_nothing(fresh_web: WebProcess, daemon: FakeDaemon) -> None:
    fresh_web.call("Button", {"name": "s1", "down": True})
    assert [button(daemon) for _ in range(2)] == [ButtonCall(name="s1"), ButtonCall(name="s1", down=False)]


def test_what_a_browser_held_is_let_go_when_it_vanishes(fresh_web: WebProcess, daemon: FakeDaemon) -> None:
    with followed(fresh_web, "stays"), followed(fresh_web, "goes") as goes:
        for listener, name in (("stays", "ok"), ("goes", "ok"), ("stays", "s2"), ("goes", "s1")):
            assert press(fresh_web, daemon, listener, name).down
        goes.close()
        assert button(daemon) == ButtonCall(name="s1", down=False)
        press(fresh_web, daemon, "stays", "up")
        assert press(fresh_web, daemon, "goes", "left").down  # sent before it vanished, answered after
        assert button(daemon) == ButtonCall(name="left", down=False)
    assert {button(daemon).name for _ in ("ok", "s2", "up")} == {"ok", "s2", "up"}
    assert daemon.calls.empty()


def test_what_was_pressed_before_the_browsers_socket_stood_is_let_go_with_that(
    fresh_web: WebProcess, daemon: FakeDaemon
) -> None:
    with followed(fresh_web, "another"):
        assert press(fresh_web, daemon, "early", "s1").down
        with followed(fresh_web, "early"):
            assert daemon.calls.empty()
        assert button(daemon) == ButtonCall(name="s1", down=False)


def test_what_was_pressed_before_a_socket_that_never_stands_is_let_go(
    fresh_web: WebProcess, daemon: FakeDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "COMES_WITHIN_S", 0.0)
    with followed(fresh_web, "another"):
        assert press(fresh_web, daemon, "never", "s1").down
        assert button(daemon) == ButtonCall(name="s1", down=False)


def test_a_button_is_pressed_once_more_after_the_daemon_was_started_again(
    fresh_web: WebProcess, daemon: FakeDaemon, runtime: Path
) -> None:
    with followed(fresh_web, "one") as browser:
        assert press(fresh_web, daemon, "one", "s1").down
        daemon.close()
        told(browser, lambda message: not message["running"])
        again = FakeDaemon(runtime)
        try:
            assert press(fresh_web, again, "one", "s2").down
        finally:
            again.close()


@pytest.mark.slow
def test_a_killed_web_process_holds_nothing(tmp_path: Path) -> None:
    daemon = FakeDaemon(tmp_path)
    try:
        with start(tmp_path) as process:
            web = WebClient(port_of(process))
            with connect(web.websocket("/state?listener=one")):
                assert press(web, daemon, "one", "s1").down
                assert daemon.calls.empty()
                process.kill()
                assert button(daemon) == ButtonCall(name="s1", down=False)
    finally:
        daemon.close()


def test_a_button_that_was_refused_is_let_go_as_well(fresh_web: WebProcess, daemon: FakeDaemon) -> None:
    with followed(fresh_web, "one"):
        daemon.refusal = CardFull("The card is full.")  # as best of rack has it: S1 is down, but nothing is taken
        body = json.dumps({"name": "s1", "down": True}).encode()
        assert fresh_web.post("/call/Button?listener=one", body).status == 507
        assert button(daemon).down
    assert button(daemon) == ButtonCall(name="s1", down=False)


def test_what_a_browser_held_is_let_go_also_when_it_vanishes_amidst_a_message(tmp_path: Path) -> None:
    site = Site(tmp_path, tmp_path)
    refused = RuntimeError("after sending 'websocket.close'")  # as uvicorn has it
    gone = AsyncMock(send_text=AsyncMock(side_effect=refused), query_params={"listener": "one"})
    gone.receive.return_value = {"type": "websocket.disconnect"}
    site.remote.let_go = AsyncMock()  # type: ignore[method-assign] # what is asked of it is the question
    with pytest.raises(RuntimeError):
        asyncio.run(site.follow_state(gone))
    site.remote.let_go.assert_awaited_once_with("one")


def button(daemon: FakeDaemon) -> ButtonCall:
    """The next call the daemon hears."""
    call = daemon.calls.get(timeout=LIMIT_S)[1]
    assert isinstance(call, ButtonCall)
    return call


# ---- the panel -------------------------------------------------------------------------------------------------------


def pixels(blue: int, green: int, red: int, size: tuple[int, int] = (320, 240)) -> np.ndarray[Any, np.dtype[np.uint8]]:
    picture = np.zeros((size[1], size[0], 4), np.uint8)
    picture[:] = (blue, green, red, 0)
    return picture


def seen(browser: ClientConnection) -> tuple[tuple[int, int], tuple[int, ...]]:
    """Size of the next picture, and its colour rounded to tens, as JPEG is not exact."""
    picture = Image.open(io.BytesIO(browser.recv(LIMIT_S)))  # type: ignore[arg-type]
    colour = picture.getpixel((5, 5))
    assert isinstance(colour, tuple)
    return picture.size, tuple(round(value, -1) for value in colour)


def test_the_panel_comes_as_it_was_drawn_and_always_the_newest(web: WebProcess, runtime: Path) -> None:
    screen = MemoryScreen(runtime / "panel", (320, 240))
    screen.show(pixels(0, 100, 200))
    with connect(web.websocket("/panel")) as browser:
        assert seen(browser) == ((320, 240), (200, 100, 0))
        screen.show(pixels(10, 20, 30))
        screen.show(pixels(40, 50, 60))
        browser.send("+")
        assert seen(browser) == ((320, 240), (60, 50, 40))
    screen.close()


def test_a_viewfinder_that_comes_late_or_anew_in_another_size_is_shown(web: WebProcess, runtime: Path) -> None:
    with connect(web.websocket("/panel")) as browser:
        for size in ((240, 240), (480, 800)):
            screen = MemoryScreen(runtime / "panel", size)
            screen.show(pixels(200, 200, 200, size))
            assert seen(browser) == (size, (200, 200, 200))
            browser.send("+")
            screen.close()


def test_each_browser_gets_the_picture(web: WebProcess, runtime: Path) -> None:
    screen = MemoryScreen(runtime / "panel", (320, 240))
    screen.show(pixels(0, 0, 250))
    with connect(web.websocket("/panel")) as one, connect(web.websocket("/panel")) as other:
        assert seen(one) == seen(other) == ((320, 240), (250, 0, 0))
    screen.close()


# ---- the photographs -------------------------------------------------------------------------------------------------


def test_photographs_are_listed_newest_first_with_their_exposure(web: WebProcess, card: Path) -> None:
    for number in (1, 2):
        put(card, f"100MCAM_/MCAM000{number}.JPG", jpeg())
        put(card, f"100MCAM_/MCAM000{number}.DNG", dng_with_preview("navy"))
    put(card, "100MCAM_/MCAM0003.DNG", b"half")
    photos = json.loads(web.get("/photos").body)["photos"]
    assert [photo["name"] for photo in photos] == [f"100MCAM_/MCAM000{number}" for number in (3, 2, 1)]
    assert photos[1]["files"] == ["100MCAM_/MCAM0002.DNG", "100MCAM_/MCAM0002.JPG"]
    assert (photos[1]["exposure_us"], photos[1]["iso"]) == (8000, 400)
    assert photos[1]["taken_at"] == "2022-11-02T14:03:07+01:00"
    assert photos[0]["exposure_us"] == 0


def test_a_photograph_that_tells_an_impossible_exposure_is_listed_with_none(web: WebProcess, card: Path) -> None:
    endless = jpeg().replace(struct.pack(">HHIHH", 0x8827, 3, 1, 400, 0), struct.pack(">HHIf", 0x8827, 11, 1, math.inf))
    assert endless != jpeg()
    put(card, "100MCAM_/MCAM0001.JPG", endless)
    put(card, "100MCAM_/MCAM0002.JPG", jpeg())
    photos = json.loads(web.get("/photos").body)["photos"]
    assert [photo["iso"] for photo in photos] == [400, 0]


def test_a_photograph_is_listed_with_its_rating_and_protection(web: WebProcess, card: Path) -> None:
    put(card, "100MCAM_/MCAM0001.JPG", jpeg())
    put(card, "100MCAM_/MCAM0001.xmp", xmp.rated(None, 4))
    (card / "DCIM" / "100MCAM_" / "MCAM0001.JPG").chmod(0o444)
    put(card, "100MCAM_/MCAM0002.JPG", jpeg())
    photos = json.loads(web.get("/photos").body)["photos"]
    assert [(photo["rating"], photo["protected"]) for photo in photos] == [(0, False), (4, True)]


@pytest.mark.parametrize(("limit", "count"), [("2", 2), ("0", 1), ("", 3), ("-1", 3), ("many", 3), ("99999999", 3)])
def test_the_list_is_as_long_as_asked_for(web: WebProcess, card: Path, limit: str, count: int) -> None:
    for number in (1, 2, 3):
        put(card, f"100MCAM_/MCAM000{number}.JPG", jpeg())
    assert len(json.loads(web.get(f"/photos?limit={limit}").body)["photos"]) == count


def test_a_missing_card_is_said(tmp_path: Path) -> None:
    web = WebProcess(tmp_path, tmp_path / "nowhere")
    listing = json.loads(web.get("/photos").body)
    web.close()
    assert listing["photos"] == []
    assert "There is no card" in listing["message"]


def test_a_card_that_cannot_even_be_asked_for_is_said(tmp_path: Path) -> None:
    """As one that was pulled out, which answers with an input/output error."""
    assert "There is no card" in (gallery.Gallery(tmp_path / ("x" * 300))._listing(9).message or "")


def test_both_files_download_whole_under_their_names_and_types(web: WebProcess, card: Path) -> None:
    content = {".DNG": dng_with_preview("teal"), ".JPG": jpeg()}
    types = {".DNG": "image/x-adobe-dng", ".JPG": "image/jpeg"}
    for suffix, expected in content.items():
        put(card, f"100MCAM_/MCAM0001{suffix}", expected)
        answer = web.get(f"/file/100MCAM_/MCAM0001{suffix}")
        assert answer.body == expected
        assert answer.headers["Content-Type"] == types[suffix]
        assert answer.headers["Content-Disposition"] == f'attachment; filename="MCAM0001{suffix}"'


def test_a_card_that_fails_amidst_a_download_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Linux answers a read of the beginning of one's own memory, where nothing lies, with an input/output error."""
    sent = AsyncMock()
    download = gallery.Download("/proc/self/mem", filename="MCAM0001.DNG")
    asyncio.run(
        download({"type": "http", "method": "GET", "headers": [], "asgi": {"spec_version": "2.4"}}, Mock(), sent)
    )
    assert [call.args[0]["type"] for call in sent.await_args_list] == ["http.response.start"]
    assert caplog.messages == ["MCAM0001.DNG was not sent whole: [Errno 5] Input/output error"]


@pytest.fixture
def server_log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """With what uvicorn itself says, which goes no further than to its own output."""
    logger = logging.getLogger("uvicorn")
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=1-"}, {"Range": "bytes=0-9,20-"}])
@pytest.mark.parametrize("becomes", [1 << 20, 0])
def test_a_photograph_that_shrinks_amidst_its_download_is_a_line_in_the_log_and_the_end_of_the_connection(
    web: WebProcess, card: Path, server_log: pytest.LogCaptureFixture, headers: dict[str, str], becomes: int
) -> None:
    path = put(card, "100MCAM_/MCAM0001.DNG", b"")
    os.truncate(path, 64 << 20)  # more than connections hold, so that most of it is not yet read
    connection = HTTPConnection("127.0.0.1", web.port, timeout=LIMIT_S)
    connection.request("GET", "/file/100MCAM_/MCAM0001.DNG", headers=headers)
    answer = connection.getresponse()
    answer.read(1000)
    os.truncate(path, becomes)
    with pytest.raises(IncompleteRead):
        answer.read()
    connection.close()
    (said,) = server_log.messages
    assert said.startswith("MCAM0001.DNG was not sent whole: ")
    assert not server_log.records[0].exc_info
    assert web.get("/photos").status == 200


def test_a_photograph_that_grows_amidst_its_download_is_not_sent_beyond_what_was_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "MCAM0001.DNG"
    path.write_bytes(b"begun")
    download = gallery.Download(path, filename=path.name, stat_result=path.stat())
    path.write_bytes(b"begun anew")
    sent = AsyncMock()
    asyncio.run(
        download({"type": "http", "method": "GET", "headers": [], "asgi": {"spec_version": "2.4"}}, Mock(), sent)
    )
    assert [call.args[0]["type"] for call in sent.await_args_list] == ["http.response.start"]
    assert caplog.messages == ["MCAM0001.DNG was not sent whole: [Errno 5] its length is another than it was"]


def test_a_photograph_that_vanishes_before_its_download_is_not_found(
    web: WebProcess, card: Path, monkeypatch: pytest.MonkeyPatch, server_log: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(gallery.Album, "file", lambda *_: card / "DCIM/100MCAM_/MCAM0001.DNG")
    assert web.get("/file/100MCAM_/MCAM0001.DNG").status == 404
    assert server_log.messages == []


def test_the_head_of_a_download_tells_its_length(web: WebProcess, card: Path) -> None:
    put(card, "100MCAM_/MCAM0001.DNG", b"0123456789")
    connection = HTTPConnection("127.0.0.1", web.port, timeout=LIMIT_S)
    connection.request("HEAD", "/file/100MCAM_/MCAM0001.DNG")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Content-Length"], answer.read()) == (200, "10", b"")
    connection.close()


def test_the_head_of_a_range_that_is_none_is_refused_without_a_word_of_the_photograph(
    web: WebProcess, card: Path, server_log: pytest.LogCaptureFixture
) -> None:
    """The refusal has a body, which a server does not send after a head."""
    put(card, "100MCAM_/MCAM0001.DNG", b"0123456789")
    connection = HTTPConnection("127.0.0.1", web.port, timeout=LIMIT_S)
    for _ in range(2):  # the connection stays
        connection.request("HEAD", "/file/100MCAM_/MCAM0001.DNG", headers={"Range": "lines=1-2"})
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (400, b"")
    connection.close()
    assert server_log.messages == []


def test_a_thumbnail_is_small_and_not_sent_twice(web: WebProcess, card: Path) -> None:
    path = put(card, "100MCAM_/MCAM0001.JPG", jpeg((4056, 3040), "olive"))
    first = web.get("/thumbnail/100MCAM_/MCAM0001")
    assert Image.open(io.BytesIO(first.body)).size == (480, 360)
    assert len(first.body) < path.stat().st_size
    again = web.get("/thumbnail/100MCAM_/MCAM0001", {"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    os.utime(path, ns=(1, 1))
    assert web.get("/thumbnail/100MCAM_/MCAM0001", {"If-None-Match": first.headers["ETag"]}).status == 200


def colour_of(answer: Answer) -> tuple[int, ...]:
    colour = Image.open(io.BytesIO(answer.body)).getpixel((50, 50))
    assert isinstance(colour, tuple)
    return tuple(round(value, -1) for value in colour)


@pytest.mark.parametrize("broken", [b"", b"no picture", jpeg()[:300], jpeg((2000, 2000))[:8000]])
def test_a_broken_jpeg_leaves_the_preview_of_the_dng(web: WebProcess, card: Path, broken: bytes) -> None:
    put(card, "100MCAM_/MCAM0001.JPG", broken)
    assert web.get("/thumbnail/100MCAM_/MCAM0001").status == 404
    put(card, "100MCAM_/MCAM0001.DNG", dng_with_preview("#c83214"))
    assert colour_of(web.get("/thumbnail/100MCAM_/MCAM0001")) == (200, 50, 20)
    assert web.get("/photos").status == 200


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # it warns of what we answer; main() silences it, too
@pytest.mark.parametrize("length", [4, 8, 9, 60, 1000, 100_000])
def test_a_dng_cut_short_anywhere_has_no_thumbnail_and_stays_listed(web: WebProcess, card: Path, length: int) -> None:
    put(card, "100MCAM_/MCAM0001.DNG", dng_with_preview("navy")[:length])
    answer = web.get("/thumbnail/100MCAM_/MCAM0001")
    assert (answer.status, len(answer.message) > 20) == (404, True)
    assert len(json.loads(web.get("/photos").body)["photos"]) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/file/../secret.JPG",
        "/file/..%2F..%2Fsecret.JPG",
        "/file/100MCAM_/..%2F..%2F..%2Fsecret.JPG",
        "/file/100MCAM_/%2e%2e/%2e%2e/secret.JPG",
        "/file//etc/passwd",
        "/file/%2Fetc%2Fpasswd",
        "/file/100MCAM_/MCAM0001.JPG%00.DNG",
        "/file/100MCAM_/MCAM0009.JPG",
        "/file/100MCAM_/notes.TXT",
        "/file/100MCAM_",
        "/file/100MCAM_/MCAM0002.JPG",  # a symbolic link that leads out
        "/thumbnail/../secret",
        "/thumbnail/..%2F..%2Fsecret",
        "/thumbnail/100MCAM_/MCAM0002",
        "/thumbnail/100MCAM_/MCAM0009%00",
        "/thumbnail/%FF",
        "/..%2Fsite.py",
        "/%2e%2e/site.py",
    ],
)
def test_nothing_but_photographs_on_the_card_is_handed_out(web: WebProcess, card: Path, path: str) -> None:
    secret = card.parent / "secret.JPG"
    secret.write_bytes(jpeg())
    put(card, "100MCAM_/notes.TXT", b"mine")
    (card / "DCIM" / "100MCAM_" / "MCAM0002.JPG").symlink_to(secret)
    assert web.get(path).status == 404


# ---- start and end ---------------------------------------------------------------------------------------------------


def test_a_port_in_use_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        code = started_in_process(tmp_path, f"127.0.0.1:{other.getsockname()[1]}")
    said = capsys.readouterr().err
    assert code == EXIT_FAILED
    assert said.startswith("mcam: Another program listens at 127.0.0.1:")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "address", ["8000", "127.0.0.1", "127.0.0.1:99999", "127.0.0.1:http", ":8000", "192.0.2.1:8000", "no such host:1"]
)
def test_an_address_that_is_none_of_ours_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    assert started_in_process(tmp_path, address) == EXIT_FAILED
    said = capsys.readouterr().err
    assert address in said
    assert said.count("\n") == 1


def started_in_process(tmp_path: Path, address: str) -> int:
    """The exit code of a start that fails; a test's own signal handlers are put back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return main(["--runtime", str(tmp_path), "--card", str(tmp_path), "--http", address])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def start(tmp_path: Path, *command: str, **options: Any) -> "subprocess.Popen[str]":
    arguments = ["--runtime", str(tmp_path), "--card", str(tmp_path), "--http", "127.0.0.1:0"]
    return subprocess.Popen(
        [*command, sys.executable, "-m", "ui.web", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def port_of(process: "subprocess.Popen[str]") -> int:
    assert process.stdout is not None
    return int(process.stdout.readline().rpartition(":")[2])


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_with_browsers_connected(tmp_path: Path, number: signal.Signals) -> None:
    with start(tmp_path) as process:
        address = f"ws://127.0.0.1:{port_of(process)}"
        with connect(f"{address}/state") as state, connect(f"{address}/panel") as panel:
            state.recv(LIMIT_S)
            process.send_signal(number)
            with pytest.raises(ConnectionClosed):
                panel.recv(LIMIT_S)
        assert process.communicate(timeout=LIMIT_S) == ("", "")
        assert process.returncode == 0


AS_SYSTEMD_DOES = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""


@pytest.mark.slow
def test_it_takes_the_socket_that_systemd_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port, number = listener.getsockname()[1], listener.fileno()
        process = start(tmp_path, sys.executable, "-c", AS_SYSTEMD_DOES, str(number), pass_fds=[number])
    with process:
        assert port_of(process) == port
        with connect(f"ws://127.0.0.1:{port}/state") as browser:
            assert json.loads(browser.recv(LIMIT_S))["running"] is False
        process.terminate()
        assert process.wait(LIMIT_S) == 0


def test_no_picture_is_mapped_which_would_end_us_when_the_card_is_pulled_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("L", (64, 48), 90).save(tmp_path / "grey.tif")
    monkeypatch.setattr(mmap, "mmap", Mock(side_effect=AssertionError("mapped")))
    with Image.open(io.BytesIO(gallery._thumbnail(gallery.Version.of(tmp_path / "grey.tif")))) as small:
        assert small.getpixel((9, 9)) == (90, 90, 90)
