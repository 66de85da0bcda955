"""A real daemon is killed with SIGKILL at seeded moments of a burst, again and again, on one and the same card.

The first thirty moments are part of `make test`; `make test-kills` goes through all 200.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from device import files
from device.album import Album, final_name
from device.calling import Connection
from device.darkroom import Darkroom
from device.errors import NotRunning
from device.outcome import Told
from device.protocol import MonitorReply, ShootCall
from device.storage import Card

ROOT = Path(__file__).parents[1]
SEED = 2022
MOMENTS = int(os.environ.get("MCAM_KILLS", "30"))
BURST = 4
CALLS_OF_BURST, BYTES_OF_BURST = 200, 1_400_000  # or somewhat less: then it is killed once all are safe
BURST_S = 0.35  # the same
JPEG_QUALITY = 92


@dataclass
class Daemons:
    """The process that forks them off, and where they say that they are ready."""

    process: "subprocess.Popen[str]"
    manager: socket.socket
    runtime: Path
    living: int = 0

    def start(self, card: Path, ending: str, at: int) -> int:
        """Its process id, once its first frame came."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{card} {ending} {at}\n")
        self.process.stdin.flush()
        self.living = int(self.process.stdout.readline())
        while not self.manager.recv(4096).startswith(b"READY=1"):
            pass
        return self.living

    def dead(self) -> int:
        """The signal that ended it, once it did."""
        assert self.process.stdout is not None
        status, self.living = int(self.process.stdout.readline()), 0
        return os.WTERMSIG(status)


@pytest.fixture
def daemons(tmp_path: Path) -> Iterator[Daemons]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        with subprocess.Popen(
            [sys.executable, "-m", "tests.daemons_to_kill", str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify")},
        ) as process:
            daemons = Daemons(process, manager, tmp_path)
            yield daemons
            if daemons.living:  # the test failed
                os.kill(daemons.living, signal.SIGKILL)


def burst(daemons: Daemons, child: int, kill_after_s: float | None) -> list[str]:
    """Photographs until it dies, at the latest once all are safe; the names of those of which that was said."""
    safe: list[str] = []
    timer = threading.Timer(kill_after_s or 0, os.kill, (child, signal.SIGKILL))
    with suppress(NotRunning), Connection(daemons.runtime / "mcam.sock", 60) as listening:
        heard = listening.stream("Monitor")
        next(heard)
        with Connection(daemons.runtime / "mcam.sock", 60) as asking:
            if kill_after_s is not None:
                timer.start()
            asking.call("Shoot", ShootCall(count=BURST, wait=False))
        for news in heard:
            assert isinstance(news, MonitorReply)
            if news.event is not None and news.event.photo is not None:
                safe.append(news.event.photo.name)
            if len(safe) == BURST:
                os.kill(child, signal.SIGKILL)
    timer.cancel()
    return safe


@dataclass
class Judge:
    """What must hold of a card, whenever its camera died."""

    root: Path
    known: dict[str, bytes] = field(default_factory=dict)  # everything under a final name, by path below DCIM
    parts: dict[str, bytes] = field(default_factory=dict)  # and under a temporary one, when the last daemon died
    times: set[int] = field(default_factory=set)  # when those were last written
    safe: set[str] = field(default_factory=set)

    def after_the_start(self) -> None:
        """Whole leftovers have their names, half ones are gone; a late JPEG may be on its way."""
        found, parts, times = self._files()
        assert not self.times & times, f"a leftover is neither adopted nor gone: {list(parts)}"
        adopted = [content for content in self.parts.values() if any(content[:16]) and files.is_whole(content)]
        assert [len(content) for content in adopted if content not in found.values()] == [], "a whole leftover is gone"
        self._final(found)
        self.known = found

    def after_the_kill(self, safe: list[str]) -> None:
        """Nothing under a final name is half, changed or lost; what was said to be safe is."""
        final, self.parts, self.times = self._files()
        self._final(final)
        assert not self.safe & set(safe), "a number was given twice"
        self.safe |= set(safe)
        assert {f"{name}.{suffix}" for name in safe for suffix in ("DNG", "JPG")} <= final.keys()
        self._numbers_go_on(final)
        self.known = final

    def _final(self, found: dict[str, bytes]) -> None:
        assert {name: found.get(name) for name in self.known} == self.known, "a file was overwritten or lost"
        for name in found.keys() - self.known.keys():
            assert files.is_whole(found[name]), f"{name} is half"
            if name.endswith("JPG"):
                with Image.open(BytesIO(found[name])) as picture:
                    picture.load()

    def _numbers_go_on(self, found: dict[str, bytes]) -> None:
        before = max((number_of(name) for name in self.known), default=0)
        numbers = sorted({number_of(name) for name in found.keys() - self.known.keys()} - {before})
        late = [number for number in numbers if number < before]  # the JPEG of one that was kept from it
        assert numbers[len(late) :] == list(range(before + 1, before + 1 + len(numbers) - len(late)))
        assert all(f"100MCAM_/MCAM{number:04d}.DNG" in self.known for number in late)

    def _files(self) -> tuple[dict[str, bytes], dict[str, bytes], set[int]]:
        """Those under a final name, those under a temporary one, and when these were last written."""
        final: dict[str, bytes] = {}
        parts: dict[str, bytes] = {}
        times = set()
        for place in (self.root / "DCIM").glob("*/*"):
            with suppress(FileNotFoundError):  # a late JPEG got its name while we looked
                is_part = final_name(place.name) is not None
                (parts if is_part else final)[f"{place.parent.name}/{place.name}"] = place.read_bytes()
                times |= {place.stat().st_mtime_ns} if is_part else set()
        return final, parts, times


def number_of(name: str) -> int:
    return int(name[-8:-4])


def moment(number: int) -> tuple[str, int, float | None]:
    """How the daemon of that round ends, and when: by itself at a system call or a byte, or by us after a while."""
    seeded = random.Random(SEED + number)  # noqa: S311 - no secret
    kind = number % 3
    if kind == 0:
        return "call", seeded.randrange(CALLS_OF_BURST), None
    return ("byte", seeded.randrange(BYTES_OF_BURST), None) if kind == 1 else ("none", 0, seeded.uniform(0, BURST_S))


CARDS = 25  # moments to a card, so that it need not be read at length after each


@pytest.mark.slow
def test_killed_at_any_moment_of_a_burst_it_leaves_whole_files_and_goes_on(daemons: Daemons, tmp_path: Path) -> None:
    print(f"{MOMENTS} moments, seeds from {SEED}")  # noqa: T201 - pytest shows it with a failure
    leftovers = said = 0
    for first in range(0, MOMENTS, CARDS):
        judge = Judge(tmp_path / f"card{first}")
        for number in range(first, min(first + CARDS, MOMENTS)):
            ending, at, kill_after_s = moment(number)
            print(f"moment {number}: {ending} {at} {kill_after_s}")  # noqa: T201 - as above
            child = daemons.start(judge.root, ending, at)
            judge.after_the_start()
            safe = burst(daemons, child, kill_after_s)
            assert daemons.dead() == signal.SIGKILL
            judge.after_the_kill(safe)
            leftovers += len(judge.parts)
            said += len(safe)
        finished_by_the_next_start(judge)
        shutil.rmtree(judge.root)  # pytest would keep it
    assert leftovers > MOMENTS // 4 < said, "the moments lie where nothing happens"


@contextmanager
def next_start(root: Path) -> Iterator[list[Told]]:
    """The darkroom of one more daemon, without the rest of it, until it has nothing to do."""
    told: list[Told] = []
    card, album = Card(root), Album(root)
    room = Darkroom(
        card,
        album,
        1,
        lambda _: [],
        files.is_whole,
        1_000_000,
        told.append,
        lambda dng: files.print_of(dng, JPEG_QUALITY),
    )
    while room.step():
        pass
    yield told


def finished_by_the_next_start(judge: Judge) -> None:
    with next_start(judge.root):
        judge.after_the_start()
    assert all(len(photo.files) == 2 for photo in Album(judge.root).newest(3))
