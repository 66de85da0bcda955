"""The power button: a tap sleeps, holding it switches off, but not before all is saved."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from device import power_off
from device.power_off import PowerOff, systemctl
from tests.test_rest import S, Sleeper

RULES = Path(__file__).parents[1] / "systemd" / "50-mcam.rules"


class Machine:
    """One that would be switched off."""

    def __init__(self, waiting: int, refusal: str = "") -> None:
        self.waiting, self.refusal = waiting, refusal
        self.told: list[str] = []
        self.asked = 0
        self.beside: list[Callable[[], None]] = []
        self.power = PowerOff(lambda: self.waiting, self.told.append, self.ask, self.beside.append)

    def ask(self) -> str:
        self.asked += 1
        return self.refusal

    def go_on(self) -> None:
        """What was begun beside the buttons comes to its end."""
        for work in self.beside:
            work()
        self.beside.clear()


def test_it_is_off_at_once_when_all_is_saved() -> None:
    machine = Machine(0)
    machine.power.press()
    machine.power.passed()
    machine.go_on()
    assert (machine.asked, machine.told) == (1, [])


def test_it_waits_for_photographs_and_says_so() -> None:
    machine = Machine(3)
    machine.power.press()
    machine.power.passed()
    machine.go_on()
    assert machine.asked == 0
    assert machine.told == ["Switching off once the photographs that wait are saved: 3. Hold again to lose them."]
    machine.waiting = 0
    machine.power.passed()
    machine.power.passed()
    machine.go_on()
    assert machine.asked == 1


def test_held_again_it_waits_no_longer() -> None:
    machine = Machine(3)
    machine.power.press()
    machine.power.press()
    machine.go_on()
    assert machine.asked == 1


def test_a_refusal_is_told() -> None:
    machine = Machine(0, "Access denied")
    machine.power.press()
    assert (machine.asked, machine.told) == (0, []), "no button waits for systemctl"
    machine.go_on()
    assert machine.told == ["The machine cannot be switched off (Access denied): do it by hand, or see hardware.md."]


@pytest.mark.parametrize(
    ("script", "reason"),
    [("exit 0", ""), ("echo 'Failed: Access denied.' >&2; exit 1", "Failed: Access denied"), ("exit 3", "exit code 3")],
)
def test_what_systemctl_says_is_the_reason(monkeypatch: pytest.MonkeyPatch, script: str, reason: str) -> None:
    monkeypatch.setattr(power_off, "COMMAND", ("sh", "-c", script))
    assert systemctl() == reason


def test_a_machine_without_systemctl_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(power_off, "COMMAND", ("/nowhere/systemctl",))
    assert "No such file" in systemctl()


def test_a_systemctl_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("systemctl", 5)

    monkeypatch.setattr(subprocess, "run", hang)
    assert "timed out" in systemctl()


def test_the_rule_allows_the_cameras_user_to_switch_off_and_nothing_else() -> None:
    text = RULES.read_text()
    assert re.findall(r'subject.user == "(\w+)"', text) == ["mcam"]
    assert {action.rpartition(".")[2] for action in re.findall(r'action.id == "([\w.-]+)"', text)} == {
        "power-off",
        "power-off-multiple-sessions",
    }


def test_a_tap_sleeps_and_the_next_wakes() -> None:
    sleeper = Sleeper()
    for when_s in (200, 201):
        sleeper.commands.button("power", down=True, when_ns=when_s * S)
        sleeper.commands.button("power", down=False, when_ns=when_s * S + S // 10)
    assert [each.kwargs["asleep"] for each in sleeper.done if each[0] == "sleep"] == [False, True]


def test_a_camera_at_work_does_not_sleep_for_a_tap() -> None:
    sleeper = Sleeper()
    sleeper.commands.button("power", down=True, when_ns=200 * S)
    sleeper.camera.is_busy = True
    sleeper.commands.button("power", down=True, when_ns=201 * S)
    sleeper.commands.button("power", down=False, when_ns=201 * S + 1)
    assert len(sleeper.done) == 1
