"""Luma that is averaged where nothing moves: less noise, no ghosts."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from device.frame import Preview
from device.preview import PreviewFrame
from tests.synthetic_view import synthetic_view
from ui.steady import LASTING_NS, MOVED_LEVELS, STEPS, SteadyLuma

SHAPE = (96, 128)
VIEW = synthetic_view()


def view_of(number: int, luma: NDArray[np.floating], a_second: float = 30.0) -> PreviewFrame:
    """A frame in which nothing is in focus, one of so many a second."""
    y = np.rint(luma).astype(np.uint8)
    half = np.full((SHAPE[0] // 2, SHAPE[1] // 2), 128, np.uint8)
    focus = np.zeros((SHAPE[0] // 4, SHAPE[1] // 4), np.float32)
    reading = replace(VIEW.reading, focus=focus)
    return replace(
        VIEW,
        number=number,
        sensor_timestamp_ns=round(number * 1e9 / a_second),
        preview=Preview(y, half, half),
        reading=reading,
        raw_size=(SHAPE[0] * 2, SHAPE[1] * 2),
    )


@pytest.mark.parametrize("sigma", [1.0, 4.0])
@pytest.mark.parametrize(
    ("a_second", "share"), [(1, 0.25), (6, 0.25), (12, 2 / 12), (30, 2 / 30), (60, 1 / 16), (1000, 1 / 16)]
)
def test_of_a_still_scenes_noise_as_much_is_left_as_of_half_a_second(
    sigma: float, a_second: float, share: float
) -> None:
    """A first-order recursive filter leaves share / (2 - share) of the variance; never more than a seventh."""
    assert LASTING_NS == 1e9 / 2
    random, steady = np.random.default_rng(4), SteadyLuma()
    scene = np.linspace(118, 122, SHAPE[1])  # of all fractions of a level, for the rounding's 1/12
    for number in range(1, 60):
        steadied = steady.of(view_of(number, scene + sigma * random.standard_normal(SHAPE), a_second)).luma
    left = np.sqrt(share / (2 - share) * (sigma**2 + 1 / 12) + 1 / 12)
    assert (steadied - scene).std() == pytest.approx(left, rel=0.1)
    assert steadied.mean() == pytest.approx(120, abs=0.1)


def test_what_moves_is_seen_at_once() -> None:
    random, steady = np.random.default_rng(4), SteadyLuma()
    for number in range(1, 10):
        steady.of(view_of(number, 120 + random.standard_normal(SHAPE)))
    moved = view_of(10, 160 + random.standard_normal(SHAPE))
    assert np.array_equal(steady.of(moved).luma, moved.preview.y)


def test_a_small_change_arrives_within_a_second() -> None:
    steady = SteadyLuma()
    steady.of(view_of(1, np.full(SHAPE, 100.0)))
    assert (steady.of(view_of(2, np.full(SHAPE, 100 + MOVED_LEVELS))).luma == 100).all()  # so it has not moved
    for number in range(3, 32):
        steadied = steady.of(view_of(number, np.full(SHAPE, 100 + MOVED_LEVELS))).luma
    assert (steadied == 100 + MOVED_LEVELS).all()


@pytest.mark.parametrize("level", [0, 3, 128, 252, 255])
def test_the_average_is_that_of_a_filter_of_real_numbers(level: int) -> None:
    """Within the half level of what is shown, the half of what is given, and what is kept of a step's rounding."""
    random, steady, kept, share = np.random.default_rng(4), SteadyLuma(), np.zeros(SHAPE), 2 / 30
    for number in range(1, 90):
        view = view_of(number, (level + random.uniform(-2, 2, SHAPE)).clip(0, 255))
        shown = steady.of(view).luma
        kept = view.preview.y.astype(float) if number == 1 else kept + share * (view.preview.y - kept)
    assert np.abs(shown - kept).max() < 0.5 + 1 / (share * STEPS) + 0.05


def test_noise_of_all_levels_neither_wraps_around_nor_leaves_them() -> None:
    """The brightest pixels of wild noise stand beside the darkest; a number that wrapped around would swap them."""
    random, steady = np.random.default_rng(4), SteadyLuma()
    scene = np.repeat([0.0, 255.0], SHAPE[1] // 2)
    for number in range(1, 40):
        noise = random.standard_normal(SHAPE) * 60
        luma = steady.of(view_of(number, (scene + noise).clip(0, 255))).luma
    assert luma[:, : SHAPE[1] // 2].mean() < 60
    assert luma[:, SHAPE[1] // 2 :].mean() > 195


def test_the_same_frame_drawn_twice_counts_once() -> None:
    steady = SteadyLuma()
    steady.of(view_of(1, np.full(SHAPE, 100.0)))
    other = view_of(2, np.full(SHAPE, 102.0))
    once = steady.of(other).luma.copy()
    assert np.array_equal(steady.of(other).luma, once)


def test_a_frame_of_another_ring_that_has_the_same_number_counts() -> None:
    steady = SteadyLuma()
    steady.of(view_of(1, np.full(SHAPE, 100.0)))
    other = replace(view_of(1, np.full(SHAPE, 160.0)), sensor_timestamp_ns=5_000_000_000)
    assert (steady.of(other).luma == 160).all()


def test_another_size_begins_anew() -> None:
    steady = SteadyLuma()
    steady.of(view_of(1, np.full(SHAPE, 100.0)))
    assert np.array_equal(steady.of(VIEW).luma, VIEW.preview.y)


def test_the_noise_that_is_left_is_told_and_stands_still_from_frame_to_frame() -> None:
    """One estimate is off by 7 % or so; what is told moves by less than half of that."""
    random, steady = np.random.default_rng(4), SteadyLuma()
    told = [
        steady.of(view_of(number, scene + 4 * random.standard_normal(SHAPE))).noise[120]
        for number in range(1, 160)
        for scene in [np.linspace(118, 122, SHAPE[1])]
    ]
    share = 2 / 30
    left = np.sqrt(20 * (share / (2 - share) * (16 + 1 / 12) + 1 / 12))
    assert told[0] == pytest.approx(np.sqrt(20) * 4, rel=0.1)
    assert np.mean(told[120:]) == pytest.approx(left, rel=0.1)
    assert np.abs(np.diff(told[120:])).max() < 0.03 * left


def test_where_brightness_makes_noise_stronger_it_is_not_taken_for_motion() -> None:
    """Dark halves of an sRGB picture have several times the noise of bright ones."""
    random, steady = np.random.default_rng(4), SteadyLuma()
    scene = np.repeat([60.0, 200.0], SHAPE[1] // 2)
    sigma = np.where(scene < 100, 7.0, 2.0)
    for number in range(1, 60):
        steadied = steady.of(view_of(number, scene + sigma * random.standard_normal(SHAPE)))
    left = np.sqrt(2 / 30 / (2 - 2 / 30) * 49)
    assert (steadied.luma - scene)[:, : SHAPE[1] // 2].std() == pytest.approx(left, rel=0.25)
    moved = steady.of(view_of(60, np.full(SHAPE, 200.0) + 2 * random.standard_normal(SHAPE)))
    assert moved.luma[:, : SHAPE[1] // 2].mean() == pytest.approx(200, abs=0.2)


def test_after_a_cut_the_noise_is_that_of_one_frame_at_once() -> None:
    random, steady = np.random.default_rng(4), SteadyLuma()
    for number in range(1, 30):
        steady.of(view_of(number, 60 + random.standard_normal(SHAPE)))
    steadied = steady.of(view_of(30, 120 + 6 * random.standard_normal(SHAPE)))
    assert steadied.noise[120] == pytest.approx(np.sqrt(20) * 6, rel=0.15)


def test_marks_are_kept_where_nothing_moved() -> None:
    steady, moved = SteadyLuma(), np.full(SHAPE, 100.0)
    steady.of(view_of(1, np.full(SHAPE, 100.0))).marks[:] = 255
    moved[:, :20] = 110
    marks = steady.of(view_of(2, moved)).marks
    assert not marks[:, :20].any()
    assert (marks[:, 20:] == 255).all()


def window_left(share: float) -> float:
    """Of the variance of a pixel of the half-sized window, by the filter's theory."""
    return share / (2 - share)


def test_a_magnified_window_is_averaged_at_half_its_size_and_the_noise_that_is_left_is_told() -> None:
    random, steady = np.random.default_rng(4), SteadyLuma()
    one_frame = np.full(256, np.sqrt(20) * 2, np.float32)  # the Laplacian's, of the mean of four pixels
    scene = np.linspace(118, 122, SHAPE[1])
    for number in range(1, 60):
        frame = view_of(number, scene + 4 * random.standard_normal(SHAPE))
        steadied = steady.of_window(frame, one_frame)
        if number == 1:
            assert steadied.noise[120] == pytest.approx(np.sqrt(20 * (4 + 1 / 12)), rel=1e-3)
    assert steadied.luma.shape == (SHAPE[0] // 2, SHAPE[1] // 2)
    left = np.sqrt(window_left(2 / 30) * 16 / 4 + 1 / 12)
    assert (steadied.luma - scene.reshape(-1, 2).mean(1)).std() == pytest.approx(left, rel=0.15)
    assert steadied.noise[120] == pytest.approx(np.sqrt(20) * left, rel=0.1)
    assert steady.of_window(frame, one_frame).noise[120] == steadied.noise[120]


def test_where_a_window_moves_its_noise_is_that_of_one_frame_at_once_and_in_part_where_a_part_does() -> None:
    random, steady = np.random.default_rng(4), SteadyLuma()
    one_frame, told, scene = np.full(256, np.sqrt(20) * 2, np.float32), [], np.full(SHAPE, 60.0)
    for number in range(1, 34):
        if number == 31:
            scene[:, : SHAPE[1] // 4] += 90
        if number == 32:
            scene += 60
        told.append(steady.of_window(view_of(number, scene + 4 * random.standard_normal(SHAPE)), one_frame).noise[120])
    quarter, share = np.sqrt(20 * (4 * (0.25 + 0.75 * window_left(2 / 30)) + 1 / 12)), 2 / 30
    assert told[30] == pytest.approx(quarter, rel=0.05)
    assert told[31] == pytest.approx(np.sqrt(20 * (4 + 1 / 12)), rel=0.01)
    assert told[32] == pytest.approx(np.sqrt(20 * (4 * ((1 - share) ** 2 + share**2) + 1 / 12)), rel=0.02)
