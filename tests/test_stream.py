"""The frame stream on the simulated sensor, in stepped time: settings followed, presses served, silence noticed."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from device import focus, magnifier, stream
from device.clock import SteppedClock
from device.detail import Detail
from device.dials import pressed
from device.errors import CameraLost, NotReady
from device.flat_field import NO_GAINS, Gains
from device.frame import Exposure, Frame, Levels, Noise
from device.protocol import LookCall
from device.sensor import Setting
from device.sensor_simulated import Faults
from tests.running_stream import Running
from tests.small_sensor import SMALL, small_sensor


class Simulated(Running):
    """With the simulated sensor."""

    def __init__(self, folder: Path, faults: Faults, **options: object) -> None:
        clock = SteppedClock()
        self.sensor = small_sensor(clock, faults=faults, buffers=7)
        super().__init__(folder, self.sensor, clock, **options)  # type: ignore[arg-type]


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., Simulated]:
    def started(faults: Faults | None = None, **options: object) -> Simulated:
        return Simulated(tmp_path, faults or Faults(), **options)

    return started


def test_it_follows_the_camera_from_smooth_to_armed_and_back(start: Callable[..., Simulated]) -> None:
    running = start()
    running.see(2)
    assert running.frames[-1].measured == (180, 240)
    running.camera.arm(on=True, when_ns=running.clock.now_ns())
    running.see(2)
    assert running.frames[-1].measured == (360, 480)
    running.camera.arm(on=False, when_ns=running.clock.now_ns())
    running.turn_until(lambda: running.frames[-1].measured == (180, 240))
    assert running.camera.state == "live"


def test_a_press_while_armed_gets_the_next_frame_without_a_mode_switch(start: Callable[..., Simulated]) -> None:
    running = start()
    running.camera.arm(on=True, when_ns=running.clock.now_ns())
    running.see(5)
    pressed_ns = running.clock.now_ns()
    running.camera.press(pressed_ns)
    running.turn_until(lambda: running.rig.darkroom.status().queued)
    running.rig.save_all()
    (taken,) = running.rig.taken
    assert taken.frame.raw.shape == (360, 480)
    assert 0 <= taken.press_offset_ns <= 100_000_000  # one frame time of the armed setting


def test_pre_capture_hands_over_the_frames_from_before_the_press(start: Callable[..., Simulated]) -> None:
    running = start(pre_capture=3)
    running.camera.arm(on=True, when_ns=running.clock.now_ns())
    running.see(8)
    running.camera.press(running.clock.now_ns())
    running.turn_until(lambda: running.rig.darkroom.status().queued)
    running.rig.save_all()
    sequences = [taken.frame.sequence for taken in running.rig.taken]
    assert sequences == list(range(sequences[0], sequences[0] + 4))
    assert [taken.press_offset_ns < 0 for taken in running.rig.taken] == [True, True, True, False]


def test_no_frame_is_lost_while_pre_capture_holds_buffers(start: Callable[..., Simulated]) -> None:
    running = start(pre_capture=3)
    running.camera.arm(on=True, when_ns=running.clock.now_ns())
    running.see(3)
    first = len(running.frames)
    running.see(20)
    sequences = running.sequences[first:]
    assert sequences == list(range(sequences[0], sequences[0] + 20))


def test_the_ring_shows_what_the_sensor_saw(start: Callable[..., Simulated]) -> None:
    running = start()
    running.see(3)
    view = running.reader().newest()
    assert view is not None
    assert view.frame == running.frames[-1].sequence
    assert view.raw_size == (180, 240)


def test_the_flat_field_of_photographs_is_seen_where_all_of_the_sensor_is(
    start: Callable[..., Simulated], monkeypatch: pytest.MonkeyPatch
) -> None:
    running, told = start(), list[Gains]()
    monkeypatch.setattr(running.sensor, "correct", told.append)
    gains = np.full((4, 3, 5), 1.5, np.float32)
    running.camera.correct(gains)
    running.see(2)
    whole = running.camera.granted
    assert whole is not None
    running.camera.granted = replace(whole, covered=(running.camera.facts.width // 2, running.camera.facts.height // 2))
    running.see(2)
    running.camera.granted = whole
    running.see(2)
    assert [each is gains for each in told] == [True, False, True]
    assert told[1] is NO_GAINS


def test_only_frames_that_cannot_be_photographed_are_counted_by_sixteenths(
    start: Callable[..., Simulated], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.meter.SAMPLED_FROM", 0)
    running = start()
    running.see(3)
    live = running.reader().newest()
    running.camera.arm(on=True, when_ns=running.clock.now_ns())
    running.see(8)
    armed = running.reader().newest()
    assert live is not None
    assert armed is not None
    assert live.reading.histogram.sum() * 16 == pytest.approx(np.prod(live.raw_size), rel=0.1)
    assert armed.reading.histogram.sum() == np.prod(armed.raw_size)


@pytest.mark.parametrize("metering", ["multi", "centre", "spot", "highlight"])
@pytest.mark.parametrize("jump_ev", [-10.0, 10.0])
def test_automatic_exposure_settles_within_sixteen_frames_of_a_ten_stop_jump(
    start: Callable[..., Simulated], jump_ev: float, metering: str
) -> None:
    """On the simulated sensor, from a dim room into the sun and back."""
    running = start(iso_max=2226, metering=metering)
    running.sensor.turn(None, 16.0 if jump_ev > 0 else 2.0, -5.0 if jump_ev > 0 else 5.0)
    running.see(30)
    running.sensor.turn(None, None, 5.0 if jump_ev > 0 else -5.0)
    running.see(16)
    settled = running.camera.first_exposure()
    running.see(30)
    later = [frame.exposure for frame in running.frames[-30:]]
    steps = {(exposure.exposure_us, round(exposure.gain, 3)) for exposure in later}
    assert all(abs(_stops(exposure, settled)) < 0.2 for exposure in later), later
    assert len(steps) <= 2, "it hunts"


@pytest.mark.parametrize("share", [0.001, 0.02])
@pytest.mark.parametrize("jump_ev", [-10.0, 10.0])
def test_highlight_exposes_to_the_right_with_no_more_clipped_than_its_share(
    start: Callable[..., Simulated], jump_ev: float, share: float
) -> None:
    """Judged by the frames' photosites, counted here."""
    running = start(iso_max=2226, metering="highlight", highlight_share=100 * share)
    running.sensor.turn(None, 16.0 if jump_ev > 0 else 2.0, -jump_ev / 2)
    running.see(12)
    running.sensor.turn(None, None, jump_ev / 2)
    running.see(25)
    for _ in range(5):
        running.see(1)
        frame = running.frames[-1]
        assert isinstance(frame, Frame)
        channels = [frame.raw[i::2, j::2].astype(np.float64) for i in (0, 1) for j in (0, 1)]
        assert max((channel >= frame.levels.white).mean() for channel in channels) <= share
        brighter = [(channel - 256) * 2**0.3 + 256 >= frame.levels.white for channel in channels]
        assert max(channel.mean() for channel in brighter) > share, "a third of a stop more would have been good"


def _stops(one: Exposure, other: Exposure) -> float:

    return math.log2(one.exposure_us * one.gain / (other.exposure_us * other.gain))


@pytest.mark.parametrize("armed", [False, True])
def test_the_magnifier_gets_the_raws_own_pixels_without_a_mode_switch(
    start: Callable[..., Simulated], armed: bool
) -> None:
    running = start(always=armed)
    running.camera.facts = SMALL.facts
    running.see(3)
    reader = running.reader()
    setting = running.camera.setting
    running.camera.dial(lambda dials: pressed(dials, "ok"))
    running.see(2)
    view = reader.newest()
    assert view is not None
    assert running.camera.setting is setting
    frame = running.frames[-1]
    assert isinstance(frame, Frame)
    assert view.magnified is not None
    assert view.magnified.window == magnifier.window_at(frame.raw.shape, 0.5, 0.5, (120, 160))
    expected = magnifier.cut(frame, running.camera.facts.colour, view.magnified.window)
    np.testing.assert_array_equal(view.magnified.picture.y, expected.picture.y)
    np.testing.assert_array_equal(view.magnified.clipped, expected.clipped)
    running.camera.dial(lambda dials: pressed(dials, "ok"))
    running.see(2)
    later = reader.newest()
    assert later is not None
    assert later.magnified is None


def test_the_sensor_rests_while_the_camera_sleeps_and_wakes_armed_for_a_half_press(
    start: Callable[..., Simulated], monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start()
    running.see(3)
    running.camera.sleep(asleep=True)
    with monkeypatch.context() as patch:
        patch.setattr(stream, "WAIT_S", 0.0)
        for _ in range(3):
            running.stream.step()
    assert running.camera.state == "asleep"
    with pytest.raises(NotReady):
        running.sensor.wait(0.0)
    running.camera.sleep(asleep=False)
    running.camera.arm(True, running.clock.now_ns())
    running.see(3)
    assert running.camera.state == "armed"


def test_a_stalled_stream_is_restarted_and_goes_on(start: Callable[..., Simulated]) -> None:
    running = start(Faults(stall_after=10))
    running.see(10)
    running.turn_until(lambda: running.camera.state == "faulted")
    assert "restarted" in running.camera.fault
    running.see(5)
    assert running.camera.state == "live"


def test_a_camera_that_stays_silent_ends_the_stream_with_a_sentence(start: Callable[..., Simulated]) -> None:
    running = start(Faults(stall_after=0))
    with pytest.raises(CameraLost, match="cable"):
        running.turn_until(lambda: False)


def test_a_silence_shorter_than_three_frames_and_a_second_is_no_fault(start: Callable[..., Simulated]) -> None:
    running = start(Faults(drop_every=2))
    running.see(40)
    assert running.camera.fault == ""


def test_an_unplugged_camera_ends_the_thread_loudly(start: Callable[..., Simulated]) -> None:
    running = start(Faults(disconnect_after=4))
    running.camera.started(Setting.SMOOTH, running.sensor.start(Setting.SMOOTH, Exposure(1000, 1.0)))
    (saved,) = running.camera.press(running.clock.now_ns() + 10**12)
    running.stream.start()
    assert running.stream.ended.wait(30)
    running.stream.stop()
    assert isinstance(running.stream.failure, CameraLost)
    assert running.camera.state == "faulted"
    assert saved.exception(0) is not None


def test_a_viewfinder_that_comes_later_gets_its_own_size_and_a_ring_large_enough(
    start: Callable[..., Simulated],
) -> None:
    running = start()
    running.see(1)
    reader = running.reader()
    assert running.frames[-1].preview.y.shape == (90, 120)
    running.showing.look(LookCall(columns=60, rows=200, magnifier_columns=64, magnifier_rows=48))
    running.see(1)
    assert running.frames[-1].preview.y.shape == (44, 60)
    running.camera.arm(on=True, when_ns=running.clock.now_ns())
    running.showing.look(LookCall(columns=2000, rows=2000, magnifier_columns=64, magnifier_rows=48))
    running.turn_until(lambda: running.frames[-1].preview.y.shape == (180, 240))
    assert reader.stale()
    view = running.reader().newest()
    assert view is not None
    assert view.preview.y.shape == (180, 240)


def test_the_magnifiers_window_is_as_large_as_the_viewfinder_says(start: Callable[..., Simulated]) -> None:
    running = start()
    running.camera.facts = SMALL.facts
    running.camera.dial(lambda settings: pressed(settings, "ok"))
    running.showing.look(LookCall(columns=120, rows=90, magnifier_columns=64, magnifier_rows=48))
    running.see(1)
    view = running.reader().newest()
    assert view is not None
    assert view.magnified is not None
    assert (view.magnified.window.rows, view.magnified.window.columns) == (48, 64)


def test_frames_are_told_to_end_with_their_last_row(start: Callable[..., Simulated]) -> None:
    running = start()
    running.see(1)
    view = running.reader().newest()
    assert view is not None
    assert view.ended_ns - view.sensor_timestamp_ns == 1000 * SMALL.modes[Setting.SMOOTH].readout_us


def test_the_focus_map_of_a_still_scene_is_that_of_several_frames(
    start: Callable[..., Simulated], monkeypatch: pytest.MonkeyPatch
) -> None:
    chances: list[float] = []

    def significance(found: Detail, levels: Levels, noise: Noise, chance: NDArray[np.float32]) -> NDArray[np.float32]:
        chances.append(float(np.median(chance)))
        return focus.significance(found, levels, noise, chance)

    monkeypatch.setattr("device.meter.significance", significance)
    start().see(6)
    assert chances[0] == 1
    assert chances[-1] < 0.4
