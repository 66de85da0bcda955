"""TIFF structure (Adobe, TIFF revision 6.0), the frame that DNG and EXIF are built in: its types, and reading it.

`tiff_writer.py` writes it. What a tag means is left to those who use this.
"""

import math
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from device.errors import BadPicture

Bytes = bytes | bytearray | memoryview


class Parts(Protocol):
    """A file of which only what is asked for is read; bytes are one too."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> Bytes: ...


SUB_IFDS, EXIF_IFD = 330, 34665
STRIP_OFFSETS, STRIP_BYTE_COUNTS = 273, 279
TILE_OFFSETS, TILE_BYTE_COUNTS = 324, 325
JPEG_OFFSET, JPEG_BYTE_COUNT = 513, 514  # of an EXIF thumbnail

_POINTERS = (SUB_IFDS, EXIF_IFD)
_DATA = (
    (STRIP_OFFSETS, STRIP_BYTE_COUNTS),
    (TILE_OFFSETS, TILE_BYTE_COUNTS),
    (JPEG_OFFSET, JPEG_BYTE_COUNT),
)
_VALUES_MAX = 16 << 20  # bytes of all values; ours have some kB. Many values may name one place, so a file is no bound
_DIRECTORIES_MAX = 64  # a DNG has four; a file with more is rubbish that happens to look like one


class Type(IntEnum):
    """The types of a value, TIFF 6.0 section 2."""

    BYTE = 1
    ASCII = 2
    SHORT = 3
    LONG = 4
    RATIONAL = 5
    SBYTE = 6
    UNDEFINED = 7
    SSHORT = 8
    SLONG = 9
    SRATIONAL = 10
    FLOAT = 11
    DOUBLE = 12
    IFD = 13


LETTERS = {  # as in struct
    Type.BYTE: "B",
    Type.ASCII: "B",
    Type.SHORT: "H",
    Type.LONG: "I",
    Type.RATIONAL: "II",
    Type.SBYTE: "b",
    Type.UNDEFINED: "B",
    Type.SSHORT: "h",
    Type.SLONG: "i",
    Type.SRATIONAL: "ii",
    Type.FLOAT: "f",
    Type.DOUBLE: "d",
    Type.IFD: "I",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One value, still as its bytes: what is never asked for is never decoded."""

    type: Type
    count: int
    order: str  # "<" or ">", as in struct
    data: Bytes

    def numbers(self) -> tuple[float, ...]:
        """All values; a fraction over zero is not a number."""
        letters = LETTERS[self.type]
        values = struct.unpack(self.order + letters[0] * (len(letters) * self.count), self.data)
        if len(letters) == 1:
            return values
        pairs = zip(values[::2], values[1::2], strict=True)
        return tuple(above / below if below else float("nan") for above, below in pairs)

    def text(self) -> str:
        """Up to the first NUL, as UTF-8, which ASCII is a part of; whatever else stands there becomes U+FFFD."""
        return bytes(self.data).split(b"\0", 1)[0].decode("utf-8", "replace").strip()


@dataclass(frozen=True, slots=True)
class Ifd:
    """One image file directory that was read: tag to value."""

    entries: dict[int, Entry]

    @property
    def size_bytes(self) -> int:
        """Of all values."""
        return sum(len(entry.data) for entry in self.entries.values())

    def numbers(self, tag: int) -> tuple[float, ...]:
        """The values of a tag, empty where it is absent."""
        return self.entries[tag].numbers() if tag in self.entries else ()

    def integers(self, tag: int) -> tuple[int, ...]:
        """The same for values that are whole numbers; a fraction is cut."""
        return tuple(int(value) for value in self.numbers(tag) if math.isfinite(value))

    def text(self, tag: int) -> str:
        """The text of a tag, empty where it is absent."""
        return self.entries[tag].text() if tag in self.entries else ""


def read(data: Parts) -> list[Ifd]:
    """Every directory of a TIFF, DNG or EXIF block: IFD0 first, its SubIFDs and EXIF IFD, then those chained to it.

    Raises:
        BadPicture: it is none, or a directory or a value lies outside of it.
    """
    view = memoryview(data).cast("B") if isinstance(data, bytes | bytearray | memoryview) else data
    order = _byte_order(view)
    waiting, room = [_integer(view, 4, order + "I")], _VALUES_MAX
    seen: set[int] = set()
    found: list[Ifd] = []
    while waiting:
        offset = waiting.pop(0)
        if offset == 0 or offset in seen:
            continue
        seen.add(offset)
        ifd, following = _read_ifd(view, offset, order, room)
        room -= ifd.size_bytes
        found.append(ifd)
        if len(found) > _DIRECTORIES_MAX:
            raise BadPicture("This file is no picture: its directories have no end.")
        waiting += [pointer for tag in _POINTERS for pointer in ifd.integers(tag)] + [following]
    return found


def find(ifds: list[Ifd], tag: int) -> tuple[float, ...]:
    """The values of a tag in the first directory that has it; empty where none does."""
    return next((ifd.numbers(tag) for ifd in ifds if tag in ifd.entries), ())


def find_text(ifds: list[Ifd], tag: int) -> str:
    """The text of a tag in the first directory that has it; empty where none does."""
    return next((ifd.text(tag) for ifd in ifds if tag in ifd.entries), "")


def holds_its_data(ifds: list[Ifd], length: int) -> bool:
    """Whether every strip, tile and thumbnail that the directories name ends within so many bytes."""
    return all(
        len(ifd.integers(offsets)) == len(ifd.integers(counts))
        and all(sum(place) <= length for place in zip(ifd.integers(offsets), ifd.integers(counts), strict=True))
        for ifd in ifds
        for offsets, counts in _DATA
    )


def _byte_order(view: Parts) -> str:
    orders = {b"II*\0": "<", b"MM\0*": ">"}
    if bytes(view[:4]) not in orders:
        raise BadPicture("This file is no TIFF or DNG: choose one that another program opens.")
    return orders[bytes(view[:4])]


def _read_ifd(view: Parts, offset: int, order: str, room: int) -> tuple[Ifd, int]:
    count = _integer(view, offset, order + "H")
    entries: dict[int, Entry] = {}
    for at in range(offset + 2, offset + 2 + 12 * count, 12):
        tag, code = struct.unpack(order + "HH", _part(view, at, 4))
        if code in LETTERS:  # TIFF 6.0: readers skip types they do not know
            entries[tag] = _read_entry(view, at, Type(code), order, room)
            room -= len(entries[tag].data)
    return Ifd(entries), _integer(view, offset + 2 + 12 * count, order + "I")


def _read_entry(view: Parts, at: int, kind: Type, order: str, room: int) -> Entry:
    count = _integer(view, at + 4, order + "I")
    size = count * struct.calcsize("<" + LETTERS[kind])
    if size > room:
        raise BadPicture("This file is no picture: it tells more than any does.")
    start = at + 8 if size <= 4 else _integer(view, at + 8, order + "I")
    return Entry(kind, count, order, _part(view, start, size))


def _integer(view: Parts, at: int, form: str) -> int:
    return int(struct.unpack(form, _part(view, at, struct.calcsize(form)))[0])


def _part(view: Parts, at: int, size: int) -> Bytes:
    part = view[at : at + size] if at >= 0 and at + size <= len(view) else b""
    if len(part) < size:
        raise BadPicture("This picture is cut short or damaged: copy it from the card again.")
    return part
