"""Every tag of our DNGs that a developer or an archive asks for, as exiftool finds it; orientation as LibRaw does."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rawpy

from device import decisions, files
from device.frame import Exposure, Levels
from device.lens import Lens
from device.photograph import Orientation, Photograph
from device.sensor import Setting
from device.sensor_catalogue import SENSORS
from device.states import ExposureState, WhiteBalanceState
from tests.conftest import build_frame
from tests.photographs import photograph, smooth_mosaic

RAW = smooth_mosaic(64, 96)
# What DNG 1.4 demands, what Adobe's SDK warns of when it is absent, and what a photographer looks for.
TAGS = {
    "IFD0:SubfileType": "Reduced-resolution image",
    "IFD0:ImageWidth": 96,
    "IFD0:PhotometricInterpretation": "RGB",
    "IFD0:Make": "mcam",
    "IFD0:Model": "IMX477",
    "IFD0:Orientation": "Horizontal (normal)",
    "IFD0:ModifyDate": "2022:11:02 01:00:00",
    "IFD0:DNGVersion": "1.4.0.0",
    "IFD0:DNGBackwardVersion": "1.1.0.0",
    "IFD0:UniqueCameraModel": "mcam IMX477",
    "IFD0:ColorMatrix1": "0.6759 -0.2379 0.0751 -0.4432 1.3871 0.5465 -0.0401 0.1664 0.7845",
    "IFD0:ColorMatrix2": "0.5603 -0.1351 -0.06 -0.2872 1.118 0.2132 0.06 0.0453 0.5821",
    "IFD0:CalibrationIlluminant1": "Standard Light A",
    "IFD0:CalibrationIlluminant2": "D65",
    "IFD0:AnalogBalance": "1 1 1",
    "IFD0:AsShotNeutral": "0.45 1 0.6",
    "IFD0:BaselineExposure": 0,
    "IFD0:BaselineNoise": 1,
    "IFD0:BaselineSharpness": 1,
    "IFD0:LinearResponseLimit": 1,
    "IFD0:DNGLensInfo": "35mm f/2",
    "SubIFD:SubfileType": "Full-resolution image",
    "SubIFD:ImageWidth": 96,
    "SubIFD:ImageHeight": 64,
    "SubIFD:BitsPerSample": 12,
    "SubIFD:Compression": "JPEG",
    "SubIFD:PhotometricInterpretation": "Color Filter Array",
    "SubIFD:SamplesPerPixel": 1,
    "SubIFD:CFARepeatPatternDim": "2 2",
    "SubIFD:CFAPattern2": "2 1 1 0",
    "SubIFD:CFAPlaneColor": "Red,Green,Blue",
    "SubIFD:CFALayout": "Rectangular",
    "SubIFD:BlackLevelRepeatDim": "2 2",
    "SubIFD:BlackLevel": "256 256.3 255.7 256",
    "SubIFD:WhiteLevel": 4095,
    "SubIFD:DefaultScale": "1 1",
    "SubIFD:DefaultCropOrigin": "8 8",
    "SubIFD:DefaultCropSize": "80 48",
    "SubIFD:ActiveArea": "0 0 64 96",
    "SubIFD1:SubfileType": "Reduced-resolution image",
    "SubIFD1:Compression": "JPEG",
    "SubIFD1:PhotometricInterpretation": "YCbCr",
    "SubIFD1:PreviewApplicationName": "mcam",
    "SubIFD1:PreviewColorSpace": "sRGB",
    "SubIFD1:PreviewDateTime": "2022:11:02 01:00:00+01:00",
    "ExifIFD:ExifVersion": "0232",
    "ExifIFD:ExposureTime": "1/100",
    "ExifIFD:FNumber": 2.8,
    "ExifIFD:ISO": 100,
    "ExifIFD:ExposureProgram": "Aperture-priority AE",
    "ExifIFD:MeteringMode": "Spot",
    "ExifIFD:LightSource": "Shade",
    "ExifIFD:ExposureMode": "Auto",
    "ExifIFD:WhiteBalance": "Manual",
    "ExifIFD:DateTimeOriginal": "2022:11:02 01:00:00",
    "ExifIFD:CreateDate": "2022:11:02 01:00:00",
    "ExifIFD:OffsetTime": "+01:00",
    "ExifIFD:OffsetTimeOriginal": "+01:00",
    "ExifIFD:OffsetTimeDigitized": "+01:00",
    "ExifIFD:SubSecTime": 123456,
    "ExifIFD:SubSecTimeOriginal": 123456,
    "ExifIFD:SubSecTimeDigitized": 123456,
    "ExifIFD:FocalLength": "35.0 mm",
    "ExifIFD:FocalLengthIn35mmFormat": "193 mm",
    "ExifIFD:LensInfo": "35mm f/2",
    "ExifIFD:LensMake": "Leica",
    "ExifIFD:LensModel": "Summicron-M 35 mm f/2 ASPH",
}


def written(folder: Path, taken: Photograph) -> Path:
    path = folder / "MCAM0001.DNG"
    path.write_bytes(b"".join(files.negative_of(taken)))
    return path


def said(path: Path, *options: str) -> dict[str, object]:
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed")
    command = ["exiftool", "-json", "-G1", "-a", *options, str(path)]
    answer = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return dict(answer[0])


def test_every_tag_is_where_it_belongs(tmp_path: Path) -> None:
    frame = build_frame(RAW, levels=Levels((256.0, 255.7, 256.3, 256.0), 4095))
    white = WhiteBalanceState(mode="shade")
    decided = decisions.of(ExposureState(mode="A", metering="spot"), white)
    shown = said(written(tmp_path, photograph(frame, decisions=decided)))
    assert {tag: shown.get(tag) for tag in TAGS} == TAGS
    assert len(str(shown["IFD0:RawDataUniqueID"])) == 2 * 16
    assert len(str(shown["IFD0:NoiseProfile"]).split()) == 2 * 3


@pytest.mark.parametrize(
    ("exposure_us", "seconds"),
    [
        (100, "0.0001"), (125, "0.000125"), (333, "0.000333"), (16_667, "0.016667"), (700_000, "0.7"),
        (1_000_001, "1.000001"), (30_000_000, "30"), (599_999_999, "599.999999"), (600_000_000, "600"),
        (4_294_967_295, "4294.967295"), (4_294_967_296, "4294.967"), (43_200_000_000, "43200"),
    ],
)  # fmt: skip
def test_the_exposure_is_the_sensors_to_the_microsecond(tmp_path: Path, exposure_us: int, seconds: str) -> None:
    path = written(tmp_path, photograph(build_frame(RAW, exposure=Exposure(exposure_us, 1.0))))
    shown = said(path, "-n", "-ExifIFD:ExposureTime")
    assert float(str(shown["ExifIFD:ExposureTime"])) == float(seconds)


@pytest.mark.parametrize(
    ("name", "maker"),
    [
        ("Noctilux-M 50 mm ƒ/0,95", "Müller & Söhne"),
        ("ズミクロン 35 mm", "ライカ"),
        ("Юпитер-8 2/50", "КМЗ"),
        ("Élan 🌒", "Ł"),
    ],
)
def test_the_name_of_a_lens_in_any_script_survives(tmp_path: Path, name: str, maker: str) -> None:
    shown = said(written(tmp_path, photograph(lens=Lens("x", name, maker, 50.0, 0.95))))
    assert (shown["ExifIFD:LensModel"], shown["ExifIFD:LensMake"]) == (name, maker)


@pytest.mark.parametrize(
    ("gain", "slope", "floor"),
    # 0.47 DN per electron; 1.53 and 11.5 DN of read noise at gains 1 and 16; 3839 DN from black to white
    [(1.0, 1.224e-4, 1.588e-7), (16.0, 1.959e-3, 8.973e-6)],
)
def test_the_noise_profile_is_that_of_the_gain(tmp_path: Path, gain: float, slope: float, floor: float) -> None:
    model = SENSORS["IMX477"]
    noise = model.noise(gain, model.modes[Setting.ARMED], 12)
    frame = build_frame(RAW, noise=noise, exposure=Exposure(10_000, gain))
    profile = [float(value) for value in str(said(written(tmp_path, photograph(frame)))["IFD0:NoiseProfile"]).split()]
    np.testing.assert_allclose(profile, [slope, floor] * 3, rtol=1e-3)


@pytest.mark.parametrize("name", ["IMX477", "IMX283", "IMX296", "IMX708"])
def test_each_sensor_has_its_two_matrices(tmp_path: Path, name: str) -> None:
    facts = SENSORS[name].facts
    shown = said(written(tmp_path, photograph(facts=facts)))
    for index, matrix in enumerate(facts.colour.matrices, 1):
        told = [float(value) for value in str(shown[f"IFD0:ColorMatrix{index}"]).split()]
        np.testing.assert_array_equal(told, np.array(matrix).ravel())
    assert (shown["IFD0:CalibrationIlluminant1"], shown["IFD0:CalibrationIlluminant2"]) == ("Standard Light A", "D65")
    assert shown["IFD0:UniqueCameraModel"] == f"mcam {name}"


@pytest.mark.parametrize(
    ("orientation", "told", "flip"),
    # LibRaw: 3 is half a turn, 6 a quarter clockwise, 5 one anticlockwise
    [
        (Orientation.UPRIGHT, "Horizontal (normal)", 0),
        (Orientation.TURN_HALF, "Rotate 180", 3),
        (Orientation.TURN_CLOCKWISE, "Rotate 90 CW", 6),
        (Orientation.TURN_ANTICLOCKWISE, "Rotate 270 CW", 5),
    ],
)
def test_orientation_is_understood(tmp_path: Path, orientation: Orientation, told: str, flip: int) -> None:
    taken = replace(photograph(build_frame(RAW)), orientation=orientation)
    path = written(tmp_path, taken)
    assert said(path)["IFD0:Orientation"] == told
    with rawpy.imread(str(path)) as raw:
        assert raw.sizes.flip == flip
