"""Camera colour to sRGB under the light of the scene: small matrices, no pixels."""

import numpy as np
from numpy.typing import NDArray

from device.frame import Colour, Levels, Triple
from device.white_point import D65, White, matrix_under, white_point

# Linear sRGB to XYZ (D65), IEC 61966-2-1.
SRGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def srgb_to_camera(colour: Colour) -> NDArray[np.float64]:
    """(3, 3): linear sRGB, lit by its own white, D65, to what the camera sees of it, the green of white being 1."""
    to_camera = matrix_under(colour, D65) @ SRGB_TO_XYZ
    return np.asarray(to_camera / to_camera[1].sum())


def camera_to_srgb(colour: Colour, neutral: Triple) -> NDArray[np.float64]:
    """(3, 3): white-balanced camera RGB to linear sRGB under the light that neutral tells of; (1, 1, 1) stays white.

    DNG 1.4, chapter 6, without forward matrices: camera to XYZ by the matrix for that light, then to D65, sRGB's white.
    """
    white = white_point(colour, neutral)
    to_xyz = np.linalg.inv(matrix_under(colour, white)) @ np.diag(neutral)
    whites = to_xyz.sum(axis=1)
    if (BRADFORD @ whites).min() <= 0:  # no light looks so; then only white can be right, as dcraw would have it
        to_srgb = np.linalg.inv(SRGB_TO_XYZ) @ to_xyz
        return np.asarray(to_srgb / to_srgb.sum(axis=1, keepdims=True))
    return np.asarray(np.linalg.inv(SRGB_TO_XYZ) @ adaptation(whites, SRGB_TO_XYZ.sum(axis=1)) @ to_xyz)


def adaptation(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """(3, 3): XYZ under one white to XYZ under another, both (3,) XYZ: Bradford's, as ICC.1:2010 annex E has it."""
    return np.asarray(np.linalg.inv(BRADFORD) @ np.diag(BRADFORD @ target / (BRADFORD @ source)) @ BRADFORD)


def neutral_under(colour: Colour, white: White) -> Triple:
    """Camera RGB of white under a light of that CIE 1931 x, y, green = 1: DNG 1.4, chapter 6, read backwards."""
    x, y = white
    red, green, blue = matrix_under(colour, white) @ np.array([x / y, 1.0, (1 - x - y) / y])
    return float(red / green), 1.0, float(blue / green)


def daylight_neutral(colour: Colour) -> Triple:
    """Camera RGB of white under D65, green = 1."""
    red, green, blue = srgb_to_camera(colour).sum(axis=1)
    return float(red / green), 1.0, float(blue / green)


def white_balance(neutral: Triple) -> NDArray[np.float64]:
    """(3,) gains that make that camera neutral grey, the smallest of them 1 so that nothing clipped turns coloured."""
    gains = 1.0 / np.array(neutral)
    return np.asarray(gains / gains.min())


def balance(levels: Levels, neutral: Triple) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(4,) black and (4,) gain in CHANNELS order: (dn - black) * gain is white-balanced light.

    No gain is below that which takes white to 1, so what is clipped in any channel has at least 1 there.
    """
    black = np.array(levels.black)
    gain = white_balance(neutral)[[0, 1, 1, 2]] / (levels.white - black)
    return black.astype(np.float32), gain.astype(np.float32)
