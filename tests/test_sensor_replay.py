"""Replaying stored RAW: what comes out is what the file holds. What any sensor must do is in test_sensor.py."""

import math
import sys
from pathlib import Path

import numpy as np
import pytest
import rawpy
from numpy.typing import NDArray
from PIL import Image

from device import files, tiff
from device.clock import SteppedClock
from device.errors import BadPicture, CameraLost, MissingPackage, NoCamera, NotReady
from device.flat_field import NO_GAINS
from device.frame import Cfa, Colour, Exposure, Levels, Noise, Triple
from device.inspection import as_text, inspect
from device.raw_file import read, read_head
from device.sensor import Setting
from device.sensor_replay import FRAME_US, KEPT, ReplaySensor
from tests.conftest import build_frame
from tests.photographs import photograph
from tests.replayed import FACTS, Tag, every_level, textured, write_foreign, write_ours
from tests.small_sensor import next_frame

EXPOSURE = Exposure(8_000, 2.0)


def played(path: Path, clock: SteppedClock | None = None) -> ReplaySensor:
    sensor = ReplaySensor(path, clock or SteppedClock(), buffers=4, preview_max=(768, 1024))
    sensor.start(Setting.SMOOTH, EXPOSURE)
    return sensor


@pytest.mark.parametrize("name", ["x" * 300, "circle", "circle/within"])
def test_a_path_that_leads_nowhere_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(NoCamera, match=r"cannot be read .*: check the path"):
        ReplaySensor(tmp_path / name, SteppedClock(), buffers=4, preview_max=(768, 1024))


# ---- what is in the file -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cfa", Cfa)
@pytest.mark.parametrize(("bits", "black", "white"), [(10, 64.25, 1023), (12, 256.5, 4095), (14, 1024.0, 16383)])
def test_our_own_files_come_back_bit_for_bit(tmp_path: Path, cfa: Cfa, bits: int, black: float, white: int) -> None:
    taken = build_frame(
        every_level(64, 96, bits),
        bits=bits,
        cfa=cfa,
        levels=Levels((black, black + 1, black + 2, black + 3), white),
        noise=Noise(1.5, 9.0),
        exposure=Exposure(123_457, 3.2),
        neutral=(0.5, 1.0, 0.625),
    )
    frame = next_frame(played(write_ours(tmp_path / "MCAM0001.DNG", taken)))
    assert np.array_equal(frame.raw, taken.raw)
    assert (frame.bits, frame.cfa, frame.levels, frame.exposure) == (bits, cfa, taken.levels, taken.exposure)
    assert frame.neutral == pytest.approx(taken.neutral, abs=1e-6)
    assert (frame.noise.slope_dn, frame.noise.floor_dn2) == pytest.approx((1.5, 9.0), rel=0.01)


def test_our_own_files_tell_the_camera(tmp_path: Path) -> None:
    facts = ReplaySensor(write_ours(tmp_path / "A.DNG"), SteppedClock(), buffers=4, preview_max=(768, 1024)).facts
    assert (facts.model, facts.width, facts.height) == ("IMX477", 128, 96)
    assert facts.colour.illuminants == (17, 21)
    assert np.allclose(facts.colour.matrices, FACTS.colour.matrices)


def test_the_canon_plays_its_visible_area_as_libraw_sees_it(data: Path) -> None:
    path = data / "canon550d_colorchart.dng"
    frame = next_frame(played(path))
    with rawpy.imread(str(path)) as libraw:
        assert np.array_equal(frame.raw, libraw.raw_image_visible)
    assert (frame.raw.shape, frame.bits, frame.cfa) == ((1156, 1734), 14, Cfa.RGGB)
    assert frame.levels == Levels((2056.0,) * 4, 15000)
    assert frame.neutral == pytest.approx((1 / 2.477, 1.0, 1.462 / 2.477))  # AsShotNeutral, as exiftool prints it
    assert 0 < frame.noise.slope_dn < 10
    assert frame.preview.y.shape == (578, 866)


def test_the_canons_preview_has_the_colours_that_libraw_develops(data: Path) -> None:
    """Over 17 x 17 pixels, to even out noise; told to, LibRaw averages quads, too, and keeps the file's white."""
    path = data / "canon550d_colorchart.dng"
    preview = next_frame(played(path)).preview
    with rawpy.imread(str(path)) as libraw:
        theirs = libraw.postprocess(
            half_size=True, use_camera_wb=True, no_auto_bright=True, adjust_maximum_thr=0.0, gamma=(2.4, 12.92)
        )
    chroma = [Image.fromarray(plane).resize((866, 578)) for plane in (preview.u, preview.v)]
    ours = np.asarray(Image.merge("YCbCr", [Image.fromarray(preview.y), *chroma]).convert("RGB"))
    difference = np.abs(patches(ours) - patches(theirs))
    assert difference.mean() < 1  # LibRaw adapts to white in the camera's colours, the DNG specification in cones'
    assert difference.max() < 6


def patches(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.asarray(picture[:, :850].astype(float).reshape(34, 17, 50, 17, 3).mean((1, 3)))


def test_the_nikon_mosaic_plays_bit_for_bit(data: Path, tmp_path: Path) -> None:
    raw = np.fromfile(data / "d810_768x512_rggb14_u16.raw", "<u2").reshape(512, 768)
    black = (50714, "I", 1, 600, True)
    frame = next_frame(played(write_foreign(tmp_path / "d810.dng", raw, Cfa.RGGB, 16383, black)))
    assert np.array_equal(frame.raw, raw)
    assert (frame.bits, frame.cfa, frame.levels) == (14, Cfa.RGGB, Levels((600.0,) * 4, 16383))
    assert frame.noise.slope_dn > 0


@pytest.mark.parametrize("cfa", Cfa)
@pytest.mark.parametrize("origin", [(0, 0), (2, 4), (1, 0), (0, 1), (3, 5)])
def test_an_active_area_shifts_pattern_and_black_with_it(tmp_path: Path, cfa: Cfa, origin: tuple[int, int]) -> None:
    """Each place of the mosaic holds a value of its own, so that the frame shows which channel is which."""
    stored = np.tile(np.array([[1000, 2000], [3000, 3500]], np.uint16), (32, 48))
    area = (50829, "I", 4, (*origin, 62, 94), True)
    blacks = ((50713, "H", 2, (2, 2), True), (50714, "I", 4, (10, 20, 30, 40), True))
    path = write_foreign(tmp_path / "odd.dng", stored, cfa, 4095, area, *blacks)
    frame = next_frame(played(path))
    active = stored[origin[0] :, origin[1] :]
    for place in np.ndindex(2, 2):
        channel = cfa.pattern[place]
        i, j = np.argwhere(frame.cfa.pattern == channel)[0]
        assert frame.raw[i, j] == active[place]
        assert frame.levels.black[channel] == 10 * (2 * place[0] + place[1] + 1)


@pytest.mark.parametrize(
    ("stored", "expected"),
    [((3, 4, 1, 1, 1, 2), (0.75, 1.0, 0.5)), ((1, 1, 2, 1, 1, 1), (0.5, 1.0, 0.5))],
)
def test_the_neutral_has_green_one(tmp_path: Path, stored: tuple[int, ...], expected: Triple) -> None:
    path = write_foreign(tmp_path / "a.dng", textured(), Cfa.RGGB, 4095, (50728, "2I", 3, stored, True))
    assert read(path).neutral == pytest.approx(expected)


def test_a_flat_field_is_in_the_preview_at_once_and_never_in_the_raw(tmp_path: Path) -> None:
    sensor = played(write_ours(tmp_path / "a.dng"))
    before = next_frame(sensor)
    sensor.correct(np.full((4, 2, 2), 1.5, np.float32))
    corrected = next_frame(sensor)
    sensor.correct(NO_GAINS)
    after = next_frame(sensor)
    assert corrected.preview.y.mean() > 1.1 * before.preview.y.mean()
    assert np.array_equal(corrected.raw, before.raw)
    assert np.array_equal(after.preview.y, before.preview.y)


def test_a_file_that_tells_no_exposure_is_given_none(tmp_path: Path) -> None:
    head = read_head(write_foreign(tmp_path / "a.dng", textured(), Cfa.RGGB, 4095))
    assert head.exposure == Exposure(0, 0.0)
    assert head.model == "Foreign D1"
    assert head.colour.illuminants == (21,)


def test_a_daylight_matrix_stands_last_whatever_their_order_in_the_file(tmp_path: Path) -> None:
    swapped = Colour(FACTS.colour.matrices[::-1], (21, 17))
    head = read_head(write_ours(tmp_path / "a.dng", colour=swapped))
    assert head.colour.illuminants == (17, 21)
    assert np.allclose(head.colour.matrices, FACTS.colour.matrices)


def test_the_focal_plane_tells_the_pitch_of_the_photosites(tmp_path: Path) -> None:
    per_cm = ((41486, "2I", 1, (10_000_000, 1550), True), (41488, "H", 1, 3, True))
    path = write_foreign(tmp_path / "a.dng", textured(), Cfa.RGGB, 4095, *per_cm)
    assert read_head(path).pixel_pitch_um == pytest.approx(1.55)


def test_a_unit_and_an_illuminant_that_are_no_numbers_count_as_absent(tmp_path: Path) -> None:
    over_zero = ((41486, "2I", 1, (10_000, 1), True), (41488, "2I", 1, (3, 0), True), (50778, "2I", 1, (17, 0), True))
    head = read_head(write_foreign(tmp_path / "a.dng", textured(), Cfa.RGGB, 4095, *over_zero))
    assert head.pixel_pitch_um == pytest.approx(2.54)  # TIFF: inches
    assert head.colour.illuminants == (21,)


def test_without_any_hint_the_sensor_counts_as_full_frame(tmp_path: Path) -> None:
    facts = played(write_foreign(tmp_path / "a.dng", textured(96, 144), Cfa.RGGB, 4095)).facts
    assert facts.crop_factor == pytest.approx(1.0, abs=0.01)


# ---- how it plays ------------------------------------------------------------------------------------------------


def test_both_settings_grant_the_full_size(tmp_path: Path) -> None:
    sensor = ReplaySensor(write_ours(tmp_path / "A.DNG"), SteppedClock(), buffers=4, preview_max=(768, 1024))
    for setting in Setting:
        granted = sensor.start(setting, EXPOSURE)
        assert (granted.width, granted.height, granted.bits, granted.raw_format) == (128, 96, 12, "SBGGR12")


def test_frames_keep_the_exposure_of_their_file(tmp_path: Path) -> None:
    sensor = played(write_ours(tmp_path / "A.DNG", build_frame(textured(), exposure=Exposure(40_000, 8.0))))
    for _ in range(4):
        sensor.set(Exposure(100, 1.0))
        frame = next_frame(sensor)
        assert frame.exposure == Exposure(40_000, 8.0)
        sensor.give_back(frame)


def test_an_unknown_exposure_stays_unknown_in_what_is_taken_of_it(tmp_path: Path) -> None:
    sensor = played(write_foreign(tmp_path / "a.dng", textured(), Cfa.RGGB, 4095))
    frame = next_frame(sensor)
    assert (frame.exposure.exposure_us, frame.exposure.iso) == (0, 0)
    assert sensor.facts.exposure_min_us > 0 < sensor.facts.gain_min  # the dials can be turned all the same
    for suffix, buffers in files.encode(photograph(frame, facts=sensor.facts), 92):
        content = b"".join(buffers)
        at = content.index(b"Exif\0\0") + 6 if suffix == "JPG" else 0
        tags = {tag for ifd in tiff.read(content[at:]) for tag in ifd.entries}
        assert not tags & {33434, 34855, 34864, 34866}
        assert 36867 in tags  # the date, in the same directory
    assert inspect(frame).exposure_us is None
    assert "exposure us      unknown" in as_text(inspect(frame))


def test_a_folder_plays_in_order_of_names_and_begins_again(tmp_path: Path) -> None:
    mosaics = {name: textured(seed=seed) for seed, name in enumerate(["b.DNG", "a.dng", "c.dng", "d.dng"])}
    for name, raw in mosaics.items():
        write_ours(tmp_path / name, build_frame(raw, exposure=Exposure(1000 * ord(name[0]), 1.0)))
    (tmp_path / "a.jpg").write_bytes(b"not looked at")
    (tmp_path / "._a.dng").write_bytes(b"what macOS leaves behind")
    sensor = played(tmp_path)
    for name in ["a.dng", "b.DNG", "c.dng", "d.dng", "a.dng", "b.DNG"]:
        frame = next_frame(sensor)
        assert np.array_equal(frame.raw, mosaics[name])
        assert frame.exposure.exposure_us == 1000 * ord(name[0])
        sensor.give_back(frame)
    assert (sensor.facts.exposure_min_us, sensor.facts.exposure_max_us) == (97_000, 100_000)


def test_of_a_long_folder_only_few_files_stay_in_memory(tmp_path: Path) -> None:
    for number in range(KEPT + 3):
        write_ours(tmp_path / f"{number}.dng")
    sensor = played(tmp_path)
    for _ in range(2 * KEPT + 6):
        sensor.give_back(next_frame(sensor))
    assert len(sensor._kept) == KEPT


def test_a_single_file_is_decoded_once(tmp_path: Path) -> None:
    path = write_ours(tmp_path / "A.DNG")
    sensor = played(path)
    path.unlink()
    first, second = next_frame(sensor), next_frame(sensor)
    assert first.raw is second.raw


def test_slow_decoding_delays_frames_and_loses_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        write_ours(tmp_path / f"{number}.dng")
    clock = SteppedClock()
    sensor = played(tmp_path, clock)

    def slow(path: Path) -> object:
        clock.advance(5 * FRAME_US * 1000)
        return read(path)

    monkeypatch.setattr("device.raw_file.read", slow)
    frames = [next_frame(sensor) for _ in range(4)]
    assert [frame.sequence for frame in frames] == [0, 1, 2, 3]
    stamps = [frame.sensor_timestamp_ns for frame in frames]
    assert min(np.diff(stamps)) >= FRAME_US * 1000
    assert stamps[3] - stamps[1] >= 10 * FRAME_US * 1000


def test_a_wait_without_end_is_answered(tmp_path: Path) -> None:
    assert played(write_ours(tmp_path / "A.DNG")).wait(math.inf) is not None


def test_waiting_before_the_start_is_refused(tmp_path: Path) -> None:
    sensor = ReplaySensor(write_ours(tmp_path / "A.DNG"), SteppedClock(), buffers=4, preview_max=(768, 1024))
    with pytest.raises(NotReady, match="start"):
        sensor.wait(1.0)


# ---- what it refuses ---------------------------------------------------------------------------------------------


def refused(path: Path) -> str:
    """What is said of it: one sentence that names the file."""
    with pytest.raises((BadPicture, NoCamera)) as caught:
        played(path)
    sentence = str(caught.value)
    assert path.name in sentence
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("share", [0.5, 0.02, 0.999])
def test_a_file_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    path = write_ours(tmp_path / "A.DNG")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    refused(path)


def test_the_canon_cut_in_half_is_refused(data: Path, tmp_path: Path) -> None:
    whole = (data / "canon550d_colorchart.dng").read_bytes()
    (tmp_path / "half.dng").write_bytes(whole[: len(whole) // 2])
    assert "part of a picture" in refused(tmp_path / "half.dng")


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "A.DNG").write_bytes(b"")
    assert "is empty" in refused(tmp_path / "A.DNG")


@pytest.mark.parametrize("content", [b"", b"Dear diary, today I took no picture.\n", b"II*\0", b"\0" * 5000])
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "letter.dng").write_bytes(content)
    refused(tmp_path / "letter.dng")


def test_a_missing_path_is_said(tmp_path: Path) -> None:
    assert "no file or folder" in refused(tmp_path / "nowhere.dng")


def test_a_folder_without_dngs_is_said(tmp_path: Path) -> None:
    (tmp_path / "picture.jpg").write_bytes(b"x")
    assert "no DNG" in refused(tmp_path)


def test_a_picture_that_is_no_mosaic_is_refused(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((64, 64, 3), np.uint8)).save(tmp_path / "photo.dng", "TIFF")
    refused(tmp_path / "photo.dng")


def test_one_damaged_file_in_a_folder_is_named_at_the_start(tmp_path: Path) -> None:
    write_ours(tmp_path / "a.dng")
    (tmp_path / "b.dng").write_bytes(write_ours(tmp_path / "c.dng").read_bytes()[:9000])
    with pytest.raises(BadPicture, match=r"b\.dng"):
        played(tmp_path)


def test_a_folder_of_different_sizes_is_refused(tmp_path: Path) -> None:
    write_ours(tmp_path / "a.dng")
    write_ours(tmp_path / "b.dng", build_frame(textured(64, 64)))
    with pytest.raises(BadPicture, match=r"b\.dng .* 64 x 64.*one camera and size"):
        played(tmp_path)


def test_a_file_that_goes_away_while_playing_is_a_lost_camera(tmp_path: Path) -> None:
    for number in range(KEPT + 2):
        write_ours(tmp_path / f"{number}.dng")
    sensor = played(tmp_path)
    (tmp_path / f"{KEPT}.dng").unlink()
    for _ in range(KEPT):
        sensor.give_back(next_frame(sensor))
    with pytest.raises(CameraLost, match=f"{KEPT}.dng"):
        sensor.wait(1.0)


def test_without_rawpy_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_ours(tmp_path / "A.DNG")
    monkeypatch.setitem(sys.modules, "rawpy", None)
    with pytest.raises(MissingPackage, match="-m pip install rawpy"):
        played(path)


def test_our_own_file_tells_the_photosites_size(tmp_path: Path) -> None:
    assert read_head(write_ours(tmp_path / "A.DNG")).pixel_pitch_um == pytest.approx(FACTS.pixel_pitch_um, rel=1e-3)


def test_two_focal_lengths_give_the_crop_factor_where_the_photosites_are_not_told(tmp_path: Path) -> None:
    lengths: list[Tag] = [(37386, "2I", 1, (35, 1), False), (41989, "H", 1, 70, False)]
    head = read_head(write_foreign(tmp_path / "A.dng", textured(), Cfa.RGGB, 4095, *lengths))
    assert 36_000 / (head.pixel_pitch_um * head.columns) == pytest.approx(2.0)
