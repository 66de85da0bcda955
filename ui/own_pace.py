"""A panel that takes pictures more slowly than they come, and whose writer waits: it gets a thread of its own.

The kernel sends an SPI panel's page 1/20 s after it was written to, and whoever writes while it is sent stands still
until that is over (drm_fbdev_dma.c, fb_defio.c). More than 20 pictures a second would only wait more often.
"""

import threading
from collections.abc import Callable

import numpy as np

from ui.screen import Pixels, Screen

PAUSE_S = 0.05  # HZ / 20
CLOSE_TIMEOUT_S = 1.0


class OwnPace:
    """A Screen that takes the newest picture when it has shown the last one; those between are left out.

    Args:
        screen: shows, and may take its time.
        pause: waits so many seconds between two pictures, or less once told to end; None for the real thing.
    """

    def __init__(self, screen: Screen, pause: Callable[[float], object] | None = None) -> None:
        self._screen = screen
        columns, rows = self.size = screen.size
        self._ended = threading.Event()
        self._pause = self._ended.wait if pause is None else pause
        self._news = threading.Condition()
        self._waiting, self._shown = (np.zeros((rows, columns, 4), np.uint8) for _ in range(2))
        self._has_news = False
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="panel", daemon=True)
        self._thread.start()

    def show(self, pixels: Pixels) -> None:
        """Leave a copy for the panel's thread.

        Raises:
            Exception: what the panel raised when it last showed a picture; it shows no more.
        """
        self.check()
        with self._news:
            self._waiting[:] = pixels
            self._has_news = True
            self._news.notify()

    def check(self) -> None:
        """To be called now and then, as no picture may come for hours. Raises as `show`."""
        if self._fault is not None:
            raise self._fault

    def light(self, *, on: bool) -> None:
        """Of the panel."""
        self._screen.light(on=on)

    def close(self) -> None:
        """Let the picture that is being shown end, and close the panel."""
        self._ended.set()
        with self._news:
            self._news.notify()
        self._thread.join(CLOSE_TIMEOUT_S)
        self._screen.close()

    def _run(self) -> None:
        try:
            while self._take():
                self._screen.show(self._shown)
                self._pause(PAUSE_S)
        except BaseException as fault:  # noqa: BLE001 - whoever calls show or check next shall have it
            self._fault = fault

    def _take(self) -> bool:
        """Wait for a picture and exchange the two buffers; False at the end."""
        with self._news:
            self._news.wait_for(lambda: self._has_news or self._ended.is_set())
            self._waiting, self._shown = self._shown, self._waiting
            self._has_news = False
        return not self._ended.is_set()
