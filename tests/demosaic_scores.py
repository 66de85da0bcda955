"""How well a demosaic gives back pictures that are known, and how much colour it sees where there is none."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from device.demosaic import demosaic
from device.frame import Cfa
from device.srgb import srgb_light, srgb_signal
from tests.reference_demosaic import Picture, cpsnr, mosaicked

Demosaic = Callable[[NDArray[np.float32], Cfa], NDArray[np.floating]]

OFFSET = 0.0013  # of light under the root: that of an IMX477 at gain 1, white balance apart
ZONE_PLATE = 512  # pixels a side
BORDER = 16


def photographs(data: Path, largest: int = 2268) -> Iterator[tuple[str, Picture]]:
    """Name and values, 0 to 1, of each photograph there is, the four of scikit-image among them."""
    for path in sorted((data / "photos").iterdir()):
        yield path.stem, np.asarray(Image.open(path).convert("RGB"))[:largest, :largest] / 255


def on_light(mosaic: NDArray[np.float32], cfa: Cfa) -> Picture:
    """Our demosaic as it is used: on the root of light."""
    signal = demosaic(np.sqrt(mosaic + np.float32(OFFSET)), cfa)
    return np.asarray(signal.astype(np.float64) ** 2 - OFFSET)


def of_values(way: Demosaic, picture: Picture) -> float:
    """CPSNR in dB where the picture's own values are mosaicked, as papers do."""
    return cpsnr(np.clip(way(mosaicked(picture, Cfa.RGGB), Cfa.RGGB), 0, 1), picture)


def of_light(way: Demosaic, picture: Picture) -> tuple[float, float]:
    """CPSNR in dB where light is mosaicked, as a sensor does: of light, and of the picture that is shown."""
    light = srgb_light(picture)
    ours = np.clip(way(mosaicked(light, Cfa.RGGB), Cfa.RGGB), 0, 1)
    return cpsnr(ours, light), cpsnr(srgb_signal(ours), picture)


def false_colour(way: Demosaic) -> float:
    """Mean distance of red and blue from green, in 8-bit sRGB levels, on a grey zone plate: 0 would be right."""
    shown = 255 * srgb_signal(np.clip(way(mosaicked(srgb_light(zone_plate()), Cfa.RGGB), Cfa.RGGB), 0, 1))
    inside = shown[BORDER:-BORDER, BORDER:-BORDER]
    return float(np.abs(inside[..., [0, 2]] - inside[..., [1]]).mean())


def zone_plate() -> Picture:
    """Grey rings, ever finer; at the middle of each side they reach half a cycle a photosite, the finest there is."""
    places = np.arange(ZONE_PLATE) - (ZONE_PLATE - 1) / 2
    squared = places[:, None] ** 2 + places**2
    rings = 0.5 + 0.45 * np.cos(np.pi * squared / ZONE_PLATE)
    return np.repeat(rings[..., None], 3, 2)
