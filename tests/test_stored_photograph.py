"""A DNG of ours read back by ourselves: every sample, and a JPEG as if it had been made at once."""

import math
import struct
import tracemalloc
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from device import files, photo_facts, stored_mosaic, stored_photograph, tiff
from device.decisions import Decisions
from device.dng import RawForm, raw_ifd
from device.errors import BadPicture
from device.frame import Cfa, Exposure, Levels
from device.lens import NO_LENS
from device.partial_raw import PartialRaw
from device.photograph import Orientation, Photograph
from device.summed import Summed
from tests.conftest import build_frame
from tests.photographs import FACTS, noise_mosaic, photograph, smooth_mosaic

JPEG_QUALITY = 92


def made(taken: Photograph, raw: RawForm = "lossless") -> tuple[bytes, bytes]:
    """Its DNG and its JPEG."""
    (_, dng), (_, jpeg) = ((suffix, b"".join(buffers)) for suffix, buffers in files.encode(taken, JPEG_QUALITY, raw))
    return dng, jpeg


def taken_of(mosaic: np.ndarray[tuple[int, ...], np.dtype[np.uint16]], **changes: object) -> Photograph:
    """Of a sensor of that size."""
    frame = build_frame(mosaic, **changes)
    return photograph(frame, facts=replace(FACTS, width=mosaic.shape[1], height=mosaic.shape[0]))


@pytest.mark.parametrize("form", ["lossless", "packed"])
@pytest.mark.parametrize("bits", [10, 12, 14, 16])
@pytest.mark.parametrize("shape", [(48, 64), (130, 200), (67, 77), (530, 40), (33, 1100)])
def test_every_sample_comes_back(shape: tuple[int, int], bits: int, form: RawForm) -> None:
    for mosaic in (noise_mosaic(*shape, bits), smooth_mosaic(*shape, bits)):
        levels = Levels((64.0,) * 4, (1 << bits) - 1)
        data, _ = made(taken_of(mosaic, bits=bits, levels=levels), form)
        ifd = raw_ifd(tiff.read(data))
        assert ifd is not None
        assert np.array_equal(stored_mosaic.read(data, ifd), mosaic)


def test_the_largest_differences_come_back() -> None:
    mosaic = np.zeros((64, 96), np.uint16)
    mosaic[8:56, 8:88] = np.where(np.indices((48, 80)).sum(0) % 3, 32768, 65535)
    data, _ = made(taken_of(mosaic, bits=16, levels=Levels((0.0,) * 4, 65535)))
    ifd = raw_ifd(tiff.read(data))
    assert ifd is not None
    assert ifd.integers(259) == (7,)  # it was compressed
    assert np.array_equal(stored_mosaic.read(data, ifd), mosaic)


PHOTOGRAPHS = {
    "with a lens": {},
    "without a lens": {"lens": NO_LENS, "f_number": None},
    "west of Greenwich": {"utc_offset_s": -12_600, "wall_ns": 1_700_000_000_987_654_321},
    "on its side": {"orientation": Orientation.TURN_CLOCKWISE},
    "before the press": {"press_offset_ns": -7_654_321},
    "added up of many exposures": {"summed": Summed(3599, 2, 3_602_107_198_123, 4_505_198_123)},
    "decided by hand": {"decisions": Decisions(program=1, metering=255, light=255)},
}


@pytest.mark.parametrize("cfa", Cfa)
@pytest.mark.parametrize("changes", PHOTOGRAPHS.values(), ids=PHOTOGRAPHS.keys())
def test_the_jpeg_is_the_one_that_would_have_been_made_at_once(cfa: Cfa, changes: dict[str, object]) -> None:
    taken = replace(taken_of(smooth_mosaic(120, 160), cfa=cfa), **changes)  # type: ignore[arg-type]
    data, at_once = made(taken)
    later = b"".join(files.print_of(data, JPEG_QUALITY))
    assert exif_of(later) == exif_of(at_once)
    assert np.abs(pixels(later) - pixels(at_once)).max() <= 2  # the neutral has six digits in the DNG


def test_an_unknown_exposure_stays_unknown() -> None:
    data, at_once = made(taken_of(smooth_mosaic(120, 160), exposure=Exposure(0, 0.0)))
    assert exif_of(b"".join(files.print_of(data, JPEG_QUALITY))) == exif_of(at_once)


def exif_of(jpeg: bytes) -> dict[int, object]:
    with Image.open(BytesIO(jpeg)) as picture:
        tags = picture.getexif()
        return dict(tags) | dict(tags.get_ifd(34665))


def pixels(jpeg: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    with Image.open(BytesIO(jpeg)) as picture:
        return np.asarray(picture, np.int16)


def test_a_damaged_dng_and_one_of_another_program_are_refused() -> None:
    data, _ = made(taken_of(smooth_mosaic(120, 160)))
    ifd = raw_ifd(tiff.read(data))
    assert ifd is not None
    at = ifd.integers(324)[0] + 1000  # in its first tile
    for content in (data[:-100], data[:at] + bytes(100) + data[at + 100 :], b"", b"II*\0"):
        with pytest.raises(BadPicture):
            stored_photograph.read(content)
    with pytest.raises(BadPicture, match="another program"):
        stored_photograph.read(data.replace(b"mcam 0", b"Luna 0"))


@pytest.mark.parametrize("white", [0, 256, 65_536, 2**32 - 1])
def test_a_dng_whose_white_somebody_made_impossible_is_refused(white: int) -> None:
    data, _ = made(taken_of(smooth_mosaic(120, 160)))
    entry = struct.pack("<HHII", 50717, 4, 1, 4095)
    assert data.count(entry) == 1
    with pytest.raises(BadPicture, match="levels"):
        stored_photograph.read(data.replace(entry, struct.pack("<HHII", 50717, 4, 1, white)))


@pytest.mark.parametrize("becomes", [2**32 - 1, 0])
@pytest.mark.parametrize("tag", [257, 323], ids=["rows of the mosaic", "rows of a tile"])
def test_a_dng_whose_raw_has_a_size_that_no_sensor_has_is_refused(tag: int, becomes: int) -> None:
    data, _ = made(taken_of(smooth_mosaic(120, 160)))
    raw = raw_ifd(tiff.read(data))
    assert raw is not None
    changed = _changed(data, raw, {tag: becomes})
    with pytest.raises(BadPicture, match="as no sensor has"):
        stored_photograph.read(changed)
    with pytest.raises(BadPicture, match="as no sensor has"):
        PartialRaw(tiff.read(changed))


def test_a_dng_of_more_tiles_than_it_stores_is_refused_before_they_are_listed() -> None:
    data, _ = made(taken_of(smooth_mosaic(120, 160)))
    raw = raw_ifd(tiff.read(data))
    assert raw is not None
    ifds = tiff.read(_changed(data, raw, {257: 1 << 16, 322: 1, 323: 1}))
    tracemalloc.start()
    with pytest.raises(BadPicture):
        PartialRaw(ifds)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 100e6  # the mosaic has 21 million; a list of ten million tiles would take a thousand


def _changed(data: bytes, raw: tiff.Ifd, becomes: dict[int, int]) -> bytes:
    """Other numbers in those tags, wherever they stand as in the RAW's directory."""
    for tag, number in becomes.items():
        entry = struct.pack("<HHII", tag, 4, 1, *raw.integers(tag))
        assert entry in data
        data = data.replace(entry, struct.pack("<HHII", tag, 4, 1, number))
    return data


def test_a_dng_of_more_bits_than_a_sample_has_is_refused() -> None:
    data, _ = made(taken_of(smooth_mosaic(120, 160)))
    assert data.count(b"raw 12-bit") == 1
    with pytest.raises(BadPicture, match="levels"):
        stored_photograph.read(data.replace(b"raw 12-bit", b"raw 17-bit"))


@pytest.mark.parametrize(
    ("tag", "kind", "count", "becomes"),
    [
        (50714, 5, 4, (5, 1)),  # of four black levels one
        (50717, 4, 1, (4, 0)),  # no white
        (33422, 1, 4, (1, 1)),  # a pattern of one colour
        (50778, 3, 1, (11, 1, math.inf)),  # a light source without end
        (41486, 5, 1, (11, 1, 0.0)),  # no photosite to an inch
    ],
)
def test_a_dng_whose_tags_another_program_changed_to_nonsense_is_refused(
    tag: int, kind: int, count: int, becomes: tuple[float, ...]
) -> None:
    data, _ = made(taken_of(smooth_mosaic(120, 160)))
    entry, new = struct.pack("<HHI", tag, kind, count), struct.pack(f"<HHI{'f' * (len(becomes) - 2)}", tag, *becomes)
    at = data.index(entry)
    changed = data[:at] + new + data[at + len(new) :]
    with pytest.raises(BadPicture, match="another program changed its tags"):
        stored_photograph.read(changed)
    with pytest.raises(BadPicture):
        PartialRaw(tiff.read(changed))


def test_a_dng_that_somebody_mirrored_is_refused() -> None:
    data, _ = made(replace(taken_of(smooth_mosaic(120, 160)), orientation=Orientation.TURN_HALF))
    entry = struct.pack("<HHII", 274, 3, 1, Orientation.TURN_HALF)
    assert photo_facts.of_file(tiff.read(data), len(data)).orientation == 3
    assert data.count(entry) == 1
    mirrored = data.replace(entry, struct.pack("<HHII", 274, 3, 1, 2))
    assert photo_facts.of_file(tiff.read(mirrored), len(data)).orientation == 1
    with pytest.raises(BadPicture, match="mirrored"):
        stored_photograph.read(mirrored)
