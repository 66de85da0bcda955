"""The darkroom: nothing that was taken is lost, and the camera never waits for it."""

import errno
import gc
import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from device import darkroom
from device.album import Album
from device.card_watch import CardChanged, Recovered
from device.darkroom import Darkroom
from device.darkroom_status import Status
from device.errors import BadPicture, Busy, CardFull, CardMissing, CardReadOnly, NotReady
from device.frame import Colour, SensorFacts
from device.lens import Lens
from device.outcome import Failed, NotPrinted, Saved, Told
from device.photograph import Photograph
from device.storage import Card
from device.ticket import Ticket
from device.trash import Trash
from tests.conftest import build_frame
from tests.failing_system import CaseInsensitive, FailingSystem, Filling, without_links
from tests.mounted import mount, mounted, mounted_vfat

FACTS = SensorFacts("IMX477", 4056, 3040, 1.55, 1.0, 22.26, 114, 694_000_000, Colour((), ()))
LENS = Lens("none", "", "", 0.0, 0.0)
YEAR_NS = 31_557_600 * 10**9
FULL = "The card is full: make room on it or put in another."


def photograph(number: int = 1) -> Photograph:
    frame = build_frame(np.full((4, 4), number, np.uint16), sequence=number)
    return Photograph(frame, FACTS, LENS, None, 1_667_347_200_000_000_000, 3600, 0)


def dng(number: int) -> bytes:
    return b"II*\0" + bytes([number]) * 3000


def jpg(number: int) -> bytes:
    return b"\xff\xd8" + bytes([number]) * 1000


def finish(taken: Photograph) -> Iterator[tuple[str, list[bytes]]]:
    number = taken.frame.sequence
    yield "DNG", [dng(number)[:100], dng(number)[100:]]
    yield "JPG", [jpg(number)]


class Bench:
    """A darkroom whose worker is moved by hand, and all that it told."""

    def __init__(
        self,
        root: Path,
        size: int = 3,
        photograph_bytes: int = 5000,
        refused: dict[str, int] | None = None,
        system: FailingSystem | None = None,
        **changes: object,
    ) -> None:
        self.root = root
        self.system = system or FailingSystem()
        self.system.refused |= refused or {}
        self.told: list[Told] = []
        card = Card(root, reserve_bytes=0, system=self.system)  # type: ignore[arg-type]
        options: dict[str, object] = {
            "finish": finish,
            "is_whole": lambda content: bytes(content[:4]) == b"II*\0",
            "tell": self.told.append,
        }
        self.darkroom = Darkroom(
            card,
            Album(card.folder),
            size,
            photograph_bytes=photograph_bytes,
            **{**options, **changes},  # type: ignore[arg-type]
        )
        self.darkroom.step()

    def shoot(self, *numbers: int) -> None:
        for number in numbers:
            self.darkroom.reserve().submit(photograph(number))

    def shoot_anyway(self, number: int) -> None:
        """One whose place was reserved before the card failed."""
        with self.darkroom._lock:
            self.darkroom._places.take(1000, early=False)
        Ticket(lambda taken: self.darkroom._hand_over(taken, early=False)).submit(photograph(number))

    def work(self) -> None:
        while self.darkroom.step():
            pass

    def saved(self) -> list[tuple[int, str]]:
        return [(told.photograph.frame.sequence, told.name) for told in self.told if isinstance(told, Saved)]

    def cards(self) -> list[tuple[str, str]]:
        return [(told.state, told.sentence) for told in self.told if isinstance(told, CardChanged)]

    def files(self) -> dict[str, bytes]:
        dcim = self.root / "DCIM"
        return {str(place.relative_to(dcim)): place.read_bytes() for place in dcim.rglob("*") if place.is_file()}

    @property
    def status(self) -> Status:
        return self.darkroom.status()


def both(name: str, number: int) -> dict[str, bytes]:
    return {f"{name}.DNG": dng(number), f"{name}.JPG": jpg(number)}


ONE = both("100MCAM_/MCAM0001", 1)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "card")


# ---- what it is for -------------------------------------------------------------------------------------------------


def test_photographs_are_numbered_in_the_order_they_were_taken(bench: Bench) -> None:
    bench.shoot(5, 3, 4)
    bench.work()
    assert bench.saved() == [(5, "100MCAM_/MCAM0001"), (3, "100MCAM_/MCAM0002"), (4, "100MCAM_/MCAM0003")]
    assert bench.files() == both("100MCAM_/MCAM0001", 5) | both("100MCAM_/MCAM0002", 3) | both("100MCAM_/MCAM0003", 4)


def test_what_was_saved_is_told_with_its_files_the_negative_first(bench: Bench) -> None:
    taken = photograph()
    bench.darkroom.reserve().submit(taken)
    bench.work()
    assert bench.told == [Saved(taken, "100MCAM_/MCAM0001", ("100MCAM_/MCAM0001.DNG", "100MCAM_/MCAM0001.JPG"))]
    assert bench.status.last == "100MCAM_/MCAM0001"


def test_the_negative_is_on_the_card_before_the_jpeg_is_begun(tmp_path: Path) -> None:
    on_the_card: list[dict[str, bytes]] = []

    def slowly(taken: Photograph) -> Iterator[tuple[str, list[bytes]]]:
        for file in finish(taken):
            yield file
            on_the_card.append(bench.files())

    bench = Bench(tmp_path, finish=slowly)
    bench.shoot(1)
    bench.work()
    assert on_the_card == [{"100MCAM_/MCAM0001.DNG": dng(1)}, ONE]


def test_a_photograph_on_the_card_is_not_kept_in_memory(bench: Bench) -> None:
    taken = photograph()
    bench.darkroom.reserve().submit(taken)
    gone = weakref.ref(taken.frame.raw)
    del taken
    bench.work()
    assert bench.saved()
    bench.told.clear()
    gc.collect()
    assert gone() is None


def test_the_camera_is_served_while_the_card_is_being_written(bench: Bench) -> None:
    seen: list[int] = []

    def meanwhile(_: str) -> None:
        bench.darkroom.reserve().cancel()
        seen.append(bench.status.queued)

    bench.shoot(1)
    bench.system.before = meanwhile  # on the worker's own thread: a lock held there would never come free
    bench.work()
    assert bench.files() == ONE
    assert 1 in seen


def test_whoever_is_told_may_ask(tmp_path: Path) -> None:
    states: list[Status] = []
    bench = Bench(tmp_path, tell=lambda _: states.append(bench.status), photograph_bytes=1)
    numbers = bench.status.shots_left
    bench.shoot(1)
    bench.work()
    seen = [(state.queued, state.shots_left, state.last) for state in states]
    assert seen == [(0, numbers - 1, "100MCAM_/MCAM0001")]


# ---- places ---------------------------------------------------------------------------------------------------------


def test_a_full_queue_is_said_before_the_shot_and_loses_nothing(bench: Bench) -> None:
    bench.shoot(1, 2)
    third = bench.darkroom.reserve()
    assert bench.status.is_full
    with pytest.raises(Busy):
        bench.darkroom.reserve()
    third.submit(photograph(3))
    assert (bench.status.queued, bench.status.size) == (3, 3)
    bench.work()
    assert [number for number, _ in bench.saved()] == [1, 2, 3]
    assert not bench.status.is_full


def test_a_cancelled_place_is_free_again_once(bench: Bench) -> None:
    tickets = [bench.darkroom.reserve() for _ in range(3)]
    tickets[0].cancel()
    tickets[0].cancel()
    bench.darkroom.reserve()
    with pytest.raises(Busy):
        bench.darkroom.reserve()


def test_a_ticket_is_for_one_photograph(bench: Bench) -> None:
    ticket = bench.darkroom.reserve()
    ticket.submit(photograph(1))
    ticket.cancel()
    with pytest.raises(RuntimeError, match="one photograph"):
        ticket.submit(photograph(2))
    assert bench.status.queued == 1


def test_shots_left_are_reckoned_from_the_last_photograph(tmp_path: Path) -> None:
    with mounted(tmp_path / "card", 400) as root:
        bench = Bench(root, size=9, photograph_bytes=100_000)
        assert bench.status.shots_left == 4
        bench.darkroom.reserve()
        assert bench.status.shots_left == 3
        bench.shoot(1)
        bench.work()
        left = bench.status.shots_left
        assert left == bench.darkroom._card.room_bytes() // (len(dng(1)) + len(jpg(1))) - 1


def test_a_card_without_room_for_what_is_promised_takes_no_more(tmp_path: Path) -> None:
    with mounted(tmp_path / "card", 400) as root:
        bench = Bench(root, size=9, photograph_bytes=190_000)
        bench.shoot(1)
        bench.darkroom.reserve()
        assert bench.status.shots_left == 0
        with pytest.raises(CardFull, match=FULL):
            bench.darkroom.reserve()


def test_the_last_number_is_said_before_the_shot(tmp_path: Path) -> None:
    last = tmp_path / "DCIM/999MCAM_/MCAM9998.DNG"
    last.parent.mkdir(parents=True)
    last.write_bytes(dng(9))
    bench = Bench(tmp_path)
    assert bench.status.shots_left == 1
    bench.shoot(1)
    with pytest.raises(CardFull):
        bench.darkroom.reserve()
    bench.work()
    assert bench.status.card == "full"
    with pytest.raises(
        CardFull, match=r"^The last number there is, 999MCAM_/MCAM9999, is used: put in an empty card\.$"
    ):
        bench.darkroom.reserve()


# ---- the card is full, read-only, away ------------------------------------------------------------------------------


def test_a_full_card_keeps_the_photographs_waiting_until_there_is_room(tmp_path: Path) -> None:
    with mounted(tmp_path / "card", 200) as root:
        bench = Bench(root)
        bench.shoot(1, 2)
        ballast = root / "ballast"
        ballast.write_bytes(bytes(bench.darkroom._card.room_bytes()))
        for _ in range(3):
            bench.work()
        assert bench.cards() == [("full", FULL)]
        assert (bench.status.queued, bench.status.shots_left, bench.status.card) == (2, 0, "full")
        with pytest.raises(CardFull, match=FULL):
            bench.darkroom.reserve()
        ballast.unlink()
        bench.work()
        assert bench.cards() == [("full", FULL), ("ok", "")]
        assert bench.files() == ONE | both("100MCAM_/MCAM0002", 2)


def test_a_write_protected_card_is_said_once_and_written_when_it_is_free(tmp_path: Path) -> None:
    with mounted(tmp_path / "card", 200) as root:
        bench = Bench(root)
        bench.shoot(1)
        assert mount("-o", "remount,ro", str(root))
        bench.work()
        bench.work()
        assert [state for state, _ in bench.cards()] == ["read-only"]
        with pytest.raises(CardReadOnly, match="cannot be written"):
            bench.darkroom.reserve()
        assert mount("-o", "remount,rw", str(root))
        bench.work()
        assert [state for state, _ in bench.cards()] == ["read-only", "ok"]
        assert bench.files() == ONE


def test_a_card_pulled_out_and_put_back_gets_what_waited(bench: Bench) -> None:
    bench.shoot(1)
    bench.work()
    bench.shoot(2, 3)
    bench.root.rename(bench.root.with_name("pulled"))
    bench.work()
    bench.work()
    assert [state for state, _ in bench.cards()] == ["missing"]
    with pytest.raises(CardMissing, match=r"^No card at .*\.$"):
        bench.darkroom.reserve()
    bench.root.with_name("pulled").rename(bench.root)
    bench.work()
    assert [state for state, _ in bench.cards()] == ["missing", "ok"]
    assert bench.files() == ONE | both("100MCAM_/MCAM0002", 2) | both("100MCAM_/MCAM0003", 3)


def test_a_card_that_looks_well_and_fails_is_said_once(bench: Bench) -> None:
    bench.shoot(1)
    bench.system.refused["pwritev"] = errno.EIO
    for _ in range(3):
        bench.work()
        with pytest.raises(CardMissing, match="does not answer"):
            bench.darkroom.reserve()
    assert [state for state, _ in bench.cards()] == ["missing"]
    del bench.system.refused["pwritev"]
    bench.work()
    assert [state for state, _ in bench.cards()] == ["missing", "ok"]
    assert bench.files() == ONE


def test_a_photograph_smaller_than_reckoned_still_finds_room(tmp_path: Path) -> None:
    with mounted(tmp_path / "card", 200) as root:
        bench = Bench(root, photograph_bytes=150_000)
        bench.shoot(1)
        (root / "ballast").write_bytes(bytes(100_000))
        bench.work()
        assert bench.files() == ONE


@pytest.mark.parametrize(
    ("on_it", "expected"), [("MCAM0001.DNG", "100MCAM_/MCAM0002"), ("MCAM0007.JPG", "100MCAM_/MCAM0008")]
)
def test_another_card_put_in_between_two_files_gets_the_whole_photograph(
    bench: Bench, on_it: str, expected: str
) -> None:
    bench.shoot(1)
    allocated: list[str] = []

    def die_at_the_jpeg(call: str) -> None:
        allocated.extend([call] * (call == "posix_fallocate"))
        if len(allocated) == 2:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    bench.system.before = die_at_the_jpeg
    bench.work()
    bench.system.before = lambda _: None
    assert bench.files() == {"100MCAM_/MCAM0001.DNG": dng(1), "100MCAM_/.MCAM0001.JPG.part": b""}
    bench.root.rename(bench.root.with_name("pulled"))
    other = bench.root / "DCIM/100MCAM_" / on_it
    other.parent.mkdir(parents=True)
    other.write_bytes(dng(9))  # of the same length as what was written to the first card
    bench.work()
    assert bench.files() == {f"100MCAM_/{on_it}": dng(9)} | both(expected, 1)
    assert bench.saved() == [(1, expected)]


@pytest.mark.parametrize("fat", [False, True], ids=["with links", "like FAT"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO], ids=errno.errorcode.get)
def test_an_error_at_any_step_leads_to_one_whole_photograph_in_the_end(tmp_path: Path, number: int, fat: bool) -> None:
    refused = without_links().refused if fat else {}
    trial = Bench(tmp_path / "trial")
    trial.system.refused = refused
    trial.shoot(1)
    first = len(trial.system.calls)
    trial.work()
    for step in range(first, len(trial.system.calls)):
        bench = Bench(tmp_path / str(step))
        bench.system.refused = refused
        bench.shoot(1)
        bench.system._at, bench.system._fault = step, OSError(number, os.strerror(number))
        bench.work()
        bench.work()
        assert bench.files() == ONE, f"{trial.system.calls[step]}, step {step}"
        assert [told.files for told in bench.told if isinstance(told, Saved)] == [tuple(ONE)]
        assert bench.cards() in ([], [*bench.cards()[:1], ("ok", "")])
        assert bench.status.card == "ok"


@pytest.mark.parametrize("room", [0, 1, 16, 17, 1500, 2988, 3003, 3004, 3005, 3020, 3021, 4000, 4004, 4005])
def test_a_card_full_at_any_byte_of_a_photograph_gets_it_once_there_is_room(tmp_path: Path, room: int) -> None:
    assert len(dng(1)) + len(jpg(1)) == 4006
    bench = Bench(tmp_path, system=Filling(room))
    bench.shoot(1)
    bench.work()
    assert bench.cards() == [("full", FULL)]
    assert bench.status.queued == 1
    assert set(bench.files().items()) <= set(ONE.items())
    assert len(bench.files()) == (room >= len(dng(1)))
    bench.system.room = 10_000  # type: ignore[attr-defined]
    bench.work()
    assert bench.cards() == [("full", FULL), ("ok", "")]
    assert bench.files() == ONE


@pytest.mark.parametrize("real", [False, True], ids=["like FAT", "real FAT"])
def test_files_of_a_card_that_knows_no_case_are_counted_on_from_and_kept(tmp_path: Path, real: bool) -> None:
    with ExitStack() as stack:
        root = stack.enter_context(mounted_vfat(tmp_path / "card", tmp_path / "image", 4)) if real else tmp_path
        older = root / ("dcim" if real else "DCIM") / "100mcam_" / "mcam0001.dng"
        older.parent.mkdir(parents=True)
        older.write_bytes(b"theirs")
        bench = Bench(root, system=FailingSystem() if real else CaseInsensitive())
        bench.shoot(1, 2)
        bench.darkroom.step()
        (older.parent / "mcam0003.dng").write_bytes(b"theirs, too")
        bench.work()
        assert [int(name[-4:]) for _, name in bench.saved()] == [2, 4]
        found = {Path(name).name.upper(): content for name, content in bench.files().items()}
        assert found == {
            "MCAM0001.DNG": b"theirs",
            "MCAM0003.DNG": b"theirs, too",
            **{Path(name).name: content for name, content in (both("MCAM0002", 1) | both("MCAM0004", 2)).items()},
        }


def test_a_clock_that_goes_back_changes_no_number(bench: Bench) -> None:
    for number, wall_ns in enumerate([2 * YEAR_NS, YEAR_NS, 3 * YEAR_NS], 1):
        taken = replace(photograph(number), wall_ns=wall_ns)
        os.utime(bench.root / "DCIM" if number > 1 else bench.root, ns=(wall_ns, wall_ns))
        bench.darkroom.reserve().submit(taken)
        bench.work()
    assert bench.saved() == [(n, f"100MCAM_/MCAM000{n}") for n in (1, 2, 3)]


def test_a_name_that_somebody_takes_meanwhile_is_left_to_them(bench: Bench) -> None:
    def take(call: str) -> None:
        if call == "link" and not (bench.root / "DCIM/100MCAM_/MCAM0001.DNG").exists():
            (bench.root / "DCIM/100MCAM_/MCAM0001.DNG").write_bytes(b"theirs")

    bench.shoot(1)
    bench.system.before = take
    bench.work()
    assert bench.files() == {"100MCAM_/MCAM0001.DNG": b"theirs"} | both("100MCAM_/MCAM0002", 1)
    assert bench.saved() == [(1, "100MCAM_/MCAM0002")]


def test_a_name_taken_unnoticed_on_a_card_with_a_coarse_clock_is_left_to_them(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.shoot(1)
    bench.work()
    monkeypatch.setattr("device.album._stamp", lambda _: (1, 1, 1))
    bench.shoot(2, 3)
    bench.darkroom.step()
    (bench.root / "DCIM/100MCAM_/MCAM0003.DNG").write_bytes(b"theirs")
    bench.work()
    assert bench.saved()[1:] == [(2, "100MCAM_/MCAM0002"), (3, "100MCAM_/MCAM0004")]


def test_names_that_are_taken_every_time_do_not_keep_it_spinning(bench: Bench) -> None:
    bench.shoot(1)
    bench.system.refused["link"] = errno.EEXIST
    bench.work()
    assert bench.status.queued == 1
    del bench.system.refused["link"]
    bench.work()
    assert bench.files() == ONE


# ---- given up -------------------------------------------------------------------------------------------------------


def given_up(bench: Bench) -> list[tuple[int, str]]:
    return [(told.photograph.frame.sequence, told.sentence) for told in bench.told if isinstance(told, Failed)]


def test_photographs_that_no_card_takes_can_be_given_up(bench: Bench) -> None:
    bench.shoot(1, 2)
    bench.system.refused["pwritev"] = errno.ENOSPC
    bench.work()
    assert bench.darkroom.discard() == 2
    bench.shoot_anyway(3)
    bench.work()
    assert given_up(bench) == [(n, "A photograph was given up: nothing of it is on the card.") for n in (1, 2)]
    assert bench.status.queued == 1, "what was taken after that waits on"
    del bench.system.refused["pwritev"]
    bench.work()
    assert bench.files() == both("100MCAM_/MCAM0001", 3)


def test_what_is_given_up_leaves_what_was_safe_already(bench: Bench) -> None:
    bench.shoot(1)
    made: list[str] = []

    def fill_up_at_the_jpeg(call: str) -> None:
        made.extend([call] * (call == "posix_fallocate"))
        if len(made) > 1 and call == "posix_fallocate":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    bench.system.before = fill_up_at_the_jpeg
    bench.work()
    bench.darkroom.discard()
    bench.work()
    assert given_up(bench) == [(1, "A photograph was given up: 100MCAM_/MCAM0001.DNG is safe.")]
    assert bench.files() == {"100MCAM_/MCAM0001.DNG": dng(1)}


def test_after_giving_up_the_next_card_is_believed(bench: Bench) -> None:
    bench.shoot(1)
    bench.system.refused["pwritev"] = errno.EIO
    bench.work()
    bench.darkroom.discard()
    del bench.system.refused["pwritev"]
    bench.work()
    assert [state for state, _ in bench.cards()] == ["missing", "ok"]
    bench.shoot(2)
    bench.work()
    assert bench.files() == both("100MCAM_/MCAM0001", 2)


def test_one_that_got_saved_meanwhile_is_not_given_up(bench: Bench) -> None:
    bench.shoot(1, 2)
    bench.system.refused["pwritev"] = errno.ENOSPC
    bench.work()
    del bench.system.refused["pwritev"]

    def give_up(call: str) -> None:
        if call == "link" and not bench.saved():
            bench.darkroom.discard()

    bench.system.before = give_up
    bench.work()
    assert bench.saved() == [(1, "100MCAM_/MCAM0001")]
    assert [number for number, _ in given_up(bench)] == [2]


def test_there_is_nothing_to_give_up_while_the_card_takes_photographs(bench: Bench) -> None:
    bench.shoot(1)
    with pytest.raises(NotReady, match="The card takes photographs"):
        bench.darkroom.discard()
    bench.work()
    bench.root.rename(bench.root.with_name("pulled"))
    bench.work()
    with pytest.raises(NotReady, match="No photograph waits"):
        bench.darkroom.discard()
    assert bench.saved() == [(1, "100MCAM_/MCAM0001")]


# ---- what an earlier run left ---------------------------------------------------------------------------------------


def test_a_leftover_of_an_earlier_run_is_recovered_at_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "DCIM/100MCAM_"
    folder.mkdir(parents=True)
    (folder / ".MCAM0007.DNG.part").write_bytes(dng(7))
    (folder / ".MCAM0008.DNG.part").write_bytes(bytes(5000))
    bench = Bench(tmp_path)
    assert bench.told == [Recovered(("100MCAM_/MCAM0007.DNG",))]
    assert bench.status.last == "100MCAM_/MCAM0007"
    bench.shoot(1)
    bench.work()
    assert bench.files() == {"100MCAM_/MCAM0007.DNG": dng(7)} | both("100MCAM_/MCAM0008", 1)


def test_a_card_that_comes_later_is_asked_for_leftovers_too(bench: Bench) -> None:
    bench.root.rmdir()
    bench.work()
    folder = bench.root / "DCIM/100MCAM_"
    folder.mkdir(parents=True)
    (folder / ".MCAM0007.DNG.part").write_bytes(dng(7))
    bench.work()
    assert Recovered(("100MCAM_/MCAM0007.DNG",)) in bench.told


# ---- JPEGs made late ------------------------------------------------------------------------------------------------


def late_print(content: bytearray) -> list[bytes]:
    if bytes(content[:4]) != b"II*\0":
        raise BadPicture("another program made or changed it")
    return [jpg(content[-1])]


def lay(root: Path, *names: str) -> None:
    for name in names:
        place = root / "DCIM/100MCAM_" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(dng(int(name[4:8])) if name.endswith("DNG") else jpg(int(name[4:8])))


def test_a_negative_that_was_kept_from_its_jpeg_gets_it_at_the_next_start(tmp_path: Path) -> None:
    lay(tmp_path, "MCAM0001.DNG", "MCAM0001.JPG", "MCAM0002.DNG")
    bench = Bench(tmp_path, print_of=late_print)
    bench.work()
    assert bench.told == [Recovered(("100MCAM_/MCAM0002.JPG",))]
    assert bench.files() == ONE | both("100MCAM_/MCAM0002", 2)


def test_a_recovered_negative_gets_its_jpeg_too(tmp_path: Path) -> None:
    lay(tmp_path, "MCAM0007.DNG")
    place = tmp_path / "DCIM/100MCAM_/MCAM0007.DNG"
    place.rename(place.with_name(".MCAM0007.DNG.part"))
    bench = Bench(tmp_path, print_of=late_print)
    bench.work()
    assert bench.files() == both("100MCAM_/MCAM0007", 7)


def test_only_the_newest_are_looked_at_as_older_jpegs_may_have_been_deleted(tmp_path: Path) -> None:
    lay(tmp_path, *(f"MCAM000{n}.DNG" for n in range(1, 8)))
    bench = Bench(tmp_path, print_of=late_print)
    bench.work()
    late = sorted(name for name in bench.files() if name.endswith("JPG"))
    assert late == [f"100MCAM_/MCAM000{n}.JPG" for n in (5, 6, 7)]


def test_no_jpeg_is_made_late_where_none_is_wanted(tmp_path: Path) -> None:
    lay(tmp_path, "MCAM0002.DNG")
    bench = Bench(tmp_path)
    bench.work()
    assert list(bench.files()) == ["100MCAM_/MCAM0002.DNG"]


def test_photographs_in_memory_come_before_late_jpegs(tmp_path: Path) -> None:
    lay(tmp_path, "MCAM0001.DNG", "MCAM0002.DNG")
    bench = Bench(tmp_path, print_of=late_print)  # whose first round made one of the two
    bench.shoot(3)
    bench.work()
    assert [type(told) for told in bench.told] == [Recovered, Saved, Recovered]
    assert bench.files() == ONE | both("100MCAM_/MCAM0002", 2) | both("100MCAM_/MCAM0003", 3)


@pytest.mark.parametrize("hidden", [".MCAM0001.JPG.deleted", ".mcam0001.jpg.deleted"])
def test_a_jpeg_that_an_undo_cut_off_left_deleted_is_not_made_anew_and_comes_back_to_its_negative(
    tmp_path: Path, hidden: str
) -> None:
    """Were its name given away, it would come back as another photograph."""
    lay(tmp_path, "MCAM0001.DNG", "MCAM0001.JPG")
    place = tmp_path / "DCIM/100MCAM_/MCAM0001.JPG"
    place.rename(place.with_name(hidden))
    bench = Bench(tmp_path, print_of=late_print)
    bench.work()
    assert bench.told == []
    Trash(Card(tmp_path), Album(tmp_path)).restore_leftovers()
    assert [len(photo.files) for photo in Album(tmp_path).newest(9)] == [2]


def test_a_negative_that_no_jpeg_can_be_made_of_is_said_and_kept(tmp_path: Path) -> None:
    lay(tmp_path, "MCAM0002.DNG")
    (tmp_path / "DCIM/100MCAM_/MCAM0002.DNG").write_bytes(b"MM\0*")
    bench = Bench(tmp_path, print_of=late_print)
    bench.work()
    (told,) = bench.told
    assert isinstance(told, NotPrinted)
    assert told.sentence == (
        "100MCAM_/MCAM0002.DNG has no JPEG, and none can be made of it (another program made or changed it): "
        "the RAW is kept."
    )
    assert list(bench.files()) == ["100MCAM_/MCAM0002.DNG"]
    assert bench.darkroom.failed is None


def test_a_jpeg_that_came_meanwhile_is_left_alone_and_the_next_is_made(tmp_path: Path) -> None:
    lay(tmp_path, "MCAM0001.DNG", "MCAM0002.DNG", "MCAM0003.DNG")
    bench = Bench(tmp_path, print_of=late_print)  # whose first round made the first
    (tmp_path / "DCIM/100MCAM_/MCAM0002.JPG").write_bytes(b"its own")
    bench.work()
    made = {name: content for name, content in bench.files().items() if name.endswith("JPG")}
    assert made["100MCAM_/MCAM0002.JPG"] == b"its own"
    assert made["100MCAM_/MCAM0003.JPG"] == jpg(3)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO], ids=errno.errorcode.get)
def test_a_late_jpeg_that_the_card_does_not_take_leaves_nothing_and_comes_with_the_next_start(
    tmp_path: Path, number: int
) -> None:
    lay(tmp_path, "MCAM0001.DNG")
    bench = Bench(tmp_path, refused={"pwritev": number}, print_of=late_print)
    bench.work()
    assert list(bench.files()) == ["100MCAM_/MCAM0001.DNG"]
    again = Bench(tmp_path, print_of=late_print)
    again.work()
    assert again.files() == ONE


# ---- what cannot be made --------------------------------------------------------------------------------------------


def failing(after: int) -> object:
    def make(taken: Photograph) -> Iterator[tuple[str, list[bytes]]]:
        for index, file in enumerate(finish(taken)):
            if taken.frame.sequence == 1 and index == after:
                raise ZeroDivisionError("no light")
            yield file

    return make


def test_a_photograph_that_cannot_be_made_is_told_and_the_next_goes_on(tmp_path: Path) -> None:
    bench = Bench(tmp_path, finish=failing(0))
    bench.shoot(1, 2)
    bench.work()
    (failed,) = [told for told in bench.told if isinstance(told, Failed)]
    assert failed.photograph.frame.sequence == 1
    assert failed.files == ()
    assert failed.sentence == (
        "A photograph could not be finished (no light): nothing of it is on the card; please report this."
    )
    assert bench.files() == both("100MCAM_/MCAM0001", 2)


def test_a_jpeg_that_cannot_be_made_leaves_the_negative_safe(tmp_path: Path) -> None:
    bench = Bench(tmp_path, finish=failing(1))
    bench.shoot(1, 2)
    bench.work()
    (failed,) = [told for told in bench.told if isinstance(told, Failed)]
    assert failed.files == ("100MCAM_/MCAM0001.DNG",)
    assert "100MCAM_/MCAM0001.DNG is safe" in failed.sentence
    assert bench.files() == {"100MCAM_/MCAM0001.DNG": dng(1)} | both("100MCAM_/MCAM0002", 2)


# ---- the worker -----------------------------------------------------------------------------------------------------


def test_the_worker_saves_what_comes_and_ends_when_closed(tmp_path: Path) -> None:
    safe = threading.Event()
    bench = Bench(tmp_path, tell=lambda told: isinstance(told, Saved) and safe.set())
    bench.darkroom.start()
    bench.shoot(1)
    assert safe.wait(10)
    bench.shoot(2)
    assert bench.darkroom.close(10) == []
    assert bench.files() == ONE | both("100MCAM_/MCAM0002", 2)
    assert bench.darkroom._worker is not None
    assert not bench.darkroom._worker.is_alive()
    assert bench.darkroom.failed is None


def test_a_card_that_hangs_at_the_start_is_told_and_taken_when_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answers, well = threading.Event(), threading.Event(), threading.Event()

    def hang(_: str) -> None:
        asked.set()
        assert answers.wait(20)

    def tell(told: Told) -> None:
        if isinstance(told, CardChanged) and not told.sentence:
            well.set()

    bench = Bench(tmp_path, tell=tell)
    bench.system.before = hang
    monkeypatch.setattr(darkroom, "FIRST_LOOK_S", 0)
    bench.darkroom.start()
    assert asked.wait(20)
    with pytest.raises(CardMissing, match=r"^The card does not answer: take it out"):
        bench.darkroom.reserve()
    answers.set()
    assert well.wait(20)
    bench.shoot(1)
    assert bench.darkroom.close(20) == []
    assert bench.files() == ONE


def test_closing_gives_back_what_the_card_would_not_take(bench: Bench) -> None:
    bench.shoot(1, 2)
    bench.root.rename(bench.root.with_name("pulled"))
    bench.darkroom.start()
    assert [taken.frame.sequence for taken in bench.darkroom.close(0)] == [1, 2]
    assert bench.darkroom._worker is not None
    assert not bench.darkroom._worker.is_alive()


def test_nothing_is_taken_after_closing(bench: Bench) -> None:
    early = bench.darkroom.reserve()
    bench.darkroom.close(0)
    with pytest.raises(NotReady, match="switched off"):
        bench.darkroom.reserve()
    with pytest.raises(NotReady, match="switched off"):
        early.submit(photograph())


def test_a_worker_that_dies_is_seen_and_nothing_more_is_taken(tmp_path: Path) -> None:
    def tell(told: Told) -> None:
        if isinstance(told, Saved):
            raise ZeroDivisionError

    bench = Bench(tmp_path, tell=tell)
    bench.darkroom.start()
    bench.shoot(1)
    assert bench.darkroom._worker is not None
    bench.darkroom._worker.join(10)
    assert isinstance(bench.darkroom.failed, ZeroDivisionError)
    with pytest.raises(NotReady, match="Nothing can be saved any more"):
        bench.darkroom.reserve()
