"""The lens of the simulation: thin-lens formulas, no pixels.

Sources: Warren J. Smith, "Modern Optical Engineering" (thin lens, cos^4 law, Airy disc); any text on photographic
optics for the circle of confusion.
"""

from dataclasses import dataclass, replace
from math import hypot, isinf

import numpy as np
from numpy.typing import NDArray

from device.errors import BadValue

FOCUS_NEAREST_M = 0.3
F_NUMBER_RANGE = (0.7, 64.0)
LIGHT_EV_RANGE = (-10.0, 10.0)
GREEN_UM = 0.55  # the wavelength the eye and the sensor see best
MECHANICAL_LOSS = 0.3  # light lost in the corner by the barrel at F_NUMBER_OPEN; stopping down cures it
F_NUMBER_OPEN = 1.4


@dataclass(frozen=True, slots=True)
class Rings:
    """Where the rings of the lens stand, and how much light there is.

    Attributes:
        focal_length_mm: of the lens.
        focus_m: distance of the plane in focus, inf for infinity.
        f_number: the aperture ring.
        light_ev: stops more or less light on the scene.
    """

    focal_length_mm: float = 35.0
    focus_m: float = 2.0
    f_number: float = 4.0
    light_ev: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no lens can do; nan fails every comparison.

        Raises:
            BadValue: outside what the ring allows.
        """
        nearest = max(FOCUS_NEAREST_M, 2 * self.focal_length_mm / 1000)
        if not self.focus_m >= nearest:
            raise BadValue(f"This lens focuses from {nearest:g} m to infinity: {self.focus_m:g} m is outside.")
        if not F_NUMBER_RANGE[0] <= self.f_number <= F_NUMBER_RANGE[1]:
            raise BadValue(f"The aperture ring goes from f/{F_NUMBER_RANGE[0]:g} to f/{F_NUMBER_RANGE[1]:g}.")
        if not LIGHT_EV_RANGE[0] <= self.light_ev <= LIGHT_EV_RANGE[1]:
            raise BadValue(f"The light goes from {LIGHT_EV_RANGE[0]:g} to {LIGHT_EV_RANGE[1]:g} stops.")

    def turned(self, focus_m: float | None, f_number: float | None, light_ev: float | None) -> "Rings":
        """With some of the rings elsewhere; None leaves one alone."""
        wanted = {"focus_m": focus_m, "f_number": f_number, "light_ev": light_ev}
        return replace(self, **{name: value for name, value in wanted.items() if value is not None})


def circle_of_confusion_um(rings: Rings, depth_m: float) -> float:
    """Diameter of the disc that a point at that depth becomes on the sensor, in micrometres.

    c = f^2 |d - s| / (N d (s - f)), with s the focused distance and d the depth; its limits where one is infinite.
    """
    f, s, d = rings.focal_length_mm, rings.focus_m * 1000, depth_m * 1000
    if isinf(s) and isinf(d):
        return 0.0
    if isinf(s):
        return 1000 * f * f / (rings.f_number * d)
    if isinf(d):
        return 1000 * f * f / (rings.f_number * (s - f))
    return 1000 * f * f * abs(d - s) / (rings.f_number * d * (s - f))


def diffraction_um(f_number: float) -> float:
    """Full width at half maximum of the Airy disc, 1.03 lambda N, in micrometres."""
    return 1.03 * GREEN_UM * f_number


def blur_um(rings: Rings, depth_m: float) -> float:
    """Diameter of a disc as wide as defocus and diffraction together: widths of independent blurs add in squares."""
    return hypot(circle_of_confusion_um(rings, depth_m), diffraction_um(rings.f_number))


def light_per_exposure(rings: Rings, exposure_us: int) -> float:
    """Light on the sensor relative to 10 ms at f/4: proportional to time and to 1 / N^2, doubled by every stop."""
    return exposure_us / 10_000 * (4.0 / rings.f_number) ** 2 * float(2.0**rings.light_ev)


def mechanical_loss(f_number: float) -> float:
    """Share of the light lost in the corner to the barrel; it shrinks with the area of the aperture."""
    return MECHANICAL_LOSS * min(1.0, (F_NUMBER_OPEN / f_number) ** 2)


def falloff(radius_um: NDArray[np.float32], corner_um: float, rings: Rings) -> NDArray[np.float32]:
    """Vignetting, 1 on the axis: cos^4 of the field angle times the barrel's loss, which grows with the radius squared.

    Args:
        radius_um: any shape, distance from the axis on the sensor.
        corner_um: where the barrel takes its full toll.
        rings: focal length and aperture count.
    """
    tangent2 = (radius_um / np.float32(rings.focal_length_mm * 1000)) ** 2
    barrel = np.float32(mechanical_loss(rings.f_number)) * (radius_um / np.float32(corner_um)) ** 2
    return np.asarray((1 - barrel) / (1 + tangent2) ** 2, np.float32)
