"""A flat field on what is seen: the live view, the magnifier, the meter. References by numpy's own interpolation."""

import numpy as np
import pytest
from numpy.typing import NDArray

from device import isp, magnifier
from device.clock import SteppedClock
from device.flat_field import NO_GAINS, Gains
from device.flat_fit import cells_of, fitted
from device.frame import MIDDLE_GREY, Cfa, Exposure, Levels, Plane, Raw, Reading
from device.meter import read
from device.metering import error_ev
from device.optics import Rings
from device.sensor import Setting
from device.states import Metering
from device.window import Window
from tests.conftest import build_frame
from tests.photographs import IMX477
from tests.small_sensor import flat_scene, next_frame, small_sensor

ROWS, COLUMNS = 96, 160
LEVELS = Levels((250.0, 256.5, 255.5, 262.0), 4095)
NEUTRAL = (0.45, 1.0, 0.6)
DOWN, ACROSS = np.mgrid[-1.2:0.8:7j, -0.7:1.3:9j]  # mirrored, turned or of another channel it is another map
GAINS: Gains = np.stack([1 + loss * (DOWN**2 + ACROSS**2) for loss in (0.3, 0.26, 0.22, 0.15)]).astype(np.float32)
WIDE_OPEN = Rings(f_number=1.4, focal_length_mm=28)
CORNER_WINDOW = Window(8, 16, 48, 64)
CORNER = 12  # pixels of a preview along each side


def smooth() -> Raw:
    """Mid-tones, so that no gain makes white of them."""
    y, x = np.mgrid[:ROWS, :COLUMNS]
    return (600 + 3 * y + 2 * x).astype(np.uint16)


def gains_of_photosites(cfa: Cfa) -> NDArray[np.float64]:
    """(ROWS, COLUMNS), by numpy along one side after the other."""
    _, down, across = GAINS.shape
    every = np.empty((4, ROWS, COLUMNS))
    for channel, points in enumerate(GAINS):
        wide = [np.interp(np.linspace(0, across - 1, COLUMNS), range(across), row) for row in points]
        every[channel] = np.array(
            [np.interp(np.linspace(0, down - 1, ROWS), range(down), column) for column in np.array(wide).T]
        ).T
    i, j = np.mgrid[:ROWS, :COLUMNS]
    return np.asarray(every[np.asarray(cfa.pattern)[i & 1, j & 1], i, j])


def multiplied(raw: Raw, cfa: Cfa) -> Raw:
    """The mosaic that the lens would have made had it taken nothing."""
    black = np.tile(np.array(LEVELS.black)[np.asarray(cfa.pattern)], (ROWS // 2, COLUMNS // 2))
    return np.round(black + (raw - black) * gains_of_photosites(cfa)).astype(np.uint16)


def differ_by(one: Plane, other: Plane) -> int:
    return int(np.abs(one.astype(int) - other).max())


@pytest.mark.parametrize("cfa", Cfa)
@pytest.mark.parametrize("shape", [(48, 80), (24, 40), (34, 56)], ids=["a quad", "four quads", "divided quads"])
def test_the_picture_is_that_of_a_mosaic_whose_lens_took_nothing(cfa: Cfa, shape: tuple[int, int]) -> None:
    colour = IMX477
    ours = isp.render(smooth(), cfa, LEVELS, NEUTRAL, colour, shape, GAINS)
    theirs = isp.render(multiplied(smooth(), cfa), cfa, LEVELS, NEUTRAL, colour, shape)
    assert max(differ_by(*planes) for planes in zip(planes_of(ours), planes_of(theirs), strict=True)) <= 1
    plain = isp.render(smooth(), cfa, LEVELS, NEUTRAL, colour, shape)
    assert differ_by(ours.y, plain.y) > 10


def planes_of(preview: isp.Preview) -> tuple[Plane, Plane, Plane]:
    return preview.y, preview.u, preview.v


def test_a_flat_field_that_takes_nothing_changes_no_byte() -> None:
    colour = IMX477
    ones = np.ones((4, 3, 5), np.float32)
    for shape in ((48, 80), (34, 56)):
        pictures = [isp.render(smooth(), Cfa.BGGR, LEVELS, NEUTRAL, colour, shape, gains) for gains in (NO_GAINS, ones)]
        assert all(np.array_equal(*planes) for planes in zip(*map(planes_of, pictures), strict=True))


def test_what_is_blown_out_stays_white_and_grey() -> None:
    raw = np.full((ROWS, COLUMNS), 4095, np.uint16)
    picture = isp.render(raw, Cfa.BGGR, LEVELS, NEUTRAL, IMX477, (48, 80), GAINS)
    assert picture.y.min() == 255
    assert {*np.unique(picture.u), *np.unique(picture.v)} == {128}


@pytest.mark.parametrize("cfa", Cfa)
def test_the_magnifier_shows_it_too(cfa: Cfa) -> None:
    window = Window(16, 32, 64, 96)
    frames = (build_frame(raw, cfa=cfa, levels=LEVELS) for raw in (smooth(), multiplied(smooth(), cfa)))
    lens, none = frames
    ours = magnifier.cut(lens, IMX477, window, GAINS)
    theirs = magnifier.cut(none, IMX477, window)
    pairs = zip(planes_of(ours.picture), planes_of(theirs.picture), strict=True)
    assert max(differ_by(*planes) for planes in pairs) <= 2
    assert np.array_equal(ours.clipped, magnifier.cut(lens, IMX477, window).clipped)


def levels_of(y: Plane) -> tuple[float, list[float]]:
    """The middle's and the four corners' mean."""
    high, wide = (size // 2 - CORNER // 2 for size in y.shape)
    edges = slice(None, CORNER), slice(-CORNER, None)
    middle = y[high : high + CORNER, wide : wide + CORNER]
    return float(middle.mean()), [float(y[down, across].mean()) for down in edges for across in edges]


def test_a_lens_wide_open_is_even_to_the_corners_with_its_flat_field() -> None:
    sensor = small_sensor(SteppedClock(), scene=flat_scene(), rings=WIDE_OPEN)
    sensor.start(Setting.ARMED, Exposure(800, 1.0))
    sheet = []
    for _ in range(4):
        frame = next_frame(sensor)
        sheet.append(cells_of(frame))
        before = levels_of(frame.preview.y.copy())
        sensor.give_back(frame)
    sensor.correct(fitted(sheet).gains)
    sensor.give_back(next_frame(sensor))  # it may have been drawn before
    after = levels_of(next_frame(sensor).preview.y)
    assert max(before[1]) < 0.9 * before[0]
    assert after[1] == pytest.approx([after[0]] * 4, rel=0.02)
    assert after[0] == pytest.approx(before[0], rel=0.02)


def vignetted_grey(rows: int = 192, columns: int = 256) -> tuple[Reading, Gains]:
    """Middle grey as a lens shows it that takes 60 % of the corners' light, and the flat field that gives it back."""
    y, x = np.mgrid[:rows, :columns]
    radius = np.hypot(y - (rows - 1) / 2, x - (columns - 1) / 2) / (np.hypot(rows, columns) / 2)
    share = 1 - 0.6 * radius**2
    grid = np.ix_(np.linspace(0, rows - 1, 25).round().astype(int), np.linspace(0, columns - 1, 33).round().astype(int))
    gains = np.maximum(np.tile(1 / share[grid], (4, 1, 1)), 1).astype(np.float32)
    dn = 256 + (4095 - 256) * MIDDLE_GREY * share
    return read(build_frame(dn.round().astype(np.uint16)), CORNER_WINDOW), gains


@pytest.mark.parametrize("metering", ["multi", "centre", "spot"])
def test_the_meter_counts_in_what_the_lens_took(metering: Metering) -> None:
    """The spot where the magnifier looks, near a corner."""
    reading, gains = vignetted_grey()
    around = CORNER_WINDOW.cells
    assert error_ev(reading, metering, 0.0, 0.001, NO_GAINS, around) < -0.1
    assert error_ev(reading, metering, 0.0, 0.001, gains, around) == pytest.approx(0, abs=0.04)


def test_highlights_are_those_of_the_raw_whatever_the_lens_took() -> None:
    reading, gains = vignetted_grey()
    assert len({error_ev(reading, "highlight", 0.0, 0.001, each) for each in (gains, NO_GAINS)}) == 1


def test_a_spot_without_the_magnifier_is_in_the_middle() -> None:
    frame = build_frame(np.full((192, 256), 947, np.uint16))
    reading, (_, gains) = read(frame), vignetted_grey()
    assert error_ev(reading, "spot", 0.0, 0.001, gains) == pytest.approx(
        error_ev(reading, "spot", 0.0, 0.001), abs=0.01
    )
