"""What the dials say at a press. Pure."""

from dataclasses import dataclass

from device.frame import Exposure
from device.shooting_states import DriveState


@dataclass(frozen=True, slots=True)
class Aim:
    """How the next photograph is to be taken.

    Attributes:
        drive: how the shutter shall behave.
        exposure: that a photograph would get now.
        keeps_shutter: the photographer fixed it and left the ISO to the camera, so a bracket varies that.
        armed: the sensor runs in full resolution, so that nothing but its next frame is waited for.
        each: of the exposures that a bulb exposure is made of.
    """

    drive: DriveState
    exposure: Exposure
    keeps_shutter: bool
    armed: bool
    each: Exposure
