"""The simulated sensor's own physics, timing and faults, measured on what it delivers."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from device import isp
from device.clock import SteppedClock
from device.colour import camera_to_srgb, daylight_neutral
from device.delivery import Delivery, pack10, pack12, pack_left16
from device.errors import BadValue, CameraLost, LossyRaw, NoCamera, NotReady
from device.frame import Exposure, Frame
from device.optics import Rings
from device.photon_noise import PhotonNoise
from device.planned_faults import Faults
from device.scene_charts import COLORCHECKER, FRAME, GAP, PATCH
from device.scene_table import row_of
from device.sensor import Setting
from device.sensor_facts import IMX477
from device.sensor_simulated import SimulatedSensor
from device.thing import linear
from tests.small_sensor import SCALE, SMALL, flat_scene, next_frame, small_sensor

EXPOSURE = Exposure(10_000, 1.0)
STOPPED = Rings(f_number=32.0)  # next to no vignetting


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


def taken(sensor: SimulatedSensor, count: int) -> Iterator[Frame]:
    for _ in range(count):
        frame = next_frame(sensor)
        yield frame
        sensor.give_back(frame)


def signal(sensor: SimulatedSensor, setting: Setting, exposure: Exposure) -> float:
    """Mean above black of one frame at that exposure."""
    sensor.start(setting, exposure)
    frame = next_frame(sensor)
    mean = float(frame.raw.mean(dtype=np.float64)) - frame.levels.black[0]
    sensor.give_back(frame)
    return mean


def mean_and_variance(sensor: SimulatedSensor, setting: Setting, exposure: Exposure) -> tuple[float, float, Frame]:
    """From two frames: their difference knows no pattern, only noise."""
    sensor.start(setting, exposure)
    first, second = (frame.copied() for frame in taken(sensor, 2))
    a, b = (frame.raw.astype(np.float64) for frame in (first, second))
    return float((a + b).mean() / 2 - first.levels.black[0]), float((a - b).var() / 2), first


@pytest.mark.parametrize(
    ("gain", "slope_dn", "floor_dn2"),
    # 0.47 DN per electron; 1.53 DN read noise at gain 1 and 11.5 at gain 16 as published, and 8 between them by hand
    [(1.0, 0.47, 1.53**2), (8.0, 3.76, 34.436), (16.0, 7.52, 11.5**2)],
)
@pytest.mark.parametrize(("setting", "photosites"), [(Setting.ARMED, 1), (Setting.SMOOTH, 4)])
def test_variance_over_mean_finds_the_published_constants(
    clock: SteppedClock, gain: float, slope_dn: float, floor_dn2: float, setting: Setting, photosites: int
) -> None:
    sensor = small_sensor(clock, scene=flat_scene(), rings=STOPPED)
    shutters_us = np.linspace(1_000, 600_000 / gain, 9).astype(int)
    points = [mean_and_variance(sensor, setting, Exposure(int(us), gain)) for us in shutters_us]
    means, variances, frames = zip(*points, strict=True)
    assert max(means) < 0.8 * (4095 - 256)
    fitted_slope, fitted_floor = np.polyfit(means, variances, 1, w=1 / np.array(variances))
    rounding = 1 / 12 if photosites > 1 else 0.0  # the average of four is rounded once more
    assert fitted_slope == pytest.approx(slope_dn / photosites, rel=0.01)
    assert fitted_floor == pytest.approx(floor_dn2 / photosites + rounding, rel=0.06)
    assert frames[0].noise.slope_dn == pytest.approx(slope_dn / photosites, rel=1e-6)
    assert frames[0].noise.floor_dn2 == pytest.approx(floor_dn2 / photosites + rounding, rel=1e-3)


def test_ten_bits_carry_the_noise_they_say(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene(), rings=STOPPED, delivery="csi2p10")
    mean, variance, frame = mean_and_variance(sensor, Setting.ARMED, Exposure(200_000, 4.0))
    assert (frame.bits, frame.levels.white, frame.levels.black[0]) == (10, 1023, 64)
    assert variance == pytest.approx(frame.noise.slope_dn * mean + frame.noise.floor_dn2, rel=0.02)


def test_photon_noise_leans_to_the_right_as_poisson_does(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene(), rings=STOPPED)
    sensor.start(Setting.ARMED, Exposure(20_000, 4.0))
    dn = next_frame(sensor).raw[0::2, 1::2].astype(np.float64) - 256  # one colour
    noise = IMX477.noise(4.0, IMX477.modes[Setting.ARMED], 12)
    third_moment = noise.slope_dn**2 * dn.mean()  # of a Poisson number times the slope; a Gaussian adds none
    assert ((dn - dn.mean()) ** 3).mean() == pytest.approx(third_moment, rel=0.15)


def test_darkness_is_black_on_average(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene(0.0))
    mean, _, _ = mean_and_variance(sensor, Setting.ARMED, Exposure(10_000, 22.26))
    assert mean == pytest.approx(0, abs=0.15)  # four standard errors


def test_neighbouring_photosites_know_nothing_of_each_other(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene(), rings=STOPPED)
    sensor.start(Setting.ARMED, EXPOSURE)
    frames = [frame.raw.astype(np.float64) for frame in taken(sensor, 4)]
    first, second = frames[0] - frames[1], frames[2] - frames[3]  # noise alone
    for a, b in ((first[:, 1:], first[:, :-1]), (first[1:], first[:-1]), (first, second)):
        assert abs((a * b).mean() / first.var()) < 0.015


def test_the_same_seed_gives_the_same_frames_and_another_another() -> None:
    def frame(seed: int) -> np.ndarray:
        sensor = small_sensor(SteppedClock(), scene=flat_scene(), seed=seed)
        sensor.start(Setting.SMOOTH, EXPOSURE)
        return next_frame(sensor).raw

    np.testing.assert_array_equal(frame(1), frame(1))
    assert (frame(1) != frame(2)).mean() > 0.5


@pytest.mark.parametrize("setting", Setting)
def test_white_at_the_nominal_exposure_stands_at_seven_tenths(clock: SteppedClock, setting: Setting) -> None:
    sensor = small_sensor(clock, scene=flat_scene(), rings=Rings(200, 2.0, 4.0))
    sensor.start(setting, EXPOSURE)
    frame = next_frame(sensor)
    rows, columns = (n // 4 * 2 for n in frame.raw.shape)
    green = frame.raw[rows - 10 : rows + 10 : 2, columns - 9 : columns + 11 : 2]  # Gb of BGGR, about the axis
    black, white = frame.levels.black[2], frame.levels.white
    assert green.mean() - black == pytest.approx(0.7 * (white - black), rel=0.03)


@pytest.mark.parametrize("setting", [Setting.CINEMA, Setting.SLOW_MOTION])
def test_what_films_is_cut_out_of_the_middle_of_the_whole_picture(setting: Setting) -> None:
    """Cut out by an independent slice of what the smooth setting sees; noise and the hand's movement average out."""

    def mean_of(setting: Setting) -> NDArray[np.float64]:
        sensor = small_sensor(SteppedClock())
        sensor.start(setting, EXPOSURE)
        frames = [(frame.raw - frame.levels.black[0]) / frame.levels.white for frame in taken(sensor, 8)]
        return np.asarray(np.mean(frames, axis=0))

    whole, cut = mean_of(Setting.SMOOTH), mean_of(setting)
    top, left = ((n - m) // 2 for n, m in zip(whole.shape, cut.shape, strict=True))
    middle = whole[top : top + cut.shape[0], left : left + cut.shape[1]]
    elsewhere = whole[top - 4 : top - 4 + cut.shape[0], left : left + cut.shape[1]]
    assert np.abs(middle - cut).mean() < 0.002
    assert np.abs(elsewhere - cut).mean() > 0.01


def test_frames_come_no_faster_than_film_wants_them(clock: SteppedClock) -> None:
    sensor = small_sensor(clock)
    granted = sensor.start(Setting.CINEMA, EXPOSURE, 41_667)
    times_ns = [frame.sensor_timestamp_ns for frame in taken(sensor, 4)]
    assert granted.frame_duration_us == 41_667
    assert set(np.diff(times_ns)) == {41_667_000}


@pytest.mark.parametrize("setting", Setting)
def test_exposure_follows_shutter_gain_aperture_and_light_in_stops(clock: SteppedClock, setting: Setting) -> None:
    sensor = small_sensor(clock, scene=flat_scene(), rings=STOPPED)
    nominal = signal(sensor, setting, Exposure(50_000, 2.0))
    assert signal(sensor, setting, Exposure(100_000, 2.0)) == pytest.approx(2 * nominal, rel=0.005)
    assert signal(sensor, setting, Exposure(50_000, 4.0)) == pytest.approx(2 * nominal, rel=0.005)
    sensor.turn(None, None, 2.0)
    assert signal(sensor, setting, Exposure(50_000, 2.0)) == pytest.approx(4 * nominal, rel=0.005)
    sensor.turn(None, 64.0, 0.0)
    assert signal(sensor, setting, Exposure(50_000, 2.0)) == pytest.approx(nominal / 4, rel=0.01)


def test_the_rings_say_where_they_stand_and_refuse_to_leave_the_lens(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene())
    sensor.turn(float("inf"), 2.8, -1.0)
    assert sensor.position() == (float("inf"), 2.8, -1.0)
    with pytest.raises(BadValue):
        sensor.turn(0.01, None, None)
    assert sensor.position() == (float("inf"), 2.8, -1.0)


def test_a_turn_from_another_thread_shows_in_the_next_frame(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene(), rings=STOPPED)
    sensor.start(Setting.SMOOTH, Exposure(50_000, 2.0))
    before = next_frame(sensor).raw.mean()
    hand = threading.Thread(target=sensor.turn, args=(None, None, 1.0))
    hand.start()
    hand.join()
    assert next_frame(sensor).raw.mean() - 256 == pytest.approx(2 * (before - 256), rel=0.01)


def test_a_setting_reaches_the_frame_two_later(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene())
    sensor.start(Setting.SMOOTH, EXPOSURE)
    wanted = Exposure(5_000, 2.0)
    seen = []
    for i, frame in enumerate(taken(sensor, 5)):
        seen.append(frame.exposure)
        if i == 1:
            sensor.set(wanted)
    assert seen == [EXPOSURE] * 3 + [wanted] * 2


def test_the_first_frame_has_the_exposure_of_the_start_and_began_no_earlier(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene())
    began_ns = clock.now_ns()
    sensor.start(Setting.ARMED, Exposure(3_000, 1.5))
    frame = next_frame(sensor)
    assert frame.exposure == Exposure(3_000, 1.5)
    assert frame.exposure_start_ns == began_ns


@pytest.mark.parametrize(("setting", "interval_us"), [(Setting.SMOOTH, 24_995), (Setting.ARMED, 100_000)])
def test_frames_come_at_the_modes_rate(clock: SteppedClock, setting: Setting, interval_us: int) -> None:
    sensor = small_sensor(clock, scene=flat_scene())
    sensor.start(setting, EXPOSURE)
    stamps = [frame.sensor_timestamp_ns for frame in taken(sensor, 4)]
    assert set(np.diff(stamps)) == {interval_us * 1000}


def test_an_exposure_longer_than_the_frame_time_stretches_it(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene())
    sensor.start(Setting.SMOOTH, Exposure(200_000, 1.0))
    stamps = [frame.sensor_timestamp_ns for frame in taken(sensor, 3)]
    assert np.diff(stamps).min() == pytest.approx(200_384_000, rel=1e-5)  # and 3 lines of 127.85 us


def test_wishes_beyond_the_sensor_are_clamped(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene())
    sensor.start(Setting.SMOOTH, Exposure(1, 100.0))
    assert next_frame(sensor).exposure == Exposure(114, 22.26)


def test_a_slow_machine_skips_frames_and_never_falls_behind(
    clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sensor = small_sensor(clock, scene=flat_scene())
    render = isp.render

    def slow_render(*args: object) -> object:
        clock.advance(60_000_000)
        return render(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(isp, "render", slow_render)
    sensor.start(Setting.SMOOTH, EXPOSURE)
    readout_ns = IMX477.modes[Setting.SMOOTH].readout_us * 1000
    numbers = []
    for frame in taken(sensor, 50):
        numbers.append(frame.sequence)
        assert clock.now_ns() - frame.sensor_timestamp_ns <= readout_ns + 25_000_000 + 60_000_000
    assert set(np.diff(numbers)) == {2, 3}  # 60 ms are 2.4 frames


def test_a_slow_viewer_gets_the_newest_frame(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene())
    sensor.start(Setting.SMOOTH, EXPOSURE)
    clock.advance(1_000_000_000)
    frame = next_frame(sensor)
    assert frame.sequence == 38  # (1 s - 10 ms - 23 ms) / 24.994 ms
    assert clock.now_ns() == 2_000_000_000


def test_a_start_without_a_stop_begins_anew(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene())
    sensor.start(Setting.SMOOTH, EXPOSURE)
    before = [frame.sequence for frame in taken(sensor, 3)]
    sensor.start(Setting.ARMED, EXPOSURE)
    frame = next_frame(sensor)
    assert frame.raw.shape == (360, 480)
    assert frame.sequence == before[-1] + 1


def test_it_has_to_be_started_first(clock: SteppedClock) -> None:
    with pytest.raises(NotReady):
        small_sensor(clock, scene=flat_scene()).wait(1.0)


def test_every_so_many_th_frame_can_be_dropped(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene(), faults=Faults(drop_every=3))
    sensor.start(Setting.SMOOTH, EXPOSURE)
    assert [frame.sequence for frame in taken(sensor, 6)] == [0, 1, 3, 4, 6, 7]


def test_a_stall_ends_with_a_new_start(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene(), faults=Faults(stall_after=2))
    sensor.start(Setting.SMOOTH, EXPOSURE)
    assert len(list(taken(sensor, 2))) == 2
    assert sensor.wait(10.0) is None
    sensor.stop()
    sensor.start(Setting.SMOOTH, EXPOSURE)
    assert len(list(taken(sensor, 2))) == 2


def test_a_disconnected_sensor_stays_gone(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene(), faults=Faults(disconnect_after=3))
    sensor.start(Setting.SMOOTH, EXPOSURE)
    assert len(list(taken(sensor, 3))) == 3
    with pytest.raises(CameraLost, match="unplugged"):
        sensor.wait(1.0)
    sensor.stop()
    with pytest.raises(NoCamera, match="unplugged"):
        sensor.start(Setting.SMOOTH, EXPOSURE)


def test_another_format_than_asked_is_said(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene(), faults=Faults(grants="csi2p10"))
    granted = sensor.start(Setting.SMOOTH, EXPOSURE)
    assert (granted.bits, granted.raw_format) == (10, "SBGGR10_CSI2P")
    assert next_frame(sensor).bits == 10


def test_a_lossy_format_is_refused(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, scene=flat_scene(), faults=Faults(grants="pisp_comp1"))
    with pytest.raises(LossyRaw, match="PISP_COMP1"):
        sensor.start(Setting.SMOOTH, EXPOSURE)


@pytest.mark.parametrize(
    ("delivery", "name"), [("left16", "SBGGR16"), ("csi2p12", "SBGGR12_CSI2P"), ("unpacked16", "SBGGR12")]
)
def test_twelve_bits_are_the_same_however_they_are_delivered(delivery: Delivery, name: str) -> None:
    def start(delivery: Delivery) -> tuple[str, np.ndarray]:
        sensor = small_sensor(SteppedClock(), scene=flat_scene(), delivery=delivery)
        return sensor.start(Setting.ARMED, EXPOSURE).raw_format, next_frame(sensor).raw

    raw_format, raw = start(delivery)
    assert raw_format == name
    np.testing.assert_array_equal(raw, start("unpacked16")[1])


def test_packed_bytes_are_those_of_the_specification() -> None:
    assert pack12(np.array([[0xABC, 0x123]], np.uint16))[0, :3].tolist() == [0xAB, 0x12, 0x3C]
    # Low bits 01, 10, 11, 00 of pixels 0 to 3, pixel 0 in bits 1-0.
    raw10 = np.array([[0x3FD, 0x002, 0x1FF, 0x200]], np.uint16)
    assert pack10(raw10)[0, :5].tolist() == [0xFF, 0x00, 0x7F, 0x80, 0b00_11_10_01]
    assert pack_left16(np.array([[0xABC]], np.uint16)).tolist() == [[0xC0, 0xAB]]
    assert pack12(np.zeros((2, 10), np.uint16)).shape == (2, 32)  # 15 bytes, padded to the stride


def test_the_chart_comes_back_in_its_published_colours(clock: SteppedClock) -> None:
    sensor = small_sensor(clock, rings=Rings(35.0, 2.0, 4.0, -0.5))
    sensor.start(Setting.ARMED, EXPOSURE)
    frames = [frame.raw.astype(np.float64) for frame in taken(sensor, 60)]  # the hand sways: so does the average
    camera = quads(np.mean(frames, axis=0) - 256) / np.array(sensor.facts.colour.matrices[1]).sum()
    srgb = camera / neutral(sensor) @ camera_to_srgb(sensor.facts.colour, daylight_neutral(sensor.facts.colour)).T
    measured = np.array([[patch(srgb, row, column) for column in range(6)] for row in range(4)])
    published = linear(np.array(COLORCHECKER, np.uint8))
    measured *= published[3, 0, 1] / measured[3, 0, 1]
    np.testing.assert_allclose(measured, published, atol=0.025)


def quads(mosaic: np.ndarray) -> np.ndarray:
    """(rows / 2, columns / 2, 3) of a BGGR mosaic."""
    green = (mosaic[0::2, 1::2] + mosaic[1::2, 0::2]) / 2
    return np.stack([mosaic[1::2, 1::2], green, mosaic[0::2, 0::2]], axis=-1)


def neutral(sensor: SimulatedSensor) -> np.ndarray:
    return np.array(next_frame(sensor).neutral)


def patch(picture: np.ndarray, row: int, column: int) -> np.ndarray:
    """Mean of the middle of one of the chart's patches, in a picture of quads."""
    x = (2560 + FRAME + PATCH / 2 + (PATCH + GAP) * column) * SCALE / 2
    y = (row_of(2.0) - 622 + FRAME + PATCH / 2 + (PATCH + GAP) * row) * SCALE / 2
    return picture[round(y) - 1 : round(y) + 1, round(x) - 1 : round(x) + 1].mean(axis=(0, 1))


def test_facts_of_a_full_sensor_are_the_imx477s() -> None:
    assert IMX477.facts.crop_factor == pytest.approx(5.51, abs=0.01)
    assert replace(SMALL.facts).crop_factor == pytest.approx(5.51, abs=0.02)
    assert IMX477.modes[Setting.ARMED].readout_us == pytest.approx(86_900, rel=0.01)
    assert IMX477.full_well_e * IMX477.dn_per_electron + 256 == pytest.approx(4095, rel=0.005)


def test_a_frame_is_exposed_before_it_ends_and_no_other_is_in_its_place(
    clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where each is exposed while the one before is still lent, and where only one buffer is left."""
    exposed_ns: list[int] = []
    expose = PhotonNoise.expose

    def timed(*args: object) -> None:
        exposed_ns.append(clock.now_ns())
        expose(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(PhotonNoise, "expose", timed)
    sensor = small_sensor(clock, scene=flat_scene(), buffers=2)
    sensor.start(Setting.SMOOTH, EXPOSURE)
    lent = next_frame(sensor)
    kept = lent.raw.copy()
    readout_ns = 1000 * SMALL.modes[Setting.SMOOTH].readout_us
    for frame in taken(sensor, 5):
        assert exposed_ns[-1] < frame.sensor_timestamp_ns + readout_ns <= clock.now_ns()
    assert len(exposed_ns) == 6
    np.testing.assert_array_equal(lent.raw, kept)
