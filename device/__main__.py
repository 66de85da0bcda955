"""`mcam`, also as `python -m device`."""

import signal
import sys


def start() -> int:
    """Ctrl-C while the imports are under way ends the process like any other, without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from device.cli import main  # noqa: PLC0415 - this is the import that may be interrupted

    signal.signal(signal.SIGINT, signal.default_int_handler)
    return main()


if __name__ == "__main__":
    sys.exit(start())
