"""Kernels from a library: whoever made it, the installer or its unit, no process of the camera needs numba any more."""

import time

from tests.machine.camera import Camera
from tests.machine.installed import is_picture
from tests.machine.machine import Machine
from tests.machine.test_survival import COMPILED

UNIT = "mcam-kernels.service"
PROCESSES = "systemctl show mcam-capture mcam-screen --value --property=MainPID"
COMPILE_S = 2400.0


def loaded(machine: Machine, library: str) -> list[str]:
    """Which of capture daemon and viewfinder have it in memory."""
    pids = machine.shell(PROCESSES).split()
    assert len(pids) == 2
    assert "0" not in pids
    maps = " ".join(f"/proc/{pid}/maps" for pid in pids)
    return machine.shell(f"grep -l {library} {maps}", check=False).split()


def test_no_process_of_the_camera_imports_numba(machine: Machine) -> None:
    assert loaded(machine, "llvmlite") == []
    assert len(loaded(machine, "kernels-")) == 2


def test_kernels_that_an_image_came_without_are_compiled_by_their_unit(
    machine: Machine, camera: Camera, figures: list[str]
) -> None:
    """The camera is at rest meanwhile, so that the unit, which comes after everything else, has the processor."""
    machine.shell(f"systemctl stop mcam.target mcam-screen && rm {COMPILED} && rm -rf /var/cache/mcam/*")
    began_s = time.monotonic()
    machine.shell(f"systemctl start {UNIT}")
    machine.wait_for(f"! systemctl is-active -q {UNIT}", COMPILE_S)
    figures.append(f"kernels compiled by their unit in {time.monotonic() - began_s:.0f} s")
    assert machine.shell(f"systemctl show {UNIT} --value --property=Result").strip() == "success"
    assert "kernels compiled for this machine" in machine.shell(f"journalctl --no-pager --unit={UNIT}")
    machine.shell("systemctl start mcam.target mcam-screen")
    camera.wait_until(lambda state: state["camera"] == "live", "live")
    machine.look_until(is_picture, "the picture")
    assert loaded(machine, "llvmlite") == []
    assert machine.shell("find /var/cache/mcam -name '*.nbi'") == ""


def test_kernels_are_not_compiled_a_second_time(machine: Machine) -> None:
    before = machine.shell(f"sha256sum {COMPILED}")
    machine.shell(f"systemctl start {UNIT}")
    machine.wait_for(f"! systemctl is-active -q {UNIT}", COMPILE_S)
    assert "compiled already" in machine.shell(f"journalctl --no-pager --unit={UNIT} --lines=5")
    assert machine.shell(f"sha256sum {COMPILED}") == before
