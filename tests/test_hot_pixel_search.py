"""Hot pixels found in dark frames of the simulated sensor's physics: those that were planted, and no other."""

import numpy as np
import pytest

from device.errors import BadValue
from device.frame import Cfa, Exposure, Frame, Levels, Noise
from device.hot_pixel_search import DarkFrames, check_dark
from device.hot_pixels import MOST
from device.sensor import Setting
from device.sensor_facts import IMX477
from tests.conftest import build_frame

LEVELS = Levels((256.0, 250.0, 260.0, 255.0), 4095)
ROWS, COLUMNS = 600, 800
PLANTED = {(0, 0): 90, (17, 400): 900, (18, 400): 4000, (599, 799): 70, (300, 301): 2000}
DEAD, CONSTANT = (123, 456), (321, 78)  # the latter reads a number that a good one may


def noise_at(gain: float) -> Noise:
    return IMX477.noise(gain, IMX477.modes[Setting.ARMED], 12)


def dark(gain: float, seed: int, *, light_dn: float = 0.0, rows: int = ROWS, columns: int = COLUMNS) -> Frame:
    """Poisson-Gaussian noise around black, made here photosite by photosite of the model's two figures."""
    rng, noise = np.random.default_rng(seed), noise_at(gain)
    black = np.array(LEVELS.black)[np.tile(Cfa.BGGR.pattern, (rows // 2, columns // 2))]
    sigma = np.sqrt(noise.floor_dn2 + noise.slope_dn * light_dn)
    raw = np.clip(np.rint(black + light_dn + rng.normal(0, sigma, black.shape)), 0, 4095).astype(np.uint16)
    return build_frame(raw, cfa=Cfa.BGGR, levels=LEVELS, noise=noise, exposure=Exposure(1_000_000, gain))


def spoilt(frame: Frame) -> Frame:
    for place, above in PLANTED.items():
        frame.raw[place] = min(int(frame.raw[place]) + above, 4095)
    frame.raw[DEAD] = 0
    if frame.exposure.gain > 1:
        frame.raw[CONSTANT] = 262  # at gain 1 noise is too faint to tell
    return frame


@pytest.mark.parametrize("gain", [1.0, 22.0])
def test_those_that_were_planted_are_found_and_no_other(gain: float) -> None:
    frames = DarkFrames()
    for seed in range(8):
        frames.add(spoilt(dark(gain, seed)))
    found = frames.found()
    assert {(int(row), int(column)) for row, column in found.hot.places} == {*PLANTED, DEAD} | (
        {CONSTANT} if gain > 1 else set()
    )
    assert (found.hot.rows, found.hot.columns, found.left_out) == (ROWS, COLUMNS, 0)
    assert found.brightest_dn > 3000


def test_dark_current_that_differs_from_place_to_place_is_no_hot_pixel() -> None:
    """Means that differ by more than the model knows: the sensor's own spread is the measure."""
    uneven = np.random.default_rng(5).normal(0, 12, (200, 300))
    frames = DarkFrames()
    for seed in range(8):
        frame = dark(1.0, seed, rows=200, columns=300, light_dn=0)
        raw = np.clip(np.rint(frame.raw + uneven), 0, 4095).astype(np.uint16)
        raw[7, 9] += 200
        frames.add(build_frame(raw, cfa=frame.cfa, levels=LEVELS, noise=frame.noise, exposure=frame.exposure))
    assert frames.found().hot.places.tolist() == [[7, 9]]


@pytest.mark.parametrize("gain", [1.0, 22.0])
def test_light_is_told_with_its_figure(gain: float) -> None:
    check_dark(dark(gain, 1))
    with pytest.raises(
        BadValue, match=r"^It is not dark: up to 8[0-4] DN above black where noise is [\d.]+: put the cap"
    ):
        check_dark(dark(gain, 1, light_dn=80))


def test_light_from_one_side_is_not_dark() -> None:
    frame = dark(1.0, 1)
    frame.raw[-ROWS // 8 :, -COLUMNS // 8 :] += 30
    with pytest.raises(BadValue, match=r"^It is not dark: up to (29|30|31) DN"):
        DarkFrames().add(frame)


def test_one_frame_or_the_same_one_again_tells_nothing() -> None:
    frames = DarkFrames()
    for _ in range(2):
        frames.add(dark(22.0, 1, rows=64, columns=96))
        with pytest.raises(BadValue, match="two dark frames"):
            frames.found()


def test_frames_of_another_exposure_are_not_averaged() -> None:
    frames = DarkFrames()
    frames.add(dark(22.0, 1, rows=64, columns=96))
    assert not frames.takes(dark(20.0, 1, rows=64, columns=96))
    with pytest.raises(BadValue, match="differ in size or exposure"):
        frames.add(dark(20.0, 1, rows=64, columns=96))


def test_more_than_a_map_holds_leaves_the_faintest_out() -> None:
    frames, places = DarkFrames(), np.random.default_rng(3).permutation(ROWS * COLUMNS)[: MOST + 50]
    for seed in range(3):
        frame = dark(1.0, seed)
        frame.raw.ravel()[places[50:]] = 3000
        frame.raw.ravel()[places[:50]] += 300
        frames.add(frame)
    found = frames.found()
    assert (found.hot.count, found.left_out) == (MOST, 50)
    assert found.hot.numbered.tolist() == sorted(places[50:].tolist())
