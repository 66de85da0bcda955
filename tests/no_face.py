"""A `button_route.Face` for tests that open nothing."""

from collections.abc import Mapping

from device.holds import Held


class NoFace:
    """A menu or review that a camera does not have: never open."""

    held: Mapping[str, Held] = {}
    is_open = False

    def open(self) -> None:
        """There is nothing to open."""

    def close(self) -> None:
        """There is nothing to close."""

    def press(self, button: str) -> None:
        """Never called, because it is never open."""

    def hold(self, button: str) -> None:
        """Never called."""

    def turn(self, steps: int) -> None:
        """Never called."""
