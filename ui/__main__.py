"""The viewfinder's process: `python -m ui --runtime DIR`; or one panel as a PNG with --once."""

import signal
import sys


def start() -> int:
    """Ctrl-C while numpy is being imported ends the process like any other, without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from ui.process import main  # noqa: PLC0415 - takes a while, and may be interrupted only from here on

    return main()


if __name__ == "__main__":
    sys.exit(start())
