"""A light-emitting diode that tells how sharp it is, for focusing without a look at the panel.

It shines at the best of the last seconds and is dark at half of that: turn the ring until it has been bright and
dims, then back until it is bright again.
"""

from collections.abc import Callable

from gpiozero import PWMLED, Factory

from device.errors import NoPins

HOLD_NS = 10_000_000_000  # how long a best counts: to turn a focus ring past it and back
DARK_SHARE = 0.5  # of the best: no light
PULSES_HZ = 200  # too quick to be seen


class Best:
    """The highest score of the last HOLD_NS, as long as it is not passed."""

    def __init__(self) -> None:
        self._score = 0.0
        self._when_ns = 0

    def share(self, score: float, now_ns: int) -> float:
        """The score over the best, 0 to 1."""
        if score >= self._score or not 0 <= now_ns - self._when_ns < HOLD_NS:
            self._score, self._when_ns = score, now_ns
        return score / self._score if self._score else 0.0


def brightness(share: float) -> float:
    """The share of time that it shines, for a share of the best score: squared, as the eye sees about the root."""
    return max(0.0, (share - DARK_SHARE) / (1 - DARK_SHARE)) ** 2


class FocusLight:
    """The diode on its pin.

    Args:
        pin: the GPIO number; with a resistor from there to the diode, and from that to ground.
        on_failure: told a sentence when it cannot be driven any more; it stays dark then.
        pin_factory: of the header.

    Raises:
        NoPins: the pin cannot be used.
    """

    def __init__(self, pin: int, on_failure: Callable[[str], None], pin_factory: Factory) -> None:
        self._on_failure = on_failure
        self._best = Best()
        self._broken = False
        try:
            self._led = PWMLED(pin, frequency=PULSES_HZ, pin_factory=pin_factory)
        except Exception as fault:  # lgpio, gpiozero and the kernel each have kinds of their own
            raise NoPins(f"The focus light's pin cannot be used ({fault}): see [focus_light] in mcam.toml.") from fault

    def follow(self, score: float, now_ns: int) -> None:
        """Show a score of the focus meter; never raises, as pictures matter more than a light."""
        if self._broken:
            return
        try:
            self._led.value = brightness(self._best.share(score, now_ns))
        except Exception as fault:  # noqa: BLE001 - as above
            self._broken = True
            self._on_failure(f"The focus light cannot be driven any more ({fault}): look at the focus meter.")

    def close(self) -> None:
        """Switch it off and let the pin go."""
        self._led.close()
