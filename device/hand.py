"""What hands do at the camera: its buttons, its encoder, and that it sleeps when none does anything."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from device.button_route import ButtonRoute, Face
from device.camera import Camera
from device.dials import pressed, turned
from device.errors import McamError
from device.held_buttons import RIG, HeldButtons
from device.power_off import PowerOff
from device.protocol import Event
from device.rest import Rest


class Hand:
    """The camera as it is held. Any thread may call.

    A press that comes just as the camera falls asleep wakes it, and what a press has set going keeps it awake: either
    is done whole before the other.

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
        self._held = HeldButtons()
        self._pressing = threading.Lock()  # of who holds what and of passing it on: two hands must not overtake
        self._resting = threading.Lock()  # of falling asleep, waking and presses; with it nobody asks for the route's
        self._route = ButtonRoute(
            menu=menu, review=review, pressed=self._press_dial, turned=self._turn_dial, power=self._power
        )

    def button(self, name: str, down: bool, when_ns: int, holder: int = RIG) -> None:  # noqa: FBT001 - as Buttons has it
        """A button of the rig or of a client went down or up at that instant of the sensor's clock.

        Whoever presses it presses it; it goes up when the last of its holders lets go.

        Raises:
            McamError: as `Camera.arm`, `Camera.release` and `Camera.dial` have it.
        """
        with self._pressing:
            if down:
                self._held.down(name, holder)
                self._pass_on(name, down, when_ns)
            elif self._held.up(name, holder):
                self._pass_on(name, down, when_ns)

    def let_go(self, holder: int, when_ns: int) -> None:
        """That one is gone, and what it alone held is up."""
        with self._pressing:
            for name in self._held.of(holder):
                if self._held.up(name, holder):
                    with suppress(McamError):  # whom it would be told is gone
                        self._pass_on(name, False, when_ns)  # noqa: FBT003 - up

    def turn(self, steps: int, when_ns: int) -> None:
        """The encoder, so many steps clockwise at that instant."""
        if not self.touched(when_ns):
            self._route.turn(steps)
        self._tell(Event(kind="button", text=f"encoder {steps:+d}"))

    def touched(self, when_ns: int) -> bool:
        """Somebody did something; whether that woke the camera."""
        with self.touching(when_ns) as woke:
            return woke

    @contextmanager
    def touching(self, when_ns: int) -> Iterator[bool]:
        """Somebody does something that the camera must not fall asleep over; whether that woke it. It must be quick."""
        with self._resting:
            woke = self._rest.touched(when_ns)
            if woke:
                self._camera.sleep(asleep=False)
            yield woke

    def passed(self, now_ns: int) -> None:
        """Time passes, which tells that a button is held or nobody does anything; call it several times a second."""
        self._route.passed(now_ns)
        with self._resting:
            sleeps = self._rest.passed(now_ns, self._camera.dials.power.sleep_after_s, busy=self._camera.is_busy)
            if sleeps:
                self._camera.sleep(asleep=True)
        if sleeps:
            self._route.close_all()
        self._power_off.passed()

    def _pass_on(self, name: str, down: bool, when_ns: int) -> None:  # noqa: FBT001 - as `button`
        if name in ("s1", "s2"):
            self._shutter(name, down, when_ns)
        elif not self.touched(when_ns):
            self._route.button(name, down, when_ns)
        self._tell(Event(kind="button", text=f"{name} {'down' if down else 'up'}"))

    def _shutter(self, name: str, down: bool, when_ns: int) -> None:  # noqa: FBT001 - as `button`
        """First the camera, then menu and review, which a press of either closes."""
        woke = False
        try:
            with self.touching(when_ns) as woke:
                self._press(name, down, when_ns, woke=woke)
        finally:
            if down and not woke:
                self._route.close_all()

    def _press(self, name: str, down: bool, when_ns: int, *, woke: bool) -> None:  # noqa: FBT001 - as `button`
        """What wakes the camera does nothing else but ready it, as S1 does: S1 is up where S2 woke."""
        if name == "s1":
            self._camera.arm(down, when_ns)
        elif woke:
            self._camera.arm(False, when_ns)  # noqa: FBT003 - ready for as long as after letting go of S1
        else:
            self._camera.release(down, when_ns)

    def _power(self, held: bool) -> None:  # noqa: FBT001 - as the route tells it
        """A tap of the power button sleeps, holding it switches off."""
        if held:
            self._power_off.press()
        elif self._nap():
            self._route.close_all()

    def _nap(self) -> bool:
        """Asleep at once, unless the camera works; whether it is."""
        with self._resting:
            if not self._camera.is_busy:
                self._rest.nap()
                self._camera.sleep(asleep=self._rest.asleep)
            return self._rest.asleep

    def _press_dial(self, button: str) -> None:
        self._camera.dial(lambda settings: pressed(settings, button, self._camera.lens.apertures))

    def _turn_dial(self, steps: int) -> None:
        self._camera.dial(lambda settings: turned(settings, steps, self._camera.lens.apertures))
