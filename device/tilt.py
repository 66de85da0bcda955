"""How the camera is held, from what an accelerometer at rest says: the direction away from the Earth. Pure."""

import math

import msgspec

Vector = tuple[float, float, float]

LEAST = 1.0  # m/s^2: in free fall, or of a chip that says nothing, there is no direction
KEEP = 0.7  # of what was shown before: a hand trembles, and the chip's own noise is some tenths of a degree


class Tilt(msgspec.Struct, frozen=True):
    """Degrees: roll as the camera is turned clockwise, seen by the photographer; pitch as its lens points upward."""

    roll_deg: float
    pitch_deg: float

    @property
    def level(self) -> bool:
        """Within half a degree, in landscape or in portrait: a horizon that is further off is seen."""
        return abs(self.off_deg) <= 0.5

    @property
    def off_deg(self) -> float:
        """Roll from the nearest of the four ways to hold a camera, -45 to 45."""
        return (self.roll_deg + 45) % 90 - 45


def tilt_of(up: Vector) -> Tilt | None:
    """Args: up: the acceleration that holds the camera against gravity; axes right, up and to the photographer."""
    right, upward, back = up
    length = math.hypot(*up)
    if length < LEAST:
        return None
    pitch = math.degrees(math.asin(max(-1.0, min(1.0, -back / length))))
    return Tilt(math.degrees(math.atan2(-right, upward)), pitch)


def mapped(chip: Vector, axes: str) -> Vector:
    """The chip's x, y, z as right, up and to the photographer: "-y x z" says that its -y points right."""
    right, up, back = ((-1.0 if axis.startswith("-") else 1.0) * chip["xyz".index(axis[-1])] for axis in axes.split())
    return right, up, back


def calmed(before: Tilt | None, now: Tilt | None) -> Tilt | None:
    """Between what was shown and what is measured; a jump to another way of holding the camera is followed at once."""
    if before is None or now is None or abs(before.roll_deg - now.roll_deg) > 20:
        return now
    return Tilt(
        KEEP * before.roll_deg + (1 - KEEP) * now.roll_deg, KEEP * before.pitch_deg + (1 - KEEP) * now.pitch_deg
    )
