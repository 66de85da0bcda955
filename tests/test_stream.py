"""The frame stream on the simulated sensor, in stepped time: settings followed, presses served, silence noticed."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from device.clock import SteppedClock
from device.errors import CameraLost
from device.frame import Exposure, Frame
from device.preview import PreviewReader, PreviewWriter, Sizes
from device.sensor import Setting
from device.sensor_simulated import Faults
from device.stream import Stream
from tests.small_sensor import small_sensor
from tests.test_camera import Rig


class Running:
    """A stream whose loop is turned by hand, with everything behind it real but small."""

    def __init__(self, folder: Path, faults: Faults, pre_capture: int = 0, **drive: object) -> None:
        self.clock = SteppedClock()
        self.rig = Rig(folder, 8, **drive)
        self.camera = self.rig.camera
        self.sensor = small_sensor(self.clock, faults=faults, buffers=7)
        self.frames: list[Frame] = []
        self.ring = PreviewWriter(folder / "preview", Sizes.for_sensor(360, 480, (90, 120)))
        self.stream = Stream(
            sensor=self.sensor,
            camera=self.camera,
            ring=self.ring,
            clock=self.clock,
            pre_capture=pre_capture,
            seen=self.frames.append,
        )

    def turn_until(self, done: Callable[[], object], turns: int = 400) -> None:
        for _ in range(turns):
            if done():
                return
            self.stream.step()
        pytest.fail("it never happened")

    def see(self, count: int) -> None:
        wanted = len(self.frames) + count
        self.turn_until(lambda: len(self.frames) >= wanted)


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., Running]:
    def started(faults: Faults | None = None, **options: object) -> Running:
        return Running(tmp_path, faults or Faults(), **options)  # type: ignore[arg-type]

    return started


def test_it_follows_the_camera_from_smooth_to_armed_and_back(start: Callable[..., Running]) -> None:
    running = start()
    running.see(2)
    assert running.frames[-1].raw.shape == (180, 240)
    running.camera.arm(on=True, when_ns=running.clock.now_ns())
    running.see(2)
    assert running.frames[-1].raw.shape == (360, 480)
    running.camera.arm(on=False, when_ns=running.clock.now_ns())
    running.turn_until(lambda: running.frames[-1].raw.shape == (180, 240))
    assert running.camera.state == "live"


def test_a_press_while_armed_gets_the_next_frame_without_a_mode_switch(start: Callable[..., Running]) -> None:
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


def test_pre_capture_hands_over_the_frames_from_before_the_press(start: Callable[..., Running]) -> None:
    running = start(pre_capture=3)
    running.camera.arm(on=True, when_ns=running.clock.now_ns())
    running.see(8)
    running.camera.press(running.clock.now_ns())
    running.turn_until(lambda: running.rig.darkroom.status().queued)
    running.rig.save_all()
    sequences = [taken.frame.sequence for taken in running.rig.taken]
    assert sequences == list(range(sequences[0], sequences[0] + 4))
    assert [taken.press_offset_ns < 0 for taken in running.rig.taken] == [True, True, True, False]


def test_no_frame_is_lost_while_pre_capture_holds_buffers(start: Callable[..., Running]) -> None:
    running = start(pre_capture=3)
    running.camera.arm(on=True, when_ns=running.clock.now_ns())
    running.see(3)
    first = len(running.frames)
    running.see(20)
    sequences = [frame.sequence for frame in running.frames[first:]]
    assert sequences == list(range(sequences[0], sequences[0] + 20))


def test_the_ring_shows_what_the_sensor_saw(start: Callable[..., Running], tmp_path: Path) -> None:
    running = start()
    running.see(3)
    view = PreviewReader(tmp_path / "preview").newest()
    assert view is not None
    assert view.frame == running.frames[-1].sequence
    assert view.raw_size == (180, 240)


@pytest.mark.parametrize("jump_ev", [-10.0, 10.0])
def test_automatic_exposure_settles_within_eight_frames_of_a_ten_stop_jump(
    start: Callable[..., Running], jump_ev: float
) -> None:
    """On the simulated sensor, from a dim room into the sun and back."""
    running = start(iso_max=2226, slowest_shutter_us=20_000)
    running.sensor.turn(None, 16.0 if jump_ev > 0 else 2.0, -5.0 if jump_ev > 0 else 5.0)
    running.see(30)
    running.sensor.turn(None, None, 5.0 if jump_ev > 0 else -5.0)
    running.see(8)
    settled = running.camera.first_exposure()
    running.see(30)
    later = [frame.exposure for frame in running.frames[-30:]]
    steps = {(exposure.exposure_us, round(exposure.gain, 3)) for exposure in later}
    assert all(abs(_stops(exposure, settled)) < 0.2 for exposure in later), later
    assert len(steps) <= 2, "it hunts"


def _stops(one: Exposure, other: Exposure) -> float:

    return math.log2(one.exposure_us * one.gain / (other.exposure_us * other.gain))


def test_a_stalled_stream_is_restarted_and_goes_on(start: Callable[..., Running]) -> None:
    running = start(Faults(stall_after=10))
    running.see(10)
    running.turn_until(lambda: running.camera.state == "faulted")
    assert "restarted" in running.camera.fault
    running.see(5)
    assert running.camera.state == "live"


def test_a_camera_that_stays_silent_ends_the_stream_with_a_sentence(start: Callable[..., Running]) -> None:
    running = start(Faults(stall_after=0))
    with pytest.raises(CameraLost, match="cable"):
        running.turn_until(lambda: False)


def test_a_silence_shorter_than_three_frames_and_a_second_is_no_fault(start: Callable[..., Running]) -> None:
    running = start(Faults(drop_every=2))
    running.see(40)
    assert running.camera.fault == ""


def test_an_unplugged_camera_ends_the_thread_loudly(start: Callable[..., Running]) -> None:
    running = start(Faults(disconnect_after=4))
    running.camera.started(Setting.SMOOTH, running.sensor.start(Setting.SMOOTH, Exposure(1000, 1.0)))
    (saved,) = running.camera.press(running.clock.now_ns() + 10**12)
    running.stream.start()
    assert running.stream.ended.wait(30)
    running.stream.stop()
    assert isinstance(running.stream.failure, CameraLost)
    assert running.camera.state == "faulted"
    assert saved.exception(0) is not None
