"""Where photographs become files on the card, one after the other, while the camera goes on.

A photograph that the darkroom has taken is lost with the power, given up by its photographer, or, where no file can be
made of it, told of as `Failed`: in no other way. While the card is full, read-only or away it waits, and so do those
behind it. The camera never waits for any of this: it reserves a place before the shot and hears at once when there is
none. At most `size` photographs and the files of one of them are held in memory.
"""

import threading
from collections import deque
from collections.abc import Callable

from device.album import Album
from device.background import step_back
from device.card_watch import CardWatch
from device.darkroom_status import Status
from device.errors import CardFull, CardMissing, CardReadOnly, NotReady
from device.negative import Finish, Negative, NotMade
from device.outcome import Failed, Saved, Told
from device.photograph import Photograph
from device.places import Places
from device.prints import PrintOf, Prints
from device.storage import Card
from device.ticket import Ticket

LOOK_S = 1.0  # how often an idle darkroom looks at the card, and a waiting one tries again
FIRST_LOOK_S = 3.0  # that the camera's start waits for it; a card with thousands of photographs takes a fraction
GRACE_S = 1.0  # for a worker told to stop now; one that a dead card holds up ends with the process
COLLISIONS_MAX = 3  # names found taken in a row before it waits a while


class Darkroom:
    """A bounded queue of photographs, and the worker that puts them on the card in the order they came.

    Args:
        card: where they go.
        album: what they are called.
        size: photographs that may wait.
        finish: makes the files of one, what must not be lost first; see `Negative`.
        is_whole: whether these bytes, left over by a power cut, are a complete picture.
        photograph_bytes: what one will need on the card; from the first one saved on, the last one's size counts.
        tell: hears what happens, on the worker's thread.
        print_of: makes the JPEG of a DNG that lacks its own, when there is nothing else to do; None: none is wanted.
        taken: called when a photograph was handed over, on the thread that did.
        early: frames of before a press that may wait besides.

    Attributes:
        failed: what ended the worker, when that was not `close`. Whoever starts a darkroom watches this and ends the
            process: without its worker nothing gets saved.
    """

    def __init__(
        self,
        card: Card,
        album: Album,
        size: int,
        finish: Finish,
        is_whole: Callable[[memoryview], bool],
        photograph_bytes: int,
        tell: Callable[[Told], None],
        print_of: PrintOf | None = None,
        taken: Callable[[], None] = lambda: None,
        early: int = 0,
    ) -> None:
        self.failed: BaseException | None = None
        self._card, self._album, self._size = card, album, size
        self._finish, self._tell, self._taken = finish, tell, taken
        self._prints = Prints(card, album, print_of, tell)
        self._watch = CardWatch(card, album, is_whole, photograph_bytes, tell, self._prints.find)
        self._lock = threading.Lock()  # of queue and places; never held while the card or `tell` is waited for
        self._queue: deque[Negative] = deque()
        self._discarded: list[Negative] = []  # given up; the worker drops them
        self._places = Places(size, early)
        self._collisions = 0
        self._is_closing = self._is_stopped = False
        self._wake = threading.Event()
        self._has_looked = threading.Event()
        self._worker: threading.Thread | None = None

    def start(self) -> None:
        """Begin to work, after a first look at the card; one that hangs is not waited for, but told of."""
        self._worker = threading.Thread(target=self._work, name="darkroom", daemon=True)
        self._worker.start()
        if not self._has_looked.wait(FIRST_LOOK_S):
            self._watch.hangs()

    def reserve(self, *, early: bool = False) -> Ticket:
        """A place for a photograph that is about to be taken, or for a frame of before a press.

        Raises:
            CardFull, CardMissing, CardReadOnly: the card, as last seen, does not take it.
            Busy: as many photographs wait as may.
            NotReady: the darkroom is closed, or its worker died.
        """
        with self._lock:
            self._check_open()
            seen = self._watch.seen
            if seen.fault is not None:
                raise type(seen.fault)(str(seen.fault))
            self._places.take(seen.shots_left, early=early)
        return Ticket(lambda photograph: self._hand_over(photograph, early=early))

    def room(self, *, early: bool = False) -> int:
        """Photographs that may still come, or frames of before a press, while the card takes them."""
        with self._lock:
            return self._places.room(self._watch.seen.shots_left, early=early)

    def discard(self) -> int:
        """Give up the photographs that wait now for a card that takes none; `Failed` is told of each.

        Returns:
            How many.

        Raises:
            NotReady: the card takes photographs, or none waits.
        """
        with self._lock:
            if self._watch.seen.fault is None:
                raise NotReady("The card takes photographs: what waits is being saved, and nothing is given up.")
            if not self._queue:
                raise NotReady("No photograph waits for the card: there is nothing to give up.")
            self._discarded = list(self._queue)
        self._wake.set()
        return len(self._discarded)

    def status(self) -> Status:
        """How it stands."""
        with self._lock:
            seen = self._watch.seen
            return Status(
                queued=len(self._queue),
                size=self._size,
                is_full=self._places.is_full,
                card=seen.state,
                sentence=seen.sentence,
                shots_left=max(0, seen.shots_left - self._places.taken),
                last=seen.last,
            )

    def waiting(self) -> list[tuple[Photograph, str]]:
        """Those that are not all on the card, oldest first, each with its name, "" while nothing of it is there."""
        with self._lock:
            return [(negative.photograph, negative.name) for negative in self._queue]

    def step(self) -> bool:
        """One round of the worker: drop what was given up, look at the card, save the oldest photograph.

        Returns:
            Whether the next round can follow at once; when not, there is nothing to do, or the card has to change.
        """
        self._drop_discarded()
        fault = self._watch.look()
        if isinstance(fault, CardMissing | CardReadOnly):
            return False
        if self._queue:
            return self._save(self._queue[0])
        return fault is None and self._prints.step()

    def close(self, deadline_s: float) -> list[Photograph]:
        """Take nothing more, save what waits as far as the card and the time allow, and end.

        Returns:
            The photographs that could not be saved.
        """
        self._is_closing = True
        self._join(deadline_s)
        self._is_stopped = True
        self._join(GRACE_S)
        with self._lock:
            return [negative.photograph for negative in self._queue]

    def _join(self, deadline_s: float) -> None:
        self._wake.set()
        if self._worker is not None:
            self._worker.join(deadline_s)

    def _check_open(self) -> None:
        if self._is_closing:
            raise NotReady("The camera is being switched off: this photograph was not taken.")
        if self.failed is not None:
            raise NotReady("Nothing can be saved any more: switch the camera off and on again.")

    def _hand_over(self, photograph: Photograph | None, *, early: bool) -> None:
        with self._lock:
            if photograph is None or self._is_stopped:
                self._places.give_back(early=early)
            if photograph is not None and self._is_stopped:
                raise NotReady("The camera was switched off before this photograph could be saved.")
            if photograph is not None:
                self._queue.append(Negative(photograph, self._finish, early=early))
        self._wake.set()
        if photograph is not None:
            self._taken()

    def _drop_discarded(self) -> None:
        with self._lock:
            dropped = [negative for negative in self._discarded if negative in self._queue]
            self._discarded = []
            for negative in dropped:
                self._queue.remove(negative)
                self._places.give_back(early=negative.early)
        if dropped and not self._queue:
            self._watch.forgive()
        for negative in dropped:
            sentence = f"A photograph was given up: {negative.safe}."
            self._tell(Failed(negative.photograph, sentence, tuple(negative.paths)))

    def _save(self, negative: Negative) -> bool:
        try:
            negative.save(self._card, self._album)
        except (CardFull, CardMissing, CardReadOnly) as fault:
            self._watch.failed(fault)
            return False
        except FileExistsError:
            self._collisions += 1
            return self._collisions <= COLLISIONS_MAX
        except NotMade as error:
            sentence = f"A photograph could not be finished ({error}): {negative.safe}; please report this."
            self._done(negative, Failed(negative.photograph, sentence, tuple(negative.paths)))
        else:
            self._done(negative, Saved(negative.photograph, negative.name, tuple(negative.paths)))
        return True

    def _done(self, negative: Negative, outcome: Saved | Failed) -> None:
        self._collisions = 0
        with self._lock:
            self._queue.popleft()
            self._places.give_back(early=negative.early)
            self._watch.saved(negative.name, negative.size_bytes if isinstance(outcome, Saved) else 0)
        self._tell(outcome)

    def _work(self) -> None:
        try:
            self._watch.look()
            self._has_looked.set()
            step_back()
            while not self._is_over():
                self._wake.clear()
                if not self.step():
                    self._wake.wait(LOOK_S)
        except BaseException as error:  # noqa: BLE001 - whoever watches `failed` raises it on the main thread
            self.failed = error
            self._has_looked.set()

    def _is_over(self) -> bool:
        with self._lock:
            return self._is_stopped or (self._is_closing and not self._places.taken)
