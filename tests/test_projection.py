"""What falls on the photosites: discs of the right size, near over far, every colour behind its filter."""

from itertools import product
from math import inf

import numpy as np
import pytest
from numpy.typing import NDArray

from device import pyramid
from device.frame import Cfa
from device.layer import Plate, layers
from device.optics import Rings
from device.projection import Projection
from device.pyramid import Edges
from device.thing import Picture, Thing

IDENTITY = np.eye(3)
PITCH_UM = 10.0


def picture(rows: int, columns: int, colour: tuple[float, float, float] = (1, 1, 1)) -> Picture:
    return np.broadcast_to(np.array([*colour, 1], np.float32)[:, None, None], (4, rows, columns)).copy()


def project(things: list[Thing], rings: Rings, *, binning: int = 1, at_s: float = 0.0) -> NDArray[np.float32]:
    plate = Plate(600 // binning, 800 // binning, 0, binning, PITCH_UM, Cfa.BGGR)
    return Projection(layers(iter(things), 600, 800, IDENTITY), rings, plate).at(at_s).copy()


def width_um(light: NDArray[np.float32], pitch_um: float) -> float:
    """Diameter of a spot from its spread along the rows: four standard deviations for a disc."""
    profile = light.sum(axis=0, dtype=np.float64)
    x = np.arange(profile.size)
    mean = (profile * x).sum() / profile.sum()
    return float(4 * np.sqrt((profile * (x - mean) ** 2).sum() / profile.sum()) * pitch_um)


@pytest.mark.parametrize("binning", [1, 2])
@pytest.mark.parametrize(
    ("depth_m", "expected_um"),
    [(4.0, 320.5), (1.0, 641.0), (inf, 641.0), (2.5, 128.2), (0.5, 1923.1)],  # 50 mm, f/2, 2 m, by hand
)
def test_a_point_becomes_a_disc_as_wide_as_the_formula_says(depth_m: float, expected_um: float, binning: int) -> None:
    light = project([Thing(depth_m, 300, 400, (picture(2, 2),))], Rings(50, 2.0, 2.0), binning=binning)
    assert width_um(light, PITCH_UM * binning) == pytest.approx(expected_um, rel=0.04)


@pytest.mark.parametrize("depth_m", [2.0, 2.5, 1.0, 0.5])
@pytest.mark.parametrize("binning", [1, 2])
def test_blur_loses_no_light(depth_m: float, binning: int) -> None:
    # Long and stopped down: no vignetting worth the name. Diffraction of f/22 is a pixel.
    rings = Rings(200, 2.0, 22.0)
    light = project([Thing(depth_m, 296, 396, (picture(8, 8),))], rings, binning=binning)
    assert light.sum() * binning**2 == pytest.approx(64, rel=0.01)


@pytest.mark.parametrize("edges", list(product((False, True), repeat=4)))
@pytest.mark.parametrize("first", [-30, -3, 0, 2, 6, 40])
@pytest.mark.parametrize("margin", [0, 2])
def test_alpha_that_is_left_out_as_all_is_opaque_is_what_it_would_be(edges: Edges, first: int, margin: int) -> None:
    (kept, *_), pierced = pyramid.build(picture(7, 5), IDENTITY, edges), picture(7, 5)
    pierced[3, 0, 0] = 0.5
    assert (len(kept), len(pyramid.build(pierced, IDENTITY, edges)[0])) == (3, 4)
    decoded, filled = np.empty((2, 10, 5 + 2 * margin), np.float32)
    pyramid.decode(np.full((7, 5), pyramid.ONE, np.uint16), first, margin, np.array(edges), decoded)
    pyramid.fill_opaque(7, first, margin, edges, filled)
    assert np.array_equal(filled, decoded)


def test_in_focus_the_picture_is_where_it_was_painted() -> None:
    light = project([Thing(2.0, 100, 200, (picture(50, 60),))], Rings(200, 2.0, 8.0))
    assert light[102:148, 202:258].min() == pytest.approx(1, rel=0.01)
    light[99:151, 199:261] = 0
    assert light.max() == 0


def test_binning_keeps_places_and_brightness() -> None:
    thing = Thing(2.0, 100, 200, (picture(48, 64),))
    full, binned = (project([thing], Rings(200, 2.0, 8.0), binning=n) for n in (1, 2))
    np.testing.assert_allclose(full.reshape(300, 2, 400, 2).mean(axis=(1, 3)), binned, atol=0.12)
    assert full.mean() == pytest.approx(binned.mean(), rel=0.01)


def test_the_near_hides_the_far_and_lets_it_through_where_it_is_blurred() -> None:
    wall, sheet = Thing(inf, 0, 0, (picture(600, 800),)), Thing(1.0, 0, 400, (picture(600, 400, (0, 0, 0)),))
    rings = Rings(35, 2.0, 2.0)
    light = project([sheet, wall], rings) / project([wall], rings)  # without the vignetting
    assert light[300, 100] == pytest.approx(1, rel=0.01)
    assert light[300, 700] == pytest.approx(0, abs=0.001)
    assert light[300, 399:401].mean() == pytest.approx(0.5, abs=0.03)  # half the lens sees past the edge


def test_what_fills_the_frame_fills_it_to_the_edges_when_blurred() -> None:
    light = project([Thing(inf, 0, 0, (picture(600, 800),))], Rings(200, 2.0, 22.0))
    assert light.min() == pytest.approx(1, rel=0.01)


def test_each_colour_lies_behind_its_filter() -> None:
    light = project([Thing(inf, 0, 0, (picture(600, 800, (0.5, 0.25, 0.125)),))], Rings(200, inf, 8.0))
    np.testing.assert_allclose(light[300:302, 400:402], [[0.125, 0.25], [0.25, 0.5]], rtol=0.01)


@pytest.mark.parametrize("depth_m", [1.9, 1.0])
def test_what_moves_goes_through_its_phases_and_stays_behind_what_is_nearer(depth_m: float) -> None:
    phases = (picture(200, 200, (1, 1, 1)), picture(200, 200, (0.25, 0.25, 0.25)))
    wheel = Thing(2.0, 200, 300, phases, period_s=2.0)
    post = Thing(depth_m, 0, 380, (picture(600, 140, (0, 0, 0)),))
    things = [Thing(inf, 0, 0, (picture(600, 800, (0.5, 0.5, 0.5)),)), wheel, post]
    rings = Rings(200, 2.0, 22.0)
    first, second, again = (project(things, rings, at_s=t) for t in (0.5, 1.5, 2.5))
    assert first[300, 315] == pytest.approx(1, rel=0.02)
    assert second[300, 315] == pytest.approx(0.25, rel=0.02)
    assert second[300, 450] == pytest.approx(0, abs=0.01)
    assert second[300, 150] == pytest.approx(0.5, rel=0.02)
    np.testing.assert_array_equal(first, again)


def test_a_window_laid_anew_is_no_different_from_the_whole() -> None:
    """A thing with two equal phases must give what the same thing standing still gives."""
    random = np.random.default_rng(5)
    texture = random.random((4, 150, 170)).astype(np.float32)
    texture[:3] *= texture[3]
    others = [
        Thing(inf, 0, 0, (picture(600, 800, (0.5, 0.4, 0.3)),)),
        Thing(1.5, 280, 401 // 2 * 2, (picture(60, 90),)),
    ]
    rings = Rings(35, 1.7, 2.0)
    still = project([*others, Thing(2.0, 200, 300, (texture,))], rings)
    moving = project([*others, Thing(2.0, 200, 300, (texture, texture), period_s=1.0)], rings)
    np.testing.assert_allclose(moving, still, atol=2e-4)
