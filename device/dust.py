"""Dust on the sensor: how much light comes through to each small cell of its shadows. Values that travel; pure.

`dust_search.py` finds them beside a flat field, of which they are a part that no smooth map can follow. They hold for
its lens and aperture: the shadow of one speck is as dark as the speck's area is to that of the lens's cone of light
there, so at another aperture it is paler or darker by twice the stops.
"""

import base64
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.errors import BadValue

CELL = 4  # photosites of full resolution each way
MOST_CELLS = 20_000  # of all specks: what travels in one message beside the flat field
_NONE = "This is no dust: measure it by `mcam lens flatfield`."
_STEPS = 250  # of a share: 0.4 %
_HEAD, _BOX = struct.Struct(">HHH"), struct.Struct(">HHHH")


@dataclass(frozen=True, slots=True, eq=False)
class Speck:
    """One shadow.

    Attributes:
        top: row of cells where it begins,
        left: and column.
        shares: (rows, columns) float32 of the light that comes through, 1 where all does, as at its border.
    """

    top: int
    left: int
    shares: NDArray[np.float32]

    @property
    def depth(self) -> float:
        """Share of the light that its darkest cell lacks."""
        return 1 - float(self.shares.min())


@dataclass(frozen=True, slots=True, eq=False)
class Dust:
    """All that is known of one sensor behind one lens at one aperture.

    Attributes:
        rows: photosites of the mosaics that it was found in,
        columns: and in a row of them.
        specks: the darkest first.
    """

    rows: int
    columns: int
    specks: tuple[Speck, ...]


NO_DUST = Dust(0, 0, ())


def encoded(dust: Dust) -> bytes:
    """As it is kept, sent, and told by a DNG; of none: nothing."""
    if not dust.specks:
        return b""
    parts = [_HEAD.pack(dust.rows, dust.columns, len(dust.specks))]
    for speck in dust.specks:
        steps = np.rint(np.clip(speck.shares, 0, 1) * _STEPS).astype(np.uint8)
        parts.append(_BOX.pack(speck.top, speck.left, *steps.shape) + steps.tobytes())
    return b"".join(parts)


def decoded(data: bytes) -> Dust:
    """The same back, rounded.

    Raises:
        BadValue: it is no such thing.
    """
    if not data:
        return NO_DUST
    try:
        rows, columns, count = _HEAD.unpack_from(data)
        specks, at = [], _HEAD.size
        for _ in range(count):
            speck, at = _speck(data, at, rows // CELL, columns // CELL)
            specks.append(speck)
    except (struct.error, ValueError) as fault:
        raise BadValue(_NONE) from fault
    if at != len(data) or sum(speck.shares.size for speck in specks) > MOST_CELLS:
        raise BadValue(_NONE)
    return Dust(rows, columns, tuple(specks))


def to_text(dust: Dust) -> str:
    """As a message carries it."""
    return base64.b64encode(encoded(dust)).decode("ascii")


def from_text(text: str) -> Dust:
    """The same back. Raises as `decoded`."""
    try:
        return decoded(base64.b64decode(text, validate=True))
    except ValueError as fault:  # binascii.Error is one; so is what letters are answered with that no ASCII has
        raise BadValue(_NONE) from fault


def _speck(data: bytes, at: int, rows: int, columns: int) -> tuple[Speck, int]:
    """And where the next one begins; ValueError where it does not lie on so many cells."""
    top, left, high, wide = _BOX.unpack_from(data, at)
    at += _BOX.size
    steps = np.frombuffer(data[at : at + high * wide], np.uint8)
    if not steps.size or top + high > rows or left + wide > columns or steps.max() > _STEPS:
        raise ValueError("not on the sensor")
    return Speck(top, left, np.asarray(steps.reshape(high, wide) / np.float32(_STEPS), np.float32)), at + high * wide
