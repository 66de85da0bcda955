"""How a JPEG shall look: how strong its colours and its contrast are. The RAW knows nothing of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.srgb import srgb_signal

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # of linear sRGB: ITU-R BT.709
_PIVOT = 0.46  # of sRGB's signal, 18 % grey: what contrast leaves as it is


@dataclass(frozen=True, slots=True)
class Look:
    """One way to show the same light.

    Attributes:
        saturation: 1 leaves colours as they were, 0 leaves grey.
        contrast: the tone curve's slope at 18 % grey; 1 is sRGB as it is measured.
        exif_contrast: EXIF's Contrast, 0 normal, 1 soft, 2 hard.
        exif_saturation: EXIF's Saturation, 0 normal, 1 low, 2 high.
    """

    saturation: float
    contrast: float
    exif_contrast: int = 0
    exif_saturation: int = 0

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(3, 3) on linear sRGB: along the line to the grey of the same luminance."""
        return self.saturation * np.eye(3) + (1 - self.saturation) * np.tile(_LUMINANCE, (3, 1))

    def tones(self, light: NDArray[np.float64]) -> NDArray[np.float64]:
        """Linear sRGB, 0 to 1, to the signal that shows it, 0 to 1.

        sRGB's own curve, then a power curve on either side of 18 % grey: black, white and grey stay where they are,
        and towards both ends it gets flat, so that highlights roll off.
        """
        signal = srgb_signal(light)
        below = _PIVOT * (np.minimum(signal, _PIVOT) / _PIVOT) ** self.contrast
        above = 1 - (1 - _PIVOT) * ((1 - np.maximum(signal, _PIVOT)) / (1 - _PIVOT)) ** self.contrast
        return np.asarray(np.where(signal < _PIVOT, below, above))


NATURAL = Look(1.0, 1.2)
LOOKS = {
    "natural": NATURAL,
    "vivid": Look(1.25, 1.4, exif_contrast=2, exif_saturation=2),
    "mono": Look(0.0, 1.3, exif_saturation=1),
}
