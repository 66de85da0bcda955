"""What a press of the shutter sets going when it takes more than the next frame. Pure: frames and times come in.

Each drive mode is a `Plan`: `continuous`, `self_timer`, `interval`, `bracketing`, `rack`, `trap_focus`. The camera asks
it of every armed frame whether it is to be a photograph, and makes one where there is room.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from device.frame import Exposure, Frame, Reading
from device.shooting_states import ShootingState
from device.summed import Summed

NS = 1_000_000_000
NOTHING = ShootingState()


@dataclass(frozen=True, slots=True)
class Shot:
    """What a photograph is to be.

    Attributes:
        pressed_ns: the instant that its press offset is counted from.
        step_ev: what a bracket adds to the exposure, stops.
        number: in its series, from 1; 0: it belongs to none.
        of: as many as the series will have; 0: nobody knows.
        summed: what it was added up of; None: it is one exposure.
    """

    pressed_ns: int
    step_ev: float = 0.0
    number: int = 0
    of: int = 0
    summed: Summed | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy of a frame, and what it is to be."""

    frame: Frame
    shot: Shot


class Plan:
    """One that wants nothing: what the modes have in common.

    Attributes:
        over: it has ended.
        sentence: what went wrong and has to be told; empty when nothing did.
    """

    over = False
    sentence = ""

    def due(self, frame: Frame) -> Shot | None:
        """Whether that frame is to be a photograph, and which."""
        del frame
        return None

    def took(self, frame: Frame) -> None:
        """It was due, and became one."""

    def refused(self, sentence: str) -> None:
        """It was due, and there was no room, as the sentence says."""

    def passed(self, frame: Frame) -> None:
        """A frame came and is done with, whether it was due or not."""

    def weighed(self, frame: Frame, reading: Reading) -> Sequence[Kept]:
        """The meter read the frame; gives frames from before that are now to be photographs."""
        del frame, reading
        return ()

    def let_go(self, when_ns: int) -> Sequence[Kept]:
        """The button came up; likewise."""
        del when_ns
        return ()

    def given_up(self) -> Sequence[Kept]:
        """No frame will come any more; likewise."""
        return ()

    def asks(self) -> Exposure | None:
        """The exposure that it wants of the sensor now; None leaves that to the dials."""
        return None

    def arms(self, now_ns: int) -> bool:
        """Whether full resolution is needed now."""
        del now_ns
        return not self.over

    def waits(self, now_ns: int) -> bool:
        """Whether the next frame is to be a photograph."""
        return self.arms(now_ns)

    def told(self, now_ns: int) -> ShootingState:
        """For the panel."""
        del now_ns
        return NOTHING


def seconds_until(due_ns: int, now_ns: int) -> int:
    """Begun seconds, as a countdown shows them; never below 0."""
    return max(0, -((now_ns - due_ns) // NS))
