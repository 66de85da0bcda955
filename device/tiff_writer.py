"""TIFF structure, written: directories laid out with the data they point to."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from device.tiff import LETTERS, Bytes, Entry, Type


@dataclass(slots=True, eq=False)
class Directory:
    """One image file directory to be written.

    Attributes:
        entries: values, put in with `put`.
        children: directories that a tag points to (SubIFDs, EXIF IFD).
        blocks: data that two tags, one for offsets and one for byte counts, point to.
        following: the next in the chain (IFD1 with the thumbnail of an EXIF block).
    """

    entries: dict[int, Entry] = field(default_factory=dict)
    children: dict[int, list["Directory"]] = field(default_factory=dict)
    blocks: dict[tuple[int, int], list[Bytes]] = field(default_factory=dict)
    following: "Directory | None" = None

    def put(self, tag: int, kind: Type, *values: float | tuple[int, int] | str | bytes) -> None:
        """Set a tag: one text (written as UTF-8) or bytes, or numbers, each fraction as (above, below)."""
        self.entries[tag] = _entry(kind, values)


@lru_cache(maxsize=256)  # a camera's own figures are the same in every file
def fraction(value: float, below: int) -> tuple[int, int]:
    """The fraction nearest to a number, with a denominator up to `below`."""
    return Fraction(value).limit_denominator(below).as_integer_ratio()


def write(root: Directory) -> list[Bytes]:
    """A little-endian TIFF as buffers to be written one after the other; the data blocks are not copied."""
    directories = list(_walk(root))
    places: dict[int, int] = {}  # of a directory or block, by its id: they are told apart by identity
    end = 8
    for directory in directories:
        places[id(directory)] = end
        end += _size(directory)
    blocks = [block for directory in directories for each in directory.blocks.values() for block in each]
    head = end
    for block in blocks:
        places[id(block)] = end
        end += _even(memoryview(block).nbytes)
    encoded = b"".join(_encoded(directory, places[id(directory)], places) for directory in directories)
    assert len(encoded) + 8 == head  # noqa: S101 - every offset in the file rests on it
    return [struct.pack("<2sHI", b"II", 42, 8) + encoded, *_padded(blocks)]


def _entry(kind: Type, values: tuple[float | tuple[int, int] | str | bytes, ...]) -> Entry:
    if isinstance(values[0], str):
        data = values[0].encode() + b"\0"
        return Entry(kind, len(data), "<", data)
    if isinstance(values[0], bytes):
        return Entry(kind, len(values[0]), "<", values[0])
    flat = [part for value in values for part in (value if isinstance(value, tuple) else (value,))]
    return Entry(kind, len(values), "<", struct.pack("<" + LETTERS[kind] * len(values), *flat))


def _walk(directory: Directory) -> Iterator[Directory]:
    yield directory
    for children in directory.children.values():
        for child in children:
            yield from _walk(child)
    if directory.following is not None:
        yield from _walk(directory.following)


def _size(directory: Directory) -> int:
    """Bytes of a directory with the values that lie behind it."""
    pointers = [len(children) for children in directory.children.values()]
    pointers += [len(blocks) for blocks in directory.blocks.values() for _ in range(2)]
    values = [len(entry.data) for entry in directory.entries.values()] + [4 * count for count in pointers]
    return 2 + 12 * len(values) + 4 + sum(_even(size) for size in values if size > 4)


def _encoded(directory: Directory, at: int, places: dict[int, int]) -> bytes:
    entries = dict(directory.entries)
    for tag, children in directory.children.items():
        entries[tag] = _entry(Type.LONG, tuple(places.get(id(child), 0) for child in children))
    for (offsets, counts), blocks in directory.blocks.items():
        entries[offsets] = _entry(Type.LONG, tuple(places.get(id(block), 0) for block in blocks))
        entries[counts] = _entry(Type.LONG, tuple(memoryview(block).nbytes for block in blocks))
    table, values = struct.pack("<H", len(entries)), b""
    after_table = at + 2 + 12 * len(entries) + 4
    for tag, entry in sorted(entries.items()):
        data = bytes(entry.data)
        place = data.ljust(4, b"\0") if len(data) <= 4 else struct.pack("<I", after_table + len(values))
        table += struct.pack("<HHI", tag, entry.type, entry.count) + place
        values += data.ljust(_even(len(data)), b"\0") if len(data) > 4 else b""
    return table + struct.pack("<I", places.get(id(directory.following), 0)) + values


def _padded(blocks: list[Bytes]) -> Iterator[Bytes]:
    for block in blocks:
        yield block
        if memoryview(block).nbytes % 2:
            yield b"\0"


def _even(size: int) -> int:
    return size + size % 2
