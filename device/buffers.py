"""Bytes in several pieces, as a file is written: taken apart without copying. Pure."""

from collections.abc import Sequence

HEAD_BYTES = 16  # a file's beginning, which is written last; inside one sector, so the card has all of it or nothing

Bytes = bytes | bytearray | memoryview  # contiguous


def has_beginning(content: Bytes) -> bool:
    """False for a file whose body `Folder.write` had not yet made durable."""
    return any(content[:HEAD_BYTES])


def bytewise(buffers: Sequence[Bytes]) -> list[memoryview]:
    """Views of single bytes, none of them empty, without copying."""
    return [memoryview(buffer).cast("B") for buffer in buffers if memoryview(buffer).nbytes]


def split(views: list[memoryview], count: int) -> tuple[list[memoryview], list[memoryview]]:
    """The first `count` bytes and the rest, without copying."""
    first: list[memoryview] = []
    for index, view in enumerate(views):
        if count < len(view):
            return [*first, view[:count]], [view[count:], *views[index + 1 :]]
        first.append(view)
        count -= len(view)
    return first, []
