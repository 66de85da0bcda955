"""Who gets a button: the menu, the review, or the dials; and that the shutter closes what is open."""

import inspect
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest

from device.button_route import ButtonRoute
from device.commands import Commands
from device.errors import CardFull
from device.holds import HOLD_NS, Held
from device.rest import Rest

START_NS = 7_000_000_000


class Listening:
    """A face that notes what it is told."""

    def __init__(self, **held: Held) -> None:
        self.held = held
        self.is_open = False
        self.told: list[str] = []

    def open(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def press(self, button: str) -> None:
        self.told.append(button)

    def hold(self, button: str) -> None:
        self.told.append(f"{button} held")

    def turn(self, steps: int) -> None:
        self.told.append(f"{steps:+d}")


class Hand:
    """Presses buttons of a route and knows the time."""

    def __init__(self) -> None:
        self.menu, self.review = Listening(up="repeat"), Listening(ok="hold")
        self.dials: list[str] = []
        self.route = ButtonRoute(
            menu=self.menu,
            review=self.review,
            pressed=self.dials.append,
            turned=lambda steps: self.dials.append(f"{steps:+d}"),
            power=lambda held: self.dials.append(f"power {held}"),
        )
        self.now_ns = START_NS

    def tap(self, button: str) -> None:
        self.route.button(button, True, self.now_ns)
        self.now_ns += HOLD_NS // 3
        self.route.passed(self.now_ns)
        self.route.button(button, False, self.now_ns)

    def hold(self, button: str, released: bool = True) -> None:
        self.route.button(button, True, self.now_ns)
        self.now_ns += HOLD_NS
        self.route.passed(self.now_ns)
        if released:
            self.route.button(button, False, self.now_ns)


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_while_nothing_is_open_the_dials_get_it(hand: Hand) -> None:
    for button in ("up", "left", "ok", "function"):
        hand.tap(button)
    hand.route.turn(-2)
    assert hand.dials == ["up", "left", "ok", "function", "-2"]
    assert hand.menu.told == hand.review.told == []


def test_holding_ok_opens_the_menu_while_it_is_still_held_and_does_nothing_else(hand: Hand) -> None:
    hand.hold("ok", released=False)
    assert hand.menu.is_open
    hand.route.button("ok", False, hand.now_ns)
    assert hand.menu.told == hand.dials == []


def test_holding_function_opens_the_review(hand: Hand) -> None:
    hand.hold("function")
    assert hand.review.is_open
    assert hand.dials == []


@pytest.mark.parametrize("name", ["menu", "review"])
def test_what_is_open_gets_every_button_and_the_encoder(hand: Hand, name: str) -> None:
    face: Listening = getattr(hand, name)
    face.open()
    for button in ("up", "ok", "function", "back", "encoder_press"):
        hand.tap(button)
    hand.route.turn(3)
    assert face.told == ["up", "ok", "function", "function", "ok", "+3"]
    assert hand.dials == []


def test_a_face_has_holds_of_its_own(hand: Hand) -> None:
    hand.review.open()
    hand.hold("ok")
    hand.hold("function")
    assert hand.review.told == ["ok held", "function"]
    assert not hand.menu.is_open


def test_a_direction_repeats_where_the_face_wants_it(hand: Hand) -> None:
    hand.menu.open()
    hand.hold("up")
    hand.hold("down")
    assert hand.menu.told == ["up", "up", "down"]


@pytest.mark.parametrize(("key", "other"), [("menu", "playback"), ("playback", "menu")])
def test_a_key_of_its_own_opens_and_closes_and_closes_the_other(hand: Hand, key: str, other: str) -> None:
    faces = {"menu": hand.menu, "playback": hand.review}
    hand.tap(key)
    assert faces[key].is_open
    hand.tap(other)
    assert faces[other].is_open
    assert not faces[key].is_open
    hand.tap(other)
    assert not faces[other].is_open
    assert hand.dials == []


@pytest.mark.parametrize("name", ["", "menu", "review"])
def test_the_power_button_is_nobodys_but_its_own(hand: Hand, name: str) -> None:
    if name:
        getattr(hand, name).open()
    hand.tap("power")
    hand.hold("power")
    assert hand.dials == ["power False", "power True"]
    assert hand.menu.told == hand.review.told == []


def test_back_does_nothing_where_there_is_nothing_to_go_back_from(hand: Hand) -> None:
    hand.tap("back")
    assert hand.dials == []


def commands(menu: Listening, camera: Mock) -> Commands:
    parts: dict[str, Any] = {name: Mock() for name in inspect.signature(Commands).parameters}
    return Commands(**parts | {"camera": camera, "menu": menu, "review": Listening(), "rest": Rest(can_sleep=False)})


@pytest.mark.parametrize(
    ("button", "called"), [("s1", lambda camera: camera.arm), ("s2", lambda camera: camera.release)], ids=["s1", "s2"]
)
def test_the_shutter_comes_first_and_closes_what_is_open(button: str, called: Callable[[Mock], Mock]) -> None:
    menu, camera = Listening(), Mock()
    menu.open()
    was_open = []
    called(camera).side_effect = lambda *_: was_open.append(menu.is_open)
    one = commands(menu, camera)
    one.button(button, down=True, when_ns=START_NS)
    assert was_open == [True]
    assert not menu.is_open
    menu.open()
    one.button(button, down=False, when_ns=START_NS)
    assert menu.is_open  # only going down means something
    assert menu.told == []


def test_a_refused_shutter_closes_the_menu_too_so_that_the_reason_is_seen() -> None:
    menu, camera = Listening(), Mock()
    menu.open()
    camera.release.side_effect = CardFull("The card is full.")
    with pytest.raises(CardFull):
        commands(menu, camera).button("s2", down=True, when_ns=START_NS)
    assert not menu.is_open


def test_a_thumb_that_rested_on_ok_when_the_shutter_was_pressed_opens_nothing() -> None:
    menu, camera = Listening(), Mock()
    one = commands(menu, camera)
    one.button("ok", down=True, when_ns=START_NS)
    one.button("s2", down=True, when_ns=START_NS + 1)
    one.passed(START_NS + HOLD_NS)
    assert not menu.is_open
