import json
import math
import shutil
import struct
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rawpy
import tifffile
from numpy.typing import NDArray
from PIL import Image

from device import dng, drawer, ljpeg, pack, raw_file, tiff
from device.dng import EmbeddedJpeg, RawForm
from device.frame import Cfa, Exposure, Frame, Levels, Noise
from device.lens import Lens
from device.photograph import Photograph
from tests.conftest import build_frame
from tests.photographs import noise_mosaic, photograph, smooth_mosaic

THUMBNAIL = np.arange(48 * 64 * 3, dtype=np.uint8).reshape(48, 64, 3)


def small_jpeg(folder: Path) -> EmbeddedJpeg:
    path = folder / "preview.jpg"
    Image.fromarray(THUMBNAIL).save(path, quality=85)
    return EmbeddedJpeg(path.read_bytes(), 48, 64)


def written(folder: Path, taken: Photograph, form: RawForm = "lossless") -> Path:
    path = folder / "MCAM0001.DNG"
    path.write_bytes(b"".join(dng.encode(taken, THUMBNAIL, small_jpeg(folder), form)))
    return path


def deep(raw: NDArray[np.uint16], bits: int) -> Photograph:
    return photograph(build_frame(raw, bits=bits, levels=Levels((16.0,) * 4, (1 << bits) - 1)))


def compression(path: Path) -> tuple[int, ...]:
    ifd = dng.raw_ifd(tiff.read(path.read_bytes()))
    assert ifd is not None
    return ifd.integers(259)


FORMS = {"lossless": smooth_mosaic, "packed": noise_mosaic}  # noise does not pay, and is packed whatever is asked for
BOTH_FORMS = pytest.mark.parametrize("form", FORMS)


def decoded(path: Path) -> NDArray[np.uint16]:
    with rawpy.imread(str(path)) as raw:
        return np.array(raw.raw_image_visible)


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def said(path: Path, *arguments: str) -> dict[str, object]:
    """What exiftool says of a file."""
    command = [tool("exiftool"), "-json", "-G1", "-a", *arguments, str(path)]
    answer = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return dict(answer[0])


def test_twelve_bits_are_packed_as_by_hand() -> None:
    depth, samples = pack.packed(np.array([[0xABC, 0x123], [0x001, 0xFFF]], np.uint16), 12)
    assert depth == 12
    assert samples.tobytes() == bytes.fromhex("ABC123 001FFF")


def test_rows_that_would_end_within_a_byte_are_stored_as_whole_words() -> None:
    depth, samples = pack.packed(np.array([[0xABC, 0x123, 0x456], [0x789, 0x111, 0xFFF]], np.uint16), 12)
    assert depth == 16
    assert samples.tobytes() == bytes.fromhex("BC0A 2301 5604 8907 1101 FF0F")


def test_ten_and_fourteen_bits_are_packed_as_by_hand() -> None:
    ten = "".join(f"{value:010b}" for value in (0x3FF, 0, 0x155, 0x2AA))
    fourteen = "".join(f"{value:014b}" for value in (0x3FFF, 1, 0x1555, 0x2AAA))
    assert pack.packed(np.array([[0x3FF, 0, 0x155, 0x2AA]], np.uint16), 10)[1].tobytes() == int(ten, 2).to_bytes(5)
    samples = pack.packed(np.array([[0x3FFF, 1, 0x1555, 0x2AAA]], np.uint16), 14)[1]
    assert samples.tobytes() == int(fourteen, 2).to_bytes(7)


def test_a_sample_beyond_the_granted_depth_is_not_cut() -> None:
    assert pack.depth_of(np.array([[5000, 1, 2, 3, 4, 5, 6, 7]], np.uint16), 12) == 13


def test_a_sample_beyond_the_granted_depth_comes_back(tmp_path: Path) -> None:
    raw = noise_mosaic(64, 96, 13)
    np.testing.assert_array_equal(decoded(written(tmp_path, photograph(build_frame(raw)))), raw)


@BOTH_FORMS
@pytest.mark.parametrize("bits", range(8, 17))
@pytest.mark.parametrize("shape", [(64, 96), (63, 97), (513, 65)])
def test_libraw_gets_back_every_bit_of_every_depth(
    tmp_path: Path, bits: int, shape: tuple[int, int], form: RawForm
) -> None:
    raw = FORMS[form](*shape, bits)
    path = written(tmp_path, deep(raw, bits), form)
    np.testing.assert_array_equal(decoded(path), raw)


@pytest.mark.parametrize("value", [0, 4095])
@pytest.mark.parametrize("form", FORMS)
def test_flat_frames_come_back(tmp_path: Path, value: int, form: RawForm) -> None:
    raw = np.full((64, 96), value, np.uint16)
    path = written(tmp_path, photograph(build_frame(raw)), form)
    np.testing.assert_array_equal(decoded(path), raw)
    assert compression(path) == ((7,) if form == "lossless" else (1,))


def test_differences_of_32768_come_back(tmp_path: Path) -> None:
    """They have no sign and no extra bits (T.81, H.1.2.2), which other writers of DNG got wrong."""
    raw = np.asarray((np.indices((64, 96))[1] // 2 % 2) << 15, np.uint16)
    path = written(tmp_path, deep(raw, 16))
    assert compression(path) == (7,)
    np.testing.assert_array_equal(decoded(path), raw)


def test_noise_is_packed_because_compression_does_not_pay(tmp_path: Path) -> None:
    path = written(tmp_path, photograph(build_frame(noise_mosaic(64, 96))))
    assert compression(path) == (1,)


def test_compression_makes_a_file_that_holds_the_same_and_is_smaller(tmp_path: Path) -> None:
    taken = photograph(build_frame(smooth_mosaic(600, 800)))
    sizes = {}
    for form in FORMS:
        path = written(tmp_path, taken, form)
        sizes[form] = path.stat().st_size
        np.testing.assert_array_equal(decoded(path), taken.frame.raw)
    assert sizes["lossless"] < 0.7 * sizes["packed"]


@BOTH_FORMS
@pytest.mark.parametrize("cfa", list(Cfa))
def test_libraw_sees_filters_and_levels_where_they_are(tmp_path: Path, cfa: Cfa, form: RawForm) -> None:
    frame = build_frame(FORMS[form](64, 96), cfa=cfa, levels=Levels((250.0, 251.0, 252.0, 253.0), 4000))
    with rawpy.imread(str(written(tmp_path, photograph(frame), form))) as raw:
        letters = "".join("RGBG"[index] for index in raw.raw_pattern.ravel())
        black_here = np.array(raw.black_level_per_channel)[raw.raw_pattern]
        assert letters == cfa
        assert black_here.tolist() == np.array([250, 251, 252, 253])[cfa.pattern].tolist()
        assert raw.white_level == 4000
        assert np.allclose(raw.camera_whitebalance[:3], 1 / np.array(frame.neutral), rtol=1e-4)


@pytest.mark.parametrize(("program", "arguments"), [("dcraw", ["-E", "-4"]), ("unprocessed_raw", ["-q"])])
@pytest.mark.parametrize("bits", [10, 12, 14, 16])
@pytest.mark.parametrize("shape", [(64, 96), (65, 129)])
@BOTH_FORMS
def test_older_programs_get_back_every_bit(
    tmp_path: Path, program: str, arguments: list[str], bits: int, shape: tuple[int, int], form: RawForm
) -> None:
    raw = FORMS[form](*shape, bits)
    path = written(tmp_path, deep(raw, bits), form)
    subprocess.run([tool(program), *arguments, str(path)], check=True, capture_output=True)
    image = next(tmp_path.glob("*.pgm"))
    np.testing.assert_array_equal(np.asarray(Image.open(image)), raw)


@BOTH_FORMS
def test_tifffile_finds_thumbnail_mosaic_and_preview(tmp_path: Path, form: RawForm) -> None:
    raw = FORMS[form](530, 161, 16)
    with tifffile.TiffFile(written(tmp_path, deep(raw, 16), form)) as file:
        (page,) = file.pages
        mosaic, preview = page.pages
        np.testing.assert_array_equal(page.asarray(), THUMBNAIL)
        np.testing.assert_array_equal(mosaic.asarray(), raw)
        assert preview.shape == (48, 64, 3)
        assert preview.compression == 7


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
@pytest.mark.parametrize("lens", [None, Lens("x", "Élan 21 mm für Große", "Zeiß", 21.0, 0.0)])
@BOTH_FORMS
def test_exiftool_has_nothing_to_complain_of(tmp_path: Path, bits: int, lens: Lens | None, form: RawForm) -> None:
    frame = build_frame(FORMS[form](65, 129, bits), bits=bits)
    taken = photograph(frame) if lens is None else photograph(frame, lens=lens, f_number=None)
    complaints = said(written(tmp_path, taken, form), "-validate", "-warning", "-error")
    assert {name for name in complaints if name.endswith(("Warning", "Error"))} == set()
    assert complaints["ExifTool:Validate"] == "OK"


def test_exiftool_shows_date_exposure_and_lens(tmp_path: Path) -> None:
    frame = build_frame(noise_mosaic(64, 96), exposure=Exposure(8333, 4.0))
    shown = said(written(tmp_path, photograph(frame)))
    assert shown["ExifIFD:DateTimeOriginal"] == "2022:11:02 01:00:00"
    assert shown["Composite:SubSecDateTimeOriginal"] == "2022:11:02 01:00:00.123456+01:00"
    assert shown["Composite:SubSecModifyDate"] == "2022:11:02 01:00:00.123456+01:00"
    assert shown["ExifIFD:ExposureTime"] == "1/120"
    assert shown["ExifIFD:ISO"] == 400
    assert shown["ExifIFD:FNumber"] == 2.8
    assert shown["ExifIFD:LensModel"] == "Summicron-M 35 mm f/2 ASPH"
    assert shown["ExifIFD:LensInfo"] == "35mm f/2"
    assert shown["IFD0:DNGLensInfo"] == "35mm f/2"
    assert shown["ExifIFD:FocalLengthIn35mmFormat"] == "193 mm"
    assert shown["ExifIFD:UserComment"] == "Exposure began 12.345 ms after the press; raw 12-bit BGGR."
    assert shown["IFD0:UniqueCameraModel"] == "mcam IMX477"
    assert shown["Composite:CFAPattern"] == "[Blue,Green][Green,Red]"
    assert shown["SubIFD:DefaultCropSize"] == "80 48"


def test_a_lens_of_several_focal_lengths_tells_all_and_the_one_in_use(tmp_path: Path) -> None:
    lens = drawer.opened().lens("tri-elmar-28-35-50").at(35)
    shown = said(written(tmp_path, photograph(lens=lens)))
    assert shown["ExifIFD:LensMake"] == "Leica"
    assert (shown["ExifIFD:LensInfo"], shown["IFD0:DNGLensInfo"]) == ("28-50mm f/4", "28-50mm f/4")
    assert (shown["ExifIFD:FocalLength"], shown["ExifIFD:FocalLengthIn35mmFormat"]) == ("35.0 mm", "193 mm")
    assert shown["ExifIFD:MaxApertureValue"] == 4.0


@pytest.mark.parametrize("exposure_us", [100, 333, 1_000_000, 2_500_001, 600_000_000])
def test_the_exposure_is_exact_to_the_microsecond(tmp_path: Path, exposure_us: int) -> None:
    frame = build_frame(noise_mosaic(64, 96), exposure=Exposure(exposure_us, 1.0))
    ifds = tiff.read(written(tmp_path, photograph(frame)).read_bytes())
    assert tiff.find(ifds, 33434) == (exposure_us / 1_000_000,)


def test_what_is_not_known_of_the_lens_is_not_written(tmp_path: Path) -> None:
    shown = said(written(tmp_path, photograph(lens=Lens("none", "", "", 0.0, 0.0), f_number=None)))
    tags = {name.split(":")[-1] for name in shown}
    assert not tags & {
        "FNumber",
        "FocalLength",
        "FocalLengthIn35mmFormat",
        "LensModel",
        "LensMake",
        "LensInfo",
        "MaxApertureValue",
    }


def test_accents_in_the_name_of_a_lens_survive(tmp_path: Path) -> None:
    shown = said(written(tmp_path, photograph(lens=Lens("x", "Élan 21 mm für Große", "Zeiß", 21.0, 2.8))))
    assert (shown["ExifIFD:LensMake"], shown["ExifIFD:LensModel"]) == ("Zeiß", "Élan 21 mm für Große")


def test_noise_is_normalised_to_the_range_of_each_colour(tmp_path: Path) -> None:
    levels = Levels((255.0, 256.0, 258.0, 261.0), 4095)
    frame = build_frame(noise_mosaic(64, 96), noise=Noise(0.47, 2.34), levels=levels)
    profile = tiff.find(tiff.read(written(tmp_path, photograph(frame)).read_bytes()), 51041)
    expected = [0.47 / 3840, 2.34 / 3840**2, 0.47 / 3838, 2.34 / 3838**2, 0.47 / 3834, 2.34 / 3834**2]
    assert np.allclose(profile, expected, rtol=1e-12)


def test_one_and_two_illuminants_are_written(tmp_path: Path) -> None:
    two = photograph()
    one = replace(two.facts.colour, matrices=two.facts.colour.matrices[:1], illuminants=(21,))
    shown = said(written(tmp_path, two))
    assert shown["IFD0:ColorMatrix2"].startswith("0.5603 -0.1351 -0.06 ")  # type: ignore[attr-defined]
    assert (shown["IFD0:CalibrationIlluminant1"], shown["IFD0:CalibrationIlluminant2"]) == ("Standard Light A", "D65")
    assert "IFD0:ColorMatrix2" not in said(written(tmp_path, replace(two, facts=replace(two.facts, colour=one))))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
@BOTH_FORMS
def test_a_file_cut_short_is_not_whole(tmp_path: Path, share: float, form: RawForm) -> None:
    whole = written(tmp_path, photograph(build_frame(FORMS[form](64, 96))), form).read_bytes()
    assert dng.is_whole(whole)
    assert not dng.is_whole(whole[: int(share * len(whole))])


def test_a_file_of_the_right_length_whose_raw_data_never_reached_the_card_is_not_whole(tmp_path: Path) -> None:
    whole = bytearray(written(tmp_path, photograph()).read_bytes())
    at = whole.index(pack.packed(noise_mosaic(64, 96), 12)[1].tobytes())
    whole[at + 4096 :] = bytes(len(whole) - at - 4096)
    assert not dng.is_whole(whole)


@pytest.mark.parametrize("tile", [0, -1])
def test_a_file_one_of_whose_tiles_never_reached_the_card_is_not_whole(tmp_path: Path, tile: int) -> None:
    raw = smooth_mosaic(600, 130)
    whole = bytearray(written(tmp_path, photograph(build_frame(raw))).read_bytes())
    tiles = ljpeg.encode(raw, 12)
    assert tiles is not None
    lost = tiles.data[tile]
    at = whole.index(lost)
    whole[at : at + len(lost)] = bytes(len(lost))
    assert not dng.is_whole(whole)


@pytest.mark.parametrize("cfa", list(Cfa))
@BOTH_FORMS
@pytest.mark.parametrize("shape", [(64, 96), (63, 97)])
def test_replay_reads_what_was_written(tmp_path: Path, cfa: Cfa, form: RawForm, shape: tuple[int, int]) -> None:
    frame = build_frame(FORMS[form](*shape), cfa=cfa, levels=Levels((250.0, 251.0, 252.0, 253.0), 4000))
    stored = raw_file.read(written(tmp_path, photograph(frame), form))
    np.testing.assert_array_equal(stored.raw, frame.raw)
    assert (stored.cfa, stored.levels, stored.bits) == (cfa, frame.levels, 12)


def test_rubbish_is_not_a_whole_dng() -> None:
    assert not dng.is_whole(b"II*\0" + bytes(1000))


@pytest.mark.parametrize("value", [math.inf, math.nan, -1.0])
def test_a_file_whose_digest_is_no_digest_is_not_whole(tmp_path: Path, value: float) -> None:
    """Whoever judges what a power cut left must not fall over it."""
    whole = written(tmp_path, photograph()).read_bytes()
    entry = struct.pack("<HHI", 50781, 1, 16)
    assert whole.count(entry) == 1
    at = whole.index(entry)
    assert not dng.is_whole(whole[:at] + struct.pack("<HHIf", 50781, 11, 1, value) + whole[at + 12 :])


def frame_of(path: Path) -> Frame:
    with rawpy.imread(str(path)) as raw:
        return build_frame(np.array(raw.raw_image_visible), bits=14, cfa=Cfa.RGGB, levels=Levels((2056.0,) * 4, 15000))


@BOTH_FORMS
def test_a_real_mosaic_survives_bit_for_bit(tmp_path: Path, data: Path, form: RawForm) -> None:
    frame = frame_of(data / "canon550d_colorchart.dng")
    path = written(tmp_path, photograph(frame), form)
    np.testing.assert_array_equal(decoded(path), frame.raw)
    assert dng.is_whole(path.read_bytes())
    assert dng.is_whole((data / "canon550d_colorchart.dng").read_bytes())
