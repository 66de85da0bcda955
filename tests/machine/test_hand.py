"""What a hand does at the rig, as far as the system has a part in it: settings kept, sleep, and switching off."""

import json
from pathlib import Path

from PIL import ImageStat

from tests.machine.camera import CARD, Camera
from tests.machine.card import Card, broken
from tests.machine.installed import SNAPSHOT, Installed, booted, is_picture
from tests.machine.machine import Machine
from tests.machine.test_crash_points import extract, photographs
from tests.machine.test_survival import pid_of

UP, S1, POWER = 5, 17, 21  # two of mcam.toml's defaults, and provision/mcam.toml's
KEPT = "/var/lib/mcam/settings.json"
DARK = 5  # of 255; an adapter without a picture may say so in small letters
WATCHDOG_S = 10  # of mcam-capture.service
PHOTOGRAPHS = 4


def kept(machine: Machine) -> dict[str, object]:
    settings: dict[str, object] = json.loads(machine.shell(f"cat {KEPT}"))["settings"]
    return settings


def test_a_setting_changed_by_a_button_outlives_a_power_cut(installed: Installed, folder: Path) -> None:
    """The shutter dial, a step up from mode A, which means M; written a second later."""
    with Machine(installed.board, installed.disk, folder, snapshot=SNAPSHOT) as machine:
        machine.press(UP)
        machine.wait_for(f"grep -q exposure.mode {KEPT} && sleep 1")
        before = kept(machine)
        shutter_us = Camera(machine).state()["exposure"]["set_shutter_us"]
        machine.close()
    assert before["exposure.mode"] == "M"
    with booted(installed.board, installed.disk) as machine:
        machine.wait_until_booted()
        state = Camera(machine).wait_until(lambda state: state["camera"] == "live", "live")
        assert kept(machine) == before
        assert (state["exposure"]["mode"], state["exposure"]["set_shutter_us"]) == ("M", shutter_us)


def test_it_sleeps_untouched_and_is_woken_by_a_button(machine: Machine, camera: Camera) -> None:
    """Longer asleep than the watchdog is patient, and still the same process."""
    pid = pid_of(machine, "mcam-capture")
    camera.call("Set", key="power.sleep_after_s", value=WATCHDOG_S)
    camera.wait_until(lambda state: state["camera"] == "asleep", "asleep")
    machine.look_until(lambda panel: ImageStat.Stat(panel.convert("L")).mean[0] < DARK, "a dark panel")
    machine.shell(f"sleep {2 * WATCHDOG_S}")
    assert camera.state()["camera"] == "asleep"
    machine.press(S1)
    camera.wait_until(lambda state: state["sensor"]["setting"] == "armed", "armed")
    machine.look_until(is_picture, "the picture")
    assert pid_of(machine, "mcam-capture") == pid


def test_a_held_power_button_switches_off_once_every_photograph_is_safe(
    machine: Machine, camera: Camera, card: Card, tmp_path: Path
) -> None:
    """A card that hangs for a while has them wait; polkit lets the camera's own user switch off."""
    machine.shell(f"fsfreeze --freeze {CARD}")
    camera.call("Shoot", count=PHOTOGRAPHS, wait=False)
    camera.wait_until(lambda state: state["card"]["queued"] == PHOTOGRAPHS, "full of what waits")
    with camera.news() as news:
        machine.press(POWER)
        assert f"photographs that wait are saved: {PHOTOGRAPHS}." in next(news.warnings())
    machine.shell(f"fsfreeze --unfreeze {CARD}")
    machine.wait_until_off()
    extract(card.image, card.kind, tmp_path / "found")
    files = photographs(tmp_path / "found")
    assert len(files) == 2 * PHOTOGRAPHS
    assert broken(files) == []
