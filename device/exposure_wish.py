"""An exposure on its way to a sensor: asked for, sent with some frame's request, and true once a frame says so.

A camera stack may lose it: picamera2 replaces its set of waiting controls while it sends them, and what is put into
the old set at that moment is gone. So each wish is sent again until the frames confirm it.
"""

import threading

from device.frame import Exposure

EXPOSURE_STEP_US = 300  # a sensor counts rows, and libcamera reports what it counted
EXPOSURE_SHARE = 0.01
GAIN_SHARE = 0.05  # an IMX477 near gain 22 steps by 2 %, an IMX585 by 3.5 % anywhere


class Wish:
    """The newest wish. `ask` may come from any thread.

    Args:
        exposure: that the sensor was started with.
        patience: frames that may pass between sending and its effect.
    """

    def __init__(self, exposure: Exposure, patience: int) -> None:
        self._wanted = exposure
        self._patience = patience
        self._sent = True
        self._waited = 0
        self._lock = threading.Lock()

    @property
    def wanted(self) -> Exposure:
        """The newest."""
        with self._lock:
            return self._wanted

    def ask(self, exposure: Exposure) -> None:
        """Wish for another; the same one again changes nothing."""
        with self._lock:
            if exposure != self._wanted:
                self._wanted, self._sent = exposure, False

    def due(self) -> Exposure | None:
        """What to send with the next request, if anything."""
        with self._lock:
            if self._sent and self._waited <= self._patience:
                return None
            self._sent, self._waited = True, 0
            return self._wanted

    def seen(self, exposure: Exposure) -> None:
        """A frame was exposed like that."""
        with self._lock:
            self._waited = 0 if fulfils(exposure, self._wanted) else self._waited + 1


def fulfils(exposure: Exposure, wanted: Exposure) -> bool:
    """Whether a sensor that was asked for the second and did the first did what it can."""
    step_us = max(EXPOSURE_STEP_US, EXPOSURE_SHARE * wanted.exposure_us)
    return (
        abs(exposure.exposure_us - wanted.exposure_us) <= step_us
        and abs(exposure.gain - wanted.gain) <= GAIN_SHARE * wanted.gain
    )
