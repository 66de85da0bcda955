"""Photographs that the tests of the files share."""

from dataclasses import replace

import numpy as np

from device import drawer
from device.frame import Colour, Frame, SensorFacts
from device.photograph import Photograph
from tests.conftest import build_frame

# Two-illuminant matrices of the IMX477, standard light A and D65, four digits as they are published.
IMX477 = Colour(
    (
        ((0.6759, -0.2379, 0.0751), (-0.4432, 1.3871, 0.5465), (-0.0401, 0.1664, 0.7845)),
        ((0.5603, -0.1351, -0.0600), (-0.2872, 1.1180, 0.2132), (0.0600, 0.0453, 0.5821)),
    ),
    (17, 21),
)
FACTS = SensorFacts("IMX477", 4056, 3040, 1.55, 1.0, 22.26, 100, 600_000_000, IMX477)
PRESSED_WALL_NS = 1_667_347_200_123_456_789  # 2022-11-02 00:00:00.123456 UTC


def noise_mosaic(rows: int, columns: int, bits: int = 12) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    """Every level of that depth, its smallest and largest among them."""
    raw = np.random.default_rng(7).integers(0, 1 << bits, (rows, columns), dtype=np.uint16)
    raw[0, :2] = 0, (1 << bits) - 1
    return raw


def photograph(frame: Frame | None = None, **changes: object) -> Photograph:
    """A photograph with the 35 mm lens, one hour east of Greenwich, exposed 12.345 ms after the press."""
    frame = build_frame(noise_mosaic(64, 96)) if frame is None else frame
    values = Photograph(frame, FACTS, drawer.opened().lens("summicron-35"), 2.8, PRESSED_WALL_NS, 3600, 12_345_000)
    return replace(values, **changes)  # type: ignore[arg-type]


def smooth_mosaic(rows: int, columns: int, bits: int = 12) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    """Light that falls off towards a corner, two colours, a photograph's noise: something that can be compressed."""
    down, across = np.mgrid[:rows, :columns]
    top = (1 << bits) - 1
    light = top * (0.9 * (down + across) / (rows + columns) + 0.05 * (across % 2))
    noise = np.random.default_rng(7).normal(0, max(1.0, top / 600), (rows, columns))
    raw = np.clip(light + noise, 0, top).astype(np.uint16)
    raw[0, 0], raw[-1, -1] = top, 0
    return raw


def tiled_mosaic(rows: int, columns: int, bits: int = 12) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    """One smooth mosaic after the other, for large ones that are made with little memory."""
    part = smooth_mosaic(512, 512, bits)
    return np.ascontiguousarray(np.tile(part, (-(-rows // 512), -(-columns // 512)))[:rows, :columns])
