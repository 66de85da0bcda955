"""Counts of every value in rows of every length, against plain loops; what follows from them is in test_meter.py."""

import numpy as np
import pytest

from device.frame import Cfa
from device.histogram import PHASES, linear_histogram, sampled_histogram
from tests import reference_meter


@pytest.mark.parametrize("columns", [1, 2, 3, 31, 32, 33, 63, 64, 65, 66, 127])
@pytest.mark.parametrize("bits", [10, 12, 14, 16])
def test_whatever_a_photosite_holds_it_is_counted(columns: int, bits: int) -> None:
    """Beyond the granted bits, too."""
    raw = np.random.default_rng(columns + bits).integers(0, 65536, (35, columns), np.uint16)
    expected = reference_meter.linear_histogram(np.minimum(raw, 2**bits - 1), Cfa.GRBG, bits)
    assert np.array_equal(linear_histogram(raw, Cfa.GRBG, bits), expected)
    phases = [sampled_histogram(raw, Cfa.GRBG, bits, phase) for phase in range(PHASES)]
    assert np.array_equal(sum(phases), expected)


@pytest.mark.parametrize("rows", [0, 1, 2, 3])
def test_a_last_row_of_half_a_quad_is_left_out(rows: int) -> None:
    raw = np.full((rows, 70), 1000, np.uint16)
    counts = linear_histogram(raw, Cfa.RGGB, 12)
    assert counts[:, 1000].tolist() == [rows // 2 * 35] * 4
    assert counts.sum() == rows // 2 * 140
    assert sampled_histogram(raw, Cfa.RGGB, 12, 1).sum() == 0


def test_a_part_of_a_mosaic_is_counted_as_if_it_were_whole() -> None:
    raw = np.random.default_rng(1).integers(0, 4096, (60, 200), np.uint16)
    part = raw[10:50, 20:150]
    expected = reference_meter.linear_histogram(part, Cfa.BGGR, 12)
    assert np.array_equal(linear_histogram(part, Cfa.BGGR, 12), expected)


def test_rows_of_one_value_are_counted_as_often_as_there_are_photosites() -> None:
    counts = linear_histogram(np.full((1000, 2000), 4095, np.uint16), Cfa.RGGB, 12)
    assert counts[:, 4095].tolist() == [500_000] * 4
