"""Settings: the defaults stand in mcam.toml alone, and every fault is said at once."""

import os
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest

from device import config
from device.config import Config, find, load, with_changes
from device.errors import BadConfig

MANUAL = Path(config.__file__).with_name("mcam.toml")
DEFAULTS = tomllib.loads(MANUAL.read_text())
KEYS = [f"{section}.{f.name}" for section, kind in get_type_hints(Config).items() for f in fields(kind)]


def faults(path: Path, text: str) -> list[str]:
    path.write_text(text)
    with pytest.raises(BadConfig) as caught:
        load(path)
    return caught.value.faults


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mcam.toml"


def value_of(settings: Config, name: str) -> object:
    section, key = name.split(".")
    return getattr(getattr(settings, section), key)


# ---- the manual --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KEYS)
def test_every_setting_has_its_default_in_the_manual(name: str) -> None:
    section, key = name.split(".")
    assert value_of(load(None), name) == DEFAULTS[section][key]


@pytest.mark.parametrize("name", KEYS)
def test_every_setting_has_a_remark_in_the_manual(name: str) -> None:
    section, key = name.split(".")
    lines = re.split(r"^\[(\w+)\]$", MANUAL.read_text(), flags=re.MULTILINE)
    of_section = dict(zip(lines[1::2], lines[2::2], strict=True))[section]
    assert re.search(rf"^{key} = \S.*?  ?# \w*.{{3,}}$", of_section, re.MULTILINE)


def test_the_manual_holds_no_setting_that_nobody_reads() -> None:
    assert {f"{section}.{key}" for section, table in DEFAULTS.items() for key in table} == set(KEYS)


# ---- good files --------------------------------------------------------------------------------------------------

GOOD = [
    ("sensor.kind", '"simulated"', "simulated"),
    ("sensor.kind", '"picamera2"', "picamera2"),
    ("sensor.kind", '"replay:/photos/a b.dng"', "replay:/photos/a b.dng"),
    ("sensor.scene", '"scene.jpg"', "scene.jpg"),
    ("drive.arm", '"always"', "always"),
    ("drive.pre_capture_frames", "2", 2),
    ("exposure.mode", '"M"', "M"),
    ("exposure.iso", "1600", 1600),
    ("exposure.shutter_us", "670_740_000", 670_740_000),
    ("exposure.ev", "-5", -5.0),
    ("exposure.ev", "0.3", 0.3),
    ("lens.key", '"summicron-35"', "summicron-35"),
    ("lens_reader.present", "17", 17),
    ("focus_light.pin", "9", 9),
    ("focus_light.pin", '"none"', "none"),
    ("screen.kind", '"fb:/dev/fb1"', "fb:/dev/fb1"),
    ("screen.size", '"240x240"', "240x240"),
    ("screen.rotation", "270", 270),
    ("web.address", '"[::1]:80"', "[::1]:80"),
    ("web.address", '"camera.local:65535"', "camera.local:65535"),
    ("buttons.enabled", "true", True),
    ("buttons.enabled", "false", False),
    ("buttons.encoder_press", "0", 0),
    ("buttons.encoder_press", '"none"', "none"),
    ("exposure.slowest_shutter_factor", "2", 2.0),
    ("exposure.slowest_shutter_factor", "0.5", 0.5),
    ("buttons.enabled", '"auto"', "auto"),
]


@pytest.mark.parametrize(("name", "written", "read"), GOOD)
def test_a_file_changes_what_it_names_and_nothing_else(file: Path, name: str, written: str, read: object) -> None:
    file.write_text("[{}]\n{} = {}\n".format(*name.split("."), written))
    changed = load(file)
    assert value_of(changed, name) == read
    assert [n for n in KEYS if value_of(changed, n) != value_of(load(None), n)] in ([name], [])


def test_a_whole_number_serves_where_a_fraction_may_stand(file: Path) -> None:
    file.write_text("[exposure]\nev = 1\n")
    assert type(load(file).exposure.ev) is float


def test_the_manual_itself_is_a_good_file() -> None:
    assert load(MANUAL) == load(None)


# ---- bad files ---------------------------------------------------------------------------------------------------

BAD = [
    ("exposure.iso", "50", "exposure.iso = 50 must be a whole number from 100 to 2226."),
    ("exposure.iso", "2227", "from 100 to 2226"),
    ("exposure.iso", "true", "exposure.iso = true must be a whole number"),
    ("exposure.iso", "400.0", "exposure.iso = 400.0 must be a whole number"),
    ("exposure.iso", '"400"', 'exposure.iso = "400" must be a whole number'),
    ("exposure.ev", "5.1", "exposure.ev = 5.1 must be a number from -5 to 5 stops."),
    ("exposure.ev", "nan", "exposure.ev = nan must be a number"),
    ("exposure.ev", "-inf", "exposure.ev = -inf must be a number"),
    ("exposure.ev", "false", "exposure.ev = false must be a number"),
    ("exposure.mode", '"P"', 'exposure.mode = "P" must be one of "A", "M".'),
    ("exposure.auto_iso", "1", "exposure.auto_iso = 1 must be one of true, false."),
    ("buttons.enabled", '"yes"', 'must be one of true, false, "auto".'),
    ("buttons.enabled", "1", 'must be one of true, false, "auto".'),
    ("buttons.s1", "28", "buttons.s1 = 28 must be a whole number from 0 to 27."),
    ("buttons.s1", "27", "buttons.s1 and buttons.s2 are on one pin"),
    ("buttons.encoder_b", "5", "buttons.up and buttons.encoder_b are on one pin"),
    ("buttons.encoder_press", "5", "buttons.up and buttons.encoder_press are on one pin"),
    ("buttons.encoder_press", '"25"', 'a whole number from 0 to 27, or "none" where nothing is wired'),
    ("lens_reader.present", "12", "lens_reader.present and lens_reader.code_32 are on one pin"),
    ("lens_reader.enabled", "true\npresent = 17", "buttons.s1 and lens_reader.present are on one pin"),
    ("focus_light.pin", "17", "buttons.s1 and focus_light.pin are on one pin"),
    ("focus_light.pin", "28", 'a whole number from 0 to 27, or "none" where nothing is wired'),
    ("focus_light.pin", "12\n[lens_reader]\nenabled = true", "focus_light.pin and lens_reader.code_32 are on one pin"),
    ("focus_light.pin", "9\n[buttons]\nencoder_press = 9", "buttons.encoder_press and focus_light.pin are on one pin"),
    ("drive.pre_capture_frames", "21", "from 0 to 20"),
    ("drive.bracket_frames", "4", "one of 3, 5, 7"),
    ("drive.mode", '"burst"', '"continuous-high"'),
    ("sensor.buffers", "3", "sensor.buffers = 3 must be a whole number from 4"),
    ("exposure.iso_max", "100\niso = 200", "exposure.iso_max must be at least as high as exposure.iso"),
    ("sensor.kind", '"replay:"', '"replay:PATH"'),
    ("sensor.kind", '"imx477"', '"auto", "simulated", "picamera2" or "replay:PATH"'),
    ("screen.kind", '"/dev/fb0"', '"memory" or "fb:/dev/..."'),
    ("screen.size", '"800 x 480"', '"COLUMNSxROWS"'),
    ("screen.size", '"800x0"', "each side from 128 to 4096"),
    ("screen.size", '"８00x480"', '"COLUMNSxROWS"'),
    ("screen.rotation", "45", "one of 0, 90, 180, 270"),
    ("screen.rotation", "false", "one of 0, 90, 180, 270"),
    ("web.address", '"8000"', '"HOST:PORT"'),
    ("web.address", '"localhost:0"', "the port from 1 to 65535"),
    ("web.address", '"localhost:65536"', "the port from 1 to 65535"),
    ("web.address", '"::1:8000"', '"HOST:PORT"'),
    ("lens.key", '"Summicron 35"', 'such as "summicron-35"'),
    ("lens.circle_of_confusion", '"small"', 'one of "pixel", "diagonal"'),
    ("card.folder", '""', "the path of a folder"),
    ("card.folder", r'"a\u0000b"', r'card.folder = "a\u0000b" must be the path of a folder'),
    ("sensor.scene", "[1, 2]", "sensor.scene = [1, 2] must be a text in quotes"),
    ("sensor.seed", "0x" + "f" * 5000, "a number of thousands of digits must be a whole number"),
    ("sensor.scene", '"""' + "x\n" * 500 + '"""', '..." must be a text in quotes'.replace('"', "", 1)),
]


@pytest.mark.parametrize(("name", "written", "sentence"), BAD)
def test_a_bad_value_is_said_with_what_is_allowed(file: Path, name: str, written: str, sentence: str) -> None:
    found = faults(file, "[{}]\n{} = {}\n".format(*name.split("."), written))
    assert len(found) == 1
    assert sentence in found[0]
    assert len(found[0]) < 250


UNKNOWN = [
    ("[exposure]\nisso = 100", "exposure.isso is not a setting, did you mean exposure.iso?"),
    ("[drive]\niso = 100", "drive.iso is not a setting, did you mean exposure.iso?"),
    ("[drive]\nflavour = 1", "drive.flavour is not a setting."),
    ("[exposre]\niso = 100", "[exposre] is not a section, did you mean [exposure]?"),
    ("[cloud]", "[cloud] is not a section."),
    ("peaking = true", "peaking stands above the first section, did you mean view.peaking?"),
    ("view = true", "view must be a section: write [view] on a line of its own and its settings below."),
    ("[[view]]\npeaking = true", "view must be a section: write [view] on a line of its own and its settings below."),
    ("[view.peaking]\ncolour = 'red'", "view.peaking = {'colour': 'red'} must be one of true, false."),
]


@pytest.mark.parametrize(("text", "sentence"), UNKNOWN)
def test_an_unknown_name_is_said_with_the_nearest_known_one(file: Path, text: str, sentence: str) -> None:
    assert faults(file, text) == [sentence]


MALFORMED = [
    (b"[view]\npeaking true\n", "Line 2, column 9: expected '=' after a key in a key/value pair."),
    (b"[view]\npeaking = \n", "Line 2, column 11: invalid value."),
    (b"[view]\nzebra = true\nzebra = true\n", "Line 3, column 13: cannot overwrite a value."),
    (b'[lens]\nkey = "', "End of document: unterminated string."),
    (b"\xff\xfe[\x00v\x00", "It is not a text in UTF-8: save it as one."),
    (b"a = " + b"9" * 5000, "It holds a value that is too long or nested too deep to be a setting."),
    (b"a = " + b"[" * 50_000, "It holds a value that is too long or nested too deep to be a setting."),
]


@pytest.mark.parametrize(("written", "sentence"), MALFORMED)
def test_a_file_that_is_not_toml_is_refused_with_the_place(file: Path, written: bytes, sentence: str) -> None:
    file.write_bytes(written)
    with pytest.raises(BadConfig, match=re.escape(str(file))) as caught:
        load(file)
    assert caught.value.faults == [sentence]


def test_every_fault_is_told_at_once(file: Path) -> None:
    found = faults(
        file,
        "[exposure]\niso = 5\nmode = 'X'\nisso = 1\n[drive]\npre_capture_frames = 29\n"
        "[buttons]\ns1 = 99\nup = 6\n[veiw]\n",
    )
    named = [
        "exposure.iso =",
        "exposure.mode",
        "exposure.isso",
        "buttons.s1 =",
        "[veiw]",
        "pre_capture",
        "buttons.up and",
    ]
    assert len(found) == len(named)
    assert all(any(name in fault for fault in found) for name in named)


def test_a_missing_file_or_a_folder_is_said(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "none.toml", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(BadConfig, match=f"It cannot be read .{why}"):
            load(path)


# ---- the command line, and where the file lies -------------------------------------------------------------------


def test_the_command_line_goes_over_the_file(file: Path) -> None:
    file.write_text("[exposure]\niso = 200\n")
    changed = with_changes(load(file), {"card.folder": "/media/card", "sensor.kind": "simulated"})
    assert (changed.card.folder, changed.sensor.kind, changed.exposure.iso) == ("/media/card", "simulated", 200)


def test_the_command_line_is_checked_like_the_file() -> None:
    with pytest.raises(BadConfig, match="The command line has to be mended") as caught:
        with_changes(load(None), {"web.address": "8000", "sensor.knid": "auto", "buttons.s1": 27, "card": "/media"})
    starts = ["web.address = ", "sensor.knid is not", "card. is not a setting", "buttons.s1 and buttons.s2"]
    assert len(caught.value.faults) == len(starts)
    assert all(any(fault.startswith(start) for fault in caught.value.faults) for start in starts)


def test_no_changes_change_nothing() -> None:
    assert with_changes(load(None), {}) == load(None)


def test_the_users_file_is_found_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    place = tmp_path / ".config" / "mcam" / "mcam.toml"
    assert find() != place
    place.parent.mkdir(parents=True)
    place.touch()
    assert find() == place


def test_a_cards_folder_that_no_message_could_tell_of_is_refused() -> None:
    """Such a path, of bytes that are no UTF-8, ended every client's connection that was told of it."""
    with pytest.raises(BadConfig, match="must be the path of a folder, in UTF-8"):
        with_changes(load(None), {"card.folder": os.fsdecode(b"/media/\xff")})
