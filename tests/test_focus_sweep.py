"""Best of rack and trap focus while the simulated ring is turned: what is kept is what physics blurs least."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from device.dial_rules import changed
from device.errors import Busy, NotReady
from device.frame import Frame, Reading
from device.optics import blur_um
from device.photograph import Photograph
from device.planned_faults import Faults
from device.rack import Rack
from device.scene import Scene
from device.thing import Thing
from device.trap_focus import TrapFocus
from tests.conftest import build_frame
from tests.small_sensor import small_sensor
from tests.test_drive import READING
from tests.test_stream import Simulated

CHART_M = 2.0
F_NUMBER = 2.8
THROUGH = [0.9, 1.1, 1.3, 1.5, 1.7, 1.83, 2.02, 2.3, 2.6, 3.0, 3.6, 4.5]
ISO_100, ISO_1600 = (100, 3_000), (1_600, 188)  # and the shutter in microseconds, so that the light is the same
Start = Callable[..., "Sweep"]


def chart() -> Scene:
    """A wall of grey blocks two metres away."""

    def paint(rows: int, columns: int) -> Iterator[Thing]:
        shape = (rows + 80, columns + 80)
        blocks = np.random.default_rng(5).uniform(0.1, 0.9, (shape[0] // 6 + 1, shape[1] // 6 + 1)).astype(np.float32)
        wall = np.ones((4, *shape), np.float32)
        wall[:3] = np.kron(blocks, np.ones((6, 6), np.float32))[: shape[0], : shape[1]]
        yield Thing(CHART_M, -40, -40, (wall,))

    return Scene(paint)


class Sweep:
    """A camera before the chart, armed, whose ring a hand turns between frames."""

    def __init__(self, folder: Path, mode: str, light: tuple[int, int], keep: int) -> None:
        self.running = Simulated(folder, Faults(), always=True)
        self.camera, self.clock = self.running.camera, self.running.clock
        self.running.stream._sensor = self.sensor = small_sensor(self.clock, scene=chart(), buffers=7)
        iso, shutter_us = light
        for key, value in {
            "exposure.mode": "M",
            "exposure.auto_iso": False,
            "exposure.iso": iso,
            "drive.rack_keep": keep,
            "exposure.shutter_us": shutter_us,
            "drive.mode": mode,
        }.items():
            self.camera.dial(lambda now, key=key, value=value: changed(now, key, value))  # type: ignore[misc]
        self.blur_um: dict[int, float] = {}  # of each frame, by its number

    def turn(self, focus_m: Sequence[float]) -> None:
        for metres in focus_m:
            self.sensor.turn(metres, F_NUMBER, None)
            self.running.see(1)
            self.blur_um[self.running.sequences[-1]] = blur_um(self.sensor._bench.rings, CHART_M)

    def hold(self, button: str, *, down: bool) -> None:
        (self.camera.arm if button == "s1" else self.camera.release)(down, self.clock.now_ns())

    @property
    def taken(self) -> list[Photograph]:
        self.running.rig.save_all()
        return self.running.rig.taken

    @property
    def numbers(self) -> list[int]:
        return [one.frame.sequence for one in self.taken]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    def started(mode: str, light: tuple[int, int] = ISO_100, keep: int = 3) -> Sweep:
        sweep = Sweep(tmp_path, mode, light, keep)
        sweep.turn([0.7] * 4)
        sweep.blur_um.clear()
        return sweep

    return started


@pytest.mark.parametrize(
    ("keep", "light", "button"), [(1, ISO_100, "s1"), (3, ISO_100, "s2"), (3, ISO_1600, "s1"), (5, ISO_1600, "s1")]
)
def test_best_of_rack_keeps_the_frames_with_the_least_blur(
    start: Start, keep: int, light: tuple[int, int], button: str
) -> None:
    sweep = start("best-of-rack", light, keep)
    sweep.hold(button, down=True)
    sweep.turn(THROUGH)
    assert sweep.camera.shooting[0].taken == keep
    assert sweep.taken == []
    sweep.hold(button, down=False)
    least_blurred = sorted(sweep.blur_um, key=sweep.blur_um.__getitem__)[:keep]
    assert sweep.numbers == sorted(least_blurred)
    assert [(one.number, one.of) for one in sweep.taken] == [(i + 1, keep) for i in range(keep)]
    sweep.turn(THROUGH)
    assert len(sweep.taken) == keep


def test_a_two_stage_release_weighs_until_both_stages_are_up(start: Start) -> None:
    sweep = start("best-of-rack")
    for button in ("s1", "s2"):
        sweep.hold(button, down=True)
        sweep.turn(THROUGH[:4])
    sweep.hold("s2", down=False)
    sweep.turn(THROUGH[4:])
    assert sweep.taken == []
    sweep.hold("s1", down=False)
    assert sweep.numbers == sorted(sorted(sweep.blur_um, key=sweep.blur_um.__getitem__)[:3])


def test_what_is_kept_is_saved_when_the_sensor_is_lost_for_good(start: Start) -> None:
    sweep = start("best-of-rack", keep=2)
    sweep.hold("s1", down=True)
    sweep.turn(THROUGH[:8])
    sweep.camera.faulted("The camera sends no frames.")
    sweep.camera.abandon()
    assert sweep.camera.shooting[2] == "The best of rack was interrupted: its sharpest frames until then are saved."
    assert sweep.numbers == sorted(sorted(sweep.blur_um, key=sweep.blur_um.__getitem__)[:2])
    sweep.hold("s1", down=False)
    assert len(sweep.taken) == 2


def test_what_is_kept_gets_the_places_of_presses_that_get_no_frame_any_more(start: Start) -> None:
    sweep = start("best-of-rack", keep=2)
    sweep.hold("s1", down=True)
    sweep.turn(THROUGH[:4])
    waiting = sweep.camera.press(sweep.clock.now_ns(), 8)
    sweep.camera.abandon()
    assert all(isinstance(each.exception(0), NotReady) for each in waiting)
    assert len(sweep.taken) == 2


def test_what_there_is_no_room_for_when_the_sensor_is_lost_is_not_called_saved(start: Start) -> None:
    sweep = start("best-of-rack", keep=2)
    sweep.hold("s1", down=True)
    sweep.turn(THROUGH[:4])
    sweep.camera.press(sweep.clock.now_ns(), 8)
    sweep.turn(THROUGH)
    sweep.camera.abandon()
    assert len(sweep.taken) == 8
    assert sweep.camera.shooting[2] == str(Busy())


def test_before_the_first_frame_there_is_nothing_to_be_kept(start: Start) -> None:
    sweep = start("best-of-rack")
    sweep.hold("s1", down=True)
    sweep.camera.abandon()
    assert sweep.taken == []
    assert not sweep.camera.shooting[2]


def test_with_room_for_fewer_fewer_are_kept_and_with_none_it_is_said(start: Start) -> None:
    sweep = start("best-of-rack", keep=9)
    sweep.camera.press(sweep.clock.now_ns(), 6)
    sweep.turn([0.7] * 8)
    sweep.hold("s1", down=True)
    sweep.turn(THROUGH)
    assert sweep.camera.shooting[0].taken == 2
    sweep.hold("s1", down=False)
    assert sweep.running.rig.darkroom.status().queued == 8
    with pytest.raises(Busy):
        sweep.hold("s1", down=True)


@pytest.mark.parametrize("light", [ISO_100, ISO_1600])
def test_trap_focus_takes_the_sharpest_frame_when_the_focus_has_passed_it(start: Start, light: tuple[int, int]) -> None:
    sweep = start("trap-focus", light)
    sweep.hold("s1", down=True)
    sweep.turn(THROUGH[:6])
    assert sweep.taken == []  # still rising
    sweep.turn(THROUGH[6:])
    assert sweep.numbers == [min(sweep.blur_um, key=sweep.blur_um.__getitem__)]


def test_the_trap_is_set_again_as_long_as_the_button_is_held(start: Start) -> None:
    sweep = start("trap-focus")
    sweep.hold("s1", down=True)
    sweep.turn(THROUGH)
    sweep.turn(THROUGH[::-1])
    sweep.hold("s1", down=False)
    sweep.turn(THROUGH)
    there, back = (list(sweep.blur_um)[i : i + len(THROUGH)] for i in (0, len(THROUGH)))
    assert sweep.numbers == [min(way, key=sweep.blur_um.__getitem__) for way in (there, back)]
    assert [one.number for one in sweep.taken] == [1, 2]


@pytest.mark.parametrize("light", [ISO_100, ISO_1600])
@pytest.mark.parametrize("focus_m", [0.5, 2.0])
def test_nothing_springs_the_trap_while_the_focus_stands(start: Start, light: tuple[int, int], focus_m: float) -> None:
    """Neither noise on a blurred picture, whose meter dances around 0, nor on a sharp one."""
    sweep = start("trap-focus", light)
    sweep.turn([focus_m])
    sweep.hold("s1", down=True)
    sweep.turn([focus_m] * 40)
    assert sweep.taken == []


# ---- the rules, by numbers ------------------------------------------------------------------------------------------


def frames(*scores: float, apart_ms: int = 100) -> Iterator[tuple[Frame, float]]:
    for i, score in enumerate(scores):
        stamp = (i + 1) * apart_ms * 1_000_000 + 10_000_000
        yield build_frame(np.full((16, 16), i, np.uint16), sequence=i, sensor_timestamp_ns=stamp), score


def kept_by(rack: Rack, *scores: float, apart_ms: int = 100) -> list[int]:
    for frame, score in frames(*scores, apart_ms=apart_ms):
        rack.weighed(frame, seen(score))
    return [one.frame.sequence for one in rack.let_go(0)]


def seen(score: float, sharp: float = 9.0) -> Reading:
    return replace(READING, focus_score=score, focus=np.full((4, 4), sharp, np.float32))


def test_a_quick_sensors_neighbours_count_as_one() -> None:
    assert kept_by(Rack(0, 2), 1, 5, 6, 5, 1, 1, 3, 1, apart_ms=40) == [2, 6]
    assert kept_by(Rack(0, 2), 1, 5, 6, 5, 1, 1, 3, 1, apart_ms=100) == [1, 2]


def test_a_frame_that_began_before_the_press_is_not_weighed() -> None:
    assert kept_by(Rack(250_000_000, 1), 9, 8, 3, 4) == [3]


def test_the_trap_wants_a_rise_a_fall_and_something_sharp() -> None:
    def sprung(*scores: float, sharp: float = 9.0) -> list[int]:
        trap = TrapFocus(0)
        return [one.frame.sequence for f, s in frames(*scores) for one in trap.weighed(f, seen(s, sharp))]

    assert sprung(1.0, 1.2, 0.9, 1.2, 0.9) == [3]
    assert sprung(1.0, 1.2, 1.0, 1.2, 1.0) == []
    assert sprung(4.0, 5.1, 6.0, 5.8, 5.5) == [2]
    assert sprung(4.0, 5.1, 6.0, 5.8, 5.5, sharp=3.9) == []
    assert sprung(6.0, 5.0, 4.0) == []


def test_photographs_of_a_sweep_come_in_the_order_they_were_exposed() -> None:
    assert all(one < other for one, other in pairwise(kept_by(Rack(0, 3), 3, 9, 4, 7)))
