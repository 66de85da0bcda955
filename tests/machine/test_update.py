"""Installed once more, as after an update of the checkout, and taken back: what is the photographer's stays."""

from tests.machine.camera import Camera
from tests.machine.installed import INSTALL_S
from tests.machine.machine import Machine

CHECKOUT = "/root/mcam"  # provision/install.sh put it there
KEPT = "/var/lib/mcam/settings.json"
SETTINGS = {"/etc/mcam/mcam.toml", "/etc/mcam/as-installed.toml", KEPT}  # no photographs yet, and no lens was chosen
ELSEWHERE = "-path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /root -o -path /usr/local/share/mcam"


def test_an_update_keeps_settings_and_kernels_and_to_uninstall_leaves_only_what_is_the_photographers(
    machine: Machine, camera: Camera
) -> None:
    camera.call("Set", key="view.histogram", value=False)
    machine.wait_for(f"grep -q view.histogram {KEPT}")
    kept = machine.shell(f"cat {KEPT}")
    machine.shell("systemctl --quiet disable mcam-kernels; rm /etc/systemd/system/mcam-kernels.service")  # it came late

    said = machine.shell(f"make -C {CHECKOUT} install", timeout_s=INSTALL_S)
    assert "compiled already" in said
    state = camera.wait_until(lambda state: state["camera"] == "live", "live")
    assert (machine.shell(f"cat {KEPT}"), state["view"]["histogram"]) == (kept, False)

    machine.shell(f"make -C {CHECKOUT} uninstall")
    assert machine.shell("systemctl list-unit-files --no-legend 'mcam*'", check=False) == ""
    found = machine.shell(f"find / \\( {ELSEWHERE} \\) -prune -o -path '*mcam*' ! -type d -print").split()
    assert set(found) == SETTINGS
