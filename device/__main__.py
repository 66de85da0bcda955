"""`mcam`, also as `python -m device`."""

import sys


def start() -> int:
    """Ctrl-C at any time, while the imports are under way too, ends the process like any other, without a traceback."""
    try:
        import signal  # noqa: PLC0415 - brings enum with it, which takes long enough to be interrupted

        signal.signal(signal.SIGINT, signal.SIG_DFL)
        from device.cli import main  # noqa: PLC0415 - this is the import that may be interrupted

        signal.signal(signal.SIGINT, signal.default_int_handler)
        return main()
    except KeyboardInterrupt:
        return 130  # 128 + SIGINT, as shells have it


if __name__ == "__main__":
    sys.exit(start())
