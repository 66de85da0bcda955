"""Every write to the card is logged during a burst; then power is cut, on paper, after any of them.

Finer than a real cut: the disk is rebuilt as it was after so many writes, once with all of them and once with half of
those missing that no flush had made safe, checked as a boot would check it, and its photographs are counted.
"""

import random
import shutil
import subprocess
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from device import files as photograph_files
from device.album import Album
from device.storage import Card as CardFolder
from tests.machine.camera import Camera
from tests.machine.card import broken, make_card
from tests.machine.machine import Machine
from tests.machine.test_power_cut import BURST, FINAL
from tests.machine.write_log import Replay, Write, read_log, without_some

SAVED = 4
CHECK = {"ext4": ["e2fsck", "-p"], "vfat": ["fsck.vfat", "-a"]}
CHECKED = {0, 1}  # clean, or errors corrected


@dataclass(frozen=True, slots=True)
class Burst:
    """What happened: the disk before, its writes, and how long the log was when a file was reported as saved."""

    before: Path
    writes: list[Write]
    reported: list[tuple[int, str]]


@pytest.fixture(params=sorted(CHECK))
def kind(request: pytest.FixtureRequest) -> str:
    """exFAT is left out: nothing here reads its files without mounting it."""
    return str(request.param)


@pytest.fixture
def burst(machine: Machine, camera: Camera, kind: str, tmp_path: Path) -> Burst:
    card = make_card(tmp_path / "card.img", kind, size_mb=64)
    before, log = tmp_path / "before.img", tmp_path / "card.log"
    shutil.copy(card.image, before)
    log.touch()
    machine.plug(card.image, log)
    card.mount(machine)
    camera.wait_until(lambda state: state["card"]["shots_left"] > 0, "ready")
    reported = []
    with camera.news() as news:
        shooting = machine.begin(BURST)
        for photo in islice(news.saved(), SAVED):
            reported += [(log.stat().st_size, file) for file in photo["files"]]
        machine.close()
    shooting.communicate()
    return Burst(before, read_log(log), reported)


def test_no_write_is_one_after_which_a_cut_costs_a_saved_photograph(
    burst: Burst, kind: str, tmp_path: Path, figures: list[str]
) -> None:
    rng = random.Random(1)  # noqa: S311 - which points are looked at is no secret
    disk, crashed = tmp_path / "disk.img", tmp_path / "crashed.img"
    shutil.copy(burst.before, disk)
    replay = Replay(disk, burst.writes)
    for count in range(1, len(burst.writes) + 1):
        replay.go_to(count)
        shutil.copy(disk, crashed)
        judge(crashed, kind, burst, count, tmp_path / "found")
        shutil.copy(burst.before, crashed)
        some = without_some(burst.writes, count, rng)
        Replay(crashed, some).go_to(len(some))
        judge(crashed, kind, burst, count, tmp_path / "found")
    figures.append(f"crash points on {kind}: after each of {len(burst.writes)} writes, twice")


def judge(image: Path, kind: str, burst: Burst, count: int, found: Path) -> None:
    """Check the file system, recover as the daemon does when it starts, and count."""
    checked = subprocess.run([*CHECK[kind], str(image)], capture_output=True, text=True, check=False)
    assert checked.returncode in CHECKED, checked.stdout + checked.stderr
    shutil.rmtree(found, ignore_errors=True)
    extract(image, kind, found)
    named = photographs(found)
    assert broken({name: content for name, content in named.items() if FINAL.fullmatch(name)}) == []
    recovered = recover(found)
    log_end = burst.writes[count - 1].log_end
    assert {file for size, file in burst.reported if size <= log_end} <= set(recovered)
    assert [name for name in recovered if not FINAL.fullmatch(name)] == []
    assert broken(recovered) == []


def extract(image: Path, kind: str, folder: Path) -> None:
    """The files of an image, without mounting it."""
    folder.mkdir()
    commands = {
        "ext4": ["debugfs", "-R", f"rdump / {folder}", str(image)],
        "vfat": ["mcopy", "-s", "-n", "-i", str(image), "::DCIM", str(folder)],
    }
    subprocess.run(commands[kind], capture_output=True, check=False)  # mcopy complains while there is no DCIM


def recover(folder: Path) -> dict[str, bytes]:
    """What the daemon makes of it."""
    card = CardFolder(folder, reserve_bytes=0)
    card.adopt_leftovers(photograph_files.is_whole, Album(folder).next_name)
    return photographs(folder)


def photographs(folder: Path) -> dict[str, bytes]:
    """Everything below DCIM."""
    root = folder / "DCIM"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
