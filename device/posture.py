"""A thread that minds how the camera is held, where there is an accelerometer: reading one takes milliseconds."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from device.level import Level, NoLevel
from device.photograph import Orientation
from device.upright import orientation_of

LOOK_S = 0.2
GRACE_S = 1.0  # for a chip that does not answer; its thread ends with the process


class Posture:
    """Looks five times a second.

    Args:
        level: the accelerometer.
        hold: told whenever photographs are to be turned otherwise.
    """

    def __init__(self, level: Level, hold: Callable[[Orientation], None]) -> None:
        self._level, self._hold = level, hold
        self._now = Orientation.UPRIGHT

    def look(self) -> None:
        """Once."""
        now = orientation_of(self._level.read(), self._now)
        if now is not self._now:
            self._now = now
            self._hold(now)


@contextmanager
def minded(level: Level, hold: Callable[[Orientation], None]) -> Iterator[None]:
    """Minded as long as this lasts; without an accelerometer there is nothing to mind."""
    if isinstance(level, NoLevel):
        yield
        return
    ending, posture = threading.Event(), Posture(level, hold)

    def work() -> None:
        posture.look()
        while not ending.wait(LOOK_S):
            posture.look()

    thread = threading.Thread(target=work, name="posture", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(GRACE_S)
