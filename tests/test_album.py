"""Names by DCF: what JEITA CP-3461 asks for, on cards of ours, of other cameras, and of somebody's thumb."""

import os
from pathlib import Path

import pytest

from device.album import Album, Name, final_name, part_name
from device.errors import BadValue, CardFull, CardMissing


def put(root: Path, *paths: str) -> None:
    for path in paths:
        place = root / "DCIM" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.encode())


def next_after(root: Path, *paths: str) -> str:
    put(root, *paths)
    return str(Album(root).next_name())


def test_an_empty_card_begins_at_the_first_number_of_the_first_folder(tmp_path: Path) -> None:
    assert str(Album(tmp_path).next_name()) == "100MCAM_/MCAM0001"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["100MCAM_/MCAM0001.DNG", "100MCAM_/MCAM0001.JPG"], "100MCAM_/MCAM0002"),
        (["100MCAM_/MCAM0007.JPG"], "100MCAM_/MCAM0008"),
        (["100MCAM_/MCAM0001.DNG", "100MCAM_/MCAM0009.DNG"], "100MCAM_/MCAM0010"),
        (["100MCAM_/mcam0012.dng"], "100MCAM_/MCAM0013"),
        (["100MCAM_/IMG_0033.CR2"], "100MCAM_/MCAM0034"),
        (["100MCAM_/.MCAM0004.DNG.part"], "100MCAM_/MCAM0005"),
        (["100MCAM_/MCAM12345.DNG", "100MCAM_/notes.txt", "100MCAM_/MCAM0003"], "100MCAM_/MCAM0001"),
        (["100MCAM_/MCAM9999.DNG"], "101MCAM_/MCAM0001"),
        (["100MCAM_/MCAM9999.DNG", "102MCAM_/MCAM0041.DNG"], "102MCAM_/MCAM0042"),
        (["998MCAM_/MCAM9999.DNG"], "999MCAM_/MCAM0001"),
        (["100mcam_/MCAM0003.DNG"], "100mcam_/MCAM0004"),
    ],
)
def test_the_next_number_follows_the_highest_in_use(tmp_path: Path, paths: list[str], expected: str) -> None:
    assert next_after(tmp_path, *paths) == expected


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["100CANON/IMG_0001.CR2"], "101MCAM_/MCAM0001"),
        (["100canon/img_0001.cr2", "101NIKON/DSC_0001.NEF"], "102MCAM_/MCAM0001"),
        (["999CANON/IMG_9999.CR2"], "100MCAM_/MCAM0001"),
        (["100MCAM_/MCAM9999.DNG", "101CANON/IMG_0001.CR2"], "102MCAM_/MCAM0001"),
        (["101MCAM_/MCAM0005.DNG", "150CANON/IMG_0001.CR2"], "101MCAM_/MCAM0006"),
        (["100MCAM_/MCAM0005.DNG", "100CANON/IMG_0001.CR2"], "101MCAM_/MCAM0001"),
        (["100MCAM_/MCAM0005.DNG", "100mcam_/MCAM0007.DNG"], "101MCAM_/MCAM0001"),
        (["100MCAM_"], "101MCAM_/MCAM0001"),
        (["MISC/x", "1000ABCDE/x", "99MCAM__/x", "100MCAM/x"], "100MCAM_/MCAM0001"),
    ],
)
def test_a_folder_number_is_never_shared_with_another_camera(tmp_path: Path, paths: list[str], expected: str) -> None:
    assert next_after(tmp_path, *paths) == expected


def test_the_last_number_of_all_is_said_in_one_sentence(tmp_path: Path) -> None:
    put(tmp_path, "999MCAM_/MCAM9999.JPG")
    with pytest.raises(
        CardFull, match=r"^The last number there is, 999MCAM_/MCAM9999, is used: put in an empty card\.$"
    ):
        Album(tmp_path).next_name()
    assert Album(tmp_path).numbers_left() == 0


def test_the_numbers_left_count_the_rest_of_the_folder_and_the_free_ones(tmp_path: Path) -> None:
    put(tmp_path, "997MCAM_/MCAM9990.DNG", "998CANON/IMG_0001.CR2")
    assert Album(tmp_path).numbers_left() == 9 + 9999


def test_what_was_written_is_counted_on_from_without_reading_the_folder_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, *(f"100MCAM_/MCAM{number:04d}.DNG" for number in range(1, 301)))
    album = Album(tmp_path)
    album.next_name()
    reads: list[object] = []
    monkeypatch.setattr(Album, "_highest", lambda *_: reads.append(1) or 0)
    for number in range(301, 311):
        name = album.next_name()
        assert name == Name("100MCAM_", number)
        put(tmp_path, f"{name}.DNG")
        album.wrote(name)
    assert reads == []


def test_the_first_photograph_of_a_folder_is_counted_on_from(tmp_path: Path) -> None:
    album = Album(tmp_path)
    for expected in ("100MCAM_/MCAM0001", "100MCAM_/MCAM0002"):
        name = album.next_name()
        assert str(name) == expected
        put(tmp_path, f"{name}.DNG")
        album.wrote(name)


def test_a_card_changed_underneath_is_noticed(tmp_path: Path) -> None:
    album = Album(tmp_path)
    put(tmp_path, "100MCAM_/MCAM0001.DNG")
    album.wrote(album.next_name())
    put(tmp_path, "100MCAM_/MCAM0500.DNG")
    os.utime(tmp_path / "DCIM/100MCAM_", ns=(0, 5))  # whatever the granularity of this disk's clock
    assert str(album.next_name()) == "100MCAM_/MCAM0501"


def test_another_card_in_its_place_is_noticed(tmp_path: Path) -> None:
    put(tmp_path, "100MCAM_/MCAM0041.DNG")
    album = Album(tmp_path)
    assert str(album.next_name()) == "100MCAM_/MCAM0042"
    (tmp_path / "DCIM").rename(tmp_path / "elsewhere")
    assert str(album.next_name()) == "100MCAM_/MCAM0001"


def test_raw_and_jpeg_are_one_photograph_the_negative_first_and_the_newest_on_top(tmp_path: Path) -> None:
    put(tmp_path, "100MCAM_/MCAM9999.JPG", "100MCAM_/MCAM9999.DNG", "100MCAM_/MCAM0002.DNG")
    put(tmp_path, "101MCAM_/MCAM0001.JPG", "101MCAM_/.MCAM0002.DNG.part", "101MCAM_/MCAM0003.TXT")
    put(tmp_path, "102CANON/IMG_0001.JPG", "101MCAM_/IMG_0004.JPG")
    listed = [(picture.name, picture.files) for picture in Album(tmp_path).newest(10)]
    assert listed == [
        ("101MCAM_/MCAM0001", ("101MCAM_/MCAM0001.JPG",)),
        ("100MCAM_/MCAM9999", ("100MCAM_/MCAM9999.DNG", "100MCAM_/MCAM9999.JPG")),
        ("100MCAM_/MCAM0002", ("100MCAM_/MCAM0002.DNG",)),
    ]


def test_a_short_list_does_not_read_older_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "100MCAM_/MCAM0001.DNG", "101MCAM_/MCAM0001.DNG", "101MCAM_/MCAM0002.DNG")
    read: list[str] = []
    names = Album._names
    monkeypatch.setattr(Album, "_names", lambda self, folder: read.append(folder) or names(self, folder))
    assert [picture.name for picture in Album(tmp_path).newest(2)] == ["101MCAM_/MCAM0002", "101MCAM_/MCAM0001"]
    assert read == ["101MCAM_"]


@pytest.mark.parametrize("limit", [0, -1])
def test_nothing_asked_for_is_nothing_listed(tmp_path: Path, limit: int) -> None:
    put(tmp_path, "100MCAM_/MCAM0001.DNG")
    assert Album(tmp_path).newest(limit) == []


def test_lower_case_files_are_listed_and_found_as_they_are_spelt(tmp_path: Path) -> None:
    put(tmp_path, "100mcam_/mcam0001.dng", "100mcam_/mcam0001.jpg")
    (picture,) = Album(tmp_path).newest(5)
    assert picture.files == ("100mcam_/mcam0001.dng", "100mcam_/mcam0001.jpg")
    assert Album(tmp_path).file(picture.files[1]).read_bytes() == b"100mcam_/mcam0001.jpg"


def test_no_card_is_an_empty_album(tmp_path: Path) -> None:
    assert Album(tmp_path / "gone").newest(5) == []


def test_a_file_in_the_place_of_dcim_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "DCIM").write_text("not a folder")
    with pytest.raises(CardMissing, match=r"^The card cannot be read \(Not a directory\): .*\.$"):
        Album(tmp_path).newest(5)
    with pytest.raises(CardMissing, match="cannot be read"):
        Album(tmp_path).next_name()


@pytest.mark.parametrize(
    "path",
    [
        "100MCAM_/MCAM0002.DNG",
        "100MCAM_/../../secret",
        "../secret",
        "/etc/passwd",
        "100MCAM_/.MCAM0003.DNG.part",
        "100MCAM_/notes.txt",
        "102CANON/IMG_0001.JPG",
        "100MCAM_/MCAM0001.DNG/",
        "100MCAM_/MCAM0001.DNG\0",
        "100MCAM_/MCAM0001.DNG\n",
        "100MCAM_",
        "101MCAM_/MCAM0001.DNG",
        "100MCAM_/MCAM0009.DNG",
        "100MCAM_/MCAM٠٠٠١.DNG",
        "",
    ],
)
def test_only_photographs_of_this_card_can_be_asked_for(tmp_path: Path, path: str) -> None:
    root = tmp_path / "card"
    put(root, "100MCAM_/MCAM0001.DNG", "100MCAM_/.MCAM0003.DNG.part", "100MCAM_/notes.txt", "102CANON/IMG_0001.JPG")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/MCAM0001.DNG").write_text("private")
    (root / "DCIM/101MCAM_").symlink_to(tmp_path / "secret")
    (root / "DCIM/100MCAM_/MCAM0009.DNG").symlink_to(tmp_path / "secret/MCAM0001.DNG")
    assert Album(root).file("100MCAM_/MCAM0001.DNG").read_bytes() == b"100MCAM_/MCAM0001.DNG"
    with pytest.raises(BadValue, match=r"(?s)^No photograph \".*\" on this card\.$"):
        Album(root).file(path)


def test_a_part_is_told_from_its_name_and_back() -> None:
    assert part_name("MCAM0001.DNG") == ".MCAM0001.DNG.part"
    assert final_name(".MCAM0001.DNG.part") == "MCAM0001.DNG"
    assert [final_name(name) for name in (".MCAM0001.DNG", "MCAM0001.DNG.part", ".IMG_0001.DNG.part", ".part")] == [
        None
    ] * 4
