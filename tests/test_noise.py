"""The noise estimate against noise that was made with known constants."""

import numpy as np
import pytest
from numpy.typing import NDArray

from device import meter
from device.frame import Cfa, Levels, Noise, Raw
from device.noise import estimate

LEVELS = Levels((256.0,) * 4, 4095)
GAINS = [1.0, 4.0, 16.0]
Light = NDArray[np.float64]


def made(light_dn: Light, gain: float, seed: int = 1) -> tuple[Raw, Noise]:
    """Photons, read noise, rounding at an IMX477's gain; light in DN above black."""
    rng = np.random.default_rng(seed)
    slope, read_dn = 0.47 * gain, 1.53 * gain**0.73
    dn = 256 + rng.poisson(np.maximum(light_dn, 0) / slope) * slope + rng.normal(0, read_dn, light_dn.shape)
    return np.clip(np.rint(dn), 0, 4095).astype(np.uint16), Noise(slope, read_dn**2 + 1 / 12)


def variance(noise: Noise, signal_dn: float) -> float:
    return noise.slope_dn * signal_dn + noise.floor_dn2


def patches(seed: int = 3) -> Light:
    """A chart: flat patches from deep shadow to near clipping."""
    values = np.random.default_rng(seed).choice([5.0, 50.0, 200.0, 800.0, 2000.0, 3300.0], (6, 8))
    return np.kron(values, np.ones((128, 128)))


def scene() -> Light:
    """A gradient of which two thirds are textured, with hard edges, a clipped part and a vignette."""
    rng = np.random.default_rng(0)
    light = np.linspace(2, 4500, 1024)[None] * np.ones((768, 1))
    texture = 1 + 0.3 * rng.normal(size=(192, 256)).repeat(4, 0).repeat(4, 1)
    stripes = (np.arange(768)[:, None] + np.arange(1024)) // 160 % 3 > 0
    x, y = np.linspace(-1, 1, 1024), np.linspace(-1, 1, 768)[:, None]
    return np.where(stripes, light * texture, light) * (1 - 0.3 * (x**2 + y**2))


@pytest.mark.parametrize("gain", GAINS)
def test_a_chart_gives_both_constants(gain: float) -> None:
    raw, truth = made(patches(), gain)
    found = estimate(raw, Cfa.BGGR, LEVELS)
    assert found.slope_dn == pytest.approx(truth.slope_dn, rel=0.03)
    assert found.floor_dn2 == pytest.approx(truth.floor_dn2, rel=0.1)


@pytest.mark.parametrize("gain", GAINS)
def test_texture_edges_and_clipping_do_not_pass_for_noise(gain: float) -> None:
    raw, truth = made(scene(), gain)
    found = estimate(raw, Cfa.BGGR, LEVELS)
    for signal_dn in (300.0, 1000.0, 3000.0):
        assert variance(found, signal_dn) == pytest.approx(variance(truth, signal_dn), rel=0.1)


@pytest.mark.parametrize("cfa", Cfa)
def test_only_the_greens_are_asked(cfa: Cfa) -> None:
    raw, truth = made(patches(), 1.0)
    for channel in (0, 3):  # red and blue as a maker might scale them, with gaps
        i, j = np.argwhere(cfa.pattern == channel)[0]
        raw[i::2, j::2] = np.minimum(raw[i::2, j::2].astype(float) * 2.3, 4094).astype(np.uint16)
    assert estimate(raw, cfa, LEVELS).slope_dn == pytest.approx(truth.slope_dn, rel=0.03)


def test_with_the_estimate_a_flat_surface_shows_no_detail() -> None:
    raw, truth = made(np.full((768, 768), 900.0), 4.0)
    known = meter.focus_map(raw, Cfa.BGGR, LEVELS, truth)
    z = meter.focus_map(raw, Cfa.BGGR, LEVELS, estimate(raw, Cfa.BGGR, LEVELS))
    assert abs(z.mean()) < 0.2
    assert z.std() == pytest.approx(known.std(), rel=0.08)
    assert z.max() < 4  # none of ten thousand cells would be marked


def test_a_dark_frame_gives_its_read_noise_as_the_floor() -> None:
    raw, truth = made(np.zeros((512, 512)), 4.0)
    found = estimate(raw, Cfa.BGGR, LEVELS)
    assert found.slope_dn == 0
    assert found.floor_dn2 == pytest.approx(truth.floor_dn2, rel=0.05)


@pytest.mark.parametrize("value", [0, 256, 4095])
@pytest.mark.parametrize("size", [(512, 512), (40, 40), (2, 2), (0, 0)])
def test_a_frame_that_tells_nothing_gives_no_more_than_rounding(value: int, size: tuple[int, int]) -> None:
    assert estimate(np.full(size, value, np.uint16), Cfa.RGGB, LEVELS) == Noise(0.0, 1 / 12)


def test_a_clean_gradient_gives_hardly_more_than_rounding() -> None:
    raw = np.rint(256 + np.linspace(0, 3000, 1024)[None] * np.ones((768, 1))).astype(np.uint16)
    found = estimate(raw, Cfa.GRBG, LEVELS)
    assert variance(found, 1000) < 1.0
