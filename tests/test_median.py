"""The median, held against the standard library's."""

import statistics

import numpy as np
import pytest

from device.median import median


@pytest.mark.parametrize("count", [1, 2, 3, 256, 257])
def test_half_of_the_values_are_smaller(count: int) -> None:
    values = np.random.default_rng(count).normal(size=count).astype(np.float32)
    assert median(values) == pytest.approx(statistics.median(values.tolist()), abs=1e-7)


def test_values_may_lie_in_a_picture() -> None:
    assert median(np.array([[5.0, 1.0], [2.0, 4.0]])) == 3.0
