"""The process is killed in the middle of a burst, again and again, on one and the same card."""

import random
import signal
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from device.album import Album
from device.storage import Card
from tests.endless_burst import is_whole

ROOT = Path(__file__).parents[1]
CALLS_OF_THREE_PHOTOGRAPHS = 180


def burst(root: Path, step: int, photographs: int) -> list[tuple[str, int]]:
    """Start a burst and have it killed, by itself at a system call or from outside; what it said was safe."""
    command = [sys.executable, "-m", "tests.endless_burst", str(root), str(step)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(photographs)]
        if not step:
            process.kill()
        lines += process.stdout.readlines()
    assert process.returncode == -signal.SIGKILL
    said = [line.split() for line in lines if line.endswith("\n")]
    return [(name, int(checksum)) for name, checksum in said]


def pictures(root: Path) -> dict[str, bytes]:
    """Every file under a final name, by its path below DCIM."""
    dcim = root / "DCIM"
    places = [place for place in dcim.rglob("*.*") if place.is_file() and place.name[0] != "."]
    return {str(place.relative_to(dcim)): place.read_bytes() for place in places}


@pytest.mark.slow
def test_killed_in_the_middle_of_a_burst_it_loses_nothing_that_was_said_to_be_safe(tmp_path: Path) -> None:
    moments = random.Random(2022)  # noqa: S311 - no secret
    safe: dict[str, int] = {}
    earlier: dict[str, bytes] = {}
    for number in range(20):
        from_outside = number % 2
        step = 0 if from_outside else moments.randrange(12, CALLS_OF_THREE_PHOTOGRAPHS)
        said = burst(tmp_path, step, moments.randrange(4) if from_outside else 0)

        found = pictures(tmp_path)
        assert [name for name, content in found.items() if not is_whole(content)] == []
        assert {name: found.get(name) for name in earlier} == earlier, "a file was overwritten or lost"
        assert not {name for name, _ in said} & set(safe), "a number was given twice"
        safe |= dict(said)
        assert {name: zlib.crc32(found[f"{name}.DNG"]) for name in safe} == safe
        assert {f"{name}.JPG" for name in safe} <= set(found)
        earlier = found

    album = Album(tmp_path)
    Card(tmp_path, 0).adopt_leftovers(is_whole, album.next_name)
    assert not list(tmp_path.rglob("*.part"))
    assert all(map(is_whole, pictures(tmp_path).values()))
    newest = album.newest(1)[0]
    assert str(album.next_name()) == f"100MCAM_/MCAM{int(newest.name[-4:]) + 1:04d}"
    assert len(safe) > 10
