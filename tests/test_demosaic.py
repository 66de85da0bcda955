from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from device.demosaic import MARGIN, demosaic, demosaic_inside, mirrored
from device.frame import Cfa
from tests.reference_demosaic import Picture, bilinear, cpsnr, mosaicked


def ramp(rows: int, columns: int) -> Picture:
    """Grey that rises to the right and, less, downwards."""
    down, right = np.mgrid[:rows, :columns]
    return np.repeat((0.1 + 0.005 * right + 0.002 * down)[..., None], 3, 2)


@pytest.mark.parametrize("cfa", list(Cfa))
def test_a_single_colour_comes_back_exactly(cfa: Cfa) -> None:
    picture = np.broadcast_to(np.array([0.25, 0.5, 0.125]), (31, 34, 3))
    np.testing.assert_array_equal(demosaic(mosaicked(picture, cfa), cfa), picture)


@pytest.mark.parametrize("cfa", list(Cfa))
def test_a_gradient_comes_back_but_for_rounding(cfa: Cfa) -> None:
    picture = ramp(40, 61)
    inside = np.s_[MARGIN:-MARGIN, MARGIN:-MARGIN]  # a mirrored gradient has a crease
    assert np.abs(demosaic(mosaicked(picture, cfa), cfa) - picture)[inside].max() < 1e-6


@pytest.mark.parametrize("cfa", list(Cfa))
@pytest.mark.parametrize("upright", [True, False])
def test_a_grey_edge_between_columns_or_rows_stays_sharp_and_grey(cfa: Cfa, upright: bool) -> None:
    step = np.where(np.arange(40) < 21, 0.2, 0.8)
    picture = np.repeat((np.tile(step, (40, 1)) if upright else np.tile(step[:, None], (1, 40)))[..., None], 3, 2)
    assert np.abs(demosaic(mosaicked(picture, cfa), cfa) - picture).max() < 1e-6


@pytest.mark.parametrize("cfa", list(Cfa))
def test_what_was_measured_is_kept(cfa: Cfa) -> None:
    picture = np.random.default_rng(3).random((20, 26, 3))
    mosaic = mosaicked(picture, cfa)
    np.testing.assert_array_equal(mosaicked(demosaic(mosaic, cfa).astype(np.float64), cfa), mosaic)


def test_a_turned_mosaic_gives_the_turned_picture() -> None:
    mosaic = np.random.default_rng(4).random((24, 30), dtype=np.float32)
    turned = demosaic(np.ascontiguousarray(mosaic[::-1, ::-1]), Cfa.BGGR)
    np.testing.assert_allclose(turned[::-1, ::-1], demosaic(mosaic, Cfa.RGGB), atol=1e-6)


def test_bands_with_their_margins_are_the_whole() -> None:
    mosaic = np.random.default_rng(5).random((40, 30), dtype=np.float32)
    padded = mirrored(mosaic, MARGIN, MARGIN)
    bands = [demosaic_inside(padded[top : top + 10 + 2 * MARGIN], Cfa.GRBG) for top in range(0, 40, 10)]
    np.testing.assert_array_equal(np.concatenate(bands), demosaic(mosaic, Cfa.GRBG))


@pytest.mark.parametrize("name", ["skimage_coffee.png", "skimage_astronaut.png", "libjxl_flower_q85_444.jpg"])
def test_photographs_come_back_much_better_than_with_the_mean_of_the_neighbours(data: Path, name: str) -> None:
    picture = np.asarray(Image.open(data / "photos" / name).convert("RGB"))[:400, :400] / 255
    mosaic = mosaicked(picture, Cfa.RGGB)
    ours = cpsnr(np.clip(demosaic(mosaic, Cfa.RGGB), 0, 1).astype(np.float64), picture)
    assert ours > cpsnr(bilinear(mosaic, Cfa.RGGB), picture) + 3
