"""`mcam hotpixels` against a camera that answers as the daemon does, with dark photographs that were made by hand."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from device import files, hot_pixel_wizard, hot_pixels, wizard_shots
from device.errors import BadValue
from device.frame import Exposure
from device.hot_pixel_wizard import PATIENCE
from device.protocol import GetStateReply, HotPixelsCall, Nothing, Photo, SetCall, ShootReply
from device.shooting_states import DriveState, FilmState
from device.states import CardStatus, ExposureState, SensorState, State
from device.strict import Struct
from tests.photographs import photograph
from tests.test_hot_pixel_search import dark

ROWS, COLUMNS = 64, 96
HOT = {(3, 4): 900, (60, 91): 2500}
BEFORE = ExposureState(mode="A", auto_iso=True, set_shutter_us=8000, set_iso=200)


class FakeCamera:
    """Obeys `late` photographs after it was told, and writes DNGs of the dark."""

    def __init__(self, card: Path, *, late: int = 3, light_dn: float = 0.0, state: State | None = None) -> None:
        self.state = state or State(
            exposure=BEFORE, card=CardStatus(folder=str(card)), sensor=SensorState(width=COLUMNS, bits=12)
        )
        self.late, self.light_dn, self.taken = late, light_dn, 0
        self.dials: dict[str, object] = {}
        self.told: list[HotPixelsCall] = []
        self.folder = card / "DCIM"
        self.folder.mkdir(parents=True)

    def call(self, method: str, parameters: Struct | None = None) -> Struct:
        if method == "GetState":
            return GetStateReply(state=self.state)
        if method == "Shoot":
            return ShootReply(photos=[self._photo()])
        if isinstance(parameters, SetCall):
            self.dials[parameters.key] = parameters.value
        if isinstance(parameters, HotPixelsCall):
            self.told.append(parameters)
        return Nothing()

    def _photo(self) -> Photo:
        self.taken += 1
        frame = dark(22.0, self.taken, light_dn=self.light_dn, rows=ROWS, columns=COLUMNS)
        for place, above in HOT.items():
            frame.raw[place] += above
        obeys = (
            self.taken > self.late and self.dials["drive.mode"] != "bulb"
        )  # whose live view is exposed automatically
        exposure_us = self.dials["exposure.shutter_us"] if obeys else 8000
        assert isinstance(exposure_us, int)
        exposed = replace(frame, exposure=Exposure(exposure_us, 22.0))
        name = f"MCAM{self.taken:04d}.DNG"
        (self.folder / name).write_bytes(b"".join(files.negative_of(photograph(exposed), "packed")))
        return Photo(name=name[:-4], files=[name], exposure_us=exposure_us, iso=2200)


def test_the_cameras_dark_frames_become_its_map_and_its_dials_stand_as_before(tmp_path: Path) -> None:
    camera = FakeCamera(tmp_path)
    found, photos = hot_pixel_wizard.measure(camera, wizard_shots.state_of(camera), 4, 0.5)  # type: ignore[arg-type]
    (told,) = camera.told
    there = hot_pixels.from_steps(told.rows, told.columns, told.steps)
    assert [tuple(place) for place in there.places.tolist()] == sorted(HOT)
    assert (told.rows, told.columns, found.hot.count, len(photos)) == (ROWS, COLUMNS, 2, 7)
    told_last = {"exposure.mode": "A", "exposure.auto_iso": True, "exposure.shutter_us": 8000, "exposure.iso": 200}
    assert camera.dials == told_last | {"drive.mode": "single"}


def test_a_camera_set_to_bulb_exposes_as_asked_and_is_set_to_bulb_again(tmp_path: Path) -> None:
    camera = FakeCamera(tmp_path)
    camera.state = msgspec.structs.replace(camera.state, drive=DriveState(mode="bulb"))
    camera.dials = {"drive.mode": "bulb"}
    _, photos = hot_pixel_wizard.measure(camera, camera.state, 2, 0.5)  # type: ignore[arg-type]
    assert (photos[-1].exposure_us, camera.dials["drive.mode"]) == (500_000, "bulb")


def test_light_ends_it_at_the_first_frame_and_the_dials_stand_as_before(tmp_path: Path) -> None:
    camera = FakeCamera(tmp_path, late=0, light_dn=500)
    with pytest.raises(BadValue, match=r"^It is not dark: up to 5\d\d DN above black"):
        hot_pixel_wizard.measure(camera, camera.state, 4, 0.5)  # type: ignore[arg-type]
    assert (camera.taken, camera.told, camera.dials["exposure.mode"]) == (1, [], "A")


def test_a_sensor_that_does_not_obey_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    camera = FakeCamera(tmp_path, late=1000)
    with pytest.raises(BadValue, match=r"^The sensor exposes 0.008 s where 0.5 s are asked for"):
        hot_pixel_wizard.measure(camera, camera.state, 2, 0.5)  # type: ignore[arg-type]
    assert camera.taken == 2 + PATIENCE


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State(sensor=SensorState(width=640, bits=0)), "gives no RAW"),
        (State(film=FilmState(mode="cinema")), "set film.mode to off"),
    ],
)
def test_a_camera_that_cannot_is_said(tmp_path: Path, state: State, sentence: str) -> None:
    with pytest.raises(BadValue, match=sentence):
        wizard_shots.state_of(FakeCamera(tmp_path, state=state))  # type: ignore[arg-type]


def test_to_forget_is_to_tell_of_none(tmp_path: Path) -> None:
    camera = FakeCamera(tmp_path)
    hot_pixel_wizard.forget(camera)  # type: ignore[arg-type]
    assert camera.told == [HotPixelsCall(rows=0, columns=0, steps=[])]
