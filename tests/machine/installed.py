"""A machine with mcam on it: installed as a person would, booted once with a stop watch, and kept as a snapshot."""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image, ImageStat

from tests.machine import workshop
from tests.machine.camera import Camera
from tests.machine.machine import BOOT_S, PANEL, PYTHON, Board, Machine
from ui.splash import splash

SNAPSHOT = "running"
INSTALL_S = 2400.0
PICTURE_COLOURS = 500  # a console has fewer
PICTURE_MEAN = 50  # of 255; of the scene with the black column it is 105
ARMED = "shutter ready"
SPLASH = "splash on the panel"
FIRST_PICTURE = "first frame on the panel"
CAPTURE, SCREEN = "mcam-capture.service", "mcam-screen.service"


@dataclass(frozen=True, slots=True)
class Chart:
    """Of a boot.

    Attributes:
        reached: what, after how many seconds of the kernel's clock.
        spent: lines on what that time went to.
    """

    reached: dict[str, float]
    spent: list[str]


@dataclass(frozen=True, slots=True)
class Installed:
    """That machine, switched off.

    Attributes:
        board: kernel and device tree.
        disk: its root, with the snapshot "running" of the whole camera live.
        chart: of the boot before that snapshot.
    """

    board: Board
    disk: Path
    chart: Chart


def install() -> Installed:
    """Install, or take what is kept of the last time if nothing has changed since."""
    disk = workshop.cache() / f"{workshop.installed_name()}.qcow2"
    chart = disk.with_suffix(".json")
    board = workshop.board()
    if not chart.exists():
        for outdated in workshop.cache().glob("installed-*"):
            outdated.unlink()
        workshop.overlay(workshop.root_image(), disk)
        with booted(board, disk) as machine:
            _install_on(machine)
            machine.power_off()
        with booted(board, disk) as machine:
            seen = _chart(machine)
            machine.save(SNAPSHOT)
        chart.write_text(json.dumps(asdict(seen), indent=1))
    return Installed(board, disk, Chart(**json.loads(chart.read_text())))


@contextmanager
def booted(board: Board, disk: Path, card: Path | None = None, words: str = "") -> Iterator[Machine]:
    """That machine, switched on; with more words for its kernel."""
    folder = Path(tempfile.mkdtemp(prefix="mcam-machine-"))
    try:
        with Machine(board, disk, folder, card=card, words=words) as machine:
            yield machine
    finally:
        shutil.rmtree(folder)


def _install_on(machine: Machine) -> None:
    machine.wait_until_booted()
    machine.plug(workshop.baggage())
    machine.shell("mount -o ro /dev/sda /mnt")
    machine.shell("sh /mnt/provision/install.sh >/var/log/install.log 2>&1", timeout_s=INSTALL_S)
    machine.shell("umount /mnt")
    machine.unplug()
    _first_look(machine, is_picture, INSTALL_S)  # the viewfinder compiles its kernels


def _first_look(machine: Machine, condition: Callable[[Image.Image], bool], timeout_s: float) -> float:
    """When the panel was first seen to be so, by this host's clock."""
    deadline = time.monotonic() + timeout_s
    while not condition(machine.look()):
        if time.monotonic() > deadline:
            raise TimeoutError(machine.shell("journalctl --no-pager --boot --unit='mcam-*'"))
        time.sleep(0.2)  # another machine is at work: there is nothing here to wait on
    return time.monotonic()


def _chart(machine: Machine) -> Chart:
    """Wait until the whole camera is up, and see what it took."""
    seen_s: dict[str, float] = {}
    try:
        seen_s[SPLASH] = _first_look(machine, is_splash, BOOT_S)
        seen_s[FIRST_PICTURE] = _first_look(machine, is_picture, BOOT_S)
    except TimeoutError:
        machine.shell(f"systemctl start {SCREEN}")  # so that one test fails where it did not come, and not all
        _first_look(machine, is_picture, BOOT_S)
    machine.wait_until_booted()
    Camera(machine).wait_until(lambda state: state["camera"] == "live", "live")
    kernel_s = time.monotonic() - float(machine.shell("cut -d' ' -f1 /proc/uptime"))
    reached = {what: when_s - kernel_s for what, when_s in seen_s.items()} | {
        "systemd's start": _since_kernel_s(machine, "", "UserspaceTimestampMonotonic"),
        "the daemon's start": _since_kernel_s(machine, CAPTURE, "ExecMainStartTimestampMonotonic"),
        ARMED: _since_kernel_s(machine, CAPTURE, "ActiveEnterTimestampMonotonic"),
        "multi-user": _since_kernel_s(machine, "multi-user.target", "ActiveEnterTimestampMonotonic"),
        "the viewfinder's start": _since_kernel_s(machine, SCREEN, "ExecMainStartTimestampMonotonic"),
    }
    spent = machine.shell("systemd-analyze blame --no-pager | head -n 8").splitlines()
    return Chart(reached, [*map(str.strip, spent), *_imports(machine)])


def _imports(machine: Machine) -> list[str]:
    """How long the daemon's and the viewfinder's modules take to import once they have been read from the disk."""
    lines = []
    for process, modules in (("daemon", "device.daemon"), ("viewfinder", "ui.live, ui.viewfinder")):
        program = f"import time; t = time.monotonic(); import {modules}; print(round(time.monotonic() - t, 1))"
        took_s = machine.shell(f"{PYTHON} -c '{program}'").strip()
        lines.append(f"{took_s}s importing the {process}")
    return lines


def is_splash(panel: Image.Image) -> bool:
    """Whether the viewfinder's first sign of life is on the panel."""
    return panel == Image.fromarray(splash(PANEL)[..., 2::-1].copy())


def is_picture(panel: Image.Image) -> bool:
    """Whether a live picture is on the panel: not a console, nothing, or the dimmed one of a lost camera."""
    mean = ImageStat.Stat(panel.convert("L")).mean[0]
    return panel.getcolors(PICTURE_COLOURS) is None and mean > PICTURE_MEAN


def _since_kernel_s(machine: Machine, unit: str, name: str) -> float:
    return int(machine.shell(f"systemctl show {unit} --value --property={name}")) / 1e6
