"""Work beside the camera's: on a thread that nobody waits for, or on one that steps back behind all others."""

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

NICE = 5  # a third of an ordinary thread's share where both want a core, and all of it where nobody else does


def on_a_thread(work: Callable[[], None]) -> None:
    """Have it done on a thread of its own, which ends with the process."""
    threading.Thread(target=work, name="beside", daemon=True).start()


def step_back() -> None:
    """Let this thread come after others.

    On Linux a thread has a nice value of its own (setpriority(2), "C library/kernel differences"), and with it its
    place before a disk whose scheduler heeds any; it counts among the threads of one cgroup or session (sched(7),
    "autogroup"), as those of one process are. Not SCHED_IDLE, nor much nicer: a thread that hardly ever gets a core
    could be stopped while it holds Python's global lock, which the live view needs too. A sandbox that forbids it is
    obeyed: a photograph that is saved in the way of the live view is better than none.
    """
    if sys.platform == "linux":  # elsewhere it would be the whole process that steps back
        with suppress(OSError):
            os.nice(NICE)
