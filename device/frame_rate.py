"""How many frames a second really come, and how many were lost: by the sensor's own timestamps and numbers."""

from collections import deque

from device.frame import LiveFrame

SPAN_NS = 2_000_000_000


class FrameRate:
    """Counts over the last two seconds of the sensor's clock."""

    def __init__(self) -> None:
        self._stamps: deque[int] = deque()
        self._shape = (0, 0)
        self._sequence = 0
        self._carried = 0  # in this setting
        self._dropped = 0

    def count(self, frame: LiveFrame) -> None:
        """One more frame. A number that jumps tells of frames lost; one that falls, of a restarted stream.

        A frame of another size is the first of another setting, whose rate has nothing to do with the last one's. What
        a setting's first frame took, in which kernels may have to be compiled, cost no frame that anybody waited for.
        """
        if frame.measured != self._shape:
            self._stamps.clear()
            self._shape, self._carried = frame.measured, 0
        if self._carried > 1 and frame.sequence > self._sequence:
            self._dropped += frame.sequence - self._sequence - 1
        self._sequence, self._carried = frame.sequence, self._carried + 1
        self._stamps.append(frame.sensor_timestamp_ns)
        while frame.sensor_timestamp_ns - self._stamps[0] > SPAN_NS:
            self._stamps.popleft()

    def read(self) -> tuple[float, int]:
        """(frames per second, frames lost since the start)."""
        if len(self._stamps) < 2 or self._stamps[-1] <= self._stamps[0]:
            return 0.0, self._dropped
        return (len(self._stamps) - 1) * 1e9 / (self._stamps[-1] - self._stamps[0]), self._dropped
