"""The lens in front of the sensor. Pure: where lenses come from, `drawer.py` knows."""

import math
from dataclasses import dataclass, replace

from device.errors import BadValue
from device.exposure import F_NUMBERS


@dataclass(frozen=True, slots=True)
class Lens:
    """One lens, as it stands: a lens of several focal lengths at one of them.

    Zero focal length or aperture means unknown, as in EXIF.

    Attributes:
        key: its name in the drawer, "summicron-35".
        name: "Summicron-M 35 mm f/2 ASPH".
        maker: "Leica".
        focal_length_mm: the one in use.
        max_aperture: f-number of the widest aperture.
        min_aperture: f-number of the smallest.
        focal_lengths_mm: all that can be chosen, shortest first, of a lens that has several.
        code: the six bits on the flange of a Leica M lens as a number; None for a lens without.
    """

    key: str
    name: str
    maker: str
    focal_length_mm: float
    max_aperture: float
    min_aperture: float = 0.0
    focal_lengths_mm: tuple[float, ...] = ()
    code: int | None = None

    @property
    def full_name(self) -> str:
        """Maker and name; some put the one into the other themselves."""
        return self.name if self.name.startswith(self.maker) else f"{self.maker} {self.name}"

    @property
    def shortest_mm(self) -> float:
        """The shortest focal length it has."""
        return min((*self.focal_lengths_mm, self.focal_length_mm))

    @property
    def longest_mm(self) -> float:
        """And the longest."""
        return max((*self.focal_lengths_mm, self.focal_length_mm))

    @property
    def apertures(self) -> tuple[float, ...]:
        """What its ring can be set to, as far as is known: its ends, and the scale's values between them."""
        widest = self.max_aperture or F_NUMBERS[0]
        smallest = max(self.min_aperture or F_NUMBERS[-1], widest)
        return tuple(sorted({widest, *(each for each in F_NUMBERS if widest < each < smallest), smallest}))

    def has_aperture(self, f_number: float) -> bool:
        """Whether its ring can be set to that, as far as is known."""
        return self.max_aperture <= f_number <= (self.min_aperture or math.inf)

    def check_aperture(self, f_number: float) -> None:
        """Refuse what its ring cannot be set to.

        Raises:
            BadValue: that f-number.
        """
        if not self.has_aperture(f_number):
            closes = f" and closes to f/{self.min_aperture:g}" if self.min_aperture else ""
            raise BadValue(
                f"{self.full_name} opens to f/{self.max_aperture:g}{closes}, not f/{f_number:g}: say what its ring "
                "shows, or choose the lens that is on the camera."
            )

    def at(self, focal_length_mm: float) -> "Lens":
        """The same lens at another of its focal lengths.

        Raises:
            BadValue: it has no such focal length.
        """
        choices = self.focal_lengths_mm or (self.focal_length_mm,)
        if focal_length_mm not in choices:
            stands = " or ".join(f"{length:g}" for length in choices)
            raise BadValue(f"{self.name or 'No lens'} has {stands} mm, not {focal_length_mm:g}.")
        return replace(self, focal_length_mm=focal_length_mm)


NO_LENS = Lens("none", "", "", 0.0, 0.0)
"""The identity: nothing of a lens is written into the files."""
