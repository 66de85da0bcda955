"""The charge of a PiSugar board, asked of the server that its maker brings (pisugar-power-manager-rs).

A line to TCP port 8423, "get battery", is answered by a line, "battery: 84.52"; presses of the board's own button may
stand between. That port is what its package listens at (/etc/default/pisugar-server); its Unix socket lies in /tmp, of
which a service has one of its own.
"""

import re
import socket
from collections.abc import Callable
from pathlib import Path

SERVER = ("127.0.0.1", 8423)
INSTALLED = "etc/pisugar-server"  # the folder of its settings: without it nobody is asked
TIMEOUT_S = 1.0  # for the connection, and for each part of the answer
PARTS_MAX, PART_BYTES = 8, 1024
_QUESTIONS = b"get battery\nget battery_charging\n"
_PERCENT = re.compile(r"battery: (\d{1,3}(?:\.\d+)?)\n", re.ASCII)
_CHARGING = re.compile(r"battery_charging: (true|false)\n")

Charge = tuple[int | None, bool | None]  # percent, and whether it is charging; None is unknown
UNKNOWN: Charge = (None, None)


class PiSugar:
    """What was last told; nobody waits for the next answer.

    Args:
        root: "/", or what a test puts in its place.
        ask: gives the charge, and may take its time; `asked` is the real one.
        beside: has that done beside whoever wants to know.
    """

    def __init__(self, root: Path, ask: Callable[[], Charge], beside: Callable[[Callable[[], None]], None]) -> None:
        self._place, self._ask, self._beside = root / INSTALLED, ask, beside
        self._is_asking = False
        self._told = UNKNOWN

    def charge(self) -> Charge:
        """As it was told since the last call; unknown where there is no such server."""
        if not self._place.is_dir():
            return UNKNOWN
        if not self._is_asking:
            self._is_asking = True
            self._beside(self._find_out)
        return self._told

    def _find_out(self) -> None:
        try:
            self._told = self._ask()
        finally:
            self._is_asking = False


def asked(server: tuple[str, int] = SERVER) -> Charge:
    """Ask that server; unknown where none answers, or not as it should. Takes some seconds at most."""
    told = ""
    try:
        with socket.create_connection(server, TIMEOUT_S) as connection:
            connection.sendall(_QUESTIONS)
            for _ in range(PARTS_MAX):
                part = connection.recv(PART_BYTES)
                told += part.decode("ascii", "replace")
                if not part or (_PERCENT.search(told) and _CHARGING.search(told)):
                    break
    except OSError:  # TimeoutError is one: what was told by then counts
        pass
    return understood(told)


def understood(told: str) -> Charge:
    """What the answers say; unknown of what is none."""
    percent, charging = _PERCENT.search(told), _CHARGING.search(told)
    if percent is None or float(percent[1]) > 100:
        return UNKNOWN
    return round(float(percent[1])), None if charging is None else charging[1] == "true"
