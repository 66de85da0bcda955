"""The photographs laid out to be looked through: their list, the one that is seen, and what is done with it.

Everything here takes its time, for it reads and writes the card; one thread uses it.
"""

from collections.abc import Callable, Sequence

from device import sidecars
from device.album import ALL, DCIM, Album, Picture
from device.errors import McamError
from device.face_states import ReviewState
from device.hot_pixels import HotOf, none_of
from device.looked_at import LookedAt, Sizes
from device.photograph import Photograph
from device.review import About, Review
from device.roll import Shot, place_of, roll_of
from device.storage import Card
from device.stored_pictures import StoredPicture, StoredPictures
from device.trash import Trash

NEXT, AFTER = (-1, 1), (-2, 2)  # read beforehand; who looks at the newest goes back

Waiting = Callable[[], Sequence[tuple[Photograph, str]]]


class LightTable:
    """What is on it.

    Args:
        card: where the photographs are.
        waiting: those that are not all on the card yet, oldest first, each with its name so far.
        sizes: of what the viewfinder shows.
        hot_of: what is known of the sensor of that model.

    Attributes:
        looked: the photograph that is seen; None when there is none.
        number: of that, from 1: it tells it from the others that were seen.
    """

    def __init__(self, card: Card, waiting: Waiting, sizes: Callable[[], Sizes], hot_of: HotOf = none_of) -> None:
        self.looked: LookedAt | None = None
        self.number = 0
        self._card, self._waiting = card, waiting
        self._sizes, self._hot_of = sizes, hot_of
        self._album = Album(card.folder)
        self._trash = Trash(card, Album(card.folder))
        self._stored = StoredPictures(card.folder, lambda: sizes().picture)
        self._roll: list[Shot] = []
        self._index = 0
        self._message = self._absence = ""  # what failed last; why nothing can be listed

    def welcome(self) -> None:
        """A card has come: what an earlier end left deleted comes back. A card that does not let it is no obstacle."""
        self.looked, self._roll = None, []
        self._stored.clear()
        try:
            self._trash.restore_leftovers()
        except (McamError, FileExistsError) as error:
            self._message = str(error)

    def begin(self) -> None:
        """Lay out what is in memory, the newest to be seen: the card is read after that."""
        self._message = ""
        self._lay(roll_of([], self._waiting()), newest=True)

    def list_anew(self, *, newest: bool = False, at: Shot | None = None) -> None:
        """Read what is on the card; stay at the photograph that is seen, or go to the newest, or to that one."""
        self._absence, pictures = "", []
        try:
            pictures = self._album.newest(ALL)
        except McamError as error:
            self._absence = str(error)
        self._lay(roll_of(pictures, self._waiting()), newest=newest, at=at)

    def saved(self, photograph: Photograph, picture: Picture) -> None:
        """A photograph that was in memory is on the card by now."""
        self._roll = [Shot(picture) if shot.photograph is photograph else shot for shot in self._roll]
        if self.looked is not None and self.looked.shot.photograph is photograph:
            self.looked.shot = Shot(picture)

    def go(self, steps: int) -> None:
        """To another photograph, newer is positive; not beyond the ends."""
        wanted = max(0, min(self._index + steps, len(self._roll) - 1))
        if wanted != self._index:
            self._message = ""
            self._index = wanted
            self._look()

    def read_on(self, review: Review) -> bool:
        """Read one more part of what is seen, or a neighbour; whether there was something to read.

        The next ones first, to be there when they are wanted, unless it is looked at for what only the RAW tells.
        """
        if not review.zoom and review.page != "histogram" and self._read_neighbour(NEXT):
            return True
        return (self.looked is not None and self.looked.read_on(review)) or self._read_neighbour(NEXT + AFTER)

    def rate(self, value: int) -> None:
        """Give the photograph that is seen a rating of 0 to 5."""
        picture = self._saved()
        if picture is not None:
            self._do(lambda: sidecars.rate(self._card, picture, value))
            self._stored.mark_anew(picture)

    def protect(self) -> None:
        """Protect it, or no longer."""
        picture = self._saved()
        if picture is not None:
            on = not self._told_of().protected
            self._do(lambda: self._protect(picture, on=on))
            self._stored.mark_anew(picture)

    def _protect(self, picture: Picture, *, on: bool) -> None:
        for file in picture.files:
            self._card.protect(f"{DCIM}/{file}", on=on)

    def mark_anew(self) -> None:
        """Somebody else rated, protected or deleted something."""
        self._stored.clear()

    def delete(self) -> None:
        """Delete it, which can be undone until `leave`."""
        picture = self._saved()
        if picture is not None and self._do(lambda: self._trash.delete(picture)):
            self._stored.forget(picture)
            self.list_anew()

    def undo(self) -> None:
        """Bring back the photograph that was deleted last, and go to it."""
        back: list[Picture | None] = []
        if self._do(lambda: back.append(self._trash.undo())) and back[0] is not None:
            self.list_anew(at=Shot(back[0]))

    def give_up(self, sentence: str) -> None:
        """Something is wrong with what is seen that nobody foresaw: read no more of it."""
        self._message = sentence
        if self.looked is not None:
            self.looked.give_up(sentence)

    def leave(self) -> None:
        """Nobody looks any more: what is deleted goes for good, and memory is given back."""
        self.looked, self._roll = None, []
        self._stored.clear()
        try:
            self._trash.empty()
        except McamError:  # the card is gone or locked: what is left on it comes back when it can be written
            self._trash.forget()

    def about(self, review: Review) -> About:
        """What the buttons need to know."""
        looked = self.looked
        if looked is None:
            return About(deleted=len(self._trash))
        stored = self._told_of()
        return About(
            is_there=True,
            is_saved=self._saved() is not None,
            rating=stored.rating,
            deleted=len(self._trash),
            window=looked.share(review),
        )

    def told(self) -> ReviewState:
        """What the clients are to know, but for how it is looked at, and what of it is in the ring."""
        looked = self.looked
        if looked is None:
            return ReviewState(message=self._message, deleted=len(self._trash))
        stored = self._told_of()
        return ReviewState(
            name=looked.shot.name,
            position=self._index + 1,
            count=len(self._roll),
            raw=looked.standing,
            rating=stored.rating,
            protected=stored.protected,
            deleted=len(self._trash),
            message=self._message or looked.fault,
            facts=looked.facts,
        )

    def _lay(self, roll: list[Shot], *, newest: bool, at: Shot | None = None) -> None:
        seen = at if at or self.looked is None else self.looked.shot
        self._roll = roll
        self._index = max(0, len(roll) - 1 if newest else place_of(seen, roll, self._index))
        if not roll or self.looked is None or not roll[self._index].is_same(self.looked.shot):
            self._look()

    def _look(self) -> None:
        """Take the photograph of the index in hand."""
        self.number += 1
        if not self._roll:
            self.looked = None
            return
        shot = self._roll[self._index]
        stored = None if shot.photograph is not None or shot.picture is None else self._stored.get(shot.picture)
        path = self._stored.path(shot.picture.files[0] if shot.picture else "")
        self.looked = LookedAt(shot, stored, path, self._sizes(), self._hot_of)

    def _read_neighbour(self, steps: tuple[int, ...]) -> bool:
        for step in steps:
            index = self._index + step
            shot = self._roll[index] if 0 <= index < len(self._roll) else None
            if shot and shot.picture and shot.photograph is None and not self._stored.has(shot.picture):
                self._stored.get(shot.picture)
                return True
        return False

    def _saved(self) -> Picture | None:
        """The photograph that is seen, when all of it is on the card."""
        shot = None if self.looked is None else self.looked.shot
        return None if shot is None or shot.photograph is not None else shot.picture

    def _told_of(self) -> StoredPicture:
        picture = self._saved()
        return StoredPicture.unknown() if picture is None else self._stored.get(picture)

    def _do(self, work: Callable[[], object]) -> bool:
        """Whether it was done; why not is the message."""
        self._message = ""
        try:
            work()
        except (McamError, FileExistsError) as error:
            self._message = str(error)
            return False
        return True
