"""Colours of every pair of chroma bytes, by ITU-T T.871 as it is printed."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.test_pixels import bt601, painted

PAIRS = np.mgrid[0:256, 0:256].astype(np.uint8)


def drawn(luma: int) -> NDArray[np.uint8]:
    """(256, 256, 3): blue, green and red of each pair, from an unscaled picture."""
    u, v = (np.ascontiguousarray(plane) for plane in PAIRS)
    y = np.full((512, 512), luma, np.uint8)
    whole = painted(y, u, v, (512, 512))[..., :3]
    assert np.array_equal(whole[::2, ::2], whole[1::2, 1::2])
    return whole[::2, ::2]


@pytest.mark.parametrize("luma", [0, 100, 180, 255])
def test_every_pair_of_chroma_gives_the_nearest_colour_but_for_a_64th_of_a_level(luma: int) -> None:
    u, v = PAIRS.astype(np.float64)
    assert np.abs(drawn(luma) - bt601(np.float64(luma), u, v)).max() <= 0.5 + 1 / 64
