"""A flat field from a white sheet: what it takes out, what it leaves, and what it refuses."""

from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

from device.errors import BadValue
from device.flat_field import Gains
from device.flat_fit import cells_of, fitted
from device.frame import Cfa, Frame, Levels
from device.optics import Rings, falloff
from tests.conftest import build_frame

ROWS, COLUMNS = 508, 678  # a sixth of the HQ camera's, with halves that no cell divides
LEVELS = Levels((256.0,) * 4, 4095)
PITCH_UM = 9.3
CAST = {"R": -0.2, "G": 0.0, "B": 0.2}  # in the corner
PLAIN = {"R": 0.45, "G": 0.6, "B": 0.35}  # share of the range in the middle
FRAMES = 4

Light = NDArray[np.float64]


def places() -> tuple[Light, Light]:
    """Across and down from the middle, in half diagonals."""
    y, x = np.mgrid[:ROWS, :COLUMNS]
    half = np.hypot(ROWS, COLUMNS) / 2
    return (x + 0.5 - COLUMNS / 2) / half, (y + 0.5 - ROWS / 2) / half


@lru_cache(maxsize=2)
def of_the_lens(cfa: Cfa) -> Light:
    """The simulated lens wide open, 28 mm, whose rays are steep; red is lost towards the corners and blue won."""
    x, y = places()
    radius = np.hypot(x, y)
    corner_um = np.hypot(ROWS, COLUMNS) / 2 * PITCH_UM
    open_wide = Rings(focal_length_mm=28, f_number=1.4)
    light = falloff((radius * corner_um).astype(np.float32), float(corner_um), open_wide).astype(float)
    return light * by_colour(cfa, lambda letter: 1 + CAST[letter] * radius**2 * (1 + 0.1 * x))


def by_colour(cfa: Cfa, value: object) -> Light:
    out = np.empty((ROWS, COLUMNS))
    for place, letter in enumerate(str(cfa)):
        row, column = divmod(place, 2)
        plane = value(letter)  # type: ignore[operator]
        out[row::2, column::2] = plane[row::2, column::2] if isinstance(plane, np.ndarray) else plane
    return out


def sheet(seed: int, cfa: Cfa = Cfa.BGGR, *, tilt: float = 0.05, level: float = 1.0, dust: bool = False) -> Frame:
    """One photograph of it at gain 1: photon noise, read noise, rounding."""
    x, _ = places()
    light = of_the_lens(cfa) * by_colour(cfa, PLAIN.__getitem__) * np.exp(tilt * x / 2) * level
    if dust:
        light[200:220, 340:366] *= 0.7
    generator = np.random.default_rng(seed)
    dn = light * 3839
    noisy = dn + np.sqrt(0.47 * dn + 1.53**2) * generator.standard_normal(light.shape, np.float32)
    raw = np.clip(np.round(noisy + 256), 0, 4095).astype(np.uint16)
    return build_frame(raw, cfa=cfa, levels=LEVELS)


@lru_cache(maxsize=8)
def measured(cfa: Cfa = Cfa.BGGR, first: int = 0, **how: object) -> Gains:
    frames = (sheet(first + n, cfa, **how) for n in range(FRAMES))  # type: ignore[arg-type]
    return fitted(map(cells_of, frames)).gains


def bilinear(plane: NDArray[np.float32]) -> Light:
    """A grid over the frame, slowly: its outer points on the outermost photosites."""
    down, across = np.linspace(0, plane.shape[0] - 1, ROWS), np.linspace(0, plane.shape[1] - 1, COLUMNS)
    rows = np.stack([np.interp(down, np.arange(plane.shape[0]), column) for column in plane.T], axis=1)
    return np.stack([np.interp(across, np.arange(plane.shape[1]), row) for row in rows])


def corrected(gains: Gains, cfa: Cfa) -> dict[str, Light]:
    """Evenly lit, without noise, through the lens and then the map: each place of the pattern by itself."""
    light, pattern = of_the_lens(cfa), cfa.pattern
    planes = {}
    for place, letter in enumerate(str(cfa)):
        row, column = divmod(place, 2)
        full = bilinear(gains[pattern[row, column]])
        planes[f"{letter}{place}"] = (light * full)[row::2, column::2]
    return planes


@pytest.mark.parametrize("cfa", [Cfa.BGGR, Cfa.GRBG])
def test_vignetting_and_a_cast_of_20_percent_leave_less_than_1_percent(cfa: Cfa) -> None:
    before = of_the_lens(cfa)
    assert before.min() / before.max() < 0.55
    planes = corrected(measured(cfa, dust=True), cfa)
    middles = {name: plane[len(plane) // 2, plane.shape[1] // 2] for name, plane in planes.items()}
    for name, plane in planes.items():
        assert np.abs(plane / middles[name] - 1).max() < 0.01, name
    assert max(middles.values()) / min(middles.values()) < 1.005  # white in the middle stays as white as it was


def test_noise_and_dust_are_not_stamped_into_it() -> None:
    one, other, dusty = measured(first=0), measured(first=100), measured(first=0, dust=True)
    assert np.abs(one / other - 1).max() < 0.006  # in a corner, of 1.4 million photosites; the HQ camera's are 98
    assert np.abs(one / dusty - 1).max() < 0.006


def test_no_gain_is_below_one() -> None:
    gains = measured()
    assert gains.dtype == np.float32
    assert gains.min() == 1


def test_the_lamps_gradient_is_left_to_the_lamp() -> None:
    assert np.abs(measured(tilt=0.1) / measured(tilt=-0.1) - 1).max() < 0.005


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"level": 3.0}, "is clipped: set -1 EV"),
        ({"level": 1.56}, r"reaches 9\d % of what the sensor can tell"),
        ({"level": 0.1}, r"has \d\.\d % of the range: set \+1 EV"),
        ({"tilt": 0.5}, r"One side of the sheet is \d\d % brighter"),
    ],
)
def test_a_sheet_that_will_not_do_is_refused_with_the_figure(how: dict[str, float], says: str) -> None:
    with pytest.raises(BadValue, match=says):
        measured(**how)


def test_what_is_no_plain_sheet_is_refused() -> None:
    frame = sheet(1)
    x, y = places()
    pattern = 1 + 0.2 * (np.sin(40 * x) * np.sin(40 * y) > 0)
    raw = np.clip(256 + (frame.raw - 256.0) * 0.6 * pattern, 0, 4000).astype(np.uint16)
    with pytest.raises(BadValue, match="The sheet is rough by"):
        fitted([cells_of(build_frame(raw, levels=LEVELS))])


def test_a_mosaic_that_is_too_small_is_refused() -> None:
    with pytest.raises(BadValue, match="too small for a map"):
        cells_of(build_frame(np.full((32, 64), 2000, np.uint16)))
