"""What the meter of a camera without RAW says; noise and references from numpy."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from device import luma
from device.frame import Preview, Reading, Source
from ui.peaking import SHARP_SIGMAS, marks

ROWS, COLUMNS = 240, 320


def preview(y: NDArray[np.generic]) -> Preview:
    rows, columns = y.shape
    half = np.full((rows // 2, columns // 2), 128, np.uint8)
    return Preview(np.clip(np.round(y), 0, 255).astype(np.uint8), half, half)


def noisy(y: "NDArray[np.floating] | float", sigma: float, seed: int = 1) -> Preview:
    return preview(y + np.random.default_rng(seed).normal(0, sigma, (ROWS, COLUMNS)))


def page(blur: float) -> NDArray[np.float64]:
    """A page of print on a grey wall, in focus or out of it."""
    picture = Image.new("L", (COLUMNS, ROWS), 120)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((80, 60, 240, 180), fill=210)
    for row in range(66, 176, 7):
        for column in range(86, 234, 5):
            draw.line((column, row, column + (row * column) % 4, row + 3), fill=60)
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(blur)), np.float64)


def marked(reading: Reading, shown: Preview) -> NDArray[np.bool_]:
    return marks(shown.y, reading.focus, shown.y.shape) > 0


@pytest.mark.parametrize("sigma", [1.5, 4.0, 12.0])
def test_noise_alone_is_nowhere_sharp(sigma: float) -> None:
    shown = noisy(np.linspace(60, 190, COLUMNS), sigma)
    reading = luma.read(shown)
    inside = reading.focus[1:-1, 1:-1] * np.hypot(luma.SPREAD, luma.DOUBT) / luma.SPREAD
    assert abs(float(inside.mean())) < 0.3
    assert 0.9 < float(inside.std()) < 1.2
    assert float(reading.focus.max()) < 0.6 * SHARP_SIGMAS
    assert not marked(reading, shown).any()


@pytest.mark.parametrize("grain", [0.15, 0.3])
def test_noise_of_larger_grain_is_nowhere_sharp_either(grain: float) -> None:
    """As a denoiser or JPEG leaves it."""
    smooth = np.random.default_rng(3).normal(0, 60, (ROWS, COLUMNS))
    for axis in (0, 1):
        smooth = smooth + grain * (np.roll(smooth, 1, axis) + np.roll(smooth, -1, axis))
    shown = preview(np.linspace(60, 190, COLUMNS) + smooth * (6 / smooth.std()))
    assert float(luma.read(shown).focus.max()) < SHARP_SIGMAS
    assert not marked(luma.read(shown), shown).any()


@pytest.mark.parametrize("sigma", [0.0, 1.5, 4.0])
def test_print_in_focus_is_marked_and_the_wall_is_not(sigma: float) -> None:
    shown = noisy(page(0), sigma)
    found = marked(luma.read(shown), shown)
    on_page = np.zeros_like(found)
    on_page[48:192, 64:256] = True  # and the cells next to it
    assert found[on_page].mean() > 0.03
    assert not found[~on_page].any()


def test_print_out_of_focus_is_not_marked() -> None:
    shown = noisy(page(3), 1.5)
    assert not marked(luma.read(shown), shown).any()


def test_the_focus_meter_falls_as_the_picture_goes_out_of_focus() -> None:
    sharp, soft, blurred = (luma.read(noisy(page(blur), 1.5)).focus_score for blur in (0, 0.7, 1.5))
    assert sharp > 2 * soft > 20 * blurred


def test_the_high_pass_of_a_cell_is_that_of_its_definition() -> None:
    y = np.random.default_rng(2).integers(0, 256, (24, 40), np.uint8)
    energy, light = luma._energies(y)
    padded = y.astype(float)
    kernel = np.outer([1, 2, 1], [1, 2, 1])
    high = np.zeros_like(padded)
    for i in range(1, 23):
        for j in range(1, 39):
            high[i, j] = abs(16 * padded[i, j] - (kernel * padded[i - 1 : i + 2, j - 1 : j + 2]).sum())
    for name, plane, cells in (("energy", high, energy), ("light", padded, light)):
        expected = plane.reshape(3, 8, 5, 8).mean((1, 3))
        np.testing.assert_allclose(cells, expected, rtol=1e-6, err_msg=name)


def test_the_spread_of_a_cell_is_the_sum_of_its_covariances() -> None:
    """For normal X, Y of variance 1 and correlation r: cov(|X|, |Y|) = 2/pi (sqrt(1 - r2) + r asin r - 1)."""
    high = -np.outer([1.0, 2.0, 1.0], [1.0, 2.0, 1.0])
    high[1, 1] += 16
    power, padded = (high**2).sum(), np.pad(high, 2)
    weights = np.repeat([1.0, 2.0, 1.0], 8) / 32  # of the pixels around a cell, along either axis
    pairs = np.correlate(weights, weights, "full")
    total = 0.0
    for down in range(-2, 3):  # further apart they have no pixel in common
        for right in range(-2, 3):
            r = float(np.clip((padded * np.roll(padded, (down, right), (0, 1))).sum() / power, -1, 1))
            covariance = 2 / np.pi * (np.sqrt(1 - r * r) + r * np.arcsin(r) - 1)
            total += pairs[23 + down] * pairs[23 + right] * covariance
    assert pytest.approx(np.sqrt(total) / np.sqrt(2 / np.pi), abs=1e-4) == luma.SPREAD
    assert pytest.approx(np.sqrt(2 / np.pi) * np.sqrt(power)) == luma.MEAN


def test_light_is_that_of_the_srgb_curve() -> None:
    """From the table of IEC 61966-2-1 as everybody prints it: 10, 128 and 188 of 255."""
    shares = luma.linear(np.array([0, 10, 128, 188, 255]))
    np.testing.assert_allclose(shares, [0, 0.003035, 0.215861, 0.502886, 1], atol=1e-6)


def test_a_grey_field_stands_in_the_histogram_where_its_light_is() -> None:
    reading = luma.read(preview(np.full((ROWS, COLUMNS), 188.0)))
    filled = np.flatnonzero(reading.histogram[0])
    assert reading.histogram.sum(axis=1) == pytest.approx([ROWS * COLUMNS] * 4)
    assert list(filled) == [13 * 8 - 1, 13 * 8]  # half of full light: one stop below clipping
    np.testing.assert_allclose(reading.mean, 0.502886, rtol=1e-5)


def test_what_is_white_is_clipped_in_every_channel() -> None:
    y = np.full((ROWS, COLUMNS), 100.0)
    y[:24] = 255
    reading = luma.read(preview(y))
    assert (reading.clipped[:24] == 7).all()
    assert not reading.clipped[24:].any()
    np.testing.assert_allclose(reading.clipped_share, [0.1] * 4, rtol=1e-6)


def test_it_says_that_it_is_luma_and_what_eight_bits_cannot_show() -> None:
    reading = luma.read(preview(page(0)))
    assert reading.source is Source.LUMA
    assert reading.noise_floor_ev == pytest.approx(np.log2(1 / 255 / 12.92), abs=1e-6)


@pytest.mark.parametrize("size", [(2, 2), (8, 8), (30, 46)])
def test_a_tiny_picture_is_read_too(size: tuple[int, int]) -> None:
    reading = luma.read(preview(np.full(size, 50.0)))
    assert reading.focus.shape == (size[0] // 8, size[1] // 8)
    assert not (reading.focus > SHARP_SIGMAS).any()


def test_texture_all_over_one_brightness_is_told_from_noise_by_its_neighbours() -> None:
    """All that is darker than the wall is print: what noise it has is known from the wall."""
    y = np.full((ROWS, COLUMNS), 200.0)
    y[: ROWS // 2] = 60 + 50 * (np.indices((ROWS // 2, COLUMNS)).sum(0) // 2 % 2)
    reading = luma.read(noisy(y, 2))
    assert (reading.focus[1 : ROWS // 16 - 1, 1:-1] > SHARP_SIGMAS).all()
    assert not (reading.focus[ROWS // 16 + 2 :] > SHARP_SIGMAS).any()


def test_a_picture_of_nothing_but_texture_is_not_called_sharp() -> None:
    """Nobody can tell it from noise."""
    y = 60 + 50 * (np.indices((ROWS, COLUMNS)).sum(0) // 2 % 2)
    assert not (luma.read(noisy(y, 2)).focus > SHARP_SIGMAS).any()


def test_stops_spot_and_headroom_are_those_of_the_curve() -> None:
    y = np.full((ROWS, COLUMNS), 188.0)
    y[:, :80] = 10
    reading = luma.read(preview(y))
    assert reading.headroom_ev == pytest.approx(-np.log2(0.502886), abs=1e-4)
    assert reading.spot_ev == pytest.approx(np.log2(0.502886), abs=1e-4)
    expected = [int(16 * (14 + np.log2(share))) for share in (0.003035, 0.502886)]
    assert [int(reading.stops[0, 0]), int(reading.stops[0, -1])] == expected


@pytest.mark.parametrize(("level", "sharp"), [(255.0, False), (200.0, True)])
def test_an_edge_to_what_is_blown_is_not_called_sharp(level: float, sharp: bool) -> None:
    """A lamp out of focus is a disc with a hard edge, whatever the focus; a grey disc's edge tells."""
    down, across = np.indices((ROWS, COLUMNS))
    reading = luma.read(noisy(np.where(np.hypot(down - 120, across - 160) < 40, level, 30.0), 1.5))
    assert (reading.focus > SHARP_SIGMAS).any() == sharp
