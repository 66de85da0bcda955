"""Photographs on the card as they are looked through: small pictures with what is told of them, as many as memory may.

Only parts of files are read, and what was read is kept, the last used longest, within a number of bytes.
"""

import os
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from device import embedded_picture, photo_facts, sidecars
from device.album import DCIM, Picture
from device.errors import BadPicture
from device.face_states import PhotoFacts
from device.frame import Preview
from device.seeking import SeekedFile
from device.tiff import Ifd

KEPT_BYTES = 12 << 20  # ten pictures of the largest size, more of a small panel's: those around the one that is seen


@dataclass(frozen=True, slots=True, eq=False)
class StoredPicture:
    """A photograph as far as it could be read.

    Attributes:
        preview: None when there is none.
        dng: directories of its DNG; None without one that can be read.
        facts: of its exposure.
        rating: by its sidecars.
        protected: whether its files are read-only.
        fault: a sentence that says which file cannot be read, and why; empty when all is well.
    """

    preview: Preview | None
    dng: list[Ifd] | None
    facts: PhotoFacts
    rating: int
    protected: bool
    fault: str = ""

    @classmethod
    def unknown(cls) -> Self:
        """Of a photograph that is not on the card."""
        return cls(None, None, PhotoFacts(), 0, protected=False)

    @property
    def size_bytes(self) -> int:
        """Of its planes and directories."""
        planes = 0 if self.preview is None else self.preview.y.size * 3 // 2
        return planes + sum(ifd.size_bytes for ifd in self.dng or ())


class StoredPictures:
    """Reads and keeps them. One thread uses it.

    Args:
        root: the card's folder.
        size_max: (rows, columns) of a preview at most.
        kept_bytes: of previews that are kept at most.
    """

    def __init__(self, root: Path, size_max: Callable[[], tuple[int, int]], kept_bytes: int = KEPT_BYTES) -> None:
        self._root, self._size_max, self._kept_bytes = root, size_max, kept_bytes
        self._kept: OrderedDict[str, StoredPicture] = OrderedDict()

    def path(self, file: str) -> Path:
        """Where a file of a `Picture` lies."""
        return self._root / DCIM / file

    def has(self, picture: Picture) -> bool:
        """Whether it need not be read."""
        return picture.name in self._kept

    def get(self, picture: Picture) -> StoredPicture:
        """One of them. Never fails: what hinders reading it is its `fault`."""
        if picture.name not in self._kept:
            self._kept[picture.name] = self._read(picture)
            self._make_room()
        self._kept.move_to_end(picture.name)
        return self._kept[picture.name]

    def mark_anew(self, picture: Picture) -> None:
        """Read rating and protection anew: they changed."""
        if picture.name in self._kept:
            rating, protected = sidecars.rating(self._root, picture), self._is_protected(picture)
            self._kept[picture.name] = replace(self._kept[picture.name], rating=rating, protected=protected)

    def forget(self, picture: Picture) -> None:
        """Read it anew the next time: something of it changed."""
        self._kept.pop(picture.name, None)

    def clear(self) -> None:
        """Keep none: the card may be another."""
        self._kept.clear()

    def _make_room(self) -> None:
        while len(self._kept) > 1 and sum(each.size_bytes for each in self._kept.values()) > self._kept_bytes:
            self._kept.popitem(last=False)

    def _read(self, picture: Picture) -> StoredPicture:
        """By its DNG; its JPEG, which has to be read whole, only where that gives no picture, and `fault` says so."""
        preview, dng, facts, fault = None, None, PhotoFacts(), ""
        for file in picture.files:
            try:
                preview, ifds, is_dng = self._read_file(file)
            except (BadPicture, OSError) as error:
                fault = fault or _sentence(file, error)
                continue
            dng = ifds if is_dng else None
            facts = photo_facts.of_file(ifds, self._size_bytes(picture))
            break
        rating, protected = sidecars.rating(self._root, picture), self._is_protected(picture)
        return StoredPicture(preview, dng, facts, rating, protected, fault)

    def _read_file(self, file: str) -> tuple[Preview, list[Ifd], bool]:
        with SeekedFile(self.path(file)) as data:
            ifds = embedded_picture.directories(data)
            return embedded_picture.preview(data, ifds, *self._size_max()), ifds, not embedded_picture.is_jpeg(data)

    def _size_bytes(self, picture: Picture) -> int:
        return sum(status.st_size for status in self._stats(picture))

    def _is_protected(self, picture: Picture) -> bool:
        return any(not status.st_mode & 0o222 for status in self._stats(picture))

    def _stats(self, picture: Picture) -> list[os.stat_result]:
        found = []
        for file in picture.files:
            try:
                found.append(self.path(file).stat())
            except OSError:  # it is gone, which reading said
                continue
        return found


def _sentence(file: str, error: Exception) -> str:
    name = file.rpartition("/")[2]
    if isinstance(error, FileNotFoundError):
        return f"{name} is not on the card any more: was it taken out, or deleted by somebody else?"
    if isinstance(error, OSError):
        return f"{name} cannot be read ({reason(error)}): take the card out and put it in again."
    return f"{name} cannot be read ({reason(error)}): copy it to a computer before it is deleted."


def reason(error: Exception) -> str:
    """What is wrong, to stand within a sentence: without what its own sentence says that one should do."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    said = str(error).partition(": ")[0].rstrip(".")
    return f"t{said[1:]}" if said.startswith("This ") else said
