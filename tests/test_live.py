"""The viewfinder turn by turn, and its process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from device.errors import EXIT_FAILED
from device.meter import read
from device.preview import PreviewWriter, Sizes
from device.protocol import Event, LookCall, Photo, ShownCall
from device.states import CardStatus
from device.strict import Struct
from tests.conftest import ROOT, build_frame
from tests.synthetic_view import synthetic_state
from ui.live import FRAMES_STOPPED_NS, Live
from ui.process import main
from ui.screen import MemoryScreenReader, Pixels
from ui.state import NOTE_NS
from ui.viewfinder import Viewfinder

SIZE = (240, 240)
RAW = np.random.default_rng(1).integers(256, 3000, (240, 320)).astype(np.uint16)


class Remembering:
    size = SIZE

    def __init__(self) -> None:
        self.shown: list[Pixels] = []
        self.lights: list[bool] = []

    def show(self, pixels: Pixels) -> None:
        self.shown.append(pixels.copy())

    def light(self, *, on: bool) -> None:
        self.lights.append(on)

    def close(self) -> None:
        pass


def writer(path: Path) -> PreviewWriter:
    return PreviewWriter(path, Sizes.for_sensor(240, 320, (120, 160)))


def publish(ring: PreviewWriter, sequence: int) -> None:
    frame = build_frame(RAW, sequence=sequence)
    ring.publish(frame, read(frame))


@pytest.fixture
def screen() -> Remembering:
    return Remembering()


@pytest.fixture
def live(tmp_path: Path, screen: Remembering) -> Live:
    return Live(tmp_path / "preview", Viewfinder(SIZE), [screen])


def test_without_a_daemon_it_says_so_once(live: Live, screen: Remembering) -> None:
    assert not live.turn(5 * FRAMES_STOPPED_NS)  # there is time for the first word, and a splash on the panel
    assert live.turn(6 * FRAMES_STOPPED_NS)
    assert not live.turn(7 * FRAMES_STOPPED_NS)
    assert len(screen.shown) == 1
    assert screen.shown[0].any()


def test_a_frame_that_comes_before_the_daemons_first_word_waits_for_it(
    live: Live, tmp_path: Path, screen: Remembering
) -> None:
    with writer(tmp_path / "preview") as ring:
        publish(ring, 1)
        assert not live.turn(10)
        live.tell(synthetic_state())
        assert live.turn(11)
        assert np.array_equal(screen.shown[0], Viewfinder(SIZE).draw(live._seen, live._view))


def test_without_a_word_from_the_daemon_frames_are_shown_as_of_no_camera(live: Live, tmp_path: Path) -> None:
    with writer(tmp_path / "preview") as ring:
        publish(ring, 1)
        assert [live.turn(n * FRAMES_STOPPED_NS) for n in (1, 2)] == [False, True]
        publish(ring, 2)
        assert live.turn(2 * FRAMES_STOPPED_NS + 1)


def test_each_frame_is_drawn_once(live: Live, tmp_path: Path) -> None:
    live.tell(synthetic_state())
    with writer(tmp_path / "preview") as ring:
        publish(ring, 1)
        assert [live.turn(n) for n in (1, 2)] == [True, False]
        publish(ring, 2)
        publish(ring, 3)
        assert [live.turn(n) for n in (3, 4)] == [True, False]


def test_news_waits_for_the_next_frame_unless_frames_have_stopped(
    live: Live, tmp_path: Path, screen: Remembering
) -> None:
    live.tell(synthetic_state())
    with writer(tmp_path / "preview") as ring:
        publish(ring, 1)
        live.turn(10)
        live.tell(synthetic_state(camera="armed"))
        assert not live.turn(20)
        assert live.turn(10 + FRAMES_STOPPED_NS)
    assert (screen.shown[0] != screen.shown[1]).any()


def test_a_daemon_that_comes_back_with_a_new_ring_is_followed(live: Live, tmp_path: Path, screen: Remembering) -> None:
    live.tell(synthetic_state())
    with writer(tmp_path / "preview") as ring:
        publish(ring, 1)
        live.turn(1)
    live.tell(None)
    assert live.turn(1 + FRAMES_STOPPED_NS)
    live.tell(synthetic_state())
    with writer(tmp_path / "preview") as ring:
        publish(ring, 1)
        assert live.turn(2 + FRAMES_STOPPED_NS)
    assert len(screen.shown) == 3
    assert np.array_equal(screen.shown[0], screen.shown[2])
    assert (screen.shown[1] != screen.shown[0]).any()


def test_the_name_of_a_photograph_shows_and_goes(live: Live, screen: Remembering) -> None:
    live.tell(synthetic_state())
    start = 10 * FRAMES_STOPPED_NS
    live.turn(start - FRAMES_STOPPED_NS)
    assert live.turn(start)
    live.tell(Event(kind="saved", photo=Photo(name="100MCAM_/MCAM0007", files=[])))
    assert live.turn(start + 1)
    assert not live.turn(start + NOTE_NS)
    assert live.turn(start + 1 + NOTE_NS)
    assert (screen.shown[1] != screen.shown[0]).any()
    assert np.array_equal(screen.shown[2], screen.shown[0])


def test_a_daemon_is_told_how_large_it_is_drawn_and_how_late(tmp_path: Path, screen: Remembering) -> None:
    said: list[tuple[str, Struct]] = []
    live = Live(
        tmp_path / "preview",
        Viewfinder(SIZE),
        [screen],
        say=lambda method, parameters: said.append((method, parameters)),
        now_ns=lambda: 10_007_000_000,
    )
    live.tell(synthetic_state())
    with writer(tmp_path / "preview") as ring:
        frame = build_frame(RAW, sequence=1, sensor_timestamp_ns=10_000_000_000)
        ring.publish(frame, read(frame), None, 1000)
        assert live.turn(10_003_000_000)
    look, shown = said
    assert look == ("Look", LookCall(columns=240, rows=180, magnifier_columns=240, magnifier_rows=180))
    assert shown == ("Shown", ShownCall(delay_us=6000, worst_us=6000))


@pytest.fixture
def once(tmp_path: Path) -> list[str]:
    with writer(tmp_path / "ring") as ring:
        publish(ring, 1)
        os.link(tmp_path / "ring", tmp_path / "kept")  # what the writer leaves behind it removes
    state = synthetic_state(card=CardStatus(folder="card", shots_left=7))
    (tmp_path / "state.json").write_bytes(msgspec.json.encode(state))
    names = {"--ring": "kept", "--state": "state.json", "--png": "panel.png"}
    return [
        "--once",
        "--size",
        "320x240",
        *(part for key, name in names.items() for part in (key, str(tmp_path / name))),
    ]


def test_one_panel_becomes_a_png(tmp_path: Path, once: list[str]) -> None:
    assert main(once) == 0
    with Image.open(tmp_path / "panel.png") as png:
        assert png.size == (320, 240)
        assert png.mode == "RGB"
        assert len(png.getcolors(100_000) or []) > 100


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("state.json", b'{"camera":', "is no state of the camera"), ("kept", b"short", "not made by this version")],
)
def test_a_bad_file_is_one_sentence(
    tmp_path: Path, once: list[str], capsys: pytest.CaptureFixture[str], name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(content)
    assert main(once) == EXIT_FAILED
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert any(part in said for part in sentence.split("|"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--size", "800"],
        ["--size", "8x6"],
        ["--screen", "hdmi"],
        ["--rotation", "45"],
        ["--level-axes", "nonsense"],
        ["--level-axes", "x x z"],
        [],
        ["--once"],
    ],
    ids=" ".join,
)
def test_a_wrong_option_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, *(["--runtime", "nowhere"] if len(arguments) == 2 else [])])
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_a_missing_panel_ends_it_with_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runtime", str(tmp_path), "--screen", f"fb:{tmp_path}/fb7"]) == EXIT_FAILED
    assert capsys.readouterr().err.startswith("mcam: There is no panel at")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_shows_something_without_a_daemon_and_ends_without_a_word(tmp_path: Path, number: int) -> None:
    command = [sys.executable, "-m", "ui", "--runtime", str(tmp_path), "--size", "240x240"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    panel = tmp_path / "panel"
    while process.poll() is None and not (panel.exists() and MemoryScreenReader(panel).newest()):
        os.sched_yield()
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert said == b""
    assert process.returncode == 0
    assert not panel.exists()


def test_the_panels_light_goes_out_while_the_camera_sleeps_and_comes_back(live: Live, screen: Remembering) -> None:
    for i, camera in enumerate(("live", "asleep", "asleep", "live")):
        live.tell(synthetic_state(camera=camera, message=f"news {i}"))
        live.turn((i + 1) * 10 * FRAMES_STOPPED_NS)
    assert screen.lights == [False, True]
    assert [bool(shown[..., :3].any()) for shown in screen.shown][-3:] == [False, False, True]
