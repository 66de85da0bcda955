"""Exposing with the rig's buttons alone: gpiozero's mock pins at one end, the simulated sensor at the other.

Both run on the same stepped clock; each press is awaited, as the buttons have a thread of their own.
"""

import inspect
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from gpiozero.pins.mock import MockFactory

from device.buttons import Buttons
from device.clock import SteppedClock
from device.commands import Commands
from device.config import load
from device.decisions import Decisions
from device.dials import ITEMS
from device.errors import BadValue
from device.frame import Exposure
from device.lens import Lens
from device.protocol import SetCall
from device.rest import Rest
from device.sensor import Setting
from device.states import ExposureState
from tests.no_face import NoFace
from tests.running_stream import Running
from tests.small_sensor import SMALL, small_sensor

PINS = {**load(None).buttons.pins, "encoder_press": 25}
DEBOUNCE_MS = 5


class Rig(Running):
    """A camera with nothing open, its pins, and the lens that is named."""

    def __init__(self, folder: Path, **exposure: object) -> None:
        clock = SteppedClock()
        self.sensor = small_sensor(clock, buffers=7)
        super().__init__(folder, self.sensor, clock, facts=SMALL.facts, **exposure)
        self._factory, self._told = MockFactory(), threading.Semaphore(0)
        parts: dict[str, Any] = {name: Mock() for name in inspect.signature(Commands).parameters}
        parts |= {"camera": self.camera, "menu": NoFace(), "review": NoFace(), "rest": Rest(can_sleep=False)}
        self.commands = Commands(**parts)
        self._buttons = Buttons(PINS, DEBOUNCE_MS, clock, self._button, self._turn, self._factory)

    def close(self) -> None:
        self._buttons.close()
        self._factory.reset()
        assert self._buttons.failure is None

    @property
    def now(self) -> ExposureState:
        return self.camera.dials.exposure

    def hold(self, name: str) -> None:
        self._factory.pin(PINS[name]).drive_low()
        assert self._told.acquire(timeout=10), f"{name} was not told"

    def let_go(self, name: str) -> None:
        self._factory.pin(PINS[name]).drive_high()
        self.clock.wait_until(self.clock.now_ns() + 2 * DEBOUNCE_MS * 1_000_000)
        assert self._told.acquire(timeout=10), f"{name} was not let go"

    def press(self, name: str, times: int = 1) -> None:
        for _ in range(times):
            self.hold(name)
            self.let_go(name)

    def mark(self, item: str) -> None:
        """With the pad."""
        for _ in ITEMS:
            if self.camera.dials.view.highlight == item:
                return
            self.press("right")
        pytest.fail(f"the pad does not come to {item}")

    def _button(self, name: str, down: bool, when_ns: int) -> None:
        self.commands.button(name, down, when_ns)
        self._told.release()

    def _turn(self, steps: int, _: int) -> None:
        self.commands.turn(steps)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    made: list[Rig] = []

    def make(**exposure: object) -> Rig:
        made.append(Rig(tmp_path, **exposure))
        return made[-1]

    yield make
    for each in made:
        each.close()


def settled(rig: Rig) -> Exposure:
    """After some frames: what the newest was exposed with, which must be what the panel says."""
    rig.see(14)
    newest = rig.frames[-1].exposure
    assert (rig.now.shutter_us, rig.now.iso) == (newest.exposure_us, newest.iso)
    return newest


def mounted(rig: Rig, focal_length_mm: float) -> None:
    rig.camera.mount(Lens("x", "A lens", "", focal_length_mm, 0.0), 4.0)


def test_a_without_auto_iso_sets_the_shutter_alone(rig: Callable[..., Rig]) -> None:
    now = rig(auto_iso=False, set_iso=100)
    bright = settled(now)
    now.mark("iso")
    now.press("up", 6)  # two stops
    fast = settled(now)
    assert (bright.gain, fast.gain) == (1.0, 4.0)
    assert fast.exposure_us == pytest.approx(bright.exposure_us / 4, rel=0.08)


@pytest.mark.parametrize(("factor", "slowest_us"), [(0.5, 10_370), (1.0, 5_185), (2.0, 2_593)])
def test_auto_iso_goes_no_slower_than_the_lens_can_be_held(
    rig: Callable[..., Rig], factor: float, slowest_us: int
) -> None:
    """35 mm on an IMX477 are 192.9 mm: 1/193 s, its double or its half."""
    now = rig(slowest_shutter_factor=factor, iso_max=2226)
    mounted(now, 35.0)
    now.sensor.turn(None, 8.0, -1.0)
    dim = settled(now)
    assert dim.exposure_us == pytest.approx(slowest_us, rel=2e-3)
    assert dim.gain > 1.5


def test_without_a_lens_auto_iso_goes_by_the_fixed_shutter(rig: Callable[..., Rig]) -> None:
    now = rig(slowest_shutter_us=8_000)
    now.sensor.turn(None, 8.0, -1.0)
    assert settled(now).exposure_us == 8_000


def test_m_with_auto_iso_keeps_the_shutter(rig: Callable[..., Rig]) -> None:
    now = rig(iso_max=2226)
    settled(now)
    now.mark("shutter")
    now.press("up", 2)
    before = now.now.set_shutter_us
    assert now.now.mode == "M"
    now.sensor.turn(None, None, -2.0)
    after = settled(now)
    assert after.exposure_us == before
    assert after.gain > 2


def test_m_by_hand_moves_nothing_and_says_in_thirds_by_how_much_it_is_off(rig: Callable[..., Rig]) -> None:
    now = rig(mode="M", auto_iso=False, set_shutter_us=10_000)
    before = settled(now)
    off_ev = now.now.off_ev
    now.mark("shutter")
    now.press("down", 3)  # the scale's next: a stop brighter is slower, so down is faster
    after = settled(now)
    assert before == Exposure(10_000, 1.0)
    assert after == Exposure(now.now.set_shutter_us, 1.0)
    assert off_ev is not None
    assert now.now.off_ev == pytest.approx(off_ev + (-1 if after.exposure_us < 10_000 else 1), abs=0.02)


def test_compensation_makes_it_brighter_by_that_much(rig: Callable[..., Rig]) -> None:
    now = rig(auto_iso=False)
    plain = settled(now)
    now.mark("ev")
    now.press("up", 3)
    assert now.now.ev == 1.0
    assert settled(now).exposure_us == pytest.approx(2 * plain.exposure_us, rel=0.08)


def test_metering_and_white_balance_are_a_few_presses_away(rig: Callable[..., Rig]) -> None:
    now = rig()
    multi = settled(now)
    now.mark("metering")
    now.press("down")
    assert now.now.metering == "highlight"
    assert settled(now) != multi
    now.mark("white_balance")
    now.press("up", 4)
    assert now.camera.dials.white_balance.mode == "tungsten"


def test_the_encoders_press_walks_through_what_is_changed_most(rig: Callable[..., Rig]) -> None:
    now, seen = rig(), []
    for _ in range(4):
        now.press("encoder_press")
        seen.append(now.camera.dials.view.highlight)
    assert seen == ["iso", "ev", "aperture", "shutter"]


def test_half_a_press_holds_the_exposure_for_the_photograph(rig: Callable[..., Rig]) -> None:
    now = rig()
    settled(now)
    now.hold("s1")
    now.see(4)
    assert now.camera.setting is Setting.ARMED
    assert now.now.locked
    held = now.now.shutter_us, now.now.iso
    now.sensor.turn(None, None, 3.0)
    now.see(6)
    now.hold("s2")
    now.turn_until(lambda: now.rig.darkroom.status().queued)
    now.rig.save_all()
    (taken,) = now.rig.taken
    assert (taken.frame.exposure.exposure_us, taken.frame.exposure.iso) == held
    assert taken.decisions == Decisions(program=3, metering=5, light=0)  # aperture priority, pattern, automatic white
    now.let_go("s2")
    now.let_go("s1")
    now.see(20)
    assert not now.now.locked
    assert now.now.shutter_us * now.now.iso < held[0] * held[1] / 4


def test_where_the_setting_says_so_half_a_press_locks_nothing(rig: Callable[..., Rig]) -> None:
    now = rig(lock_on_half_press=False)
    settled(now)
    now.hold("s1")
    now.see(6)
    assert not now.now.locked
    now.let_go("s1")


@pytest.mark.parametrize("mains", ["50 Hz", "60 Hz"])
def test_against_lamps_on_the_mains_each_frame_lasts_whole_flashes(rig: Callable[..., Rig], mains: str) -> None:
    now = rig(anti_flicker=mains)
    now.sensor.turn(None, 16.0, -1.0)
    flash_us = {"50 Hz": 10_000, "60 Hz": 8_333.3}[mains]
    flashes = settled(now).exposure_us / flash_us
    assert flashes == pytest.approx(round(flashes), abs=1e-3)
    assert flashes > 0.99
    assert not now.now.flickers
    now.sensor.turn(None, 2.0, 3.0)
    assert settled(now).exposure_us < flash_us
    assert now.now.flickers


def test_a_slow_shutter_leaves_live_view_quick_and_is_the_photographs(rig: Callable[..., Rig]) -> None:
    now = rig(mode="M", auto_iso=False, set_shutter_us=500_000)
    now.sensor.turn(None, 16.0, -4.0)
    now.see(12)
    assert now.frames[-1].exposure == Exposure(250_000, 2.0)
    assert (now.now.shutter_us, now.now.iso) == (500_000, 100)
    now.press("s2")
    now.turn_until(lambda: now.rig.darkroom.status().queued)
    now.rig.save_all()
    assert now.rig.taken[0].frame.exposure == Exposure(500_000, 1.0)


def test_no_dial_and_no_call_says_an_aperture_that_the_lens_does_not_have(rig: Callable[..., Rig]) -> None:
    r = rig()
    r.camera.mount(Lens("x", "Summicron", "Leica", 35.0, 2.0, 16.0), 2.8)
    r.mark("aperture")
    r.press("down", times=4)
    assert r.now.f_number == 2.0
    for wanted, stands in ((5.6, 5.6), (0, None)):
        r.commands.answer("Set", SetCall(key="exposure.f_number", value=wanted))
        assert r.now.f_number == stands
    with pytest.raises(BadValue, match="opens to f/2 and closes to f/16, not f/1:"):
        r.commands.answer("Set", SetCall(key="exposure.f_number", value=1.0))
    assert r.now.f_number is None
