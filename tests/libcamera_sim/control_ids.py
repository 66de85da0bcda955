"""What a control or a property is."""

import enum
from dataclasses import dataclass


class ControlType(enum.Enum):
    Null = 0
    Bool = 1
    Byte = 2
    Integer32 = 5
    Integer64 = 6
    Float = 7
    String = 8
    Rectangle = 9
    Size = 10
    Point = 11


@dataclass(frozen=True)
class ControlId:
    id: int
    name: str
    type: ControlType
    vendor: str = "libcamera"
    size: int = 0  # elements of an array; 0 where it is none

    @property
    def isArray(self) -> bool:  # noqa: N802 - libcamera's name
        return self.size != 0


@dataclass(frozen=True)
class ControlInfo:
    min: object
    max: object
    default: object = None
