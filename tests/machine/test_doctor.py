"""What `mcam doctor` says of the machine, which believes to be a Raspberry Pi without a camera."""

import json

import pytest

from device.errors import EXIT_FAILED
from tests.machine.card import Card
from tests.machine.machine import Machine

AS = {"root": "", "mcam": "runuser -u mcam -- "}


@pytest.mark.parametrize("user", sorted(AS))
def test_it_finds_the_pins_the_panel_and_the_card(machine: Machine, card: Card, user: str) -> None:
    findings = json.loads(machine.shell(f"{AS[user]}mcam doctor --json", check=False))
    assert all(finding["text"].endswith(".") and "\n" not in finding["text"] for finding in findings)
    said = {finding["subject"]: (finding["state"], finding["text"]) for finding in findings}
    assert said["pins"][0] == said["panel"][0] == said["card"][0] == "well"
    assert "800 columns of 32 bits, 3200 bytes to a line" in said["pixels"][1]
    assert said["pages"][0] == "note"
    assert f"({card.kind})" in said["card"][1]


def test_without_a_camera_it_says_so_in_one_line(machine: Machine) -> None:
    machine.shell("sed -i s/^kind.*replay.*/kind='\"auto\"'/ /etc/mcam/mcam.toml")
    *lines, ended = machine.shell("mcam doctor --json; echo $?").splitlines()
    camera = [finding for finding in json.loads("\n".join(lines)) if finding["subject"] == "camera"]
    assert [finding["state"] for finding in camera] == ["fault"]
    assert camera[0]["text"].count(". ") == 0
    assert int(ended) == EXIT_FAILED
