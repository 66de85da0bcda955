"""The interval timer: a photograph at each of many planned instants. Pure.

The instants are multiples of the interval from the first one, so nothing that is late makes the following ones late.
One at which no photograph could be taken, or whose frame had not come when the next one was due, is missed: it is
counted and told, and the series goes on.
"""

from device.frame import Frame
from device.plan import Plan, Shot, seconds_until
from device.self_timer import AHEAD_NS
from device.shooting_states import ShootingState


class Interval(Plan):
    """A series.

    Args:
        first_ns: its first instant.
        period_ns: from one to the next.
        count: instants in all; 0: until it is ended.
    """

    def __init__(self, first_ns: int, period_ns: int, count: int) -> None:
        self._first_ns, self._period_ns, self._count = first_ns, period_ns, count
        self._next = 0  # the instant that is open, counted from 0
        self._taken = 0

    def due(self, frame: Frame) -> Shot | None:
        """The first that began at or after the open instant."""
        start_ns = frame.exposure_start_ns
        self._give_up_before(start_ns)
        if self.over or start_ns < self._instant_ns(self._next):
            return None
        return Shot(self._instant_ns(self._next), number=self._next + 1, of=self._count)

    def took(self, frame: Frame) -> None:
        """On to the next instant."""
        del frame
        self._taken += 1
        self._advance(1)

    def refused(self, sentence: str) -> None:
        """This instant is missed."""
        self._advance(1)
        self.sentence = f"{self._told_missed()} {sentence}"

    def arms(self, now_ns: int) -> bool:
        """In good time before each."""
        return not self.over and now_ns >= self._instant_ns(self._next) - AHEAD_NS

    def waits(self, now_ns: int) -> bool:
        """From the open instant on."""
        return not self.over and now_ns >= self._instant_ns(self._next)

    def told(self, now_ns: int) -> ShootingState:
        """What was taken and missed, and when the next is due."""
        return ShootingState(
            kind="interval",
            taken=self._taken,
            total=self._count,
            remaining_s=seconds_until(self._instant_ns(self._next), now_ns),
            missed=self._missed,
        )

    @property
    def _missed(self) -> int:
        return self._next - self._taken

    def _instant_ns(self, number: int) -> int:
        return self._first_ns + number * self._period_ns

    def _give_up_before(self, start_ns: int) -> None:
        """Instants whose successor is due, too, when a frame comes at last."""
        late = (start_ns - self._instant_ns(self._next)) // self._period_ns
        if late > 0:
            self._advance(late)
            self.sentence = f"{self._told_missed()} No frame came in time."

    def _advance(self, instants: int) -> None:
        self._next += instants
        if self._count and self._next >= self._count:
            self._next, self.over = self._count, True

    def _told_missed(self) -> str:
        return f"The interval timer missed {self._missed} of {self._next}."
