"""Sleep after a time without a touch, and what wakes: which press does nothing else, but for S1 and S2."""

import inspect
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import Mock, call

import pytest

from device.commands import Commands
from device.dial_rules import changed
from device.dials import Dials
from device.errors import Busy
from device.face_states import ViewState
from device.protocol import ButtonCall, SetCall, ShootCall, ShownCall
from device.rest import Rest
from device.sensor import Setting
from device.states import ExposureState, PowerState
from tests.synthetic_view import synthetic_state, synthetic_view
from tests.test_camera import FULL, Rig
from ui.state import Seen
from ui.viewfinder import Viewfinder

S = 1_000_000_000


def test_it_falls_asleep_so_long_after_the_last_touch_and_once() -> None:
    rest = Rest(can_sleep=True)
    assert not rest.passed(1000 * S, 60, busy=False)  # the first look: nobody knows what was before
    rest.touched(1010 * S)
    assert not rest.passed(1069 * S, 60, busy=False)
    assert rest.passed(1070 * S, 60, busy=False)
    assert rest.asleep
    assert not rest.passed(1200 * S, 60, busy=False)


def test_a_touch_wakes_it_and_only_a_sleeper_is_woken() -> None:
    rest = Rest(can_sleep=True, asleep=True, touched_ns=0)
    assert rest.touched(100 * S)
    assert not rest.touched(101 * S)
    assert not rest.passed(150 * S, 60, busy=False)


@pytest.mark.parametrize(("can_sleep", "after_s", "busy"), [(False, 60, False), (True, 0, False), (True, 60, True)])
def test_it_stays_awake_without_buttons_when_told_to_and_while_it_works(
    can_sleep: bool, after_s: int, busy: bool
) -> None:
    rest = Rest(can_sleep=can_sleep, touched_ns=0)
    assert not rest.passed(10_000 * S, after_s, busy=busy)
    assert not rest.asleep


class Sleeper:
    """Commands over a camera that is asleep."""

    def __init__(self) -> None:
        self.camera = Mock(is_busy=False, dials=Dials(ExposureState(), ViewState(), power=PowerState(sleep_after_s=60)))
        self.menu = Mock(is_open=False, held={})
        parts: dict[str, Any] = {name: Mock() for name in inspect.signature(Commands).parameters}
        review = Mock(is_open=False, held={})
        clock = Mock(**{"now_ns.return_value": 200 * S})
        rest = Rest(can_sleep=True, touched_ns=0)
        parts |= {"camera": self.camera, "menu": self.menu, "review": review, "clock": clock, "rest": rest}
        self.commands = Commands(**parts)
        self.commands.passed(100 * S)

    @property
    def done(self) -> list[Any]:
        """What the camera was told since it fell asleep."""
        assert self.camera.mock_calls[0] == call.sleep(asleep=True)
        return self.camera.mock_calls[1:]


def test_any_button_wakes_and_does_nothing_else() -> None:
    sleeper = Sleeper()
    sleeper.commands.button("up", down=True, when_ns=200 * S)
    sleeper.commands.button("up", down=False, when_ns=200 * S + 1)
    assert sleeper.done == [call.sleep(asleep=False)]
    sleeper.commands.button("up", down=True, when_ns=201 * S)
    assert sleeper.done[1] == call.dial(sleeper.done[1].args[0])


@pytest.mark.parametrize(
    ("button", "armed"),
    [("s1", [call.arm(True, 200 * S)]), ("s2", [call.arm(False, 200 * S)])],
)
def test_s1_and_s2_ready_the_camera_too_and_take_nothing(button: str, armed: list[Any]) -> None:
    sleeper = Sleeper()
    sleeper.commands.button(button, down=True, when_ns=200 * S)
    assert sleeper.done == [call.sleep(asleep=False), *armed]


def test_s2_that_wakes_leaves_s1_up_where_there_is_no_room_for_what_s1_would_begin(tmp_path: Path) -> None:
    """It stood for held from then on: the camera slept no more, and best of rack ended no more."""
    rig, sleeper = Rig(tmp_path, 1), Sleeper()
    rig.camera.dial(lambda dials: changed(dials, "drive.mode", "best-of-rack"))
    rig.camera.started(Setting.ARMED, FULL)
    rig.camera.press(0)  # has the only place
    sleeper.camera.arm = rig.camera.arm
    with suppress(Busy):
        sleeper.commands.button("s2", down=True, when_ns=200 * S)
    assert not rig.camera._readiness.half_pressed


def test_the_encoder_wakes_and_turns_nothing() -> None:
    sleeper = Sleeper()
    sleeper.commands.answer("Button", ButtonCall(name="encoder", steps=2))
    assert sleeper.done == [call.sleep(asleep=False)]


def test_who_sets_something_from_afar_wakes_it_and_who_only_looks_does_not() -> None:
    sleeper = Sleeper()
    sleeper.commands.answer("Shown", ShownCall(delay_us=1, worst_us=1))
    assert not sleeper.done
    sleeper.commands.answer("Set", SetCall(key="view.grid", value=True))
    assert sleeper.done[0] == call.sleep(asleep=False)
    assert len(sleeper.done) == 2


def test_what_was_open_is_closed_when_it_falls_asleep() -> None:
    sleeper = Sleeper()
    assert sleeper.menu.close.called


def test_the_panel_is_black() -> None:
    asleep = Seen(camera=synthetic_state(camera="asleep"))
    assert not Viewfinder((240, 240)).draw(asleep, synthetic_view())[..., :3].any()


class Turn:
    """A lock that tells that it is wanted, and whether it must be waited for."""

    def __init__(self, wanted: Callable[[bool], None]) -> None:
        self._lock, self._wanted = threading.Lock(), wanted

    def __enter__(self) -> None:
        self._wanted(self._lock.locked())
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class Racing:
    """A camera that is about to fall asleep, and a finger that comes at that very moment on another thread.

    The finger's thread is let run until it has done what it wanted, or waits for its turn.
    """

    def __init__(self, tmp_path: Path, act: Callable[[Commands], object]) -> None:
        self.rig = Rig(tmp_path, 8)
        self.camera = self.rig.camera
        self.camera.dial(lambda dials: changed(dials, "power.sleep_after_s", 60))
        self.camera.started(Setting.SMOOTH, FULL)
        parts: dict[str, Any] = {name: Mock() for name in inspect.signature(Commands).parameters}
        closed = {"menu": Mock(is_open=False, held={}), "review": Mock(is_open=False, held={})}
        clock = Mock(**{"now_ns.return_value": 200 * S})
        rest = Rest(can_sleep=True, touched_ns=0)
        self.commands = Commands(**parts | closed | {"camera": self, "clock": clock, "rest": rest})
        self.rest, self._act = rest, act
        self._waits_or_done = threading.Event()
        self._finger = threading.Thread(target=self._press)
        hand = self.commands._hand
        hand._resting = Turn(self._wanted)  # type: ignore[assignment]
        hand._pressing = Turn(self._wanted)  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.camera, name)

    def sleep(self, *, asleep: bool) -> None:
        if asleep and not self._finger.is_alive():
            self._finger.start()
            assert self._waits_or_done.wait(10)
        self.camera.sleep(asleep=asleep)

    def _press(self) -> None:
        self._act(self.commands)
        self._waits_or_done.set()

    def _wanted(self, held: bool) -> None:
        """Somebody wants a turn, which another has."""
        if held and threading.current_thread() is self._finger:
            self._waits_or_done.set()

    def agree(self) -> None:
        """Afterwards the camera is awake, and whoever decides that knows it."""
        self._finger.join(10)
        assert not self._finger.is_alive()
        assert (self.camera.asleep, self.rest.asleep) == (False, False)


@pytest.mark.parametrize("button", ["up", "s1", "s2"])
def test_a_press_at_the_moment_of_falling_asleep_leaves_the_camera_awake(tmp_path: Path, button: str) -> None:
    """It was put to sleep after the press had woken it, and no press woke it any more."""
    racing = Racing(tmp_path, lambda commands: commands.button(button, down=True, when_ns=200 * S))
    racing.commands.passed(100 * S)
    racing.agree()


def test_a_press_from_afar_at_that_moment_is_served(tmp_path: Path) -> None:
    racing = Racing(tmp_path, lambda commands: commands.answer("Shoot", ShootCall(wait=False)))
    racing.commands.passed(100 * S)
    racing.agree()
    assert racing.camera.state == "exposing"


def test_the_power_buttons_tap_does_not_put_a_press_of_that_moment_to_sleep(tmp_path: Path) -> None:
    racing = Racing(tmp_path, lambda commands: commands.button("s2", down=True, when_ns=200 * S))
    racing.commands.button("power", down=True, when_ns=200 * S)
    racing.commands.button("power", down=False, when_ns=200 * S + 1)
    racing.agree()


def test_what_a_press_has_set_going_keeps_the_camera_awake_until_it_is_done(tmp_path: Path) -> None:
    racing = Racing(tmp_path, lambda _: None)
    racing.camera.press(50 * S)
    racing.commands.passed(100 * S)
    racing.commands.button("power", down=True, when_ns=101 * S)
    racing.commands.button("power", down=False, when_ns=101 * S + 1)
    assert not racing.camera.asleep
