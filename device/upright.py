"""Which way up a photograph is, by how the camera is held. Pure."""

from device.photograph import Orientation
from device.tilt import Tilt

STEEP_DEG = 60.0  # of a lens that points nearer to straight up or down, roll says nothing
NEAR_DEG = 35.0  # from one of the four ways to hold a camera: between two, 20 degrees wide, it stays as it was
_ROLLS = {
    Orientation.UPRIGHT: 0,
    Orientation.TURN_CLOCKWISE: 90,  # turned clockwise, the direction up lies at the picture's left
    Orientation.TURN_HALF: 180,
    Orientation.TURN_ANTICLOCKWISE: -90,
}


def orientation_of(tilt: Tilt | None, before: Orientation) -> Orientation:
    """How a picture is to be turned that is taken now; as before where that is not clear."""
    if tilt is None or abs(tilt.pitch_deg) > STEEP_DEG:
        return before
    near = (each for each, roll in _ROLLS.items() if abs((tilt.roll_deg - roll + 180) % 360 - 180) <= NEAR_DEG)
    return next(near, before)
