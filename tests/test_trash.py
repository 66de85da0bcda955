"""Deleting with undo: nothing is lost on the way, whenever the power goes; what is protected stays."""

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from device import sidecars
from device.album import Album, Name, Picture
from device.errors import BadPicture, CardFull, CardMissing, CardReadOnly, McamError, Protected
from device.storage import Card
from device.trash import Trash
from tests.failing_system import CaseInsensitive, FailingSystem, PowerCut, without_links

FOLDER = "DCIM/100MCAM_"
FILES = ("MCAM0001.DNG", "MCAM0001.JPG", "MCAM0001.xmp", "MCAM0001.DNG.xmp")
OTHERS = ("MCAM0002.DNG", "MCAM0001.WAV")
PICTURE = Picture("100MCAM_/MCAM0001", ("100MCAM_/MCAM0001.DNG", "100MCAM_/MCAM0001.JPG"))
SYSTEMS: tuple[Callable[[], FailingSystem], ...] = (FailingSystem, without_links, CaseInsensitive)


def card_of(root: Path, system: FailingSystem | None = None) -> Card:
    return Card(root, reserve_bytes=0, system=system or os)  # type: ignore[arg-type]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / FOLDER).mkdir(parents=True)
    for name in FILES + OTHERS:
        (tmp_path / FOLDER / name).write_text(name)
    return tmp_path


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut is here a call that is not made, so nothing need reach a disk, which takes most of the time."""
    for name in ("fsync", "fdatasync"):
        monkeypatch.setattr(os, name, lambda _: None)


def whole(root: Path) -> set[str]:
    """Names of files that stand under the name they began with."""
    return {place.name for place in (root / FOLDER).iterdir() if place.read_text() == place.name}


def trash_of(root: Path, system: FailingSystem | None = None) -> Trash:
    return Trash(card_of(root, system), Album(root))


def test_a_deleted_photograph_goes_with_all_its_files_and_nothing_else(root: Path) -> None:
    trash = trash_of(root)
    trash.delete(PICTURE)
    assert whole(root) == set(OTHERS)
    assert [photo.name for photo in Album(root).newest(9)] == ["100MCAM_/MCAM0002"]
    trash.empty()
    assert {place.name for place in (root / FOLDER).iterdir()} == set(OTHERS)


def test_undo_brings_it_back_as_it_was(root: Path) -> None:
    trash = trash_of(root)
    trash.delete(PICTURE)
    assert (len(trash), trash.undo(), len(trash), trash.undo()) == (1, PICTURE, 0, None)
    assert whole(root) == set(FILES + OTHERS)


def test_the_last_deleted_comes_back_first(root: Path) -> None:
    trash = trash_of(root)
    other = Picture("100MCAM_/MCAM0002", ("100MCAM_/MCAM0002.DNG",))
    trash.delete(PICTURE)
    trash.delete(other)
    assert (trash.undo(), trash.undo()) == (other, PICTURE)


def test_the_number_of_a_deleted_photograph_stays_taken(root: Path) -> None:
    trash_of(root).delete(Picture("100MCAM_/MCAM0002", ("100MCAM_/MCAM0002.DNG",)))
    assert str(Album(root).next_name()) == "100MCAM_/MCAM0003"


def test_a_protected_photograph_is_not_deleted(root: Path) -> None:
    card = card_of(root)
    card.protect(f"{FOLDER}/MCAM0001.JPG", on=True)
    with pytest.raises(Protected, match="MCAM0001 is protected"):
        Trash(card, Album(root)).delete(PICTURE)
    assert whole(root) == set(FILES + OTHERS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_power_cut_at_any_call_of_deleting_loses_nothing(
    root: Path, system: Callable[[], FailingSystem]
) -> None:  # fmt: skip
    for at in _every_call(root, system, lambda trash: trash.delete(PICTURE)):
        cut = system()
        cut._at, cut._fault = at, PowerCut()
        with suppress(PowerCut):
            trash_of(root, cut).delete(PICTURE)
        trash_of(root, system()).restore_leftovers()
        assert whole(root) == set(FILES + OTHERS), at


@pytest.mark.parametrize("system", SYSTEMS)
def test_power_cut_at_any_call_of_undoing_loses_nothing(
    root: Path, system: Callable[[], FailingSystem]
) -> None:  # fmt: skip
    for at in _every_call(root, system, lambda trash: (trash.delete(PICTURE), trash.undo())):
        cut = system()
        cut._at, cut._fault = at, PowerCut()
        with suppress(PowerCut):
            trash = trash_of(root, cut)
            trash.delete(PICTURE)
            trash.undo()
        trash_of(root, system()).restore_leftovers()
        assert whole(root) == set(FILES + OTHERS), at


def _every_call(root: Path, system: Callable[[], FailingSystem], work: Callable[[Trash], object]) -> range:
    counted = system()
    trash = trash_of(root, counted)
    work(trash)
    trash.undo()
    return range(len(counted.calls))


def test_power_cut_while_deleting_for_good_leaves_the_dng_or_nothing(root: Path) -> None:
    counted = FailingSystem()
    trash = trash_of(root, counted)
    trash.delete(PICTURE)
    first = len(counted.calls)
    trash.empty()
    for at in range(first, len(counted.calls)):
        for name in FILES:
            (root / FOLDER / name).write_text(name)
        with suppress(PowerCut):
            trash = trash_of(root, FailingSystem(at, PowerCut()))
            trash.delete(PICTURE)
            trash.empty()
        trash_of(root).restore_leftovers()
        left = whole(root) & set(FILES)
        assert not left or "MCAM0001.DNG" in left, at


@pytest.mark.parametrize("name", ["link", "unlink", "fsync", "open"])
def test_a_card_that_fails_while_deleting_has_everything_or_it_again_later(root: Path, name: str) -> None:
    counted = FailingSystem()
    trash_of(root, counted).delete(PICTURE)
    trash_of(root).restore_leftovers()
    for at in [at for at, call in enumerate(counted.calls) if call == name]:
        with suppress(McamError):
            trash_of(root, FailingSystem(at, OSError(errno.EIO, "I/O error"))).delete(PICTURE)
        trash_of(root).restore_leftovers()
        assert whole(root) == set(FILES + OTHERS), at


def test_a_read_only_card_says_so_and_keeps_the_photograph(root: Path) -> None:
    system = FailingSystem()
    system.refused |= {"link": errno.EROFS, "rename": errno.EROFS, "unlink": errno.EROFS}
    with pytest.raises(CardReadOnly):
        trash_of(root, system).delete(PICTURE)
    assert whole(root) == set(FILES + OTHERS)


def test_a_card_that_is_gone_says_so(root: Path) -> None:
    trash = trash_of(root)
    trash.delete(PICTURE)
    root.rename(root.with_name("pulled out"))
    with pytest.raises(CardMissing):
        trash.undo()
    root.with_name("pulled out").rename(root)
    assert trash.undo() == PICTURE


def test_what_comes_back_to_a_taken_name_gets_the_next_one(root: Path) -> None:
    trash = trash_of(root)
    trash.delete(PICTURE)
    (root / FOLDER / "MCAM0001.JPG").write_text("somebody else's")
    restored = trash.undo()
    assert restored is not None
    assert restored.files == ("100MCAM_/MCAM0003.DNG", "100MCAM_/MCAM0003.JPG")
    assert (root / FOLDER / "MCAM0001.JPG").read_text() == "somebody else's"
    assert (root / FOLDER / "MCAM0003.DNG.xmp").read_text() == "MCAM0001.DNG.xmp"


# ---- ratings and protection beside them ------------------------------------------------------------------------------


def test_a_rating_is_written_for_lightroom_and_read_back(root: Path) -> None:
    for name in FILES[2:]:
        (root / FOLDER / name).unlink()
    sidecars.rate(card_of(root), PICTURE, 4)
    assert sidecars.rating(root, PICTURE) == 4
    assert whole(root) == {*FILES[:2], *OTHERS}
    assert (root / FOLDER / "MCAM0001.xmp").is_file()
    assert not (root / FOLDER / "MCAM0001.DNG.xmp").exists()


def test_a_rating_reaches_the_sidecar_that_darktable_believes(root: Path) -> None:
    (root / FOLDER / "MCAM0001.xmp").unlink()
    theirs = root / FOLDER / "MCAM0001.DNG.xmp"
    theirs.write_bytes(sidecars.xmp.rated(None, 2).replace(b"xmp:Rating", b'xmlns:d="d" d:edit="7" xmp:Rating'))
    assert sidecars.rating(root, PICTURE) == 2
    sidecars.rate(card_of(root), PICTURE, 5)
    assert b'd:edit="7" xmp:Rating="5"' in theirs.read_bytes()
    assert sidecars.xmp.rating((root / FOLDER / "MCAM0001.xmp").read_bytes()) == 5


def test_a_sidecar_that_is_no_xmp_is_left_as_it_is(root: Path) -> None:
    with pytest.raises(BadPicture, match=r"MCAM0001\.xmp cannot be changed"):
        sidecars.rate(card_of(root), PICTURE, 4)
    assert whole(root) == set(FILES + OTHERS)
    assert sidecars.rating(root, PICTURE) == 0


@pytest.fixture
def rated(root: Path) -> Path:
    for name in FILES[2:]:
        (root / FOLDER / name).unlink()
    sidecars.rate(card_of(root), PICTURE, 1)
    return root


@pytest.mark.parametrize("system", SYSTEMS)
def test_power_cut_at_any_call_of_rating_leaves_the_old_or_the_new(
    rated: Path, system: Callable[[], FailingSystem]
) -> None:  # fmt: skip
    counted = system()
    sidecars.rate(card_of(rated, counted), PICTURE, 1)
    for at in range(len(counted.calls)):
        cut = system()
        cut._at, cut._fault = at, PowerCut()
        with suppress(PowerCut):
            sidecars.rate(card_of(rated, cut), PICTURE, 3)
        assert sidecars.rating(rated, PICTURE) in (1, 3)
        trash_of(rated, system()).restore_leftovers()
        assert not list((rated / FOLDER).glob(".*"))
        sidecars.rate(card_of(rated), PICTURE, 1)


def test_a_card_without_room_keeps_the_old_rating(rated: Path) -> None:
    system = FailingSystem()
    system.refused["pwritev"] = errno.ENOSPC
    with pytest.raises(McamError, match="full"):
        sidecars.rate(card_of(rated, system), PICTURE, 3)
    assert sidecars.rating(rated, PICTURE) == 1


class FatModes(FailingSystem):
    """Of write bits FAT takes all that the mount's mask leaves, or none, as Linux's fat_sanitize_mode has it."""

    def fchmod(self, file: int, mode: int) -> None:
        if mode & 0o222 not in (0, 0o220):
            raise PermissionError(errno.EPERM, "Operation not permitted")
        os.fchmod(file, mode)


@pytest.mark.parametrize("system", [FailingSystem, FatModes])
def test_protection_is_the_files_read_only_attribute(root: Path, system: Callable[[], FailingSystem]) -> None:
    place, card = f"{FOLDER}/MCAM0001.DNG", card_of(root, system())
    states = []
    for on in (True, True, False):
        card.protect(place, on=on)
        states.append((card.is_protected(place), bool((root / place).stat().st_mode & 0o222)))
    assert states == [(True, False), (True, False), (False, True)]
    assert (root / place).stat().st_mode & 0o444 == 0o444


def test_a_file_system_that_knows_no_protection_says_so(root: Path) -> None:
    system = FailingSystem()
    system.refused["fchmod"] = errno.EPERM
    with pytest.raises(CardReadOnly):
        card_of(root, system).protect(f"{FOLDER}/MCAM0001.DNG", on=False)


def test_without_a_name_for_it_an_undo_says_so_and_what_was_deleted_stays_hidden(root: Path) -> None:
    trash = trash_of(root)
    trash.delete(PICTURE)
    for name in ("MCAM0001.DNG", "MCAM9999.DNG"):
        (root / FOLDER / name).write_text("somebody's")
    with pytest.raises(CardFull, match=r"^100MCAM_/MCAM0001 stays deleted, .*: move that file away"):
        trash.undo()
    trash.empty()
    assert {f".{name}.deleted" for name in FILES} <= {place.name for place in (root / FOLDER).iterdir()}
    (root / FOLDER / "MCAM0001.DNG").unlink()
    trash.restore_leftovers()
    assert whole(root) == set(FILES + OTHERS)


def test_without_a_name_for_one_the_others_come_back_all_the_same(root: Path) -> None:
    trash = trash_of(root)
    trash.delete(PICTURE)
    trash.delete(Picture("100MCAM_/MCAM0002", ("100MCAM_/MCAM0002.DNG",)))
    (root / FOLDER / "MCAM0001.DNG").write_text("somebody's")
    (root / FOLDER / "MCAM9999.DNG").write_text("somebody's")
    (root / "DCIM/999OTHER").mkdir()
    with pytest.raises(CardFull, match="MCAM0001 stays deleted"):
        trash_of(root).restore_leftovers()
    assert whole(root) == set(OTHERS)


class Racing(Album):
    """Of other photographs that are named at the same moments."""

    suffix, times = "DNG", 99

    def next_name(self) -> Name:
        name = super().next_name()
        if self.times:
            (self._dcim / f"{name}.{self.suffix}").write_text("taken just now")
            self.times -= 1
        return name


def test_one_whose_new_name_a_photograph_takes_just_then_keeps_no_other_from_coming_back(root: Path) -> None:
    trash = trash_of(root)
    trash.delete(PICTURE)
    trash.delete(Picture("100MCAM_/MCAM0002", ("100MCAM_/MCAM0002.DNG",)))
    (root / FOLDER / "MCAM0001.DNG").write_text("somebody's")
    with pytest.raises(CardFull, match=r"MCAM0001 stays deleted, .* just now the next ones: take the card out"):
        Trash(card_of(root), Racing(root)).restore_leftovers()
    assert whole(root) == set(OTHERS)
    assert len(trash_of(root).restore_leftovers()) == len(FILES)


@pytest.mark.parametrize(
    ("suffix", "number"), [("DNG", 5), ("JPG", 5), ("DNG.xmp", 4)]
)  # no number is in a lone sidecar
@pytest.mark.parametrize("system", SYSTEMS)
def test_all_files_of_a_photograph_get_the_same_new_name_also_where_that_is_taken_just_then(
    root: Path, system: Callable[[], FailingSystem], suffix: str, number: int
) -> None:
    """Of a lone sidecar numbering takes no notice, so that it comes in the way once."""
    trash_of(root).delete(PICTURE)
    (root / FOLDER / "MCAM0001.JPG").write_text("somebody's")
    racing = Racing(root)
    racing.suffix, racing.times = suffix, 2
    back = Trash(card_of(root, system()), racing).restore_leftovers()
    assert {path.partition(".")[0] for path in back} == {f"100MCAM_/MCAM000{number}"}
    assert [(root / "DCIM" / path).read_text() for path in sorted(back)] == sorted(FILES)
    assert (root / FOLDER / "MCAM0001.JPG").read_text() == "somebody's"
    assert not list((root / FOLDER).glob(".*"))


def test_a_photograph_for_which_no_name_stays_free_is_not_divided(root: Path) -> None:
    trash_of(root).delete(PICTURE)
    (root / FOLDER / "MCAM0001.DNG").write_text("somebody's")
    racing = Racing(root)
    racing.suffix = "JPG"
    with pytest.raises(CardFull):
        Trash(card_of(root), racing).restore_leftovers()
    assert {place.name for place in (root / FOLDER).glob(".*")} == {f".{name}.deleted" for name in FILES}


@pytest.mark.parametrize("system", [FailingSystem, without_links])
def test_a_card_that_fails_while_a_photograph_gets_another_name_does_not_divide_it(
    root: Path, system: Callable[[], FailingSystem]
) -> None:  # fmt: skip
    counted = system()
    a_name_taken(root)
    trash_of(root, counted).restore_leftovers()
    for at in range(len(counted.calls)):
        a_name_taken(root)
        flaky = system()
        flaky._at, flaky._fault = at, OSError(errno.EIO, "Input/output error")
        with suppress(McamError):
            trash_of(root, flaky).restore_leftovers()
        hidden = {place.name for place in (root / FOLDER).glob(".*")}
        assert hidden in (set(), {f".{name}.deleted" for name in FILES}), at
        trash_of(root).restore_leftovers()
        back = {place.name[:8] for place in (root / FOLDER).iterdir() if place.read_text() in FILES}
        assert back == {"MCAM0003"}, at


def a_name_taken(root: Path) -> None:
    """Of a photograph that is deleted; whatever else was there is gone."""
    for place in (root / FOLDER).iterdir():
        place.unlink()
    for name in (*FILES, *OTHERS):
        (root / FOLDER / name).write_text(name)
    trash_of(root).delete(PICTURE)
    (root / FOLDER / "MCAM0001.DNG").write_text("somebody's")


@pytest.mark.parametrize("name", ["mcam0007.dng", "mcam0007.xmp", f"MCAM0007.{'long' * 20}.xmp", "MCAM0007.Müll.xmp"])
def test_whatever_can_be_deleted_comes_back_after_a_power_cut(root: Path, name: str) -> None:
    (root / FOLDER / "mcam0007.dng").write_text("mcam0007.dng")
    (root / FOLDER / name).write_text(name)
    before = whole(root)
    picture = Picture("100MCAM_/mcam0007", ("100MCAM_/mcam0007.dng",))
    trash_of(root).delete(picture)
    assert name not in whole(root)
    assert str(Album(root).next_name()) == "100MCAM_/MCAM0008"
    trash_of(root).restore_leftovers()
    assert whole(root) == before


@pytest.mark.parametrize("system", [FailingSystem, without_links])
def test_an_undo_that_the_card_broke_off_can_be_asked_for_again(
    root: Path, system: Callable[[], FailingSystem]
) -> None:  # fmt: skip
    for at in _every_call(root, system, lambda trash: trash.delete(PICTURE)):
        flaky = system()
        trash = trash_of(root, flaky)
        trash.delete(PICTURE)
        flaky._at, flaky._fault = len(flaky.calls) + at, OSError(errno.EIO, "Input/output error")
        with suppress(McamError):
            trash.undo()
        flaky._fault = None
        if len(trash):
            assert trash.undo() == PICTURE, at
        assert whole(root) == set(FILES + OTHERS), at


def test_of_a_sidecar_that_is_no_sidecar_by_its_size_only_as_much_is_read_as_one_may_have(root: Path) -> None:
    with (root / FOLDER / "MCAM0001.xmp").open("wb") as file:
        file.truncate(1 << 40)  # a hole: nothing of it is on the disk
    with pytest.raises(BadPicture, match="too large"):
        sidecars.rate(card_of(root), PICTURE, 4)
