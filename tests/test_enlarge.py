"""Enlarging, against Pillow's bilinear resampling, which for larger pictures is the same interpolation."""

import numpy as np
import pytest
from PIL import Image

from device.enlarge import enlarged

NOISE = np.random.default_rng(3).integers(0, 256, (38, 53, 3), np.uint8)


@pytest.mark.parametrize("size", [(38, 53), (38, 54), (39, 53), (39, 54), (47, 66), (76, 106), (200, 300)])
@pytest.mark.parametrize("shape", [(38, 53), (2, 2), (2, 53), (38, 3)])
def test_it_is_pillows_to_a_level(shape: tuple[int, int], size: tuple[int, int]) -> None:
    picture = NOISE[: shape[0], : shape[1]]
    expected = np.asarray(Image.fromarray(picture).resize(size[::-1], Image.Resampling.BILINEAR)).astype(int)
    assert np.abs(enlarged(picture, *size) - expected).max() <= 1


def test_the_same_size_is_the_same_picture_and_a_grey_one_stays_grey() -> None:
    np.testing.assert_array_equal(enlarged(NOISE, *NOISE.shape[:2]), NOISE)
    for level in (0, 1, 127, 254, 255):
        assert (enlarged(np.full((20, 31, 3), level, np.uint8), 21, 37) == level).all()
