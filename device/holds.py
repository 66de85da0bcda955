"""Whether a button was tapped or held. Pure: the edges' times go in, and the time as it passes; meanings come out."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

HOLD_NS = 600_000_000  # as long as a thumb rests on purpose and never by chance
REPEAT_NS = 120_000_000
REPEATS_MAX = 100  # of a client that vanished with its thumb on the button

Held = Literal["nothing", "hold", "repeat"]  # what holding a button means where it goes


class Press(NamedTuple):
    """A button was pressed, or, with `held`, was held down for HOLD_NS."""

    button: str
    held: bool = False


@dataclass(slots=True)
class _Down:
    held: Held
    due_ns: int
    repeats_left: int = REPEATS_MAX


class Holds:
    """Tells taps from holds.

    A button whose holding means something is told when it is let go, or, still held, once it was down for HOLD_NS.
    Every other one is told when it goes down, and one that repeats again and again after HOLD_NS.
    """

    def __init__(self) -> None:
        self._down: dict[str, _Down] = {}

    def down(self, button: str, when_ns: int, held: Held) -> list[Press]:
        """It went down; `held` says what holding it means."""
        self._down[button] = _Down(held, when_ns + HOLD_NS)
        return [] if held == "hold" else [Press(button)]

    def up(self, button: str, when_ns: int) -> list[Press]:
        """It was let go."""
        down = self._down.pop(button, None)
        if down is None or down.held != "hold":
            return []
        return [Press(button, held=when_ns >= down.due_ns)]

    def passed(self, now_ns: int) -> list[Press]:
        """What became certain by time passing; to be asked several times a second."""
        told = []
        for button, down in list(self._down.items()):
            if down.held == "hold" and now_ns >= down.due_ns:
                del self._down[button]
                told.append(Press(button, held=True))
            elif down.held == "repeat" and now_ns >= down.due_ns and down.repeats_left:
                down.due_ns, down.repeats_left = now_ns + REPEAT_NS, down.repeats_left - 1
                told.append(Press(button))
        return told

    def forget(self) -> None:
        """What is down now means nothing any more, however long it stays down."""
        self._down.clear()
