"""When the camera falls asleep, and what wakes it. Pure; times are passed in."""

from dataclasses import dataclass


@dataclass(slots=True)
class Rest:
    """What is known of it.

    Attributes:
        can_sleep: there are buttons to wake it with.
        asleep: it sleeps.
        touched_ns: when somebody last did something; None before the first look.
    """

    can_sleep: bool
    asleep: bool = False
    touched_ns: int | None = None

    def touched(self, now_ns: int) -> bool:
        """Somebody did something; whether that woke it, and so shall do nothing else."""
        woke, self.asleep = self.asleep, False
        self.touched_ns = now_ns
        return woke

    def nap(self) -> None:
        """Asleep at once."""
        self.asleep = self.can_sleep

    def passed(self, now_ns: int, after_s: int, *, busy: bool) -> bool:
        """Time passes; whether it falls asleep now, `after_s` seconds after it was last touched or busy; 0 is never."""
        if busy or self.touched_ns is None:
            self.touched_ns = now_ns
        if self.asleep or not self.can_sleep or not after_s:
            return False
        self.asleep = now_ns - self.touched_ns >= after_s * 1_000_000_000
        return self.asleep
