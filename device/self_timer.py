"""The self timer: one photograph, so many seconds after the press. Pure."""

from device.frame import Frame
from device.plan import NS, Plan, Shot, seconds_until
from device.shooting_states import ShootingState

AHEAD_NS = 2 * NS  # full resolution is had in good time; until then the smooth setting frames better


class SelfTimer(Plan):
    """One that runs.

    Args:
        due_ns: when the exposure shall begin.
    """

    def __init__(self, due_ns: int) -> None:
        self._due_ns = due_ns

    def due(self, frame: Frame) -> Shot | None:
        """The first that began at or after the instant."""
        return Shot(self._due_ns) if frame.exposure_start_ns >= self._due_ns else None

    def took(self, frame: Frame) -> None:
        """That was all."""
        del frame
        self.over = True

    def refused(self, sentence: str) -> None:
        """It is told why there is no photograph."""
        self.over, self.sentence = True, f"The self timer took nothing. {sentence}"

    def arms(self, now_ns: int) -> bool:
        """In good time."""
        return not self.over and now_ns >= self._due_ns - AHEAD_NS

    def waits(self, now_ns: int) -> bool:
        """From the instant on."""
        return not self.over and now_ns >= self._due_ns

    def told(self, now_ns: int) -> ShootingState:
        """The seconds that are left."""
        return ShootingState(kind="timer", remaining_s=seconds_until(self._due_ns, now_ns))
