"""What a viewfinder tells of itself: how large it draws, so that nothing need be scaled, and how late its pictures are.

Of several viewfinders the one that spoke last counts; the others scale.
"""

from device.clock import Clock
from device.errors import BadValue
from device.face_states import ViewfinderState
from device.protocol import LookCall, Nothing, ShownCall

LEAST, MOST = 16, 4096  # sides, pixels
SILENT_NS = 3_000_000_000  # it tells of its pictures every second: after three it is gone

Size = tuple[int, int]  # rows, columns


class Showing:
    """The newest that was told. Written by the server's thread, read by the stream's.

    Args:
        clock: notices that nobody tells any more.
        magnified: (rows, columns) of the magnifier's window until a viewfinder tells its own.

    Attributes:
        picture: (rows, columns) that the whole picture has room for; None until told.
        magnified: likewise for the magnifier's window, panel pixels.
    """

    def __init__(self, clock: Clock, magnified: Size) -> None:
        self._clock = clock
        self.picture: Size | None = None
        self.magnified = magnified
        self._shown = ViewfinderState()
        self._told_ns = 0

    def look(self, call: LookCall) -> Nothing:
        """Take the sizes.

        Raises:
            BadValue: none that a panel could have.
        """
        picture, magnified = (call.rows, call.columns), (call.magnifier_rows, call.magnifier_columns)
        if not all(LEAST <= side <= MOST for side in (*picture, *magnified)):
            raise BadValue(f"A picture's sides go from {LEAST} to {MOST} pixels: draw it on another panel.")
        self.picture, self.magnified = picture, magnified
        return Nothing()

    def shown(self, call: ShownCall) -> Nothing:
        """Take how late the last pictures were."""
        size = self.picture or (0, 0)
        self._shown = ViewfinderState(rows=size[0], columns=size[1], delay_us=call.delay_us, worst_us=call.worst_us)
        self._told_ns = self._clock.now_ns()
        return Nothing()

    def state(self) -> ViewfinderState:
        """For the clients; all 0 when no viewfinder draws."""
        return self._shown if self._clock.now_ns() - self._told_ns < SILENT_NS else ViewfinderState()
