"""What the Pi's camera delivers, with the real picamera2 on a simulated libcamera. The suite is in test_sensor.py."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from device.clock import SteppedClock
from device.errors import CameraLost, LossyRaw
from device.frame import Cfa, Exposure
from device.hot_pixels import HotPixels
from device.mending import passed_over
from device.sensor import Setting
from tests.libcamera_sim import controls
from tests.libcamera_sim.bench import Bench
from tests.picamera2_bench import Open, opened, opening, pass_by, small_bench
from tests.small_sensor import SMALL, next_frame


@pytest.fixture
def bench() -> Bench:
    return small_bench(SteppedClock())


@pytest.fixture
def start(bench: Bench) -> Iterator[Open]:
    yield from opening(bench)


@pytest.mark.parametrize("raw", ["12", "16", "12_CSI2P"])
@pytest.mark.parametrize("stride_bytes", [32, 64, 16])
@pytest.mark.parametrize("setting", Setting)
def test_the_mosaic_is_what_the_sensor_delivered(start: Open, setting: Setting, raw: str, stride_bytes: int) -> None:
    """Right-justified as of a Pi 4, left-justified as of a Pi 5, packed; rows with gaps and without."""
    bench = small_bench(SteppedClock(), raw=raw, stride_bytes=stride_bytes)
    sensor = start(setting, bench)
    for _ in range(8):  # and in memory that is used again
        frame = next_frame(sensor)
        np.testing.assert_array_equal(frame.raw, bench.camera.delivered[frame.sequence])
        assert (frame.bits, frame.cfa, frame.raw.flags.c_contiguous) == (12, Cfa.BGGR, True)
        sensor.give_back(frame)


def test_a_pi_4s_mosaic_without_gaps_is_not_copied(start: Open) -> None:
    sensor = start(on=small_bench(SteppedClock(), stride_bytes=16))
    frame = next_frame(sensor)
    _, (completed, _) = sensor._loans._out[id(frame)]
    assert np.shares_memory(frame.raw, completed.raw)
    assert np.shares_memory(frame.preview.y, completed.main)


@pytest.mark.parametrize("setting", Setting)
def test_the_preview_is_the_picture_of_the_same_mosaic(start: Open, bench: Bench, setting: Setting) -> None:
    sensor = start(setting)
    frame = next_frame(sensor)
    rendered = bench.camera._light.preview(bench.camera.delivered[frame.sequence], Cfa.BGGR, *frame.preview.y.shape)
    for plane in ("y", "u", "v"):
        np.testing.assert_array_equal(getattr(frame.preview, plane), getattr(rendered, plane))


def test_frames_come_no_faster_than_film_wants_them(start: Open) -> None:
    sensor = start()
    granted = sensor.start(Setting.CINEMA, Exposure(10_000, 1.0), 41_667)
    stamps_ns = []
    for _ in range(3):
        frame = next_frame(sensor)
        stamps_ns.append(frame.sensor_timestamp_ns)
        sensor.give_back(frame)
    assert granted.frame_duration_us == 41_667
    assert set(np.diff(stamps_ns)) == {41_667_000}


def test_a_sensor_mounted_upside_down_is_turned_with_its_pattern(start: Open, bench: Bench) -> None:
    sensor = start()
    before = bench.camera.delivered[next_frame(sensor).sequence]
    sensor.close()
    other = small_bench(SteppedClock())
    frame = next_frame(start(on=other, upside_down=True))
    assert frame.cfa is Cfa.RGGB
    np.testing.assert_array_equal(frame.raw, before[::-1, ::-1])


def test_lossy_raw_is_refused_and_the_camera_can_still_be_closed(start: Open) -> None:
    bench = small_bench(SteppedClock(), raw="_PISP_COMP1")
    with pytest.raises(LossyRaw, match="PISP_COMP1"):
        start(on=bench)
    assert bench.camera.next_ns is None


def test_black_white_balance_and_noise_are_those_of_the_frames_own_metadata(
    start: Open, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    sensor = start()
    told = bench.camera._told
    own = {controls.SensorBlackLevels: (4096, 4112, 4128, 4160), controls.ColourGains: (2.5, 1.6)}
    monkeypatch.setattr(bench.camera, "_told", lambda planned: {**told(planned), **own})
    frame = next_frame(sensor)
    assert frame.levels.black == (256.0, 257.0, 258.0, 260.0)  # R, Gr, Gb, B; of 16 bits in the metadata
    assert frame.levels.white == 4095
    assert frame.neutral == pytest.approx((0.4, 1.0, 0.625))
    assert frame.noise.slope_dn == pytest.approx(0.47 * frame.exposure.gain / 4)


def test_a_frame_that_tells_little_of_itself_gets_the_usual_figures(start: Open, bench: Bench) -> None:
    sensor = start()
    bench.camera.faults.mute = frozenset({controls.SensorBlackLevels, controls.ColourGains})
    frame = next_frame(sensor)
    assert frame.levels == SMALL.levels(12)
    assert frame.neutral == (1.0, 1.0, 1.0)


def test_frames_that_do_not_tell_their_exposure_are_no_frames(start: Open, bench: Bench) -> None:
    sensor = start()
    bench.camera.faults.mute = frozenset({controls.ExposureTime})
    with pytest.raises(CameraLost, match="ExposureTime"):
        sensor.wait(1.0)
    bench.camera.faults.mute = frozenset()
    assert len(pass_by(sensor, 20)) == 20  # and the buffer went back


@pytest.mark.parametrize("asleep_s", [0, 3, 86_400])
def test_stamps_of_either_clock_are_on_that_of_the_shutter(start: Open, bench: Bench, asleep_s: int) -> None:
    """The kernel stamps with CLOCK_MONOTONIC, which stands still while the machine sleeps."""
    bench.clock.advance(2 * 86_400 * 10**9)
    for behind_s in (0, asleep_s):
        sensor = start(asleep_ns=lambda: asleep_s * 10**9)
        told = bench.camera._told

        def shifted(planned: object, told: Callable[..., dict] = told, behind_s: int = behind_s) -> dict:  # type: ignore[type-arg]
            metadata = told(planned)
            return {**metadata, controls.SensorTimestamp: metadata[controls.SensorTimestamp] - behind_s * 10**9}

        bench.camera._told = shifted  # type: ignore[method-assign]
        frame = next_frame(sensor)
        assert 0 <= bench.clock.now_ns() - frame.sensor_timestamp_ns < 10**9
        sensor.close()
        bench.camera._told = told  # type: ignore[method-assign]


def test_the_facts_are_the_catalogues_with_the_size_of_the_driver_that_is_there(start: Open, bench: Bench) -> None:
    other = replace(SMALL, facts=replace(SMALL.facts, width=484, height=362))
    facts = start(facts_of=lambda _: other).facts
    assert (facts.model, facts.width, facts.height) == ("IMX477", 480, 360)
    assert (facts.exposure_max_us, facts.gain_max) == (670_740_000, 22.26)
    assert bench.camera.starts


def test_before_it_is_configured_the_stacks_limits_are_not_believed(bench: Bench) -> None:
    sensor = opened(bench)
    assert bench.camera.controls[controls.ExposureTime].max == 66_666
    assert sensor.facts.exposure_max_us == 670_740_000
    sensor.start(Setting.SMOOTH, Exposure(3_000_000, 20.0))
    exposure = next_frame(sensor).exposure
    assert (exposure.exposure_us, exposure.gain) == (3_000_000, pytest.approx(20.0, rel=0.02))
    sensor.close()


def test_a_mosaic_can_be_written_to_only_while_there_are_hot_pixels(start: Open) -> None:
    """Camera and processor see each other's memory when they are told who writes: see `picamera2_raw.Completed`."""
    sensor = start(on=small_bench(SteppedClock(), stride_bytes=16))
    frame = next_frame(sensor)
    assert not frame.raw.flags.writeable
    sensor.give_back(frame)
    hot = HotPixels(*frame.raw.shape, np.array([[4, 7]], np.uint16))
    sensor.mend(hot)
    frame = next_frame(sensor)
    frame.raw[4, 7] = 4095
    with passed_over(frame.raw, hot):
        assert frame.raw[4, 7] < 4095
    assert frame.raw[4, 7] == 4095
    sensor.give_back(frame)
