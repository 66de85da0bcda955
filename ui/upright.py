"""A photograph that was taken with the camera turned, turned back. Pure."""

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from device.frame import Preview
from device.preview import PreviewFrame

_T = TypeVar("_T", bound=np.generic)
_QUARTERS = {3: 2, 6: 3, 8: 1}  # anticlockwise, as numpy turns, by EXIF's Orientation


def upright(view: PreviewFrame, orientation: int) -> PreviewFrame:
    """The whole picture with what was measured of its places; the magnifier's window stays as it is."""
    quarters = _QUARTERS.get(orientation, 0)
    if not quarters:
        return view
    rows, columns = view.raw_size
    picture, reading = view.preview, view.reading
    return replace(
        view,
        raw_size=(columns, rows) if quarters % 2 else (rows, columns),
        preview=Preview(_turned(picture.y, quarters), _turned(picture.u, quarters), _turned(picture.v, quarters)),
        reading=replace(
            reading,
            focus=_turned(reading.focus, quarters),
            clipped=_turned(reading.clipped, quarters),
            stops=_turned(reading.stops, quarters),
        ),
    )


def _turned(plane: NDArray[_T], quarters: int) -> NDArray[_T]:
    return np.ascontiguousarray(np.rot90(plane, quarters))
