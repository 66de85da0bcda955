"""What a DNG carries beside its mosaic, and how much memory a photograph needs on its way to the card."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from device import dng_tags, files, tiff
from device.frame import Cfa, Levels
from device.tiff import STRIP_BYTE_COUNTS, STRIP_OFFSETS
from tests import peak_memory
from tests.conftest import build_frame
from tests.photographs import photograph, smooth_mosaic


def previews(data: bytes) -> list[tuple[Image.Image, tuple[int, int]]]:
    """Each JPEG inside a DNG that is a picture, and the size that its directory tells."""
    found = []
    for ifd in tiff.read(data):
        if ifd.integers(254) == (1,) and ifd.integers(259) == (dng_tags.JPEG,):
            ((at,), (size,)) = ifd.integers(STRIP_OFFSETS), ifd.integers(STRIP_BYTE_COUNTS)
            found.append((Image.open(BytesIO(data[at : at + size])), ifd.integers(256) + ifd.integers(257)))
    return found


# Mosaics as wide as those of the IMX477, IMX283, IMX296, IMX708, IMX219 and of a binned IMX477, and a small one
@pytest.mark.parametrize(
    ("columns", "width"), [(4056, 2048), (5472, 2736), (1456, 1456), (4608, 2304), (3280, 2048), (2028, 2028), (96, 96)]
)
def test_the_preview_is_2048_wide_or_as_wide_as_the_mosaic(columns: int, width: int) -> None:
    raw = smooth_mosaic(64, columns)
    ((picture, told),) = previews(b"".join(files.negative_of(photograph(build_frame(raw)))))
    assert picture.size == told
    assert picture.width == width
    assert picture.height == pytest.approx(64 * width / columns, abs=1)


def test_an_enlarged_preview_shows_the_whole_picture_where_it_was() -> None:
    """Four quarters of light on a mosaic that is enlarged: their borders stay in the middle."""
    raw = np.full((400, 4056), 256, np.uint16)
    raw[:200, :2028] = raw[200:, 2028:] = 3000
    frame = build_frame(raw, cfa=Cfa.RGGB, levels=Levels((256.0,) * 4, 4095), neutral=(1.0, 1.0, 1.0))
    ((picture, _),) = previews(b"".join(files.negative_of(photograph(frame))))
    light = np.asarray(picture.convert("L")) > 100
    assert picture.size == (2048, 202)
    assert light[:100, :1022].all()
    assert light[102:, 1026:].all()
    assert not light[:100, 1026:].any()
    assert not light[102:, :1022].any()


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peaks of memory are asked of Linux")
def test_a_photograph_on_its_way_to_the_card_needs_a_bounded_memory() -> None:
    """Of the IMX477's 12 megapixels, beside the frame. A Zero 2 W has 512 MB; the JPEG is what needs most."""
    peaks = peak_memory.peaks_mb()
    assert 10 < peaks["lossless DNG"] < 45
    assert 18 < peaks["packed DNG"] < 45
    assert 40 < peaks["DNG and JPEG"] < 120
