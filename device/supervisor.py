"""`mcam run`: the daemon, the viewfinder and the page as three processes of one terminal, as systemd runs them on a Pi.

A part that dies is started again. One that ends with EXIT_FAILED has said in a sentence what somebody must do first (a
wrong setting, a second daemon, an address in use): then everything ends with that code.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from device.errors import EXIT_FAILED

PR_SET_PDEATHSIG = 1  # prctl(2): the kernel ends a child whose parent died, however it died
AGAIN_S = 0.2
STOP_S = 40.0  # the daemon may have to finish what is queued


@dataclass
class Part:
    """One process: a module of ours and its arguments."""

    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> None:
        """Start, or start again; the process is in a group of its own so that Ctrl-C reaches only us."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", *self.command],
            start_new_session=True,
            preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 - unsafe beside threads: this process has none
        )

    def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def supervise(parts: Sequence[Part], wait: Callable[[float], bool]) -> int:
    """Run the parts until told to stop or one ends for good.

    Args:
        parts: the first is the daemon; started in order, stopped in reverse.
        wait: lets that many seconds pass and says whether to stop.

    Returns:
        EXIT_FAILED when a part ended with it, else 0.
    """
    try:
        for part in parts:
            part.start()
        while not wait(AGAIN_S):
            for part in parts:
                code = part.process.poll() if part.process else None
                if code is None:
                    continue
                if code == EXIT_FAILED:
                    return code
                part.start()
        return 0
    finally:
        for part in reversed(parts):
            part.stop()


@contextmanager
def interrupted() -> Iterator[Callable[[float], bool]]:
    """A `wait` that says True from the first SIGINT or SIGTERM on; no handler runs code of its own."""
    told = False

    def tell(_signal: int, _frame: FrameType | None) -> None:
        nonlocal told
        told = True

    def wait(seconds: float) -> bool:
        if not told:
            time.sleep(seconds)
        return told

    before = {number: signal.signal(number, tell) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield wait
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _die_with(parent: int) -> Callable[[], None]:
    libc = ctypes.CDLL(None)

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return prepare
