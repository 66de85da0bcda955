"""Hot pixels passed over where they are seen and measured, while the mosaic stays what it was."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from device import files, magnifier, meter, metering
from device.clock import SteppedClock
from device.frame import Exposure, Frame, Raw, Reading
from device.hot_pixels import NO_HOT_PIXELS, HotPixels, seen_in
from device.mending import mend, mended, passed_over
from device.optics import Rings
from device.planned_faults import Faults
from device.sensor import Setting
from device.sensor_replay import ReplaySensor
from device.sensor_simulated import SimulatedSensor
from tests.conftest import build_frame
from tests.photographs import FACTS, IMX477, noise_mosaic, photograph
from tests.running_stream import Running
from tests.small_sensor import flat_scene, next_frame, small_sensor

ROWS, COLUMNS = 360, 480
GENERATOR = np.random.default_rng(8)


def scattered(count: int, rows: int = ROWS, columns: int = COLUMNS) -> HotPixels:
    places = np.sort(GENERATOR.choice(rows * columns, count, replace=False))
    return HotPixels(rows, columns, np.stack(np.divmod(places, columns), 1).astype(np.uint16))


def spoilt(raw: Raw, hot: HotPixels) -> Raw:
    made = raw.copy()
    made[tuple(hot.places.T)] = 4095
    return made


HOT = scattered(300)


def test_the_mosaic_is_mended_within_and_bit_for_bit_what_it_was_after() -> None:
    raw = spoilt(noise_mosaic(ROWS, COLUMNS, 11), HOT)
    before, copy = raw.copy(), mended(raw, HOT)
    with passed_over(raw, HOT):
        np.testing.assert_array_equal(raw, copy)
    np.testing.assert_array_equal(raw, before)
    with pytest.raises(ZeroDivisionError), passed_over(raw, HOT):
        raise ZeroDivisionError
    np.testing.assert_array_equal(raw, before)
    mend(raw, HOT)
    np.testing.assert_array_equal(raw, copy)


def test_a_mosaic_with_gaps_is_refused_rather_than_copied_unseen() -> None:
    with pytest.raises(AttributeError), passed_over(np.zeros((ROWS, COLUMNS + 2), np.uint16)[:, :COLUMNS], HOT):
        pytest.fail("it was mended somewhere else")


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_binned_mosaic_has_them_where_binning_puts_their_light(n: int) -> None:
    """Each photosite of one colour averaged with its next n - 1 of that colour, each way, by numpy."""
    hot = scattered(200)
    light = spoilt(np.zeros((ROWS, COLUMNS), np.uint16), hot).astype(float)
    blocks = light.reshape(ROWS // (2 * n), n, 2, COLUMNS // (2 * n), n, 2)
    binned = blocks.mean((1, 4)).transpose(0, 1, 2, 3).reshape(ROWS // n, COLUMNS // n)
    seen = seen_in(hot, ROWS // n, COLUMNS // n)
    np.testing.assert_array_equal(seen.places, np.argwhere(binned > 0))


def test_of_a_part_of_the_sensor_nothing_is_known() -> None:
    assert seen_in(HOT, ROWS // 2, COLUMNS // 2 - 2) is NO_HOT_PIXELS
    assert seen_in(HOT, 2 * ROWS, 2 * COLUMNS) is NO_HOT_PIXELS
    assert seen_in(NO_HOT_PIXELS, ROWS, COLUMNS) is NO_HOT_PIXELS


def dark() -> Frame:
    raw = np.round(256 + 12 * np.random.default_rng(4).standard_normal((ROWS, COLUMNS))).astype(np.uint16)
    return build_frame(raw, noise=replace(build_frame(raw).noise, slope_dn=7.5, floor_dn2=144.1))


def test_under_a_cap_they_are_neither_sharp_nor_clipped_nor_the_highlights() -> None:
    """Those that are blown the focus map passes over by itself, so that some here are only bright."""
    clean, hot = dark(), scattered(60)
    frame = replace(clean, raw=spoilt(clean.raw, hot))
    frame.raw[tuple(hot.places[::2].T)] = 1500
    blind = meter.read(frame)
    with passed_over(frame.raw, hot):
        reading = meter.read(frame)
    before = meter.read(clean)
    assert blind.clipped.any()
    assert blind.focus.max() > 6
    assert not reading.clipped.any()
    assert not reading.clipped_share.any()
    assert reading.focus.max() < max(before.focus.max(), 0) + 1
    assert metering.headroom_ev(reading, 0.0002) == pytest.approx(metering.headroom_ev(before, 0.0002), abs=0.2)
    assert metering.headroom_ev(blind, 0.0002) < 0


def test_the_magnifier_does_not_show_them() -> None:
    clean = build_frame(np.full((ROWS, COLUMNS), 900, np.uint16))
    frame, window = replace(clean, raw=spoilt(clean.raw, HOT)), magnifier.window_at((ROWS, COLUMNS), 0.5, 0.5, (96, 96))
    assert window is not None
    with passed_over(frame.raw, HOT):
        cut = magnifier.cut(frame, IMX477, window)
    wanted = magnifier.cut(clean, IMX477, window)
    np.testing.assert_array_equal(cut.picture.y, wanted.picture.y)
    np.testing.assert_array_equal(cut.clipped, wanted.clipped)
    assert magnifier.cut(frame, IMX477, window).picture.y.max() > wanted.picture.y.max() + 50


def one_stuck(*, stuck: bool = True) -> SimulatedSensor:
    """A sensor under an even grey, whose photosites of HOT are stuck."""
    faults = Faults(stuck=tuple((int(row), int(column)) for row, column in HOT.places) if stuck else ())
    return small_sensor(SteppedClock(), scene=flat_scene(0.3), rings=Rings(f_number=8), faults=faults)


@pytest.mark.parametrize("setting", [Setting.SMOOTH, Setting.ARMED])
def test_the_sensors_own_preview_goes_without_them(setting: Setting) -> None:
    darkest, brightest = {}, {}
    for name, sensor in (("stuck", one_stuck()), ("mended", one_stuck()), ("good", one_stuck(stuck=False))):
        sensor.fit_previews(120, 160)
        sensor.mend(HOT if name == "mended" else NO_HOT_PIXELS)
        sensor.start(setting, Exposure(20_000, 1.0))
        frame = next_frame(sensor)
        assert (frame.raw > 3000).any() == (name != "good" and setting is Setting.ARMED)
        darkest[name], brightest[name] = int(frame.preview.y.min()), int(frame.preview.y.max())
    assert brightest["stuck"] > brightest["good"] + 10
    assert brightest["mended"] <= brightest["good"] + 2
    assert darkest["mended"] >= darkest["good"] - 2


def test_what_the_stream_tells_is_mended_and_what_is_photographed_is_not(tmp_path: Path) -> None:
    running = Running(tmp_path, one_stuck(), SteppedClock())
    told: list[Reading] = []
    running.stream.measured = lambda _, reading: told.append(reading)
    running.see(1)
    running.camera.mend(HOT)
    running.see(3)  # one may have been drawn before
    assert told[0].focus.max() > 6
    assert not told[-1].clipped_share.any()
    assert told[-1].focus.max() < 5
    running.camera.press(running.clock.now_ns(), 1)
    running.turn_until(lambda: running.rig.save_all() or running.rig.taken)
    taken = running.rig.taken[0]
    assert taken.hot is HOT
    assert (taken.frame.raw[tuple(HOT.places.T)] > 4000).all()


def test_replayed_previews_go_without_them(tmp_path: Path) -> None:
    raw = np.full((ROWS, COLUMNS), 900, np.uint16)
    (tmp_path / "one.dng").write_bytes(
        b"".join(files.negative_of(photograph(build_frame(spoilt(raw, HOT)), facts=replace(FACTS, model="IMX477"))))
    )
    sensor = ReplaySensor(tmp_path, SteppedClock(), buffers=4, preview_max=(180, 240))
    sensor.start(Setting.ARMED, Exposure(1000, 1.0))
    with_them = next_frame(sensor)
    sensor.mend(HOT)
    without = next_frame(sensor)
    assert with_them.preview.y.max() > without.preview.y.max() + 20
    assert without.preview.y.max() - without.preview.y.min() <= 1
    np.testing.assert_array_equal(without.raw, with_them.raw)
