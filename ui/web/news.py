"""Word from the daemon for any number of browsers: its state first, then what changed, and what happened."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import msgspec

from device.protocol import Event
from device.states import State
from ui.client import Client

HEARTBEAT_S = 2.0  # something is said at least this often, so that a page notices a network that swallows everything
EVENTS_KEPT = 32  # for a browser that is slow to listen; the page lists the card anew whenever it connects


class Message(msgspec.Struct, frozen=True):
    """What a browser gets: whether the daemon runs, the sections of State that changed, and events."""

    running: bool
    changes: dict[str, object]
    events: list[Event]


class Mailbox:
    """What one browser was not told yet. Newer states replace older ones, so it stays small however slow they read.

    Attributes:
        listener: the name that the browser gave itself for as long as it is connected; no two give the same.
    """

    def __init__(self, listener: str, state: State | None) -> None:
        self.listener = listener
        self._state = state
        self._events: deque[Event] = deque(maxlen=EVENTS_KEPT)
        self._told: dict[str, object] = {}
        self._news = asyncio.Event()
        self._news.set()

    def change(self, state: State | None) -> None:
        """There is a newer state, or (None) no daemon any more."""
        self._state = state
        self._news.set()

    def happen(self, event: Event) -> None:
        """Something happened."""
        self._events.append(event)
        self._news.set()

    async def next_message(self) -> str:
        """The next Message as JSON: at once when there is news, else after HEARTBEAT_S."""
        with contextlib.suppress(TimeoutError):  # nothing new: say that we are here
            async with asyncio.timeout(HEARTBEAT_S):  # in Python 3.11 wait_for may swallow a cancellation
                await self._news.wait()
        self._news.clear()
        message = Message(self._state is not None, self._changes(), list(self._events))
        self._events.clear()
        return msgspec.json.encode(message).decode()

    def _changes(self) -> dict[str, object]:
        sections: dict[str, object] = msgspec.structs.asdict(self._state) if self._state is not None else {}
        changes = {name: value for name, value in sections.items() if self._told.get(name) != value}
        self._told = sections
        return changes


class News:
    """Follows the daemon at that socket. `start` and `subscription` belong to the event loop's thread."""

    def __init__(self, socket_path: Path) -> None:
        self.client = Client(socket_path, self._changed, self._happened)
        self._mailboxes: set[Mailbox] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def listens(self, listener: str) -> bool:
        """Whether the browser of that name does."""
        return any(mailbox.listener == listener for mailbox in self._mailboxes)

    def start(self) -> None:
        """Begin to follow; call it within the event loop."""
        self._loop = asyncio.get_running_loop()
        self.client.start()

    @contextlib.contextmanager
    def subscription(self, listener: str) -> Iterator[Mailbox]:
        """That browser's mailbox, which is filled until the end of the block."""
        mailbox = Mailbox(listener, self.client.state)
        self._mailboxes.add(mailbox)
        try:
            yield mailbox
        finally:
            self._mailboxes.discard(mailbox)

    def _changed(self, state: State | None) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._deliver_state, state)

    def _happened(self, event: Event) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._deliver_event, event)

    def _deliver_state(self, state: State | None) -> None:
        for mailbox in self._mailboxes:
            mailbox.change(state)

    def _deliver_event(self, event: Event) -> None:
        for mailbox in self._mailboxes:
            mailbox.happen(event)
