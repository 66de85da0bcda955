"""What a chattering contact means: presses told at once, releases once they stand still, and steps of an encoder.

Pure: levels and their times go in, meanings come out.
"""

from typing import NamedTuple


class Change(NamedTuple):
    """A button went down or up, and when."""

    down: bool
    when_ns: int


class Debouncer:
    """One button.

    A press of a button at rest is told on its first edge, so that debouncing costs the shutter nothing; the chatter
    after it is ignored until the contact has stood still. A release is told once the contact has stood still, with the
    time since when it did. A button that is down when we first see it (stuck, or a thumb on it while the camera
    starts) tells nothing until it has been let go and pressed anew; one that is held tells nothing while it is held.
    """

    def __init__(self, settle_ns: int, *, down: bool) -> None:
        self._settle_ns = settle_ns
        self._down = down  # the contact's level
        self._edge_ns = -settle_ns  # since when it has that level; at the start, for ever
        self._told_down = down
        self._held_from_start = down

    @property
    def settles_at_ns(self) -> int | None:
        """When `settled` will have something to tell if nothing else happens; None: nothing is open."""
        return self._edge_ns + self._settle_ns if self._down != self._told_down else None

    def step(self, *, down: bool, when_ns: int) -> list[Change]:
        """An edge to that level at that time; repeats of a level are harmless."""
        changes = self.settled(when_ns)
        if down == self._down:
            return changes
        at_rest = when_ns - self._edge_ns >= self._settle_ns
        self._down, self._edge_ns = down, when_ns
        return [*changes, *self._tell(when_ns)] if down and at_rest else changes

    def settled(self, now_ns: int) -> list[Change]:
        """What became certain by time passing."""
        due_ns = self.settles_at_ns
        return self._tell(self._edge_ns) if due_ns is not None and now_ns >= due_ns else []

    def _tell(self, when_ns: int) -> list[Change]:
        if self._down == self._told_down:
            return []
        self._told_down = self._down
        if self._held_from_start:
            self._held_from_start = False
            return []
        return [Change(self._down, when_ns)]


# Closed contacts as 2 * a + b, in the order of a turn clockwise: a closes first.
_POSITION = {0b00: 0, 0b10: 1, 0b11: 2, 0b01: 3}


class Quadrature:
    """A rotary encoder with one click per full cycle of its two contacts, both open between the clicks.

    Each contact's change is a quarter of a cycle, forth or back, by its place in the Gray code. Chatter of one contact
    goes forth and back and cancels; a click is told where both are open. A lost edge can lose a click, never make one.
    """

    def __init__(self, *, a: bool, b: bool) -> None:
        self._a, self._b = a, b
        self._quarters = 0

    def step_a(self, *, closed: bool) -> int:
        """Contact a changed: +1 for a click clockwise, -1 for one back, 0 for none yet."""
        return self._move(a=closed, b=self._b)

    def step_b(self, *, closed: bool) -> int:
        """Contact b changed; the same answers."""
        return self._move(a=self._a, b=closed)

    def _move(self, *, a: bool, b: bool) -> int:
        turned = _POSITION[2 * a + b] - _POSITION[2 * self._a + self._b]
        self._quarters += (turned + 1) % 4 - 1  # one contact moved: -1, 0 or 1 around the circle
        self._a, self._b = a, b
        return 0 if a or b else self._click()

    def _click(self) -> int:
        quarters, self._quarters = self._quarters, 0
        return (quarters > 0) - (quarters < 0)
