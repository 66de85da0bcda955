"""How near and how far a lens draws sharply. Pure: the formulae of Allen R. Greenleaf, "Photographic Optics" (1950).

They are those of every table, as dofmaster.com/equations.html cites them: H = f^2 / (N c) + f, near = s (H - f) /
(H + s - 2 f), far = s (H - f) / (H - s), with f the focal length, N the f-number, s the distance in focus and c the
circle of confusion: how wide a point may become and still be called sharp. The scale on a lens was engraved for c =
1/30 mm on 24 x 36; behind a smaller sensor, which is enlarged more, it promises too much.
"""

from math import hypot, inf
from typing import Literal

from device.frame import SensorFacts

Rule = Literal["pixel", "diagonal"]

# A Bayer mosaic samples each colour at every second photosite, so a blur as wide as two is the smallest that shows.
PHOTOSITES = 2
DIAGONALS = 1500  # the classic share of a picture's diagonal, looked at as a whole: 0.029 mm on 24 x 36


def circle_of_confusion_um(facts: SensorFacts, rule: Rule) -> float:
    """The widest blur that is called sharp, in micrometres; 0 where the photosites' size is not known."""
    if rule == "pixel":
        return PHOTOSITES * facts.pixel_pitch_um
    return hypot(facts.width, facts.height) * facts.pixel_pitch_um / DIAGONALS


def hyperfocal_m(focal_length_mm: float, f_number: float, confusion_um: float) -> float:
    """Focused there, everything from half of it to infinity is sharp; metres."""
    return (focal_length_mm**2 / (f_number * confusion_um / 1000) + focal_length_mm) / 1000


def limits_m(focus_m: float, focal_length_mm: float, f_number: float, confusion_um: float) -> tuple[float, float]:
    """From where to where it is sharp, in metres.

    Args:
        focus_m: the distance in focus, more than the focal length; inf for infinity.
        focal_length_mm: of the lens.
        f_number: what is set on its ring.
        confusion_um: the circle of confusion.

    Returns:
        Near and far limit; the far one is inf from the hyperfocal distance on.
    """
    hyperfocal, f = hyperfocal_m(focal_length_mm, f_number, confusion_um), focal_length_mm / 1000
    if focus_m == inf:
        return hyperfocal - f, inf
    near = focus_m * (hyperfocal - f) / (hyperfocal + focus_m - 2 * f)
    return near, inf if focus_m >= hyperfocal else focus_m * (hyperfocal - f) / (hyperfocal - focus_m)
