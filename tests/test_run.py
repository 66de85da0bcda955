"""`mcam run`, all processes: parts are killed while pictures are taken, and in the end nothing is left running."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from device.protocol import Photo
from tests.test_cli import ROOT, START_S, mcam, one_sentence, shoot, wait_until_live
from ui.screen import MemoryScreenReader

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def whole_camera(folder: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    command = ["run", "--runtime", str(folder / "run"), "--card", str(folder / "card"), "--sensor", "simulated"]
    command += ["--http", f"127.0.0.1:{free_port()}", *arguments]
    camera = subprocess.Popen(
        [sys.executable, "-m", "device", *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until_live(folder / "run", camera)
        yield camera
    finally:
        camera.terminate()
        camera.communicate(timeout=START_S)


def processes(folder: Path, module: str) -> list[int]:
    """The processes of that module which serve this runtime folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if entry.name.isdigit() and module in words and str(folder / "run") in words:
            found.append(int(entry.name))
    return found


def wait_for(condition: object, what: str) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.05)  # other processes are at work: there is nothing here to wait on
    pytest.fail(f"{what} did not happen")


def panel_moves(folder: Path) -> bool:
    """Whether somebody draws new panels."""
    reader = MemoryScreenReader(folder / "run" / "panel")
    first = reader.newest()
    if first is None:
        return False
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if reader.stale():
            return False
        if reader.newest(after=first[0]) is not None:
            return True
        time.sleep(0.01)
    return False


def test_the_faces_may_die_while_pictures_are_taken_and_none_is_lost(tmp_path: Path) -> None:
    with whole_camera(tmp_path):
        wait_for(lambda: (tmp_path / "run" / "panel").exists() and panel_moves(tmp_path), "a first panel")
        wait_for(lambda: processes(tmp_path, "ui.web"), "the page's process")
        photos: list[Photo] = []

        def burst() -> None:
            for _ in range(4):
                photos.extend(shoot(tmp_path / "run", 3).photos)

        shooting = threading.Thread(target=burst)
        shooting.start()
        killed = [processes(tmp_path, "ui")[0], processes(tmp_path, "ui.web")[0]]
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        shooting.join()
        assert [photo.name for photo in photos] == [f"100MCAM_/MCAM{n:04d}" for n in range(1, 13)]
        for photo in photos:
            assert all((tmp_path / "card" / "DCIM" / file).stat().st_size > 100_000 for file in photo.files)
        wait_for(lambda: set(processes(tmp_path, "ui")) - set(killed), "a new viewfinder")
        wait_for(lambda: set(processes(tmp_path, "ui.web")) - set(killed), "a new page")
        wait_for(lambda: panel_moves(tmp_path), "a live panel")


def test_the_daemon_comes_back_and_the_viewfinder_finds_it(tmp_path: Path) -> None:
    with whole_camera(tmp_path) as camera:
        wait_for(lambda: (tmp_path / "run" / "panel").exists() and panel_moves(tmp_path), "a first panel")
        (daemon,) = processes(tmp_path, "capture")
        os.kill(daemon, signal.SIGKILL)
        wait_for(lambda: set(processes(tmp_path, "capture")) - {daemon}, "a new daemon")
        wait_until_live(tmp_path / "run", camera)
        wait_for(lambda: panel_moves(tmp_path), "a live panel")
        assert shoot(tmp_path / "run").photos[0].name == "100MCAM_/MCAM0001"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_running(tmp_path: Path, number: signal.Signals) -> None:
    with whole_camera(tmp_path) as camera:
        wait_for(lambda: processes(tmp_path, "ui") and processes(tmp_path, "ui.web"), "the faces")
        camera.send_signal(number)
        _, said = camera.communicate(timeout=START_S)
        assert "Traceback" not in said
        assert camera.returncode == (-number if number is signal.SIGKILL else 0)
        modules = ("capture", "ui", "ui.web")
        wait_for(lambda: not any(processes(tmp_path, module) for module in modules), "the end of every process")


def test_a_port_in_use_ends_everything_with_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = mcam(
            "run",
            "--runtime",
            tmp_path / "run",
            "--card",
            tmp_path / "card",
            "--sensor",
            "simulated",
            "--http",
            address,
        )
    assert address in one_sentence(done)
    assert not processes(tmp_path, "capture")
