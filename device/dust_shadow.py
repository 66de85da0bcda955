"""The shadows that dust on a sensor's cover glass throws, by geometry.

The light of one point of the picture comes as a cone from the lens's exit pupil, as wide at the glass as its height
above the photosites over the f-number. A speck takes of it what it covers of the cone: so its shadow is dark and sharp
stopped down, pale and wide with the lens open, and its edge as wide as the cone or the speck, whichever is narrower.
The cone is taken to stand upright everywhere: where it leans, the shadow of a real one lies a little aside.
"""

from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import NDArray

from device.frame import SensorFacts
from device.sensor_facts import Mode

GLASS_UM = 800.0  # of the simulated sensor, from the side where dust lies to the photosites, as if all were air

Light = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Mote:
    """One speck, round and opaque."""

    row: float  # of the full sensor, under its middle
    column: float
    radius_um: float


def scattered(count: int, seed: int, facts: SensorFacts) -> tuple[Mote, ...]:
    """So many of 5 to 30 micrometres, somewhere on the glass."""
    random = np.random.default_rng(seed)
    return tuple(
        Mote(random.uniform(0, facts.height), random.uniform(0, facts.width), 5 * 6 ** random.uniform())
        for _ in range(count)
    )


def cast(mote: Mote, f_number: float, mode: Mode, pitch_um: float, light: Light) -> None:
    """Take the light of one shadow.

    Args:
        mote: the speck.
        f_number: of the lens.
        mode: how the sensor is read.
        pitch_um: of its photosites at full resolution.
        light: (rows, columns) of the photosites that are read; what lies in the shadow is multiplied.
    """
    step_um, cone_um = pitch_um * mode.binning, GLASS_UM / f_number / 2
    middle = (mote.row + 0.5 - mode.top) / mode.binning - 0.5, (mote.column + 0.5 - mode.left) / mode.binning - 0.5
    reach = (mote.radius_um + cone_um) / step_um + 1
    rows, columns = (slice(max(int(at - reach), 0), max(int(at + reach) + 1, 0)) for at in middle)
    part = light[rows, columns]
    down, across = (np.arange(first.start, first.start + size) - at for first, size, at in zip(
        (rows, columns), part.shape, middle, strict=True
    ))  # fmt: skip
    distance_um = np.hypot(down[:, None], across) * step_um
    part *= (1 - _common_area(distance_um, mote.radius_um, cone_um) / (pi * cone_um**2)).astype(np.float32)


def _common_area(apart: NDArray[np.float64], one: float, other: float) -> NDArray[np.float64]:
    """Of two discs whose middles are so far apart: two segments, where they cross."""
    d = np.clip(apart, max(abs(one - other), 1e-9), one + other)  # nearer they are one in the other, farther apart
    first = np.arccos(np.clip((d * d + one * one - other * other) / (2 * d * one), -1, 1))
    second = np.arccos(np.clip((d * d + other * other - one * one) / (2 * d * other), -1, 1))
    kite = np.sqrt(np.maximum((one + other - d) * (d + one - other) * (d - one + other) * (d + one + other), 0)) / 2
    return np.asarray(one * one * first + other * other * second - kite)
