"""The review of photographs as buttons and clients see it: what is wished for, and what is known of what is seen.

Nothing here takes time: the `reviewer` has a thread that fulfils the wishes and tells what it found.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace

import msgspec

from device import review
from device.clock import Clock
from device.face_states import ReviewState
from device.holds import Held
from device.review import QUESTION, About, Action, Review

_PAGING: Mapping[str, Held] = {"left": "repeat", "right": "repeat"}
_MOVING: Mapping[str, Held] = {**_PAGING, "up": "repeat", "down": "repeat"}


class ReviewFace:
    """A `button_route.Face`. Any thread may call.

    Args:
        clock: for the review after a shot.
        changed: called whenever `state` is another.

    Attributes:
        held: what holding a button means.
        wake: called, from any thread, when there is something to do; the reviewer puts its own here.
        brief_s: how many seconds a photograph is to be seen after the shot, 0 for not at all; the composition puts it.
        leaving: called when it closes, before anything else is done; as `wake`.
    """

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self.held: Mapping[str, Held] = _PAGING
        self.wake: Callable[[], None] = lambda: None
        self.brief_s: Callable[[], int] = lambda: 0
        self.leaving: Callable[[], None] = lambda: None
        self._clock, self._changed = clock, changed
        self._lock = threading.Lock()
        self._is_open = False
        self._opened = 0  # how often
        self._until_ns: int | None = None
        self._review, self._about, self._seen = Review(), About(), ReviewState()
        self._wishes: list[Action] = []

    # ---- as a Face ---------------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether photographs are looked at."""
        return self._is_open

    def open(self) -> None:
        """Begin with the newest."""
        self._open(None)
        self._tell()

    def close(self) -> None:
        """The live view at once; what was wished for before is still done."""
        with self._lock:
            was_open, self._is_open = self._is_open, False
            if was_open:
                self.leaving()
        if was_open:
            self._tell()

    def press(self, button: str) -> None:
        """See `review.pressed`."""
        with self._lock:
            now, wish = review.pressed(self._review, button, self._about)
            closes = wish is not None and wish.kind == "close"
            self._take(now, None if closes else wish)
        self.close() if closes else self._tell()

    def hold(self, button: str) -> None:
        """Nothing is a hold here."""

    def turn(self, steps: int) -> None:
        """See `review.turned`."""
        with self._lock:
            self._take(*review.turned(self._review, steps))
        self._tell()

    # ---- besides -----------------------------------------------------------------------------------------------------

    def taken(self) -> None:
        """A photograph was taken just now, which may be to be seen for a while; not in the way of a longer look.

        Called under the camera's lock: who is told of a change takes locks that are held while the camera is waited
        for, so nobody is told here. The camera tells, as soon as its lock is free.
        """
        seconds = self.brief_s()
        if seconds and (not self._is_open or self._until_ns is not None):
            self._open(self._clock.now_ns() + seconds * 1_000_000_000)
            self.wake()

    def state(self) -> ReviewState:
        """For the clients."""
        with self._lock:
            if not self._is_open:
                return ReviewState()
            now = self._review
            return msgspec.structs.replace(
                self._seen, open=True, page=now.page, zoom=now.zoom, magnification=now.magnification,
                choices=now.choices, cursor=now.cursor,
            )  # fmt: skip

    # ---- for the reviewer --------------------------------------------------------------------------------------------

    @property
    def review(self) -> Review:
        """How the photograph is looked at."""
        return self._review

    @property
    def opened(self) -> int:
        """How often it was opened: another number is another look."""
        return self._opened

    @property
    def is_brief(self) -> bool:
        """Whether it is only the review after a shot."""
        return self._until_ns is not None

    def wishes(self) -> list[Action]:
        """What was asked for since the last time."""
        with self._lock:
            wishes, self._wishes = self._wishes, []
        return wishes

    def know(self, about: About, seen: ReviewState) -> None:
        """Take what was found; clients are told if it is another.

        A question that was asked of another photograph, which is gone with its card, is none any more.
        """
        with self._lock:
            if self._review.choices == QUESTION and seen.name != self._seen.name:
                self._review = replace(self._review, choices=(), cursor=0)
                self.held = _PAGING
            is_new, self._about, self._seen = seen != self._seen, about, seen
        if is_new and self._is_open:
            self._changed()

    def while_open(self, show: Callable[[], None]) -> None:
        """Call it unless the review is closed, or is just being."""
        with self._lock:
            if self._is_open:
                show()

    def seconds_left(self) -> float | None:
        """Until it closes by itself, which it does here; None: it does not."""
        until_ns = self._until_ns
        if until_ns is None or not self._is_open:
            return None
        left_ns = until_ns - self._clock.now_ns()
        if left_ns <= 0:
            self.close()
        return max(0.0, left_ns / 1e9)

    def _open(self, until_ns: int | None) -> None:
        with self._lock:
            self._is_open, self._until_ns = True, until_ns
            self._opened += 1
            self._review, self._about, self._seen = Review(), About(), ReviewState()
            self.held = _PAGING

    def _take(self, now: Review, wish: Action | None) -> None:
        self._until_ns = None
        self._review = now
        self.held = {} if now.choices else _MOVING if now.zoom else _PAGING
        if wish is not None:
            self._wishes.append(wish)

    def _tell(self) -> None:
        self.wake()
        self._changed()
