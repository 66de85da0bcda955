"""A flat field worked into the RAW itself, and dust taken off it, for programs that ignore what a DNG says. Pure."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from device.dust import NO_DUST
from device.dust_removal import cleaned
from device.errors import BadPicture
from device.flat_field import NO_GAINS, Gains, shares_of_points
from device.frame import Frame, Raw
from device.hot_pixels import NO_HOT_PIXELS
from device.photograph import Photograph


def baked(photograph: Photograph) -> Photograph:
    """The photograph with its flat field in the mosaic, where no dust lies any more, and both no longer beside it.

    Every number above black is multiplied; what comes to lie above white is white, as it is to a reader of the opcodes.

    Raises:
        BadPicture: it has none.
    """
    if photograph.gains.size <= 4:
        raise BadPicture("it was taken without a flat field")
    frame = photograph.frame
    clean = replace(frame, raw=cleaned(frame.raw, frame.cfa, frame.levels, NO_HOT_PIXELS, photograph.dust))
    flat = replace(clean, raw=_flattened(clean, photograph.gains))
    return replace(photograph, frame=flat, gains=NO_GAINS, dust=NO_DUST)


def _flattened(frame: Frame, gains: Gains) -> Raw:
    raw = np.empty_like(frame.raw)
    for channel, place in enumerate(frame.cfa.places):
        row, column = divmod(int(place), 2)
        black, plane = frame.levels.black[channel], frame.raw[row::2, column::2]
        down, across = (_weights(length, first, points) for length, first, points in zip(
            frame.raw.shape, (row, column), gains.shape[1:], strict=True
        ))  # fmt: skip
        light = (plane - np.float32(black)) * (down @ gains[channel] @ across.T)
        raw[row::2, column::2] = np.clip(np.rint(light + np.float32(black)), 0, frame.levels.white)
    return raw


def _weights(length: int, first: int, points: int) -> NDArray[np.float32]:
    """(photosites, points): what each photosite from the `first` on, every second one, takes of each point's gain."""
    return shares_of_points(np.arange(first, length, 2) / max(length - 1, 1), points)
