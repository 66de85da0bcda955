"""Noise by brightness: the tables and lines of the kernel against sorting and numpy's own interpolation."""

import numpy as np
import pytest

from ui.preview_noise import BINS, CALM_SIGMAS, LAPLACIAN_SIGMAS, SAMPLES_MIN, noise_by_luma


def slow_noise(y: np.ndarray, focus: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """As the module's docstring says it, with no bound by a noise floor."""
    wide, at = y.astype(int), np.ix_(rows[::2], columns[::2])
    around = (np.roll(wide, 1, 0) + np.roll(wide, -1, 0) + np.roll(wide, 1, 1) + np.roll(wide, -1, 1))[at]
    bends, calm = np.minimum(abs(around - 4 * wide[at]), 127), focus[::2, ::2] < CALM_SIGMAS
    known = {}
    for k in range(BINS):
        here = around * BINS // 1024 == k
        if here.sum() >= SAMPLES_MIN:
            known[(k + 0.5) * 256 / BINS] = _of_bin(bends[here], calm[here])
    return np.interp(np.arange(256), list(known), list(known.values())) if known else np.zeros(256)


def _of_bin(bends: np.ndarray, calm: np.ndarray) -> float:
    mean = 1.2533 * bends[calm].mean() if calm.any() else np.inf
    if 2 * calm.sum() >= calm.size:
        return float(mean)
    share, below = 0.2 * bends.size, np.bincount(bends).cumsum()
    level = int(np.searchsorted(below, share))  # whose cells are spread evenly over what rounds to it
    first, floor = (int(below[level - 1]), level - 0.5) if level else (0, 0.0)
    lowest = (floor + (share - first) / (below[level] - first) * (1.0 if level else 0.5)) / 0.2533
    return float(min(mean, lowest)) if calm.sum() >= SAMPLES_MIN else float(lowest)


@pytest.mark.parametrize("contrast", [1, 6, 30])
@pytest.mark.parametrize("calm", [0.0, 0.1, 0.4, 0.9])
def test_the_noise_is_that_of_a_slow_count(contrast: int, calm: float) -> None:
    random = np.random.default_rng(contrast)
    light = np.linspace(20, 200, 301) + random.normal(0, contrast, (200, 301))
    y, focus = light.clip(0, 255).astype(np.uint8), np.where(random.random((60, 90)) < calm, 1, 9).astype(np.float32)
    rows, columns = np.sort(random.integers(1, 199, 60)), np.sort(random.integers(1, 300, 90))
    expected = slow_noise(y, focus, rows, columns)
    assert expected.max() > LAPLACIAN_SIGMAS * contrast / 3
    assert noise_by_luma(y, focus, rows, columns) == pytest.approx(expected, rel=1e-5)
