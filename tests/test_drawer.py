"""The lens drawer: what comes with mcam, what a person adds, and what is wrong with it."""

import argparse
import tomllib
from pathlib import Path

import pytest

from device import drawer, lens_commands, lens_table
from device.config import Config, load, with_changes
from device.drawer import OURS
from device.errors import BadValue
from device.lens import NO_LENS, Lens
from tests.failing_system import Filling

BIOGON = """
[biogon-21-coded]
name = "Biogon T* 21 mm f/2.8 ZM"
maker = "Zeiss"
focal_length_mm = 21
max_aperture = 2.8
code = 24
"""


ADDED = ("name", "maker", "aperture", "smallest", "code")  # what `mcam lens add` may be told besides


def own(folder: Path, **files: str) -> drawer.Drawer:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text)
    return drawer.opened(folder)


def test_our_own_lenses_have_no_fault_and_no_code_twice() -> None:
    ours = drawer.opened()
    assert ours.faults == ()
    codes = [lens.code for lens in ours.lenses.values() if lens.code]
    assert len(codes) == len(set(codes)) == 41
    assert sum(len(tomllib.loads(path.read_text())) for path in OURS.glob("*.toml")) == len(ours.lenses)


# l-camera-forum.com/leica-news/leica-lens-codes: the pattern as it is painted, read clockwise.
@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("010000", "tri-elmar-16-18-21"),
        ("110100", "super-elmar-18"),
        ("000001", "elmarit-21-i"),
        ("011000", "elmarit-21"),
        ("101111", "summilux-21"),
        ("110010", "elmar-24"),
        ("011001", "elmarit-24"),
        ("110000", "summilux-24"),
        ("101010", "tri-elmar-28-35-50"),
        ("000011", "elmarit-28-iii"),
    ],
)
def test_the_published_patterns_name_their_lenses(pattern: str, key: str) -> None:
    coded = drawer.opened().coded(int(pattern, 2))
    assert coded is not None
    assert coded.key == key


def test_a_name_tells_the_same_focal_lengths_and_aperture_as_the_figures() -> None:
    for lens in drawer.opened().lenses.values():
        lengths = "-".join(f"{length:g}" for length in lens.focal_lengths_mm or (lens.focal_length_mm,))
        assert f"{lengths} mm" in lens.name
        assert f"f/{lens.max_aperture:g}" in lens.name


def test_a_maker_is_told_once() -> None:
    ours = drawer.opened()
    told = {key: ours.lens(key).full_name for key in ("summicron-35", "7artisans-28", "none")}
    assert told == {
        "summicron-35": "Leica Summicron-M 35 mm f/2 ASPH",
        "7artisans-28": "7Artisans 28 mm f/1.4 ASPH",
        "none": "",
    }
    assert Lens("x", "Mine", "", 35.0, 2.0).full_name == "Mine"


def test_none_is_the_identity() -> None:
    assert drawer.opened().lens("none") == NO_LENS == Lens("none", "", "", 0.0, 0.0)


def test_a_lens_of_several_focal_lengths_stands_at_one_of_them() -> None:
    lens = drawer.opened().lens("tri-elmar-28-35-50")
    assert (lens.focal_length_mm, lens.focal_lengths_mm) == (28, (28, 35, 50))
    assert lens.at(50).focal_length_mm == 50
    assert (lens.at(35).shortest_mm, lens.at(35).longest_mm) == (28, 50)
    with pytest.raises(BadValue, match="has 28 or 35 or 50 mm, not 40"):
        lens.at(40)


def test_an_unknown_lens_is_a_sentence_with_the_nearest_one() -> None:
    with pytest.raises(BadValue, match="did you mean summicron-35"):
        drawer.opened().lens("sumicron-35")
    with pytest.raises(BadValue, match="mcam lens list"):
        drawer.opened().lens("x")


def test_ones_own_lens_is_added_and_comes_first_with_its_key_and_its_code(tmp_path: Path) -> None:
    mine = '[summicron-35]\nname = "My Summicron 35"\nfocal_length_mm = 35.5\nmax_aperture = 2\n'
    opened = own(tmp_path, mine=mine, zeiss=BIOGON)
    assert opened.faults == ()
    assert (opened.lens("summicron-35").name, opened.lens("summicron-35").focal_length_mm) == ("My Summicron 35", 35.5)
    coded = opened.coded(24)
    assert coded is not None
    assert coded.key == "biogon-21-coded"
    assert opened.lens("elmarit-21").code == 24  # still there for who chooses it


def test_a_faulty_lens_is_told_with_all_faults_and_the_others_are_there(tmp_path: Path) -> None:
    faulty = '\n[bad]\nnam = "x"\nfocal_length_mm = "35"\nmax_aperture = 0.1\ncode = 64\n'
    opened = own(tmp_path, mine=BIOGON + faulty)
    assert "biogon-21-coded" in opened.lenses
    assert "bad" not in opened.lenses
    (text,) = opened.faults
    assert str(tmp_path / "mine.toml") in text
    assert "bad.nam is not a setting, did you mean bad.name?" in text
    assert 'bad.focal_length_mm = "35" must be a number from 1 to 2000 mm, or a list of them' in text
    assert "bad.max_aperture = 0.1 must be a number from 0.7 to 64" in text
    assert "bad.code = 64 must be a whole number from 1 to 63" in text
    assert "bad.name is missing" in text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[x", "Expected ']'"),
        ("name = 1", "stands outside a lens"),
        ("[Summicron]", "lower-case letters"),
        ("[none]", "is taken"),
        ("[simulated]", "is taken"),
        ('[x]\nname = "x"\nfocal_length_mm = [50, 28]\nmax_aperture = 4', "shortest first"),
        ('[x]\nname = "x"\nfocal_length_mm = []\nmax_aperture = 4', "shortest first"),
        ('[x]\nname = "x"\nfocal_length_mm = 50\nmax_aperture = 4\nmin_aperture = 2', "larger f-number"),
        ('[x]\nname = "x"\nfocal_length_mm = nan\nmax_aperture = 4', "must be a number"),
        ('[x]\nname = "x"\nfocal_length_mm = true\nmax_aperture = 4', "must be a number"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_else_is_lost(tmp_path: Path, text: str, says: str) -> None:
    opened = own(tmp_path, bad=text, good=BIOGON)
    assert len(opened.faults) == 1
    assert says.lower() in opened.faults[0].lower()
    assert "biogon-21-coded" in opened.lenses
    assert len(opened.lenses) == len(drawer.opened().lenses) + 1


def test_a_key_in_two_files_is_told(tmp_path: Path) -> None:
    opened = own(tmp_path, a=BIOGON, b=BIOGON)
    assert "in another file" in opened.faults[0]
    assert "biogon-21-coded" in opened.lenses


@pytest.mark.parametrize("folder", ["nowhere", "file"])
def test_a_folder_that_is_not_there_is_no_fault(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    assert drawer.opened(tmp_path / folder) == drawer.opened()


def test_without_a_folder_of_ones_own_the_working_directory_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text(BIOGON)
    monkeypatch.chdir(tmp_path)
    config = load(None)
    assert config.lens.folder == ""
    assert (
        lens_commands.listing(config, None).table == lens_commands.listing(named(config, tmp_path / "none"), None).table
    )
    assert "biogon-21-coded" in lens_commands.listing(named(config, tmp_path), None).text
    with pytest.raises(BadValue, match=r"name one with lens\.folder"):
        lens_commands.add(config, argparse.Namespace(**dict.fromkeys(ADDED, ""), key="own", focal=[35.0]))


def named(config: Config, folder: Path) -> Config:
    return with_changes(config, {"lens.folder": str(folder)})


def test_what_is_added_is_read_back_as_it_was_given(tmp_path: Path) -> None:
    table = {
        "name": 'The "best" \\ lens',
        "maker": "Zeiß",
        "focal_length_mm": [28.0, 35.5],
        "max_aperture": 3.8,
        "code": 9,
    }
    path = drawer.add(tmp_path / "new" / "lenses", "best", table)
    assert tomllib.loads(path.read_text()) == {"best": table}
    assert drawer.opened(path.parent).lens("best").focal_lengths_mm == (28.0, 35.5)


def test_what_is_wrong_with_a_new_lens_is_said_before_anything_is_written(tmp_path: Path) -> None:
    good = {"name": "x", "focal_length_mm": 35, "max_aperture": 2}
    for key, table, says in (
        ("Bad Key", good, "lower-case"),
        ("x", {**good, "code": 64}, "from 1 to 63"),
        ("x", {"name": "x"}, "missing"),
    ):
        with pytest.raises(BadValue, match=says):
            drawer.add(tmp_path / "lenses", key, table)
    assert not (tmp_path / "lenses").exists()


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("# mine\n")
    with pytest.raises(BadValue, match="is there already"):
        drawer.add(tmp_path, "x", {"name": "x", "focal_length_mm": 35, "max_aperture": 2})
    assert (tmp_path / "x.toml").read_text() == "# mine\n"
    (tmp_path / "file").write_text("")
    with pytest.raises(BadValue, match="cannot be written"):
        drawer.add(tmp_path / "file", "x", {"name": "x", "focal_length_mm": 35, "max_aperture": 2})


def test_a_full_disk_leaves_no_half_lens_and_a_power_cuts_half_one_is_in_nobodys_way(tmp_path: Path) -> None:
    table = {"name": "x", "focal_length_mm": 35, "max_aperture": 2}
    with pytest.raises(BadValue, match=r"No space left on device\): make room\.$"):
        drawer.add(tmp_path, "x", table, Filling(10))  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".x.toml.part").write_text("[x")
    drawer.add(tmp_path, "x", table)
    assert [path.name for path in tmp_path.iterdir()] == ["x.toml"]


def test_every_rule_is_about_a_field_of_the_lens() -> None:
    assert set(lens_table.RULES) <= {*Lens.__slots__}  # type: ignore[attr-defined]


@pytest.mark.parametrize("letter", ["\x7f", "\udcff"])
def test_a_name_that_no_file_can_hold_is_refused_before_there_is_one(tmp_path: Path, letter: str) -> None:
    with pytest.raises(BadValue, match="name in quotes"):
        drawer.add(tmp_path, "mine", {"name": f"M{letter}", "focal_length_mm": 35.0, "max_aperture": 2.0})
    assert list(tmp_path.iterdir()) == []
