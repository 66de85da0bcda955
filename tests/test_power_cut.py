"""The power cut on a real ext4: the disk as it is at every step of writing a photograph, mounted anew and judged.

The disk is a loop device. What the kernel has sent to it by a given moment is what its file holds, so a copy of that
file is the disk after a power cut at that moment, if the disk keeps what it was sent. The judge is itself put to the
test, by sequences of steps that are wrong.
"""

import errno
import filecmp
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from device import files
from device.album import Album
from device.storage import Card
from tests.conftest import build_frame
from tests.failing_system import FailingSystem
from tests.mounted import ext4_image, mounted_image
from tests.photographs import photograph, smooth_mosaic

Content = dict[str, bytes]  # by path on the card
Write = Callable[[FailingSystem, Path, str, bytes], None]

FOLDER = "DCIM/100MCAM_"
OLDER = {f"{FOLDER}/MCAM0001.DNG": bytes(range(256)) * 40, f"{FOLDER}/MCAM0001.JPG": b"an older picture"}
DISK_MIB = 8


@pytest.fixture(scope="module")
def taken() -> Content:
    """A photograph's files, of real form, so that the judge of leftovers has something to judge."""
    made = files.encode(photograph(build_frame(smooth_mosaic(200, 300))), 92)
    return {f"{FOLDER}/MCAM0002.{suffix}": b"".join(buffers) for suffix, buffers in made}


# ---- ways to write --------------------------------------------------------------------------------------------------


def as_the_camera_does(system: FailingSystem, root: Path, path: str, content: bytes) -> None:
    Card(root, 0, system).write(path, [content[:100], content[100:]])


def in_place(system: FailingSystem, root: Path, path: str, content: bytes) -> None:
    """Under its final name at once, durably."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    file = system.open(root / path, os.O_WRONLY | os.O_CREAT, 0o644)
    middle = len(content) // 2
    for at, part in ((0, content[:middle]), (middle, content[middle:])):
        system.pwritev(file, [memoryview(part)], at)
        system.fsync(file)
    system.close(file)


def over_another(system: FailingSystem, root: Path, _: str, content: bytes) -> None:
    """Under a name that another photograph has."""
    in_place(system, root, next(iter(OLDER)), content)


class Unsynchronised(FailingSystem):
    """Does not make files durable, only the folders with their names: what looks right and is not."""

    def fsync(self, file: int) -> None:
        if stat.S_ISDIR(os.fstat(file).st_mode):
            os.fsync(file)

    def fdatasync(self, _: int) -> None:
        pass


class NeverSynchronised(FailingSystem):
    """Leaves all of it to the kernel."""

    def fsync(self, _: int) -> None:
        pass

    def fdatasync(self, _: int) -> None:
        pass


# ---- power cuts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cut:
    """The disk at a moment, and the files of which the camera had said by then that they are safe."""

    step: str
    image: Path
    promised: Content


@dataclass(slots=True)
class Disk:
    """A mounted file system whose image is copied before every step, unless the one before changed nothing.

    Attributes:
        commits: whether the file system writes its journal before every step, as it does when another program wants
            something durable: names and sizes then come to the disk before what is in the files.
    """

    folder: Path
    image: Path
    promised: Content
    commits: bool
    cuts: list[Cut] = field(default_factory=list)
    steps: int = 0

    def copy(self, step: str) -> None:
        self.steps += 1
        if self.commits:
            _make_durable(self.folder / "card" / "another program's")
        last = self.cuts[-1] if self.cuts else None
        if last and last.promised == self.promised and filecmp.cmp(last.image, self.image, shallow=False):
            return
        copied = self.folder / f"cut{self.steps}.img"
        shutil.copyfile(self.image, copied)
        self.cuts.append(Cut(f"before step {self.steps}, {step}", copied, dict(self.promised)))


def written(
    folder: Path, system: FailingSystem, write: Write, older: Content, taken: Content, *, commits: bool = False
) -> Disk:
    """Write a photograph's files one after the other; with the disk as it was at every step and at the end."""
    disk = Disk(folder, ext4_image(folder / "disk.img", DISK_MIB), dict(older), commits)
    with mounted_image(folder / "card", disk.image) as root:
        for path, content in older.items():
            as_the_camera_does(FailingSystem(), root, path, content)
        system.before = disk.copy
        for path, content in taken.items():
            write(system, root, path, content)
            disk.promised[path] = content
        disk.copy("the end")
    return disk


def _make_durable(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"x")
        os.fsync(file.fileno())


def complaints(folder: Path, cut: Cut, pictures: Content) -> list[str]:
    """What is wrong with a disk after a power cut, and after the start of the camera that follows it."""
    with mounted_image(folder / "after", cut.image) as root:
        found = [f"{cut.step}: {fault}" for fault in _faults(root, cut.promised, pictures)]
        kept = {path: content for path, content in _files(root).items() if path in pictures}
        Card(root, 0).adopt_leftovers(files.is_whole, Album(root).next_name)
        leftovers = [path for path in _files(root) if path not in pictures]
        found += [f"{cut.step}, after the start: {fault}" for fault in _faults(root, kept, pictures)]
        return found + [f"{cut.step}, after the start: {path} was left over" for path in leftovers]


def _faults(root: Path, promised: Content, pictures: Content) -> Iterator[str]:
    there = {path: content for path, content in _files(root).items() if not Path(path).name.startswith(".")}
    for path in promised.keys() - there.keys():
        yield f"{path} was said to be safe and is not there"
    for path, content in there.items():
        if content != pictures.get(path):
            yield f"{path} holds {len(content)} bytes that are not the picture"


def _files(root: Path) -> Content:
    return {str(place.relative_to(root)): place.read_bytes() for place in root.glob("DCIM/**/*") if place.is_file()}


def judged(folder: Path, disk: Disk, pictures: Content) -> list[str]:
    """All complaints about what the power cuts left."""
    return [fault for cut in disk.cuts for fault in complaints(folder, cut, pictures)]


def like(refused: dict[str, int], system: FailingSystem) -> FailingSystem:
    system.refused = refused
    return system


@pytest.mark.parametrize("older", [{}, OLDER], ids=["an empty card", "a card with pictures"])
@pytest.mark.parametrize("refused", [{}, {"link": errno.EPERM}], ids=["with links", "like FAT"])
@pytest.mark.parametrize("commits", [False, True], ids=["alone", "beside another program"])
def test_after_a_power_cut_at_any_step_each_name_holds_a_whole_picture(
    tmp_path: Path, taken: Content, older: Content, refused: dict[str, int], commits: bool
) -> None:
    system = like(refused, FailingSystem())
    some = dict(list(taken.items())[:1]) if commits else taken  # every step is another disk then, and takes its time
    disk = written(tmp_path, system, as_the_camera_does, older, some, commits=commits)
    assert judged(tmp_path, disk, older | some) == []
    assert disk.steps > 18 * len(some)
    assert len(disk.cuts) >= (disk.steps if commits else 9)


WRONG = {
    "names made durable before what they name": (Unsynchronised, as_the_camera_does, "bytes that are not the picture"),
    "nothing made durable": (NeverSynchronised, as_the_camera_does, "was said to be safe and is not there"),
    "under the final name from the start": (FailingSystem, in_place, "MCAM0002.DNG holds .* are not the picture"),
    "over another picture": (FailingSystem, over_another, "MCAM0001.DNG holds .* are not the picture"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_sequence_is_found_out(tmp_path: Path, taken: Content, wrong: str) -> None:
    make, write, expected = WRONG[wrong]
    faults = judged(tmp_path, written(tmp_path, make(), write, OLDER, taken), OLDER | taken)
    assert any(re.search(expected, fault) for fault in faults), faults
