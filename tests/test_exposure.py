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
    LIVE_SHUTTER_MAX_US,
    SHUTTERS_US,
    Program,
    amount,
    live_view,
    next_exposure,
    solve,
    stepped,
)
from device.frame import Colour, Exposure, SensorFacts

FACTS = SensorFacts("X", 4056, 3040, 1.55, 1.0, 22.26, 114, 670_000_000, Colour((), ()))
A_AUTO = Program("A", True, 100, 1600, 10_000, 20_000)


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
        (Program("A", False, 800, 1600, 10_000, 20_000), 80_000.0, Exposure(10_000, 8.0)),
        (Program("M", True, 100, 1600, 4_000, 20_000), 16_000.0, Exposure(4_000, 4.0)),
        (Program("M", False, 400, 1600, 8_000, 20_000), 1.0, Exposure(8_000, 4.0)),
    ],
)
def test_each_mode_divides_the_exposure_as_it_promises(program: Program, wanted: float, expected: Exposure) -> None:
    solved = solve(program, wanted, FACTS)
    assert solved.exposure_us == expected.exposure_us
    assert solved.gain == pytest.approx(expected.gain)


def test_a_dead_band_leaves_small_errors_alone() -> None:
    shot = Exposure(5_000, 1.0)
    assert next_exposure(A_AUTO, 5_000 * 2 ** (DEAD_BAND_EV * 0.9), shot, FACTS) == shot
    assert next_exposure(A_AUTO, 5_000 * 2 ** (DEAD_BAND_EV * 1.1), shot, FACTS) != shot


@pytest.mark.parametrize(
    ("program", "shot", "expected"),
    [
        (Program("M", False, 100, 1600, 5_050, 20_000), Exposure(5_000, 1.0), Exposure(5_050, 1.0)),
        (Program("M", True, 100, 1600, 5_500, 20_000), Exposure(5_000, 2.2), Exposure(5_500, 2.0)),
        (Program("A", False, 125, 1600, 5_500, 20_000), Exposure(5_000, 1.0), Exposure(4_000, 1.25)),
        (Program("A", True, 100, 1600, 5_500, 5_000), Exposure(20_000, 1.0), Exposure(5_000, 4.0)),  # another lens
    ],
)
def test_what_the_photographer_changed_is_never_left_to_the_dead_band(
    program: Program, shot: Exposure, expected: Exposure
) -> None:
    after = next_exposure(program, amount(shot) * 1.02, shot, FACTS)
    assert (after.exposure_us, after.gain) == (expected.exposure_us, pytest.approx(expected.gain))


@pytest.mark.parametrize("flash_us", [0.0, 10_000.0, 1e6 / 120])
@pytest.mark.parametrize("auto_iso", [False, True])
def test_at_rest_an_exposure_stays_what_it_is_to_the_last_digit(auto_iso: bool, flash_us: float) -> None:
    program = Program("A", auto_iso, 125, 1600, 10_000, 20_000, flash_us)
    for wanted in np.geomspace(200.0, 1e8, 97):
        shot = solve(program, float(wanted), FACTS)
        for _ in range(3):
            assert next_exposure(program, amount(shot), shot, FACTS) is shot


A_50 = Program("A", True, 100, 1600, 10_000, 25_000, 10_000.0)
A_50_TELE = Program("A", True, 100, 1600, 10_000, 5_000, 10_000.0)
A_60 = Program("A", True, 100, 1600, 10_000, 25_000, 1e6 / 120)
A_50_ISO = Program("A", False, 100, 1600, 10_000, 25_000, 10_000.0)


@pytest.mark.parametrize(
    ("program", "wanted", "expected"),
    [
        (A_50, 4_000.0, Exposure(4_000, 1.0)),  # too bright for a flash: let go
        (A_50, 9_800.0, Exposure(10_000, 1.0)),
        (A_50, 15_000.0, Exposure(10_000, 1.5)),
        (A_50, 50_000.0, Exposure(20_000, 2.5)),  # the slowest shutter, cut to whole flashes
        (A_50_TELE, 40_000.0, Exposure(10_000, 4.0)),  # a flash goes before the slowest shutter
        (A_50, 16.0 * 25_000, Exposure(30_000, 40 / 3)),  # where gain ends, one flash more
        (A_60, 15_000.0, Exposure(8_333, 15_000 / 8_333)),
        (A_60, 20_000.0, Exposure(16_667, 20_000 / 16_667)),
        (A_50_ISO, 13_000.0, Exposure(10_000, 1.0)),
        (A_50_ISO, 15_000.0, Exposure(20_000, 1.0)),  # the nearest in stops
        (Program("M", True, 100, 1600, 4_000, 25_000, 10_000.0), 15_000.0, Exposure(4_000, 3.75)),
    ],
)
def test_in_mode_a_shutters_last_whole_flashes_of_the_mains_where_there_is_time_for_one(
    program: Program, wanted: float, expected: Exposure
) -> None:
    solved = solve(program, wanted, FACTS)
    assert (solved.exposure_us, solved.gain) == (expected.exposure_us, pytest.approx(expected.gain))


def test_between_two_numbers_of_flashes_the_shutter_does_not_go_to_and_fro() -> None:
    shot, seen = solve(A_50_ISO, 13_000.0, FACTS), set()
    for noise in (1.0, 1.03, 0.97, 1.04, 0.96):
        shot = next_exposure(A_50_ISO, math.sqrt(2) * 10_000 * noise, shot, FACTS)
        seen.add(shot.exposure_us)
    assert len(seen) == 1


def test_live_view_gives_a_slow_shutters_light_by_gain_as_far_as_there_is() -> None:
    assert live_view(Exposure(LIVE_SHUTTER_MAX_US, 1.0), FACTS) == Exposure(LIVE_SHUTTER_MAX_US, 1.0)
    assert live_view(Exposure(1_000_000, 2.0), FACTS) == Exposure(LIVE_SHUTTER_MAX_US, 8.0)
    assert live_view(Exposure(30_000_000, 2.0), FACTS) == Exposure(LIVE_SHUTTER_MAX_US, FACTS.gain_max)
