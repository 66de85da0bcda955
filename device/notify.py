"""A word to the service manager: ready, alive, stopping, and what `systemctl status` shows. sd_notify(3) says how."""

import socket
from collections.abc import Mapping
from contextlib import suppress

MORE_US = 60_000_000


class ServiceManager:
    """Talks to $NOTIFY_SOCKET; where there is none, on a laptop for instance, every call does nothing.

    Args:
        environment: os.environ.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address  # "@" is the abstract namespace

    def ready(self, status: str) -> None:
        """The service is up (Type=notify waits for this), with one line for `systemctl status`."""
        self._tell("READY=1", _status(status))

    def starting(self) -> None:
        """What holds up the start goes on: TimeoutStartSec= does not end it if it says so again within MORE_US."""
        self._tell(f"EXTEND_TIMEOUT_USEC={MORE_US}")

    def alive(self) -> None:
        """The thread that carries frames still turns: WatchdogSec= ends a service that does not say so."""
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """The last pictures are being written."""
        self._tell("STOPPING=1")

    def _tell(self, *assignments: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as manager, suppress(OSError):
            # A manager that cannot be reached must not cost a picture; it draws its own conclusions from silence.
            manager.sendto("\n".join(assignments).encode(errors="replace"), socket.MSG_DONTWAIT, self._address)


def _status(text: str) -> str:
    return "STATUS=" + " ".join(text.split())  # a line break would begin another assignment
