"""Under what light a frame was taken, from its neutral, and the camera's matrix for that light.

As the Digital Negative Specification 1.4.0.0 has it in chapter 6, "Mapping Camera Color Space to CIE XYZ Space": the
matrices of two illuminants are mixed by the reciprocal of the correlated colour temperature, which is found by turns
with the white point, as each depends on the other.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from device.frame import Colour, Triple

White = tuple[float, float]  # CIE 1931 x, y

# Kelvin of the EXIF LightSource codes (EXIF 2.32, table 22; CIE for the standard illuminants).
_TEMPERATURES = {
    1: 5500, 2: 4150, 3: 2856, 4: 5500, 9: 5500, 10: 6504, 11: 7504,
    12: 6400, 13: 5050, 14: 4150, 15: 3525, 17: 2856, 18: 4874, 19: 6774,
    20: 5503, 21: 6504, 22: 7504, 23: 5003, 24: 3200,
}  # fmt: skip
_DAYLIGHT = 6504  # taken for what nobody named
D65 = (0.31271, 0.32902)
_ROUNDS = 30
_CLOSE = 1e-7


def temperature_k(white: White) -> float:
    """Correlated colour temperature.

    C. S. McCamy, Correlated color temperature as an explicit function of chromaticity coordinates, 1992.
    """
    x, y = white
    n = (x - 0.3320) / (0.1858 - y)
    return ((449.0 * n + 3525.0) * n + 6823.3) * n + 5520.33


def matrix_under(colour: Colour, white: White) -> NDArray[np.float64]:
    """(3, 3) XYZ to camera under a light of that chromaticity; beyond the two illuminants, that of the nearer one."""
    if len(colour.matrices) == 1:
        return np.array(colour.matrices[0])
    one, other = (_TEMPERATURES.get(illuminant, _DAYLIGHT) for illuminant in colour.illuminants)
    if one == other:
        return np.array(colour.matrices[-1])
    share = (1 / max(temperature_k(white), 1.0) - 1 / other) / (1 / one - 1 / other)
    share = min(max(share, 0.0), 1.0)
    return np.asarray(share * np.array(colour.matrices[0]) + (1 - share) * np.array(colour.matrices[1]))


@lru_cache(maxsize=16)
def white_point(colour: Colour, neutral: Triple) -> White:
    """Chromaticity of the light under which the camera sees a neutral surface so."""
    white = D65
    for _ in range(_ROUNDS):
        last, xyz = white, np.linalg.solve(matrix_under(colour, white), np.array(neutral))
        white = (float(xyz[0] / xyz.sum()), float(xyz[1] / xyz.sum()))
        if abs(white[0] - last[0]) + abs(white[1] - last[1]) < _CLOSE:
            break
    return white
