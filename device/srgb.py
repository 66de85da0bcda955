"""sRGB's curve between light and the picture's signal (IEC 61966-2-1). Pure."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def srgb_signal(light: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Linear light, 0 to 1, as sRGB's signal, 0 to 1, in the same shape."""
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def srgb_light(signal: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """The inverse: sRGB's signal, 0 to 1, as linear light."""
    return np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)
