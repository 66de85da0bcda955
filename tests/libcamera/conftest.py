"""The root's fixtures. `make test-libcamera` sets MCAM_LIBCAMERA; without it nothing of this folder is collected.

With MCAM_LIBCAMERA_OPTIONAL as well, as in CI, it is no failure where no root can be had; it is said in a line.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.libcamera.root import NotMade, command, kept, made, missing

collect_ignore_glob = [] if os.environ.get("MCAM_LIBCAMERA") else ["test_*.py"]
_figures = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_figures] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.stash[_figures]:
        terminalreporter.section("on the real libcamera")
        for line in config.stash[_figures]:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> list[str]:
    """Lines for the end of the report: what was measured and is not asserted."""
    return pytestconfig.stash[_figures]


@pytest.fixture(scope="session")
def root(figures: list[str]) -> Path:
    """Debian with the real libcamera."""
    code = 0 if os.environ.get("MCAM_LIBCAMERA_OPTIONAL") else 2
    if sentence := missing():
        pytest.exit(sentence, code)
    began, was_kept = time.monotonic(), kept().exists()
    try:
        path = made()
    except NotMade as error:
        pytest.exit(str(error), code)
    how = "found" if was_kept else "made"
    figures.append(f"the root was {how} in {time.monotonic() - began:.1f} s")
    return path


@pytest.fixture
def run() -> Iterator[Path]:
    """The runtime folder; for sockets, whose names may be 107 bytes long at most, as pytest's own folders are not."""
    path = Path(tempfile.mkdtemp(prefix="mcam-libcamera-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def inside(root: Path, run: Path) -> Callable[..., str]:
    """Runs a command in the root, and gives what it wrote."""

    def inside(*words: str, given: str = "", codes: tuple[int, ...] = (0,)) -> str:
        done = subprocess.run(
            command(root, run, *words), input=given, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode in codes, done.stderr
        return done.stdout

    return inside
