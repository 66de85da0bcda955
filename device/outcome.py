"""What the darkroom has to tell: of a photograph, and of the card."""

from dataclasses import dataclass

from device.card_watch import CardChanged, Recovered
from device.photograph import Photograph
from device.recording import Filmed


@dataclass(frozen=True, slots=True)
class Saved:
    """A photograph is safe on the card: its name ("100MCAM_/MCAM0001") and the paths of its files below DCIM."""

    photograph: Photograph
    name: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """Not every file could be made of a photograph, perhaps none; those in `files` are safe."""

    photograph: Photograph
    sentence: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """No JPEG can be made of a DNG that has none."""

    sentence: str


Told = Saved | Failed | NotPrinted | CardChanged | Recovered | Filmed
