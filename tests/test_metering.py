"""What a frame's brightness should be, of scenes whose light is known."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from device import luma, meter
from device.flat_field import NO_GAINS
from device.frame import CLIPPED_STOPS, MIDDLE_GREY, Preview, Reading
from device.metering import (
    BLIND_EV,
    HIGHLIGHT_MARGIN_EV,
    ZONES,
    _light_of_stops,
    _zones,
    error_ev,
    headroom_ev,
)
from device.states import Metering
from tests.conftest import build_frame

FULL = 4095 - 256
ROWS, COLUMNS = 192, 256
Light = NDArray[np.float64]


def read(light: Light | float) -> Reading:
    """The reading of a mosaic with that light, as a share of full scale."""
    dn = np.broadcast_to(256 + np.round(FULL * np.asarray(light)), (ROWS, COLUMNS))
    return meter.read(build_frame(np.minimum(dn, 4095).astype(np.uint16)))


def error(light: Light | float, metering: Metering, ev: float = 0.0, share: float = 0.001) -> float:
    return error_ev(read(light), metering, ev, share)


def lamp(square: slice, beside: float, inside: float) -> Light:
    """A square on an even field."""
    light = np.full((ROWS, COLUMNS), beside)
    light[square, square] = inside
    return light


@pytest.mark.parametrize("metering", ["multi", "centre", "spot"])
@pytest.mark.parametrize("stops", [-4.0, -1.0, 0.0, 1.0, 2.0])
def test_an_even_field_is_off_by_as_many_stops_as_it_is_from_middle_grey(metering: Metering, stops: float) -> None:
    assert error(MIDDLE_GREY * 2**stops, metering) == pytest.approx(stops, abs=0.04)
    assert error(MIDDLE_GREY * 2**stops, metering, ev=0.67) == pytest.approx(stops - 0.67, abs=0.04)


@pytest.mark.parametrize("metering", ["multi", "centre", "spot", "highlight"])
def test_what_is_wholly_clipped_is_taken_for_much_brighter(metering: Metering) -> None:
    assert error(1.0, metering) > BLIND_EV


@pytest.mark.parametrize("metering", ["multi", "centre", "spot", "highlight"])
def test_night_is_a_finite_number_of_stops_too_dark(metering: Metering) -> None:
    assert -20 < error(0.0, metering) < -11


def test_a_lamp_in_the_picture_hardly_darkens_the_rest_with_multi() -> None:
    corner = lamp(slice(0, 48), 0.05, 1.0)
    grey = error(0.05, "multi")
    assert error(corner, "multi") - grey < 0.6
    assert math.log2(corner.mean() / 0.05) > 0.9  # which a plain mean would do
    assert abs(error(corner, "centre") - grey) < 0.15
    assert abs(error(corner, "spot") - grey) < 0.04


@pytest.mark.parametrize("shape", [(380, 507), (61, 85), (12, 16), (3, 40), (1, 1), (0, 0)])
def test_a_zone_is_the_mean_of_its_cells(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(4)
    stops = np.where(rng.random(shape) < 0.2, CLIPPED_STOPS, rng.integers(0, 256, shape)).astype(np.uint8)
    light, clipped = _zones(stops, NO_GAINS)
    assert light.shape == clipped.shape == tuple(np.minimum(shape, ZONES))
    for zone in np.ndindex(light.shape):
        parts = zip(zone, shape, light.shape, strict=True)
        cells = stops[*(slice(i * size // n, (i + 1) * size // n) for i, size, n in parts)]
        assert light[zone] == pytest.approx(_light_of_stops()[cells].mean(dtype=np.float64), rel=2e-6)
        assert clipped[zone] == pytest.approx((cells == CLIPPED_STOPS).mean())


def test_the_middle_counts_most_with_centre_and_alone_with_spot() -> None:
    middle = lamp(slice(84, 108), 0.05, 0.2)  # two stops brighter, off the centre to the left
    middle = np.roll(middle, 32, 1)
    assert error(middle, "spot") == pytest.approx(math.log2(0.2 / MIDDLE_GREY), abs=0.04)
    share = error(middle, "centre") - error(0.05, "centre")
    assert share > 3 * (error(middle, "multi") - error(0.05, "multi")) > 0


def speckled(shares: dict[float, float]) -> Light:
    """Photosites of each brightness, so large a share of them, scattered over the frame."""
    values = np.concatenate([np.full(round(n * ROWS * COLUMNS), light) for light, n in shares.items()])
    values = np.resize(values, ROWS * COLUMNS)
    return np.random.default_rng(1).permutation(values).reshape(ROWS, COLUMNS)


@pytest.mark.parametrize(
    ("shares", "allowed", "expected_ev"),
    [
        ({0.25: 1.0}, 0.001, 2.0),
        ({0.05: 0.9995, 0.25: 0.0005}, 0.001, math.log2(1 / 0.05)),  # glints below the share
        ({0.05: 0.997, 0.25: 0.003}, 0.001, 2.0),  # too many to be glints
        ({0.05: 0.997, 0.25: 0.003}, 0.01, math.log2(1 / 0.05)),
        ({0.05: 0.9995, 1.0: 0.0005}, 0.001, math.log2(1 / 0.05)),  # clipped glints
    ],
)
def test_highlights_are_what_more_than_the_share_reaches(
    shares: dict[float, float], allowed: float, expected_ev: float
) -> None:
    """To a bin of the histogram, an eighth of a stop."""
    assert headroom_ev(read(speckled(shares)), allowed) == pytest.approx(expected_ev, abs=0.13)


def test_too_much_that_clips_asks_for_less_and_more_of_it_for_much_less() -> None:
    hardly, few, all_of_it = (headroom_ev(read(speckled({0.1: 1 - n, 1.0: n})), 0.001) for n in (0.0012, 0.01, 1.0))
    assert 0 > hardly > -1
    assert hardly - 2 > few > all_of_it + 2
    assert all_of_it == -7


def test_the_channel_that_clips_first_decides() -> None:
    dn = np.full((ROWS, COLUMNS), 256 + FULL // 16, np.uint16)
    dn[0::2, 0::2] = 256 + FULL // 2  # blue, of a BGGR mosaic
    assert headroom_ev(meter.read(build_frame(dn)), 0.001) == pytest.approx(1.0, abs=0.13)


def test_highlight_leaves_a_margin_and_takes_compensation_downwards_only() -> None:
    at_rest = error(2**-HIGHLIGHT_MARGIN_EV, "highlight")
    assert at_rest == pytest.approx(0.0, abs=0.13)
    assert error(2**-HIGHLIGHT_MARGIN_EV, "highlight", ev=-1.0) == pytest.approx(at_rest + 1)
    assert error(2**-HIGHLIGHT_MARGIN_EV, "highlight", ev=2.0) == at_rest


@pytest.mark.parametrize("metering", ["multi", "centre", "spot"])
@pytest.mark.parametrize(("level", "stops"), [(118, 0.0), (161, 1.0), (85, -1.0)])
def test_where_there_is_no_raw_the_pictures_luma_does(metering: Metering, level: int, stops: float) -> None:
    """18 % of light, its double and its half as sRGB has them."""
    y = np.full((96, 128), level, np.uint8)
    grey = luma.read(Preview(y, y[::2, ::2], y[::2, ::2]))
    assert error_ev(grey, metering, 0.0, 0.001) == pytest.approx(stops, abs=0.06)
