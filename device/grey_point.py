"""White balance by something grey: the colour of the spot meter's square in the RAW. Pure."""

from dataclasses import dataclass

import numpy as np

from device.errors import BadGrey
from device.exposure_map import spot_cells
from device.frame import FOCUS_CELL, Frame, Triple
from device.window import Window

CLIPPED_MOST = 0.001  # share of photosites: a bright defect is no harm
FAINTEST = 1 / 128  # of full scale, in each channel: below, an error of the black level would colour it


@dataclass(frozen=True, slots=True)
class GreyPoint:
    """Mean red, green and blue of the square, shares of full scale, and the share of photosites that are clipped."""

    light: Triple
    clipped: float


def seen(frame: Frame, window: Window | None = None) -> GreyPoint:
    """What is in the square: in the middle of the frame, or of the magnifier's window."""
    cells = frame.raw.shape[0] // FOCUS_CELL, frame.raw.shape[1] // FOCUS_CELL
    rows, columns = spot_cells(cells, window.cells if window else None)
    square = frame.raw[
        rows.start * FOCUS_CELL : rows.stop * FOCUS_CELL, columns.start * FOCUS_CELL : columns.stop * FOCUS_CELL
    ]
    if not square.size:
        return GreyPoint((0.0, 0.0, 0.0), 0.0)
    by_place = np.array([square[i::2, j::2].mean() for i in (0, 1) for j in (0, 1)])
    black = np.array(frame.levels.black)
    red, green_red, green_blue, blue = (by_place[frame.cfa.places] - black) / (frame.levels.white - black)
    light = float(red), float(green_red + green_blue) / 2, float(blue)
    return GreyPoint(light, float((square >= frame.levels.white).mean()))


def neutral(point: GreyPoint) -> Triple:
    """What the camera shall take for grey, green = 1.

    Raises:
        BadGrey: it is clipped, or too dark to have a colour.
    """
    if point.clipped > CLIPPED_MOST:
        raise BadGrey("The grey point is clipped: expose less, or aim at something darker.")
    if min(point.light) < FAINTEST:
        raise BadGrey("The grey point is too dark to have a colour: expose more, or aim at something brighter.")
    red, green, blue = point.light
    return red / green, 1.0, blue / green
