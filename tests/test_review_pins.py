"""The review from contacts on pins to what the viewfinder reads and what is on the card."""

import inspect
import queue
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from device import sidecars, xmp
from device.buttons import Buttons
from device.commands import Commands
from device.config import load
from device.rest import Rest
from tests.no_face import NoFace
from tests.reviewing import FOLDER, Reviewing, put
from tests.test_buttons import SteppedFactory

PINS = load(None).buttons.pins
MS = 1_000_000


class Hand:
    """A thumb on the contacts of a camera that has photographs on its card."""

    def __init__(self, desk: Reviewing) -> None:
        self.desk, self.camera = desk, Mock()
        parts = {name: Mock() for name in inspect.signature(Commands).parameters}
        rest = {"menu": NoFace(), "rest": Rest(can_sleep=False)}
        review = {"review": desk.face, "review_state": desk.face.state}
        self.commands = Commands(**{**parts, "camera": self.camera, **rest, **review})  # type: ignore[arg-type]
        self._heard: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._factory = SteppedFactory(desk.clock)
        self.buttons = Buttons(PINS, 5, desk.clock, self._press, lambda *_: None, self._factory)

    def _press(self, name: str, down: bool, when_ns: int) -> None:
        self.commands.button(name, down, when_ns)
        self._heard.put(name)

    def press(self, name: str, for_ms: int = 20) -> None:
        self._factory.pin(PINS[name]).drive_low()
        assert self._heard.get(timeout=10) == name
        self.desk.clock.advance(for_ms * MS)
        self.commands.passed(self.desk.clock.now_ns())
        self._factory.pin(PINS[name]).drive_high()
        self.desk.clock.advance(6 * MS)
        assert self._heard.get(timeout=10) == name
        self.desk.step()


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[Hand]:
    root = tmp_path / "card"
    root.mkdir()
    for number in (1, 2):
        put(root, number, number)
    hand = Hand(Reviewing(root, tmp_path / "ring"))
    yield hand
    hand.buttons.close()


def test_the_function_button_held_opens_the_review_and_a_tap_leaves_it(hand: Hand) -> None:
    hand.press("function")
    assert not hand.desk.state.open
    hand.press("function", for_ms=700)
    assert (hand.desk.state.open, hand.desk.state.position, hand.desk.view().review) == (
        True,
        2,
        hand.desk.state.picture,
    )
    hand.press("function")
    assert not hand.desk.state.open


def test_five_buttons_and_function_do_all_there_is(hand: Hand) -> None:
    hand.press("function", for_ms=700)
    hand.press("left")
    for name in ("up", "right", "ok", "function", "down", "down", "down"):
        hand.press(name)
    for name in ("ok", "right", "right", "down", "ok"):
        hand.press(name)
    state = hand.desk.state
    assert (state.position, state.rating, state.protected, state.page) == (1, 2, True, "picture")
    assert xmp.rating((hand.desk.root / FOLDER / "MCAM0001.xmp").read_bytes()) == 2
    hand.press("right")
    for name in ("ok", "down", "down", "ok", "right", "ok"):
        hand.press(name)
    assert (hand.desk.state.count, hand.desk.state.deleted) == (1, 1)
    for name in ("ok", "down", "down", "down", "ok"):
        hand.press(name)
    assert (hand.desk.state.count, hand.desk.state.name) == (2, "100MCAM_/MCAM0002")
    assert sidecars.rating(hand.desk.root, hand.desk.table._roll[0].picture) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["s1", "s2"])
def test_the_shutter_closes_the_review_from_wherever_one_is_and_acts(hand: Hand, name: str) -> None:
    hand.press("function", for_ms=700)
    hand.press("up")
    hand.press("ok")
    hand.press(name)
    assert not hand.desk.state.open
    assert hand.camera.release.called == (name == "s2")
    assert hand.camera.arm.called == (name == "s1")


def test_a_held_arrow_goes_on_through_the_photographs(hand: Hand) -> None:
    hand.press("function", for_ms=700)
    hand.press("left", for_ms=700)
    assert hand.desk.state.position == 1
