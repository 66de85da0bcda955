"""What `mcam doctor` says of the machine, which believes to be a Raspberry Pi without a camera."""

import json

import pytest

from tests.machine.card import Card
from tests.machine.machine import Machine

AS = {"root": "", "mcam": "runuser -u mcam -- "}


@pytest.mark.parametrize("user", sorted(AS))
def test_every_line_has_a_subject_a_state_and_a_sentence(machine: Machine, card: Card, user: str) -> None:
    del card
    findings = json.loads(machine.shell(f"{AS[user]}mcam doctor --json", check=False))
    assert all(set(finding) == {"subject", "state", "text"} for finding in findings)
    assert {finding["state"] for finding in findings} <= {"well", "note", "fault"}
    assert all(finding["text"].endswith(".") and "\n" not in finding["text"] for finding in findings)


@pytest.mark.parametrize("user", sorted(AS))
def test_it_finds_the_pins_the_panel_and_the_card(machine: Machine, card: Card, user: str) -> None:
    said = machine.shell(f"{AS[user]}mcam doctor", check=False)
    assert "ok    pins" in said
    assert "ok    panel" in said
    assert "800 columns of 32 bits, 3200 bytes to a line" in said
    assert "note  pages" in said
    assert f"({card.kind})" in said


def test_without_a_camera_it_says_so_in_one_line(machine: Machine) -> None:
    machine.shell("sed -i s/^kind.*replay.*/kind='\"auto\"'/ /etc/mcam/mcam.toml")
    said = machine.shell("mcam doctor; echo ended $?").splitlines()
    assert [line for line in said if "camera" in line and line.startswith("MEND")] != []
    assert said[-1] == "ended 1"
