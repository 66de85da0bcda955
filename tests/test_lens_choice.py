"""Which lens it is: chosen, remembered across restarts with its aperture, and told to clients."""

import json
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from device import drawer, lens_memory
from device.camera import Camera
from device.dials import Dials
from device.errors import BadValue
from device.face_states import ViewState
from device.flat_field import NO_GAINS
from device.flat_fields import FlatFields
from device.lens import NO_LENS, Lens
from device.lens_choice import LensChoice
from device.lens_memory import LensMemory
from device.readiness import Readiness
from device.states import ExposureState
from tests.filming import film
from tests.photographs import FACTS

SIMULATED = Lens("simulated", "Simulated 35 mm", "mcam", 35.0, 0.0)
TRI_ELMAR = "tri-elmar-28-35-50"


class Drawer:
    """A camera whose lens is chosen, and what the file would hold."""

    def __init__(
        self, memory: LensMemory, *, configured: str = "none", bare: Lens = NO_LENS, folder: Path = Path("nowhere")
    ) -> None:
        self.kept: list[bytes] = []
        self.camera = Camera(
            facts=FACTS,
            lens=bare,
            darkroom=Mock(),
            readiness=Readiness(always=False, hold_ns=0),
            film=film(),
            dials=Dials(ExposureState(), ViewState()),
            wall=Mock(),
            changed=self.changed,
        )
        self.choice = LensChoice(
            camera=self.camera,
            drawer=drawer.opened(),
            bare=bare,
            configured=configured,
            memory=memory,
            keep=self.kept.append,
            ring_is_seen=bare is not NO_LENS,
            settings={"lens.circle_of_confusion": "pixel", "lens.flat_field": True},
            flats=FlatFields(folder, FACTS.model),
        )
        self.choice.begin(self.choice.named(self.choice.remembered))

    def changed(self) -> None:
        self.choice.mind_aperture()

    def restarted(self, configured: str = "none") -> "Drawer":
        return Drawer(lens_memory.decoded(self.kept[-1] if self.kept else None), configured=configured)

    def aperture(self, f_number: float | None) -> None:
        def dialled(dials: Dials) -> Dials:
            return Dials(ExposureState(f_number=f_number), dials.view)

        self.camera.dial(dialled)

    @property
    def now(self) -> tuple[str, float, float | None]:
        lens = self.camera.lens
        return lens.key, lens.focal_length_mm, self.camera.dials.exposure.f_number


@pytest.fixture
def begun() -> Callable[..., Drawer]:
    return lambda **values: Drawer(LensMemory(), **values)


def test_each_lens_comes_back_with_its_last_aperture(begun: Callable[..., Drawer]) -> None:
    d = begun()
    assert d.now == ("none", 0, None)
    d.choice.set("lens.key", "summicron-35")
    assert d.now == ("summicron-35", 35, None)  # its ring cannot be seen
    d.aperture(5.6)
    d.choice.set("lens.key", "summilux-50")
    assert d.now == ("summilux-50", 50, None)
    d.aperture(1.4)
    d.choice.set("lens.key", "summicron-35")
    assert d.now == ("summicron-35", 35, 5.6)
    d.choice.set("lens.key", "none")
    assert d.now == ("none", 0, None)


def test_a_restart_changes_nothing(begun: Callable[..., Drawer]) -> None:
    d = begun()
    d.choice.set("lens.key", TRI_ELMAR)
    d.choice.set("lens.focal_length_mm", 35)
    d.aperture(8.0)
    assert d.restarted().now == (TRI_ELMAR, 35, 8.0)
    d.choice.set("lens.key", "summicron-35")
    d.choice.set("lens.key", TRI_ELMAR)
    assert d.now == (TRI_ELMAR, 35, 8.0)


def test_settings_that_name_another_lens_since_are_newer_than_the_memory(begun: Callable[..., Drawer]) -> None:
    d = begun()
    d.choice.set("lens.key", "summicron-35")
    assert d.restarted().now[0] == "summicron-35"
    assert d.restarted(configured="summilux-50").now[0] == "summilux-50"


def test_a_setting_that_mcam_toml_changed_since_is_newer_than_the_choice() -> None:
    memory = LensMemory().with_setting("lens.flat_field", configured=True, chosen=False)
    assert memory.setting("lens.flat_field", configured=True) is False
    assert memory.setting("lens.flat_field", configured=False) is False
    memory = memory.with_setting("lens.circle_of_confusion", "pixel", "diagonal")
    assert memory.setting("lens.circle_of_confusion", "pixel") == "diagonal"
    assert memory.setting("lens.circle_of_confusion", "diagonal") == "diagonal"
    assert lens_memory.decoded(lens_memory.encoded(memory)) == memory


def test_the_simulated_ring_is_seen_and_nothing_is_remembered_over_it() -> None:
    d = Drawer(LensMemory(f_numbers={"summicron-35": 2.0}), bare=SIMULATED)
    d.aperture(4.0)
    d.choice.set("lens.key", "summicron-35")
    assert d.now == ("summicron-35", 35, 4.0)
    d.choice.set("lens.key", "none")
    assert d.now == ("simulated", 35, 4.0)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("lens.key", "sumicron-35", "did you mean summicron-35"),
        ("lens.key", 35, "mcam lens list"),
        ("lens.focal_length_mm", 50, "35 mm, not 50"),
        ("lens.focal_length_mm", "50", "must be a number"),
        ("lens.focal_length_mm", True, "must be a number"),
        ("lens.circle_of_confusion", "small", '"pixel", "diagonal"'),
        ("lens.colour", 1, "lens.focal_length_mm"),
    ],
)
def test_what_is_wrong_is_refused_and_the_lens_stays(
    begun: Callable[..., Drawer], key: str, value: object, says: str
) -> None:
    d = begun(configured="summicron-35")
    with pytest.raises(BadValue, match=says):
        d.choice.set(key, value)  # type: ignore[arg-type]
    assert d.now == ("summicron-35", 35, None)


def test_a_code_chooses_its_lens_and_an_unknown_one_leaves_it(begun: Callable[..., Drawer]) -> None:
    d = begun()
    assert d.choice.use_coded(30) is None
    assert d.now[0] == "summicron-35"
    assert "No lens in the drawer has the code 63" in (d.choice.use_coded(63) or "")
    assert "has no code" in (d.choice.use_coded(0) or "")
    assert d.now[0] == "summicron-35"


def test_a_code_read_again_moves_nothing(begun: Callable[..., Drawer]) -> None:
    d = begun()
    d.choice.use_coded(42)
    d.choice.set("lens.focal_length_mm", 50)
    d.choice.use_coded(42)
    assert d.now[:2] == (TRI_ELMAR, 50)


def test_a_memory_that_cannot_be_read_is_none(begun: Callable[..., Drawer]) -> None:
    for data in (None, b"", b"\xff", b"[1]", b'{"key": 3}', b'{"f_numbers": {"x": "wide"}}'):
        assert lens_memory.decoded(data) == LensMemory()
    d = begun()
    d.choice.set("lens.key", "summicron-35")
    assert json.loads(d.kept[-1])["key"] == "summicron-35"


def test_an_aperture_that_did_not_change_is_not_written_again(begun: Callable[..., Drawer]) -> None:
    d = begun()
    d.aperture(4.0)
    written = len(d.kept)
    d.camera.refresh()
    d.aperture(4.0)
    assert len(d.kept) == written
    d.aperture(None)
    assert lens_memory.decoded(d.kept[-1]).f_numbers == {}


def test_clients_see_the_lens_and_how_deep_it_draws(begun: Callable[..., Drawer]) -> None:
    d = begun(configured=TRI_ELMAR)
    seen = d.choice.state(None)
    assert (seen.maker, seen.focal_lengths_mm, seen.max_aperture, seen.min_aperture) == ("Leica", (28, 35, 50), 4, None)
    assert (seen.circle_of_confusion_um, seen.hyperfocal_m, seen.near_m, seen.far_m) == (3.1, None, None, None)
    d.aperture(8.0)
    seen = d.choice.state(None)
    assert seen.hyperfocal_m == pytest.approx(28**2 / (8 * 0.0031) / 1000 + 0.028, abs=0.001)
    assert (seen.near_m, seen.far_m) == (None, None)
    seen = d.choice.state(2.0)
    assert seen.near_m is not None
    assert seen.far_m is not None
    assert seen.near_m < 2 < seen.far_m
    assert d.choice.state(float("inf")).far_m is None
    d.choice.set("lens.circle_of_confusion", "diagonal")
    wider = d.choice.state(2.0)
    assert (wider.circle_of_confusion, wider.circle_of_confusion_um) == ("diagonal", 5.24)
    assert wider.near_m is not None
    assert wider.near_m < seen.near_m


def test_a_flat_field_goes_with_lens_focal_length_and_aperture(begun: Callable[..., Drawer], tmp_path: Path) -> None:
    d = begun(configured=TRI_ELMAR, folder=tmp_path)
    d.aperture(4.0)
    d.choice.keep_flat_field(4.0, np.full((4, 3, 5), 1.5, np.float32))
    assert d.camera._unsaved.gains.max() == 1.5
    assert d.choice.state(None).flattened
    d.choice.set("lens.flat_field", value=False)
    assert (d.camera._unsaved.gains is NO_GAINS, d.choice.state(None).flattened) == (True, False)
    d.choice.set("lens.flat_field", value=True)
    d.aperture(5.6)  # a stop away
    assert d.camera._unsaved.gains.max() == 1.5
    d.aperture(8.0)
    assert d.camera._unsaved.gains is NO_GAINS
    d.aperture(4.0)
    d.choice.set("lens.focal_length_mm", 50)
    assert d.camera._unsaved.gains is NO_GAINS
    d.choice.set("lens.circle_of_confusion", "diagonal")
    assert d.restarted(TRI_ELMAR).choice.state(None).circle_of_confusion == "diagonal"
    again = begun(configured=TRI_ELMAR, folder=tmp_path)
    again.aperture(4.0)
    assert again.camera._unsaved.gains.max() == 1.5


def test_the_drawer_is_told_to_clients(begun: Callable[..., Drawer]) -> None:
    entries = {entry.key: entry for entry in begun().choice.entries()}
    assert entries[TRI_ELMAR].focal_lengths_mm == (28, 35, 50)
    assert (entries["summicron-35"].code, entries["nokton-50"].code) == (30, None)


def test_what_no_lens_and_no_setting_can_be_is_not_remembered(tmp_path: Path) -> None:
    data = (
        b'{"key": "summicron-35", "configured": "none", "f_numbers": {"summicron-35": -2.0, "summilux-50": 1.4},'
        b' "settings": {"lens.flat_field": [true, "perhaps"], "lens.circle_of_confusion": ["pixel", "diagonal"]}}'
    )
    FlatFields(tmp_path, FACTS.model).keep(drawer.opened().lens("summicron-35"), 2.0, np.full((4, 2, 2), 1.5, "f4"))
    d = Drawer(lens_memory.decoded(data), folder=tmp_path)
    assert d.now == ("summicron-35", 35, None)
    state = d.choice.state(None)
    assert (state.flat_field, state.circle_of_confusion) == (True, "diagonal")
    d.choice.set("lens.key", "summilux-50")
    assert d.now == ("summilux-50", 50, 1.4)
