"""Dust on the simulated sensor: found on a white sheet, gone from pictures, and never found where there is none."""

from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from device import dust, dust_shadow, files, flat_bake, flat_wizard, stored_photograph
from device.clock import SteppedClock
from device.dial_rules import changed
from device.dust import NO_DUST, Dust, Speck
from device.dust_removal import DARKEST, _patches, cleaned, removed
from device.dust_search import FoundDust, WhiteFrames
from device.dust_shadow import GLASS_UM, Mote
from device.errors import BadValue
from device.flat_field import NO_GAINS, Gains
from device.flat_fit import cells_of, fitted
from device.frame import Cfa, Exposure, Frame, Levels, Raw, Reading
from device.hot_pixels import NO_HOT_PIXELS
from device.optics import Rings, falloff
from device.photograph import Photograph
from device.planned_faults import Faults
from device.protocol import FlatFieldCall, Nothing, Photo, ShootReply
from device.sensor import Setting
from device.sensor_facts import IMX477, Mode
from device.states import CardStatus, ExposureState, State
from device.strict import Struct
from tests.conftest import build_frame
from tests.photographs import FACTS, photograph
from tests.running_stream import Running
from tests.small_sensor import SMALL, flat_scene, next_frame, small_sensor
from tests.test_dng import said

ROWS, COLUMNS = 760, 1016  # a quarter of the HQ camera's each way, with its photosites
MODE = Mode(COLUMNS, ROWS, binning=1, frame_duration_us=100_000, line_us=28.57)
PITCH_UM = IMX477.facts.pixel_pitch_um
LEVELS = Levels((256.0,) * 4, 4095)
FRAMES = 8
MOTES = (Mote(200.3, 300.8, 20.0), Mote(500.0, 700.0, 8.0), Mote(602.5, 101.25, 35.0), Mote(3.0, 1000.0, 14.0))
PLAIN = {"R": 0.45, "G": 0.6, "B": 0.35}
Light = NDArray[np.float32]


def sheet_light(cfa: Cfa, motes: tuple[Mote, ...], f_number: float = 11.0) -> Light:
    """What falls on each photosite, a share of the range: vignetting, the filters' colours, shadows."""
    y, x = np.mgrid[:ROWS, :COLUMNS]
    radius_um = np.hypot(y - (ROWS - 1) / 2, x - (COLUMNS - 1) / 2) * 4 * PITCH_UM
    light = falloff(radius_um.astype(np.float32), float(radius_um.max()), Rings(focal_length_mm=28, f_number=2.0))
    for place, letter in enumerate(str(cfa)):
        light[place // 2 :: 2, place % 2 :: 2] *= PLAIN[letter]
    light = np.ascontiguousarray(light, np.float32)
    for mote in motes:
        dust_shadow.cast(mote, f_number, MODE, PITCH_UM, light)
    return light


def noisy(light: Light, seed: int) -> Raw:
    dn = light * 3839
    noise = np.random.default_rng(seed).standard_normal(light.shape, np.float32)
    return np.clip(np.round(256 + dn + np.sqrt(0.47 * dn + 1.53**2) * noise), 0, 4095).astype(np.uint16)


def sheet(seed: int, cfa: Cfa, motes: tuple[Mote, ...], f_number: float = 11.0) -> Frame:
    return build_frame(noisy(sheet_light(cfa, motes, f_number), seed), cfa=cfa, levels=LEVELS)


@lru_cache(maxsize=8)
def measured(
    cfa: Cfa = Cfa.BGGR, motes: tuple[Mote, ...] = MOTES, first: int = 0, f_number: float = 11.0
) -> tuple[Gains, FoundDust]:
    white, cells = WhiteFrames(), []
    for seed in range(first, first + FRAMES):
        frame = sheet(seed, cfa, motes, f_number)
        white.add(frame)
        cells.append(cells_of(frame))
    gains = fitted(cells).gains
    return gains, white.found(gains)


def without_noise(cfa: Cfa, motes: tuple[Mote, ...]) -> Frame:
    """A sheet as many frames would have it, finer than a DN: 16 bits."""
    raw = np.round(4096 + sheet_light(cfa, motes) * 61_000).astype(np.uint16)
    return build_frame(raw, cfa=cfa, levels=Levels((4096.0,) * 4, 65535), bits=16)


def left_by(found: Dust, spoilt: Frame, clean: Frame) -> Light:
    """How far each photosite is from what it is on a clean sensor, as a share."""
    made = cleaned(spoilt.raw, spoilt.cfa, spoilt.levels, NO_HOT_PIXELS, found)
    return np.abs((made - 4096.0) / (clean.raw - 4096.0) - 1)


@pytest.mark.parametrize("cfa", [Cfa.BGGR, Cfa.GRBG])
def test_a_sheet_is_flat_within_1_percent_where_dust_was(cfa: Cfa) -> None:
    """The shadows take 5, 15, 30 and 93 % of the light; what noise of eight photographs leaves is in it."""
    found = dust.decoded(dust.encoded(measured(cfa)[1].dust))
    assert len(found.specks) == len(MOTES)
    assert [round(speck.depth, 1) for speck in found.specks] == [0.9, 0.3, 0.2, 0.1]
    spoilt, clean = without_noise(cfa, MOTES), without_noise(cfa, ())
    assert left_by(NO_DUST, spoilt, clean).max() > 0.9
    left = left_by(found, spoilt, clean)
    assert np.quantile(left[left > 0], 0.995) < 0.01
    assert left.max() < 0.014


def test_none_is_found_on_a_clean_sensor() -> None:
    light = sheet_light(Cfa.BGGR, ())[200:488, 250:634]
    for seed in range(6):
        white, frame = WhiteFrames(), build_frame(noisy(light, seed), levels=LEVELS)
        white.add(frame)
        assert not white.found(fitted([cells_of(frame)]).gains).dust.specks


def found_on(light: Light) -> FoundDust:
    """Of four photographs; the sheet's own colours are told by the gains of a map without a curve."""
    white = WhiteFrames()
    for seed in range(4):
        white.add(build_frame(noisy(light, seed), levels=LEVELS))
    return white.found(np.ones((4, 2, 2), np.float32))


def even(rows: int = 384, columns: int = 512) -> Light:
    return np.full((rows, columns), 0.5, np.float32)


def test_a_hair_is_lifted_as_it_lies() -> None:
    """Bent, and nowhere round: what was measured is what is lifted."""
    light, shadow = even(), np.zeros((384, 512), np.float32)
    t = np.linspace(0, 1, 400)
    for row, column in zip(100 + 120 * t, 150 + 180 * t**2, strict=True):
        dust_shadow.cast(Mote(row, column, 3.0), 16.0, MODE, PITCH_UM, spot := np.ones_like(shadow))
        shadow = np.maximum(shadow, 1 - spot)
    spoilt = light * (1 - 3 * shadow)
    found = found_on(spoilt).dust
    assert found.specks
    frames = [
        build_frame(np.round(4096 + 61_000 * each).astype(np.uint16), levels=Levels((4096.0,) * 4, 65535), bits=16)
        for each in (spoilt, light)
    ]
    assert left_by(NO_DUST, *frames).max() > 0.04
    assert left_by(found, *frames).max() < 0.018


def test_what_is_no_dust_is_not_taken_for_any() -> None:
    stained, dead, edge = even(), even(), even()
    stained[100:140:2, 200:240:2] *= 0.8  # in one colour
    dead[200, 300] = 0  # a photosite
    edge[:, :6] *= 1.02  # brighter is none
    for light in (stained, dead, edge):
        assert not found_on(light).dust.specks


def test_frames_of_another_size_are_not_averaged_and_none_tell_nothing() -> None:
    white = WhiteFrames()
    with pytest.raises(BadValue, match="photograph one"):
        white.found(np.ones((4, 2, 2), np.float32))
    white.add(build_frame(noisy(even(), 1), levels=LEVELS))
    with pytest.raises(BadValue, match="differ in size"):
        white.add(build_frame(noisy(even(380), 1), levels=LEVELS))


def test_more_than_can_be_kept_leaves_the_palest_out(monkeypatch: pytest.MonkeyPatch) -> None:
    light = even()
    for k, radius in enumerate((9.0, 14.0, 20.0)):
        dust_shadow.cast(Mote(190, 100 + 150 * k, radius), 11.0, MODE, PITCH_UM, light)
    everything = found_on(light)
    monkeypatch.setattr("device.dust_search.MOST_CELLS", sum(s.shares.size for s in everything.dust.specks[:2]))
    found = found_on(light)
    assert (len(everything.dust.specks), len(found.dust.specks), found.left_out) == (3, 2, 1)
    assert min(speck.depth for speck in found.dust.specks) > 0.1


SHARES = np.ones((9, 8), np.float32)
SHARES[2:7, 2:6] = 0.7
SHARES[3:6, 3:5] = 0.2
ONE = Dust(96, 128, (Speck(5, 6, SHARES),))


def test_what_is_too_dark_is_made_up_and_not_brightened() -> None:
    """Its own numbers are noise: whatever they are, the picture there is that of the light around."""
    frame = build_frame(np.full((96, 128), 1256, np.uint16), levels=LEVELS)
    made = []
    for number in (256, 300, 4000):
        raw = frame.raw.copy()
        raw[20 + 12 : 20 + 24, 24 + 12 : 24 + 20] = number
        made.append(cleaned(raw, frame.cfa, LEVELS, NO_HOT_PIXELS, ONE)[20 + 14 : 20 + 22, 24 + 14 : 24 + 18])
    assert np.array_equal(made[0], made[1])
    assert np.array_equal(made[0], made[2])
    assert made[0].max() <= 256 + 1000 / DARKEST + 1


def test_each_that_is_too_dark_is_made_up_of_the_nearest_of_its_colour_on_four_sides() -> None:
    random = np.random.default_rng(4)
    shares = np.where(random.random((9, 7)) < 0.6, 0.0, 1.0).astype(np.float32)
    raw = random.integers(1000, 3000, (48, 48)).astype(np.uint16)
    speck = Dust(48, 48, (Speck(1, 2, shares),))
    patch = _patches(speck, 48, 48)[0]
    dark = {tuple(divmod(place, 28)) for place in patch.dark}
    made = cleaned(raw, Cfa.RGGB, LEVELS, NO_HOT_PIXELS, speck)[4:40, 8:36]
    assert dark
    for row, column in dark:
        found = []
        for down, across in ((0, -2), (0, 2), (-2, 0), (2, 0)):
            i, j = row + down, column + across
            while 0 <= i < 36 and 0 <= j < 28 and (i, j) in dark:
                i, j = i + down, j + across
            if 0 <= i < 36 and 0 <= j < 28:
                found.append((1 / (abs(i - row) + abs(j - column)), float(made[i, j])))
        value = sum(share * number for share, number in found) / sum(share for share, _ in found)
        assert abs(made[row, column] - value) <= 0.51


def test_what_did_not_clip_does_not_clip_when_it_is_lifted_and_what_did_stays() -> None:
    raw = np.full((96, 128), 3900, np.uint16)
    raw[30, 40] = 4095
    made = cleaned(raw, Cfa.BGGR, LEVELS, NO_HOT_PIXELS, Dust(96, 128, (Speck(5, 6, np.maximum(SHARES, 0.5)),)))
    assert made.max() == 4095
    assert np.argwhere(made >= 4095).tolist() == [[30, 40]]


@pytest.mark.parametrize("n", [1, 2])
def test_a_mosaic_is_without_for_a_while_and_then_what_it_was(n: int) -> None:
    raw = np.full((96 // n, 128 // n), 900, np.uint16)
    before = raw.copy()
    with removed(raw, Cfa.BGGR, LEVELS, ONE):
        changed = np.argwhere(raw != before)
        assert [*changed.min(0) // (4 // n), *changed.max(0) // (4 // n)] == [6, 7, 12, 12]
    np.testing.assert_array_equal(raw, before)
    with pytest.raises(ZeroDivisionError), removed(raw, Cfa.BGGR, LEVELS, ONE):
        raise ZeroDivisionError
    np.testing.assert_array_equal(raw, before)


def test_of_a_part_of_the_sensor_nothing_is_known() -> None:
    raw = np.full((90, 128), 900, np.uint16)
    assert cleaned(raw, Cfa.BGGR, LEVELS, NO_HOT_PIXELS, ONE) is raw


def test_it_travels_and_what_is_none_is_refused() -> None:
    data = dust.encoded(ONE)
    back = dust.decoded(data)
    assert (back.rows, back.columns, back.specks[0].top, back.specks[0].left) == (96, 128, 5, 6)
    np.testing.assert_allclose(back.specks[0].shares, SHARES, atol=0.002)
    assert dust.from_text(dust.to_text(NO_DUST)) is NO_DUST
    beyond = dust.encoded(replace(ONE, specks=(Speck(20, 6, SHARES),)))
    for bad in (data[:-1], data + b"1", data[:3], data[:6] + bytes([255] * 8), beyond, b"\0" + data):
        with pytest.raises(BadValue, match="no dust"):
            dust.decoded(bad)
    for text in ("?", "ä"):
        with pytest.raises(BadValue, match="no dust"):
            dust.from_text(text)


def test_as_much_as_can_be_fits_into_a_message_beside_the_flat_field() -> None:
    from device.flat_fit import POINTS  # noqa: PLC0415 - only here
    from device.protocol import MESSAGE_MAX, FlatFieldCall  # noqa: PLC0415 - as above
    from device.varlink import encode  # noqa: PLC0415 - as above

    specks = tuple(Speck(0, 0, np.full((5, 8), 0.5, np.float32)) for _ in range(dust.MOST_CELLS // 40))
    gains = [12.34567] * (4 * POINTS[0] * POINTS[1])
    text = dust.to_text(Dust(3040, 4056, specks))
    assert len(encode(FlatFieldCall(f_number=11, rows=25, columns=33, gains=gains, dust=text))) < MESSAGE_MAX


def taken(known: Dust, gains: Gains) -> Photograph:
    frame = sheet(99, Cfa.BGGR, MOTES)
    return photograph(frame, facts=replace(FACTS, width=COLUMNS, height=ROWS), gains=gains, dust=known)


def test_jpeg_baked_copy_and_jpeg_after_a_power_cut_go_without_and_the_raw_keeps_it() -> None:
    gains, found = measured()
    one = taken(found.dust, gains)
    dng, jpeg = (b"".join(buffers) for _, buffers in files.encode(one, 92))
    back = stored_photograph.read(dng)
    np.testing.assert_array_equal(back.frame.raw, one.frame.raw)
    assert len(back.dust.specks) == len(MOTES)
    clean = replace(one, dust=NO_DUST, frame=replace(one.frame, raw=noisy(sheet_light(Cfa.BGGR, ()), 99)))
    pictures = [
        np.asarray(Image.open(BytesIO(data))).astype(float)[..., 1]
        for data in (jpeg, b"".join(files.print_of(dng, 92)), b"".join(list(files.encode(clean, 92))[1][1]))
    ]
    baked = flat_bake.baked(back)
    assert baked.dust is NO_DUST
    levels = [flat_bake.baked(each).frame.raw[1::2, ::2].astype(float) - 256 for each in (back, clean)]
    for mote in MOTES[:3]:
        rows, columns = (slice(int(at) - 20, int(at) + 20) for at in (mote.row, mote.column))
        shown, again, wanted = (picture[rows, columns].mean() for picture in pictures)
        assert shown == pytest.approx(wanted, rel=0.01)
        assert again == pytest.approx(wanted, rel=0.01)
        half = slice(rows.start // 2, rows.stop // 2), slice(columns.start // 2, columns.stop // 2)
        assert levels[0][half].mean() == pytest.approx(levels[1][half].mean(), rel=0.01)


def test_exiftool_has_nothing_to_complain_of(tmp_path: Path) -> None:
    path = tmp_path / "dusty.dng"
    path.write_bytes(b"".join(files.negative_of(taken(ONE_OF_THE_SHEET, NO_GAINS))))
    told = said(path)
    assert any(key.endswith("DNGPrivateData") for key in told)
    assert not any("Warning" in key or "Error" in key for key in told)


ONE_OF_THE_SHEET = replace(ONE, rows=ROWS, columns=COLUMNS)


def test_a_speck_takes_as_much_light_at_every_aperture() -> None:
    """All that it covers is lost, wherever its shadow spreads; and where it covers the whole cone, nothing comes."""
    lost = []
    for f_number in (2.0, 5.6, 16.0):
        light = np.ones((ROWS, COLUMNS), np.float32)
        dust_shadow.cast(Mote(380.0, 500.0, 15.0), f_number, MODE, PITCH_UM, light)
        lost.append((1 - light.astype(float)).sum())
        depth = min(1.0, (15.0 / (GLASS_UM / f_number / 2)) ** 2)
        assert light.min() == pytest.approx(1 - depth, abs=1e-4)
    assert lost == pytest.approx([np.pi * 15.0**2 / PITCH_UM**2] * 3, rel=0.01)


class FakeCamera:
    """Answers as the daemon does, with photographs of a sheet."""

    def __init__(self, card: Path) -> None:
        self.told: list[FlatFieldCall] = []
        self._card, self._taken = card, 0
        (card / "DCIM").mkdir(parents=True)

    def call(self, _: str, parameters: Struct) -> Struct:
        if isinstance(parameters, FlatFieldCall):
            self.told.append(parameters)
            return Nothing()
        self._taken += 1
        one = photograph(sheet(self._taken, Cfa.BGGR, MOTES[:2]))
        (self._card / "DCIM" / f"{self._taken}.DNG").write_bytes(b"".join(files.negative_of(one, "packed")))
        return ShootReply(photos=[Photo(name=f"{self._taken}", files=[f"{self._taken}.DNG"], exposure_us=1, iso=100)])


def test_the_wizard_tells_the_daemon_of_it_with_the_flat_field(tmp_path: Path) -> None:
    camera = FakeCamera(tmp_path)
    state = State(card=CardStatus(folder=str(tmp_path)), exposure=ExposureState(f_number=11.0))
    _, found, photos = flat_wizard.measure(camera, state, 2)  # type: ignore[arg-type]
    (call,) = camera.told
    assert (call.f_number, len(photos), len(found.dust.specks)) == (11.0, 2, 2)
    known = dust.from_text(call.dust)
    assert (known.rows, known.columns, len(known.specks)) == (ROWS, COLUMNS, 2)


def test_the_live_magnifier_and_photographs_know_of_it(tmp_path: Path) -> None:
    """Of a shadow in the middle of a grey wall, which is not there, and so becomes a bright spot."""
    shares = np.ones((8, 8), np.float32)
    shares[2:6, 2:6] = 0.6
    known = Dust(360, 480, (Speck(45 - 4, 60 - 4, shares),))
    sensor = small_sensor(SteppedClock(), scene=flat_scene(0.3), rings=Rings(f_number=8))
    running = Running(tmp_path, sensor, SteppedClock())
    running.camera.facts = SMALL.facts
    running.camera.dial(lambda now: changed(now, "view.magnifier", True))
    running.camera.correct(NO_GAINS, known)
    readings: list[Reading] = []
    running.stream.measured = lambda _, reading: readings.append(reading)
    running.see(3)
    seen = running.reader().newest()
    assert seen is not None
    assert seen.magnified is not None
    y, window = seen.magnified.picture.y.astype(float), seen.magnified.window
    row, column = seen.raw_size[0] // 2 - window.top, seen.raw_size[1] // 2 - window.left
    assert y[row - 2 : row + 2, column - 2 : column + 2].mean() > np.median(y) + 20
    assert readings[-1].focus.max() < 5  # the meter reads what fell on the sensor
    running.camera.press(running.clock.now_ns(), 1)
    running.turn_until(lambda: running.rig.save_all() or running.rig.taken)
    taken = running.rig.taken[0]
    assert taken.dust is known
    assert taken.frame.raw[172:188, 232:248].mean() == pytest.approx(taken.frame.raw[140:156, 200:216].mean(), rel=0.02)


def test_a_simulated_sensor_is_as_dirty_as_the_settings_have_it() -> None:
    motes = dust_shadow.scattered(40, 7, IMX477.facts)
    assert len(motes) == 40
    assert motes == dust_shadow.scattered(40, 7, IMX477.facts)
    assert all(0 <= m.row < 3040 and 0 <= m.column < 4056 and 5 <= m.radius_um <= 30 for m in motes)


SHOWN_AT = ((45, 60), (22, 25))  # rows and columns of a preview of a sixteenth of the photosites


@pytest.mark.parametrize("setting", [Setting.SMOOTH, Setting.ARMED])
def test_the_simulated_sensor_has_it_in_both_settings_and_its_preview_goes_without(setting: Setting) -> None:
    """Where it was found at full resolution, binned or not."""
    pitch_um = SMALL.facts.pixel_pitch_um
    faults = Faults(dust=tuple(Mote(4.0 * y + 1.5, 4.0 * x + 1.5, 5 * pitch_um) for y, x in SHOWN_AT))
    sensor = small_sensor(
        SteppedClock(), scene=flat_scene(0.5), rings=Rings(f_number=8, focal_length_mm=60), faults=faults
    )
    sensor.start(Setting.ARMED, Exposure(40_000, 1.0))
    white, cells = WhiteFrames(), []
    for _ in range(8):
        frame = next_frame(sensor)
        white.add(frame)
        cells.append(cells_of(frame))
        sensor.give_back(frame)
    found = white.found(fitted(cells).gains).dust
    assert len(found.specks) == 2
    sensor.fit_previews(90, 120)
    spread: list[list[float]] = []
    for known in (NO_DUST, found):
        sensor.mend(NO_HOT_PIXELS, known)
        sensor.start(setting, Exposure(40_000, 1.0))
        shown = next_frame(sensor).preview.y
        spread.append([float(np.median(shown)) - shown[y - 1 : y + 2, x - 1 : x + 2].mean() for y, x in SHOWN_AT])
    assert min(spread[0]) > 20
    assert max(spread[1]) < 4
