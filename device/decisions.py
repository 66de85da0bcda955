"""What the photographer left to the camera and what not, in EXIF's numbers (CIPA DC-008-2019, version 2.32). Pure."""

from dataclasses import dataclass

from device.states import ExposureState, WhiteBalanceState

_PROGRAM = {"M": 1, "A": 3}
_METERING = {"centre": 2, "spot": 3, "multi": 5, "highlight": 255}
_LIGHT = {"auto": 0, "daylight": 1, "fluorescent": 2, "tungsten": 3, "cloudy": 10, "shade": 11}
OTHER = 255


@dataclass(frozen=True, slots=True)
class Decisions:
    """Of one photograph.

    Attributes:
        program: ExposureProgram, 1 for M and 3 for A; 0 is unknown, and then so is the rest.
        metering: MeteringMode.
        light: LightSource; 0 is automatic white balance.
    """

    program: int = 0
    metering: int = 0
    light: int = 0

    @property
    def is_manual(self) -> bool:
        """For ExposureMode."""
        return self.program == _PROGRAM["M"]

    @property
    def is_balanced(self) -> bool:
        """For WhiteBalance: by the photographer."""
        return self.light != _LIGHT["auto"]


NO_DECISIONS = Decisions()


def of(exposure: ExposureState, white: WhiteBalanceState) -> Decisions:
    """As the dials stand."""
    return Decisions(_PROGRAM[exposure.mode], _METERING[exposure.metering], _LIGHT.get(white.mode, OTHER))
