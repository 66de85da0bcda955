"""Bulb on the simulated sensor, in stepped time: how it opens, what ends it, and that nothing of it is lost."""

from collections.abc import Callable
from dataclasses import replace
from math import inf
from pathlib import Path

import numpy as np
import pytest

from device import isp
from device.dial_rules import changed
from device.dials import Value
from device.errors import Busy, CameraLost, NotReady
from device.frame import Exposure
from device.hot_pixels import HotPixels
from device.mending import mended
from device.photograph import Photograph
from device.planned_faults import Faults
from device.sensor import Setting
from device.shooting_states import ShootingState
from tests.small_sensor import SMALL
from tests.test_camera import FACTS, Rig, frame_at
from tests.test_stream import Simulated

S = 1_000_000_000
MARGIN_NS = 1000 * round(SMALL.exposure_margin_lines * SMALL.modes[Setting.ARMED].line_us)  # between two exposures


class Night:
    """A camera in M at ISO 100 on the small simulated sensor, set to bulb."""

    def __init__(self, folder: Path, faults: Faults, settings: dict[str, Value]) -> None:
        self.running = Simulated(folder, faults, always=True, facts=SMALL.facts)
        self.camera, self.clock, self.folder = self.running.camera, self.running.clock, folder / "card"
        self.running.sensor.turn(None, 8.0, -6.0)
        m = {"exposure.mode": "M", "exposure.auto_iso": False, "exposure.iso": 100, "drive.mode": "bulb"}
        for key, value in {**m, **settings}.items():
            self.set(key, value)
        self.running.see(3)

    def set(self, key: str, value: Value) -> None:
        self.camera.dial(lambda now: changed(now, key, value))

    def s2(self, *, down: bool) -> None:
        self.camera.release(down, self.clock.now_ns())

    def tap(self) -> None:
        self.s2(down=True)
        self.s2(down=False)

    def for_seconds(self, seconds: float) -> None:
        until_ns = self.clock.now_ns() + round(seconds * S)
        self.running.turn_until(lambda: self.clock.now_ns() >= until_ns, 20_000)

    def until_closed(self) -> None:
        self.running.turn_until(lambda: self.told.kind == "", 20_000)

    @property
    def told(self) -> ShootingState:
        return self.camera.shooting[0]

    @property
    def notice(self) -> str:
        return self.camera.shooting[2]

    @property
    def taken(self) -> list[Photograph]:
        self.running.rig.save_all()
        return self.running.rig.taken


@pytest.fixture
def night(tmp_path: Path) -> Callable[..., Night]:
    return lambda faults=None, **settings: Night(
        tmp_path, faults or Faults(), {name.replace("__", "."): value for name, value in settings.items()}
    )


# ---- open and closed -------------------------------------------------------------------------------------------------


def test_it_is_open_while_s2_is_held_counts_and_becomes_one_photograph(night: Callable[..., Night]) -> None:
    now = night()
    pressed_ns = now.clock.now_ns()
    now.s2(down=True)
    counted = []
    for _ in range(8):
        now.for_seconds(1)
        counted.append((now.told.kind, now.told.elapsed_s))
    released_ns = now.clock.now_ns()
    now.s2(down=False)
    now.until_closed()
    (taken,) = now.taken
    assert taken.summed is not None
    held_s = (released_ns - pressed_ns) / S
    assert held_s - 0.5 <= taken.summed.span_ns / S <= held_s + 1.1  # the exposure under way is the last
    assert taken.frame.exposure.exposure_us == taken.summed.frames * 1_000_000
    assert taken.summed.dark_ns == (taken.summed.frames - 1) * MARGIN_NS
    assert (taken.summed.lost, now.notice) == (0, "")
    assert 0 <= taken.press_offset_ns < S
    assert counted[1:] == [("bulb", counted[0][1] + i) for i in range(1, 8)]
    assert now.camera.shooting[1].bulb_frames == taken.summed.frames


def test_by_press_it_is_open_until_the_next_press(night: Callable[..., Night]) -> None:
    now = night(drive__bulb="press")
    now.tap()
    now.for_seconds(5)
    assert now.told.kind == "bulb"
    now.tap()
    now.until_closed()
    (taken,) = now.taken
    assert taken.summed is not None
    assert 4 <= taken.summed.frames <= 6


def test_however_short_the_press_one_exposure_is_made(night: Callable[..., Night]) -> None:
    now = night()
    now.tap()
    now.until_closed()
    (taken,) = now.taken
    assert taken.summed is not None
    assert (taken.summed.frames, taken.frame.exposure.exposure_us) == (1, 1_000_000)


def test_the_live_view_is_back_within_a_second_and_the_next_can_be_had(night: Callable[..., Night]) -> None:
    now = night()
    now.tap()
    now.until_closed()
    closed_ns = now.clock.now_ns()
    now.running.see(1)
    assert now.running.frames[-1].exposure.exposure_us <= 250_000
    assert now.clock.now_ns() - closed_ns < S
    now.tap()
    now.until_closed()
    assert len(now.taken) == 2


def test_a_press_while_it_is_just_ending_is_refused_aloud(night: Callable[..., Night]) -> None:
    now = night()
    now.s2(down=True)
    now.for_seconds(2.5)
    now.s2(down=False)
    with pytest.raises(NotReady, match="just ending"):
        now.s2(down=True)
    now.s2(down=False)
    now.until_closed()
    assert len(now.taken) == 1


def test_the_set_length_ends_it_and_it_is_said(night: Callable[..., Night]) -> None:
    now = night(drive__bulb="press", drive__bulb_longest_s=6)
    now.tap()
    now.until_closed()
    assert now.notice.startswith("The bulb exposure was as long as is set")
    (taken,) = now.taken
    assert taken.frame.exposure.exposure_us == 6_000_000


def test_the_iso_is_the_dials_and_with_auto_iso_the_lowest(night: Callable[..., Night]) -> None:
    now = night(exposure__iso=400)
    now.tap()
    now.until_closed()
    now.set("exposure.auto_iso", True)
    now.tap()
    now.until_closed()
    assert [one.iso for one in now.taken] == [400, 100]


def test_while_it_is_open_the_camera_works_and_nothing_half_lies_on_the_card(night: Callable[..., Night]) -> None:
    now = night(drive__bulb="press")
    now.tap()
    for _ in range(6):
        now.for_seconds(1)
        assert now.camera.is_busy  # and so does not fall asleep
        assert [path for path in now.folder.rglob("*") if path.is_file()] == []
    now.tap()
    now.until_closed()
    assert len(now.taken) == 1
    assert len([path for path in now.folder.rglob("*") if path.is_file()]) == 1


def test_what_the_dials_do_meanwhile_changes_nothing(night: Callable[..., Night]) -> None:
    now = night()
    now.s2(down=True)
    now.for_seconds(2)
    for key, value in {
        "exposure.iso": 1600, "exposure.shutter_us": 4000, "drive.mode": "best-of-rack", "drive.bulb": "press",
    }.items():  # fmt: skip
        now.set(key, value)
    now.camera.arm(on=True, when_ns=now.clock.now_ns())
    now.for_seconds(2)
    assert now.told.kind == "bulb"
    now.camera.arm(on=False, when_ns=now.clock.now_ns())
    now.s2(down=False)
    now.until_closed()
    (taken,) = now.taken
    assert taken.summed is not None
    assert (taken.iso, taken.summed.lost) == (100, 0)
    assert 4 <= taken.summed.frames <= 6


def test_a_press_from_elsewhere_waits_until_it_is_closed(night: Callable[..., Night]) -> None:
    now = night(exposure__shutter_us=10_000)
    now.s2(down=True)
    now.for_seconds(2)
    (saved,) = now.camera.press(now.clock.now_ns())
    now.for_seconds(2)
    assert now.camera.state == "exposing"
    now.s2(down=False)
    now.running.turn_until(lambda: len(now.taken) == 2)
    assert saved.done()
    assert [one.summed is None for one in now.taken] == [False, True]
    assert now.taken[1].frame.exposure.exposure_us <= 250_000  # as the live view is exposed
    assert [one.decisions.is_manual for one in now.taken] == [True, False]


def test_no_frame_of_before_the_sensor_was_started_anew_is_taken_for_it(night: Callable[..., Night]) -> None:
    """A press comes while a frame is awaited, and the frame that comes then still has the live view's exposure."""
    now = night(exposure__shutter_us=10_000)
    now.camera.wanted()
    now.s2(down=True)
    now.camera.choose(frame_at(now.clock.now_ns() // 1_000_000 + 50))
    now.for_seconds(3)
    now.s2(down=False)
    now.until_closed()
    (taken,) = now.taken
    assert taken.summed is not None
    assert taken.frame.exposure.exposure_us == taken.summed.frames * 1_000_000


def test_no_frame_of_before_the_press_comes_along_and_none_is_kept_meanwhile(night: Callable[..., Night]) -> None:
    now = night(drive__pre_capture_frames=3)
    now.running.see(5)
    now.s2(down=True)
    now.for_seconds(4)
    assert len(now.camera._shutter._takes._before) == 0
    now.s2(down=False)
    now.until_closed()
    assert len(now.taken) == 1


# ---- refused ---------------------------------------------------------------------------------------------------------


def test_a_full_queue_is_said_before_it_opens_and_one_that_fills_meanwhile_does_not_matter(
    night: Callable[..., Night],
) -> None:
    now = night()
    filling = now.running.rig.darkroom
    places = [filling.reserve() for _ in range(8)]
    with pytest.raises(Busy):
        now.s2(down=True)
    assert now.told.kind == ""
    places.pop().cancel()
    now.s2(down=True)
    now.for_seconds(2)
    now.s2(down=False)
    now.until_closed()
    assert len(now.taken) == 1


def test_what_takes_no_exposure_has_no_bulb(tmp_path: Path) -> None:
    rig = Rig(tmp_path, 8, facts=replace(FACTS, obeys_exposure=False))
    rig.camera.dial(lambda now: changed(now, "drive.mode", "bulb"))
    with pytest.raises(NotReady, match="takes no exposure"):
        rig.armed().release(down=True, when_ns=0)


# ---- frames that are missing, or come no more ------------------------------------------------------------------------


def test_a_lost_frame_is_told_on_the_panel_in_the_file_and_in_the_status(night: Callable[..., Night]) -> None:
    now = night(Faults(drop_every=4))
    now.s2(down=True)
    now.for_seconds(9.5)
    assert now.told.missed == 2
    now.s2(down=False)
    now.until_closed()
    (taken,) = now.taken
    assert taken.summed is not None
    assert taken.summed.lost == 2
    assert taken.summed.dark_share == pytest.approx(2 / (taken.summed.frames + 2), abs=0.002)
    of_all = taken.summed.frames + 2
    assert now.notice == f"2 of {of_all} exposures are missing in the bulb exposure."
    assert now.camera.shooting[1].bulb_lost == 2


def test_a_sensor_that_stalls_loses_nothing_of_what_there_is(night: Callable[..., Night]) -> None:
    now = night(Faults(stall_after=5))
    now.s2(down=True)
    now.until_closed()
    assert now.notice == "The bulb exposure was interrupted: its part until then is saved."
    (taken,) = now.taken
    assert taken.summed is not None
    assert (taken.summed.frames, taken.frame.exposure.exposure_us) == (5, 5_000_000)
    now.s2(down=False)  # nothing is open any more
    assert now.told.kind == ""


def test_a_sensor_that_is_unplugged_loses_nothing_of_what_there_is(night: Callable[..., Night]) -> None:
    now = night(Faults(disconnect_after=9))  # three of which were seen before
    now.s2(down=True)
    with pytest.raises(CameraLost):
        now.until_closed()
    now.camera.abandon()  # as the stream does at its end
    (taken,) = now.taken
    assert taken.summed is not None
    assert taken.summed.frames >= 3


def test_a_sensor_that_stalls_before_the_first_exposure_leaves_no_photograph_and_gives_the_place_back(
    night: Callable[..., Night],
) -> None:
    now = night(Faults(stall_after=inf))
    now.running.sensor._faults = Faults(stall_after=0)
    now.s2(down=True)
    now.until_closed()
    assert now.notice == "The bulb exposure was interrupted: it had not begun."
    assert now.taken == []
    assert now.running.rig.darkroom.room() == 8


def test_switching_to_film_ends_and_saves_it(night: Callable[..., Night]) -> None:
    now = night()
    now.camera.film._settings = frozenset(now.running.sensor.settings)
    now.s2(down=True)
    now.for_seconds(4)
    now.set("film.mode", "cinema")
    assert now.told.kind == ""
    (taken,) = now.taken
    assert taken.summed is not None
    assert taken.summed.frames >= 2


def test_a_sensor_that_does_not_obey_is_given_up_after_a_while(
    night: Callable[..., Night], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = night()
    sensor = now.running.sensor
    begin = sensor.start
    monkeypatch.setattr(sensor, "start", lambda setting, *_: begin(setting, Exposure(200_000, 1.0)))
    monkeypatch.setattr(sensor, "set", lambda _: None)
    now.s2(down=True)
    now.until_closed()
    assert now.notice == "The sensor did not obey: there is no bulb exposure."
    assert now.taken == []
    assert now.running.rig.darkroom.room() == 8


def test_the_set_length_ends_it_even_if_the_sensor_exposes_otherwise_by_then(night: Callable[..., Night]) -> None:
    now = night(drive__bulb="press", drive__bulb_longest_s=8)
    now.tap()
    now.for_seconds(4)
    now.running.sensor.set(Exposure(500_000, 1.0))
    now.running.sensor.set = lambda _: None  # type: ignore[method-assign]
    now.until_closed()
    (taken,) = now.taken
    assert taken.summed is not None
    assert 3 <= taken.summed.frames <= 6
    assert now.notice.startswith("The bulb exposure was as long as is set")


# ---- the picture -----------------------------------------------------------------------------------------------------


def test_it_is_the_picture_that_one_exposure_of_the_same_length_gives(night: Callable[..., Night]) -> None:
    """Of the drawn scene, from the dark under the table to lamps that clip; what moves in it is left out."""
    now = night()
    now.s2(down=True)
    now.for_seconds(6.5)
    now.s2(down=False)
    now.until_closed()
    (bulb,) = now.taken
    now.set("drive.mode", "single")
    now.set("exposure.shutter_us", bulb.frame.exposure.exposure_us)
    now.tap()
    now.running.turn_until(lambda: len(now.taken) == 2, 4000)
    one = now.taken[1].frame
    assert bulb.summed is not None
    assert one.exposure.exposure_us == bulb.frame.exposure.exposure_us
    summed, single = (_blocks(frame.raw - frame.levels.green_black) for frame in (bulb.frame, one))
    sigma = np.sqrt((one.noise.slope_dn * single + bulb.frame.noise.floor_dn2 + one.noise.floor_dn2) * 2 / 64)
    alike = np.abs(summed - single) <= 4 * sigma + 0.01 * single
    assert alike.mean() > 0.97  # some leaves moved
    white = one.levels.white - one.levels.green_black
    assert (single > 0.99 * white).any()
    assert (single < 0.02 * white).any()
    assert np.abs((summed > 0.99 * white).mean() - (single > 0.99 * white).mean()) < 0.005
    assert bulb.frame.noise.slope_dn == one.noise.slope_dn
    assert bulb.frame.noise.floor_dn2 == pytest.approx(bulb.summed.frames * one.noise.floor_dn2)


def _blocks(signal: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    rows, columns = (size // 8 for size in signal.shape)
    return np.asarray(signal[: rows * 8, : columns * 8].reshape(rows, 8, columns, 8).mean((1, 3)))


def test_what_is_looked_at_before_the_file_exists_is_the_sum_and_not_its_last_exposure(
    night: Callable[..., Night],
) -> None:
    now = night()
    now.s2(down=True)
    now.for_seconds(8.5)
    last = next(frame for frame in reversed(now.running.frames) if frame.exposure.exposure_us == 1_000_000)
    dark = float(last.preview.y.mean())
    now.s2(down=False)
    now.until_closed()
    (taken,) = now.taken
    assert taken.frame.preview.y.shape == last.preview.y.shape
    assert float(taken.frame.preview.y.mean()) > 1.5 * dark


def test_what_is_looked_at_has_no_hot_pixels_and_the_raw_keeps_them(night: Callable[..., Night]) -> None:
    hot = HotPixels(SMALL.facts.height, SMALL.facts.width, np.array([[40, 60], [101, 203]], np.uint16))
    now = night(Faults(stuck=((40, 60), (101, 203))))
    now.camera.mend(hot)
    now.tap()
    now.until_closed()
    (taken,) = now.taken
    frame = taken.frame
    assert [int(frame.raw[row, column]) for row, column in hot.places] == [frame.levels.white] * 2
    without, shape = mended(frame.raw, hot), frame.preview.y.shape
    colour, gains = SMALL.facts.colour, taken.gains
    drawn = isp.render(without, frame.cfa, frame.levels, frame.neutral, colour, shape, gains)
    np.testing.assert_array_equal(frame.preview.y, drawn.y)
    np.testing.assert_array_equal(frame.preview.u, drawn.u)


def test_its_exposure_was_by_hand_whatever_the_mode(night: Callable[..., Night]) -> None:
    now = night(exposure__mode="A", exposure__ev=1.0)
    now.tap()
    now.until_closed()
    (taken,) = now.taken
    assert taken.bias_ev == 0
    assert taken.decisions.is_manual


def test_the_panel_has_the_iso_of_the_next_shot_and_no_warning_of_a_meter_that_has_no_say(
    night: Callable[..., Night],
) -> None:
    now = night(exposure__mode="A", exposure__auto_iso=True)
    now.running.see(3)
    assert (now.camera.dials.exposure.iso, now.camera.dials.exposure.off_ev) == (100, None)
    now.set("drive.mode", "single")
    now.running.see(3)
    assert now.camera.dials.exposure.iso > 100


def test_before_it_the_live_view_shows_the_scene_whatever_time_stands_on_the_dial(night: Callable[..., Night]) -> None:
    now = night(exposure__shutter_us=250)
    now.running.see(12)
    bright = float(now.running.frames[-1].preview.y.mean())
    now.set("drive.mode", "single")
    now.running.see(12)
    assert float(now.running.frames[-1].preview.y.mean()) < bright / 2
