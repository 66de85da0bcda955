"""How photographs are numbered, named, paired and listed: DCF (JEITA CP-3461), the rules every camera's card follows.

`DCIM/100MCAM_/MCAM0001.DNG` and `.JPG`. A folder has a number from 100 to 999 that no other folder on the card has,
whoever made it, and five characters of ours; a file has four characters of ours and a number from 0001 to 9999 that
the files of one photograph share. Cards are FAT or exFAT, where case makes no difference, so none is made here.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from device.errors import BadValue, CardFull, CardMissing

DCIM = "DCIM"
FIRST_FOLDER, LAST_FOLDER = 100, 999
LAST_FILE = 9999
ALL = LAST_FOLDER * LAST_FILE  # photographs: more than there are numbers
OUR_FOLDER, OUR_FILE = "MCAM_", "MCAM"
SUFFIXES = ("DNG", "JPG")  # in the order of listing: the negative first

_FOLDER = re.compile(r"([1-9]\d\d)([0-9A-Z_]{5})", re.IGNORECASE | re.ASCII)
_FILE = re.compile(r"([0-9A-Z_]{4})(\d{4})\.([0-9A-Z]{3})", re.IGNORECASE | re.ASCII)
_DELETED = re.compile(r"\.(MCAM\d{4}\..+)\.deleted", re.ASCII | re.IGNORECASE)
_PART = re.compile(r"\.(MCAM\d{4}\.[0-9A-Z]{3})\.part", re.ASCII)


@dataclass(frozen=True, slots=True)
class Name:
    """One photograph's name, without suffix; `str()` is "100MCAM_/MCAM0001"."""

    folder: str
    number: int

    def __str__(self) -> str:
        return f"{self.folder}/{OUR_FILE}{self.number:04d}"


@dataclass(frozen=True, slots=True)
class Picture:
    """One photograph on the card: its name and its files as paths below DCIM, the DNG first."""

    name: str
    files: tuple[str, ...]


Stamp = tuple[int, int, int] | None  # device, inode and time of change of a folder; None where there is none


@dataclass(frozen=True, slots=True)
class _Place:
    """Where numbering stands: the last number used in the newest of our folders, and the folder numbers still free."""

    folder: str
    number: int
    free: tuple[int, ...]
    stamps: tuple[Stamp, Stamp]


class Album:
    """The photographs on one card.

    The newest folder is read once and then only when its time of change, or that of DCIM, is not what it was after
    our own last file: a card that is changed underneath, or for another, is noticed without reading thousands of names
    for each photograph. Storage never overwrites, so what happens within one tick of a card's clock cannot hurt either.
    """

    def __init__(self, root: Path) -> None:
        self._dcim = root / DCIM
        self._place: _Place | None = None

    def next_name(self) -> Name:
        """The name after the highest in use, in any case of letters, by whole files or half ones.

        Raises:
            CardFull: the numbers are used up.
            CardMissing: the folders cannot be read.
        """
        place = self._standing()
        if place.number < LAST_FILE:
            return Name(place.folder, place.number + 1)
        if not place.free:
            last = Name(place.folder, LAST_FILE)
            raise CardFull(f"The last number there is, {last}, is used: put in an empty card.")
        return Name(f"{place.free[0]}{OUR_FOLDER}", 1)

    def numbers_left(self) -> int:
        """How many photographs can still be named.

        Raises:
            CardMissing: the folders cannot be read.
        """
        place = self._standing()
        return LAST_FILE - place.number + LAST_FILE * len(place.free)

    def wrote(self, name: Name) -> None:
        """Go on from that name, which is now on the card."""
        if self._place is None or self._place.folder != name.folder:
            self.forget()
        else:
            self._place = replace(self._place, number=name.number, stamps=self._stamps(name.folder))

    def forget(self) -> None:
        """Read the folders anew before the next name: one turned out to be taken."""
        self._place = None

    def newest(self, limit: int) -> list[Picture]:
        """At most that many of our photographs, newest first; reads only as many folders as it takes.

        Raises:
            CardMissing: the folders cannot be read.
        """
        pictures: list[Picture] = []
        with _readable():
            for _, folder in sorted(_ours(self._folders()), reverse=True):
                if len(pictures) >= limit:
                    break
                pictures += self._pictures(folder)
        return pictures[: max(limit, 0)]

    def file(self, path: str) -> Path:
        """Where the file of that path below DCIM lies ("100MCAM_/MCAM0001.JPG"): nothing but a photograph is found.

        Raises:
            BadValue: it is none, or not there.
        """
        folder, _, file = path.partition("/")
        place = self._dcim / folder / file
        ours = _our_folder(folder) and _our_file(file)
        if not ours or not place.is_file() or not place.resolve().is_relative_to(self._dcim.resolve()):
            raise BadValue(f'No photograph "{path[:40]}" on this card.')
        return place

    def _standing(self) -> _Place:
        with _readable():
            if self._place is None or self._place.stamps != self._stamps(self._place.folder):
                self._place = self._read_place()
            return self._place

    def _read_place(self) -> _Place:
        stamp = _stamp(self._dcim)  # before reading: what changes meanwhile is seen next time
        folders = self._folders()
        taken = Counter(int(match[1]) for name in folders if (match := _FOLDER.fullmatch(name)))
        last, folder = max(_ours(folders), default=(FIRST_FOLDER - 1, ""))
        stamps = (stamp, _stamp(self._dcim / folder))
        free = tuple(n for n in range(last + 1, LAST_FOLDER + 1) if n not in taken)
        # Two folders of one number are no DCF: that one is left as it is, and the next free one begun.
        number = LAST_FILE if taken[last] != 1 else self._highest(folder)
        return _Place(folder, number, free, stamps)

    def _stamps(self, folder: str) -> tuple[Stamp, Stamp]:
        return _stamp(self._dcim), _stamp(self._dcim / folder)

    def _folders(self) -> dict[str, bool]:
        """What is in DCIM, and whether it is a folder."""
        try:
            with os.scandir(self._dcim) as entries:
                return {entry.name: entry.is_dir() for entry in entries}
        except FileNotFoundError:
            return {}

    def _highest(self, folder: str) -> int:
        """The highest number in that folder; DCF gives numbers, not names, to photographs, so anyone's file counts."""
        names = (final_name(name) or undeleted_name(name) or name for name in self._names(folder))
        return max((int(match[2]) for name in names if (match := _FILE.fullmatch(name))), default=0)

    def _pictures(self, folder: str) -> list[Picture]:
        files: dict[str, list[str]] = {}
        for name in filter(_our_file, self._names(folder)):
            files.setdefault(name[:8].upper(), []).append(name)
        return [
            picture_of([f"{folder}/{name}" for name in sorted(files[stem], key=_by_suffix)])
            for stem in sorted(files, reverse=True)
        ]

    def _names(self, folder: str) -> list[str]:
        return os.listdir(self._dcim / folder)  # noqa: PTH208 - names are wanted, and thousands of Path objects are slow


def part_name(name: str) -> str:
    """What a file is called until it is whole."""
    return f".{name}.part"


def final_name(part: str) -> str | None:
    """The name that a file of ours with a `part_name` was to get; None for any other file."""
    match = _PART.fullmatch(part)
    return match[1] if match else None


def deleted_name(name: str) -> str:
    """What a file is called while its deletion can be undone: its number stays taken."""
    return f".{name}.deleted"


def undeleted_name(deleted: str) -> str | None:
    """The name of a file of ours before it got a `deleted_name`; None for any other file."""
    match = _DELETED.fullmatch(deleted)
    return match[1] if match else None


def _our_folder(name: str) -> bool:
    match = _FOLDER.fullmatch(name)
    return match is not None and match[2].upper() == OUR_FOLDER


def _our_file(name: str) -> bool:
    match = _FILE.fullmatch(name)
    return match is not None and match[1].upper() == OUR_FILE and match[3].upper() in SUFFIXES


def _ours(folders: dict[str, bool]) -> list[tuple[int, str]]:
    """Number and name of each of our folders."""
    return [(int(name[:3]), name) for name, is_folder in folders.items() if is_folder and _our_folder(name)]


def _by_suffix(name: str) -> tuple[int, str]:
    return SUFFIXES.index(name[9:].upper()), name


def picture_of(paths: Sequence[str]) -> Picture:
    """The photograph with those files, paths below DCIM in order."""
    return Picture(paths[0].rpartition(".")[0], tuple(paths))


def _stamp(folder: Path) -> Stamp:
    try:
        found = folder.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns


@contextmanager
def _readable() -> Iterator[None]:
    """Say what hinders reading in one sentence."""
    try:
        yield
    except OSError as error:
        raise CardMissing(f"The card cannot be read ({error.strerror}): take it out and put it in again.") from error
