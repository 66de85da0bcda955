"""How quick the shutter is, measured by timestamps of the sensor and of the presses. Pure."""

from collections import deque
from statistics import median

from device.plan import Shot
from device.shooting_states import TimingState
from device.summed import Summed

PRESSES = 100  # so many of the last are told of
SHOTS = 1000  # of a burst


class Timings:
    """What was measured since the camera was switched on."""

    def __init__(self) -> None:
        self._presses_ns: deque[int] = deque(maxlen=PRESSES)
        self._from_live_ns = 0
        self._gaps_ns: deque[int] = deque(maxlen=SHOTS)
        self._burst = 0
        self._burst_ns: int | None = None  # its press
        self._shot_ns = 0
        self._sequence: int | None = None
        self._frame_us = 0
        self._lost = 0
        self._full = 0
        self._is_full = False
        self._summed = Summed(0, 0, 0, 0)
        self._told: TimingState | None = None  # as it was reckoned last; None: a figure of it changed since

    def served(self, offset_ns: int, *, armed: bool) -> None:
        """A finger's press got a frame whose exposure began so much later."""
        if armed:
            self._presses_ns.append(offset_ns)
        else:
            self._from_live_ns = offset_ns
        self._told = None

    def shot(self, start_ns: int, shot: Shot) -> None:
        """A photograph's exposure began.

        Those of one press are a burst, in the order in which they are taken: a bracket's numbers need not be in it.
        """
        if not shot.number:
            return
        if shot.pressed_ns == self._burst_ns:
            self._gaps_ns.append(start_ns - self._shot_ns)
            self._burst += 1
        else:
            self._gaps_ns.clear()
            self._burst, self._burst_ns = 1, shot.pressed_ns
        self._shot_ns = start_ns
        self._told = None

    def came(self, sequence: int) -> None:
        """A frame of the armed setting."""
        if self._sequence is not None and sequence > self._sequence + 1:
            self._lost += sequence - self._sequence - 1
            self._told = None
        self._sequence = sequence

    def restarted(self, frame_us: int) -> None:
        """The sensor was started anew: what it counted meanwhile is not lost. 0 is no armed setting's frame time."""
        self._sequence = None
        self._frame_us = frame_us or self._frame_us
        self._told = None

    def queue(self, *, full: bool) -> None:
        """A photograph was wanted and there was room for it, or none."""
        if full and not self._is_full:
            self._full += 1
            self._told = None
        self._is_full = full

    def bulb(self, summed: Summed | None) -> None:
        """A bulb exposure ended; None: it had not begun."""
        self._summed = summed or self._summed
        self._told = None

    def told(self) -> TimingState:
        """The figures; reckoned only when one changed, as every step of the state machine asks for them twice."""
        if self._told is None:
            self._told = self._reckoned()
        return self._told

    def _reckoned(self) -> TimingState:
        presses, gaps = list(self._presses_ns), list(self._gaps_ns)
        worst_us = max(presses, default=0) // 1000
        return TimingState(
            presses=len(presses),
            press_last_us=presses[-1] // 1000 if presses else 0,
            press_median_us=_median_us(presses),
            press_worst_us=worst_us,
            press_worst_frames=round(worst_us / self._frame_us, 2) if self._frame_us else 0.0,
            press_from_live_us=self._from_live_ns // 1000,
            frame_us=self._frame_us,
            burst=self._burst,
            shot_median_us=_median_us(gaps),
            shot_worst_us=max(gaps, default=0) // 1000,
            lost=self._lost,
            queue_full=self._full,
            bulb_frames=self._summed.frames,
            bulb_lost=self._summed.lost,
            bulb_span_us=self._summed.span_ns // 1000,
            bulb_dark_us=self._summed.dark_ns // 1000,
        )


def _median_us(times_ns: list[int]) -> int:
    return round(median(times_ns)) // 1000 if times_ns else 0
