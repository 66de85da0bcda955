"""Light to digital numbers: photon noise, read noise, amplifier and converter of a sensor, quick enough for live view.

A photosite that expects a signal of s DN delivers, by the Poisson-Gaussian model, a mean of black + s and a variance of
slope * s + floor (Foi et al., "Practical Poissonian-Gaussian noise modeling and fitting for single-image raw-data",
IEEE TIP 2008). The Poisson part's lean to the right comes from a Cornish-Fisher term (z^2 - 1) / 6 of the third
moment; what it adds to the variance is taken off the Gaussian term, so that mean and variance are exact.

The normal numbers z come from a table: each row begins at a random place in it, which no eye and no test of one row
against another can tell from fresh numbers, at a tenth of the cost.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.frame import QUANTISATION_DN2, Noise, Raw
from device.kernel import inner, kernel

TABLE = 1 << 19  # 2 MB of float32: fits the second cache of today's machines; two rows rarely share a stretch

Signal = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Response:
    """How a sensor at one gain answers light, in DN of what it delivers."""

    dn_per_light: float  # signal of a photosite whose light is 1
    black_dn: float
    white_dn: int
    noise: Noise


class PhotonNoise:
    """A source of noise with a seed: the same seed gives the same frames."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        normal = self._random.standard_normal(TABLE)
        self._normal = ((normal - normal.mean()) / normal.std()).astype(np.float32)

    def expose(self, light: Signal, corner: tuple[int, int], response: Response, out: Raw) -> None:
        """One noisy exposure.

        Args:
            light: float32, at least as large as `out`, C order.
            corner: row and column of it that fall on the first photosite. A view would do, but not as quickly: its
                rows are to numba not contiguous, and that ends vectorisation.
            response: of the sensor.
            out: (rows, columns) uint16, filled with DN.
        """
        starts = self._random.integers(0, TABLE - out.shape[1], out.shape[0])
        constants = (
            response.dn_per_light,
            response.black_dn + 0.5,  # the half rounds, as the cast cuts
            response.white_dn,
            response.noise.slope_dn,
            max(0.0, response.noise.floor_dn2 - QUANTISATION_DN2),  # the floor counts the rounding, which follows
        )
        _expose(light, *corner, np.array(constants, np.float32), self._normal, starts, out)


@kernel("void(f4[:, ::1], i8, i8, f4[::1], f4[::1], i8[::1], u2[:, ::1])")
def _expose(
    light: Signal, top: int, left: int, constants: Signal, normal: Signal, starts: NDArray[np.int64], out: Raw
) -> None:
    scale, black, white, slope, floor = constants[0], constants[1], constants[2], constants[3], constants[4]
    columns = out.shape[1]
    for y in range(out.shape[0]):
        lit, drawn = light[top + y, left : left + columns], normal[starts[y] : starts[y] + columns]
        _expose_row(lit, scale, black, white, slope, floor, drawn, out[y])


@inner
def _expose_row(
    light: Signal,
    scale: np.float32,
    black: np.float32,
    white: np.float32,
    slope: np.float32,
    floor: np.float32,
    normal: Signal,
    out: Raw,
) -> None:
    sixth = slope / np.float32(6)
    tiny = np.float32(1e-12)
    one = np.float32(1)
    two = np.float32(2)
    zero = np.float32(0)
    for x in range(out.size):
        z = normal[x]
        signal = scale * light[x]
        variance = slope * signal + floor + tiny
        lean = sixth * (slope * signal / variance)
        value = black + signal + np.sqrt(variance - two * lean * lean) * z + lean * (z * z - one)
        out[x] = np.uint16(np.int32(min(max(value, zero), white)))
