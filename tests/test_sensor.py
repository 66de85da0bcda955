"""What every sensor must do: one suite, run on each implementation.

To add one, write a function that makes it, given a clock and an empty folder, and put it into SENSORS.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from device.clock import Clock, SteppedClock
from device.errors import McamError
from device.frame import Exposure
from device.sensor import Sensor, Setting
from device.sensor_replay import ReplaySensor
from tests.picamera2_bench import small_picamera2
from tests.replayed import write_ours
from tests.small_sensor import next_frame, small_sensor

EXPOSURE = Exposure(8_000, 2.0)


def replay_of_a_file(clock: Clock, folder: Path) -> Sensor:
    return ReplaySensor(write_ours(folder / "a.dng"), clock, buffers=6, preview_max=(90, 120))


def replay_of_a_folder(clock: Clock, folder: Path) -> Sensor:
    for number in range(4):  # more than the replay keeps in memory
        write_ours(folder / f"{number}.dng")
    return ReplaySensor(folder, clock, buffers=6, preview_max=(90, 120))


def real_picamera2_on_a_simulated_libcamera(clock: Clock, _: Path) -> Sensor:
    return small_picamera2(clock)[1]


SENSORS: dict[str, Callable[[Clock, Path], Sensor]] = {
    "simulated": lambda clock, _: small_sensor(clock),
    "replay of a file": replay_of_a_file,
    "replay of a folder": replay_of_a_folder,
    "picamera2": real_picamera2_on_a_simulated_libcamera,
}


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture(params=SENSORS)
def sensor(request: pytest.FixtureRequest, clock: SteppedClock, tmp_path: Path) -> Iterator[Sensor]:
    made = SENSORS[request.param](clock, tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("setting", Setting)
def test_frames_are_what_was_granted(sensor: Sensor, setting: Setting) -> None:
    granted = sensor.start(setting, EXPOSURE)
    frame = next_frame(sensor)
    assert frame.raw.shape == (granted.height, granted.width)
    assert frame.raw.dtype == np.uint16
    assert (frame.bits, frame.cfa) == (granted.bits, granted.cfa)
    assert granted.cfa in granted.raw_format
    assert int(frame.raw.max()) < 1 << granted.bits
    assert frame.levels.white < 1 << granted.bits


def test_the_full_setting_delivers_every_photosite(sensor: Sensor) -> None:
    granted = sensor.start(Setting.ARMED, EXPOSURE)
    assert (granted.width, granted.height) == (sensor.facts.width, sensor.facts.height)


def test_the_preview_is_of_the_same_shape_as_the_mosaic(sensor: Sensor) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    frame = next_frame(sensor)
    rows, columns = frame.preview.y.shape
    assert rows % 2 == columns % 2 == 0
    assert frame.preview.u.shape == frame.preview.v.shape == (rows // 2, columns // 2)
    assert columns / rows == pytest.approx(frame.raw.shape[1] / frame.raw.shape[0], rel=0.05)


def test_sequence_and_timestamps_rise(sensor: Sensor) -> None:
    granted = sensor.start(Setting.SMOOTH, EXPOSURE)
    seen = []
    for _ in range(5):
        frame = next_frame(sensor)
        seen.append((frame.sequence, frame.sensor_timestamp_ns))
        sensor.give_back(frame)
    numbers, stamps = zip(*seen, strict=True)
    assert list(np.diff(numbers)) == [1] * 4
    assert all(np.diff(stamps) >= 1000 * granted.frame_duration_us)


def test_no_frame_comes_before_its_time(sensor: Sensor, clock: SteppedClock) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    for _ in range(3):
        frame = next_frame(sensor)
        assert frame.sensor_timestamp_ns <= clock.now_ns()
        sensor.give_back(frame)


def test_waiting_in_vain_ends_in_time(sensor: Sensor, clock: SteppedClock) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    began_ns = clock.now_ns()
    assert sensor.wait(0.001) is None
    assert clock.now_ns() - began_ns == 1_000_000


def test_lent_frames_keep_still_while_others_come(sensor: Sensor) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    held = [next_frame(sensor) for _ in range(sensor.buffers - 3)]
    copies = [frame.copied() for frame in held]
    for _ in range(2 * sensor.buffers):
        sensor.give_back(next_frame(sensor))
    for frame, copy in zip(held, copies, strict=True):
        np.testing.assert_array_equal(frame.raw, copy.raw)
        np.testing.assert_array_equal(frame.preview.y, copy.preview.y)


def test_lent_frames_stay_readable_after_a_stop(sensor: Sensor) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    frame = next_frame(sensor)
    copy = frame.copied()
    sensor.stop()
    sensor.start(Setting.ARMED, EXPOSURE)
    sensor.give_back(next_frame(sensor))
    np.testing.assert_array_equal(frame.raw, copy.raw)
    sensor.give_back(frame)


def test_a_frame_is_given_back_once(sensor: Sensor) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    frame = next_frame(sensor)
    sensor.give_back(frame)
    with pytest.raises(McamError, match="not lent"):
        sensor.give_back(frame)


def test_only_its_own_frames_are_taken_back(sensor: Sensor) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    frame = next_frame(sensor)
    with pytest.raises(McamError, match="not lent"):
        sensor.give_back(frame.copied())


def test_with_every_buffer_lent_frames_are_lost_until_one_comes_back(sensor: Sensor) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    held = [next_frame(sensor) for _ in range(sensor.buffers)]
    assert sensor.wait(1.0) is None
    sensor.give_back(held[0])
    assert next_frame(sensor).sequence > held[-1].sequence + 1


def test_frames_are_numbered_on_over_a_restart(sensor: Sensor) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    before = next_frame(sensor).sequence
    sensor.stop()
    sensor.start(Setting.ARMED, EXPOSURE)
    assert next_frame(sensor).sequence > before


def test_what_a_frame_says_of_itself_lies_within_the_facts(sensor: Sensor) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    sensor.set(Exposure(0, 1e6))
    for _ in range(4):
        frame = next_frame(sensor)
        sensor.give_back(frame)
    facts = sensor.facts
    assert facts.exposure_min_us <= frame.exposure.exposure_us <= facts.exposure_max_us
    assert facts.gain_min <= frame.exposure.gain <= facts.gain_max
    assert frame.noise.slope_dn > 0
    assert frame.noise.floor_dn2 > 0
    assert frame.neutral[1] == 1.0
    assert min(frame.neutral) > 0
    assert max(frame.levels.black) < frame.levels.white


def test_closing_twice_is_harmless(sensor: Sensor) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    sensor.close()
    sensor.close()


def test_previews_fill_the_room_that_is_asked_for_from_the_next_start_at_the_latest(sensor: Sensor) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    before = next_frame(sensor)
    shape = before.preview.y.shape
    sensor.give_back(before)
    sensor.fit_previews(30, 400)
    sensor.stop()
    sensor.start(Setting.SMOOTH, EXPOSURE)
    fitted = next_frame(sensor).preview
    assert shape != fitted.y.shape
    assert fitted.y.shape[0] == 30
    assert fitted.y.shape[1] == pytest.approx(30 * 4 / 3, abs=2)
    assert fitted.u.shape == (15, fitted.y.shape[1] // 2)


def test_a_white_balance_comes_with_some_frame_and_goes_again(sensor: Sensor) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    frame = next_frame(sensor)
    own, before = frame.neutral, frame.preview.v.mean()
    sensor.give_back(frame)
    for asked, expected in (((0.9, 1.0, 0.3), (0.9, 1.0, 0.3)), (None, own)):
        sensor.balance(asked)
        for _ in range(12):
            sensor.give_back(next_frame(sensor))
        frame = next_frame(sensor)
        assert frame.neutral == pytest.approx(expected, rel=1e-4)
        assert (frame.preview.v.mean() < before - 5) == (asked is not None)  # what is red is taken for grey
        sensor.give_back(frame)


def test_a_white_balance_is_kept_over_a_change_of_the_setting(sensor: Sensor) -> None:
    sensor.start(Setting.SMOOTH, EXPOSURE)
    sensor.balance((0.9, 1.0, 0.3))
    for _ in range(12):
        sensor.give_back(next_frame(sensor))
    sensor.stop()
    sensor.start(Setting.ARMED, EXPOSURE)
    for _ in range(12):
        sensor.give_back(next_frame(sensor))
    frame = next_frame(sensor)
    assert frame.neutral == pytest.approx((0.9, 1.0, 0.3), rel=1e-4)
    sensor.give_back(frame)
    sensor.balance(None)  # and at once
    sensor.stop()
    sensor.start(Setting.ARMED, EXPOSURE)
    for _ in range(12):
        sensor.give_back(next_frame(sensor))
    assert next_frame(sensor).neutral != pytest.approx((0.9, 1.0, 0.3), rel=1e-4)
