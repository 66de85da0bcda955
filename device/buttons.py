"""The buttons and the encoder on the GPIO pins; `lens_reader` and `focus_light` have theirs, nobody else has.

Each contact connects its pin to ground. gpiozero's callbacks only put the edge, with its time, into a queue; a thread
of our own makes sense of them (debounce.py), so neither chatter nor what a press sets off ever holds lgpio's thread
up. It tells what the contacts do and nothing more: on a rig whose S2 closes without S1 only "s2" is told, and the
camera arms and shoots on it.
"""

import os
import queue
import tempfile
import threading
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from gpiozero import Device, Factory, InputDevice

from device.clock import Clock
from device.debounce import Change, Debouncer, Quadrature
from device.errors import NoPins

BUTTONS = ("s1", "s2", "function", "up", "down", "left", "right", "ok")
OPTIONAL = ("encoder_press", "power")  # which a rig may do without
ENCODER = ("encoder_a", "encoder_b")

OnButton = Callable[[str, bool, int], None]  # name, down, when in ns of the clock
OnTurn = Callable[[int, int], None]  # clicks clockwise, when in ns of the clock


class Edge(NamedTuple):
    """A contact closed or opened, and when."""

    name: str
    closed: bool
    when_ns: int


class Contact:
    """One pin, pulled up; closed pulls it to ground. Puts its edges into a queue."""

    def __init__(
        self, name: str, pin: int, clock: Clock, edges: "queue.SimpleQueue[Edge | None]", factory: Factory
    ) -> None:
        self.name = name
        self._clock = clock
        self._edges = edges
        self._factory = factory
        self._device = InputDevice(pin, pull_up=True, pin_factory=factory)
        self._device.pin.bounce = None  # gpiozero's loses releases and invents presses: its issues 550 and 1090
        self._device.pin.edges = "both"
        self._device.pin.when_changed = self._changed

    @property
    def closed(self) -> bool:
        """The level now."""
        return bool(self._device.is_active)

    def _changed(self, ticks: float, state: int) -> None:
        """Runs in gpiozero's thread, which an exception would end silently: arithmetic only.

        lgpio reports an edge a millisecond after it happened (it sorts them first), with the kernel's time of it on a
        clock of its own; how long ago that is can be said on any clock.
        """
        age_s = self._factory.ticks_diff(self._factory.ticks(), ticks)
        self._edges.put(Edge(self.name, not state, self._clock.now_ns() - round(age_s * 1e9)))

    def close(self) -> None:
        """Let the pin go."""
        self._device.pin.when_changed = None
        self._device.close()


class Buttons:
    """All of them, told by two callbacks that run in the buttons' own thread and should be short.

    An exception in a callback ends that thread and stands in `failure`: whoever started it must look and end the
    process, because a camera whose buttons are dead must not look alive.

    Args:
        pins: the GPIO number of each of BUTTONS and ENCODER, and of those of OPTIONAL that are wired.
        debounce_ms: how long a contact must stand still.
        clock: the clock of the sensor's timestamps, on which a press is stamped.
        on_button: told a name of BUTTONS or OPTIONAL, whether it went down, and when.
        on_turn: told clicks of the encoder, clockwise positive, and when.
        pin_factory: None for the pins of this machine.

    Raises:
        NoPins: the pins cannot be used, because there are none, or another program has one of them.
    """

    def __init__(
        self,
        pins: Mapping[str, int],
        debounce_ms: int,
        clock: Clock,
        on_button: OnButton,
        on_turn: OnTurn,
        pin_factory: Factory | None = None,
    ) -> None:
        self.failure: BaseException | None = None
        self._clock = clock
        self._on_button = on_button
        self._on_turn = on_turn
        self._edges: queue.SimpleQueue[Edge | None] = queue.SimpleQueue()
        self._contacts: dict[str, Contact] = {}
        self._open(pins, pin_factory)
        settle_ns = debounce_ms * 1_000_000
        self._buttons = {
            name: Debouncer(settle_ns, down=contact.closed)
            for name, contact in self._contacts.items()
            if name not in ENCODER
        }
        self._encoder = Quadrature(a=self._contacts["encoder_a"].closed, b=self._contacts["encoder_b"].closed)
        self._thread = threading.Thread(target=self._work, name="buttons", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Release the pins and end the thread, once it has told what it had. Safe to call twice."""
        for contact in self._contacts.values():
            contact.close()
        self._contacts.clear()
        self._edges.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _open(self, pins: Mapping[str, int], factory: Factory | None) -> None:
        try:
            factory = factory or pins_of_this_machine()
            for name in (*BUTTONS, *ENCODER, *(name for name in OPTIONAL if name in pins)):
                self._contacts[name] = Contact(name, pins[name], self._clock, self._edges, factory)
        except Exception as fault:  # lgpio, gpiozero and the kernel each have kinds of their own
            for contact in self._contacts.values():
                contact.close()
            raise NoPins(f"The buttons' pins cannot be used ({fault}): see [buttons] in mcam.toml.") from fault

    def _work(self) -> None:
        try:
            while self._step():
                pass
        except BaseException as failure:  # noqa: BLE001 - nobody above us; see `failure`
            self.failure = failure

    def _step(self) -> bool:
        """Wait for an edge, or for something to settle; False at the end."""
        try:
            edge = self._edges.get(timeout=self._patience_s())
        except queue.Empty:
            self._settle()
            return True
        if edge is not None:
            self._take(edge)
        return edge is not None

    def _patience_s(self) -> float | None:
        """How long to wait for an edge before something settles; None: for ever."""
        due = [due_ns for button in self._buttons.values() if (due_ns := button.settles_at_ns) is not None]
        return max(min(due) - self._clock.now_ns(), 1_000_000) / 1e9 if due else None

    def _settle(self) -> None:
        now_ns = self._clock.now_ns()
        for name, button in self._buttons.items():
            self._tell(name, button.settled(now_ns))

    def _take(self, edge: Edge) -> None:
        if edge.name in self._buttons:
            return self._tell(edge.name, self._buttons[edge.name].step(down=edge.closed, when_ns=edge.when_ns))
        step = self._encoder.step_a if edge.name == "encoder_a" else self._encoder.step_b
        if clicks := step(closed=edge.closed):
            self._on_turn(clicks, edge.when_ns)
        return None

    def _tell(self, name: str, changes: list[Change]) -> None:
        for change in changes:
            self._on_button(name, change.down, change.when_ns)


def available(
    device_files: Path = Path("/dev"), revision: Path = Path("/proc/device-tree/system/linux,revision")
) -> bool:
    """Whether this machine has a Raspberry Pi's pins which we may use. Touches nothing.

    A laptop, too, can have /dev/gpiochip0; gpiozero works only where the device tree names a Raspberry Pi's revision.
    """
    if os.environ.get("GPIOZERO_PIN_FACTORY"):
        return True
    chips = [chip for chip in device_files.glob("gpiochip*") if os.access(chip, os.R_OK | os.W_OK)]
    return bool(chips) and revision.exists() and find_spec("lgpio") is not None


def pins_of_this_machine(chip: int | None = None) -> Factory:
    """The pin factory that GPIOZERO_PIN_FACTORY names, else lgpio: of the header, or of another gpiochip.

    No other works on a Pi 5, and gpiozero's own fallback to a slower one would go unseen. On import lgpio changes the
    working directory of the whole process to $LG_WD and leaves a FIFO there, which two processes in one directory
    would share. It is given a folder of its own for the moment it needs one.
    """
    if os.environ.get("GPIOZERO_PIN_FACTORY"):
        Device.ensure_pin_factory()
        return Device.pin_factory
    here = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="mcam-lgpio-") as folder:
        os.environ["LG_WD"] = folder
        try:
            from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415 - the import itself makes the FIFO
        finally:
            os.chdir(here)
            del os.environ["LG_WD"]
    return LGPIOFactory(chip=chip)
