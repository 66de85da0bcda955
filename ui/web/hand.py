"""What a browser does with buttons: over a connection of its own to the daemon, which lets go when that ends.

So nothing stays pressed by who is there no more, be it the browser or, killed in the middle, this process.
"""

import threading
from pathlib import Path

from device.calling import Connection
from device.errors import CallFailed, McamError
from device.protocol import ButtonCall
from device.strict import Struct

PATIENCE_S = 30.0  # as long as a call may take


class Hand:
    """One browser's buttons. Any thread may call; a call may take as long as the daemon does."""

    def __init__(self, socket_path: Path) -> None:
        self._path = socket_path
        self._lock = threading.Lock()  # one call after the other, and none during `let_go`
        self._connection: Connection | None = None

    def press(self, call: ButtonCall) -> Struct:
        """A button goes down or up; what is down stays so until it goes up, or until `let_go`.

        Raises:
            CallFailed, NotRunning, BadMessage: as `Connection.call`.
        """
        with self._lock:
            try:
                return self._connected().call("Button", call)
            except CallFailed:
                raise  # a sentence, and the connection is as good as before
            except McamError:
                self._hang_up()
                raise

    def let_go(self) -> None:
        """Of everything."""
        with self._lock:
            self._hang_up()

    def _connected(self) -> Connection:
        """A new one where the daemon went and came back, and knows of nothing that was held."""
        if self._connection is None or self._connection.ended:
            self._hang_up()
            self._connection = Connection(self._path, PATIENCE_S)
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
