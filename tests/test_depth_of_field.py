"""Depth of field: against light through a thin lens, and figures that others published."""

from dataclasses import replace
from math import inf

import pytest

from device.depth_of_field import circle_of_confusion_um, hyperfocal_m, limits_m
from tests.photographs import FACTS

FOOT_M = 0.3048
OPTICS = [(35.0, 2.0, 3.1), (50.0, 8.0, 30.0), (90.0, 4.0, 5.24), (18.0, 3.8, 3.1)]


def blur_um(depth_m: float, focus_m: float, focal_length_mm: float, f_number: float) -> float:
    """Of a point at that depth: where its light meets (1/f = 1/s + 1/s'), and how wide the cone is at the sensor."""

    def image_mm(distance_m: float) -> float:
        return focal_length_mm if distance_m == inf else 1 / (1 / focal_length_mm - 1 / (1000 * distance_m))

    sensor_mm, point_mm = image_mm(focus_m), image_mm(depth_m)
    return 1000 * focal_length_mm / f_number * abs(sensor_mm - point_mm) / point_mm


@pytest.mark.parametrize("focus_m", [0.7, 2.0, 9.0, inf])
@pytest.mark.parametrize(("focal_length_mm", "f_number", "confusion_um"), OPTICS)
def test_at_the_limits_the_blur_is_the_circle_of_confusion(
    focus_m: float, focal_length_mm: float, f_number: float, confusion_um: float
) -> None:
    near_m, far_m = limits_m(focus_m, focal_length_mm, f_number, confusion_um)
    assert near_m < focus_m <= far_m
    assert blur_um(near_m, focus_m, focal_length_mm, f_number) == pytest.approx(confusion_um, rel=1e-9)
    if far_m < inf:
        assert blur_um(far_m, focus_m, focal_length_mm, f_number) == pytest.approx(confusion_um, rel=1e-9)
    else:
        assert blur_um(inf, focus_m, focal_length_mm, f_number) <= confusion_um


@pytest.mark.parametrize(("focal_length_mm", "f_number", "confusion_um"), OPTICS)
def test_focused_at_the_hyperfocal_distance_half_of_it_to_infinity_is_sharp(
    focal_length_mm: float, f_number: float, confusion_um: float
) -> None:
    distance_m = hyperfocal_m(focal_length_mm, f_number, confusion_um)
    near_m, far_m = limits_m(distance_m, focal_length_mm, f_number, confusion_um)
    assert (near_m, far_m) == (pytest.approx(distance_m / 2, rel=1e-9), inf)


def test_the_published_example_of_a_fifty_at_f_1_8_behind_an_aps_c_sensor() -> None:
    """Around 1.5 inches at 4 feet, just under 10 inches at 10 feet (with the 0.019 mm that tables use for APS-C)."""
    deep_m = [far - near for near, far in (limits_m(feet * FOOT_M, 50, 1.8, 19.0) for feet in (4, 10))]
    assert deep_m[0] / FOOT_M * 12 == pytest.approx(1.5, abs=0.05)
    assert 9.5 < deep_m[1] / FOOT_M * 12 < 10


def test_the_circle_of_confusion_is_two_photosites_or_a_share_of_the_diagonal() -> None:
    full_frame = replace(FACTS, width=6000, height=4000, pixel_pitch_um=6.0)
    assert circle_of_confusion_um(FACTS, "pixel") == pytest.approx(3.1)
    assert circle_of_confusion_um(FACTS, "diagonal") == pytest.approx(7.857e3 / 1500, rel=1e-3)
    assert circle_of_confusion_um(full_frame, "diagonal") == pytest.approx(28.8, abs=0.05)  # the 1/35 mm of the books
    assert circle_of_confusion_um(replace(FACTS, pixel_pitch_um=0.0), "pixel") == 0
