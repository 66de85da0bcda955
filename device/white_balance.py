"""What is taken for grey: automatically, by a light's name or temperature, or by a grey point. Pure."""

from dataclasses import replace
from functools import lru_cache

from device import grey_point, light_source
from device.auto_white import AutoWhite
from device.colour import neutral_under
from device.errors import NotReady
from device.frame import Colour, Frame, LiveFrame, Reading, SensorFacts, Triple
from device.grey_point import GreyPoint
from device.states import WhiteBalanceState
from device.white_point import temperature_k, white_point
from device.window import Window

TOLD_K = 100  # what is told of a temperature, so that an automatic one stands still


class WhiteBalance:
    """Remembers the automatic's balance and the newest grey point. Not for several threads at once.

    Args:
        facts: of the sensor.
    """

    def __init__(self, facts: SensorFacts) -> None:
        self._facts = facts
        self._auto = AutoWhite(facts.colour)
        self._automatic: Triple | None = None
        self._grey: GreyPoint | None = None

    def look(self, frame: LiveFrame, reading: Reading, window: Window | None) -> None:
        """At the newest frame, with what the meter and the magnifier make of it."""
        if isinstance(frame, Frame):
            self._grey = grey_point.seen(frame, window)
            has_own = self._facts.finds_white or not self._facts.colour.matrices
            self._automatic = frame.neutral if has_own else self._auto.after(reading)

    def asked(self, now: WhiteBalanceState) -> Triple | None:
        """What to ask of the sensor; None where it shall find it by itself, or nobody can tell yet."""
        return self._chosen(now) or (None if self._facts.finds_white else self._automatic)

    def of(self, frame: Frame, now: WhiteBalanceState) -> Frame:
        """The frame with the neutral that was chosen, where that had not reached the sensor yet."""
        chosen = self._chosen(now)
        return frame if chosen is None else replace(frame, neutral=chosen)

    def temperature_k(self, now: WhiteBalanceState) -> int:
        """Of the light for which the next shot is balanced, to be told; 0 is unknown."""
        neutral = self._chosen(now) or self._automatic
        return _temperature_k(self._facts.colour, neutral) if neutral and self._facts.colour.matrices else 0

    def picked(self) -> Triple:
        """The neutral of the newest grey point.

        Raises:
            NotReady: there was no frame with RAW yet.
            BadGrey: it is clipped or too dark.
        """
        if self._grey is None:
            raise NotReady("There is no RAW to pick a grey point from yet: wait for the live view.")
        return grey_point.neutral(self._grey)

    def _chosen(self, now: WhiteBalanceState) -> Triple | None:
        """None for "auto", where no grey point was picked yet, and of a sensor whose colours nobody knows."""
        if now.mode == "auto" or not self._facts.colour.matrices:
            return None
        if now.mode == "grey":
            return (now.grey_red, 1.0, now.grey_blue) if now.grey_red and now.grey_blue else None
        white = light_source.NAMED.get(now.mode) or light_source.of_temperature(now.kelvin)
        return neutral_under(self._facts.colour, white)


@lru_cache(maxsize=64)
def _temperature_k(colour: Colour, neutral: Triple) -> int:
    """Within what photographers speak of."""
    kelvin = temperature_k(white_point(colour, neutral))
    return TOLD_K * round(min(max(kelvin, 1500.0), 25_000.0) / TOLD_K)
