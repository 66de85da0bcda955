"""What is killed comes back, what hangs is killed, and no photograph that was taken is lost on the way."""

import json
import time

from tests.machine.camera import Camera, Refused, State
from tests.machine.card import Card, broken
from tests.machine.installed import is_picture
from tests.machine.machine import Machine

PID = "systemctl show {unit} --value --property=MainPID"


def pid_of(machine: Machine, unit: str) -> int:
    return int(machine.shell(PID.format(unit=unit)))


def wait_for_another(machine: Machine, unit: str, pid: int, timeout_s: float = 200.0) -> None:
    ask = PID.format(unit=unit)
    machine.wait_for(f"systemctl is-active -q {unit} && test $({ask}) -ne {pid} -a $({ask}) -ne 0", timeout_s)


def test_a_killed_daemon_is_started_again_and_knows_the_card(machine: Machine, camera: Camera, card: Card) -> None:
    del card
    assert len(camera.shoot()) == 1
    pid = pid_of(machine, "mcam-capture")
    machine.shell(f"kill -9 {pid}")
    wait_for_another(machine, "mcam-capture", pid)
    state = camera.wait_until(lambda state: state["camera"] == "live" and state["card"]["last"], "live")
    assert state["card"]["last"] == "100MCAM_/MCAM0001"
    assert camera.shoot()[0]["name"] == "100MCAM_/MCAM0002"
    assert broken(camera.files()) == []


def test_a_daemon_that_hangs_is_ended_by_the_watchdog(machine: Machine, camera: Camera) -> None:
    pid = pid_of(machine, "mcam-capture")
    machine.shell(f"kill -STOP {pid}")
    wait_for_another(machine, "mcam-capture", pid)
    assert "Watchdog timeout" in machine.shell("journalctl --no-pager -u mcam-capture")
    camera.wait_until(lambda state: state["camera"] == "live", "live")


def test_the_viewfinder_dies_in_a_burst_and_no_photograph_does(machine: Machine, camera: Camera, card: Card) -> None:
    del card
    pid = pid_of(machine, "mcam-screen")
    burst = machine.begin(
        "varlinkctl -j --timeout=300 call unix:/run/mcam/mcam.sock io.github.mcam.Shoot '{\"count\": 6}'"
    )
    machine.shell(f"kill -9 {pid}")
    said, _ = burst.communicate(timeout=300)
    photos = json.loads(said)["photos"]
    files = camera.files()
    assert sorted(files) == sorted(file for photo in photos for file in photo["files"])
    assert len(files) == 12
    assert broken(files) == []
    wait_for_another(machine, "mcam-screen", pid)
    machine.look_until(is_picture, "the picture again, after the splash")


def shoot_until_refused(camera: Camera) -> tuple[list[State], str]:
    """The photographs that were reported as saved, and why there came no more."""
    photos: list[State] = []
    while True:
        try:
            photos += camera.shoot()
        except Refused as refused:
            return photos, str(refused)


def test_a_full_card_is_said_and_what_was_saved_stays_whole(machine: Machine, camera: Camera, card: Card) -> None:
    del card
    machine.shell("fallocate -l $(($(stat -f -c '%a * %S' /media/mcam) - 24000000)) /media/mcam/other")
    reported, sentence = shoot_until_refused(camera)
    assert "card is full" in sentence
    state = camera.wait_until(lambda state: state["card"]["state"] == "full", "full")
    assert state["card"]["shots_left"] == 0
    files = camera.files()
    assert {file for photo in reported for file in photo["files"]} <= set(files)
    assert broken(files) == []
    machine.shell("rm /media/mcam/other")
    camera.wait_until(lambda state: state["card"]["state"] == "ok", "ready again")
    assert len(camera.shoot()) == 1


COMPILED = "/opt/mcam/lib/python3*/site-packages/device/compiled/kernels-*.so"
COMPILING_S = 3600  # by numba, emulated and in company
CACHE = "/var/cache/mcam"
OLDEST_FIRST = f"ls -tr {CACHE}/device_*/*"


def back_after_s(machine: Machine, camera: Camera) -> float:
    """Kill the daemon; how long it takes until another one is live."""
    began_s = time.monotonic()
    pid = pid_of(machine, "mcam-capture")
    machine.shell(f"kill -9 {pid}")
    wait_for_another(machine, "mcam-capture", pid, COMPILING_S)
    camera.wait_until(lambda state: state["camera"] == "live", "live")
    return time.monotonic() - began_s


def test_kernels_that_a_power_cut_left_empty_do_not_keep_the_camera_from_starting(
    machine: Machine, camera: Camera, figures: list[str]
) -> None:
    """First the library: numba then compiles them into its cache. Then four files of that, as a cut leaves a few.

    They are the oldest, without which there is no first frame: two kernels' indexes, and the code of two others.
    """
    machine.shell(f"for file in {COMPILED}; do : >$file.new; mv $file.new $file; done")  # what runs keeps the old one
    figures.append(f"the daemon back with an empty library of kernels after {back_after_s(machine, camera):.0f} s")
    emptied = machine.shell(f"{OLDEST_FIRST}.nbi | head -n 2; {OLDEST_FIRST}.nbc | sed -n 3,4p").split()
    assert len(emptied) == 4
    machine.shell(f"truncate -s 0 {' '.join(emptied)}")
    figures.append(f"    and with four empty files in numba's cache after {back_after_s(machine, camera):.0f} s")
    assert machine.shell(f"find {CACHE} -type f -empty") == ""
    said = machine.shell("journalctl --no-pager -u mcam-capture")
    assert "numba compiles kernels" in said
    assert "timed out" not in said  # the start, for which the unit gives minutes
    assert "Watchdog" not in said
