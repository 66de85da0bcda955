"""Exposures longer than a live view can bear: begun at once, counted, and ended at will. Pure.

The live view is not shown at the set exposure then, but at a quicker one with more gain. A press starts the sensor anew
with the long exposure, so that its first frame is the photograph, and the end of it, or its being called off, starts
the sensor anew again: a setting would have to wait for frames of that length to pass. That a frame was exposed so is
read from its metadata; a sensor that keeps giving another exposure is believed in the end, and it is said.

What ends such an exposure before its time loses it: a CMOS sensor is told the length before it begins, and stopping the
stream drops the frame. For an end at will there is `bulb.py`, which adds shorter ones up.
"""

from device.bracketing import agrees
from device.exposure import live_view
from device.frame import Exposure, SensorFacts
from device.shooting_states import ShootingState

LONG_US = 1_000_000  # longer ones are long
PATIENCE_FRAMES = 12  # ten buffers of some stack's and what a sensor takes; shorter frames than asked for, so soon over
NS_PER_S = 1_000_000_000


def is_long(exposure: Exposure) -> bool:
    """Whether the live view cannot be had at it."""
    return exposure.exposure_us > LONG_US


def for_live_view(exposure: Exposure, facts: SensorFacts) -> Exposure:
    """As bright, as far as gain goes, and quick enough to be looked at."""
    return live_view(exposure, facts) if is_long(exposure) else exposure


class LongExposure:
    """The one that the sensor runs at, if any: fixed when it begins, whatever the dials do meanwhile."""

    def __init__(self) -> None:
        self.exposure: Exposure | None = None
        self._since_ns: int | None = None
        self._others = 0

    def follow(self, wanted: Exposure | None) -> None:
        """A photograph that takes that exposure of the sensor is waited for; None: none is."""
        if wanted is None:
            self.exposure = self._since_ns = None
        elif self.exposure is None:
            self.exposure, self._others = wanted, 0

    def takes(self, given: Exposure) -> str | None:
        """Whether a frame that was exposed like that is to be the photograph.

        Returns:
            None: no. Otherwise yes, and what is to be said of it, "" when it is as it should be.
        """
        if self.exposure is None or agrees(given, self.exposure):
            return ""
        self._others += 1
        if self._others <= PATIENCE_FRAMES:
            return None
        given_s, wanted_s = given.exposure_us / 1e6, self.exposure.exposure_us / 1e6
        return f"The sensor exposes {given_s:g} s where {wanted_s:g} s are set, and so does the photograph."

    def began(self, now_ns: int) -> None:
        """The sensor began a frame."""
        self._since_ns = None if self.exposure is None else now_ns

    def told(self, now_ns: int) -> ShootingState | None:
        """Its seconds, counted; None where there is none."""
        if self.exposure is None:
            return None
        begun_ns = 0 if self._since_ns is None else max(0, now_ns - self._since_ns)
        length_ns = self.exposure.exposure_us * 1000
        left_ns = max(0, length_ns - begun_ns)
        return ShootingState(
            kind="long", elapsed_s=min(begun_ns, length_ns) // NS_PER_S, remaining_s=-(-left_ns // NS_PER_S)
        )
