"""Best of rack: while a button is held and the focus ring is turned, the sharpest frames are kept. Pure.

How sharp a frame is says the focus meter: of the centre, or of what the magnifier shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from device.frame import Frame, Reading
from device.plan import Kept, Plan, Shot
from device.shooting_states import ShootingState

APART_NS = 80_000_000  # a quick sensor's frames would differ in nothing; an HQ camera's, 85 ms or more apart, all count


@dataclass(frozen=True, slots=True)
class Weighed:
    """A copy of a frame and how sharp it is."""

    score: float
    frame: Frame


class Rack(Plan):
    """One that goes on as long as a button is held.

    Args:
        pressed_ns: when it went down.
        keep: so many frames at most, each in memory of its own.
    """

    def __init__(self, pressed_ns: int, keep: int) -> None:
        self._pressed_ns, self._keep = pressed_ns, keep
        self._kept: list[Weighed] = []

    def weighed(self, frame: Frame, reading: Reading) -> Sequence[Kept]:
        """Keep it if it is sharper than one that is kept: than its neighbour, if there is one, else than the worst."""
        if frame.exposure_start_ns >= self._pressed_ns:
            rival = self._rival(frame)
            if rival is None or reading.focus_score > rival.score:
                self._kept = [one for one in self._kept if one is not rival]
                self._kept.append(Weighed(reading.focus_score, frame.copied()))
        return ()

    def let_go(self, when_ns: int) -> Sequence[Kept]:
        """All that is kept, in the order it was exposed."""
        del when_ns
        self.over = True
        frames = sorted((one.frame for one in self._kept), key=lambda frame: frame.exposure_start_ns)
        return [Kept(frame, Shot(self._pressed_ns, 0.0, i + 1, len(frames))) for i, frame in enumerate(frames)]

    def given_up(self) -> Sequence[Kept]:
        """What is the best of what there was; it is said why there is no more."""
        kept = self.let_go(0)
        self.sentence = "The best of rack was interrupted: its sharpest frames until then are saved." if kept else ""
        return kept

    def waits(self, now_ns: int) -> bool:
        """No frame for certain."""
        del now_ns
        return False

    def told(self, now_ns: int) -> ShootingState:
        """How many are kept."""
        del now_ns
        return ShootingState(kind="rack", taken=len(self._kept), total=self._keep)

    def _rival(self, frame: Frame) -> Weighed | None:
        """What it would take the place of; None while there is room."""
        near = [one for one in self._kept if abs(frame.sensor_timestamp_ns - one.frame.sensor_timestamp_ns) < APART_NS]
        if near or len(self._kept) >= self._keep:
            return min(near or self._kept, key=lambda one: one.score)
        return None
