"""Where a button goes: to the menu or the review while one of them is open, else to the dials.

S1 and S2 are not among them: `commands.py` gives those to the camera first, whatever is open, and has all that is open
closed then. Holding OK opens the menu and holding the function button the review, from wherever one is.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from device.holds import Held, Holds, Press

OPENS = {"ok": "menu", "function": "playback"}  # what holding a button opens
MEANS = {"back": "function", "encoder_press": "ok"}  # to whatever is open
_CLOSED_HELD: Mapping[str, Held] = {"ok": "hold", "function": "hold"}


class Face(Protocol):
    """What has the buttons while it is open. Its methods are called one at a time, must be quick, and do not raise.

    Attributes:
        held: what holding a button means to it; "nothing" for those that are not in it. "hold" has their taps told
            when they are let go.
    """

    held: Mapping[str, Held]

    @property
    def is_open(self) -> bool:
        """Whether it has the buttons."""
        ...

    def open(self) -> None:
        """Take them."""
        ...

    def close(self) -> None:
        """Give them up, from wherever one was in it; nothing to do when it is closed."""
        ...

    def press(self, button: str) -> None:
        """One of the pad's "up", "down", "left", "right" and "ok", or "function", which means back."""
        ...

    def hold(self, button: str) -> None:
        """A button that is a "hold" in `held` was held."""
        ...

    def turn(self, steps: int) -> None:
        """The encoder, clockwise positive."""
        ...


class ButtonRoute:
    """Passes on what is pressed; any thread may call.

    Args:
        menu: the menu.
        review: of the photographs.
        pressed: told a button of the pad, or "function", when nothing is open.
        turned: told steps of the encoder when nothing is open.
        power: told, whatever is open, whether the power button was held, or tapped.
    """

    def __init__(
        self,
        *,
        menu: Face,
        review: Face,
        pressed: Callable[[str], None],
        turned: Callable[[int], None],
        power: Callable[[bool], None],
    ) -> None:
        self._faces = {"menu": menu, "playback": review}
        self._pressed, self._turned, self._power = pressed, turned, power
        self._holds = Holds()
        self._lock = threading.RLock()

    def button(self, name: str, down: bool, when_ns: int) -> None:  # noqa: FBT001 - down or up is what a button does
        """A button but S1 and S2 went down or up, at that instant of the sensor's clock.

        Besides the rig's there are "menu" and "playback", which open and close, and "back", which does nothing while
        nothing is open: a keyboard has keys to spare for them.
        """
        with self._lock:
            presses = self._holds.down(name, when_ns, self._held(name)) if down else self._holds.up(name, when_ns)
            self._pass_on(presses)

    def turn(self, steps: int) -> None:
        """The encoder."""
        with self._lock:
            face = self._open()
            (self._turned if face is None else face.turn)(steps)

    def passed(self, now_ns: int) -> None:
        """To be called several times a second: only time tells a hold."""
        with self._lock:
            self._pass_on(self._holds.passed(now_ns))

    def close_all(self) -> None:
        """The shutter has priority: back to the live view."""
        with self._lock:
            self._holds.forget()
            for face in self._faces.values():
                face.close()

    def _open(self) -> Face | None:
        return next((face for face in self._faces.values() if face.is_open), None)

    def _held(self, name: str) -> Held:
        face = self._open()
        if name == "power":
            return "hold"
        return (_CLOSED_HELD if face is None else face.held).get(name, "nothing")

    def _pass_on(self, presses: list[Press]) -> None:
        for press in presses:
            face = self._open()
            if press.button == "power":
                self._power(press.held)
            elif press.button in self._faces:
                self._toggle(press.button)
            elif face is None:
                self._press_outside(press)
            elif press.held:
                face.hold(press.button)
            else:
                face.press(MEANS.get(press.button, press.button))

    def _press_outside(self, press: Press) -> None:
        if press.held:
            self._toggle(OPENS[press.button])
        elif press.button != "back":
            self._pressed(press.button)

    def _toggle(self, name: str) -> None:
        """Open one and close the other; or close it."""
        was_open = self._faces[name].is_open
        for face in self._faces.values():
            face.close()
        if not was_open:
            self._faces[name].open()
