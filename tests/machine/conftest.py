"""The machine's fixtures. `make test-machine` sets MCAM_MACHINE; without it nothing of this folder is collected."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machine.camera import Camera
from tests.machine.card import Card, make_card
from tests.machine.installed import SNAPSHOT, Installed, install
from tests.machine.machine import Machine
from tests.machine.workshop import cache, missing

collect_ignore_glob = [] if os.environ.get("MCAM_MACHINE") else ["test_*.py"]
_figures = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_figures] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash[_figures]:
        terminalreporter.section("measured on the emulated machine")
        for line in config.stash[_figures]:
            terminalreporter.write_line(line)


@pytest.fixture
def figures(pytestconfig: pytest.Config) -> list[str]:
    """Lines for the end of the report: what was measured and is not asserted."""
    return pytestconfig.stash[_figures]


@pytest.fixture(scope="session")
def installed() -> Iterator[Installed]:
    """A machine with mcam on it, as a disk with the snapshot of the running camera; one run has it at a time."""
    if sentence := missing():
        pytest.exit(sentence, returncode=2)
    with (cache() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pytest.exit(f"Another run is using the machine in {cache()}: wait for its end.", returncode=2)
        yield install()


@pytest.fixture
def folder() -> Iterator[Path]:
    """For sockets, whose names may be 107 bytes long at most: pytest's own folders are longer."""
    path = Path(tempfile.mkdtemp(prefix="mcam-machine-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def machine(installed: Installed, folder: Path) -> Iterator[Machine]:
    """Put back to the moment at which the camera had come up."""
    with Machine(installed.board, installed.disk, folder, snapshot=SNAPSHOT) as one:
        yield one


@pytest.fixture
def camera(machine: Machine) -> Camera:
    """The daemon in it."""
    return Camera(machine)


@pytest.fixture
def card(machine: Machine, camera: Camera, tmp_path: Path) -> Card:
    """An ext4 card, plugged in and found by the camera."""
    one = make_card(tmp_path / "card.img", "ext4")
    machine.plug(one.image)
    one.mount(machine)
    camera.wait_until(lambda state: state["card"]["state"] == "ok" and state["card"]["shots_left"] > 0, "ready")
    return one
