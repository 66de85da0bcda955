"""The colour of light, held to the CIE's published tables."""

from itertools import pairwise

import pytest

from device.light_source import NAMED, daylight, of_temperature, planckian


@pytest.mark.parametrize(
    ("kelvin", "x", "y"),
    [  # of a black body: G. Wyszecki and W. S. Stiles, Color Science, table 1(3.11)
        (2000, 0.5267, 0.4133),
        (2500, 0.4770, 0.4137),
        (2856, 0.4476, 0.4074),
        (3000, 0.4369, 0.4041),
        (4000, 0.3805, 0.3768),
    ],
)
def test_lamps_are_as_planck_has_them(kelvin: float, x: float, y: float) -> None:
    assert planckian(kelvin) == pytest.approx((x, y), abs=4e-4)
    assert of_temperature(kelvin) == planckian(kelvin)


@pytest.mark.parametrize(
    ("kelvin", "x", "y"),
    [  # CIE 15:2004, table T.3: D50, D55, D65, D75
        (5003, 0.34567, 0.35851),
        (5503, 0.33243, 0.34744),
        (6504, 0.31272, 0.32903),
        (7504, 0.29903, 0.31488),
    ],
)
def test_daylight_is_as_the_cie_has_it(kelvin: float, x: float, y: float) -> None:
    assert daylight(kelvin) == pytest.approx((x, y), abs=1.2e-4)
    assert of_temperature(kelvin) == daylight(kelvin)


def test_from_lamps_to_daylight_no_step_is_seen() -> None:
    """Each mired is as far from the next as where lamps alone are, or nearer."""
    lights = [of_temperature(1e6 / mired) for mired in range(100, 500)]
    steps = [max(abs(b - a) for a, b in zip(*pair, strict=True)) for pair in pairwise(lights)]
    assert max(steps) < 0.0013
    assert all(later[0] > earlier[0] for earlier, later in pairwise(lights))


def test_the_names_are_lights_of_their_temperature() -> None:
    for name, kelvin in {"daylight": 5503, "cloudy": 6504, "shade": 7504, "tungsten": 2856}.items():
        assert NAMED[name] == pytest.approx(of_temperature(kelvin), abs=5e-4)
