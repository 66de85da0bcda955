"""The card: full, write-protected, pulled out, and the power gone at every step of a file."""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from device.album import Album
from device.buffers import split
from device.errors import CardFull, CardMissing, CardReadOnly
from device.file_calls import VECTORS_MAX
from device.storage import Card
from tests.failing_system import FailingSystem, Filling, PowerCut, without_links
from tests.mounted import mount, mounted, unmount

NOBODY = 65534
PATH = "DCIM/100MCAM_/MCAM0001.DNG"
PICTURE = [b"II*\0", bytes(range(256)) * 40, b"", bytearray(b"the end")]
WHOLE = b"".join(PICTURE)


def card_of(root: Path, system: FailingSystem | None = None) -> Card:
    return Card(root, reserve_bytes=0, system=system or os)  # type: ignore[arg-type]


def files_in(root: Path) -> dict[str, bytes]:
    return {str(place.relative_to(root)): place.read_bytes() for place in root.rglob("*") if place.is_file()}


def begun(root: Path, older: dict[str, bytes]) -> Path:
    for path, content in older.items():
        card_of(root).write(path, [content])
    return root


def calls(root: Path, fat: bool, older: dict[str, bytes]) -> list[str]:
    """The names of the calls that writing the file takes."""
    system = without_links() if fat else FailingSystem()
    card_of(begun(root, older), system).write(PATH, PICTURE)
    return system.calls


# ---- whole files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "buffers",
    [
        PICTURE,
        [b"short"],
        [b"0123456789abcdef"],
        [b"0123456789abcdef0"],
        [bytes([index % 251]) * 3 for index in range(2 * VECTORS_MAX + 5)],
        [memoryview(np.arange(600, dtype=np.uint16).reshape(20, 30))],
        [],
    ],
    ids=["several", "shorter than the head", "the head", "one byte more", "many", "two-dimensional", "nothing"],
)
def test_a_file_arrives_as_it_was_given(tmp_path: Path, buffers: list[bytes]) -> None:
    card = card_of(tmp_path)
    card.write(PATH, buffers)
    assert files_in(tmp_path) == {PATH: b"".join(bytes(buffer) for buffer in buffers)}
    assert card.holds(PATH, buffers)


@pytest.mark.parametrize("at_once", [1, 7, 16, 4096])
def test_a_system_that_writes_a_little_at_a_time_is_asked_again(tmp_path: Path, at_once: int) -> None:
    class Slow(FailingSystem):
        def pwritev(self, file: int, views: list[memoryview], offset: int) -> int:
            return os.pwrite(file, b"".join(views)[:at_once], offset)

    card_of(tmp_path, Slow()).write(PATH, PICTURE)
    assert files_in(tmp_path) == {PATH: WHOLE}


def test_a_system_that_writes_nothing_is_not_asked_for_ever(tmp_path: Path) -> None:
    class Stuck(FailingSystem):
        def pwritev(self, *_: object) -> int:
            return 0

    with pytest.raises(CardMissing, match="does not answer"):
        card_of(tmp_path, Stuck()).write(PATH, PICTURE)
    assert files_in(tmp_path) == {}


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 9, 10, 99])
def test_views_are_split_anywhere(count: int) -> None:
    first, rest = split([memoryview(b"abc"), memoryview(b"d"), memoryview(b"efghij")], count)
    assert (b"".join(first), b"".join(rest)) == (b"abcdefghij"[:count], b"abcdefghij"[count:])


@pytest.mark.parametrize("errno_", [errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS])
def test_a_file_system_that_cannot_allocate_gets_the_file_all_the_same(tmp_path: Path, errno_: int) -> None:
    system = FailingSystem()
    system.refused["posix_fallocate"] = errno_
    card_of(tmp_path, system).write(PATH, PICTURE)
    assert files_in(tmp_path) == {PATH: WHOLE}


@pytest.mark.parametrize("there", [b"something else", WHOLE[:-1], WHOLE + b"x", WHOLE[:-1] + b"x", b""])
def test_another_content_is_not_the_file(tmp_path: Path, there: bytes) -> None:
    card_of(tmp_path).write(PATH, [there])
    assert not card_of(tmp_path).holds(PATH, PICTURE)


def test_what_is_not_there_is_not_held(tmp_path: Path) -> None:
    assert not card_of(tmp_path).holds(PATH, PICTURE)


@pytest.mark.parametrize("make", [FailingSystem, without_links])
def test_nothing_is_ever_overwritten(tmp_path: Path, make: Callable[[], FailingSystem]) -> None:
    card_of(tmp_path).write(PATH, [b"the old picture"])
    with pytest.raises(FileExistsError):
        card_of(tmp_path, make()).write(PATH, PICTURE)
    assert files_in(tmp_path) == {PATH: b"the old picture"}


def test_where_there_are_no_links_case_makes_no_difference(tmp_path: Path) -> None:
    card_of(tmp_path).write(PATH.replace("MCAM0001.DNG", "mcam0001.dng"), [b"the old picture"])
    with pytest.raises(FileExistsError):
        card_of(tmp_path, without_links()).write(PATH, PICTURE)
    assert list(files_in(tmp_path).values()) == [b"the old picture"]


# ---- every step fails once ------------------------------------------------------------------------------------------

FAULTS = {
    errno.ENOSPC: CardFull,
    errno.EDQUOT: CardFull,
    errno.EROFS: CardReadOnly,
    errno.EACCES: CardReadOnly,
    errno.ENOENT: CardMissing,
    errno.ENODEV: CardMissing,
    errno.EIO: CardMissing,
    errno.ENOTDIR: CardMissing,
    errno.ENXIO: CardMissing,
}


LIKE_FAT = pytest.mark.parametrize("fat", [False, True], ids=["with links", "like FAT"])
OLDER = pytest.mark.parametrize(
    "older", [{}, {"DCIM/100MCAM_/MCAM0009.DNG": b"an older picture"}], ids=["the first file", "a later file"]
)


@LIKE_FAT
@OLDER
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.ENOENT, errno.EIO], ids=errno.errorcode.get)
def test_an_error_at_any_step_leaves_nothing_and_is_one_sentence(
    tmp_path: Path, number: int, older: dict[str, bytes], fat: bool
) -> None:
    for step, name in enumerate(calls(tmp_path / "trial", fat, older)):
        root = begun(tmp_path / str(step), older)
        system = FailingSystem(step, OSError(number, os.strerror(number)))
        system.refused = without_links().refused if fat else {}
        card = card_of(root, system)
        if name != "close":  # by then all is safe, and said
            with pytest.raises(FAULTS[number], match=r": .*\.$"):
                card.write(PATH, PICTURE)
            assert files_in(root) == older, f"{name}, step {step}"
        card.write(PATH, PICTURE)
        assert files_in(root) == older | {PATH: WHOLE}


def test_a_folder_that_could_not_be_made_durable_is_taken_back(tmp_path: Path) -> None:
    system = FailingSystem()
    system.refused["fsync"] = errno.EIO
    with pytest.raises(CardMissing):
        card_of(tmp_path, system).write(PATH, PICTURE)
    assert not list(tmp_path.iterdir())


@LIKE_FAT
@OLDER
@pytest.mark.parametrize("trusting", [False, True], ids=["judged by content", "judged by its beginning alone"])
def test_the_power_gone_at_any_step_leaves_a_whole_picture_or_none(
    tmp_path: Path, older: dict[str, bytes], fat: bool, trusting: bool
) -> None:
    survived = []
    for step, name in enumerate(calls(tmp_path / "trial", fat, older)):
        root = begun(tmp_path / str(step), older)
        system = FailingSystem(step, PowerCut())
        system.refused = without_links().refused if fat else {}
        with pytest.raises(PowerCut):
            card_of(root, system).write(PATH, PICTURE)
        before = files_in(root)
        assert before.get(PATH, WHOLE) == WHOLE, f"half a file under its final name after {name}, step {step}"
        card_of(root).adopt_leftovers(lambda content: trusting or bytes(content) == WHOLE, Album(root).next_name)
        assert files_in(root) in (older, older | {PATH: WHOLE}), f"{name}, step {step}"
        survived.append(PATH in files_in(root))
        assert survived[-1] or PATH not in before
    assert survived == sorted(survived), "a picture that survives a power cut survives every later one"
    assert 0 < sum(survived) < len(survived)


@pytest.mark.parametrize("number", FAULTS, ids=errno.errorcode.get)
def test_each_fault_says_what_to_do(tmp_path: Path, number: int) -> None:
    system = FailingSystem()
    system.refused["fstatvfs"] = number
    with pytest.raises(FAULTS[number]) as fault:
        card_of(tmp_path, system).room_bytes()
    assert ": " in str(fault.value)
    assert str(fault.value).endswith(".")
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize("room", [0, 1, 15, 16, 17, 5000, len(WHOLE) - 17, len(WHOLE) - 16, len(WHOLE) - 1])
def test_a_card_that_is_full_at_any_byte_is_said_and_left_as_it_was(tmp_path: Path, room: int) -> None:
    system = Filling(room)
    card = card_of(tmp_path, system)
    with pytest.raises(CardFull, match=r"^The card is full: make room on it or put in another\.$"):
        card.write(PATH, PICTURE)
    assert files_in(tmp_path) == {}
    system.room = len(WHOLE)
    card.write(PATH, PICTURE)
    assert files_in(tmp_path) == {PATH: WHOLE}
    assert system.room == 0


@pytest.mark.parametrize(
    ("inside", "path"),
    [("", "DCIN/100MCAM_/MCAM0001.DNG"), ("DCIM", "DCIM/101MCAM_/MCAM0001.DNG"), ("DCIM/100MCAM_", PATH)],
)
def test_a_folder_made_read_only_says_so_and_takes_pictures_once_it_is_writable(inside: str, path: str) -> None:
    with tempfile.TemporaryDirectory() as folder, as_nobody(Path(folder)) as root:
        card = card_of(root)
        card.write(PATH.replace("0001", "0009"), [b"an older picture"])
        place = root / inside
        place.chmod(0o555)
        with pytest.raises(CardReadOnly, match=r"^The card at .* cannot be written: open its lock, or let mcam write"):
            card.write(path, PICTURE)
        place.chmod(0o755)
        card.write(path, PICTURE)
        assert set(files_in(root)) == {path, PATH.replace("0001", "0009")}


@contextmanager
def as_nobody(folder: Path) -> Iterator[Path]:
    """To root every folder is writable, so for a while we are somebody else."""
    if os.geteuid():
        yield folder
        return
    os.chown(folder, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        os.seteuid(0)


# ---- leftovers ------------------------------------------------------------------------------------------------------


def leave(root: Path, name: str, content: bytes) -> Path:
    place = root / "DCIM/100MCAM_" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def adopt(root: Path, system: FailingSystem | None = None) -> list[str]:
    return card_of(root, system).adopt_leftovers(lambda content: bytes(content) == WHOLE, Album(root).next_name)


def test_a_whole_leftover_gets_its_name_and_a_half_one_goes(tmp_path: Path) -> None:
    leave(tmp_path, ".MCAM0001.DNG.part", WHOLE)
    leave(tmp_path, ".MCAM0002.DNG.part", WHOLE[:-1])
    leave(tmp_path, ".MCAM0003.DNG.part", b"")
    leave(tmp_path, ".MCAM0004.DNG.part", bytes(16) + WHOLE[16:])
    assert adopt(tmp_path) == ["100MCAM_/MCAM0001.DNG"]
    assert files_in(tmp_path) == {PATH: WHOLE}


@pytest.mark.parametrize("make", [FailingSystem, without_links])
def test_a_leftover_whose_name_was_taken_gets_the_next(tmp_path: Path, make: Callable[[], FailingSystem]) -> None:
    leave(tmp_path, "MCAM0001.DNG", b"another picture")
    leave(tmp_path, ".MCAM0001.DNG.part", WHOLE)
    assert adopt(tmp_path, make()) == ["100MCAM_/MCAM0002.DNG"]
    assert files_in(tmp_path) == {PATH: b"another picture", "DCIM/100MCAM_/MCAM0002.DNG": WHOLE}


def test_files_that_are_not_ours_are_left_alone(tmp_path: Path) -> None:
    leave(tmp_path, ".DS_Store", b"apple")
    leave(tmp_path, ".IMG_0001.CR2.part", b"theirs")
    leave(tmp_path, ".MCAM0001.DNG.part~", b"an editor's")
    (tmp_path / "DCIM/INDEX").write_text("a file among folders")
    before = files_in(tmp_path)
    assert adopt(tmp_path) == []
    assert files_in(tmp_path) == before


def test_a_leftover_that_cannot_be_read_is_left_for_somebody_who_can(tmp_path: Path) -> None:
    leave(tmp_path, ".MCAM0001.DNG.part", WHOLE)
    system = FailingSystem()
    system.refused["read"] = errno.EIO
    assert adopt(tmp_path, system) == []
    assert list(files_in(tmp_path).values()) == [WHOLE]


def test_leftovers_on_a_card_that_is_away_are_no_empty_list(tmp_path: Path) -> None:
    with pytest.raises(CardMissing):
        adopt(tmp_path / "no" / "card")


def test_a_card_without_pictures_has_no_leftovers(tmp_path: Path) -> None:
    assert adopt(tmp_path) == []


# ---- there, full, write-protected, gone -----------------------------------------------------------------------------


def test_a_missing_folder_is_made_where_its_parent_is(tmp_path: Path) -> None:
    assert card_of(tmp_path / "card").room_bytes() > 0
    assert (tmp_path / "card").is_dir()


def test_a_folder_without_a_parent_is_no_card(tmp_path: Path) -> None:
    card = card_of(tmp_path / "no" / "card")
    with pytest.raises(CardMissing, match=r"^No card at .*no/card: put it in, or set card\.folder to .*\.$"):
        card.room_bytes()
    with pytest.raises(CardMissing):
        card.write(PATH, PICTURE)
    assert not (tmp_path / "no").exists()


def test_a_folder_that_comes_later_is_a_card(tmp_path: Path) -> None:
    card = card_of(tmp_path / "no" / "card")
    (tmp_path / "no" / "card").mkdir(parents=True)
    card.write(PATH, PICTURE)
    assert files_in(tmp_path / "no" / "card") == {PATH: WHOLE}


def test_a_folder_that_vanishes_is_not_made_again(tmp_path: Path) -> None:
    card = card_of(tmp_path / "card")
    (tmp_path / "card").rename(tmp_path / "pulled")
    with pytest.raises(CardMissing):
        card.write(PATH, PICTURE)
    assert not (tmp_path / "card").exists()
    assert files_in(tmp_path / "pulled") == {}


@pytest.mark.parametrize("path", ["card", "card/DCIM", "card/DCIM/100MCAM_"])
def test_a_file_in_the_place_of_a_folder_is_said_and_kept(tmp_path: Path, path: str) -> None:
    place = tmp_path / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("precious")
    with pytest.raises(CardMissing, match="is not a folder"):
        card_of(tmp_path / "card").write(PATH, PICTURE)
    assert place.read_text() == "precious"


def test_the_reserve_is_not_promised(tmp_path: Path) -> None:
    everything = Card(tmp_path, reserve_bytes=0).room_bytes()
    assert Card(tmp_path, reserve_bytes=2 * everything).room_bytes() == 0


def test_a_real_card_that_is_full_takes_no_half_picture(tmp_path: Path) -> None:
    with mounted(tmp_path / "card", 256) as root:
        card = card_of(root)
        free = card.room_bytes()
        assert 200 << 10 < free <= 256 << 10
        with pytest.raises(CardFull, match=r"^The card is full: make room on it or put in another\.$"):
            card.write(PATH, [b"x" * (free + 1)])
        assert files_in(root) == {}
        card.write(PATH, [b"x" * (free // 2)])
        with pytest.raises(CardFull):
            card.write(PATH.replace("0001", "0002"), [b"x" * free])
        assert files_in(root) == {PATH: b"x" * (free // 2)}


def test_a_real_card_that_is_write_protected_says_so(tmp_path: Path) -> None:
    with mounted(tmp_path / "card", 256) as root:
        card = card_of(root)
        card.write(PATH, PICTURE)
        assert mount("-o", "remount,ro", str(root))
        for attempt in (card.room_bytes, lambda: card.write(PATH.replace("0001", "0002"), PICTURE)):
            with pytest.raises(CardReadOnly, match=r"^The card at .* cannot be written: open its lock, or .*\.$"):
                attempt()
        assert card.holds(PATH, PICTURE)
        assert mount("-o", "remount,rw", str(root))
        card.write(PATH.replace("0001", "0002"), PICTURE)


@pytest.mark.parametrize("inside", ["", "mcam"])
def test_a_real_card_pulled_out_hides_no_picture_below_its_mount_point(tmp_path: Path, inside: str) -> None:
    below = tmp_path / "card" / inside
    below.mkdir(parents=True)
    with mounted(tmp_path / "card", 256) as root:
        (root / inside).mkdir(exist_ok=True)
        card = card_of(root / inside)
        card.write(PATH, PICTURE)
        unmount(root)
        with pytest.raises(CardMissing, match=r"^No card at "):
            card.room_bytes()
        with pytest.raises(CardMissing):
            card.write(PATH, PICTURE)
        assert files_in(below) == {}
        with mounted(root, 256):
            (root / inside).mkdir(exist_ok=True)
            card.write(PATH, PICTURE)
            assert files_in(root / inside) == {PATH: WHOLE}


def test_a_real_card_pulled_out_in_the_middle_of_a_file_hides_no_half_of_it(tmp_path: Path) -> None:
    with mounted(tmp_path / "card", 256) as root:
        for step in range(len(calls(root, fat=False, older={}))):
            unmount(root)
            with mounted(root, 256):
                system = FailingSystem()
                card = card_of(root, system)
                system.before = lambda _, system=system, step=step: len(system.calls) == step and unmount(root)
                with suppress(CardMissing):  # it may also come to its end on the card that is no longer here
                    card.write(PATH, PICTURE)
                unmount(root)
                assert files_in(root) == {}


def test_a_card_put_in_after_the_start_is_taken(tmp_path: Path) -> None:
    (tmp_path / "card").mkdir()
    card = card_of(tmp_path / "card" / "mcam")
    with mounted(tmp_path / "card", 256) as root:
        with pytest.raises(CardMissing):
            card.room_bytes()
        (root / "mcam").mkdir()
        card.write(PATH, PICTURE)
        assert files_in(root / "mcam") == {PATH: WHOLE}
