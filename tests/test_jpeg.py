from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import rawpy
from PIL import Image

from device import dng, files, jpeg, tiff
from device.dng import RawForm
from device.frame import Exposure
from device.lens import Lens
from device.looks import LOOKS
from tests.conftest import build_frame
from tests.photographs import noise_mosaic, photograph, smooth_mosaic
from tests.test_dng import said

DOWN, RIGHT = np.mgrid[:300, :400]
PICTURE = np.stack([DOWN / 300, RIGHT / 400, np.full((300, 400), 0.5)], -1)
PICTURE = np.rint(255 * PICTURE).astype(np.uint8)


def written(folder: Path, data: bytes) -> Path:
    path = folder / "MCAM0001.JPG"
    path.write_bytes(data)
    return path


def test_the_picture_is_what_was_developed() -> None:
    decoded = np.asarray(Image.open(BytesIO(jpeg.encode(PICTURE, photograph(), 95))))
    assert np.abs(decoded.astype(int) - PICTURE).mean() < 1


@pytest.mark.parametrize("lens", [Lens("x", "Élan 21 mm für Große", "Zeiß", 21.0, 0.0), Lens("none", "", "", 0.0, 0.0)])
def test_exiftool_has_nothing_to_complain_of(tmp_path: Path, lens: Lens) -> None:
    taken = photograph(lens=lens, f_number=None)
    complaints = said(written(tmp_path, jpeg.encode(PICTURE, taken, 92)), "-validate", "-warning", "-error")
    assert {name for name in complaints if name.endswith(("Warning", "Error"))} == set()
    assert complaints["ExifTool:Validate"] == "OK"


def test_exiftool_shows_the_same_as_of_the_dng(tmp_path: Path) -> None:
    taken = photograph(build_frame(noise_mosaic(64, 96), exposure=Exposure(8333, 4.0)), press_offset_ns=-1_500_000)
    shown = said(written(tmp_path, jpeg.encode(PICTURE, taken, 92)))
    assert shown["Composite:SubSecDateTimeOriginal"] == "2022:11:02 01:00:00.123456+01:00"
    assert shown["ExifIFD:ExposureTime"] == "1/120"
    assert shown["ExifIFD:ISO"] == 400
    assert shown["ExifIFD:FNumber"] == 2.8
    assert shown["ExifIFD:LensModel"] == "Summicron-M 35 mm f/2 ASPH"
    assert shown["ExifIFD:FocalLength"] == "35.0 mm"
    assert shown["ExifIFD:ColorSpace"] == "sRGB"
    assert (shown["ExifIFD:ExifImageWidth"], shown["ExifIFD:ExifImageHeight"]) == (400, 300)
    assert shown["IFD0:Orientation"] == "Horizontal (normal)"
    assert shown["ExifIFD:UserComment"] == "Exposure began 1.500 ms before the press; raw 12-bit BGGR."


def test_the_thumbnail_shows_the_picture() -> None:
    data = jpeg.encode(PICTURE, photograph(), 92)
    at = data.index(b"\xff\xd8", 2)
    small = Image.open(BytesIO(data[at : data.index(b"\xff\xd9", at) + 2]))
    assert small.size == (160, 120)
    middle = np.asarray(small)[60, 80].astype(int)
    assert np.abs(middle - PICTURE[150, 200]).max() < 8


def test_a_jpeg_cut_anywhere_is_not_whole() -> None:
    data = jpeg.encode(PICTURE, photograph(), 92)
    assert jpeg.is_whole(data)
    assert not any(jpeg.is_whole(data[:length]) for length in range(0, len(data), 997))
    assert not jpeg.is_whole(data[:5000] + bytes(len(data) - 5000))
    assert not jpeg.is_whole(b"\xff\xd8 rubbish \xff\xd9")


def test_a_photograph_becomes_a_dng_with_preview_and_a_jpeg(tmp_path: Path) -> None:
    taken = photograph(build_frame(noise_mosaic(600, 800)))
    made = {suffix: b"".join(buffers) for suffix, buffers in files.encode(taken, 92)}
    assert list(made) == ["DNG", "JPG"]
    assert dng.is_whole(made["DNG"])
    assert jpeg.is_whole(made["JPG"])
    assert Image.open(BytesIO(made["JPG"])).size == (800, 600)
    path = tmp_path / "MCAM0001.DNG"
    path.write_bytes(made["DNG"])
    with rawpy.imread(str(path)) as raw:
        np.testing.assert_array_equal(raw.raw_image_visible, taken.frame.raw)
        preview = Image.open(BytesIO(bytes(raw.extract_thumb().data)))
    assert preview.size == (800, 600)
    shown = said(path)
    assert (shown["IFD0:ImageWidth"], shown["IFD0:ImageHeight"]) == (256, 192)


@pytest.mark.parametrize(("form", "compression"), [("lossless", 7), ("packed", 1)])
def test_the_raw_is_stored_as_asked(form: RawForm, compression: int) -> None:
    taken = photograph(build_frame(smooth_mosaic(64, 96)))
    ((_, buffers),) = files.encode(taken, None, form)
    ifd = dng.raw_ifd(tiff.read(b"".join(buffers)))
    assert ifd is not None
    assert ifd.integers(259) == (compression,)


def test_without_a_quality_there_is_only_the_dng() -> None:
    assert [suffix for suffix, _ in files.encode(photograph(), None)] == ["DNG"]


@pytest.mark.parametrize(
    ("look", "contrast", "saturation"),
    [("natural", "Normal", "Normal"), ("vivid", "High", "High"), ("mono", "Normal", "Low")],
)
def test_exif_tells_of_the_look(tmp_path: Path, look: str, contrast: str, saturation: str) -> None:
    shown = said(written(tmp_path, jpeg.encode(PICTURE, photograph(), 92, LOOKS[look])))
    assert (shown["ExifIFD:Contrast"], shown["ExifIFD:Saturation"]) == (contrast, saturation)


def test_a_photograph_in_mono_has_no_colour_and_its_raw_keeps_it(tmp_path: Path) -> None:
    taken = photograph(build_frame(smooth_mosaic(120, 160)))
    made = {suffix: b"".join(buffers) for suffix, buffers in files.encode(taken, 92, look=LOOKS["mono"])}
    grey = np.asarray(Image.open(BytesIO(made["JPG"]))).astype(int)
    assert np.ptp(grey, axis=-1).max() <= 2
    path = tmp_path / "MCAM0001.DNG"
    path.write_bytes(made["DNG"])
    with rawpy.imread(str(path)) as raw:
        np.testing.assert_array_equal(raw.raw_image_visible, taken.frame.raw)
