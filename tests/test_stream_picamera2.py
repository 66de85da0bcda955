"""The frame stream with the Pi's camera and the real picamera2: from a press to a DNG, and through stalls."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rawpy

from device.clock import SteppedClock
from device.dial_rules import changed
from device.errors import McamError
from tests.libcamera_sim.bench import Bench
from tests.picamera2_bench import opened, small_bench
from tests.replayed import write_ours
from tests.running_stream import Running


@pytest.fixture
def bench() -> Bench:
    return small_bench(SteppedClock())


class OnBench(Running):
    """With the Pi's camera on that bench."""

    def __init__(self, folder: Path, bench: Bench, pre_capture: int = 0) -> None:
        self.sensor = opened(bench)
        super().__init__(folder, self.sensor, bench.clock, pre_capture, facts=self.sensor.facts)


@pytest.fixture
def running(tmp_path: Path, bench: Bench) -> Iterator[OnBench]:
    made = OnBench(tmp_path, bench, pre_capture=3)
    yield made
    made.sensor.close()


@pytest.mark.parametrize("raw", ["12", "16"])
def test_a_press_becomes_a_dng_that_holds_what_the_sensor_delivered(tmp_path: Path, raw: str) -> None:
    bench = small_bench(SteppedClock(), raw=raw)
    running = OnBench(tmp_path, bench)
    running.see(5)
    running.camera.arm(on=True, when_ns=bench.clock.now_ns())
    running.see(12)
    pressed_ns = bench.clock.now_ns()
    running.camera.press(pressed_ns)
    first = running.sequences[-1] - max(bench.camera.delivered)  # number of the first frame since it was armed
    running.turn_until(lambda: running.rig.darkroom.status().queued)
    running.rig.save_all()
    (taken,) = running.rig.taken
    assert 0 <= taken.frame.exposure_start_ns - pressed_ns <= 100_000_000
    with rawpy.imread(str(write_ours(tmp_path / "a.dng", taken.frame))) as file:
        np.testing.assert_array_equal(file.raw_image_visible, bench.camera.delivered[taken.frame.sequence - first])
    running.sensor.close()


def test_a_bulb_exposure_is_the_sum_of_what_the_sensor_delivered(tmp_path: Path) -> None:
    """The stack below takes some frames to obey: none that is exposed otherwise is in it, and none is missing."""
    bench = small_bench(SteppedClock())
    running = OnBench(tmp_path, bench)
    for key, value in {"drive.mode": "bulb", "exposure.auto_iso": True}.items():
        running.camera.dial(lambda now, key=key, value=value: changed(now, key, value))  # type: ignore[misc]
    running.see(5)
    running.camera.release(down=True, when_ns=bench.clock.now_ns())
    running.turn_until(lambda: running.camera.shooting[0].taken >= 6)
    running.camera.release(down=False, when_ns=bench.clock.now_ns())
    running.turn_until(lambda: running.camera.shooting[0].kind == "")
    delivered = list(bench.camera.delivered.values())
    running.rig.save_all()
    (taken,) = running.rig.taken
    assert taken.summed is not None
    assert (taken.summed.lost, taken.frame.exposure.gain) == (0, 1.0)
    assert taken.frame.exposure.exposure_us == pytest.approx(taken.summed.frames * 1_000_000, rel=0.001)
    black, white = round(taken.frame.levels.green_black), taken.frame.levels.white
    mosaics = np.array(delivered[-taken.summed.frames :], np.int64)
    wanted = np.minimum((mosaics - black).sum(0) + black, white)
    wanted[(mosaics >= white).any(0)] = white
    np.testing.assert_array_equal(taken.frame.raw, np.maximum(wanted, 0))
    running.sensor.close()


def test_no_frame_is_lost_while_pre_capture_holds_its_buffers(running: OnBench, bench: Bench) -> None:
    running.camera.arm(on=True, when_ns=bench.clock.now_ns())
    running.see(20)
    assert running.sequences[-15:] == list(range(running.sequences[-15], running.sequences[-15] + 15))
    assert bench.camera.lost_frames == 0


def test_a_stall_is_noticed_told_and_ended_by_a_restart(running: OnBench, bench: Bench) -> None:
    running.see(5)
    bench.camera.faults.stalled = True
    running.turn_until(lambda: running.camera.state == "faulted")
    bench.camera.faults.stalled = False
    assert "restarted" in running.camera.fault
    running.see(5)
    assert running.camera.state == "live"


def test_requests_that_libcamera_cancelled_are_a_stall(running: OnBench, bench: Bench) -> None:
    running.see(5)
    bench.camera.faults.cancels = 6  # all that are queued, as after its own timeout
    running.turn_until(lambda: running.camera.state == "faulted")
    running.see(5)
    assert running.camera.state == "live"


def test_a_camera_that_stays_silent_ends_the_stream_with_a_sentence(running: OnBench, bench: Bench) -> None:
    running.see(2)
    bench.camera.faults.stalled = True
    with pytest.raises(McamError, match="cable"):
        running.turn_until(lambda: False)


def test_the_automatic_exposure_settles_on_it(running: OnBench) -> None:
    running.see(60)
    settled = running.camera.first_exposure()
    running.see(20)
    assert running.camera.first_exposure() == settled
