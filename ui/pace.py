"""When to look for the next frame: the ring has no bell, but frames come at even distances. Pure."""

EARLY_NS = 3_000_000  # before it is due, as what lies between sensor and ring does not always take as long
LATE_NS = 6_000_000
QUICK_S, SLOW_S = 0.0005, 0.005  # between two looks while a frame is due, and while nobody knows when one will be
LONGEST_S = 0.02  # news and signals wait for no frame


class Pace:
    """Learns from the frames that came."""

    def __init__(self) -> None:
        self._number = self._ended_ns = 0
        self._came_ns = self._period_ns = 0

    def came(self, number: int, ended_ns: int, now_ns: int) -> None:
        """A frame of that publication's number was found now."""
        frames = number - self._number
        self._period_ns = (ended_ns - self._ended_ns) // frames if self._number and frames > 0 else 0
        self._number, self._ended_ns, self._came_ns = number, ended_ns, now_ns

    def pause_s(self, now_ns: int) -> float:
        """Seconds until the next look."""
        due_ns = self._came_ns + self._period_ns
        if now_ns < due_ns - EARLY_NS:
            return min((due_ns - EARLY_NS - now_ns) / 1e9, LONGEST_S)
        return QUICK_S if now_ns < due_ns + LATE_NS and self._period_ns > 0 else SLOW_S
