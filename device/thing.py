"""What a scene is made of: flat pictures, each at its depth, in linear light."""

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device.srgb import srgb_light

Picture = NDArray[np.float32]
Light = NDArray[np.floating[Any]]  # on the way to a picture, in whatever precision


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """A flat thing, upright before the lens.

    Attributes:
        depth_m: its distance, inf for infinity.
        top: row of its first pixel in the frame, of full resolution; even, so that binning cuts it where it cuts
            everything.
        left: column, likewise.
        phases: pictures, each (4, rows, columns) float32: linear sRGB premultiplied with alpha, and alpha. 1 is white
            in full light, what shines may be up to 64. A thing that moves has several, gone through in a period.
        period_s: of the movement.
    """

    depth_m: float
    top: int
    left: int
    phases: tuple[Picture, ...]
    period_s: float = inf


def linear(srgb: NDArray[np.uint8]) -> Picture:
    """Light of 8-bit sRGB codes, 0 to 1, in the same shape."""
    return srgb_light(np.arange(256) / 255).astype(np.float32)[srgb]
