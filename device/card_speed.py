"""How fast a card takes a photograph, measured by writing what is not worth keeping."""

import os
import tempfile
import time
from pathlib import Path

from device.doctor_card import MEASURED_BYTES

_BLOCK_BYTES = 1 << 20


def write_mb_s(folder: Path) -> float:
    """Megabytes per second that arrive durably. What was written is gone when this returns.

    Random bytes, because some cards and file systems compress.

    Raises:
        OSError: the folder cannot be written.
    """
    block = os.urandom(_BLOCK_BYTES)
    with tempfile.TemporaryFile(dir=folder) as file:
        began_ns = time.monotonic_ns()
        for _ in range(MEASURED_BYTES // _BLOCK_BYTES):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
        took_ns = time.monotonic_ns() - began_ns
    return MEASURED_BYTES / 1e6 / (took_ns / 1e9)
