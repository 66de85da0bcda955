"""The automatic exposure from frame to frame, on an ideal sensor whose settings come two frames late."""

import math

import numpy as np
import pytest

from device import exposure
from device.auto_exposure import AutoExposure, program_of, told
from device.frame import CLIPPED_STOPS, HISTOGRAM_BINS, MIDDLE_GREY, Colour, Exposure, Reading, SensorFacts
from device.sensor import Setting
from device.states import ExposureState

FACTS = SensorFacts("X", 4056, 3040, 1.55, 1.0, 22.26, 114, 670_000_000, Colour((), ()))
FIXED = ExposureState(slowest_shutter="fixed")
SCENE = 2.0 ** np.linspace(-3, 1, 200)  # of four stops' spread: parts of it clip before others


def reading(signal: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Reading:
    """Of a scene that fills each zone with all of its brightnesses."""
    clipped = np.minimum(signal, 1.0)
    codes = np.where(signal >= 1, CLIPPED_STOPS, np.clip(16 * (14 + np.log2(clipped)), 0, CLIPPED_STOPS - 1))
    return Reading(
        histogram=np.zeros((4, HISTOGRAM_BINS), np.float32),
        clipped_share=np.full(4, (signal >= 1).mean(), np.float32),
        mean=np.full(4, clipped.mean(), np.float32),
        focus=np.zeros((1, 1), np.float32),
        clipped=np.zeros((2, 2), np.uint8),
        focus_score=0.0,
        noise_floor_ev=-10.0,
        headroom_ev=1.0,
        stops=np.tile(codes.astype(np.uint8), (12, 16)),
        spot_ev=math.log2(max(clipped.mean(), 1e-5)),
    )


class Loop:
    """An automatic exposure around that sensor."""

    def __init__(self, light: float, now: ExposureState = FIXED, start: Exposure | None = None) -> None:
        self.light, self.now = light, now
        self.auto = AutoExposure(FACTS)
        self.queue = [start or Exposure(5_000, 1.0)] * 2
        self.errors: list[float] = []

    def see(self, frames: int, *, hold: bool = False, setting: Setting = Setting.ARMED) -> None:
        for _ in range(frames):
            used = self.queue.pop(0)
            signal = self.light * max(exposure.amount(used), 1.0) * SCENE
            self.errors.append(math.log2(max(np.minimum(signal, 1.0).mean(), 1e-9) / MIDDLE_GREY))
            program = program_of(self.now, 0.0)
            asked = self.auto.after(used, reading(signal), self.now, program, setting, hold=hold)
            self.queue.append(asked)

    @property
    def told(self) -> dict[str, bool | float | None]:
        return told(self.auto, program_of(self.now, 0.0))


@pytest.mark.parametrize("jump_ev", [-10, -6, -3, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
def test_a_jump_of_light_is_settled_within_eight_frames_and_stays_settled(jump_ev: int) -> None:
    loop = Loop(1 / 500_000 if jump_ev > 0 else 1 / 1_000)  # a dim or a bright room, so that both ends are in reach
    loop.see(20)
    loop.light *= 2.0**jump_ev
    loop.see(40)
    assert all(abs(error) < 0.15 for error in loop.errors[28:]), loop.errors


@pytest.mark.parametrize("unknown", [Exposure(0, 0.0), Exposure(0, 2.0), Exposure(8000, 0.0)])
def test_from_an_unknown_exposure_nothing_is_reckoned(unknown: Exposure) -> None:
    loop = Loop(1 / 50_000, start=unknown)
    loop.see(4)
    assert loop.auto.shot == unknown
    assert (loop.told["off_ev"], loop.told["shutter_us"]) == (None, unknown.exposure_us)


def test_of_a_stored_frame_its_own_exposure_is_told() -> None:
    facts = SensorFacts("X", 4056, 3040, 1.55, 1.0, 1.0, 8_000, 8_000, Colour((), ()), obeys_exposure=False)
    auto, stored = AutoExposure(facts), Exposure(1_234, 3.0)
    for _ in range(3):
        auto.after(stored, reading(SCENE / 100), FIXED, program_of(FIXED, 0.0), Setting.SMOOTH, hold=True)
    assert auto.shot == stored
    assert not auto.is_locked


def test_half_a_press_keeps_what_was_metered_and_letting_go_meters_again() -> None:
    loop = Loop(1 / 50_000)
    loop.see(10)
    before = loop.auto.shot
    loop.see(2, hold=True)
    assert loop.told["locked"]
    loop.light *= 8
    loop.see(8, hold=True)
    assert loop.auto.shot == before
    loop.see(8)
    assert not loop.told["locked"]
    assert exposure.amount(loop.auto.shot) == pytest.approx(exposure.amount(before) / 8, rel=0.08)


def test_half_a_press_before_the_exposure_has_settled_locks_when_it_has() -> None:
    loop = Loop(1 / 500)
    loop.see(1, hold=True)
    assert not loop.told["locked"]
    loop.see(12, hold=True)
    assert loop.told["locked"]
    assert abs(loop.errors[-1]) < 0.15


def test_compensation_and_iso_still_do_what_they_say_while_the_light_is_locked() -> None:
    loop = Loop(1 / 50_000)
    loop.see(10)
    loop.see(2, hold=True)
    before = loop.auto.shot
    loop.now = ExposureState(slowest_shutter="fixed", ev=1.0, auto_iso=False, set_iso=200)
    loop.see(1, hold=True)
    assert loop.auto.shot.gain == 2.0
    assert exposure.amount(loop.auto.shot) == pytest.approx(2 * exposure.amount(before), rel=1e-3)


def test_in_m_without_auto_iso_there_is_nothing_to_lock() -> None:
    loop = Loop(1 / 50_000, ExposureState(mode="M", auto_iso=False))
    loop.see(6, hold=True)
    assert not loop.told["locked"]


@pytest.mark.parametrize(("shutter_us", "off_ev"), [(10_000, -1.33), (20_000, -0.33), (25_000, 0.0), (50_000, 1.0)])
def test_in_m_the_error_is_told_in_thirds(shutter_us: int, off_ev: float) -> None:
    loop = Loop(MIDDLE_GREY / SCENE.mean() / 25_000, ExposureState(mode="M", auto_iso=False, set_shutter_us=shutter_us))
    loop.see(6)
    assert loop.told["off_ev"] == off_ev
    assert (loop.told["shutter_us"], loop.told["iso"]) == (shutter_us, 100)


def test_what_the_automatic_lacks_at_its_limit_is_told() -> None:
    loop = Loop(MIDDLE_GREY / SCENE.mean() / 1_000_000 / 16 / 4)
    loop.see(12)
    assert loop.told["off_ev"] == -2.0
    assert (loop.told["shutter_us"], loop.told["iso"]) == (1_000_000, 1600)


def test_live_view_keeps_moving_while_the_shot_is_told_as_it_will_be() -> None:
    loop = Loop(
        MIDDLE_GREY / SCENE.mean() / 4_000_000, ExposureState(mode="M", auto_iso=False, set_shutter_us=4_000_000)
    )
    loop.see(8, setting=Setting.SMOOTH)
    assert loop.queue[-1] == Exposure(250_000, 16.0)
    assert (loop.told["shutter_us"], loop.told["iso"], loop.told["off_ev"]) == (4_000_000, 100, 0.0)
    assert loop.auto.first(loop.now, program_of(loop.now, 0.0), Setting.ARMED) == Exposure(4_000_000, 1.0)
    assert loop.auto.first(loop.now, program_of(loop.now, 0.0), Setting.SMOOTH) == Exposure(250_000, 16.0)


@pytest.mark.parametrize(("light", "flickers"), [(1 / 500, True), (1 / 100_000, False)])
def test_a_shutter_too_short_for_a_flash_of_the_mains_is_told(light: float, flickers: bool) -> None:
    loop = Loop(light, ExposureState(anti_flicker="50 Hz"))
    loop.see(12)
    assert loop.told["flickers"] is flickers
    assert flickers or loop.auto.shot.exposure_us % 10_000 == 0
    loop.now = ExposureState(anti_flicker="50 Hz", mode="M", set_shutter_us=500)
    loop.see(2)
    assert not loop.told["flickers"]
