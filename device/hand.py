"""What a hand does at the camera: its buttons, its encoder, and that it sleeps when none does anything."""

from collections.abc import Callable

from device.button_route import ButtonRoute, Face
from device.camera import Camera
from device.dials import pressed, turned
from device.power_off import PowerOff
from device.protocol import Event
from device.rest import Rest


class Hand:
    """The camera as it is held. Any thread may call.

    Args:
        camera: the state machine.
        menu: has the buttons while it is open.
        review: of the photographs; it too.
        rest: when it sleeps.
        power_off: switches the machine off.
        tell: hands an event to every client.
    """

    def __init__(
        self,
        *,
        camera: Camera,
        menu: Face,
        review: Face,
        rest: Rest,
        power_off: PowerOff,
        tell: Callable[[Event], None],
    ) -> None:
        self._camera, self._rest, self._power_off, self._tell = camera, rest, power_off, tell
        self._route = ButtonRoute(
            menu=menu, review=review, pressed=self._press_dial, turned=self._turn_dial, power=self._power
        )

    def button(self, name: str, down: bool, when_ns: int) -> None:  # noqa: FBT001 - down or up is what a button does
        """A button of the rig or the page went down or up at that instant of the sensor's clock.

        Raises:
            McamError: as `Camera.arm`, `Camera.release` and `Camera.dial` have it.
        """
        if self.touched(when_ns):
            self._wake_by(name, down, when_ns)
        elif name in ("s1", "s2"):
            self._shutter(name, down, when_ns)
        else:
            self._route.button(name, down, when_ns)
        self._tell(Event(kind="button", text=f"{name} {'down' if down else 'up'}"))

    def turn(self, steps: int, when_ns: int) -> None:
        """The encoder, so many steps clockwise at that instant."""
        if not self.touched(when_ns):
            self._route.turn(steps)
        self._tell(Event(kind="button", text=f"encoder {steps:+d}"))

    def touched(self, when_ns: int) -> bool:
        """Somebody did something; whether that woke the camera."""
        woke = self._rest.touched(when_ns)
        if woke:
            self._camera.sleep(asleep=False)
        return woke

    def passed(self, now_ns: int) -> None:
        """Time passes, which tells that a button is held or nobody does anything; call it several times a second."""
        self._route.passed(now_ns)
        if self._rest.passed(now_ns, self._camera.dials.power.sleep_after_s, busy=self._camera.is_busy):
            self._fall_asleep()
        self._power_off.passed()

    def _wake_by(self, name: str, down: bool, when_ns: int) -> None:  # noqa: FBT001 - as `button`
        """A button that wakes does nothing else, but S1 and S2 ready the camera, too."""
        if name == "s1":
            self._camera.arm(down, when_ns)
        elif name == "s2":
            self._camera.arm(False, when_ns)  # noqa: FBT003 - S1 is up: ready for as long as after letting go of it

    def _shutter(self, name: str, down: bool, when_ns: int) -> None:  # noqa: FBT001 - as `button`
        """First the camera, then menu and review, which a press of either closes."""
        try:
            if name == "s1":
                self._camera.arm(down, when_ns)
            else:
                self._camera.release(down, when_ns)
        finally:
            if down:
                self._route.close_all()

    def _power(self, held: bool) -> None:  # noqa: FBT001 - as the route tells it
        """A tap of the power button sleeps, holding it switches off."""
        if held:
            self._power_off.press()
        elif not self._camera.is_busy:
            self._rest.nap()
            self._fall_asleep()

    def _fall_asleep(self) -> None:
        self._route.close_all()
        self._camera.sleep(asleep=self._rest.asleep)

    def _press_dial(self, button: str) -> None:
        self._camera.dial(lambda settings: pressed(settings, button, self._camera.lens.apertures))

    def _turn_dial(self, steps: int) -> None:
        self._camera.dial(lambda settings: turned(settings, steps, self._camera.lens.apertures))
