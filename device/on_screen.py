"""What the preview ring shows: the live view, or in its place a photograph that is looked at."""

import threading

from device.frame import LiveFrame, Reading
from device.preview import PreviewWriter
from device.window import Magnified


class OnScreen:
    """The ring's two writers, one at a time. The camera measures and exposes on while its frames are not shown.

    Args:
        ring: where to.
    """

    def __init__(self, ring: PreviewWriter) -> None:
        self._ring = ring
        self._lock = threading.Lock()
        self._number = 0

    def publish(
        self, frame: LiveFrame, reading: Reading, magnified: Magnified | None = None, readout_us: int = 0
    ) -> None:
        """A frame of the live view, as `PreviewWriter.publish`; nobody sees it while a photograph is shown."""
        with self._lock:
            if not self._number:
                self._ring.publish(frame, reading, magnified, readout_us)

    def show(self, number: int, frame: LiveFrame, reading: Reading, magnified: Magnified | None = None) -> None:
        """A photograph in its place, from now on; the number, from 1, tells it from others."""
        with self._lock:
            self._number = number
            self._ring.publish(frame, reading, magnified, review=number)

    def go_live(self) -> None:
        """The live view again."""
        with self._lock:
            self._number = 0
