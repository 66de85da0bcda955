"""What the command line prints, as text or as JSON, what is said where it cannot be written, and what it asks."""

import json
import os
import sys

from device.errors import BadValue


def show(value: object, as_json: bool, text: str) -> None:  # noqa: FBT001 - one of two ways to print
    """Print one of the two.

    Raises:
        BadValue: it cannot be written, to a full disk for instance.
        BrokenPipeError: nobody reads on.
    """
    try:
        print(json.dumps(value, indent=2) if as_json else text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python tries again at its end
        if isinstance(error, BrokenPipeError):
            raise
        raise BadValue(f"The answer cannot be written ({error.strerror}).") from error


def agreed() -> bool:
    """Whether Enter was pressed, and not q."""
    try:
        return input("Enter begins, q ends: ").strip().lower() != "q"
    except EOFError:
        return False
