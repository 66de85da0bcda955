"""Photographs while S2 is held: of every frame, or so many a second. Pure.

A full queue holds it up and does not end it: it goes on when there is room, as long as the button is down.
"""

from collections.abc import Sequence

from device.frame import Frame
from device.plan import Kept, Plan, Shot
from device.shooting_states import ShootingState

LOW_PERIOD_NS = 333_333_333  # three a second
MOST = 999  # photographs; of a client that vanished with its thumb on the button


class Continuous(Plan):
    """One that goes on as long as the button is held; one photograph is taken however short that is.

    Args:
        pressed_ns: when S2 went down.
        period_ns: from one planned instant to the next, counted from the press, so that it does not drift; 0: every
            frame.
    """

    def __init__(self, pressed_ns: int, period_ns: int) -> None:
        self._pressed_ns, self._period_ns = pressed_ns, period_ns
        self._due_ns = pressed_ns
        self._until_ns: int | None = None
        self._taken = 0
        self._held_up = False

    def due(self, frame: Frame) -> Shot | None:
        """From the next planned instant on, and none that began after the button was let go."""
        start_ns = frame.exposure_start_ns
        is_late = self._taken > 0 and self._until_ns is not None and start_ns >= self._until_ns
        if is_late or start_ns < self._due_ns:
            return None
        return Shot(self._pressed_ns, number=self._taken + 1)

    def took(self, frame: Frame) -> None:
        """The next is due at the first planned instant after it."""
        self._taken += 1
        self._held_up = False
        if self._period_ns:
            late_ns = frame.exposure_start_ns - self._due_ns
            self._due_ns += self._period_ns * (1 + late_ns // self._period_ns)

    def refused(self, sentence: str) -> None:
        """Wait for room; a card's trouble is told anyway."""
        del sentence
        self._held_up = True

    def passed(self, frame: Frame) -> None:
        """What comes after a frame that was still exposed at the release began later."""
        is_after = self._until_ns is not None and frame.sensor_timestamp_ns >= self._until_ns
        self.over = self._taken >= MOST or (is_after and (self._taken > 0 or self._held_up))

    def let_go(self, when_ns: int) -> Sequence[Kept]:
        """Nothing from then on."""
        self._until_ns = when_ns
        return ()

    def told(self, now_ns: int) -> ShootingState:
        """How many there are."""
        del now_ns
        return ShootingState(kind="burst", taken=self._taken, held_up=self._held_up)
