"""How soon after its start the viewfinder shows a picture, and how much memory it takes, beside what numpy alone takes.

The daemon runs already, with the simulated sensor, and kernels are in their library (`make kernels`). Python's byte
code is in place too, as pip leaves it when it installs: a first round makes it. Each further round times a process that
imports numpy and ends, and a viewfinder from its start to the first picture in the memory that the page reads.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from device import runtime
from device.errors import NotRunning
from device.kernel_build import kernels
from device.kernel_library import is_current, library_path
from device.preview import PreviewReader
from tests.conftest import ROOT
from ui.screen import MemoryScreenReader

ROUNDS = 15
PICTURES = 40  # shown before memory is looked at
PATIENCE_S = 60.0


class Seconds(NamedTuple):
    """How long something took, and how long processors were at it."""

    wall: float
    cpu: float


def run() -> list[str]:
    """A line of times and one of memory."""
    if not is_current(library_path(), [each.symbol for each in kernels()]):
        return ["the kernels are not in their library: 'make kernels' first"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = _environment(folder / "bytecode")
        with _process(environment, "-m", "device", "capture", "--sensor", "simulated", "--runtime", str(folder),
                      "--card", str(folder / "card")) as daemon:  # fmt: skip
            _wait(daemon, lambda: PreviewReader(folder / runtime.RING).newest() is not None)
            return _lines(environment, folder)


def _lines(environment: dict[str, str], folder: Path) -> list[str]:
    rounds = [(_numpy(environment), _first_picture(environment, folder)) for _ in range(ROUNDS + 1)][1:]
    alone, ours = _memory_of_numpy(environment), _memory_of_viewfinder(environment, folder)
    return [
        f"first picture after {_beside_numpy([(first.wall, numpy.wall) for numpy, first in rounds])}   (1.5 at most)",
        f"processor time of that {_beside_numpy([(first.cpu, numpy.cpu) for numpy, first in rounds])}",
        f"resident {ours['Rss']:.1f} MB, numpy alone {alone['Rss']:.1f}   (40 at most); of that its own "
        f"{ours['Private_Dirty']:.1f}; with what is shared divided among those who share it {ours['Pss']:.1f}",
    ]


def _beside_numpy(pairs: list[tuple[float, float]]) -> str:
    """Of seconds: a machine that is busy with something else disturbs both of a pair, so that the ratios count."""
    first, numpy = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    return f"{1000 * first:.0f} ms = {ratio:.2f} x importing numpy {1000 * numpy:.0f} ms"


def _environment(bytecode: Path) -> dict[str, str]:
    found = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**found, "PYTHONPYCACHEPREFIX": str(bytecode)}


@contextmanager
def _process(environment: dict[str, str], *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen([sys.executable, *arguments], env=environment, cwd=ROOT, text=True) as process:
        yield process
        process.terminate()


def _numpy(environment: dict[str, str]) -> Seconds:
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", "import numpy"], env=environment, cwd=ROOT)
    used = os.wait4(process.pid, 0)[2]
    process.wait()
    return Seconds(time.perf_counter() - start, used.ru_utime + used.ru_stime)


def _first_picture(environment: dict[str, str], folder: Path) -> Seconds:
    start = time.perf_counter()
    with _process(environment, "-m", "ui", "--runtime", str(folder)) as process:
        _wait(process, lambda: _shown(folder) > 0)
        return Seconds(time.perf_counter() - start, _cpu_s(process.pid))


def _cpu_s(pid: int) -> float:
    """Of all its threads so far, by the first number of each one's schedstat (sched-stats.rst of the Linux kernel)."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def _memory_of_numpy(environment: dict[str, str]) -> dict[str, float]:
    code = "import numpy; print(open('/proc/self/smaps_rollup').read())"
    command = [sys.executable, "-c", code]
    return _megabytes(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def _memory_of_viewfinder(environment: dict[str, str], folder: Path) -> dict[str, float]:
    with _process(environment, "-m", "ui", "--runtime", str(folder)) as process:
        _wait(process, lambda: _shown(folder) >= PICTURES)
        return _megabytes(Path(f"/proc/{process.pid}/smaps_rollup").read_text())


def _megabytes(rollup: str) -> dict[str, float]:
    """Of proc_pid_smaps(5): lines such as "Rss:   26144 kB"."""
    lines = [line.split() for line in rollup.splitlines() if line.endswith(" kB")]
    return {line[0].rstrip(":"): int(line[1]) / 1024 for line in lines}


def _shown(folder: Path) -> int:
    """How many pictures the viewfinder has shown."""
    newest = MemoryScreenReader(folder / runtime.PANEL).newest()
    return 0 if newest is None else newest[0]


def _wait(process: "subprocess.Popen[str]", for_it: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < give_up:
        with suppress(NotRunning):
            if for_it():
                return
        time.sleep(0.001)
    raise NotRunning("It shows nothing: try it by hand.")


if __name__ == "__main__":
    print(*run(), sep="\n")
