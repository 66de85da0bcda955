"""The daemon on libcamera's own virtual camera, which gives no RAW: seen through the socket and the ring, and drawn."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

import numpy as np
import pytest
from numpy.typing import NDArray

from device import runtime
from device.calling import Connection
from device.errors import CallFailed, NotRunning
from device.frame import Source
from device.preview import PreviewFrame, PreviewReader
from device.protocol import GetStateReply, SetCall, ShootCall
from device.states import State
from tests.libcamera.root import command
from ui.client import Client
from ui.labels import labels
from ui.layout import fitted_picture, layout_of
from ui.state import Seen, looked
from ui.viewfinder import Viewfinder

PATIENCE_S = 90.0  # kernels are compiled at the first frame, on whatever machine this is
SIZE = (800, 480)
# libcamera's test pattern: the eight bars of full colour and no colour.
BARS = [(255 * r, 255 * g, 255 * b) for r in (0, 1) for g in (0, 1) for b in (0, 1)]
DAEMON = ("python3", "-m", "tests.libcamera.daemon")


@pytest.fixture
def daemon(root: Path, run: Path, figures: list[str]) -> Iterator[subprocess.Popen[str]]:
    """`mcam capture` in the root, its first frame taken."""
    words = (*DAEMON, "capture", "--sensor", "picamera2", "--runtime", "/run/mcam", "--card", "/run/mcam/card")
    (run / "card").mkdir()
    told: SimpleQueue[State | None] = SimpleQueue()
    began = time.monotonic()
    with (run / "journal").open("w+") as journal:
        process = subprocess.Popen(command(root, run, *words), stderr=journal, text=True)
        client = Client(run / runtime.SOCKET, told.put, lambda _: None)
        client.start()
        try:
            _wait_until_live(process, told, journal.name)
            figures.append(f"the daemon showed its first frame after {time.monotonic() - began:.1f} s")
            yield process
        finally:
            client.close()
            process.kill()
            process.wait()


def _wait_until_live(process: subprocess.Popen[str], told: "SimpleQueue[State | None]", journal: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            state = told.get(timeout=1.0)
        except Empty:
            continue
        if state is not None and state.camera == "live" and state.sensor.frames_per_s > 0:
            return
    pytest.fail(f"no frame came: {Path(journal).read_text()}")


@pytest.fixture
def connection(daemon: subprocess.Popen[str], run: Path) -> Iterator[Connection]:
    assert daemon.poll() is None
    with Connection(run / runtime.SOCKET, timeout_s=30) as one:
        yield one


def state_of(connection: Connection) -> State:
    reply = connection.call("GetState")
    assert isinstance(reply, GetStateReply)
    return reply.state


def newer(reader: PreviewReader, after: int) -> PreviewFrame:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if (view := reader.newest(after)) is not None:
            return view
    pytest.fail("no newer frame came")


def shares(panel: NDArray[np.uint8]) -> dict[tuple[int, int, int], float]:
    """How much of a picture has each of the bars' colours, within what 8-bit YUV leaves of it."""
    colours = panel[..., 2::-1].astype(int)
    return {bar: float((np.abs(colours - bar).max(-1) <= 6).mean()) for bar in BARS}


def test_the_viewfinder_draws_what_libcamera_delivers(connection: Connection, run: Path, figures: list[str]) -> None:
    for tool in ("peaking", "zebra"):  # they are laid over the bars
        connection.call("Set", SetCall(key=f"view.{tool}", value=False))
    state, reader = state_of(connection), PreviewReader(run / runtime.RING)
    first = newer(reader, 0)
    later = newer(reader, first.number)
    viewfinder = Viewfinder(SIZE)
    rect = fitted_picture(layout_of(SIZE, state.view).picture, first.preview.y.shape)
    seen = {}
    for view in (first, later):
        panel = viewfinder.draw(looked(Seen(camera=state), view), view)
        seen[view.number] = panel[rect.top : rect.bottom, rect.left : rect.right].copy()
        assert min(shares(seen[view.number]).values()) > 0.1  # each of eight bars, less what two edges blur
    assert later.sensor_timestamp_ns > first.sensor_timestamp_ns
    assert (seen[first.number] != seen[later.number]).any()  # the bars move
    figures.append(f"{state.sensor.frames_per_s:.0f} frames/s of libcamera's virtual camera went through the daemon")


def test_the_panel_says_that_there_is_no_raw_and_its_tools_read_luma(connection: Connection, run: Path) -> None:
    state = state_of(connection)
    assert (state.sensor.model, state.sensor.bits, state.sensor.raw_format) == ("Virtual", 0, "")
    view = newer(PreviewReader(run / runtime.RING), 0)
    assert view.reading.source is Source.LUMA
    said = {label.text for label in labels(layout_of(SIZE, state.view), Seen(camera=state), view.reading)}
    assert {"LUMA, not RAW", "View only", "no RAW"} <= said


def test_a_shot_is_refused_with_a_sentence_and_leaves_nothing_on_the_card(connection: Connection, run: Path) -> None:
    with pytest.raises(CallFailed, match="gives no RAW, so it can be looked through but takes no photographs"):
        connection.call("Shoot", ShootCall())
    assert [file for file in (run / "card").rglob("*") if file.is_file()] == []
    assert state_of(connection).camera == "live"


def test_the_doctor_says_the_same(daemon: subprocess.Popen[str], inside: Callable[..., str]) -> None:
    assert daemon.poll() is None
    examined = inside(*DAEMON, "doctor", "--json", "--runtime", "/run/mcam", codes=(0, 2))  # 2: there are faults
    findings = json.loads(examined)
    (raw,) = [finding["text"] for finding in findings if finding["subject"] == "raw"]
    assert "gives no RAW" in raw


def test_the_daemon_ends_at_once_when_told_to(daemon: subprocess.Popen[str], run: Path) -> None:
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(timeout=30) == 0
    with pytest.raises(NotRunning):
        Connection(run / runtime.SOCKET)
