"""The [view] section of mcam.toml: what the viewfinder shows at the start. See config.py."""

from dataclasses import dataclass
from typing import Annotated, Literal

from device.face_states import Aspect, Magnification, PeakingColour, PeakingStrength, Waveform
from device.languages import languages
from device.rules import Number, OneOf, Text, WholeOrOff

AXES = Text(
    "(?!.*([xyz]).*\\1)[-]?[xyz] [-]?[xyz] [-]?[xyz]", 'three axes of the chip such as "x y z" or "-y x z", each once'
)


@dataclass(frozen=True, slots=True)
class ViewConfig:
    """[view]."""

    info: Literal["clean", "basic", "full"]
    peaking: bool
    peaking_strength: PeakingStrength
    peaking_colour: PeakingColour
    zebra: bool
    histogram: bool
    focus_meter: bool
    grid: bool
    zebra_level: Annotated[int, WholeOrOff(70, 100, "IRE")]
    underexposure: bool
    false_colour: bool
    waveform: Waveform
    spot: bool
    magnifier: bool
    magnification: Magnification
    magnifier_x: Annotated[float, Number(0, 1, "of the width")]
    magnifier_y: Annotated[float, Number(0, 1, "of the height")]
    split: bool
    centre: bool
    frame_lines: bool
    aspect: Aspect
    ghost: bool
    level: bool
    review_s: Annotated[int, WholeOrOff(1, 10, "seconds")]
    language: Annotated[str, OneOf(languages)]
    level_axes: Annotated[str, AXES]
