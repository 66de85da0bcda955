"""The plug is pulled in a burst, and the machine is booted again: what it had said to be saved is there, and whole."""

import re
from itertools import islice
from pathlib import Path

import pytest

from tests.machine.camera import Camera
from tests.machine.card import MAKE, broken, make_card
from tests.machine.installed import SNAPSHOT, Installed, booted
from tests.machine.machine import Machine

FINAL = re.compile(r"[0-9]{3}MCAM_/MCAM[0-9]{4}\.(DNG|JPG)")
BURST = "while varlinkctl -q call unix:/run/mcam/mcam.sock io.github.mcam.Shoot '{\"count\": 4}'; do :; done"
SAVED_BEFORE_THE_CUT = 5


@pytest.mark.parametrize("kind", sorted(MAKE))
def test_a_power_cut_costs_no_photograph_that_was_reported_as_saved(
    kind: str, installed: Installed, folder: Path, tmp_path: Path, figures: list[str]
) -> None:
    card = make_card(tmp_path / "card.img", kind)
    with Machine(installed.board, installed.disk, folder, snapshot=SNAPSHOT) as machine:
        camera = Camera(machine)
        machine.shell(f"echo '{card.fstab()}' >>/etc/fstab; sync")
        machine.plug(card.image)
        card.mount(machine)
        camera.wait_until(lambda state: state["card"]["shots_left"] > 0, "ready")
        with camera.news() as news:
            burst = machine.begin(BURST)
            reported = [file for photo in islice(news.saved(), SAVED_BEFORE_THE_CUT) for file in photo["files"]]
            machine.close()
        burst.communicate()
    with booted(installed.board, installed.disk, card.image) as machine:
        machine.wait_until_booted()
        camera = Camera(machine)
        camera.wait_until(lambda state: state["camera"] == "live" and state["card"]["shots_left"] > 0, "live")
        files = camera.files()
        figures.append(f"power cut on {kind}: {len(reported)} files reported, {len(files)} found")
        assert machine.shell("findmnt -n -o FSTYPE /media/mcam").strip() == kind
        assert set(reported) <= set(files)
        assert [name for name in files if not FINAL.fullmatch(name)] == []
        assert broken(files) == []
        assert camera.shoot()[0]["name"] not in {name.removesuffix(".DNG") for name in files}
