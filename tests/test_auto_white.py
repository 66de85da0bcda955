"""Automatic white balance of frames whose light is known."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from device import meter
from device.auto_white import AutoWhite
from device.frame import Reading, Triple
from device.white_point import temperature_k, white_point
from tests.conftest import build_frame
from tests.photographs import IMX477

BLANK = meter.read(build_frame(np.full((16, 16), 300, np.uint16)))


def reading(colour: Triple, level: float = 0.2) -> Reading:
    """Means of red, green and blue in those proportions."""
    red, green, blue = (level * part for part in colour)
    return replace(BLANK, mean=np.array([red, green, green, blue], np.float32))


def kelvin(neutral: Triple | None) -> float:
    assert neutral is not None
    return temperature_k(white_point(IMX477, neutral))


# What the camera sees of grey: its matrix for D65 times (0.95045, 1, 1.08892), that for A times (1.09847, 1, 0.35582).
D65_GREY, A_GREY = (0.3083, 1.0, 0.6834), (0.4853, 1.0, 0.3668)


@pytest.mark.parametrize(("grey", "expected_k"), [(D65_GREY, 6504), (A_GREY, 2856)])
def test_a_grey_world_tells_its_light_at_once(grey: Triple, expected_k: float) -> None:
    found = AutoWhite(IMX477).after(reading(grey))
    assert 1e6 / kelvin(found) == pytest.approx(1e6 / expected_k, abs=6)  # mired
    assert found == pytest.approx(grey, rel=0.04)


def test_a_meadow_is_not_taken_for_green_light() -> None:
    red, green, blue = D65_GREY
    found = AutoWhite(IMX477).after(reading((red * 0.7, green, blue * 0.7)))
    assert found is not None
    assert 0.75 < found[0] * found[2] / (red * blue) < 1.33  # a light, not a colour


@pytest.mark.parametrize("colour", [(0.01, 1.0, 5.0), (5.0, 1.0, 0.01)])
def test_strong_colours_end_at_the_last_light_that_there_is(colour: Triple) -> None:
    assert 2200 < kelvin(AutoWhite(IMX477).after(reading(colour))) < 9500


def test_it_goes_over_to_another_light_in_small_steps_and_rests_there() -> None:
    auto = AutoWhite(IMX477)
    before = auto.after(reading(D65_GREY))
    seen = [auto.after(reading(A_GREY)) for _ in range(60)]
    assert seen[0] != before
    mireds = [1e6 / kelvin(neutral) for neutral in (before, *seen)]
    assert max(abs(b - a) for a, b in pairwise(mireds)) < 70
    assert len(set(seen[-20:])) == 1
    assert mireds[-1] == pytest.approx(1e6 / 2856, abs=12)


def test_noise_does_not_move_it() -> None:
    auto = AutoWhite(IMX477)
    red, green, blue = D65_GREY
    seen = {auto.after(reading((red * math.exp(0.01 * (-1) ** i), green, blue))) for i in range(10)}
    assert len(seen) == 1


def test_a_burnt_out_frame_says_nothing() -> None:
    auto = AutoWhite(IMX477)
    found = auto.after(reading(D65_GREY))
    burnt = replace(reading((0.95, 1.0, 0.98), 0.9), clipped_share=np.array([0.6, 0.9, 0.9, 0.7], np.float32))
    assert {auto.after(burnt) for _ in range(20)} == {found}


def test_a_dark_frame_says_nothing() -> None:
    auto = AutoWhite(IMX477)
    assert auto.after(reading(D65_GREY, 1e-4)) is None
    found = auto.after(reading(A_GREY))
    assert auto.after(reading(D65_GREY, 1e-4)) == found
