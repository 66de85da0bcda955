"""What the installer made of a fresh system."""

import json

from tests.machine.installed import ARMED, FIRST_PICTURE, SPLASH, Installed
from tests.machine.machine import Machine

ENABLED = ("mcam.target", "mcam-capture.service", "mcam-screen.service", "mcam-web.socket")


def test_everything_is_enabled_and_runs(machine: Machine) -> None:
    for unit in ENABLED:
        assert machine.shell(f"systemctl is-enabled {unit}").strip() == "enabled"
        assert machine.shell(f"systemctl is-active {unit}").strip() == "active"
    assert machine.shell("systemctl --failed --no-legend") == ""


def test_no_process_of_the_camera_is_root(machine: Machine) -> None:
    users = machine.shell("ps -C mcam,python3 -o user= | sort -u").split()
    assert users == ["mcam"]


def test_the_installer_found_the_panel(machine: Machine) -> None:
    assert 'kind = "fb:/dev/fb0"' in machine.shell("cat /etc/mcam/as-installed.toml")


def test_varlinkctl_talks_to_the_daemon(machine: Machine) -> None:
    address = "unix:/run/mcam/mcam.sock"
    assert "interface io.github.mcam" in machine.shell(f"varlinkctl introspect {address} io.github.mcam")
    assert json.loads(machine.shell(f"varlinkctl -j info {address}"))["product"] == "mcam"


def test_the_page_starts_when_somebody_opens_it(machine: Machine) -> None:
    assert machine.shell("systemctl is-active mcam-web.service", check=False).strip() == "inactive"
    fetch = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8000/', timeout=100).read().decode())"
    assert "<html" in machine.shell(f'python3 -c "{fetch}"').lower()
    assert machine.shell("systemctl is-active mcam-web.service").strip() == "active"


def test_the_boot_ends_with_a_picture_on_the_panel(installed: Installed, figures: list[str]) -> None:
    chart = installed.chart
    reached = sorted(chart.reached.items(), key=lambda entry: entry[1])
    figures += [f"{after_s:6.1f} s after the kernel's start: {what}" for what, after_s in reached]
    figures += [f"    spent: {line}" for line in chart.spent]
    assert [what for what, _ in reached if what in {ARMED, SPLASH, FIRST_PICTURE}] == [ARMED, SPLASH, FIRST_PICTURE]
