from pathlib import Path

import numpy as np
import pytest

from device.demosaic import REACH, demosaic
from device.frame import Cfa
from device.tile import COLUMNS, ROWS
from tests.demosaic_scores import false_colour, of_light, of_values, on_light, photographs
from tests.libraw import ahd
from tests.reference_demosaic import Picture, minimum_error, mosaicked


def ramp(rows: int, columns: int) -> Picture:
    """Grey that rises to the right and, less, downwards."""
    down, right = np.mgrid[:rows, :columns]
    return np.repeat((0.1 + 0.005 * right + 0.002 * down)[..., None], 3, 2)


@pytest.mark.parametrize("cfa", list(Cfa))
def test_it_is_what_the_paper_says(cfa: Cfa) -> None:
    """Written out in numpy, on what is worst for rounding: noise without a picture."""
    mosaic = np.random.default_rng(6).random((50, 61), dtype=np.float32)
    assert np.abs(demosaic(mosaic, cfa) - minimum_error(mosaic, cfa)).max() < 2e-4


@pytest.mark.parametrize(
    "shape", [(ROWS + 30, COLUMNS + 25), (ROWS + 1, COLUMNS + 2), (ROWS, COLUMNS), (4, 300), (3, 5)]
)
def test_tiles_leave_no_seams(shape: tuple[int, int]) -> None:
    down, right = np.mgrid[: shape[0], : shape[1]]
    mosaic = (0.5 + 0.3 * np.sin(right * right / 900 + down / 5)).astype(np.float32)
    assert np.abs(demosaic(mosaic, Cfa.GRBG) - minimum_error(mosaic, Cfa.GRBG)).max() < 2e-4


@pytest.mark.parametrize("cfa", list(Cfa))
def test_a_single_colour_comes_back(cfa: Cfa) -> None:
    picture = np.broadcast_to(np.array([0.25, 0.5, 0.125]), (31, 34, 3))
    np.testing.assert_allclose(demosaic(mosaicked(picture, cfa), cfa), picture, atol=1e-6)


@pytest.mark.parametrize("cfa", list(Cfa))
def test_a_gradient_comes_back_but_for_rounding(cfa: Cfa) -> None:
    picture = ramp(60, 81)
    inside = np.s_[REACH:-REACH, REACH:-REACH]  # a mirrored gradient has a crease
    assert np.abs(demosaic(mosaicked(picture, cfa), cfa) - picture)[inside].max() < 1e-6


@pytest.mark.parametrize("cfa", list(Cfa))
@pytest.mark.parametrize("upright", [True, False])
def test_a_grey_edge_between_columns_or_rows_stays_sharp_and_grey(cfa: Cfa, upright: bool) -> None:
    step = np.where(np.arange(40) < 21, 0.2, 0.8)
    picture = np.repeat((np.tile(step, (40, 1)) if upright else np.tile(step[:, None], (1, 40)))[..., None], 3, 2)
    assert np.abs(demosaic(mosaicked(picture, cfa), cfa) - picture).max() < 1e-4


@pytest.mark.parametrize("cfa", list(Cfa))
def test_what_was_measured_is_kept(cfa: Cfa) -> None:
    mosaic = mosaicked(np.random.default_rng(3).random((20, 26, 3)), cfa)
    np.testing.assert_allclose(mosaicked(demosaic(mosaic, cfa).astype(np.float64), cfa), mosaic, atol=1e-6)


def test_a_turned_mosaic_gives_the_turned_picture() -> None:
    mosaic = np.random.default_rng(4).random((24, 30), dtype=np.float32)
    turned = demosaic(mosaic[::-1, ::-1], Cfa.BGGR)
    np.testing.assert_allclose(turned[::-1, ::-1], demosaic(mosaic, Cfa.RGGB), atol=2e-4)


def test_photographs_come_back_at_least_as_well_as_from_libraws_ahd(data: Path) -> None:
    """The means over all of them; `python -m tests.bench.demosaic` shows each. The largest only in part, for speed."""
    pictures = [picture for _, picture in photographs(data, largest=600)]
    assert np.mean([of_values(demosaic, p) - of_values(ahd, p) for p in pictures]) > 0.2
    in_light, shown = np.mean([np.subtract(of_light(on_light, p), of_light(ahd, p)) for p in pictures], axis=0)
    assert in_light > 0.5
    assert shown > 1


def test_a_grey_zone_plate_gets_far_less_colour_than_from_libraws_ahd() -> None:
    assert false_colour(on_light) < false_colour(ahd) / 3
