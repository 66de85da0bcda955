"""Buttons on gpiozero's mock pins: a clock that is moved by hand, a thread that is real."""

import queue
import threading
from collections.abc import Iterator

import pytest
from gpiozero import InputDevice
from gpiozero.pins.mock import MockFactory, MockPin

from device.buttons import Buttons
from device.clock import SteppedClock
from device.config import load
from device.errors import NoPins

MS = 1_000_000
CONFIG = load(None).buttons
Told = tuple[str, bool, int] | tuple[int, int]


class SteppedPin(MockPin):  # type: ignore[misc]
    """A mock pin whose time is the test's, and which may be held to ground from before the start."""

    def _call_when_changed(self) -> None:
        super(MockPin, self)._call_when_changed(self.factory.ticks() - self.factory.late_s, self._state)

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        if self.info.name in self.factory.held:
            self._state = False


class SteppedFactory(MockFactory):  # type: ignore[misc]
    def __init__(self, clock: SteppedClock) -> None:
        super().__init__(pin_class=SteppedPin)
        self.clock = clock
        self.held: set[str] = set()
        self.late_s = 0.0

    def ticks(self) -> float:
        return self.clock.now_ns() / 1e9 - 0.75  # a clock of the factory's own


class Rig:
    """The pins, the clock, and what was told."""

    def __init__(self) -> None:
        self.clock = SteppedClock()
        self.pins = CONFIG.pins
        self.factory = SteppedFactory(self.clock)
        self.told: queue.SimpleQueue[Told] = queue.SimpleQueue()
        self.buttons: Buttons | None = None

    def start(self) -> None:
        self.buttons = Buttons(
            self.pins,
            CONFIG.debounce_ms,
            self.clock,
            lambda name, down, when_ns: self.told.put((name, down, when_ns)),
            lambda clicks, when_ns: self.told.put((clicks, when_ns)),
            self.factory,
        )

    def move(self, name: str, *, closed: bool, after_ms: float = 0) -> int:
        """Let time pass, then move a contact; returns when that was."""
        self.clock.advance(round(after_ms * MS))
        pin = self.factory.pin(self.pins[name])
        (pin.drive_low if closed else pin.drive_high)()
        return self.clock.now_ns()

    def chatter(self, name: str, *, closed: bool) -> None:
        for level in (not closed, closed) * 4:
            self.move(name, closed=level, after_ms=0.2)

    def next(self) -> Told:
        return self.told.get(timeout=10)

    def rest(self) -> list[Told]:
        """Everything that was told and not yet asked for; ends the buttons."""
        if self.buttons:
            self.buttons.close()
        return [self.told.get_nowait() for _ in range(self.told.qsize())]


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig()
    yield rig
    rig.rest()
    rig.factory.reset()


@pytest.mark.parametrize("name", ["s1", "s2", "function", "up", "down", "left", "right", "ok"])
def test_each_button_tells_its_press_and_its_release_with_the_time_of_the_edge(rig: Rig, name: str) -> None:
    rig.start()
    pressed_ns = rig.move(name, closed=True, after_ms=100)
    assert rig.next() == (name, True, pressed_ns)
    released_ns = rig.move(name, closed=False, after_ms=80)
    rig.clock.advance(5 * MS)
    assert rig.next() == (name, False, released_ns)
    assert rig.rest() == []


def test_a_press_is_told_at_once_while_the_contact_still_chatters(rig: Rig) -> None:
    rig.start()
    pressed_ns = rig.move("s2", closed=True)
    assert rig.next() == ("s2", True, pressed_ns)  # the clock stands: nothing has stood still yet


def test_chatter_on_both_edges_makes_one_press_and_one_release(rig: Rig) -> None:
    rig.start()
    pressed_ns = rig.move("s2", closed=True)
    rig.chatter("s2", closed=True)
    rig.move("s2", closed=False, after_ms=60)
    rig.chatter("s2", closed=False)
    released_ns = rig.clock.now_ns()
    rig.clock.advance(5 * MS)
    assert [rig.next(), rig.next()] == [("s2", True, pressed_ns), ("s2", False, released_ns)]
    assert rig.rest() == []


def test_a_full_press_tells_the_half_press_first(rig: Rig) -> None:
    rig.start()
    half_ns = rig.move("s1", closed=True)
    full_ns = rig.move("s2", closed=True, after_ms=30)
    rig.chatter("s1", closed=True)  # S1 chatters when S2 closes
    assert [rig.next(), rig.next()] == [("s1", True, half_ns), ("s2", True, full_ns)]
    assert rig.rest() == []


def test_s2_without_s1_is_told_as_it_is(rig: Rig) -> None:
    rig.start()
    pressed_ns = rig.move("s2", closed=True)
    assert rig.rest() == [("s2", True, pressed_ns)]


def test_a_button_that_is_stuck_from_the_start_does_not_fire(rig: Rig) -> None:
    rig.factory.held = {f"GPIO{CONFIG.s2}"}
    rig.start()
    rig.clock.advance(5_000 * MS)
    pressed_ns = rig.move("s1", closed=True)
    assert rig.rest() == [("s1", True, pressed_ns)]


def test_a_button_held_for_a_minute_does_not_repeat(rig: Rig) -> None:
    rig.start()
    pressed_ns = rig.move("s2", closed=True)
    rig.clock.advance(60_000 * MS)
    other_ns = rig.move("up", closed=True)
    assert rig.rest() == [("s2", True, pressed_ns), ("up", True, other_ns)]


def test_a_press_that_is_delivered_late_is_stamped_with_its_own_time(rig: Rig) -> None:
    rig.start()
    rig.factory.late_s = 0.0015
    told_at_ns = rig.move("s2", closed=True)
    assert rig.next() == ("s2", True, told_at_ns - 1_500_000)


def turn(rig: Rig, first: str, second: str, *, chatter: bool) -> int:
    for name, closed in ((first, True), (second, True), (first, False), (second, False)):
        rig.move(name, closed=closed, after_ms=1)
        if chatter:
            rig.chatter(name, closed=closed)
    return rig.clock.now_ns()


@pytest.mark.parametrize("chatter", [False, True])
def test_the_encoder_tells_clicks_either_way(rig: Rig, chatter: bool) -> None:
    rig.start()
    turn(rig, "encoder_a", "encoder_b", chatter=chatter)
    turn(rig, "encoder_a", "encoder_b", chatter=chatter)
    turn(rig, "encoder_b", "encoder_a", chatter=chatter)
    assert [told[0] for told in rig.rest()] == [1, 1, -1]


def test_an_encoder_whose_push_contact_is_wired_tells_its_press(rig: Rig) -> None:
    rig.pins = {**CONFIG.pins, "encoder_press": 25}
    rig.start()
    pressed_ns = rig.move("encoder_press", closed=True)
    rig.chatter("encoder_press", closed=True)
    released_ns = rig.move("encoder_press", closed=False, after_ms=50)
    rig.clock.advance(5 * MS)
    assert [rig.next(), rig.next()] == [("encoder_press", True, pressed_ns), ("encoder_press", False, released_ns)]


def test_a_hundred_fast_clicks_are_all_told_with_their_times(rig: Rig) -> None:
    rig.start()
    when = [turn(rig, "encoder_a", "encoder_b", chatter=False) for _ in range(100)]
    assert rig.rest() == [(1, when_ns) for when_ns in when]


def test_an_error_in_what_a_press_sets_off_is_kept_and_spares_the_pins_thread(rig: Rig) -> None:
    rig.told = None  # type: ignore[assignment]  # the callbacks now raise
    rig.start()
    rig.move("s2", closed=True)  # a mock pin calls back from here
    assert rig.buttons is not None
    rig.buttons.close()
    assert isinstance(rig.buttons.failure, AttributeError)
    rig.told = queue.SimpleQueue()


def test_close_releases_the_pins_and_may_be_called_twice(rig: Rig) -> None:
    rig.start()
    assert rig.buttons is not None
    rig.buttons.close()
    rig.buttons.close()
    assert rig.buttons.failure is None
    assert [t.name for t in threading.enumerate() if t.name == "buttons"] == []
    rig.start()  # would be refused if a pin were still reserved


def test_a_pin_that_somebody_has_is_said_and_the_others_are_let_go(rig: Rig) -> None:
    other = InputDevice(CONFIG.ok, pull_up=True, pin_factory=rig.factory)
    with pytest.raises(NoPins, match=rf"The buttons' pins cannot be used .*GPIO{CONFIG.ok}.*mcam\.toml"):
        rig.start()
    other.close()
    rig.start()
