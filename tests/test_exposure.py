"""Exposure scales, the division between shutter and gain, and the loop's stability on an ideal sensor."""

import math
from itertools import pairwise

import numpy as np
import pytest

from device.exposure import (
    DEAD_BAND_EV,
    EVS,
    F_NUMBERS,
    ISOS,
    MIDDLE_GREY,
    SHUTTERS_US,
    Program,
    next_exposure,
    solve,
    stepped,
)
from device.frame import HISTOGRAM_BINS, Colour, Exposure, Reading, SensorFacts

FACTS = SensorFacts("X", 4056, 3040, 1.55, 1.0, 22.26, 114, 670_000_000, Colour((), ()))
A_AUTO = Program("A", True, 100, 1600, 10_000, 20_000, 0.0)


def reading(mean: float, clipped: float = 0.0) -> Reading:
    return Reading(
        histogram=np.zeros((4, HISTOGRAM_BINS), np.float32),
        clipped_share=np.full(4, clipped, np.float32),
        mean=np.full(4, mean, np.float32),
        focus=np.zeros((1, 1), np.float32),
        clipped=np.zeros((2, 2), np.uint8),
        focus_score=0.0,
        noise_floor_ev=-10.0,
        headroom_ev=1.0,
        stops=np.zeros((1, 1), np.uint8),
        spot_ev=-2.5,
    )


@pytest.mark.parametrize("scale", [SHUTTERS_US[: SHUTTERS_US.index(30_000_000) + 1], ISOS, F_NUMBERS[1:]])
def test_scales_are_thirds_of_stops(scale: tuple[float, ...]) -> None:
    per_step = 2.0 if scale is not ISOS and isinstance(scale[0], float) else 1.0  # an f-number step is a third twice
    steps = [math.log2(b / a) * per_step for a, b in pairwise(scale)]
    assert all(0.15 < step < 0.52 for step in steps)
    assert np.mean(steps) == pytest.approx(1 / 3, abs=0.02)


def test_compensation_reaches_five_stops_in_thirds() -> None:
    assert EVS[0] == -5.0
    assert EVS[-1] == 5.0
    assert 0.33 in EVS
    assert 0.0 in EVS


@pytest.mark.parametrize(
    ("scale", "value", "steps", "expected"),
    [
        (ISOS, 400, 1, 500),
        (ISOS, 410, -1, 320),
        (ISOS, 2000, 3, 2000),
        (ISOS, 100, -1, 100),
        (SHUTTERS_US, 9_800, 0, 10_000),
        (EVS, 0.0, -1, -0.33),
        (F_NUMBERS, 2.0, 3, 2.8),
    ],
)
def test_stepping_snaps_to_the_scale_and_stops_at_its_ends(
    scale: tuple[float, ...], value: float, steps: int, expected: float
) -> None:
    assert stepped(scale, value, steps) == expected


@pytest.mark.parametrize(
    ("program", "wanted", "expected"),
    [
        (A_AUTO, 5_000.0, Exposure(5_000, 1.0)),  # bright: base gain
        (A_AUTO, 80_000.0, Exposure(20_000, 4.0)),  # dim: the slowest handheld shutter, then gain
        (A_AUTO, 1_600_000.0, Exposure(100_000, 16.0)),  # dark: slower after all
        (A_AUTO, 1e9, Exposure(1_000_000, 16.0)),  # night: live view must still move
        (A_AUTO, 1.0, Exposure(114, 1.0)),
        (Program("A", False, 800, 1600, 10_000, 20_000, 0.0), 80_000.0, Exposure(10_000, 8.0)),
        (Program("M", True, 100, 1600, 4_000, 20_000, 0.0), 16_000.0, Exposure(4_000, 4.0)),
        (Program("M", False, 400, 1600, 8_000, 20_000, 0.0), 1.0, Exposure(8_000, 4.0)),
    ],
)
def test_each_mode_divides_the_exposure_as_it_promises(program: Program, wanted: float, expected: Exposure) -> None:
    solved = solve(program, wanted, FACTS)
    assert solved.exposure_us == expected.exposure_us
    assert solved.gain == pytest.approx(expected.gain)


def test_a_dead_band_leaves_small_errors_alone() -> None:
    used = Exposure(5_000, 1.0)
    assert next_exposure(A_AUTO, used, used, reading(MIDDLE_GREY * 2 ** (DEAD_BAND_EV * 0.9)), FACTS) == used
    assert next_exposure(A_AUTO, used, used, reading(MIDDLE_GREY * 2 ** (DEAD_BAND_EV * 1.1)), FACTS) != used


@pytest.mark.parametrize("unknown", [Exposure(0, 0.0), Exposure(0, 2.0), Exposure(8000, 0.0)])
def test_from_an_unknown_exposure_nothing_is_reckoned(unknown: Exposure) -> None:
    asked = Exposure(10_000, 1.0)
    assert next_exposure(A_AUTO, unknown, asked, reading(MIDDLE_GREY * 4), FACTS) == asked


def manual_after(program: Program, used: Exposure) -> Exposure:
    return next_exposure(program, used, used, reading(MIDDLE_GREY), FACTS)


def test_what_the_photographer_fixed_is_never_left_to_the_dead_band() -> None:
    manual = Program("M", True, 100, 1600, 5_050, 20_000, 0.0)
    assert manual_after(manual, Exposure(5_000, 1.01)).exposure_us == 5_000
    manual = Program("M", True, 100, 1600, 5_500, 20_000, 0.0)
    assert manual_after(manual, Exposure(5_000, 1.1)).exposure_us == 5_500


def settle(program: Program, light: float, start: Exposure, frames: int) -> list[float]:
    """Brightness error in stops, frame by frame, of an ideal sensor whose settings come two frames late."""
    queue = [start, start]
    errors = []
    asked = start
    for _ in range(frames):
        used = queue.pop(0)
        # A scene of four stops' spread: parts of it clip before others.
        scene = light * used.exposure_us * used.gain * 2.0 ** np.linspace(-3, 1, 200)
        signal = np.minimum(scene, 1.0)
        errors.append(math.log2(signal.mean() / MIDDLE_GREY))
        read = reading(float(signal.mean()), float((scene >= 1).mean()))
        asked = next_exposure(program, used, asked, read, FACTS)
        queue.append(asked)
    return errors


@pytest.mark.parametrize("jump_ev", [-10, -6, -3, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
def test_a_jump_of_light_is_settled_within_eight_frames_and_stays_settled(jump_ev: int) -> None:
    light = 1 / 500_000 if jump_ev > 0 else 1 / 1_000  # a dim or a bright room, so that both ends are within reach
    errors = settle(A_AUTO, light * 2.0**jump_ev, settle_point(light), 40)
    assert all(abs(error) < 0.15 for error in errors[8:]), errors


def settle_point(light: float) -> Exposure:
    """Where the loop stands before the jump."""
    used = Exposure(5_000, 1.0)
    for _ in range(12):
        scene = light * used.exposure_us * used.gain * 2.0 ** np.linspace(-3, 1, 200)
        used = next_exposure(
            A_AUTO, used, used, reading(float(np.minimum(scene, 1).mean()), float((scene >= 1).mean())), FACTS
        )
    return used
