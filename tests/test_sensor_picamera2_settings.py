"""Exposures that reach the Pi's camera, and memory for its frames: the real picamera2 on a simulated libcamera."""

from collections.abc import Iterator

import pytest

from device.clock import SteppedClock
from device.errors import NoCamera
from device.frame import Exposure
from device.sensor import Setting
from tests.libcamera_sim import Request, controls
from tests.libcamera_sim.bench import Bench
from tests.libcamera_sim.installing import MemfdHeap, allocated_bytes
from tests.picamera2_bench import EXPOSURE, Open, opened, opening, pass_by, small_bench
from tests.small_sensor import SMALL, next_frame

FRAME_BYTES = 2 * 480 * 360 + 120 * 90 * 3 // 2


@pytest.fixture
def bench() -> Bench:
    return small_bench(SteppedClock())


@pytest.fixture
def start(bench: Bench) -> Iterator[Open]:
    yield from opening(bench)


def test_the_stack_is_started_with_the_exposure_and_without_its_own_automatic(start: Open, bench: Bench) -> None:
    sensor = start()
    assert next_frame(sensor).exposure == EXPOSURE
    asked = bench.camera.starts[-1]
    assert asked[controls.AeEnable] is False
    assert asked[controls.ExposureTimeMode] == asked[controls.AnalogueGainMode] == 1  # manual
    assert asked[controls.draft.NoiseReductionMode] == controls.draft.NoiseReductionModeEnum.Off
    assert asked[controls.FrameDurationLimits][1] > SMALL.facts.exposure_max_us


def test_the_modes_are_never_asked_for(start: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    from picamera2 import Picamera2  # noqa: PLC0415

    monkeypatch.setattr(Picamera2, "sensor_modes", property(lambda _: pytest.fail("it configures each of them")))
    sensor = start()
    next_frame(sensor)


def test_an_exposure_that_is_asked_for_comes_and_stays(start: Open) -> None:
    sensor = start()
    pass_by(sensor, 3)
    sensor.set(Exposure(4_000, 6.0))
    exposures = pass_by(sensor, 30)
    first = next(i for i, exposure in enumerate(exposures) if exposure.exposure_us == 4_000)
    assert exposures[:first] == [EXPOSURE] * first
    assert first <= 9
    assert all(exposure.gain == pytest.approx(6.0, rel=0.02) for exposure in exposures[first:])


def test_an_exposure_that_the_stack_lost_is_sent_again(start: Open, bench: Bench) -> None:
    sensor = start()
    pass_by(sensor, 3)
    bench.camera.faults.loses_controls = 2
    sensor.set(Exposure(4_000, 2.0))
    assert pass_by(sensor, 45)[-1].exposure_us == 4_000
    assert bench.camera.faults.loses_controls == 0


def test_an_exposure_set_while_a_request_is_released_is_not_lost(start: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    sensor = start()
    sensor.set(Exposure(4_000, 2.0))
    obey = Request.set_control

    def interrupted(self: Request, control: object, value: object) -> None:
        obey(self, control, value)  # type: ignore[arg-type]
        sensor.set(Exposure(4_000, 8.0))  # another thread's, at the worst moment

    with monkeypatch.context() as patch:
        patch.setattr(Request, "set_control", interrupted)
        pass_by(sensor, 2)
    assert pass_by(sensor, 12)[-1].gain == pytest.approx(8.0, rel=0.02)


def test_a_long_exposure_stretches_the_frame(start: Open) -> None:
    sensor = start()
    sensor.set(Exposure(2_000_000, 1.0))
    pass_by(sensor, 12)
    one, two = next_frame(sensor), next_frame(sensor)
    assert one.exposure.exposure_us == 2_000_000
    assert two.sensor_timestamp_ns - one.sensor_timestamp_ns >= 2_000_000_000


def test_a_setting_that_is_confirmed_is_not_sent_again(start: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    sensor = start()
    sensor.set(Exposure(4_000, 6.0))
    pass_by(sensor, 15)
    monkeypatch.setattr(sensor._requests.camera, "send", lambda _: pytest.fail("sent again"))
    pass_by(sensor, 30)


def test_a_view_that_somebody_kept_hurts_no_restart(start: Open) -> None:
    sensor = start(on=small_bench(SteppedClock(), stride_bytes=16))
    kept = next_frame(sensor)
    sensor.give_back(kept)
    for setting in (Setting.ARMED, Setting.SMOOTH, Setting.ARMED):
        sensor.stop()
        sensor.start(setting, EXPOSURE)
        pass_by(sensor, 3)
    assert kept.raw.shape == (180, 240)


def test_memory_goes_back_when_the_last_view_is_gone(start: Open) -> None:
    before = allocated_bytes()
    sensor = start(Setting.ARMED)
    kept = [next_frame(sensor) for _ in range(3)]
    one_setting = allocated_bytes()
    for frame in kept:
        sensor.give_back(frame)
    del kept, frame
    for _ in range(5):
        sensor.stop()
        sensor.start(Setting.ARMED, EXPOSURE)
        pass_by(sensor, 2)
    assert allocated_bytes() <= 2 * (one_setting - before) + before


@pytest.mark.parametrize(("free", "buffers"), [(None, 6), (100 * FRAME_BYTES, 6), (6 * FRAME_BYTES, 5), (1000, 4)])
def test_as_many_buffers_as_contiguous_memory_holds(start: Open, free: int | None, buffers: int) -> None:
    assert start(free_memory=lambda: free).buffers == buffers


def test_with_too_little_memory_there_are_fewer_buffers(start: Open, bench: Bench) -> None:
    MemfdHeap.limit_bytes = 5 * FRAME_BYTES - 100_000
    sensor = start(Setting.ARMED)
    assert sensor.buffers == 4
    held = [next_frame(sensor)]
    assert len(pass_by(sensor, 10)) == 10
    sensor.give_back(held[0])
    assert bench.camera.lost_frames == 0


def test_with_next_to_no_memory_the_sentence_says_what_to_write_where(bench: Bench) -> None:
    sensor = opened(bench)
    MemfdHeap.limit_bytes = FRAME_BYTES + 100_000
    with pytest.raises(NoCamera, match="cma-512"):
        sensor.start(Setting.ARMED, EXPOSURE)
    MemfdHeap.limit_bytes = None
    sensor.start(Setting.ARMED, EXPOSURE)
    assert len(pass_by(sensor, 5)) == 5
    sensor.close()


def test_libcameras_own_lack_of_memory_is_the_same(start: Open, bench: Bench) -> None:
    bench.camera.faults.refuses_memory = True
    with pytest.raises(NoCamera, match="cma-512"):
        start()


def test_a_white_balance_that_the_stack_lost_is_sent_again(start: Open, bench: Bench) -> None:
    sensor = start()
    pass_by(sensor, 3)
    bench.camera.faults.loses_controls = 2
    sensor.balance((0.5, 1.0, 0.5))
    pass_by(sensor, 45)
    assert next_frame(sensor).neutral == pytest.approx((0.5, 1.0, 0.5))
    assert bench.camera.faults.loses_controls == 0


def test_a_black_and_white_sensor_is_asked_for_no_colours(
    start: Open, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = type(bench.camera).controls.fget  # type: ignore[attr-defined]
    colours = {controls.ColourGains, controls.AwbEnable}
    has = property(lambda camera: {key: info for key, info in told(camera).items() if key not in colours})
    monkeypatch.setattr(type(bench.camera), "controls", has)
    sensor = start()
    sensor.balance((0.5, 1.0, 0.5))
    before = next_frame(sensor).neutral
    pass_by(sensor, 15)
    assert next_frame(sensor).neutral == before
