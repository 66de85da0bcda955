"""Names of clips, and their frames on the card."""

from pathlib import Path

import pytest

from device import clip_files, clips
from device.errors import CardFull
from device.storage import Card
from tests.failing_system import FailingSystem, PowerCut

FRAMES = {"CLIP0001_000001.DNG": b"first frame of a clip", "CLIP0001_000002.DNG": b"second frame of a clip"}


def recorded(card: Card) -> None:
    for name, content in FRAMES.items():
        clip_files.lay(card, "CLIP0001", name, [content])
    clip_files.settle(card, "CLIP0001", list(FRAMES))


def found(root: Path) -> dict[str, bytes]:
    folder = root / "CINEMA" / "CLIP0001"
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}


def test_the_next_clip_is_numbered_after_the_highest_in_any_case_of_letters() -> None:
    assert clips.next_clip([]) == "CLIP0001"
    assert clips.next_clip(["CLIP0003", "clip0007", "CLIP0100x", "CLIP12345", "holiday"]) == "CLIP0008"


def test_used_up_numbers_are_a_full_card() -> None:
    with pytest.raises(CardFull, match="CLIP9999, is used"):
        clips.next_clip(["CLIP9999"])


def test_frames_have_their_names_once_they_are_settled(tmp_path: Path) -> None:
    card = Card(tmp_path, reserve_bytes=0)
    recorded(card)
    assert found(tmp_path) == FRAMES
    assert clip_files.next_clip(card) == "CLIP0002"


def test_a_name_that_is_taken_is_not_overwritten(tmp_path: Path) -> None:
    card = Card(tmp_path, reserve_bytes=0)
    recorded(card)
    clip_files.lay(card, "CLIP0001", "CLIP0001_000002.DNG", [b"another"])
    with pytest.raises(FileExistsError):
        clip_files.settle(card, "CLIP0001", ["CLIP0001_000002.DNG"])
    assert found(tmp_path)["CLIP0001_000002.DNG"] == FRAMES["CLIP0001_000002.DNG"]


def test_a_card_without_room_takes_no_frame_and_no_clip(tmp_path: Path) -> None:
    card = Card(tmp_path, reserve_bytes=1 << 60)
    with pytest.raises(CardFull):
        clip_files.next_clip(card)
    with pytest.raises(CardFull):
        clip_files.lay(card, "CLIP0001", "CLIP0001_000001.DNG", [b"x"])
    assert found(tmp_path) == {}


def calls_of_a_recording(root: Path) -> int:
    system = FailingSystem()
    recorded(Card(root, reserve_bytes=0, system=system))  # type: ignore[arg-type]
    return len(system.calls)


def test_after_a_power_cut_at_any_call_each_file_with_a_name_is_whole_and_the_rest_is_named_or_gone(
    tmp_path: Path,
) -> None:
    for at in range(calls_of_a_recording(tmp_path / "all")):
        root = tmp_path / str(at)
        system = FailingSystem(at, PowerCut())
        with pytest.raises(PowerCut):
            recorded(Card(root, reserve_bytes=0, system=system))  # type: ignore[arg-type]
        clip_files.adopt(Card(root, reserve_bytes=0), lambda content: bytes(content) in FRAMES.values())
        assert found(root).items() <= FRAMES.items()


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "CINEMA" / "CLIP0001"
    folder.mkdir(parents=True)
    (folder / ".someone.part").write_bytes(b"theirs")
    (folder / ".CLIP0001_000001.DNG.part").write_bytes(b"half")
    clip_files.adopt(Card(tmp_path), lambda _: False)
    assert [path.name for path in folder.iterdir()] == [".someone.part"]
