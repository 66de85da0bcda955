"""Paths as they are written: to a home, through links, and to nowhere."""

from pathlib import Path

import pytest

from device.drawer import own_folder
from device.errors import CardMissing
from device.storage import Card
from device.written_path import at_home, followed


def test_a_home_is_known_by_its_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert at_home("~/card") == tmp_path / "card"
    assert at_home("~nobody-of-that-name/card") == Path("~nobody-of-that-name/card")


def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "card")
    assert followed(tmp_path / "link" / "DCIM") == tmp_path.resolve() / "card" / "DCIM"


@pytest.mark.parametrize("name", ["x" * 300, "circle", "circle/within", "~nobody-of-that-name/card"])
def test_a_card_s_folder_that_leads_nowhere_is_no_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CardMissing, match=r"^No card at .*: put it in, or set card.folder to a folder that is there"):
        Card(Path(name)).room_bytes()
    assert [place.name for place in tmp_path.iterdir()] == ["circle"]


def test_a_drawer_of_an_unknown_user_is_a_folder_like_any() -> None:
    assert own_folder("~nobody-of-that-name/lenses") == Path("~nobody-of-that-name/lenses")
