"""What a sensor at some gain makes of light, and what a simple image signal processor shows of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.frame import QUANTISATION_DN2, Cfa, Levels, Noise, Raw
from device.srgb import srgb_signal
from tests.bench.peaking_sources import Light

FULL_WELL_E = 10_000.0
READ_NOISE_E = 3.0
LEVELS = Levels((256.0,) * 4, 4095)
CFA = Cfa.RGGB
WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One exposure: the mosaic, its noise model, and the preview as 8-bit sRGB and its luma."""

    raw: Raw
    noise: Noise
    rgb: NDArray[np.float32]
    luma: NDArray[np.uint8]


def expose(light: Light, gain: float, random: np.random.Generator) -> Shot:
    """A noisy 12-bit exposure; light of 1 fills the range at every gain, so a higher one sees fewer photons.

    Args:
        light: (rows, columns, 3), linear, both even.
        gain: 1 fills the photosites.
        random: the noise.
    """
    dn_per_e = gain / FULL_WELL_E * (LEVELS.white - LEVELS.green_black)
    electrons = random.poisson(np.clip(_mosaic(light), 0, None) * FULL_WELL_E / gain)
    read = random.normal(0, READ_NOISE_E, electrons.shape)
    raw = np.clip(np.rint((electrons + read) * dn_per_e + LEVELS.green_black), 0, LEVELS.white).astype(np.uint16)
    rgb = _developed(raw)
    luma = np.rint(rgb @ WEIGHTS).astype(np.uint8)
    return Shot(raw, Noise(dn_per_e, (READ_NOISE_E * dn_per_e) ** 2 + QUANTISATION_DN2), rgb, luma)


def _mosaic(light: Light) -> NDArray[np.float32]:
    mosaic = np.empty(light.shape[:2], np.float32)
    for (i, j), colour in {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 2}.items():
        mosaic[i::2, j::2] = light[i::2, j::2, colour]
    return mosaic


def _developed(raw: Raw) -> NDArray[np.float32]:
    """A pixel for each quad of photosites, as 8-bit sRGB."""
    dn = (raw.astype(np.float32) - np.float32(LEVELS.green_black)) / np.float32(LEVELS.white - LEVELS.green_black)
    quads = np.stack([dn[0::2, 0::2], (dn[0::2, 1::2] + dn[1::2, 0::2]) / 2, dn[1::2, 1::2]], -1)
    return np.rint(255 * srgb_signal(np.clip(quads, 0, 1))).astype(np.float32)
