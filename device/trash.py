"""Photographs deleted while it can still be undone: their files stay where they are, under hidden names.

`MCAM0001.DNG` becomes `.MCAM0001.DNG.deleted` in its own folder: one rename within one folder, which every file system
does as a whole, and the number stays taken. What a power cut leaves so is restored, as restoring is the safer. What is
deleted for good goes with its DNG last, so that a power cut amidst that leaves the DNG or nothing.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from device.album import DCIM, LAST_FILE, SUFFIXES, Album, Name, Picture, deleted_name, picture_of, undeleted_name
from device.errors import CardFull, McamError, NotReady, Protected
from device.sidecars import sidecars_among
from device.storage import Card

NUMBERS_TRIED = 5  # for what comes back, while photographs are taken that may have them first
_HALF_SIDECAR = re.compile(r"\.MCAM\d{4}\.(.{3}\.)?xmp\.part", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Deleted:
    """One photograph and the paths below DCIM that its files had."""

    picture: Picture
    files: tuple[str, ...]


class Trash:
    """What was deleted and is not yet gone, the latest last.

    Args:
        card: where it is.
        album: gives another name to what comes back where its own was taken meanwhile.
    """

    def __init__(self, card: Card, album: Album) -> None:
        self._card, self._album = card, album
        self._deleted: list[Deleted] = []

    def __len__(self) -> int:
        return len(self._deleted)

    def delete(self, picture: Picture) -> None:
        """Hide a photograph: its DNG, its JPEG and the sidecars that any program gave it.

        Raises:
            Protected: it must not be deleted.
            NotReady: a file that was deleted before has its hidden name; nothing is deleted.
            CardMissing, CardReadOnly: nothing is deleted.
        """
        if any(self._card.is_protected(f"{DCIM}/{path}") for path in picture.files):
            raise Protected(picture.name.rpartition("/")[2])
        folder = picture.name.partition("/")[0]
        sidecars = sidecars_among(self._card.names(DCIM, folder), picture.name)
        deleted = Deleted(picture, (*picture.files, *(f"{folder}/{name}" for name in sidecars)))
        done: list[str] = []
        try:
            for path in deleted.files:
                self._card.move(f"{DCIM}/{path}", deleted_name(_file(path)))
                done.append(path)
        except McamError:
            self._bring_back(done)
            raise
        except FileExistsError as error:
            self._bring_back(done)
            raise NotReady(
                f"{_file(picture.name)} cannot be deleted while another one of its name is: take the card out and put "
                "it in again, and the other comes back under a new name."
            ) from error
        self._deleted.append(deleted)

    def undo(self) -> Picture | None:
        """Bring the photograph back that was deleted last; None when there is none.

        Raises:
            CardMissing, CardReadOnly: it stays deleted, and can still be brought back.
            CardFull: there is no name for it; it stays hidden, and no `empty` deletes it for good.
        """
        if not self._deleted:
            return None
        try:
            files = self._bring_back(list(self._deleted[-1].files), self._visible(self._deleted[-1]))
        except CardFull:
            self._deleted.pop()
            raise
        self._deleted.pop()
        return picture_of([path for path in files if path[-3:].upper() in SUFFIXES and path.count(".") == 1])

    def empty(self) -> None:
        """Delete for good.

        Raises:
            CardMissing, CardReadOnly: what is left comes back when the card does.
        """
        while self._deleted:
            for path in reversed(self._deleted[-1].files):
                self._card.remove(f"{DCIM}/{_hidden(path)}")
            self._deleted.pop()

    def forget(self) -> None:
        """Leave what could not be deleted for good: it comes back with `restore_leftovers`."""
        self._deleted.clear()

    def restore_leftovers(self) -> list[str]:
        """Bring back what a power cut, or a card pulled out, left deleted; to be called when a card has come.

        Returns:
            Paths below DCIM.

        Raises:
            CardMissing, CardReadOnly: the rest stays as it is.
            CardFull: there is no name for some; they stay hidden, the others are back.
        """
        self._deleted.clear()
        restored: list[str] = []
        nameless: list[CardFull] = []
        for folder in self._card.names(DCIM):
            names = self._card.names(DCIM, folder)
            for half in filter(_HALF_SIDECAR.fullmatch, names):
                self._card.remove(f"{DCIM}/{folder}/{half}")
            found = [name for hidden in names if (name := undeleted_name(hidden))]
            for files in _by_photograph(f"{folder}/{name}" for name in found):
                try:
                    restored += self._bring_back(files)
                except CardFull as fault:
                    nameless.append(fault)
        if nameless:
            raise nameless[0]
        return restored

    def _visible(self, deleted: Deleted) -> list[str]:
        """Those of its files that an `undo` brought back before the card failed it."""
        names = set(self._card.names(DCIM, deleted.picture.name.partition("/")[0]))
        return [path for path in deleted.files if _file(path) in names and _file(_hidden(path)) not in names]

    def _bring_back(self, paths: list[str], visible: Sequence[str] = ()) -> list[str]:
        """Give one photograph its name again, or where somebody took that meanwhile, the next free one.

        Those of its files that are visible already have their names. Raises as `undo`.
        """
        done = list(visible)
        try:
            for path in (path for path in paths if path not in visible):
                self._card.move(f"{DCIM}/{_hidden(path)}", _file(path))
                done.append(path)
        except FileExistsError:
            return self._renamed(paths, done)
        return paths

    def _renamed(self, paths: list[str], visible: list[str]) -> list[str]:
        """All files of one photograph under the next number, or the one after it where that is taken meanwhile.

        Raises:
            CardFull: its folder has none left, or photographs taken just now have them; hidden files stay hidden.
        """
        stand = [path if path in visible else _hidden(path) for path in paths]
        tried = 0
        for _ in range(NUMBERS_TRIED):
            other = self._next_name(paths[0], tried)
            tried = other.number
            new = [f"{other}{_divided(path)[1]}" for path in paths]
            if self._moved(list(zip(stand, new, strict=True))):
                return new
        raise CardFull(
            f"{_divided(paths[0])[0]} stays deleted, as another file has its name and photographs taken just now the "
            "next ones: take the card out and put it in again."
        )

    def _moved(self, moves: Sequence[tuple[str, str]]) -> bool:
        """All of them or, where a name is taken, none: a photograph's files stay together. Raises as `Card.move`."""
        begun: list[tuple[str, str]] = []
        try:
            for path, to in moves:
                begun.append((path, to))
                self._card.move(f"{DCIM}/{path}", _file(to))
        except FileExistsError:
            self._move_back(begun[:-1])
            return False
        except McamError:  # the last may have got its name all the same
            self._move_back(begun)
            raise
        return True

    def _move_back(self, moves: Sequence[tuple[str, str]]) -> None:
        for path, to in reversed(moves):
            with suppress(McamError, FileExistsError):
                self._card.move(f"{DCIM}/{to}", _file(path))

    def _next_name(self, path: str, tried: int) -> Name:
        """Another one in the folder of that photograph, above what was tried: the album knows no lone sidecars."""
        folder = path.partition("/")[0]
        self._album.forget()
        with suppress(CardFull):
            name = self._album.next_name()
            number = max(name.number, tried + 1)
            if name.folder == folder and number <= LAST_FILE:
                return Name(folder, number)
        raise CardFull(
            f"{_divided(path)[0]} stays deleted, as another file has its name and {folder} has no number left: move "
            "that file away and start the camera again."
        )


def _by_photograph(paths: Iterable[str]) -> Iterable[list[str]]:
    photographs: dict[str, list[str]] = {}
    for path in paths:
        photographs.setdefault(_divided(path)[0].upper(), []).append(path)
    return photographs.values()


def _file(path: str) -> str:
    return path.rpartition("/")[2]


def _hidden(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"{folder}/{deleted_name(name)}"


def _divided(path: str) -> tuple[str, str]:
    """Such as "100MCAM_/MCAM0001" and ".DNG.xmp"."""
    stem, dot, suffix = path.partition(".")
    return stem, dot + suffix
