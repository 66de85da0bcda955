"""The 6-bit reader on GPIO pins or on an expander that the kernel knows as a gpiochip.

Read ten times a second on a thread of its own: a lens is changed in seconds, and an expander on I2C tells no edges
unless its interrupt is wired, too.
"""

import threading
from collections.abc import Callable, Mapping

from gpiozero import Factory, InputDevice

from device.errors import NoPins
from device.lens_code import CodeWatch, code_of

PERIOD_S = 0.1
STEADY = 5  # readings: half a second
BITS = ("code_32", "code_16", "code_8", "code_4", "code_2", "code_1")
PRESENT = "present"


class LensReader:
    """Six readers and the switch that a lens closes, told by two callbacks that run in the reader's own thread.

    Args:
        pins: the GPIO number, or the expander's line, of PRESENT and each of BITS.
        low_is_black: whether a reader pulls its pin low for black and not for white.
        on_code: told the code of each lens that is put on.
        on_failure: told a sentence when the pins cannot be read any more; nothing is told after it.
        pin_factory: of the header or of an expander.
        period_s: from one reading to the next.

    Raises:
        NoPins: the pins cannot be used.
    """

    def __init__(
        self,
        pins: Mapping[str, int],
        *,
        low_is_black: bool,
        on_code: Callable[[int], None],
        on_failure: Callable[[str], None],
        pin_factory: Factory,
        period_s: float = PERIOD_S,
    ) -> None:
        self._low_is_black = low_is_black
        self._on_code = on_code
        self._on_failure = on_failure
        self._period_s = period_s
        self._watch = CodeWatch(STEADY)
        self._contacts: dict[str, InputDevice] = {}
        self._open(pins, pin_factory)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="lens reader", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread and release the pins. Safe to call twice."""
        self._closing.set()
        self._thread.join()
        for contact in self._contacts.values():
            contact.close()

    def _open(self, pins: Mapping[str, int], factory: Factory) -> None:
        try:
            for name in (PRESENT, *BITS):
                self._contacts[name] = InputDevice(pins[name], pull_up=True, pin_factory=factory)
        except Exception as fault:  # lgpio, gpiozero and the kernel each have kinds of their own
            for contact in self._contacts.values():
                contact.close()
            raise NoPins(f"The lens reader's pins cannot be used ({fault}): see [lens_reader] in mcam.toml.") from fault

    def _work(self) -> None:
        try:
            while not self._closing.wait(self._period_s):
                self._read()
        except Exception as fault:  # noqa: BLE001 - an expander that fell off: the camera goes on without it
            self._on_failure(f"The lens reader cannot be read any more ({fault}): choose the lens by hand.")

    def _read(self) -> None:
        black = [self._is_low(name) == self._low_is_black for name in BITS]
        code = self._watch.step(present=self._is_low(PRESENT), code=code_of(black))
        if code is not None:
            self._on_code(code)

    def _is_low(self, name: str) -> bool:
        return bool(self._contacts[name].is_active)
