"""The Pi's camera in trouble, with the real picamera2: stalls, a dead thread, a broken device, none at all."""

import gc
import logging
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from device import sensor_choice
from device.clock import SteppedClock
from device.errors import BadValue, NoCamera, NotReady
from device.sensor import Setting
from tests import libcamera_sim
from tests.libcamera_sim.bench import Bench
from tests.picamera2_bench import EXPOSURE, Open, opened, opening, pass_by, small_bench
from tests.small_sensor import next_frame


@pytest.fixture
def bench() -> Bench:
    return small_bench(SteppedClock())


@pytest.fixture
def start(bench: Bench) -> Iterator[Open]:
    yield from opening(bench)


def test_a_frame_in_error_is_passed_by(start: Open, bench: Bench) -> None:
    sensor = start()
    pass_by(sensor, 2)
    bench.camera.faults.failed_frames = 3
    first = next_frame(sensor).sequence
    assert first == 5
    assert len(pass_by(sensor, 20)) == 20


def test_of_frames_that_nobody_fetched_only_the_newest_comes(start: Open, bench: Bench) -> None:
    sensor = start()
    pass_by(sensor, 1)
    bench.clock.advance(120_000_000)  # four frames and a bit
    frame = next_frame(sensor)
    assert bench.clock.now_ns() - frame.sensor_timestamp_ns < 50_000_000
    sensor.give_back(frame)
    assert len(pass_by(sensor, 20)) == 20
    assert bench.camera.lost_frames == 0


def test_a_camera_that_was_silent_is_opened_anew(start: Open, bench: Bench) -> None:
    sensor = start()
    pass_by(sensor, 3)
    opened_before = sensor._requests.camera
    bench.camera.faults.stalled = True
    assert sensor.wait(2.0) is None
    bench.camera.faults.stalled = False
    sensor.stop()
    sensor.start(Setting.SMOOTH, EXPOSURE)
    assert sensor._requests.camera is not opened_before
    assert len(pass_by(sensor, 10)) == 10


def test_a_camera_that_was_not_silent_is_not(start: Open) -> None:
    sensor = start()
    before = sensor._requests.camera
    pass_by(sensor, 3)
    sensor.stop()
    sensor.start(Setting.ARMED, EXPOSURE)
    assert sensor._requests.camera is before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_death_of_picamera2s_listening_thread_is_survived(start: Open, bench: Bench) -> None:
    sensor = start()
    pass_by(sensor, 3)
    bench.manager.poisoned = True
    assert sensor.wait(3.0) is None
    sensor.stop()
    sensor.start(Setting.SMOOTH, EXPOSURE)
    assert len(pass_by(sensor, 10)) == 10


def test_a_device_that_refuses_requests_is_silence_and_then_mended(
    start: Open, bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    sensor = start()
    held = next_frame(sensor)
    bench.camera.faults.refuses_requests = True
    with caplog.at_level(logging.ERROR):
        sensor.give_back(held)
    assert "opened anew" in caplog.text
    began_ns = bench.clock.now_ns()
    assert sensor.wait(0.05) is None
    assert bench.clock.now_ns() - began_ns == 50_000_000
    bench.camera.faults.refuses_requests = False
    sensor.stop()
    sensor.start(Setting.SMOOTH, EXPOSURE)
    assert len(pass_by(sensor, 10)) == 10


def test_frames_lent_before_the_camera_was_opened_anew_can_be_given_back(start: Open, bench: Bench) -> None:
    sensor = start(on=bench)
    held = next_frame(sensor)
    copy = held.copied()
    bench.camera.faults.stalled = True
    assert sensor.wait(2.0) is None
    bench.camera.faults.stalled = False
    sensor.stop()
    sensor.start(Setting.ARMED, EXPOSURE)
    np.testing.assert_array_equal(held.raw, copy.raw)
    sensor.give_back(held)
    with pytest.raises(BadValue, match="not lent"):
        sensor.give_back(held)
    assert len(pass_by(sensor, 10)) == 10


def test_without_a_camera_the_sentence_says_where_to_look(bench: Bench) -> None:
    bench.manager.cameras = []
    with pytest.raises(NoCamera, match="cable"):
        opened(bench)


def test_a_camera_that_somebody_else_has_is_said_to_be_busy(start: Open, bench: Bench) -> None:
    start()
    with pytest.raises(NoCamera, match=r"is used by .* end that first") as refused:
        opened(bench)
    del refused  # and with it the object that picamera2 gave up on, whose pipe it leaves open
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_a_sensor_that_nobody_wrote_facts_of_is_not_guessed_at(bench: Bench) -> None:
    from device.sensor_catalogue import model_of  # noqa: PLC0415

    bench.camera.name = "ov5647"
    with pytest.raises(NoCamera, match=r"'ov5647'.*IMX283.*IMX477"):
        opened(bench, facts_of=model_of)


def test_before_a_start_there_are_no_frames(bench: Bench) -> None:
    sensor = opened(bench)
    with pytest.raises(NotReady):
        sensor.wait(0.1)
    sensor.close()


def test_a_closed_camera_is_free_for_the_next(start: Open, bench: Bench) -> None:
    start().close()
    assert not bench.camera.acquired
    assert len(pass_by(start(), 3)) == 3


def test_opening_and_closing_leaks_no_descriptors(bench: Bench) -> None:
    def cycle() -> int:
        sensor = opened(bench)
        sensor.start(Setting.SMOOTH, EXPOSURE)
        pass_by(sensor, 2)
        sensor.close()
        gc.collect()  # what an earlier test left, which would be closed between two counts
        return len(list(Path("/proc/self/fd").iterdir()))

    cycle()
    assert cycle() <= cycle()


def test_auto_takes_a_camera_where_libcamera_finds_one(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not sensor_choice.camera_is_there()
    monkeypatch.setitem(sys.modules, "libcamera", libcamera_sim)
    assert sensor_choice.camera_is_there()
    bench.manager.cameras = []
    assert not sensor_choice.camera_is_there()
