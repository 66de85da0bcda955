"""The command line as whole processes: what a person types, what he gets, and what is left behind."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from device import cli
from device.__main__ import start
from device.calling import Connection
from device.cli import main
from device.errors import NotRunning
from device.face_states import ViewfinderState
from device.protocol import ArmCall, ButtonCall, FocusCall, GetStateReply, HotPixelsCall, ShootCall, ShootReply
from device.shooting_states import DriveState, ShootingState, TimingState
from device.states import ExposureState, State, WhiteBalanceState
from device.status_text import state_lines
from device.wizard_shots import state_of

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
START_S = 120  # a cold start compiles kernels, and CI has two busy cores


def mcam(*arguments: str | Path, **options: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "device", *map(str, arguments)]
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        command, cwd=ROOT, capture_output=True, text=True, timeout=START_S, check=False, **options
    )


@contextmanager
def capturing(runtime: Path, card: Path, *arguments: str | Path) -> Iterator["subprocess.Popen[str]"]:
    """A daemon of its own, answering on its socket."""
    command = ["capture", "--runtime", runtime, "--card", card, "--sensor", "simulated", *arguments]
    daemon = subprocess.Popen(
        [sys.executable, "-m", "device", *map(str, command)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until_live(runtime, daemon)
        yield daemon
    finally:
        daemon.terminate()
        daemon.communicate(timeout=START_S)


def wait_until_live(runtime: Path, daemon: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and daemon.poll() is None:
        try:
            with Connection(runtime / "mcam.sock", 10) as connection:
                reply = connection.call("GetState")
            assert isinstance(reply, GetStateReply)
            if reply.state.camera == "live":
                return
        except NotRunning:
            pass
        time.sleep(0.1)  # another process starts: there is nothing to wait on but its socket
    pytest.fail(f"the daemon did not start: {daemon.communicate()}")


def shoot(runtime: Path, count: int = 1) -> ShootReply:
    with Connection(runtime / "mcam.sock", START_S) as connection:
        reply = connection.call("Shoot", ShootCall(count=count))
    assert isinstance(reply, ShootReply)
    return reply


def one_sentence(done: "subprocess.CompletedProcess[str]") -> str:
    """What went wrong, said once, without a traceback, with a non-zero exit code."""
    assert done.returncode == 2, done
    assert done.stderr.startswith("mcam: ")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_photograph_without_a_daemon(tmp_path: Path) -> None:
    done = mcam("shoot", "--sensor", "simulated", "--card", tmp_path / "card", "-n", "2", "--json")
    assert done.returncode == 0, done.stderr
    photos = json.loads(done.stdout)
    assert [photo["name"] for photo in photos] == ["100MCAM_/MCAM0001", "100MCAM_/MCAM0002"]
    for photo in photos:
        for file in photo["files"]:
            assert (tmp_path / "card" / "DCIM" / file).stat().st_size > 100_000


def test_a_daemon_is_asked_for_its_state_and_for_photographs(tmp_path: Path) -> None:
    with capturing(tmp_path / "run", tmp_path / "card") as daemon:
        status = json.loads(mcam("status", "--runtime", tmp_path / "run", "--json").stdout)
        assert (status["sensor"]["model"], status["sensor"]["bits"], status["card"]["state"]) == ("IMX477", 12, "ok")
        assert "IMX477" in mcam("status", "--runtime", tmp_path / "run").stdout
        shot = mcam("shoot", "--runtime", tmp_path / "run", "-n", "9", "--json")
        assert len(json.loads(shot.stdout)) == 9, shot.stderr
        daemon.send_signal(signal.SIGINT)
        assert daemon.wait(START_S) == 0
        assert daemon.stderr is not None
        assert daemon.stderr.read() == ""
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["mcam.lock"]


def asked(connection: Connection, wanted: Callable[[State], object]) -> State:
    """The state, as soon as it is as wanted."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        reply = connection.call("GetState")
        assert isinstance(reply, GetStateReply)
        if wanted(reply.state):
            return reply.state
    pytest.fail("the state never was as wanted")


def test_holding_ok_opens_the_menu_and_what_is_changed_there_outlives_the_daemon_until_a_reset(tmp_path: Path) -> None:
    runtime = tmp_path / "run"
    with capturing(runtime, tmp_path / "card"), Connection(runtime / "mcam.sock", START_S) as connection:
        connection.call("Button", ButtonCall(name="ok"))
        opened = asked(connection, lambda state: state.menu.open).menu
        connection.call("Button", ButtonCall(name="ok", down=False))
        steps = [row.label for row in opened.rows].index("Compensation")
        connection.call("Button", ButtonCall(name="encoder", steps=steps))
        connection.call("Button", ButtonCall(name="right"))
        connection.call("Button", ButtonCall(name="right", down=False))
        connection.call("Button", ButtonCall(name="s1"))
        connection.call("Button", ButtonCall(name="s1", down=False))
        closed = asked(connection, lambda state: not state.menu.open)
        assert closed.exposure.ev == 0.33
        assert not closed.view.magnifier
    with capturing(runtime, tmp_path / "card"), Connection(runtime / "mcam.sock", START_S) as connection:
        assert asked(connection, lambda _: True).exposure.ev == 0.33
        assert "mcam.toml" in mcam("reset", "--runtime", runtime).stdout
        assert asked(connection, lambda _: True).exposure.ev == 0.0
    assert "Removed: " in mcam("reset", "--runtime", runtime).stdout
    assert "Nothing was changed" in mcam("reset", "--runtime", runtime).stdout


def test_a_second_daemon_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with capturing(tmp_path / "run", tmp_path / "card"):
        second = mcam("capture", "--runtime", tmp_path / "run", "--card", tmp_path / "card", "--sensor", "simulated")
        assert "already runs" in one_sentence(second)
        assert len(shoot(tmp_path / "run").photos) == 1


def test_a_daemon_that_was_killed_leaves_nothing_in_the_way_of_the_next(tmp_path: Path) -> None:
    with capturing(tmp_path / "run", tmp_path / "card") as daemon:
        shoot(tmp_path / "run")
        daemon.kill()
        daemon.wait()
    with capturing(tmp_path / "run", tmp_path / "card"):
        assert [photo.name for photo in shoot(tmp_path / "run").photos] == ["100MCAM_/MCAM0002"]


def test_what_is_queued_is_written_before_a_daemon_ends(tmp_path: Path) -> None:
    with capturing(tmp_path / "run", tmp_path / "card") as daemon:
        with Connection(tmp_path / "run" / "mcam.sock", START_S) as connection:
            connection.call("Arm", ArmCall(on=True))
            connection.call("Shoot", ShootCall(count=3, wait=False))
            while True:
                reply = connection.call("GetState")
                assert isinstance(reply, GetStateReply)
                if reply.state.card.queued == 3 or reply.state.card.last.endswith("0003"):
                    break
        daemon.terminate()
        assert daemon.wait(START_S) == 0
    names = sorted(path.name for path in (tmp_path / "card" / "DCIM" / "100MCAM_").iterdir())
    assert names == [f"MCAM000{n}.{suffix}" for n in (1, 2, 3) for suffix in ("DNG", "JPG")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["capture", "--sensor", "magic"], "sensor.kind"),
        (["shoot", "--sensor", "simulated", "--card", "/nowhere/at/all"], "/nowhere/at/all"),
        (["run", "--http", "nonsense"], "HOST:PORT"),
        (["run", "--size", "0x0"], "screen.size"),
        (["screen", "--rotation", "45"], "screen.rotation"),
        (["shoot", "--sensor", "replay:/nowhere.dng"], "nowhere.dng"),
        (["shoot", "--sensor", "simulated", "--scene", "/nowhere.jpg"], "nowhere.jpg"),
        (["inspect", "/nowhere.dng"], "nowhere.dng"),
        (["status"], "mcam run"),
        (["discard"], "mcam run"),
        (["capture", "--config", "/nowhere.toml"], "nowhere.toml"),
        (["capture", "--sensor", "picamera2"], "python3-picamera2"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path: Path, arguments: list[str], says: str) -> None:
    runtime = [] if arguments[0] == "inspect" else ["--runtime", str(tmp_path / "run")]
    assert says in one_sentence(mcam(*arguments, *runtime))


@pytest.mark.parametrize("command", ["status", "shoot", "doctor"])
def test_who_only_asks_makes_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main([command, "--runtime", str(tmp_path / "run")]) == 2 or command == "doctor"
    assert not (tmp_path / "run").exists()
    assert capsys.readouterr().out or command != "doctor"


def test_a_camera_without_a_card_runs_says_so_and_refuses_the_shot(tmp_path: Path) -> None:
    with capturing(tmp_path / "run", tmp_path / "not" / "there"):
        status = json.loads(mcam("status", "--runtime", tmp_path / "run", "--json").stdout)
        assert (status["camera"], status["card"]["state"]) == ("live", "missing")
        assert "No card" in status["message"]
        assert "No card" in one_sentence(mcam("shoot", "--runtime", tmp_path / "run"))


def test_every_fault_of_the_settings_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "mcam.toml").write_text('[exposure]\niso = 50\nshuter_us = 3\n[cadr]\nfolder = "x"\n')
    said = one_sentence(mcam("capture", "--config", tmp_path / "mcam.toml", "--runtime", tmp_path / "run"))
    for word in ("exposure.iso", "shutter_us", "card"):
        assert word in said


def test_a_runtime_folder_that_cannot_be_made_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert one_sentence(mcam("run", "--runtime", tmp_path / "file")).count("\n") == 1


def test_a_runtime_folder_too_long_for_a_socket_is_said(tmp_path: Path) -> None:
    assert "shorter" in one_sentence(mcam("capture", "--runtime", tmp_path / ("x" * 120)))


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small card needs root")
def test_a_full_card_refuses_the_shot_and_keeps_what_it_has(tmp_path: Path) -> None:
    card = tmp_path / "card"
    card.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", card], check=True)  # noqa: S607
    try:
        with capturing(tmp_path / "run", card):
            said = mcam("shoot", "--runtime", tmp_path / "run", "-n", "12")
            assert "full" in one_sentence(said)
            names = [path.name for path in (card / "DCIM" / "100MCAM_").iterdir()]
            assert "MCAM0001.DNG" in names
            safe = sorted(name.removesuffix(".DNG") for name in names if name.endswith(".DNG"))
            assert re.findall(r"^100MCAM_/(\w+)", said.stdout, re.MULTILINE) == safe
            assert (
                f"At least {len(safe)} of 12 photographs are safe on the card, up to 100MCAM_/{safe[-1]}: "
                in said.stderr
            )
            assert not [name for name in names if name.startswith(".")]
    finally:
        subprocess.run(["umount", card], check=True)  # noqa: S607


def _heed_interrupts() -> None:
    """A shell has its jobs in the background ignore Ctrl-C, and tests that run in one pass that on."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_ctrl_c_ends_everything_at_any_moment(tmp_path: Path) -> None:
    """From the first instant on: no traceback, no process left over."""
    for delay_s in (0.0, 0.3, 0.8, 1.5, 3.0):
        command = ["capture", "--runtime", tmp_path / "run", "--card", tmp_path / "card", "--sensor", "simulated"]
        daemon = subprocess.Popen(
            [sys.executable, "-m", "device", *map(str, command)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_heed_interrupts,  # noqa: PLW1509 - unsafe beside threads: this test has none
        )
        time.sleep(delay_s)
        daemon.send_signal(signal.SIGINT)
        _, said = daemon.communicate(timeout=START_S)
        assert "Traceback" not in said
        assert daemon.returncode in (0, 130, -signal.SIGINT)


@pytest.mark.parametrize("moment", ["parse", "COMMANDS"])
def test_ctrl_c_while_a_command_line_is_read_or_carried_out_is_no_traceback(
    moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(dict[str, object]):
        def __call__(self, *_: object) -> None:
            raise KeyboardInterrupt

        __getitem__ = __call__  # type: ignore[assignment]

    monkeypatch.setattr(sys, "argv", ["mcam", "lens", "list"])
    monkeypatch.setattr(cli, moment, Interrupted())
    assert start() == 130


def test_the_lens_drawer_is_listed_and_a_star_marks_the_one_in_use(tmp_path: Path) -> None:
    (tmp_path / "lenses").mkdir()
    (tmp_path / "lenses" / "bad.toml").write_text("[x]\nnam = 1\n")
    (tmp_path / "mcam.toml").write_text('[lens]\nkey = "summicron-35"\n')
    done = mcam("lens", "list", "--json", "--config", tmp_path / "mcam.toml", "--runtime", tmp_path)
    listed = {one["key"]: one for one in json.loads(done.stdout)}
    assert {"none", "elmarit-28"} <= listed.keys()
    assert [key for key, one in listed.items() if one["in_use"]] == ["summicron-35"]
    assert "did you mean x.name?" in done.stderr
    text = mcam("lens", "list", "--config", tmp_path / "mcam.toml", "--runtime", tmp_path).stdout
    (marked,) = [line for line in text.splitlines() if line.startswith("*")]
    assert marked.split()[1:4] == ["summicron-35", "30", "011110"]


def test_a_lens_is_added_and_remembered_for_the_next_start(tmp_path: Path) -> None:
    settings = tmp_path / "mcam.toml"
    settings.write_text("")
    at = ("--config", settings, "--runtime", tmp_path / "run")
    new = ("lens", "add", "biogon-x", "--name", "Biogon 35 mm f/2", "--focal", "35", "--aperture", "2", *at)
    assert str(tmp_path / "lenses" / "biogon-x.toml") in mcam(*new).stdout
    assert "is there already" in one_sentence(mcam(*new))
    assert "did you mean biogon-x" in one_sentence(mcam("lens", "use", "biogonx", *at))
    assert "has 35 mm, not 50" in one_sentence(mcam("lens", "use", "biogon-x", "--focal", "50", *at))
    assert "for its next start" in mcam("lens", "use", "biogon-x", *at).stdout
    with capturing(tmp_path / "run", tmp_path / "card", "--config", settings):
        status = json.loads(mcam("status", "--runtime", tmp_path / "run", "--json").stdout)
        assert status["lens"]["name"] == "Biogon 35 mm f/2"
        assert mcam("lens", "use", "tri-elmar-28-35-50", "--focal", "50", *at).returncode == 0
        listed = json.loads(mcam("lens", "list", "--json", *at).stdout)
        assert [one["key"] for one in listed if one["in_use"]] == ["tri-elmar-28-35-50"]
        assert "not 40" in one_sentence(mcam("lens", "use", "tri-elmar-28-35-50", "--focal", "40", *at))
    with capturing(tmp_path / "run", tmp_path / "card", "--config", settings):
        status = json.loads(mcam("status", "--runtime", tmp_path / "run", "--json").stdout)
        assert (status["lens"]["key"], status["lens"]["focal_length_mm"]) == ("tri-elmar-28-35-50", 50)


def test_a_white_sheet_is_measured_and_photographs_are_flat_from_then_on(tmp_path: Path) -> None:
    """The simulated lens at f/1.4 darkens the corners; how flat a sheet becomes is measured in test_flat_fit.py."""
    Image.new("RGB", (600, 450), (200, 200, 200)).save(tmp_path / "sheet.png")
    settings = tmp_path / "mcam.toml"
    settings.write_text("[simulation]\nf_number = 1.4\nfocus_m = 0.7\n")
    at = ("--config", settings, "--runtime", tmp_path / "run")
    with capturing(tmp_path / "run", tmp_path / "card", "--config", settings, "--scene", tmp_path / "sheet.png"):
        done = mcam("lens", "flatfield", "--yes", "-n", "1", *at)
        assert "Simulated 35 mm at 35 mm and f/1.4" in done.stdout, done
        assert "Photographs are corrected from now on" in done.stdout
        photo = shoot(tmp_path / "run").photos[0]
        assert json.loads(mcam("status", "--runtime", tmp_path / "run", "--json").stdout)["lens"]["flattened"]
    dng = tmp_path / "card" / "DCIM" / photo.files[0]
    copy = mcam("lens", "bake", dng, *at).stdout.strip()
    assert "is there already" in one_sentence(mcam("lens", "bake", dng, *at))
    before, after = (corner_share(Path(name)) for name in (dng, copy))
    assert before < 0.75
    assert after == pytest.approx(1, abs=0.01)
    jpegs = [tmp_path / "card" / "DCIM" / "100MCAM_" / f"MCAM000{n}.JPG" for n in (1, 2)]
    dark, flat = (float(jpeg_corner_share(path)) for path in jpegs)
    assert dark < 0.85
    assert flat > 0.97


def corner_share(dng: Path) -> float:
    """Of the greens: their light in the corners over that in the middle, by LibRaw."""
    rawpy = pytest.importorskip("rawpy")
    with rawpy.imread(str(dng)) as file:
        raw, black = file.raw_image_visible.astype(float), file.black_level_per_channel[0]
        green = np.where(np.isin(file.raw_colors_visible, (1, 3)), raw - black, np.nan)
    middle = np.nanmean(green[1420:1620, 1930:2130])
    corners = [green[y][:, x] for y in (slice(0, 100), slice(-100, None)) for x in (slice(0, 100), slice(-100, None))]
    return float(np.mean([np.nanmean(corner) for corner in corners]) / middle)


def jpeg_corner_share(path: Path) -> float:
    picture = np.asarray(Image.open(path).convert("L"), float)
    return picture[:100, :100].mean() / picture[1420:1620, 1930:2130].mean()


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_answer_that_cannot_be_written_is_one_sentence(unbuffered: str) -> None:
    command = [sys.executable, "-m", "device", "lens", "list"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert one_sentence(done) == "mcam: The answer cannot be written (No space left on device).\n"


def test_what_is_typed_wrong_is_said_in_our_words() -> None:
    assert mcam("shoot", "-n", "abc").stderr.endswith("from 1 to 999\n")
    assert mcam("inspect", "picture.dng", "--size", "1x1").stderr.endswith("each side from 128 to 4096\n")


def test_help_names_every_command() -> None:
    said = mcam("--help").stdout
    assert all(word in said for word in ("run", "capture", "screen", "web", "shoot", "status", "inspect", "lens"))


def test_the_installed_command_is_the_same(tmp_path: Path) -> None:
    command = shutil.which("mcam", path=str(Path(sys.executable).parent))
    assert command is not None
    done = subprocess.run([command, "status", "--runtime", tmp_path], capture_output=True, text=True, check=False)
    assert "mcam run" in one_sentence(done)


def test_status_tells_how_late_the_viewfinder_is_where_there_is_one() -> None:
    shown = ViewfinderState(columns=640, rows=480, delay_us=6_140, worst_us=9_000)
    assert "640 x 480, 6.1 ms from a frame's end to its pixels, 9.0 at worst" in state_lines(State(viewfinder=shown))
    assert "pixels" not in state_lines(State())


def test_status_tells_how_quick_the_shutter_was_once_it_was_pressed() -> None:
    pressed = TimingState(
        presses=30, press_last_us=61_200, press_median_us=50_000, press_worst_us=98_700, frame_us=100_000
    )
    burst = TimingState(burst=8, shot_median_us=100_000, shot_worst_us=100_100, frame_us=100_000, lost=1, queue_full=2)
    assert "61.2 last, 50.0 median, 98.7 worst" in state_lines(State(timing=pressed))
    said = state_lines(State(timing=burst))
    assert "8 taken, ms apart: 100.0 median, 100.1 worst, 100.0 a frame" in said
    assert "since the start 1 armed frames lost, queue full 2 times" in said
    assert "shutter" not in state_lines(State())


def test_status_tells_of_a_bulb_exposure_while_it_is_open_and_after() -> None:
    open_now = ShootingState(kind="bulb", elapsed_s=12, taken=11, missed=1)
    assert "bulb; open for 12 s, 11 exposures added up, 1 missing" in state_lines(State(shooting=open_now))
    done = TimingState(bulb_frames=59, bulb_lost=1, bulb_span_us=60_037_000, bulb_dark_us=1_037_000)
    assert "60.0 s of 59 exposures, 1 missing, 1.73 % of the time not exposed" in state_lines(State(timing=done))


def test_status_tells_what_was_metered_and_the_light_it_is_balanced_for() -> None:
    exposure = ExposureState(metering="spot", off_ev=-1.33, locked=True)
    said = state_lines(State(exposure=exposure, white_balance=WhiteBalanceState(mode="shade", temperature_k=7500)))
    assert "+0.0 EV  spot, off by -1.3 EV, locked\n" in said
    assert "white     shade  7500 K\n" in said
    assert "white     auto  -- K\n" in state_lines(State())


def test_status_tells_the_drive_mode_and_what_goes_on() -> None:
    shooting = ShootingState(kind="interval", taken=3, total=20, missed=1)
    said = state_lines(State(drive=DriveState(mode="interval"), shooting=shooting))
    assert "drive     interval; interval: 3 of 20 taken, 1 missed" in said
    assert "drive" not in state_lines(State())


def test_hot_pixels_are_looked_for_in_the_dark_kept_and_forgotten(tmp_path: Path) -> None:
    """The simulated sensor has none, but light gets through f/64, so that one may seem so; see test_hot_pixels.py."""
    at = ("--runtime", tmp_path / "run")
    quick = ("hotpixels", "--yes", "-n", "2", "--seconds", "0.01", *at)
    settings = tmp_path / "mcam.toml"
    settings.write_text("[simulation]\nf_number = 64\nlight_ev = -10\n")
    with capturing(tmp_path / "run", tmp_path / "card", "--config", settings):
        assert re.search(r"Hot pixels: \d;", mcam(*quick).stdout)
        with Connection(tmp_path / "run" / "mcam.sock", 10) as connection:
            connection.call("Focus", FocusCall(light_ev=0, f_number=2))
            assert "It is not dark: up to" in one_sentence(mcam(*quick))
            connection.call("HotPixels", HotPixelsCall(rows=3040, columns=4056, steps=[5, 7000]))
            assert state_of(connection).exposure.mode == "A"
    with (
        capturing(tmp_path / "run", tmp_path / "card", "--config", settings),
        Connection(tmp_path / "run" / "mcam.sock", 10) as connection,
    ):
        assert state_of(connection).sensor.hot_pixels == 2
        assert "No hot pixels are known" in mcam("hotpixels", "--forget", *at).stdout
        assert state_of(connection).sensor.hot_pixels == 0
