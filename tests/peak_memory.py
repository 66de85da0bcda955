"""How much memory the files of one photograph need at most beside its frame, Pillow's included: a process of its own.

The C library is told to give all larger blocks back at once, so that the kernel's high-water mark (proc(5), VmHWM)
shows what was in use at the same time and not what had been used before.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from device import files
from device.dng import RawForm
from device.photograph import Photograph
from tests.conftest import build_frame
from tests.photographs import photograph, tiled_mosaic

GIVE_BACK = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}  # mallopt(3)


def peaks_mb(rows: int = 3040, columns: int = 4056) -> dict[str, float]:
    """Of each kind of file, and of all of a photograph made one after the other, in megabytes."""
    command = [sys.executable, "-m", "tests.peak_memory", str(rows), str(columns)]
    done = subprocess.run(command, env={**os.environ, **GIVE_BACK}, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def _measure(rows: int, columns: int) -> dict[str, float]:
    taken = photograph(build_frame(tiled_mosaic(rows, columns)))
    jobs = {
        "packed DNG": lambda: _made(taken, "packed", None),
        "lossless DNG": lambda: _made(taken, "lossless", None),
        "DNG and JPEG": lambda: _made(taken, "lossless", 92),
    }
    return {name: _peak_mb(job) for name, job in jobs.items()}


def _made(taken: Photograph, raw: RawForm, jpeg_quality: int | None) -> object:
    """All files at once, as the darkroom keeps them until they are safe."""
    return list(files.encode(taken, jpeg_quality, raw))


def _peak_mb(job: Callable[[], object]) -> float:
    job()  # compiles
    Path("/proc/self/clear_refs").write_text("5")
    before = _status_mb("VmRSS")
    job()
    return _status_mb("VmHWM") - before


def _status_mb(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(name))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure(int(sys.argv[1]), int(sys.argv[2]))))
