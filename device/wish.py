"""A setting on its way to a sensor: asked for, sent with some frame's request, and true once a frame says so.

A camera stack may lose it: picamera2 replaces its set of waiting controls while it sends them, and what is put into
the old set at that moment is gone. So each wish is sent again until the frames confirm it.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from device.frame import Exposure, Triple

EXPOSURE_STEP_US = 300  # a sensor counts rows, and libcamera reports what it counted
EXPOSURE_SHARE = 0.01
NEUTRAL_SHARE = 0.02  # libcamera's gains are float32, and an image signal processor's have steps
GAIN_SHARE = 0.05  # an IMX477 near gain 22 steps by 2 %, an IMX585 by 3.5 % anywhere


T = TypeVar("T")


class Wish(Generic[T]):
    """The newest wish. `ask` may come from any thread.

    Args:
        wanted: what the sensor was started with.
        patience: frames that may pass between sending and its effect.
        fulfils: whether what a frame tells is what a sensor can do about a wish.
        sent: False where the sensor was not started with it, after all.
    """

    def __init__(self, wanted: T, patience: int, fulfils: Callable[[T, T], bool], *, sent: bool = True) -> None:
        self._wanted = wanted
        self._patience = patience
        self._fulfils = fulfils
        self._sent = sent
        self._waited = 0
        self._lock = threading.Lock()

    @property
    def wanted(self) -> T:
        """The newest."""
        with self._lock:
            return self._wanted

    def ask(self, wanted: T) -> None:
        """Wish for another; the same one again changes nothing."""
        with self._lock:
            if wanted != self._wanted:
                self._wanted, self._sent = wanted, False

    def due(self) -> bool:
        """Whether `wanted` is to be sent with the next request."""
        with self._lock:
            if self._sent and self._waited <= self._patience:
                return False
            self._sent, self._waited = True, 0
            return True

    def seen(self, told: T) -> None:
        """A frame tells that of itself."""
        with self._lock:
            self._waited = 0 if self._fulfils(told, self._wanted) else self._waited + 1


def exposes(exposure: Exposure, wanted: Exposure) -> bool:
    """Whether a sensor that was asked for the second and did the first did what it can."""
    step_us = max(EXPOSURE_STEP_US, EXPOSURE_SHARE * wanted.exposure_us)
    return (
        abs(exposure.exposure_us - wanted.exposure_us) <= step_us
        and abs(exposure.gain - wanted.gain) <= GAIN_SHARE * wanted.gain
    )


def balances(neutral: Triple | None, wanted: Triple | None) -> bool:
    """Whether a frame's neutral is the one that was asked for; what a stack finds by itself may be any."""
    if neutral is None or wanted is None:
        return True
    return all(abs(told - asked) <= NEUTRAL_SHARE * asked for told, asked in zip(neutral, wanted, strict=True))
