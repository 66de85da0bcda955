"""The lens against textbook numbers, and its disc against geometry."""

from math import inf

import numpy as np
import pytest

from device import disc_blur, optics
from device.errors import BadValue
from device.optics import Rings


@pytest.mark.parametrize(
    ("rings", "depth_m", "expected_um"),
    [
        # 50 mm at f/2 on 2 m: 2500 x 2000 / (2 x 4000 x 1950) mm
        (Rings(50, 2.0, 2.0), 4.0, 320.51),
        (Rings(50, 2.0, 2.0), 2.0, 0.0),
        # What is nearer than the focus blurs too: 2500 x 1000 / (2 x 1000 x 1950) mm
        (Rings(50, 2.0, 2.0), 1.0, 641.03),
        # The limits: f^2 / (N (s - f)) and f^2 / (N d)
        (Rings(50, 2.0, 2.0), inf, 641.03),
        (Rings(50, inf, 2.0), 2.0, 625.0),
        (Rings(50, inf, 2.0), inf, 0.0),
        # Two stops down, half the aperture, half the disc
        (Rings(50, 2.0, 4.0), 4.0, 160.26),
    ],
)
def test_the_circle_of_confusion_is_the_thin_lens_one(rings: Rings, depth_m: float, expected_um: float) -> None:
    assert optics.circle_of_confusion_um(rings, depth_m) == pytest.approx(expected_um, abs=0.01)


def test_the_limit_at_infinity_is_what_far_distances_tend_to() -> None:
    near_limit = optics.circle_of_confusion_um(Rings(35, 1e7, 2.8), 1.0)
    assert optics.circle_of_confusion_um(Rings(35, inf, 2.8), 1.0) == pytest.approx(near_limit, rel=1e-4)


def test_the_hyperfocal_distance_is_as_sharp_at_infinity_as_at_its_half() -> None:
    hyperfocal_m = 0.035**2 / (8 * 3.1e-6) + 0.035  # f^2 / (N c) + f
    rings = Rings(35, hyperfocal_m, 8.0)
    assert optics.circle_of_confusion_um(rings, inf) == pytest.approx(3.1, rel=1e-3)
    assert optics.circle_of_confusion_um(rings, hyperfocal_m / 2) == pytest.approx(3.1, rel=1e-2)


def test_stopping_down_far_blurs_by_diffraction() -> None:
    assert optics.blur_um(Rings(35, 2.0, 16.0), 2.0) == pytest.approx(9.06, abs=0.01)  # 1.03 x 0.55 um x 16


def test_light_follows_shutter_aperture_and_light_in_stops() -> None:
    nominal = optics.light_per_exposure(Rings(), 10_000)
    assert nominal == 1.0
    assert optics.light_per_exposure(Rings(), 20_000) == 2.0
    assert optics.light_per_exposure(Rings(f_number=8.0), 10_000) == 0.25
    assert optics.light_per_exposure(Rings(light_ev=3.0), 10_000) == 8.0


def test_corners_are_darker_and_stopping_down_helps() -> None:
    corner = np.array([0.0, 3930.0], np.float32)
    open_, stopped = (optics.falloff(corner, 3930.0, Rings(35, 2.0, f)) for f in (1.4, 5.6))
    assert open_[0] == stopped[0] == 1
    assert open_[1] == pytest.approx(0.7 * np.cos(np.arctan(3.93 / 35)) ** 4, rel=1e-4)
    assert open_[1] < stopped[1] < 1


@pytest.mark.parametrize(
    ("focus_m", "f_number", "light_ev"),
    [
        (0.1, None, None),
        (-1.0, None, None),
        (float("nan"), None, None),
        (None, 0.0, None),
        (None, 100.0, None),
        (None, float("nan"), None),
        (None, None, 11.0),
        (None, None, float("nan")),
    ],
)
def test_rings_stop_where_a_lens_does(focus_m: float | None, f_number: float | None, light_ev: float | None) -> None:
    with pytest.raises(BadValue, match=r"goes from|focuses from"):
        Rings().turned(focus_m, f_number, light_ev)


def test_a_long_lens_does_not_focus_as_near() -> None:
    with pytest.raises(BadValue, match=r"focuses from 0\.8 m"):
        Rings(400, 0.7)


def test_a_ring_left_alone_stays() -> None:
    assert Rings().turned(None, 8.0, None) == Rings(35.0, 2.0, 8.0, 0.0)


@pytest.mark.parametrize("diameter", [0.4, 1.0, 1.5, 2.0, 3.7, 8.0, 11.3])
def test_a_disc_keeps_the_light_and_has_its_own_area(diameter: float) -> None:
    weights = disc_blur.disc(diameter).astype(np.float64)
    assert weights.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(weights, weights.T, atol=1e-7)
    if diameter >= 2:
        assert 1 / weights.max() == pytest.approx(np.pi * diameter**2 / 4, rel=0.02)


@pytest.mark.parametrize("diameter", [3.7, 8.0, 11.3])
def test_a_disc_is_as_wide_as_it_should(diameter: float) -> None:
    """The variance of a uniform disc along an axis is D^2 / 16; sampling by square pixels adds 1/12."""
    weights = disc_blur.disc(diameter).astype(np.float64)
    axis = np.arange(weights.shape[0]) - weights.shape[0] // 2
    assert (weights.sum(axis=0) * axis**2).sum() == pytest.approx(diameter**2 / 16 + 1 / 12, rel=0.02)


@pytest.mark.parametrize("diameter", [0.5, 1.6, 2.9, 5.2, 9.0])
def test_blur_is_the_sum_over_the_disc(diameter: float) -> None:
    random = np.random.default_rng(3)
    n = disc_blur.reach(diameter)
    padded = random.random((23 + 2 * n, 37 + 2 * n)).astype(np.float32)
    weights = disc_blur.disc(diameter)
    expected = np.zeros((23, 37))
    for y in range(2 * n + 1):
        for x in range(2 * n + 1):
            expected += np.float64(weights[y, x]) * padded[y : y + 23, x : x + 37]
    out = np.empty((23, 37), np.float32)
    disc_blur.blur(padded, diameter, out)
    np.testing.assert_allclose(out, expected, rtol=1e-5)


def test_of_rows_that_a_disc_does_not_reach_nothing_is_taken() -> None:
    """It is a little larger than a pixel: it reaches the next rows, but has no share of them that counts."""
    padded, out = np.full((10, 10), np.inf, np.float32), np.empty((1, 8), np.float32)
    padded[1] = 3
    assert not disc_blur.disc(1.02)[0].any()
    disc_blur.blur(padded[:3], 1.02, out)
    assert np.allclose(out, 3)
