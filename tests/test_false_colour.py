import math
from itertools import pairwise

import numpy as np
import pytest

from ui.false_colour import COLOURS, NOISE, lay_bands, legend, palette


def lightness(colour: tuple[int, ...]) -> float:
    """Relative luminance of sRGB, IEC 61966-2-1."""
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def colour_at(share: float, noise_floor_ev: float = -14.0) -> tuple[int, ...]:
    """Of light of that share of full scale."""
    step = min(max(math.floor(16 * (14 + math.log2(share))), 0), 224)
    return tuple(palette(noise_floor_ev)[step, 2::-1].tolist())


@pytest.mark.parametrize("stop", COLOURS)
def test_light_so_many_stops_from_middle_grey_has_the_colour_of_that_stop(stop: int) -> None:
    for within in (-0.46, 0.0, 0.46):
        assert colour_at(0.18 * 2.0 ** (stop + within)) == COLOURS[stop]


def test_brighter_is_lighter_and_middle_grey_is_grey() -> None:
    lights = [lightness(colour) for colour in COLOURS.values()]
    assert all(lighter / darker > 1.25 for darker, lighter in pairwise(lights)), lights
    assert len(set(COLOURS[0])) == 1


def test_what_noise_covers_is_told_apart() -> None:
    assert colour_at(2**-9.5, noise_floor_ev=-9.0) == NOISE
    assert colour_at(2**-8.9, noise_floor_ev=-9.0) != NOISE


def test_the_legend_runs_from_noise_to_clipping() -> None:
    names = [band.names[0] for band in legend()]
    assert names == ["noise", "-7", "-6", "-5", "-4", "-3", "-2", "-1", "0", "+1", "+2", "clipped"]
    assert [band.colour for band in legend()[1:-1]] == list(COLOURS.values())


def test_each_pixel_gets_the_colour_of_its_cell_inside_the_rectangle_only() -> None:
    stops = np.array([[0, 100, 224], [50, 184, 200]], np.uint8)
    out = np.zeros((10, 12, 4), np.uint8)
    rows, columns = np.array([0, 0, 1, 1, 1], np.int32), np.array([0, 1, 1, 2, 2, 2], np.int32)
    lay_bands(out, 4, 3, stops, rows, columns, palette(-9.0))
    assert np.array_equal(out[3:8, 4:10], palette(-9.0)[stops[rows[:, None], columns]])
    out[3:8, 4:10] = 0
    assert not out.any()
