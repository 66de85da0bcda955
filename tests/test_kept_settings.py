"""Settings that outlive a run: which, and where. What a power cut does to the file, test_state_file.py holds."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from device import kept_file
from device.dial_rules import RULES, changed, value_of
from device.dials import Dials, Value
from device.errors import BadValue, NotKept
from device.face_states import ViewState
from device.kept_file import ASIDE, FILE, Kept, encoded
from device.kept_settings import KeptSettings
from device.kept_values import NOT_IN_A_PRESET, NOT_KEPT, applied, differences, preset, restarted
from device.menu_assembly import keeping
from device.news import News
from device.state_file import state_folder
from device.states import ExposureState
from tests.test_camera import Rig

START = Dials(ExposureState(f_number=2.8), ViewState())
OLD = Kept(settings={"exposure.ev": 1.0}, presets={"C1": {"view.grid": True}})


class Camera:
    """Dials, and what keeps them."""

    def __init__(self, kept: Kept | None = None) -> None:
        self.dials = START
        self.kept: list[Kept] = []
        self.keeper = KeptSettings(
            kept=kept or Kept(),
            start=START,
            dials=lambda: self.dials,
            dial=self.dial,
            keep=lambda data: self.kept.append(msgspec.json.decode(data, type=Kept)),
        )

    def dial(self, step: Callable[[Dials], Dials]) -> None:
        dials = step(self.dials)
        if dials.film.mode == "slow-motion":
            raise BadValue("This camera has no slow-motion.")
        self.dials = dials
        self.keeper.mind()

    def set(self, key: str, value: Value) -> None:
        self.dial(lambda dials: changed(dials, key, value))


# ---- which ----------------------------------------------------------------------------------------------------------


def test_only_what_differs_from_mcam_toml_is_kept() -> None:
    """So that a setting nobody touched follows mcam.toml when that is changed."""
    dials = changed(changed(START, "exposure.ev", 1.0), "view.grid", value=True)
    assert differences(dials, START) == {"exposure.ev": 1.0, "view.grid": True}
    assert differences(changed(dials, "exposure.ev", 0.0), START) == {"view.grid": True}


def test_what_belongs_to_the_moment_is_not_kept() -> None:
    dials = changed(changed(START, "view.magnifier", value=True), "view.highlight", "iso")
    assert differences(dials, START) == {}
    assert set(preset(dials)) == set(RULES) - NOT_KEPT - NOT_IN_A_PRESET


def test_what_is_kept_is_what_comes_back() -> None:
    dials = START
    for key, value in {"exposure.iso": 400, "exposure.shutter_us": 4000, "view.aspect": "1:1"}.items():
        dials = changed(dials, key, value)
    kept = json.loads(json.dumps(differences(dials, START)))
    assert applied(START, kept) == dials


def test_an_aperture_that_nobody_knows_is_zero_as_in_mcam_toml() -> None:
    assert value_of(changed(START, "exposure.f_number", 0.0), "exposure.f_number") == 0.0


def test_what_this_version_does_not_know_is_left_out_and_the_rest_is_used() -> None:
    kept: dict[str, Value] = {"exposure.ev": 99.0, "view.hologram": True, "view.grid": True}
    assert differences(applied(START, kept), START) == {"view.grid": True}


def test_a_reset_leaves_what_the_newest_frame_was_exposed_with_and_the_aperture_as_it_leaves_the_lens() -> None:
    now = Dials(ExposureState(f_number=8.0, ev=2.0, shutter_us=77, iso=1234), ViewState(grid=True, magnifier=True))
    assert restarted(now, START) == Dials(ExposureState(f_number=8.0, shutter_us=77, iso=1234), ViewState())


# ---- when -----------------------------------------------------------------------------------------------------------


def test_each_change_is_kept_and_what_is_no_change_is_not() -> None:
    camera = Camera()
    camera.keeper.mind()
    assert camera.kept == []
    camera.set("exposure.ev", 1.0)
    camera.set("view.highlight", "iso")
    camera.set("exposure.ev", 0.0)
    assert camera.kept == [Kept(settings={"exposure.ev": 1.0}), Kept()]


# ---- presets --------------------------------------------------------------------------------------------------


def test_a_preset_outlives_a_run() -> None:
    camera = Camera()
    camera.set("exposure.ev", 1.0)
    camera.keeper.keep_preset("C1")
    camera.set("exposure.ev", 0.0)
    camera.set("view.language", "de")
    again = Camera(camera.kept[-1])
    assert again.keeper.has_preset("C1")
    assert not again.keeper.has_preset("C2")
    again.keeper.use_preset("C1")
    assert again.dials == changed(START, "exposure.ev", 1.0)
    again.keeper.use_preset("C2")
    assert again.dials == changed(START, "exposure.ev", 1.0)


def test_what_another_camera_could_film_keeps_this_one_from_nothing_else() -> None:
    camera = Camera(Kept({"film.mode": "slow-motion", "exposure.ev": 1.0}, {"C1": {"film.mode": "slow-motion"}}))
    camera.keeper.begin()
    camera.keeper.use_preset("C1")
    assert camera.dials == changed(START, "exposure.ev", 1.0)
    camera.keeper.mind()
    assert camera.kept[-1].settings == {"exposure.ev": 1.0}


def test_a_factory_reset_forgets_settings_and_presets() -> None:
    camera = Camera(OLD)
    camera.dials = applied(START, OLD.settings)
    camera.keeper.reset()
    assert camera.dials == START
    assert not camera.keeper.has_preset("C1")
    assert camera.kept[-1] == Kept()


# ---- the file -------------------------------------------------------------------------------------------------------


def test_where_there_is_no_file_nothing_is_kept_and_nothing_said(tmp_path: Path) -> None:
    assert kept_file.load(tmp_path / "nowhere" / FILE) == (Kept(), "")
    assert not kept_file.remove(tmp_path / FILE)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"\xff\xfe", b"[]", b'{"settings": {"exposure.ev": [1]}}', b'{"other": 1}', b"\0" * 4096,
        b"[" * 100_000,
    ],
    ids=["empty", "half", "no text", "a list", "a value no setting has", "unknown", "zeros", "nested"],
)  # fmt: skip
def test_a_damaged_file_is_told_and_moved_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    kept, said = kept_file.load(tmp_path / FILE)
    assert kept == Kept()
    assert said == f"The kept settings were damaged: they are in {tmp_path / ASIDE} now, and mcam.toml's are used."
    assert {place.name: place.read_bytes() for place in tmp_path.iterdir()} == {ASIDE: content}


def test_a_file_that_cannot_be_read_is_told_and_left(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    kept, said = kept_file.load(tmp_path / FILE)
    assert kept == Kept()
    assert "cannot be read (Is a directory)" in said
    with pytest.raises(NotKept, match=r"cannot be removed .*\.$"):
        kept_file.remove(tmp_path / FILE)


def test_it_can_be_removed(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(encoded(OLD))
    assert kept_file.remove(tmp_path / FILE)
    assert list(tmp_path.iterdir()) == []


# ---- a whole camera --------------------------------------------------------------------------------------------


@contextmanager
def kept_camera(folder: Path) -> Iterator[Rig]:
    """A rig whose settings are kept, until it is switched off."""
    news = News()
    rig = Rig(folder, 8)
    rig.changed = news.changed  # type: ignore[method-assign]
    rig.camera._changed = news.changed
    with keeping(rig.camera, news, keeps=True) as rig.settings:  # type: ignore[attr-defined]
        yield rig


def test_a_camera_begins_where_it_was_left_and_mcam_toml_rules_what_was_not_touched(tmp_path: Path) -> None:
    with kept_camera(tmp_path) as rig:
        rig.camera.dial(lambda dials: changed(dials, "exposure.ev", 1.0))
        rig.camera.dial(lambda dials: changed(dials, "view.magnifier", value=True))
    with kept_camera(tmp_path) as rig:
        assert rig.camera.dials.exposure.ev == 1.0
        assert not rig.camera.dials.view.magnifier
        assert "view.grid" not in (state_folder(os.environ) / FILE).read_text()


def test_a_damaged_file_stops_no_camera(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = state_folder(os.environ)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text("half a fi")
    with kept_camera(tmp_path) as rig:
        assert rig.camera.dials.exposure.ev == 0.0
    assert "were damaged" in capsys.readouterr().err


def test_a_camera_that_keeps_nothing_neither_reads_nor_writes(tmp_path: Path) -> None:
    with kept_camera(tmp_path) as rig:
        rig.camera.dial(lambda dials: changed(dials, "exposure.ev", 1.0))
    with keeping(Rig(tmp_path, 8).camera, News(), keeps=False) as settings:
        settings.keep_preset("C1")
    with kept_camera(tmp_path) as rig:
        assert rig.camera.dials.exposure.ev == 1.0
        assert not rig.settings.has_preset("C1")  # type: ignore[attr-defined]
