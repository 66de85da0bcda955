"""A CinemaDNG sequence, judged by exiftool, tifffile and the readers of photographs."""

import json
import shutil
import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import tifffile

from device import cinema, clips, dng
from device.cinema import Clip
from device.dng import RawForm
from device.errors import BadValue
from device.photograph import Photograph
from device.storage import Card
from tests.conftest import build_frame
from tests.judges import SMALL, Judge, Specimen
from tests.photographs import PRESSED_WALL_NS, photograph, smooth_mosaic
from tests.specimens import FORMS

RAW = smooth_mosaic(130, 162)
RATE = Fraction(25)


def burst(*after_ms: int) -> list[Photograph]:
    """Photographs so many milliseconds after the first, which is taken at 01:00:00.123456 local time."""
    return [
        photograph(build_frame(RAW, sensor_timestamp_ns=ms * 1_000_000), wall_ns=PRESSED_WALL_NS + ms * 1_000_000)
        for ms in after_ms
    ]


def written(folder: Path, photographs: list[Photograph], rate: Fraction, reel: str, form: RawForm) -> list[Path]:
    card = Card(folder)
    for number, each in enumerate(photographs, 1):
        clip = Clip(reel, photographs[0], rate, rate)
        card.write(f"CLIP/{clips.frame_name(reel, number)}", cinema.encode(each, clip, form))
    return sorted((folder / "CLIP").iterdir())


def said(paths: list[Path]) -> list[dict[str, object]]:
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed")
    tags = ["-TimeCodes", "-FrameRate", "-ReelName", "-Orientation", "-LensModel", "-ExposureTime", "-SubIFD:all"]
    command = ["exiftool", "-json", *tags, *map(str, paths)]
    answers = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return [{tag: value for tag, value in answer.items() if tag != "SourceFile"} for answer in answers]


@pytest.mark.parametrize(
    ("hours", "minutes", "seconds", "frames", "code"),
    [(0, 0, 0, 0, "00000000"), (1, 2, 3, 4, "04030201"), (23, 59, 58, 24, "24585923"), (24, 0, 0, 0, "00000000")],
)
def test_a_time_code_has_two_digits_in_each_byte(
    hours: int, minutes: int, seconds: int, frames: int, code: str
) -> None:
    frame = ((hours * 60 + minutes) * 60 + seconds) * 25 + frames
    assert cinema.time_code(frame, RATE) == bytes.fromhex(code) + bytes(4)


@pytest.mark.parametrize(("rate", "counted"), [("24000/1001", 24), ("30000/1001", 30), ("1/2", 1), ("40", 40)])
def test_a_rate_that_is_not_whole_is_counted_by_the_nearest(rate: str, counted: int) -> None:
    last = cinema.time_code(counted - 1, Fraction(rate))
    assert last[:2] == bytes((((counted - 1) // 10) << 4 | (counted - 1) % 10, 0))
    assert cinema.time_code(counted, Fraction(rate))[:2] == b"\0\1"


@pytest.mark.parametrize("form", FORMS)
def test_exiftool_reads_what_a_film_editor_needs(tmp_path: Path, form: RawForm) -> None:
    paths = written(tmp_path, burst(0, 40, 80, 1000), RATE, "A001", form)
    assert [path.name for path in paths] == [f"A001_00000{number}.DNG" for number in (1, 2, 3, 4)]
    answers = said(paths)
    assert [answer["TimeCodes"] for answer in answers] == ["01:00:00.03", "01:00:00.04", "01:00:00.05", "01:00:01.03"]
    assert {key: answers[0][key] for key in ("FrameRate", "ReelName", "LensModel", "ExposureTime")} == {
        "FrameRate": 25,
        "ReelName": "A001",
        "LensModel": "Summicron-M 35 mm f/2 ASPH",
        "ExposureTime": "1/100",
    }
    assert set(answers[0]) == {"TimeCodes", "FrameRate", "ReelName", "Orientation", "LensModel", "ExposureTime"}


def test_a_frame_that_was_lost_leaves_a_gap_in_the_time_not_in_the_names(tmp_path: Path) -> None:
    paths = written(tmp_path, burst(0, 120), RATE, "A001", "packed")
    assert [answer["TimeCodes"] for answer in said(paths)] == ["01:00:00.03", "01:00:00.06"]
    assert paths[-1].name == "A001_000002.DNG"


def test_tifffile_reads_rate_code_and_reel(tmp_path: Path) -> None:
    (path,) = written(tmp_path, burst(0), Fraction(30000, 1001), "Größe", "lossless")
    with tifffile.TiffFile(path) as file:
        (page,) = file.pages
        tags = {tag.name: tag.value for tag in page.tags}
        assert tags["FrameRate"] == (30000, 1001)
        assert bytes(tags["TimeCodes"]) == bytes.fromhex("0300000100000000")
        assert tags["ReelName"] == "Größe"
        assert (page.asarray() == RAW).all()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("judge", SMALL, ids=lambda judge: judge.name)
def test_each_frame_is_read_to_the_bit_and_without_a_complaint(judge: Judge, form: RawForm, tmp_path: Path) -> None:
    if not judge.version():
        pytest.skip(f"{judge.name} is not installed")
    paths = written(tmp_path, burst(0, 100), Fraction(10), "", form)
    assert judge.complaints([Specimen(path, RAW) for path in paths]) == {}
    assert all(dng.is_whole(path.read_bytes()) for path in paths)


def test_no_reel_is_not_written(tmp_path: Path) -> None:
    (path,) = written(tmp_path, burst(0), RATE, "", "packed")
    assert "ReelName" not in said([path])[0]


@pytest.mark.parametrize("rate", [Fraction(0), Fraction(-1), Fraction(401, 10)])
def test_a_rate_that_no_time_code_counts_is_refused(rate: Fraction) -> None:
    with pytest.raises(BadValue, match=r"^A clip is played with up to 40 frames a second[^\n]+\.$"):
        cinema.encode(burst(0)[0], Clip("", burst(0)[0], RATE, rate))


def test_slow_motion_is_counted_as_it_is_played(tmp_path: Path) -> None:
    """120 frames a second, played with 24: each takes the next number, and a lost one leaves a gap of one."""
    photographs = [
        photograph(build_frame(RAW, sensor_timestamp_ns=round(number * 1e9 / 120))) for number in (0, 1, 3, 24)
    ]
    clip = Clip("S", photographs[0], Fraction(120), Fraction(24))
    paths = []
    for number, each in enumerate(photographs):
        Card(tmp_path).write(f"CLIP/{number}.DNG", cinema.encode(each, clip))
        paths.append(tmp_path / "CLIP" / f"{number}.DNG")
    assert [answer["TimeCodes"] for answer in said(paths)] == [
        "01:00:00.02",
        "01:00:00.03",
        "01:00:00.05",
        "01:00:01.02",
    ]
    assert said(paths)[0]["FrameRate"] == 24


def test_a_sequence_that_begins_before_midnight_goes_on_behind_it(tmp_path: Path) -> None:
    before = [replace(each, utc_offset_s=-1) for each in burst(0, 1000)]  # 23:59:59.123456
    paths = written(tmp_path, before, RATE, "A", "packed")
    assert [answer["TimeCodes"] for answer in said(paths)] == ["23:59:59.03", "00:00:00.03"]
