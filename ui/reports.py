"""What the viewfinder tells the daemon: how large it draws, when that changes, and once a second how late. Pure."""

from collections import deque
from collections.abc import Callable

from device.protocol import LookCall, ShownCall
from device.strict import Struct

REMEMBERED = 100  # pictures
EVERY_NS = 1_000_000_000

Say = Callable[[str, Struct], None]  # a call of the protocol by its name; must not wait


class Reports:
    """Says what is new, through `say`."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._look: LookCall | None = None
        self._delays_ns: deque[int] = deque(maxlen=REMEMBERED)
        self._told_ns = 0

    def drawing(self, look: LookCall | None) -> None:
        """The sizes that are drawn, None while there is no daemon: one that comes is told anew."""
        if look is not None and look != self._look:
            self._say("Look", look)
        self._look = look

    def shown(self, ended_ns: int, now_ns: int) -> None:
        """The pixels of a frame that ended then are written now."""
        self._delays_ns.append(max(0, now_ns - ended_ns))
        if self._look is not None and now_ns - self._told_ns >= EVERY_NS:
            self._told_ns = now_ns
            median, worst = sorted(self._delays_ns)[len(self._delays_ns) // 2], max(self._delays_ns)
            self._say("Shown", ShownCall(delay_us=round(median / 1000), worst_us=round(worst / 1000)))
