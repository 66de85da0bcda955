"""A place in the darkroom's queue, taken before the shot so that a full queue is said in time."""

from collections.abc import Callable

from device.photograph import Photograph


class Ticket:
    """A place in the queue for one photograph: submit it, or cancel."""

    def __init__(self, hand_over: Callable[[Photograph | None], None]) -> None:
        self._hand_over = hand_over
        self._is_used = False

    def submit(self, photograph: Photograph) -> None:
        """Leave the photograph to the darkroom; never waits.

        Raises:
            NotReady: the darkroom was closed meanwhile.
        """
        if self._is_used:
            raise RuntimeError("a ticket is for one photograph")
        self._is_used = True
        self._hand_over(photograph)

    def cancel(self) -> None:
        """Give the place back; nothing happens when the ticket has been used."""
        if not self._is_used:
            self._is_used = True
            self._hand_over(None)
