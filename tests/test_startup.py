"""The viewfinder's process from its start to its first picture: what it imports, and how much memory that takes."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
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
    *("PIL.ImageFilter", "PIL.TiffImagePlugin", "PIL.JpegImagePlugin", "PIL.PngImagePlugin"),
}
BEYOND_NUMPY_MB = 20  # the aim is 40 MB in all, of which numpy takes 25


@dataclass
class Started:
    modules: set[str]
    resident_mb: float


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, compiled: Library) -> Iterator[Started]:
    """A viewfinder that showed a frame and was ended."""
    folder = tmp_path_factory.mktemp("run")
    daemon = FakeDaemon(folder)
    frame = build_frame(np.random.default_rng(1).integers(256, 3000, (1200, 1600)).astype(np.uint16))
    with PreviewWriter(folder / runtime.RING, Sizes.for_sensor(1200, 1600, (600, 800))) as ring:
        ring.publish(frame, read(frame))
        yield _started(folder, compiled.path.parent)
    daemon.close()


def _started(folder: Path, kernels: Path) -> Started:
    environment = {**os.environ, kernel_library.FOLDER: str(kernels)}
    command = [sys.executable, "-X", "importtime", "-m", "ui", "--runtime", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not _has_shown(folder):
            os.sched_yield()
        resident_mb = _resident_mb(process.pid)
        process.terminate()
        _, imported = process.communicate(timeout=30)
    assert process.returncode == 0, imported
    return Started(set(re.findall(r"(?m)^import time:.*\| +(\S+)$", imported)), resident_mb)


def _has_shown(folder: Path) -> bool:
    try:
        return MemoryScreenReader(folder / runtime.PANEL).newest() is not None
    except NotRunning:
        return False


def _resident_mb(pid: int | str) -> float:
    found = re.search(r"VmRSS:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


def test_the_viewfinder_s_first_picture_needs_no_module_that_is_large_and_of_no_use_to_it(started: Started) -> None:
    assert "ui.viewfinder" in started.modules
    assert not {name for name in started.modules if name in TOO_LARGE or name.partition(".")[0] in TOO_LARGE}


def test_the_viewfinder_takes_little_more_memory_than_numpy(started: Started) -> None:
    code = "import numpy, re; print(re.search(r'VmRSS:\\s*(\\d+)', open('/proc/self/status').read())[1])"
    alone = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert started.resident_mb - int(alone.stdout) / 1024 < BEYOND_NUMPY_MB
