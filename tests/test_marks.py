"""What a client does with photographs on the card: only there, only what is asked, and a deletion can be undone."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from device import sidecars
from device.album import Album
from device.errors import BadValue, CardMissing, NotReady, Protected
from device.marks import UNDO_NS
from device.photograph import Photograph
from device.protocol import DeleteCall, Nothing, ProtectCall, RateCall
from tests.reviewing import FOLDER, Reviewing, put, taken

ONE, TWO = "100MCAM_/MCAM0001", "100MCAM_/MCAM0002"


@pytest.fixture
def desk(tmp_path: Path) -> Reviewing:
    for number in (1, 2):
        put(tmp_path / "card", number, 0)
    desk = Reviewing(tmp_path / "card", tmp_path / "ring")
    desk.step()
    return desk


def names(desk: Reviewing) -> list[str]:
    return [picture.name for picture in Album(desk.root).newest(9)]


def files(desk: Reviewing) -> set[str]:
    return {place.name for place in (desk.root / FOLDER).iterdir()}


def test_a_photograph_is_rated_by_its_name(desk: Reviewing) -> None:
    _, one = Album(desk.root).newest(2)
    for stars in (5, 0, 3):
        desk.marks.rate(RateCall(name=ONE, rating=stars))
        assert sidecars.rating(desk.root, one) == stars
    assert files(desk) == {"MCAM0001.DNG", "MCAM0001.JPG", "MCAM0001.xmp", "MCAM0002.DNG", "MCAM0002.JPG"}


@pytest.mark.parametrize("stars", [-1, 6])
def test_other_stars_than_five_are_none(desk: Reviewing, stars: int) -> None:
    with pytest.raises(BadValue, match="give 0 to 5"):
        desk.marks.rate(RateCall(name=ONE, rating=stars))


@pytest.mark.parametrize("name", ["", "100MCAM_/MCAM0009", "../card/DCIM/100MCAM_/MCAM0001", "100MCAM_/MCAM0001.DNG"])
def test_what_is_no_photograph_is_refused(desk: Reviewing, name: str) -> None:
    before = files(desk)
    for call in (
        lambda: desk.marks.rate(RateCall(name=name, rating=1)),
        lambda: desk.marks.protect(ProtectCall(name=name, on=True)),
        lambda: desk.marks.delete(DeleteCall(name=name)),
    ):
        with pytest.raises(BadValue, match="No photograph"):
            call()
    assert files(desk) == before


def test_what_is_protected_cannot_be_deleted_until_it_is_no_longer(desk: Reviewing) -> None:
    desk.marks.protect(ProtectCall(name=ONE, on=True))
    with pytest.raises(Protected, match="MCAM0001 is protected"):
        desk.marks.delete(DeleteCall(name=ONE))
    desk.marks.protect(ProtectCall(name=ONE, on=False))
    desk.marks.delete(DeleteCall(name=ONE))
    assert (names(desk), desk.marks.deleted) == ([TWO], 1)


def test_deletions_are_undone_one_by_one_the_last_first(desk: Reviewing) -> None:
    for name in (ONE, TWO):
        desk.marks.delete(DeleteCall(name=name))
    assert (names(desk), desk.marks.deleted) == ([], 2)
    desk.marks.undelete(Nothing())
    assert (names(desk), desk.marks.deleted) == ([TWO], 1)
    desk.marks.undelete(Nothing())
    assert (names(desk), desk.marks.deleted) == ([TWO, ONE], 0)
    with pytest.raises(NotReady, match="nothing can be brought back"):
        desk.marks.undelete(Nothing())


def test_a_minute_after_the_last_deletion_they_are_gone_and_clients_are_told(desk: Reviewing) -> None:
    desk.marks.delete(DeleteCall(name=ONE))
    desk.clock.advance(UNDO_NS - 1)
    desk.marks.delete(DeleteCall(name=TWO))
    assert desk.step() == 60.0
    desk.clock.advance(UNDO_NS - 1)
    assert desk.step() == 1e-9
    assert desk.marks.deleted == 2
    told = desk.told
    desk.clock.advance(1)
    assert desk.step() is None
    assert (files(desk), desk.marks.deleted, desk.told) == (set(), 0, told + 1)


def test_what_is_deleted_just_as_the_minute_of_others_ends_has_its_own(desk: Reviewing) -> None:
    desk.marks.delete(DeleteCall(name=ONE))
    desk.clock.advance(UNDO_NS)
    other = Thread(target=lambda: desk.marks.delete(DeleteCall(name=TWO)))
    read, meanwhile = desk.clock.now_ns, [other]

    def now_ns() -> int:
        """What the reviewer's thread reads; before it goes on another thread deletes, unless that is kept waiting."""
        now = read()
        if meanwhile:
            meanwhile.pop().start()
            other.join(0.3)
        return now

    desk.clock.now_ns = now_ns  # type: ignore[method-assign]
    desk.marks.seconds_left()
    other.join()
    desk.marks.undelete(Nothing())
    assert names(desk) == [TWO]


def test_what_another_client_deleted_meanwhile_is_no_photograph_any_more(desk: Reviewing) -> None:
    one, waiting = DeleteCall(name=ONE), desk.waiting

    class Meanwhile(list[tuple[Photograph, str]]):
        """Asked by who looks for a photograph: from then on another client wants to delete it as well."""

        def __iter__(self) -> Iterator[tuple[Photograph, str]]:
            desk.waiting = waiting
            other.start()
            other.join(0.3)
            return iter(waiting)

    refused: list[BadValue] = []

    def delete() -> None:
        try:
            desk.marks.delete(one)
        except BadValue as error:
            refused.append(error)

    other = Thread(target=delete)
    desk.waiting = Meanwhile()
    desk.marks.delete(one)
    other.join()
    assert ("No photograph" in str(*refused), names(desk), desk.marks.deleted) == (True, [TWO], 1)


def test_what_is_deleted_while_a_new_card_is_looked_through_stays_deleted(desk: Reviewing) -> None:
    other, welcome = Thread(target=lambda: desk.marks.delete(DeleteCall(name=ONE))), desk.table.welcome

    def meanwhile() -> None:
        other.start()
        other.join(0.3)
        welcome()

    desk.table.welcome = meanwhile  # type: ignore[method-assign]
    desk.reviewer._has_come = True
    desk.step()
    other.join()
    assert (names(desk), desk.marks.deleted) == ([TWO], 1)
    desk.marks.undelete(Nothing())
    assert names(desk) == [TWO, ONE]


def test_everything_that_is_done_is_told_to_who_has_a_list(desk: Reviewing) -> None:
    assert desk.marks.changes == 1  # the card has come, and might have had something to be brought back
    for count, call in enumerate(
        (
            lambda: desk.marks.rate(RateCall(name=ONE, rating=3)),
            lambda: desk.marks.protect(ProtectCall(name=ONE, on=True)),
            lambda: desk.marks.delete(DeleteCall(name=TWO)),
            lambda: desk.marks.undelete(Nothing()),
        ),
        2,
    ):
        told = desk.told
        call()
        assert (desk.marks.changes, desk.told) == (count, told + 1)


def test_so_is_what_the_cameras_own_buttons_do(desk: Reviewing) -> None:
    desk.face.open()
    desk.step()
    before, told = desk.marks.changes, desk.told
    desk.press("ok", "right")
    assert desk.state.rating > 0
    assert desk.marks.changes == before + 1
    assert desk.told > told


def test_one_whose_name_a_deleted_one_has_is_refused_in_a_sentence(desk: Reviewing) -> None:
    desk.marks.delete(DeleteCall(name=ONE))
    put(desk.root, 1, 0)
    before = files(desk)
    with pytest.raises(NotReady, match="MCAM0001 cannot be deleted while another"):
        desk.marks.delete(DeleteCall(name=ONE))
    assert files(desk) == before


def test_a_card_that_is_gone_when_they_would_be_has_them_back_when_it_comes(desk: Reviewing) -> None:
    desk.marks.delete(DeleteCall(name=ONE))
    desk.root.rename(desk.root.with_name("pulled"))
    desk.clock.advance(UNDO_NS)
    desk.step()
    assert desk.marks.deleted == 0
    desk.root.with_name("pulled").rename(desk.root)
    desk.table.welcome()
    assert names(desk) == [TWO, ONE]


def test_who_wants_something_of_a_card_that_is_gone_is_told_of_the_card(desk: Reviewing) -> None:
    desk.root.rename(desk.root.with_name("pulled"))
    for call in (
        lambda: desk.marks.rate(RateCall(name=ONE, rating=1)),
        lambda: desk.marks.protect(ProtectCall(name=ONE, on=True)),
        lambda: desk.marks.delete(DeleteCall(name=ONE)),
    ):
        with pytest.raises(CardMissing, match="No card at"):
            call()


def test_an_undo_that_the_card_refuses_can_be_asked_for_again(desk: Reviewing) -> None:
    desk.marks.delete(DeleteCall(name=ONE))
    desk.root.rename(desk.root.with_name("pulled"))
    with pytest.raises(CardMissing):
        desk.marks.undelete(Nothing())
    desk.root.with_name("pulled").rename(desk.root)
    desk.marks.undelete(Nothing())
    assert names(desk) == [TWO, ONE]


def test_what_is_still_being_saved_is_left_alone(desk: Reviewing) -> None:
    desk.waiting = [(taken(), ONE)]
    with pytest.raises(NotReady, match="MCAM0001 is still being saved"):
        desk.marks.delete(DeleteCall(name=ONE))
    assert names(desk) == [TWO, ONE]


def test_who_looks_at_it_on_the_panel_sees_what_was_done(desk: Reviewing) -> None:
    desk.face.open()
    desk.step()
    assert (desk.state.name, desk.state.rating) == (TWO, 0)
    desk.marks.rate(RateCall(name=TWO, rating=4))
    desk.marks.protect(ProtectCall(name=TWO, on=True))
    desk.step()
    assert (desk.state.rating, desk.state.protected) == (4, True)
    desk.marks.protect(ProtectCall(name=TWO, on=False))
    desk.marks.delete(DeleteCall(name=TWO))
    desk.step()
    assert (desk.state.name, desk.state.count) == (ONE, 1)
    desk.face.close()
    desk.step()
    assert desk.marks.deleted == 1, "closing the panel's review is not the end of the page's undo"
    desk.marks.undelete(Nothing())
    assert names(desk) == [TWO, ONE]
