"""Presses of the shutter that wait for their frames, the oldest first, each with its place in the darkroom."""

from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass

from device.darkroom import Darkroom
from device.errors import BadValue, Busy, McamError, NotReady
from device.frame import Frame
from device.plan import Shot
from device.protocol import Photo
from device.ticket import Ticket
from device.timings import Timings

BURST_MAX = 999  # presses that one call may ask for


@dataclass(frozen=True, slots=True, eq=False)
class Press:
    """A press that waits for its frame, or a photograph that a plan wants of one.

    Attributes:
        shot: what it is to be.
        ticket: its place in the darkroom.
        saved: done when it is safe on the card.
        timed: a finger's press that waits for nothing but its frame.
    """

    shot: Shot
    ticket: Ticket
    saved: "Future[Photo]"
    timed: bool = False

    @property
    def pressed_ns(self) -> int:
        """When."""
        return self.shot.pressed_ns


class Presses:
    """Those that wait. Not for several threads at once: the camera's lock is held around every call.

    Args:
        darkroom: gives a place to each photograph before it is taken.
        timings: told whether it had one.
    """

    def __init__(self, darkroom: Darkroom, timings: Timings) -> None:
        self._darkroom, self._timings = darkroom, timings
        self._waiting: deque[Press] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, when_ns: int, count: int) -> list[Press]:
        """So many at that instant of the sensor's clock, as far as the darkroom has room for them.

        Raises:
            BadValue: no such number of photographs.
            NotReady, Busy, CardFull, CardMissing, CardReadOnly: it has room for none.
        """
        if not 1 <= count <= BURST_MAX:
            raise BadValue(f"{count} photographs cannot be taken at once: ask for 1 to {BURST_MAX}.")
        added: list[Press] = []
        for number in range(1, count + 1):
            shot = Shot(when_ns, 0.0, number, count) if count > 1 else Shot(when_ns)
            try:
                added.append(self.place(shot, timed=number == 1))
            except McamError:
                if not added:
                    raise
                break
        self._waiting.extend(added)
        return added

    def served_by(self, frame: Frame) -> Press | None:
        """The oldest, which waits no more, if the frame's exposure began at or after it."""
        if not self._waiting or frame.exposure_start_ns < self._waiting[0].pressed_ns:
            return None
        return self._waiting.popleft()

    def place(self, shot: Shot, *, timed: bool = False, early: bool = False) -> Press:
        """One for a frame that is there, or for one of before a press. Raises as `add`."""
        saved: Future[Photo] = Future()
        saved.set_running_or_notify_cancel()  # who stops waiting for it, as the server at its end, calls nothing off
        ticket = self._darkroom.reserve(early=True) if early else self._reserved()
        return Press(shot, ticket, saved, timed)

    def check(self, count: int) -> None:
        """Whether there is room for so many now. Raises as `add`."""
        tickets: list[Ticket] = []
        try:
            for _ in range(count):
                tickets.append(self._reserved())  # noqa: PERF401 - those before one that fails are given back
        finally:
            for ticket in tickets:
                ticket.cancel()

    def _reserved(self) -> Ticket:
        """A place, and how often there is none."""
        try:
            ticket = self._darkroom.reserve()
        except Busy:
            self._timings.queue(full=True)
            raise
        self._timings.queue(full=False)
        return ticket

    def abandon(self, sentence: str) -> None:
        """No frame will come: whoever waits for one is told so."""
        while self._waiting:
            press = self._waiting.popleft()
            press.ticket.cancel()
            press.saved.set_exception(NotReady(sentence))
