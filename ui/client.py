"""The socket from our side: follows the daemon through its restarts, and calls it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from device.calling import Connection
from device.errors import McamError, NotRunning
from device.protocol import Event, MonitorReply
from device.states import State
from device.strict import Struct
from ui.state import merged

FIRST_WAIT_S = 0.1  # a daemon that systemd restarts is back within a second or two
LONGEST_WAIT_S = 0.4  # at a boot the daemon comes some seconds later, and a Unix socket that is not there costs nothing


def waits_s() -> Iterator[float]:
    """Seconds to wait before each attempt to connect again: doubling, up to LONGEST_WAIT_S."""
    wait_s = FIRST_WAIT_S
    while True:
        yield wait_s
        wait_s = min(2 * wait_s, LONGEST_WAIT_S)


class Client:
    """Watches the daemon on a thread of its own until closed.

    Args:
        socket_path: the daemon's socket; nobody need listen there yet.
        on_change: called on the client's thread with each new state, and with None when the daemon is lost.
        on_event: called on the client's thread with each event.
        wait: waits that many seconds before connecting again and says whether to give up; a test passes its own.
    """

    def __init__(
        self,
        socket_path: Path,
        on_change: Callable[[State | None], None],
        on_event: Callable[[Event], None],
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self._path = socket_path
        self._on_change = on_change
        self._on_event = on_event
        self._closing = threading.Event()
        self._wait = wait or self._closing.wait
        self._lock = threading.Lock()  # guards _connection against close()
        self._connection: Connection | None = None
        self._state: State | None = None
        self._waits_s = waits_s()
        self._thread = threading.Thread(target=self._watch, name="client", daemon=True)

    @property
    def state(self) -> State | None:
        """The newest, None while the daemon is gone."""
        return self._state

    def start(self) -> None:
        """Begin to watch. Returns at once; the daemon may come later."""
        self._thread.start()

    def call(self, method: str, parameters: Struct | None = None, timeout_s: float = 30.0) -> Struct:
        """One call on a connection of its own, from any thread.

        Raises:
            NotRunning: nobody answers, or not in time.
            CallFailed: the daemon said no, in a sentence.
            BadMessage: it answered what we cannot read.
        """
        with Connection(self._path, timeout_s) as connection:
            return connection.call(method, parameters)

    def close(self) -> None:
        """Stop watching; no callback comes after this. Safe to call twice."""
        self._closing.set()
        with self._lock:
            if self._connection is not None:
                self._connection.close()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._closing.is_set():
            try:
                self._follow()
            except McamError:
                self._tell(None)  # gone, or of another version: both are mended by its restart
            if self._wait(next(self._waits_s)):
                return

    def _follow(self) -> None:
        with self._connect() as connection:
            for reply in connection.stream("Monitor"):
                if isinstance(reply, MonitorReply) and not self._closing.is_set():
                    self._take(reply)
        raise NotRunning("The camera stopped telling.")

    def _connect(self) -> Connection:
        connection = Connection(self._path)
        with self._lock:
            self._connection = connection
            if self._closing.is_set():  # close() came between and could not know of this one
                connection.close()
        return connection

    def _take(self, reply: MonitorReply) -> None:
        self._waits_s = waits_s()
        if reply.state is not None:
            self._tell(reply.state)
        if reply.changes is not None and self._state is not None:
            self._tell(merged(self._state, reply.changes))
        if reply.event is not None:
            self._on_event(reply.event)

    def _tell(self, state: State | None) -> None:
        if state is None and self._state is None:
            return
        self._state = state
        if not self._closing.is_set():
            self._on_change(state)
