"""When the sensor is to be ready for the shot, in full resolution. Pure; times are passed in."""

from dataclasses import dataclass

from device.sensor import Setting


@dataclass(slots=True)
class Readiness:
    """What decides it.

    Attributes:
        always: it is; see [drive] in mcam.toml.
        hold_ns: it stays so for that long after S1 was let go, or a press.
        half_pressed: S1 is down.
    """

    always: bool
    hold_ns: int
    half_pressed: bool = False
    until_ns: int = 0

    def half(self, when_ns: int, *, down: bool) -> None:
        """S1 went down, or came up."""
        self.half_pressed, self.until_ns = down, when_ns + self.hold_ns

    def stay(self, when_ns: int) -> None:
        """After a press."""
        self.until_ns = max(self.until_ns, when_ns + self.hold_ns)

    def setting(self, now_ns: int, *, needed: bool) -> Setting:
        """The one to run in; `needed`: a photograph is waited for, or will be soon."""
        ready = self.always or self.half_pressed or needed or now_ns < self.until_ns
        return Setting.ARMED if ready else Setting.SMOOTH
