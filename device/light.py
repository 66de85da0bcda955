"""Numbers of a sensor to light, and light to a signal whose noise is the same everywhere.

Light is white balanced: 0 at black, 1 where the least raised channel clips, which is where the picture ends. White
balance only ever raises channels, so cutting all of them off at 1 leaves burnt-out highlights white, not magenta. Noise
below black stays negative, or shadows would lift.

The signal is Anscombe's: the square root of light plus an offset has a noise that does not depend on the light (F. J.
Anscombe, The transformation of Poisson, binomial and negative-binomial data, 1948; with read noise F. Murtagh, J.-L.
Starck and A. Bijaoui, Image restoration with noise suppression using a multiresolution support, 1995). Below black it
goes on as a straight line, so that dark noise keeps its mean.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.colour import balance
from device.frame import Frame
from device.kernel import inner

Line = NDArray[np.float32]
Lines = NDArray[np.float32]  # (2, columns): of an even and an odd row, the pattern's columns in turn

_LEAST_OFFSET = 1e-3  # for a sensor without read noise; a root of nothing is too steep to compute with
_TINY = 1e-9  # DN: for a frame whose noise nobody knows, of which none is taken out
_HALF = np.float32(0.5)


@dataclass(frozen=True, slots=True, eq=False)
class Exposing:
    """What makes light and signal of a frame's numbers.

    Attributes:
        black: (4,) float32 DN, in CHANNELS order.
        gain: (4,) float32 light per DN, same order.
        offset: of the signal, light.
        variance: (3,) of red's, green's and blue's signal, at most.
    """

    black: NDArray[np.float32]
    gain: NDArray[np.float32]
    offset: float
    variance: NDArray[np.float64]

    @classmethod
    def of(cls, frame: Frame) -> "Exposing":
        """By the frame's levels, neutral and noise.

        A channel's variance in light is slope * gain * (light + gain * floor / slope). With an offset as large as the
        largest of these quotients no signal's variance exceeds slope * gain / 4; where there is next to no slope, the
        offset stops at full light.
        """
        black, gain = balance(frame.levels, frame.neutral)
        rgb = gain[[0, 1, 3]].astype(np.float64)
        slope, floor = max(frame.noise.slope_dn, _TINY), max(frame.noise.floor_dn2, _TINY)
        offset = min(max(float(rgb.max()) * floor / slope, _LEAST_OFFSET), 1.0)
        return cls(black, gain, offset, rgb / 4 * np.maximum(slope, rgb * floor / offset))


def lines(per_channel: NDArray[np.float32], pattern: NDArray[np.uint8], columns: int) -> Lines:
    """Each photosite's value in an even and an odd row, (2, columns) float32, from those of the four channels."""
    return np.tile(per_channel[pattern], (1, -(-columns // 2)))[:, :columns].copy()


@inner
def light_of_line(numbers: NDArray[np.uint16], black: Line, gain: Line, flat: Line, light: Line) -> None:
    """One line of the sensor as light, cut off at 1.

    Args:
        numbers: (columns,) DN.
        black: (columns,) DN.
        gain: (columns,) light per DN.
        flat: (columns,) what the lens took, as a factor.
        light: (columns,) is written.
    """
    for x in range(light.size):
        value = (np.float32(numbers[x]) - black[x]) * gain[x] * flat[x]
        light[x] = min(value, np.float32(1))


@inner
def signal_of_light(light: Line, offset: np.float32, signal: Line) -> None:
    """The stabilised signal of one line."""
    root = np.sqrt(offset)
    slope = _HALF / root
    for x in range(signal.size):
        above = max(light[x], np.float32(0))
        below = min(light[x], np.float32(0))
        signal[x] = np.sqrt(above + offset) + below * slope


@inner
def light_of_signal(signal: Line, offset: np.float32, light: Line) -> None:
    """Back again, cut off at 1."""
    root = np.sqrt(offset)
    for x in range(light.size):
        above = max(signal[x], root)
        below = min(signal[x] - root, np.float32(0))
        light[x] = min(above * above - offset + (root + root) * below, np.float32(1))
