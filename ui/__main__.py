"""The viewfinder's process: `python -m ui --runtime DIR`; or one panel as a PNG with --once."""

import gc
import os
import signal
import sys


def start() -> int:
    """Ctrl-C while numpy is being imported ends the process like any other, without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # numpy's OpenBLAS would start a thread for each core, which costs time, and here no matrix is multiplied.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()  # what is imported is there to stay, and to look through it again and again takes time
    from ui.process import main  # noqa: PLC0415 - takes a while, and may be interrupted only from here on

    return main()


if __name__ == "__main__":
    sys.exit(start())
