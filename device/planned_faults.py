"""What shall go wrong with a simulated sensor, so that it can be seen what the camera makes of it."""

from dataclasses import dataclass
from math import inf

from device.delivery import Delivery
from device.dust_shadow import Mote


@dataclass(frozen=True, slots=True)
class Faults:
    """What shall go wrong.

    Attributes:
        stall_after: no frame comes after so many, until the stream is started anew.
        drop_every: every so many-th frame is lost.
        disconnect_after: after so many frames, counted over all starts, the sensor is gone for good.
        grants: the stack delivers so, whatever was asked for.
        dust: on the sensor's cover glass.
        stuck: photosites that read white whatever falls on them, rows and columns of the full sensor. Binned, such a
            one lifts the mean of those that are read together.
    """

    stall_after: float = inf
    drop_every: float = inf
    disconnect_after: float = inf
    grants: Delivery | None = None
    dust: tuple[Mote, ...] = ()
    stuck: tuple[tuple[int, int], ...] = ()

    def swallow(self, count: int) -> bool:
        """Whether the count-th frame since the start, from 1, gets lost."""
        return count > self.stall_after or count % self.drop_every == 0
