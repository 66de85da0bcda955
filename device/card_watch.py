"""What is known of the card: looked at between photographs, so that the camera can ask without waiting for it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from device import clip_files
from device.album import Album
from device.errors import CardFull, CardMissing, CardReadOnly, McamError
from device.storage import FULL, Card, CardFault, CardState

HANGS = "The card does not answer: take it out and put it in again, or put in another."
SIZES_KEPT = 10  # of the newest photographs: what the next will take is reckoned from them
_STATES: dict[type[McamError], CardState] = {CardFull: "full", CardMissing: "missing", CardReadOnly: "read-only"}


@dataclass(frozen=True, slots=True)
class CardChanged:
    """The card is in another state; the sentence is empty when all is well."""

    state: CardState
    sentence: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """Whole pictures that an earlier run could not name any more have their names: their paths below DCIM."""

    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """The card when it was last looked at.

    Attributes:
        fault: why it takes no photograph; None when it does.
        shots_left: how many more it takes.
        last: the newest photograph on it, "" when there is none.
    """

    fault: CardFault | None = None
    shots_left: int = 0
    last: str = ""

    @property
    def state(self) -> CardState:
        """In a word."""
        return "ok" if self.fault is None else _STATES[type(self.fault)]

    @property
    def sentence(self) -> str:
        """What is wrong; empty when nothing is."""
        return "" if self.fault is None else str(self.fault)


class CardWatch:
    """Looks at the card and tells once what has changed. Only the darkroom's worker calls its methods but `hangs`.

    Args:
        card: what is looked at.
        album: its numbers.
        is_whole: whether these bytes, left over by a power cut, are a complete picture.
        photograph_bytes: what a photograph will need on the card.
        tell: hears of changes.
        welcomed: called when a card has come, once nothing on it is unfinished any more.

    Attributes:
        seen: the card at the last look; any thread may read it.
    """

    def __init__(
        self,
        card: Card,
        album: Album,
        is_whole: Callable[[memoryview], bool],
        photograph_bytes: int,
        tell: Callable[[CardChanged | Recovered], None],
        welcomed: Callable[[], None],
    ) -> None:
        self.seen = Seen()
        self._card, self._album, self._is_whole, self._tell = card, album, is_whole, tell
        self._welcomed = welcomed
        self._photograph_bytes = photograph_bytes
        self._sizes: deque[int] = deque(maxlen=SIZES_KEPT)
        self._trouble: CardFault | None = None
        self._is_stranger = True
        self._told = CardChanged("ok", "")

    def look(self) -> CardFault | None:
        """See how the card is; what an earlier run left unfinished on it is dealt with when it has just come."""
        try:
            shots_left = self._shots_left()
            if self._is_stranger:
                self._welcome()
        except (CardFull, CardMissing, CardReadOnly) as fault:
            self._found(fault, 0)
            return fault
        full = None if shots_left else CardFull(FULL)
        self._found(self._trouble or full, shots_left)
        return full

    def hangs(self) -> None:
        """A look that takes long; when it ends, what it saw counts. May be called from another thread."""
        self._found(CardMissing(HANGS), 0)

    def failed(self, fault: CardFault) -> None:
        """Writing to it failed: so it stays in the camera's eyes until writing succeeds, whatever it looks like."""
        self._trouble = fault
        self._found(fault, 0)

    def forgive(self) -> None:
        """Nothing waits any more that would show whether writing succeeds again: believe what the card looks like."""
        self._trouble = None

    def saved(self, name: str, size_bytes: int) -> None:
        """A photograph of that name and size was written."""
        self._trouble = None
        self._sizes.extend([size_bytes] if size_bytes else [])
        if self._sizes:
            self._photograph_bytes = sum(self._sizes) // len(self._sizes)
        self.seen = replace(self.seen, shots_left=max(0, self.seen.shots_left - 1), last=name or self.seen.last)

    def _shots_left(self) -> int:
        room = self._card.room_bytes() // self._photograph_bytes
        self._album.next_name()  # says so when the numbers are used up
        return min(room, self._album.numbers_left())

    def _welcome(self) -> None:
        """The card is there, for the first time or again; it may be another, and something may lie unfinished on it."""
        files = self._card.adopt_leftovers(self._is_whole, self._album.next_name)
        clip_files.adopt(self._card, self._is_whole)
        self._is_stranger = False
        self._welcomed()
        newest = self._album.newest(1)
        self.seen = replace(self.seen, last=newest[0].name if newest else "")
        if files:
            self._tell(Recovered(tuple(files)))

    def _found(self, fault: CardFault | None, shots_left: int) -> None:
        self._is_stranger |= isinstance(fault, CardMissing)
        self.seen = replace(self.seen, fault=fault, shots_left=shots_left)
        change = CardChanged(self.seen.state, self.seen.sentence)
        if change != self._told:
            self._told = change
            self._tell(change)
