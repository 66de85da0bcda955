import numpy as np
import pytest
from numpy.typing import NDArray

from device.frame import HISTOGRAM_BINS
from ui.overlays import axis_at, histogram_heights, meter_share, stripes, thirds


def four(channel: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.stack([channel] * 4)


def test_heights_follow_the_square_root_and_ignore_the_ends_for_their_scale() -> None:
    channel = np.zeros(HISTOGRAM_BINS, np.float32)
    channel[30], channel[60], channel[-1], channel[0] = 100, 400, 90_000, 10
    heights = histogram_heights(four(channel), HISTOGRAM_BINS, 80)
    assert heights.shape == (4, HISTOGRAM_BINS)
    assert [heights[0, i] for i in (30, 60, HISTOGRAM_BINS - 1, 31)] == [40, 80, 80, 0]


def test_a_single_photosite_shows() -> None:
    channel = np.zeros(HISTOGRAM_BINS, np.float32)
    channel[30], channel[60] = 1, 1e6
    assert histogram_heights(four(channel), HISTOGRAM_BINS, 50)[2, 30] == 1


def test_an_empty_histogram_draws_nothing() -> None:
    assert not histogram_heights(np.zeros((4, HISTOGRAM_BINS), np.float32), 70, 50).any()


def test_the_axis_runs_from_fourteen_stops_down_to_clipping() -> None:
    assert [axis_at(ev, 140) for ev in (-14, -7, -1, 0, -20)] == [0, 70, 130, 139, 0]


def test_the_meter_grows_with_sharpness_and_stays_on_its_scale() -> None:
    shares = [meter_share(score) for score in (0.0, 0.05, 0.3, 1.0, 5.0, 15.0, 100.0)]
    assert shares == sorted(shares)
    assert shares[0] == shares[1] == 0.0
    assert shares[-1] == 1.0


@pytest.mark.parametrize("length", [240, 641, 1080])
def test_thirds_are_symmetrical(length: int) -> None:
    first, second = thirds(length)
    assert first == length - second
    assert abs(first - length / 3) < 1


@pytest.mark.parametrize("period", [8, 16])
def test_stripes_repeat_without_a_seam_and_leave_some_picture(period: int) -> None:
    pattern = stripes(period)
    assert pattern.shape == (8, period, period, 4)
    assert not pattern[0].any()
    for bits in range(1, 8):
        painted = pattern[bits, ..., 3] > 0
        assert painted.any()
        assert painted.all() == (bits == 7)


def test_one_channels_stripes_run_its_own_way() -> None:
    red, green, blue = (stripes(8)[bits, ..., 3] > 0 for bits in (1, 2, 4))
    assert np.array_equal(green, np.roll(green, 1, 0))
    assert np.array_equal(red, np.roll(red, (1, -1), (0, 1)))
    assert np.array_equal(blue, np.roll(blue, (1, 1), (0, 1)))
    assert not np.array_equal(red, blue)
