"""Time is passed in: the clock of the sensor's timestamps, and one that a test moves by hand."""

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """CLOCK_BOOTTIME in nanoseconds, which is what libcamera stamps frames with, and a way to let it pass."""

    def now_ns(self) -> int:
        """The present."""
        ...

    def wait_until(self, when_ns: int) -> None:
        """Return once now_ns() >= when_ns."""
        ...

    def wall_ns(self, when_ns: int) -> int:
        """The wall clock (nanoseconds since 1970, UTC) at an instant of this clock."""
        ...


class SystemClock:
    """The machine's own."""

    def now_ns(self) -> int:
        """CLOCK_BOOTTIME: goes on during suspend and never jumps."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)

    def wait_until(self, when_ns: int) -> None:
        """Sleep; nothing to do for an instant in the past."""
        remaining_ns = when_ns - self.now_ns()
        if remaining_ns > 0:
            time.sleep(remaining_ns / 1e9)

    def wall_ns(self, when_ns: int) -> int:
        """Wall time is read now and reckoned back: a set clock moves photographs taken before it along."""
        return time.time_ns() - (self.now_ns() - when_ns)


class SteppedClock:
    """Stands still until told: waiting moves it, so that simulated minutes pass in no time."""

    def __init__(self, now_ns: int = 1_000_000_000, wall_offset_ns: int = 1_667_347_200_000_000_000) -> None:
        self._now_ns = now_ns
        self._wall_offset_ns = wall_offset_ns  # 2 November 2022, the day of the 12S Ultra Concept
        self._lock = threading.Lock()

    def now_ns(self) -> int:
        """Where it stands."""
        with self._lock:
            return self._now_ns

    def advance(self, step_ns: int) -> None:
        """Let time pass."""
        with self._lock:
            self._now_ns += step_ns

    def wait_until(self, when_ns: int) -> None:
        """Jump there; never backwards."""
        with self._lock:
            self._now_ns = max(self._now_ns, when_ns)

    def wall_ns(self, when_ns: int) -> int:
        """A fixed distance from this clock."""
        return when_ns + self._wall_offset_ns


def asleep_ns() -> int:
    """How long this machine slept since it was started: by so much CLOCK_MONOTONIC is behind CLOCK_BOOTTIME."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.monotonic_ns()
