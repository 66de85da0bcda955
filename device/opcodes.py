"""Opcodes of DNG 1.4 (chapter 7): what a RAW developer shall do to a picture, told instead of done to its RAW.

A list is a count and the opcodes one after the other, big-endian whatever the file is. Of the three that DNG has, one
works on the samples as they are stored, one on the linear mosaic; the third, on the demosaiced picture, is not used.
Each opcode is marked as optional: who does not know it shows the picture without. Only bytes are made here; `dng.py`
puts them into the file.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from device.errors import BadValue
from device.frame import CHANNELS, Cfa, Frame
from device.hot_pixels import HotPixels

Place = tuple[int, int]  # row and column

_SINCE_1_3 = bytes((1, 3, 0, 0))
_OPTIONAL = 1
_FIX_BAD_PIXELS_LIST, _GAIN_MAP = 5, 9
_GRID_AT, _POINTS_AT = 32, 76  # in a GainMap: the numbers of points, and the first of them
# Which corner of the pattern the top left is, for the opcodes that mend photosites. The numbers are those of the Adobe
# DNG SDK's sources (dng_negative::SetBayerMosaic; IsGreen of dng_bad_pixels.h agrees). Android's writer takes them too,
# and says that the text of the DNG 1.4 specification is wrong there (img_utils/DngUtils.h). Seen here is only that the
# SDK reads the list without a complaint, not what it makes of it.
_BAYER_PHASES = {Cfa.GRBG: 0, Cfa.RGGB: 1, Cfa.BGGR: 2, Cfa.GBRG: 3}


@dataclass(frozen=True, slots=True)
class Opcode:
    """One step: its number and its parameters as they lie in the file."""

    number: int
    parameters: bytes


@dataclass(frozen=True, slots=True)
class OpcodeLists:
    """What is to be done, in this order; nothing by default.

    Attributes:
        stored: to the samples as they are in the file (OpcodeList1): photosites are mended here.
        linear: to the mosaic, black at 0 and white at 1 (OpcodeList2): the lens cast is taken out here.
    """

    stored: tuple[Opcode, ...] = ()
    linear: tuple[Opcode, ...] = ()


NO_OPCODES = OpcodeLists()


def encoded(opcodes: Sequence[Opcode]) -> bytes:
    """A list as the value of its tag."""
    parts = [
        struct.pack(">I4sII", opcode.number, _SINCE_1_3, _OPTIONAL, len(opcode.parameters)) + opcode.parameters
        for opcode in opcodes
    ]
    return struct.pack(">I", len(parts)) + b"".join(parts)


def gain_maps(gains: NDArray[np.floating], cfa: Cfa, rows: int, columns: int) -> tuple[Opcode, ...]:
    """A flat field: four GainMap opcodes for OpcodeList2, one for each place of the 2 x 2 pattern.

    Args:
        gains: (4, points down, points across) in CHANNELS order: what to multiply with, on an even grid whose outer
            points lie on the edges of the picture. Between them a reader interpolates.
        cfa: the mosaic's pattern.
        rows: of the mosaic,
        columns: and its columns.

    Raises:
        BadValue: the grid has another shape, fewer than 2 x 2 points, or a gain that is not a positive number.
    """
    if gains.ndim != 3 or len(gains) != len(CHANNELS) or min(gains.shape[1:]) < 2:
        raise BadValue(f"A flat field wants 4 grids of at least 2 x 2 points, not {gains.shape}: measure it again.")
    if not (np.isfinite(gains).all() and (gains > 0).all()):
        raise BadValue("A flat field's gains must all be positive numbers: measure it again.")
    return tuple(
        _gain_map(gains[channel], (place // 2, place % 2), (rows, columns))
        for place, channel in enumerate(cfa.pattern.ravel())
    )


def with_gains(lists: OpcodeLists, gains: NDArray[np.floating], cfa: Cfa, shape: tuple[int, ...]) -> OpcodeLists:
    """The lists with a flat field as `gain_maps` takes it, of a mosaic of that shape; as they are without one."""
    if gains.size <= len(CHANNELS):
        return lists
    return replace(lists, linear=(*gain_maps(gains, cfa, shape[0], shape[1]), *lists.linear))


def gains_in(data: bytes, cfa: Cfa) -> NDArray[np.float32] | None:
    """The flat field of an OpcodeList2 as `gain_maps` makes it; None where there is none."""
    grids: dict[Place, NDArray[np.float32]] = {}
    for opcode in decoded(data):
        if opcode.number == _GAIN_MAP:
            top, left = struct.unpack_from(">2I", opcode.parameters)
            down, across = struct.unpack_from(">2I", opcode.parameters, _GRID_AT)
            points = np.frombuffer(opcode.parameters, ">f4", down * across, _POINTS_AT)
            grids[top % 2, left % 2] = points.reshape(down, across).astype(np.float32)
    if len(grids) < len(CHANNELS):
        return None
    return np.stack([grids[divmod(int(cfa.places[channel]), 2)] for channel in range(len(CHANNELS))])


def decoded(data: bytes) -> list[Opcode]:
    """The opcodes of a list."""
    (count,), at, found = struct.unpack_from(">I", data), 4, []
    for _ in range(count):
        number, _, _, length = struct.unpack_from(">I4sII", data, at)
        found.append(Opcode(number, data[at + 16 : at + 16 + length]))
        at += 16 + length
    return found


def fix_bad_pixels(cfa: Cfa, places: Sequence[Place]) -> Opcode:
    """FixBadPixelsList for OpcodeList1: photosites to be made up from their neighbours."""
    points = b"".join(struct.pack(">II", *place) for place in places)
    return Opcode(_FIX_BAD_PIXELS_LIST, struct.pack(">III", _BAYER_PHASES[cfa], len(places), 0) + points)


def of_hot_pixels(hot: HotPixels, frame: Frame) -> OpcodeLists:
    """The lists with the sensor's hot pixels; NO_OPCODES where they are not known for a mosaic of that size."""
    if not hot.suits(frame.raw):
        return NO_OPCODES
    return OpcodeLists(stored=(fix_bad_pixels(frame.cfa, hot.places.tolist()),))


def _gain_map(gains: NDArray[np.floating], first: Place, shape: tuple[int, int]) -> Opcode:
    down, across = gains.shape
    area = struct.pack(">4I", *first, *shape)  # top, left, bottom, right
    planes_and_pitch = struct.pack(">4I", 0, 1, 2, 2)  # the only plane; every second row and column
    points = struct.pack(">2I", down, across)
    spacing_and_origin = struct.pack(">4d", 1 / (down - 1), 1 / (across - 1), 0, 0)  # the picture measures 1
    return Opcode(
        _GAIN_MAP,
        area + planes_and_pitch + points + spacing_and_origin + struct.pack(">I", 1) + gains.astype(">f4").tobytes(),
    )
