"""A machine with mcam on it: installed as a person would, booted once with a stop watch, and kept as a snapshot."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageStat

from tests.machine import workshop
from tests.machine.camera import Camera
from tests.machine.machine import BOOT_S, Board, Machine

SNAPSHOT = "running"
INSTALL_S = 2400.0
PICTURE_COLOURS = 500  # a console has fewer
PICTURE_MEAN = 50  # of 255; of the scene with the black column it is 105
FIRST_PICTURE = "first frame on the panel"
CAPTURE, SCREEN = "mcam-capture.service", "mcam-screen.service"


@dataclass(frozen=True, slots=True)
class Installed:
    """That machine, switched off.

    Attributes:
        board: kernel and device tree.
        disk: its root, with the snapshot "running" of the whole camera live.
        chart: of the boot before that snapshot, what was reached after how many seconds of the kernel's clock.
    """

    board: Board
    disk: Path
    chart: dict[str, float]


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
            reached = _chart(machine)
            machine.save(SNAPSHOT)
        chart.write_text(json.dumps(reached, indent=1))
    return Installed(board, disk, json.loads(chart.read_text()))


@contextmanager
def booted(board: Board, disk: Path, card: Path | None = None) -> Iterator[Machine]:
    """That machine, switched on."""
    folder = Path(tempfile.mkdtemp(prefix="mcam-machine-"))
    try:
        with Machine(board, disk, folder, card=card) as machine:
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
    _wait_for_picture(machine, INSTALL_S)  # the viewfinder compiles its kernels


def _wait_for_picture(machine: Machine, timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not is_picture(machine.look()):
        assert time.monotonic() < deadline, machine.shell("journalctl --no-pager --boot --unit='mcam-*'")
        time.sleep(0.2)  # another machine is at work: there is nothing here to wait on


def _chart(machine: Machine) -> dict[str, float]:
    """Wait until the whole camera is up, and see what it took, in seconds since the kernel started."""
    machine.wait_until_booted()
    reached = {
        "systemd's start": _since_kernel_s(machine, "", "UserspaceTimestampMonotonic"),
        "the daemon's start": _since_kernel_s(machine, CAPTURE, "ExecMainStartTimestampMonotonic"),
        "shutter ready": _since_kernel_s(machine, CAPTURE, "ActiveEnterTimestampMonotonic"),
        "multi-user": _since_kernel_s(machine, "multi-user.target", "ActiveEnterTimestampMonotonic"),
    }
    if machine.shell(f"systemctl is-active {SCREEN}", check=False).strip() == "active":
        _wait_for_picture(machine, BOOT_S)
        reached[FIRST_PICTURE] = float(machine.shell("cut -d' ' -f1 /proc/uptime"))
        reached["the viewfinder's start"] = _since_kernel_s(machine, SCREEN, "ExecMainStartTimestampMonotonic")
    machine.shell(f"systemctl start {SCREEN}")  # so that one test fails where it did not come, and not all
    _wait_for_picture(machine, BOOT_S)
    Camera(machine).wait_until(lambda state: state["camera"] == "live", "live")
    return reached


def is_picture(panel: Image.Image) -> bool:
    """Whether a live picture is on the panel: not a console, nothing, or the dimmed one of a lost camera."""
    mean = ImageStat.Stat(panel.convert("L")).mean[0]
    return panel.getcolors(PICTURE_COLOURS) is None and mean > PICTURE_MEAN


def _since_kernel_s(machine: Machine, unit: str, name: str) -> float:
    return int(machine.shell(f"systemctl show {unit} --value --property={name}")) / 1e6
