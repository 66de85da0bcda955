"""What a client asks to be done with a photograph on the card, by its name: rated, protected, deleted, brought back.

The page's gallery does. Photographs looked at on the panel are the `light_table`'s, which has a trash of its own.
"""

import threading
from collections.abc import Callable, Sequence

from device import sidecars
from device.album import ALL, DCIM, Album, Picture
from device.clock import Clock
from device.errors import BadValue, NotReady
from device.photograph import Photograph
from device.protocol import DeleteCall, Nothing, ProtectCall, RateCall
from device.review import RATING_MAX
from device.storage import Card
from device.trash import Trash

UNDO_NS = 60 * 1_000_000_000  # after the last deletion; its room on the card is wanted, too


class Marks:
    """Any thread may call, and may have to wait for the card.

    Args:
        card: where the photographs are.
        waiting: those that are not all on the card yet, each with its name so far.
        clock: until when a deletion can be undone.
        changed: called when `deleted` or `changes` is another.

    Attributes:
        marked: called when something was done; the reviewer puts its own here, and looks anew.
        changes: grows with everything that is done with photographs on the card, here or at the camera's own buttons.
    """

    def __init__(
        self,
        card: Card,
        waiting: Callable[[], Sequence[tuple[Photograph, str]]],
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self.marked: Callable[[], None] = lambda: None
        self._card, self._waiting, self._clock, self._changed = card, waiting, clock, changed
        self._album, self._trash = Album(card.folder), Trash(card, Album(card.folder))
        self._lock = threading.Lock()  # of the trash, and of what a `welcome` looks through
        self._until_ns = 0
        self.changes = 0

    @property
    def deleted(self) -> int:
        """How many photographs can be brought back."""
        return len(self._trash)

    def rate(self, call: RateCall) -> Nothing:
        """Give a photograph that many stars.

        Raises:
            BadValue: there is no such photograph, or are no such stars.
            NotReady: it is not all on the card yet.
            BadPicture, CardFull, CardMissing, CardReadOnly: as `sidecars.rate` has it.
        """
        if not 0 <= call.rating <= RATING_MAX:
            raise BadValue(f"A rating of {call.rating} is none: give 0 to {RATING_MAX}.")
        with self._lock:
            sidecars.rate(self._card, self._picture(call.name), call.rating)
        return self._done()

    def protect(self, call: ProtectCall) -> Nothing:
        """Let nobody delete a photograph, or anybody again. Raises as `rate`, but for BadPicture and CardFull."""
        for file in self._picture(call.name).files:
            self._card.protect(f"{DCIM}/{file}", on=call.on)
        return self._done()

    def delete(self, call: DeleteCall) -> Nothing:
        """Delete a photograph with all its files, which can be undone for a while.

        Raises:
            Protected: it must not be deleted.
            NotReady: as `rate`, and as `Trash.delete`.
            BadValue, CardMissing, CardReadOnly: as `rate`.
        """
        with self._lock:  # looked for within it, as another client may be deleting it just now
            self._trash.delete(self._picture(call.name))
            self._until_ns = self._clock.now_ns() + UNDO_NS
        return self._done()

    def undelete(self, _: Nothing) -> Nothing:
        """Bring the photograph back that was deleted last.

        Raises:
            NotReady: none can be brought back.
            CardFull, CardMissing, CardReadOnly: as `Trash.undo` has it.
        """
        try:
            with self._lock:
                back = self._trash.undo()
        finally:
            self._done()
        if back is None:
            raise NotReady("What was deleted is gone by now: nothing can be brought back any more.")
        return Nothing()

    def seconds_left(self) -> float | None:
        """Until what was deleted is gone for good, which happens here; None: nothing is deleted."""
        if not self.deleted:
            return None
        with self._lock:  # all of it: what is deleted between a look at the clock and emptying has its minute, too
            left_ns = self._until_ns - self._clock.now_ns()
            if left_ns > 0:
                return left_ns / 1e9
            self._empty()
        self._changed()
        return None

    def welcome(self, bring_back: Callable[[], None]) -> None:
        """A card has come: what was left hidden on it is brought back, and nobody deletes or rates there meanwhile."""
        with self._lock:
            bring_back()
            self._trash.forget()
        self.count_change()

    def count_change(self) -> None:
        """Who has a list of the photographs and their marks has an old one.

        Threads that count at once may count one for two; both have done their work by then.
        """
        self.changes += 1
        self._changed()

    def _empty(self) -> None:
        try:
            self._trash.empty()
        except OSError:  # the card is gone or locked: what is left on it comes back when it can be written
            self._trash.forget()

    def _picture(self, name: str) -> Picture:
        if any(name == unsaved for _, unsaved in self._waiting()):
            raise NotReady(f"{name} is still being saved: try again in a moment.")
        picture = next((each for each in self._album.newest(ALL) if each.name == name), None)
        if picture is None:
            self._card.room_bytes()  # says what is wrong with the card, which an empty list would not
            raise BadValue(f'No photograph "{name[:40]}" on this card.')
        return picture

    def _done(self) -> Nothing:
        self.marked()
        self.count_change()
        return Nothing()
