"""The lens in front of the sensor: profiles from lenses/*.toml; no lens is the identity profile `none`."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from device.errors import BadValue


@dataclass(frozen=True, slots=True)
class Lens:
    """One lens. Zero focal length or aperture means unknown, as in EXIF."""

    key: str  # the profile's file name, "summicron-35"
    name: str  # "Summicron-M 35 mm f/2 ASPH"
    maker: str
    focal_length_mm: float
    max_aperture: float


def profiles() -> list[str]:
    """The keys of all lenses in the drawer."""
    return sorted(p.name.removesuffix(".toml") for p in _folder().iterdir() if p.name.endswith(".toml"))


def load(key: str) -> Lens:
    """The lens of that key.

    Raises:
        BadValue: there is none.
    """
    if key not in profiles():
        raise BadValue(f'No lens "{key}": the drawer holds {", ".join(profiles())}.')
    table = tomllib.loads((_folder() / f"{key}.toml").read_text())
    return Lens(key, table["name"], table["maker"], float(table["focal_length_mm"]), float(table["max_aperture"]))


def _folder() -> Traversable:
    return resources.files("device") / "lenses"
