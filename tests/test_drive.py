"""The drive modes through the camera: frames and buttons at stated times in, photographs out."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from device import meter
from device.dial_rules import changed
from device.dials import Value
from device.errors import Busy, NotReady
from device.frame import Exposure, Reading
from device.sensor import Setting
from tests.conftest import build_frame
from tests.filming import WITH_FILM
from tests.test_camera import FACTS, FULL, MS, Rig

FRAME_MS = 100
S = 1_000 * MS
READING = meter.read(build_frame(np.full((48, 64), 1000, np.uint16)))
Start = Callable[..., "Session"]


class Session:
    """A camera in M at 10 ms, ISO 100, armed, whose sensor begins a frame every 100 ms and obeys two frames later."""

    def __init__(self, folder: Path, mode: str, size: int, settings: dict[str, Value]) -> None:
        self.rig = Rig(folder, size)
        self.camera = self.rig.camera
        m = {"exposure.mode": "M", "exposure.auto_iso": False, "exposure.iso": 100, "exposure.shutter_us": 10_000}
        for key, value in {**m, "drive.mode": mode, **settings}.items():
            self.camera.dial(lambda now, key=key, value=value: changed(now, key, value))  # type: ignore[misc]
        self.camera.started(Setting.ARMED, FULL)
        self.count = 0
        self._coming = [Exposure(10_000, 1.0)] * 2

    @property
    def now_ns(self) -> int:
        """When the next frame begins."""
        return self.count * FRAME_MS * MS

    def run(self, frames: int, reading: Reading = READING) -> None:
        for _ in range(frames):
            self.frame(self._coming.pop(0), reading)

    def frame(self, exposure: Exposure, reading: Reading = READING) -> None:
        raw = np.full((48, 64), self.count, np.uint16)
        end_ns = self.now_ns + exposure.exposure_us * 1000
        frame = build_frame(raw, sequence=self.count, sensor_timestamp_ns=end_ns, exposure=exposure)
        self.count += 1
        self.camera.wanted()
        self.camera.choose(frame)
        self._coming.append(self.camera.expose(frame, reading))
        self.camera.passed(self.now_ns)

    def s1(self, *, down: bool) -> None:
        self.camera.arm(down, self.now_ns - 1)

    def s2(self, *, down: bool) -> None:
        self.camera.release(down, self.now_ns - 1)

    def tap(self) -> None:
        self.s2(down=True)
        self.s2(down=False)

    @property
    def taken(self) -> list[int]:
        """Numbers of the frames that became photographs, in the order of their files."""
        self.rig.save_all()
        return [one.frame.sequence for one in self.rig.taken]

    @property
    def told(self) -> tuple[str, int, int, int]:
        """What the panel hears."""
        now, _, _ = self.camera.shooting
        return now.kind, now.taken, now.total, now.remaining_s

    @property
    def notice(self) -> str:
        return self.camera.shooting[2]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    return lambda mode, size=8, **settings: Session(
        tmp_path, mode, size, {f"drive.{name}": value for name, value in settings.items()}
    )


# ---- continuous ---------------------------------------------------------------------------------------------------


def test_held_down_every_frame_becomes_a_photograph_and_none_after_the_release(start: Start) -> None:
    session = start("continuous-high")
    session.run(2)
    session.s2(down=True)
    session.run(4)
    assert session.told == ("burst", 4, 0, 0)
    session.s2(down=False)
    session.run(3)
    assert session.taken == [2, 3, 4, 5]
    assert [one.number for one in session.rig.taken] == [1, 2, 3, 4]
    assert session.told[0] == ""


def test_the_slow_one_takes_three_a_second_by_planned_instants(start: Start) -> None:
    session = start("continuous-low", size=20)
    session.s2(down=True)
    session.run(40)
    session.s2(down=False)
    session.run(2)
    assert session.taken == [0, 4, 7, 10, 14, 17, 20, 24, 27, 30, 34, 37]


def test_however_short_the_tap_one_photograph_is_taken(start: Start) -> None:
    session = start("continuous-high")
    session.tap()
    session.run(4)
    assert session.taken == [0]


def test_a_full_queue_holds_a_burst_up_says_so_and_lets_it_go_on(start: Start) -> None:
    session = start("continuous-high", size=3)
    session.s2(down=True)
    session.run(5)
    assert session.camera.state == "busy"
    assert session.camera.shooting[0].held_up
    assert session.taken == [0, 1, 2]  # saving them makes room
    session.run(2)
    assert session.taken == [0, 1, 2, 5, 6]
    assert not session.camera.shooting[0].held_up
    assert session.camera.shooting[1].queue_full == 1


def test_a_burst_begun_at_a_full_queue_is_refused_aloud_and_goes_on_when_there_is_room(start: Start) -> None:
    session = start("continuous-high", size=1)
    session.camera.press(-1)
    session.run(1)
    with pytest.raises(Busy):
        session.s2(down=True)
    session.run(1)
    assert session.taken == [0]
    session.run(1)
    assert session.taken == [0, 2]


def test_a_burst_whose_button_nobody_lets_go_ends_by_itself(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.continuous.MOST", 9)
    session = start("continuous-high", size=20)
    session.s2(down=True)
    session.run(12)
    assert len(session.taken) == 9
    assert session.told[0] == ""


def test_a_frame_that_was_awaited_at_the_press_is_not_taken_for_a_long_exposure(start: Start) -> None:
    session = start("single")
    session.camera.dial(lambda now: changed(now, "exposure.shutter_us", 8_000_000))
    session.run(2)
    session.tap()
    late = Exposure(250_000, 1.0)  # the live view's; it began after the press, and before the sensor is started anew
    raw, end_ns = np.full((48, 64), 99, np.uint16), session.now_ns + 250 * MS
    session.camera.choose(build_frame(raw, sequence=99, sensor_timestamp_ns=end_ns, exposure=late))
    assert session.taken == []
    assert session.camera.long == Exposure(8_000_000, 1.0)


# ---- the self timer -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "seconds"), [("timer-2", 2), ("timer-10", 10)])
def test_the_self_timer_counts_down_and_takes_the_first_frame_that_begins_then(
    start: Start, mode: str, seconds: int
) -> None:
    session = start(mode)
    session.run(1)
    session.tap()
    seen = []
    for _ in range(seconds * 10 + 2):
        seen.append(session.told[3])
        session.run(1)
    assert sorted(set(seen), reverse=True) == list(range(seconds, -1, -1))
    assert session.taken == [1 + seconds * 10]
    assert session.rig.taken[0].press_offset_ns == 1  # the tap was a nanosecond before a frame
    assert session.told[0] == ""


def test_the_sensor_is_ready_in_good_time_before_the_timer_ends_and_not_all_the_while(start: Start) -> None:
    session = start("timer-10")
    session.tap()
    wanted = {}
    for _ in range(100):
        session.run(1)
        wanted[session.count] = session.camera.wanted()
    assert wanted[50] is Setting.SMOOTH
    assert wanted[80] is Setting.ARMED


@pytest.mark.parametrize("button", ["s1", "s2"])
def test_another_press_of_either_button_calls_the_timer_off(start: Start, button: str) -> None:
    session = start("timer-2")
    session.tap()
    session.run(5)
    getattr(session, button)(down=True)
    getattr(session, button)(down=False)
    assert session.told[0] == ""
    session.run(30)
    assert session.taken == []


def test_the_push_that_calls_the_timer_off_through_s1_does_not_start_it_again_with_s2(start: Start) -> None:
    session = start("timer-2")
    session.tap()
    session.run(5)
    session.s1(down=True)
    session.tap()
    session.s1(down=False)
    session.run(30)
    assert session.taken == []
    session.tap()
    session.run(25)
    assert len(session.taken) == 1


def test_a_full_queue_is_said_before_the_countdown(start: Start) -> None:
    session = start("timer-2", size=1)
    session.camera.press(-1)
    with pytest.raises(Busy):
        session.s2(down=True)
    assert session.told[0] == ""


def test_a_queue_that_fills_during_the_countdown_is_said_at_its_end(start: Start) -> None:
    session = start("timer-2", size=1)
    session.tap()
    session.run(2)
    session.camera.press(session.now_ns)
    session.run(20)
    assert session.notice.startswith("The self timer took nothing. The card is still writing")
    session.run(61)
    assert session.notice == ""


# ---- the interval timer -------------------------------------------------------------------------------------------


def test_the_interval_timer_keeps_to_the_planned_instants(start: Start) -> None:
    session = start("interval", size=20, interval_s=0.75, interval_frames=4, interval_delay_s=0.5)
    session.run(1)
    session.tap()
    session.run(40)
    assert session.taken == [6, 14, 21, 29]  # first frames from 600, 1350, 2100 and 2850 ms on
    assert [(one.number, one.of) for one in session.rig.taken] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert session.told[0] == ""


def test_an_endless_series_tells_what_is_coming_and_ends_with_a_press(start: Start) -> None:
    session = start("interval", size=20, interval_s=3.0)
    session.tap()
    session.run(11)
    assert session.told == ("interval", 1, 0, 2)
    session.tap()
    session.run(60)
    assert session.taken == [0]


def test_an_instant_without_room_is_missed_told_and_makes_none_late(start: Start) -> None:
    session = start("interval", size=1, interval_s=0.5, interval_frames=4)
    session.tap()
    session.run(8)  # nothing is saved meanwhile, so that the second instant finds the queue full
    assert session.notice.startswith("The interval timer missed 1 of 2. The card is still writing")
    assert session.camera.shooting[0].missed == 1
    assert session.taken == [0]
    session.run(4)
    assert session.taken == [0, 10]


def test_instants_that_pass_while_no_frame_comes_are_missed_and_told(start: Start) -> None:
    session = start("interval", size=9, interval_s=0.5, interval_frames=0)
    session.tap()
    session.run(2)
    session.count += 14  # a stalled camera
    session.run(1)
    assert session.notice == "The interval timer missed 2 of 3. No frame came in time."
    assert session.taken == [0, 16]
    session.run(6)
    assert session.taken == [0, 16, 20]


@pytest.mark.parametrize("mode", ["interval", "timer-10", "bracketing", "bulb"])
def test_a_press_ends_what_goes_on_also_while_the_sensor_is_in_a_fault(start: Start, mode: str) -> None:
    session = start(mode)
    session.run(2)
    session.tap()
    session.run(1)
    session.camera.faulted("The camera stalled and is being restarted.")
    if session.told[0]:  # a bulb exposure ended with the fault
        session.tap()
    assert session.told[0] == ""
    with pytest.raises(NotReady, match="stalled"):
        session.s2(down=True)


# ---- bracketing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("step", "ev"), [("1/3", 1 / 3), ("1/2", 0.5), ("2/3", 2 / 3), ("1", 1.0), ("2", 2.0)])
@pytest.mark.parametrize("frames", [3, 5, 7])
def test_a_bracket_has_every_exposure_verified_by_the_frame_and_says_which_it_is(
    start: Start, frames: int, step: str, ev: float
) -> None:
    session = start("bracketing", bracket_frames=frames, bracket_ev=step)
    session.run(3)
    session.tap()
    session.run(frames + 10)
    shots = sorted(session.rig.taken, key=lambda one: one.number) if session.taken else []
    wished = [0.0, -ev, ev, -2 * ev, 2 * ev, -3 * ev, 3 * ev][:frames]
    assert [(one.number, one.bias_ev) for one in shots] == [(i + 1, bias) for i, bias in enumerate(wished)]
    for one, bias in zip(shots, wished, strict=True):
        assert one.frame.exposure.exposure_us == pytest.approx(10_000 * 2**bias, rel=0.005)
        assert one.frame.exposure.gain == 1.0
    assert session.told[0] == session.notice == ""


def test_steps_beyond_the_sensors_limits_are_told_and_the_others_taken(start: Start) -> None:
    session = start("bracketing", bracket_frames=5)
    session.camera.dial(lambda now: changed(now, "exposure.shutter_us", 250))
    session.run(3)
    session.tap()
    session.run(1)
    assert session.notice == "1 of the bracket's 5 exposures are beyond the sensor: take smaller steps."
    session.run(15)
    assert session.taken != []
    assert sorted(one.bias_ev for one in session.rig.taken) == [-1.0, 0.0, 1.0, 2.0]


def test_a_bracket_takes_a_frame_each_and_no_longer_than_the_sensor_needs_to_obey(start: Start) -> None:
    session = start("bracketing")
    session.run(3)
    session.tap()
    session.run(9)
    assert session.taken == [3, 5, 6]  # asked for with frame 3, obeyed two frames later


def test_how_far_apart_a_brackets_photographs_are_is_counted_as_they_are_taken(start: Start) -> None:
    session = start("bracketing")
    session.camera.press(session.now_ns)
    session.run(1)
    session.count += 50  # long ago
    session.tap()
    for exposure_us in (5_000, 20_000, 10_000):  # the second, the third and the first of it
        session.frame(Exposure(exposure_us, 1.0))
    timing = session.camera.shooting[1]
    assert (timing.burst, timing.shot_median_us, timing.shot_worst_us) == (3, 100_000, 100_000)


def test_a_frame_that_a_stack_exposed_otherwise_is_never_taken_for_a_step(start: Start) -> None:
    session = start("bracketing")
    session.tap()
    session.run(1)
    session.frame(Exposure(7_500, 1.0))  # between two steps: nobody asked for it
    session.frame(Exposure(5_000, 1.5))  # one step's shutter, nobody's gain
    assert session.told == ("bracket", 1, 3, 0)
    session.frame(Exposure(5_050, 1.0))  # what the sensor's lines make of 5000
    assert session.told == ("bracket", 2, 3, 0)


def test_a_sensor_that_does_not_obey_ends_the_bracket_with_a_sentence(start: Start) -> None:
    session = start("bracketing")
    session.tap()
    for _ in range(45):
        session.frame(Exposure(10_000, 1.0))
    assert session.notice == "The sensor did not obey: the bracket has 1 of 3 photographs."
    assert session.taken == [0]
    assert session.told[0] == ""


def test_in_m_with_auto_iso_it_is_the_gain_that_varies(start: Start) -> None:
    session = start("bracketing")
    session.camera.dial(lambda now: changed(now, "exposure.auto_iso", value=True))
    session._coming = [Exposure(10_000, 4.0)] * 2
    session.frame(Exposure(10_000, 4.0), bright_as(Exposure(10_000, 4.0)))
    session.run(2, bright_as(Exposure(10_000, 4.0)))
    session.tap()
    session.run(12)
    exposures = [one.frame.exposure for one in session.rig.taken] if session.taken else []
    assert {one.exposure_us for one in exposures} == {10_000}
    base, darker, brighter = (one.gain for one in exposures)
    assert (darker, brighter) == (pytest.approx(base / 2), pytest.approx(base * 2))


def bright_as(exposure: Exposure) -> Reading:
    """A reading that leaves the automatic where it is: middle grey."""
    del exposure
    return replace(READING, mean=np.full(4, 0.18, np.float32), clipped_share=np.zeros(4, np.float32))


def test_after_a_bracket_the_next_press_waits_until_the_sensor_is_back(start: Start) -> None:
    session = start("bracketing")
    session.tap()
    session.run(4)
    assert session.told[1] == 3
    session.camera.press(session.now_ns - 1)
    session.run(6)
    assert session.taken[:3] == [0, 2, 3]
    assert session.rig.taken[3].frame.exposure == Exposure(10_000, 1.0)


def test_a_bracket_for_which_there_is_no_room_is_refused_whole(start: Start) -> None:
    session = start("bracketing", size=2)
    with pytest.raises(Busy):
        session.s2(down=True)
    session.run(5)
    assert session.taken == []


def test_a_press_during_a_bracket_calls_the_rest_off(start: Start) -> None:
    session = start("bracketing", bracket_frames=7)
    session.tap()
    session.run(3)
    session.tap()
    session.run(10)
    assert session.taken == [0, 2]


def test_frames_that_are_stored_cannot_be_bracketed_nor_exposed_for_long(start: Start) -> None:
    session = start("bracketing")
    session.rig.camera._shutter._facts = replace(FACTS, obeys_exposure=False)
    with pytest.raises(NotReady, match="takes no exposure"):
        session.s2(down=True)
    for key, value in {"drive.mode": "single", "exposure.shutter_us": 8_000_000}.items():
        session.camera.dial(lambda now, key=key, value=value: changed(now, key, value))  # type: ignore[misc]
    session.tap()
    session.frame(Exposure(0, 0.0))
    assert session.taken == [0]


# ---- what holds for all -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["timer-10", "interval", "bracketing", "continuous-high"])
def test_shots_asked_for_over_the_socket_are_taken_whatever_the_mode(start: Start, mode: str) -> None:
    session = start(mode)
    session.camera.press(-1, 2)
    session.run(3)
    assert session.taken == [0, 1]


@pytest.mark.parametrize("mode", ["timer-10", "interval", "bracketing", "single"])
def test_film_ends_what_goes_on_and_answers_who_waits(start: Start, mode: str) -> None:
    session = start(mode)
    session.camera.film._settings = WITH_FILM
    session.run(2)
    (waits,) = session.camera.press(10 * S)
    session.tap()
    session.camera.dial(lambda now: changed(now, "film.mode", "cinema"))
    with pytest.raises(NotReady, match="films now"):
        waits.result(0)
    assert session.told[0] == ""
    session.camera.dial(lambda now: changed(now, "film.mode", "off"))
    session.run(20)
    assert session.taken == []


def test_what_film_interrupted_is_told_for_a_while_and_not_as_long_as_it_films(start: Start) -> None:
    session = start("best-of-rack")
    session.camera.film._settings = WITH_FILM
    session.s1(down=True)
    session.run(2)
    session.camera.dial(lambda now: changed(now, "film.mode", "cinema"))
    assert "best of rack was interrupted" in session.notice
    session.camera.passed(session.now_ns + 7 * S)
    session.camera.wanted()
    assert session.notice == ""
    assert len(session.taken) == 2


def test_files_follow_the_order_of_the_exposures(start: Start) -> None:
    session = start("continuous-high", size=20, pre_capture_frames=3)
    session.run(6)
    session.s2(down=True)
    session.run(4)
    session.s2(down=False)
    session.run(1)
    starts = [one.frame.exposure_start_ns for one in session.rig.taken] if session.taken else []
    assert session.taken == [3, 4, 5, 6, 7, 8, 9]
    assert all(one < other for one, other in pairwise(starts))
