"""Several hands on one button, and clients that vanish with a finger on one."""

import inspect
from typing import Any
from unittest.mock import Mock

import pytest

from device.commands import Commands
from device.errors import CardFull, McamError
from device.held_buttons import HeldButtons
from device.protocol import ButtonCall
from device.rest import Rest
from tests.no_face import NoFace

ONE, OTHER = 1, 2


@pytest.fixture
def camera() -> Mock:
    return Mock()


@pytest.fixture
def commands(camera: Mock) -> Commands:
    parts: dict[str, Any] = {name: Mock() for name in inspect.signature(Commands).parameters}
    faces = {"menu": NoFace(), "review": NoFace()}
    return Commands(**parts | faces | {"camera": camera, "rest": Rest(can_sleep=False)})


def press(commands: Commands, name: str, client: int, *, down: bool = True) -> None:
    commands.answer("Button", ButtonCall(name=name, down=down), client)  # type: ignore[arg-type]


def told(method: Mock) -> list[bool]:
    """What the camera was told of a button, down or up."""
    return [bool(each.args[0]) for each in method.call_args_list]


def test_a_button_is_up_when_the_last_of_its_holders_lets_go() -> None:
    held = HeldButtons()
    held.down("s1", ONE)
    held.down("s1", OTHER)
    assert not held.up("s1", ONE)
    assert held.up("s1", OTHER)
    assert held.of(ONE) == held.of(OTHER) == []


def test_who_holds_nothing_lets_go_of_nothing() -> None:
    held = HeldButtons()
    assert held.up("s1", ONE)  # nobody does: it is up, and may be said to be
    held.down("s1", OTHER)
    assert not held.up("s1", ONE)
    assert held.of(OTHER) == ["s1"]


def test_a_late_release_does_not_undo_anothers_press(commands: Commands, camera: Mock) -> None:
    press(commands, "s2", ONE)
    press(commands, "s2", OTHER)
    press(commands, "s2", ONE, down=False)
    assert told(camera.release) == [True, True]  # each press is one
    press(commands, "s2", OTHER, down=False)
    assert told(camera.release) == [True, True, False]


def test_a_browser_does_not_let_go_of_what_the_hand_at_the_camera_holds(commands: Commands, camera: Mock) -> None:
    commands.button("s1", down=True, when_ns=0)
    press(commands, "s1", ONE)
    press(commands, "s1", ONE, down=False)
    commands.let_go(ONE)
    assert told(camera.arm) == [True, True]
    commands.button("s1", down=False, when_ns=1)
    assert told(camera.arm) == [True, True, False]


def test_who_is_gone_holds_nothing(commands: Commands, camera: Mock) -> None:
    press(commands, "s1", ONE)
    press(commands, "s2", ONE)
    press(commands, "s2", OTHER)
    commands.let_go(ONE)
    assert told(camera.arm) == [True, False]
    assert told(camera.release) == [True, True]
    commands.let_go(ONE)
    commands.let_go(OTHER)
    assert told(camera.arm) == [True, False]
    assert told(camera.release) == [True, True, False]


def test_a_press_that_was_refused_is_let_go_as_well_and_one_refusal_stops_no_other(
    commands: Commands, camera: Mock
) -> None:
    camera.arm.side_effect = camera.release.side_effect = CardFull("The card is full: put in another.")
    for name in ("s1", "s2"):
        with pytest.raises(McamError):
            press(commands, name, ONE)
    commands.let_go(ONE)
    assert told(camera.arm) == told(camera.release) == [True, False]


def test_the_encoder_is_not_held(commands: Commands, camera: Mock) -> None:
    commands.answer("Button", ButtonCall(name="encoder", steps=2), ONE)
    assert camera.dial.call_count == 1
    commands.let_go(ONE)
    assert camera.dial.call_count == 1
