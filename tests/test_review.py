"""What buttons do while photographs are looked at, and the list of them: pure."""

from dataclasses import replace

import pytest

from device.album import Picture
from device.review import About, Action, Review, offered, pressed, turned
from device.roll import Shot, place_of, roll_of
from tests.photographs import photograph

SAVED = About(is_there=True, is_saved=True, rating=2, window=(0.2, 0.25))


def after(*buttons: str, about: About = SAVED) -> tuple[Review, list[Action]]:
    review, actions = Review(), []
    for button in buttons:
        review, action = pressed(review, button, about)
        actions += [action] if action else []
    return review, actions


def test_left_is_the_one_before_and_right_the_one_after() -> None:
    assert after("left", "right")[1] == [("step", -1), ("step", 1)]
    assert turned(Review(), -3)[1] == ("step", -3)


def test_down_turns_the_pages_and_comes_round() -> None:
    assert [after(*["down"] * n)[0].page for n in range(4)] == ["picture", "histogram", "exif", "picture"]


def test_function_goes_back_a_step_and_from_the_picture_out() -> None:
    assert after("down", "function") == (Review(), [])
    assert after("up", "function") == (Review(), [])
    assert after("ok", "function") == (Review(), [])
    assert after("function") == (Review(), [("close", 0)])


def test_up_looks_nearer_and_the_pad_moves_the_window() -> None:
    review, actions = after("up", "right", "up")
    assert (review.zoom, actions) == (True, [])
    assert (review.x, review.y) == (0.65, 0.38)


def test_the_window_stops_at_the_edge_so_that_the_way_back_begins_at_once() -> None:
    review, _ = after("up", *["left"] * 20, *["down"] * 20)
    assert (review.x, review.y) == (0.125, 0.9)


def test_ok_doubles_the_magnification_and_halves_it_again() -> None:
    assert [after("up", *["ok"] * n)[0].magnification for n in range(3)] == [1, 2, 1]


def test_the_encoder_goes_to_other_photographs_at_the_same_place() -> None:
    near = replace(Review(), zoom=True, x=0.3)
    assert turned(near, 1) == (near, ("step", 1))


def test_nothing_is_looked_at_nearer_where_nothing_is() -> None:
    assert after("up", "ok", about=About()) == (Review(), [])


@pytest.mark.parametrize(
    ("about", "choices"),
    [(SAVED, ("rate", "protect", "delete")), (About(is_there=True), ()),
     (SAVED._replace(deleted=2), ("rate", "protect", "delete", "undo")), (About(deleted=1), ("undo",))],
)  # fmt: skip
def test_what_can_be_done_is_offered_and_nothing_else(about: About, choices: tuple[str, ...]) -> None:
    assert offered(about) == choices


@pytest.mark.parametrize(
    ("rating", "button", "wanted"),
    [(2, "right", 3), (2, "left", 1), (5, "right", None), (0, "left", None), (-1, "left", 0), (5, "ok", 0),
     (2, "ok", 3)],
)  # fmt: skip
def test_a_rating_is_turned_within_its_bounds(rating: int, button: str, wanted: int | None) -> None:
    actions = after("ok", button, about=SAVED._replace(rating=rating))[1]
    assert actions == ([] if wanted is None else [("rate", wanted)])


def test_deleting_asks_first_and_the_harmless_answer_is_the_first() -> None:
    asked, actions = after("ok", "down", "down", "ok")
    assert (asked.choices, asked.cursor, actions) == (("keep", "really-delete"), 0, [])
    assert after("ok", "down", "down", "ok", "ok") == (Review(), [])
    assert after("ok", "down", "down", "ok", "function") == (Review(), [])
    assert after("ok", "down", "down", "ok", "right", "ok") == (Review(), [("delete", 0)])


def test_protecting_and_undoing_are_told() -> None:
    assert after("ok", "down", "ok")[1] == [("protect", 0)]
    assert after("ok", "up", "ok", about=About(deleted=1))[1] == [("undo", 0)]


def test_the_encoder_moves_along_a_list_and_stays_in_it() -> None:
    opened = after("ok")[0]
    assert [turned(opened, steps)[0].cursor for steps in (-1, 1, 9)] == [0, 1, 2]


# ---- the roll --------------------------------------------------------------------------------------------------------


def picture(number: int) -> Picture:
    name = f"100MCAM_/MCAM{number:04d}"
    return Picture(name, (f"{name}.DNG",))


def test_the_roll_is_in_order_with_what_waits_at_the_end() -> None:
    first, second = photograph(), photograph()
    roll = roll_of([picture(3), picture(2)], [(first, "100MCAM_/MCAM0003"), (second, "")])
    assert [(shot.name, shot.photograph) for shot in roll] == [
        ("100MCAM_/MCAM0002", None), ("100MCAM_/MCAM0003", first), ("", second),
    ]  # fmt: skip


def test_what_waits_is_there_also_when_its_beginning_on_the_card_is_not_listed() -> None:
    waiting = photograph()
    assert [shot.photograph for shot in roll_of([], [(waiting, "100MCAM_/MCAM0001")])] == [waiting]


def test_the_place_of_a_photograph_that_is_gone_is_where_it_was() -> None:
    roll = roll_of([picture(3), picture(2), picture(1)], [])
    assert place_of(Shot(picture(2)), roll, 0) == 1
    assert [place_of(Shot(picture(9)), roll, was) for was in (0, 2, 7)] == [0, 2, 2]
    assert place_of(Shot(picture(9)), [], 4) == 0


def test_a_photograph_stays_the_same_when_it_is_saved() -> None:
    waiting = photograph()
    assert Shot(None, waiting).is_same(Shot(picture(1), waiting))
    assert not Shot(None, waiting).is_same(Shot(None, photograph()))
