"""Who wants to know: the parts tell their news here, and the socket, which is built after them, listens."""

from collections.abc import Callable

from device.protocol import Event


class News:
    """Passes on what happens to whoever subscribed; may be called from any thread."""

    def __init__(self) -> None:
        self._on_change: list[Callable[[], None]] = []
        self._on_event: list[Callable[[Event], None]] = []

    def subscribe(self, on_change: Callable[[], None], on_event: Callable[[Event], None]) -> None:
        """Call these from now on."""
        self._on_change.append(on_change)
        self._on_event.append(on_event)

    def changed(self) -> None:
        """The state may be another."""
        for listener in self._on_change:
            listener()

    def tell(self, event: Event) -> None:
        """Something happened, once."""
        for listener in self._on_event:
            listener(event)
