"""When a simulated sensor's frames begin and end, and with which settings: arithmetic, no clock.

Like a sensor behind a camera stack: exposures follow each other without pause, a setting reaches the frame two after
the one that was last complete, a frame is complete once its last row is read out, and one for which no buffer is free
is lost. Of complete frames that nobody fetched only the newest is kept, so that a slow viewer is late by one frame
and never by more.
"""

from collections.abc import Callable
from dataclasses import dataclass

from device.frame import Exposure

LATENCY_FRAMES = 2  # exposure and gain of an IMX477: raspberrypi/libcamera, camera_sensor_properties.cpp


@dataclass(frozen=True, slots=True)
class Planned:
    """One frame to come.

    Attributes:
        sequence: its number.
        sensor_timestamp_ns: end of its first row's exposure.
        exposure: its settings.
    """

    sequence: int
    sensor_timestamp_ns: int
    exposure: Exposure


class FrameSchedule:
    """The frames of one start.

    Args:
        start_ns: when the first exposure begins.
        sequence: number of the first frame.
        exposure: of the first frames.
        readout_ns: from a frame's sensor timestamp until it is complete.
        duration_us: of a frame with that exposure.
    """

    def __init__(
        self,
        *,
        start_ns: int,
        sequence: int,
        exposure: Exposure,
        readout_ns: int,
        duration_us: Callable[[int], int],
    ) -> None:
        self._readout_ns = readout_ns
        self._duration_us = duration_us
        self._asked = [(sequence, exposure)]  # from which frame on, oldest first
        self._next = Planned(sequence, start_ns + exposure.exposure_us * 1000, exposure)
        self._complete: Planned | None = None

    @property
    def next_sequence(self) -> int:
        """The number of the first frame that is not complete."""
        return self._next.sequence

    @property
    def upcoming(self) -> Planned:
        """That frame; nothing that is asked for from now on changes it."""
        return self._next

    @property
    def next_complete_ns(self) -> int:
        """When that frame will be."""
        return self._next.sensor_timestamp_ns + self._readout_ns

    def advance(self, now_ns: int, *, room: bool) -> None:
        """Let frames complete until now; without room for them they are lost."""
        while self.next_complete_ns <= now_ns:
            if room:
                self._complete = self._next
            self._next = self._following()

    def ask(self, exposure: Exposure) -> None:
        """Take a setting; call `advance` first."""
        self._asked.append((self._next.sequence - 1 + LATENCY_FRAMES, exposure))

    def take(self) -> Planned | None:
        """The newest complete frame that nobody took."""
        taken, self._complete = self._complete, None
        return taken

    def _following(self) -> Planned:
        sequence = self._next.sequence + 1
        while len(self._asked) > 1 and self._asked[1][0] <= sequence:
            del self._asked[0]
        exposure = self._asked[0][1]
        duration_ns = self._duration_us(exposure.exposure_us) * 1000
        return Planned(sequence, self._next.sensor_timestamp_ns + duration_ns, exposure)
