"""The gain of every photosite of a line, against numpy's own interpolation."""

import numpy as np
import pytest
from numpy.typing import NDArray

from device.flat_field import Gains, gains_of_line
from device.kernel import kernel


@kernel("void(f4[:, :, ::1], u1[::1], i8, i8, i8, i8, f4[::1])")
def line(
    gains: Gains, channels: NDArray[np.uint8], rows: int, columns: int, row: int, left: int, out: NDArray[np.float32]
) -> None:
    gains_of_line(gains, channels, rows, columns, row, left, out)


CHANNELS = np.array([2, 3], np.uint8)  # of a line's even and odd photosites


def expected(gains: Gains, rows: int, columns: int, row: int, places: list[int]) -> list[float]:
    """Down, then across, in float64; what lies outside has the gain of the edge."""
    points_down, points_across = gains.shape[1:]
    down = np.arange(points_down) * (rows - 1) / (points_down - 1)
    across = np.arange(points_across) * (columns - 1) / (points_across - 1)
    lines = [[np.interp(row, down, column) for column in gains[channel].astype(float).T] for channel in CHANNELS]
    return [float(np.interp(place, across, lines[index & 1])) for index, place in enumerate(places)]


@pytest.mark.parametrize("left", [0, -6, 30])
@pytest.mark.parametrize("row", [0, 1, 37, 75])
@pytest.mark.parametrize("points", [(2, 2), (3, 5), (25, 33), (9, 101)])
def test_a_line_is_what_numpy_interpolates(points: tuple[int, int], row: int, left: int) -> None:
    rows, columns = 76, 101
    gains = np.random.default_rng(3).uniform(1, 3, (4, *points)).astype(np.float32)
    out = np.full(90, np.nan, np.float32)
    line(gains, CHANNELS, rows, columns, row, left, out)
    places = [left + x for x in range(out.size)]
    assert out == pytest.approx(np.array(expected(gains, rows, columns, row, places)), abs=2e-5)


def test_one_gain_for_each_channel_is_that_everywhere() -> None:
    out = np.zeros(7, np.float32)
    line(np.array([1, 2, 3, 4], np.float32).reshape(4, 1, 1), CHANNELS, 9, 7, 3, 0, out)
    assert out.tolist() == [3, 4, 3, 4, 3, 4, 3]
