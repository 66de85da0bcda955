"""Which browsers hold which buttons of the page down. Pure."""

from device.protocol import ButtonCall, ButtonName


class Held:
    """Buttons and their holders, each by the name that `news.Mailbox` has; "" is whoever gave none."""

    def __init__(self) -> None:
        self._holders: dict[ButtonName, set[str]] = {}

    def note(self, call: ButtonCall, holder: str) -> None:
        """That went down or came up; up is up, whoever else has a finger on it."""
        if call.down:
            self._holders.setdefault(call.name, set()).add(holder)
        else:
            self._holders.pop(call.name, None)

    def without(self, holder: str) -> list[ButtonName]:
        """The buttons that nobody holds any more once this one is gone."""
        for holders in self._holders.values():
            holders.discard(holder)
        free = [name for name, holders in self._holders.items() if not holders]
        for name in free:
            del self._holders[name]
        return free
