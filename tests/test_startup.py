"""The viewfinder's process from its start to its first pictures: what it imports, and how much memory that takes."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from device import kernel_library, runtime
from device.errors import NotRunning
from device.kernel_library import Library
from device.meter import read
from device.preview import PreviewWriter, Sizes
from tests.conftest import ROOT, build_frame
from tests.fake_daemon import FakeDaemon
from ui.screen import MemoryScreenReader

# Each costs a start of a small Pi, or its memory, more than the viewfinder has to do with it.
TOO_LARGE = {
    *("numba", "llvmlite", "scipy", "starlette", "uvicorn", "websockets", "asyncio", "concurrent", "multiprocessing"),
    *(
        "hashlib",
        "ssl",
        "http",
        "email",
        "xml",
        "tempfile",
        "subprocess",
        "importlib.metadata",
        "importlib.resources",
        "gpiozero",
    ),
    *("numpy.ma", "PIL", "bz2", "lzma", "logging"),
}
PICTURES = 3  # some things begin with the second: what is averaged over frames
BEYOND_NUMPY_MB = 15  # the aim is 40 MB in all, of which numpy takes 25


@dataclass
class Started:
    modules: set[str]
    resident_mb: float


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, compiled: Library) -> Iterator[Started]:
    """A viewfinder that showed some frames and was ended."""
    folder = tmp_path_factory.mktemp("run")
    daemon = FakeDaemon(folder)
    frame = build_frame(np.random.default_rng(1).integers(256, 3000, (1200, 1600)).astype(np.uint16))
    with PreviewWriter(folder / runtime.RING, Sizes.for_sensor(1200, 1600, (600, 800))) as ring:
        reading = read(frame)
        yield _started(folder, compiled.path.parent, lambda: ring.publish(frame, reading))
    daemon.close()


def _started(folder: Path, kernels: Path, publish: Callable[[], None]) -> Started:
    environment = {**os.environ, kernel_library.FOLDER: str(kernels)}
    command = [sys.executable, "-X", "importtime", "-m", "ui", "--runtime", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        for shown in range(PICTURES):
            publish()
            while process.poll() is None and _shown(folder) <= shown:
                os.sched_yield()
        resident_mb = _resident_mb(process.pid)
        process.terminate()
        _, imported = process.communicate(timeout=30)
    assert process.returncode == 0, imported
    return Started(set(re.findall(r"(?m)^import time:.*\| +(\S+)$", imported)), resident_mb)


def _shown(folder: Path) -> int:
    """How many pictures."""
    try:
        newest = MemoryScreenReader(folder / runtime.PANEL).newest()
    except NotRunning:
        return 0
    return 0 if newest is None else newest[0]


def _resident_mb(pid: int | str) -> float:
    found = re.search(r"VmRSS:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


def test_the_viewfinder_s_first_pictures_need_no_module_that_is_large_and_of_no_use_to_it(started: Started) -> None:
    assert "ui.viewfinder" in started.modules
    code = "import numpy, sys; print(*sys.modules)"
    numpys = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    ours = started.modules - set(numpys)  # which loads more before its version 2
    assert not {name for name in ours if name in TOO_LARGE or name.partition(".")[0] in TOO_LARGE}


def test_the_viewfinder_takes_little_more_memory_than_numpy(started: Started) -> None:
    code = "import numpy, re; print(re.search(r'VmRSS:\\s*(\\d+)', open('/proc/self/status').read())[1])"
    alone = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert started.resident_mb - int(alone.stdout) / 1024 < BEYOND_NUMPY_MB
