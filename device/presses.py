"""Presses of the shutter that wait for their frames, the oldest first, each with its place in the darkroom."""

from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass

from device.darkroom import Darkroom
from device.errors import BadValue, McamError, NotReady
from device.frame import Frame
from device.protocol import Photo
from device.ticket import Ticket

BURST_MAX = 999  # presses that one call may ask for


@dataclass(frozen=True, slots=True, eq=False)
class Press:
    """A press that waits for its frame."""

    pressed_ns: int
    ticket: Ticket
    saved: "Future[Photo]"


class Presses:
    """Those that wait. Not for several threads at once: the camera's lock is held around every call.

    Args:
        darkroom: gives a place to each photograph before it is taken.
    """

    def __init__(self, darkroom: Darkroom) -> None:
        self._darkroom = darkroom
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
        for _ in range(count):
            try:
                added.append(self._reserved(when_ns))
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

    def earlier(self, press: Press) -> Press | None:
        """One more at the same instant for a frame from before it: a gift, so None where there is no room for it."""
        try:
            return self._reserved(press.pressed_ns)
        except McamError:
            return None

    def abandon(self, sentence: str) -> None:
        """No frame will come: whoever waits for one is told so."""
        while self._waiting:
            press = self._waiting.popleft()
            press.ticket.cancel()
            press.saved.set_exception(NotReady(sentence))

    def _reserved(self, when_ns: int) -> Press:
        saved: Future[Photo] = Future()
        saved.set_running_or_notify_cancel()  # who stops waiting for it, as the server at its end, calls nothing off
        return Press(when_ns, self._darkroom.reserve(), saved)
