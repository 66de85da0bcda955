"""Calls to the daemon that nobody waits for: made by a thread of their own, of each kind only the newest."""

import threading
from collections.abc import Callable

from device.errors import McamError
from device.strict import Struct


class Teller:
    """Calls until closed.

    Args:
        call: one call of the protocol, which may wait. Where the daemon does not answer or refuses, the call is
            dropped: there will be another.
    """

    def __init__(self, call: Callable[[str, Struct], object]) -> None:
        self._call = call
        self._waiting: dict[str, Struct] = {}
        self._closed = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="teller", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def say(self, method: str, parameters: Struct) -> None:
        """Have it called soon; one of the same method that still waits is left out. Never waits."""
        with self._news:
            self._waiting[method] = parameters
            self._news.notify()

    def close(self) -> None:
        """End after the call in hand."""
        with self._news:
            self._closed = True
            self._news.notify()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                method = next(iter(self._waiting))
                parameters = self._waiting.pop(method)
            try:
                self._call(method, parameters)
            except McamError:
                continue
