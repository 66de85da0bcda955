"""The photographs that can be looked through, oldest first: those on the card, and those that wait for it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from device.album import Picture
from device.photograph import Photograph


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One of them: its files as far as there are any, and what is still in memory of it."""

    picture: Picture | None
    photograph: Photograph | None = None

    @property
    def name(self) -> str:
        """Such as "100MCAM_/MCAM0001"; empty while nothing of it is on the card."""
        return "" if self.picture is None else self.picture.name

    def is_same(self, other: "Shot") -> bool:
        """Whether it is the same photograph, which may have been saved between."""
        if self.photograph is not None and self.photograph is other.photograph:
            return True
        return bool(self.name) and self.name == other.name


def roll_of(newest_first: Sequence[Picture], waiting: Sequence[tuple[Photograph, str]]) -> list[Shot]:
    """All of them.

    Args:
        newest_first: on the card, as `Album.newest` lists them.
        waiting: in memory, oldest first, each with its name, or "" while nothing of it is on the card.
    """
    unsaved = {name: photograph for photograph, name in waiting if name}
    roll = [Shot(picture, unsaved.pop(picture.name, None)) for picture in reversed(newest_first)]
    return roll + [Shot(None, photograph) for photograph, name in waiting if not name or name in unsaved]


def place_of(shot: Shot | None, roll: Sequence[Shot], otherwise: int) -> int:
    """Where a photograph is in a roll; where it is not, the place nearest to the one it had."""
    if shot is not None:
        for index in range(len(roll) - 1, -1, -1):
            if roll[index].is_same(shot):
                return index
    return max(0, min(otherwise, len(roll) - 1))
