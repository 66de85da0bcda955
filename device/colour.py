"""Camera colour to sRGB: small matrices, no pixels."""

import numpy as np
from numpy.typing import NDArray

from device.frame import Colour, Triple

# Linear sRGB to XYZ (D65), IEC 61966-2-1.
SRGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def camera_to_srgb(colour: Colour) -> NDArray[np.float64]:
    """(3, 3): white-balanced camera RGB to linear sRGB, neutral stays neutral.

    The XYZ-to-camera matrix nearest to D65, taken from sRGB, with rows made to sum to one so that white maps to
    white, then inverted: the way of dcraw's and LibRaw's cam_xyz_coeff.
    """
    to_camera = np.array(colour.matrices[-1]) @ SRGB_TO_XYZ
    return np.linalg.inv(to_camera / to_camera.sum(axis=1, keepdims=True))


def white_balance(neutral: Triple) -> NDArray[np.float64]:
    """(3,) gains that make that camera neutral grey, the smallest of them 1 so that nothing clipped turns coloured."""
    gains = 1.0 / np.array(neutral)
    return np.asarray(gains / gains.min())
