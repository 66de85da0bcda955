"""Drive modes on the simulated sensor, in stepped time: what only frames that follow the camera's wishes can show."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from device.dial_rules import changed
from device.dials import Value
from device.planned_faults import Faults
from device.shooting_states import TimingState
from tests.test_stream import Simulated

FRAME_NS = 100_000_000  # of the armed setting
S = 1_000_000_000


class Photographer:
    """A camera on the small simulated sensor, in M, settled and armed unless said otherwise."""

    def __init__(self, folder: Path, shutter_us: int, settings: dict[str, Value], *, armed: bool = True) -> None:
        self.running = Simulated(folder, Faults(), always=armed)
        self.camera, self.clock = self.running.camera, self.running.clock
        m = {"exposure.mode": "M", "exposure.auto_iso": False, "exposure.iso": 100, "exposure.shutter_us": shutter_us}
        for key, value in {**m, **settings}.items():
            self.camera.dial(lambda now, key=key, value=value: changed(now, key, value))  # type: ignore[misc]
        self.running.see(6)

    def s2(self, *, down: bool) -> None:
        self.camera.release(down, self.clock.now_ns())

    def until_taken(self, count: int) -> None:
        self.running.turn_until(lambda: len(self.running.rig.taken) >= count or self._saved(count), turns=3000)

    def _saved(self, count: int) -> bool:
        self.running.rig.save_all()
        return len(self.running.rig.taken) >= count

    @property
    def timing(self) -> TimingState:
        return self.camera.shooting[1]

    @property
    def kind(self) -> str:
        return self.camera.shooting[0].kind


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., Photographer]:
    return lambda shutter_us=10_000, armed=True, **settings: Photographer(
        tmp_path, shutter_us, {name.replace("__", "."): value for name, value in settings.items()}, armed=armed
    )


# ---- how quick ------------------------------------------------------------------------------------------------------


def test_armed_no_press_waits_longer_than_a_frame_time_for_its_exposure(start: Callable[..., Photographer]) -> None:
    now = start()
    for i in range(30):
        now.clock.advance(7_000_000 * (i % 13))  # at all phases of a frame
        now.camera.press(now.clock.now_ns())
        now.until_taken(i + 1)
    timing = now.timing
    offsets = [one.press_offset_ns // 1000 for one in now.running.rig.taken]
    assert (timing.presses, timing.frame_us) == (30, 100_000)
    assert (timing.press_worst_us, timing.press_last_us) == (max(offsets), offsets[-1])
    assert timing.press_median_us == pytest.approx(np.median(offsets), abs=1)
    assert min(offsets) >= 0
    assert timing.press_worst_frames <= 1.0
    assert max(offsets) > 50_000  # the phases did differ


def test_a_press_in_live_is_told_apart(start: Callable[..., Photographer]) -> None:
    now = start(armed=False)
    now.s2(down=True)
    now.until_taken(1)
    assert (now.timing.presses, now.timing.press_worst_us) == (0, 0)
    assert now.timing.press_from_live_us == now.running.rig.taken[0].press_offset_ns // 1000


def test_shot_to_shot_is_the_frame_time_until_the_queue_is_full(start: Callable[..., Photographer]) -> None:
    now = start(drive__mode="continuous-high")
    now.s2(down=True)
    now.running.turn_until(lambda: now.camera.shooting[0].held_up)
    assert (now.timing.burst, now.timing.queue_full, now.timing.lost) == (8, 1, 0)
    assert (now.timing.shot_median_us, now.timing.shot_worst_us) == (now.timing.frame_us, now.timing.frame_us)
    assert now.camera.state == "busy"
    now.running.rig.save_all()
    now.until_taken(9)
    assert now.timing.shot_worst_us > now.timing.frame_us
    starts = [one.frame.exposure_start_ns for one in now.running.rig.taken]
    assert {later - one for one, later in pairwise(starts[:8])} == {FRAME_NS}


# ---- long exposures -------------------------------------------------------------------------------------------------


def test_a_long_exposure_begins_at_once_counts_and_is_the_only_one(start: Callable[..., Photographer]) -> None:
    now = start(shutter_us=30_000_000)
    assert now.running.frames[-1].exposure.exposure_us == 250_000  # what is looked at meanwhile
    pressed_ns = now.clock.now_ns()
    now.s2(down=True)
    now.s2(down=False)
    told = set()
    while not now.running.rig.darkroom.status().queued:
        now.running.stream.step()
        shooting = now.camera.shooting[0]
        told.add((shooting.kind, shooting.elapsed_s, shooting.remaining_s))
    now.until_taken(1)
    (taken,) = now.running.rig.taken
    assert taken.frame.exposure.exposure_us == 30_000_000
    assert 0 <= taken.press_offset_ns < S
    counted = sorted((elapsed, left) for kind, elapsed, left in told if kind == "long")
    assert {left for _, left in counted} >= set(range(1, 31))
    assert all(elapsed + left in (29, 30) for elapsed, left in counted if left)
    now.running.see(3)
    assert now.running.frames[-1].exposure.exposure_us == 250_000
    assert now.clock.now_ns() - pressed_ns < 33 * S


def test_a_second_press_ends_a_long_exposure_within_a_second_and_nothing_is_saved(
    start: Callable[..., Photographer],
) -> None:
    now = start(shutter_us=600_000_000)
    now.s2(down=True)
    now.s2(down=False)
    now.running.turn_until(lambda: now.camera.shooting[0].elapsed_s >= 5)
    ended_ns, seen = now.clock.now_ns(), len(now.running.frames)
    now.s2(down=True)
    now.s2(down=False)
    now.running.turn_until(lambda: len(now.running.frames) > seen)
    assert now.clock.now_ns() - ended_ns < S
    assert now.running.frames[-1].exposure.exposure_us == 250_000
    assert (now.kind, now.camera.state, now.running.rig.darkroom.room()) == ("", "armed", 8)
    now.running.see(5)
    now.running.rig.save_all()
    assert now.running.rig.taken == []


def test_held_down_long_exposures_follow_each_other_without_a_new_start(start: Callable[..., Photographer]) -> None:
    now = start(shutter_us=2_000_000, drive__mode="continuous-high")
    now.s2(down=True)
    now.until_taken(3)
    now.s2(down=False)
    now.running.turn_until(lambda: now.kind == "")
    now.running.rig.save_all()
    starts = [one.frame.exposure_start_ns for one in now.running.rig.taken]
    assert {one.frame.exposure.exposure_us for one in now.running.rig.taken} == {2_000_000}
    assert all(later - one < 2.01 * S for one, later in pairwise(starts))


def test_the_self_timer_begins_a_long_exposure_when_it_ends(start: Callable[..., Photographer]) -> None:
    now = start(shutter_us=5_000_000, drive__mode="timer-2")
    pressed_ns = now.clock.now_ns()
    now.s2(down=True)
    now.until_taken(1)
    (taken,) = now.running.rig.taken
    assert taken.frame.exposure.exposure_us == 5_000_000
    assert 0 <= taken.frame.exposure_start_ns - pressed_ns - 2 * S < S


def test_a_bracket_of_long_steps_is_verified_like_any_other(start: Callable[..., Photographer]) -> None:
    now = start(shutter_us=2_000_000, drive__mode="bracketing")
    now.s2(down=True)
    now.until_taken(3)
    now.running.turn_until(lambda: now.kind == "")
    taken = {one.bias_ev: one.frame.exposure.exposure_us for one in now.running.rig.taken}
    assert taken == {0.0: 2_000_000, -1.0: 1_000_000, 1.0: 4_000_000}
    now.running.see(2)
    assert now.running.frames[-1].exposure.exposure_us == 250_000


def test_a_stack_that_answers_a_long_exposure_with_a_short_one_is_not_believed(
    start: Callable[..., Photographer], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = start(shutter_us=5_000_000)
    begin = now.running.sensor.start
    monkeypatch.setattr(
        now.running.sensor,
        "start",
        lambda setting, exposure, *rest: begin(
            setting, type(exposure)(min(exposure.exposure_us, 1_000_000), exposure.gain), *rest
        ),
    )
    now.s2(down=True)
    seen = len(now.running.frames)
    now.until_taken(1)
    assert now.running.rig.taken[0].frame.exposure.exposure_us == 5_000_000
    assert now.running.frames[seen].exposure.exposure_us == 1_000_000  # that one was let pass


def test_a_sensor_that_cannot_expose_so_long_is_believed_in_the_end_and_it_is_said(
    start: Callable[..., Photographer], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = start(shutter_us=5_000_000)
    sensor = now.running.sensor
    facts = replace(sensor.facts, exposure_max_us=1_200_000)
    monkeypatch.setattr(sensor, "_model", replace(sensor._model, facts=facts))
    now.s2(down=True)
    now.until_taken(1)
    assert now.running.rig.taken[0].frame.exposure.exposure_us == 1_200_000
    assert now.camera.shooting[2] == "The sensor exposes 1.2 s where 5 s are set, and so does the photograph."


# ---- a bracket, by what a simulated sensor obeys ---------------------------------------------------------------------


def test_a_bracket_on_a_sensor_that_obeys_late_is_verified_frame_by_frame(start: Callable[..., Photographer]) -> None:
    now = start(drive__mode="bracketing", drive__bracket_frames=7, drive__bracket_ev="2/3")
    now.s2(down=True)
    now.until_taken(7)
    taken = sorted(now.running.rig.taken, key=lambda one: one.number)
    for i, one in enumerate(taken):
        bias = (0, -1, 1, -2, 2, -3, 3)[i] * 2 / 3
        assert one.bias_ev == pytest.approx(bias)
        assert one.frame.exposure.exposure_us == pytest.approx(10_000 * 2**bias, rel=0.002)
    spread_ns = max(one.frame.exposure_start_ns for one in taken) - min(one.frame.exposure_start_ns for one in taken)
    assert spread_ns <= 9 * FRAME_NS


def test_pre_capture_costs_no_frame(start: Callable[..., Photographer]) -> None:
    now = start(drive__pre_capture_frames=5)
    now.running.see(5)
    first = len(now.running.frames)
    now.running.see(20)
    numbers = now.running.sequences[first:]
    assert numbers == list(range(numbers[0], numbers[0] + 20))
    now.camera.press(now.clock.now_ns())
    now.until_taken(6)
    starts = [one.frame.exposure_start_ns for one in now.running.rig.taken]
    assert {later - one for one, later in pairwise(starts)} == {FRAME_NS}
    assert [one.press_offset_ns < 0 for one in now.running.rig.taken] == [True] * 5 + [False]
