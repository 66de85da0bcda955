"""How slow a shutter a hand can hold."""

import pytest

from device.slowest_shutter import slowest_us


@pytest.mark.parametrize(
    ("rule", "factor", "equivalent_mm", "expected"),
    [
        ("auto", 1.0, 50.0, 20_000),
        ("auto", 2.0, 50.0, 10_000),
        ("auto", 0.5, 50.0, 40_000),
        ("auto", 1.0, 35 * 5.51, 5_185),  # a 35 mm lens on the HQ camera
        ("auto", 1.0, 0.0, 15_000),  # nobody knows the lens
        ("fixed", 1.0, 50.0, 15_000),
    ],
)
def test_it_is_one_over_the_equivalent_focal_length_or_what_was_fixed(
    rule: str, factor: float, equivalent_mm: float, expected: int
) -> None:
    assert slowest_us(rule, factor, 15_000, equivalent_mm) == expected
