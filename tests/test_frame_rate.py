"""The frame rate that is shown is the sensor's own, and lost frames are counted."""

import numpy as np
import pytest

from device.frame_rate import FrameRate
from tests.conftest import build_frame

RAW = np.zeros((4, 4), np.uint16)


def counted(*frames: tuple[int, int]) -> tuple[float, int]:
    """The reading after frames of (sequence, milliseconds)."""
    rate = FrameRate()
    for sequence, stamp_ms in frames:
        rate.count(build_frame(RAW, sequence=sequence, sensor_timestamp_ns=stamp_ms * 1_000_000))
    return rate.read()


def test_forty_frames_a_second_are_forty_frames_a_second() -> None:
    assert counted(*((n, 25 * n) for n in range(200)))[0] == pytest.approx(40)


def test_the_rate_follows_a_change_within_two_seconds() -> None:
    quick = [(n, 25 * n) for n in range(100)]
    slow = [(100 + n, 2500 + 100 * n) for n in range(25)]
    assert counted(*quick, *slow)[0] == pytest.approx(10)


def test_numbers_that_jump_are_frames_lost() -> None:
    assert counted((1, 0), (2, 25), (5, 100), (6, 125))[1] == 2


def test_what_the_first_frame_waited_for_kernels_to_be_compiled_is_not_lost() -> None:
    assert counted((0, 0), (99, 2475), (100, 2500))[1] == 0
    assert counted((0, 0), (99, 2475), (101, 2525))[1] == 1


def test_slow_frames_are_counted_too() -> None:
    assert counted((0, 0), (1, 5000), (2, 10_000), (4, 20_000))[1] == 1


def test_a_sensor_that_counts_anew_has_lost_nothing() -> None:
    assert counted((8, 0), (9, 25), (0, 50), (1, 75))[1] == 0


def test_another_setting_is_another_rate_and_its_pause_loses_nothing() -> None:
    rate = FrameRate()
    for n in range(40):
        rate.count(build_frame(RAW, sequence=n, sensor_timestamp_ns=25_000_000 * n))
    for n in range(3):
        large = np.zeros((8, 8), np.uint16)
        rate.count(build_frame(large, sequence=60 + n, sensor_timestamp_ns=1_500_000_000 + 100_000_000 * n))
    assert rate.read() == (pytest.approx(10), 0)


def test_one_frame_is_no_rate_yet() -> None:
    assert counted((1, 0)) == (0.0, 0)
    assert FrameRate().read() == (0.0, 0)
