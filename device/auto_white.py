"""Automatic white balance from the meter's means, for a sensor whose stack has none. Pure but for what it remembers.

The world is grey on average (G. Buchsbaum, A spatial processor model for object colour perception, 1980), and its light
is daylight or a lamp: of all those the one is taken under which that average would look most nearly grey. So a meadow
turns nobody's face purple.
"""

import math
from functools import lru_cache

from device import light_source
from device.colour import neutral_under
from device.frame import Colour, Reading, Triple

STEP_MIRED = 4  # 1e6 / kelvin; a difference of 5 is just seen
MIREDS = tuple(range(120, 424, STEP_MIRED))  # 8333 to 2381 K
FAINTEST = 1e-3  # of full scale: darker frames have no colour
CLIPPED_MOST = 0.1  # share of a channel: of more the colour is that of clipping, red, green and blue alike
CALM_STEPS = 2  # a difference that is left alone
SHARE = 4  # of a difference that is made up in a frame


class AutoWhite:
    """Remembers where the balance stands, so that it changes little from frame to frame. Not for several threads.

    Args:
        colour: the camera's matrices.
    """

    def __init__(self, colour: Colour) -> None:
        self._colour = colour
        self._at: int | None = None  # index into MIREDS

    def after(self, reading: Reading) -> Triple | None:
        """Camera RGB of grey under the light of the newest frames; None before there is one that has colours."""
        red, green_red, green_blue, blue = (float(mean) for mean in reading.mean)
        green = (green_red + green_blue) / 2
        if min(red, green, blue) > FAINTEST and float(reading.clipped_share.max()) < CLIPPED_MOST:
            self._at = _moved(self._at, _nearest(self._colour, (red / green, blue / green)))
        return None if self._at is None else _neutrals(self._colour)[self._at]


def _moved(at: int | None, towards: int) -> int:
    off = 0 if at is None else towards - at
    if at is None or abs(off) < CALM_STEPS:
        return towards if at is None else at
    return at + int(math.copysign(max(1, abs(off) // SHARE), off))


def _nearest(colour: Colour, means: tuple[float, float]) -> int:
    """The light whose grey differs least in the logarithms of red and blue to green."""
    distances = [math.hypot(math.log(means[0] / red), math.log(means[1] / blue)) for red, _, blue in _neutrals(colour)]
    return distances.index(min(distances))


@lru_cache(maxsize=2)
def _neutrals(colour: Colour) -> tuple[Triple, ...]:
    return tuple(neutral_under(colour, light_source.of_temperature(1e6 / mired)) for mired in MIREDS)
