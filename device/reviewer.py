"""The thread that looks photographs through: it reads the card, lays pictures into the ring, does what was asked.

One small step after the other, so that the newest wish is never further away than one of them. Whatever is wrong with a
photograph or the card, the camera goes on.
"""

import threading
from collections import deque
from itertools import groupby

import msgspec

from device.album import picture_of
from device.card_watch import CardChanged, Recovered
from device.light_table import LightTable
from device.marks import Marks
from device.on_screen import OnScreen
from device.outcome import Failed, Saved, Told
from device.review import Action
from device.review_face import ReviewFace
from device.storage import CardState

GRACE_S = 1.0  # for a worker told to stop; one that a dead card holds up ends with the process


class Reviewer:
    """Fulfils what is wished for.

    Args:
        face: has the wishes.
        table: has the photographs; only this object's worker uses it.
        on_screen: what the ring shows.
        marks: what clients do with photographs meanwhile.
    """

    def __init__(self, face: ReviewFace, table: LightTable, on_screen: OnScreen, marks: Marks) -> None:
        self._face, self._table, self._on_screen, self._marks = face, table, on_screen, marks
        self._news: deque[Told] = deque()
        self._opened = 0  # the look that was begun
        self._is_listed = False
        self._has_come = True  # a card
        self._card_state: CardState = "ok"  # as the darkroom told last; until it does, all is well
        self._shown: object = None
        self._laid = 0  # the number of the photograph that is in the ring
        self._is_marked = False  # something on the card by a client
        self._wake, self._is_stopping = threading.Event(), False
        face.wake, face.leaving, marks.marked = self._wake.set, on_screen.go_live, self._look_anew
        self._worker = threading.Thread(target=self._work, name="review", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._worker.start()

    def stop(self) -> None:
        """End. What is deleted and not yet gone comes back with the next start, as after a power cut."""
        self._is_stopping = True
        self._wake.set()
        if self._worker.is_alive():
            self._worker.join(GRACE_S)

    def tell(self, told: Told) -> None:
        """What the darkroom has to say; any thread may call."""
        self._news.append(told)
        self._wake.set()

    def step(self) -> float | None:
        """One thing that there is to do.

        Returns:
            Seconds until there may be more to do, 0 for at once; None: when something is told or wished for.
        """
        self._mind_news()
        did, until_gone = self._fulfil(), self._marks.seconds_left()
        if not self._face.is_open:
            self._table.leave()
            self._shown = None
            return until_gone
        if self._begin() or self._show() or did or self._table.read_on(self._face.review):
            return 0.0
        waits = (self._face.seconds_left(), until_gone)
        return min((seconds for seconds in waits if seconds is not None), default=None)

    def _look_anew(self) -> None:
        self._is_marked = True
        self._wake.set()

    def _work(self) -> None:
        while not self._is_stopping:
            self._wake.clear()
            try:
                seconds = self.step()
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one photograph must not end the camera
                self._table.give_up(f"This photograph cannot be shown ({error!r}): please report this.")
                self._know()
                seconds = None
            if seconds != 0:
                self._wake.wait(seconds)

    def _mind_news(self) -> None:
        while self._news:
            told = self._news.popleft()
            if isinstance(told, Saved):
                self._table.saved(told.photograph, picture_of(told.files))
            if isinstance(told, CardChanged):  # one that was filled, or has room again, is the same card as before
                self._has_come |= {self._card_state, told.state} != {"ok", "full"}
                self._card_state = told.state
            self._is_listed &= not isinstance(told, Saved | Failed | Recovered | CardChanged)
        if self._is_marked:
            self._is_marked = self._is_listed = False
            self._table.mark_anew()
        if self._has_come:
            self._has_come = False
            self._marks.welcome(self._table.welcome)

    def _begin(self) -> bool:
        """What is in memory first, then what is on the card; whether there was something to do."""
        if self._opened != self._face.opened:
            self._opened, self._is_listed = self._face.opened, False
            self._table.begin()
            self._show()
            return True
        if self._is_listed:
            return False
        self._is_listed = True
        self._table.list_anew(newest=self._face.is_brief or self._table.looked is None)
        if not self._show():
            self._know()
        return True

    def _fulfil(self) -> bool:
        """What was asked for; whether something was."""
        number, wishes = self._table.number, self._face.wishes()
        for is_step, some in groupby(wishes, lambda wish: wish.kind == "step"):
            if is_step:  # one behind the other they are one
                self._table.go(sum(wish.value for wish in some))
            else:
                for wish in some:
                    self._do(wish)
        if wishes and self._table.number == number:  # another photograph is told of with its picture
            self._know()
        return bool(wishes)

    def _do(self, wish: Action) -> None:
        if wish.kind == "rate":
            self._table.rate(wish.value)
        elif wish.kind == "protect":
            self._table.protect()
        elif wish.kind == "delete":
            self._table.delete()
        elif wish.kind == "undo":
            self._table.undo()
        self._marks.count_change()

    def _show(self) -> bool:
        """Lay what can be seen by now into the ring, if that is another than what is there; whether it was."""
        looked, now = self._table.looked, self._face.review
        wanted = None if looked is None else (self._table.number, looked.stage(now))
        if wanted == self._shown:
            return False
        self._shown = wanted
        view = None if looked is None else looked.view(now)
        if view is not None:
            number = self._laid = self._table.number
            self._face.while_open(lambda: self._on_screen.show(number, view.frame, view.reading, view.magnified))
        self._know()
        return True

    def _know(self) -> None:
        seen = self._table.told()
        picture = self._laid if self._laid == self._table.number else 0
        self._face.know(self._table.about(self._face.review), msgspec.structs.replace(seen, picture=picture))
