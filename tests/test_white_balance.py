"""What is taken for grey, driven through the frame stream on the simulated sensor; LibRaw reads the stored DNG."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rawpy

from device import files
from device.clock import SteppedClock
from device.dial_rules import changed
from device.dials import Value, pressed
from device.errors import BadGrey, NotReady
from device.folder import Bytes
from device.frame import Frame
from device.photograph import Photograph
from tests.running_stream import Running
from tests.small_sensor import SMALL, flat_scene, small_sensor
from tests.test_camera import Rig

# Camera RGB of grey by the IMX477's matrices, green = 1: that for A times A's white (1.09847, 1, 0.35582), and that for
# D65 times D65's (0.95045, 1, 1.08892) and D75's (0.94972, 1, 1.22639).
A_GREY, D65_GREY, D75_GREY = (0.4853, 1.0, 0.3668), (0.3083, 1.0, 0.6834), (0.2922, 1.0, 0.7372)


class Grey(Running):
    """Before a grey wall under D65, one darker square in its middle when that is asked for."""

    def __init__(self, folder: Path, light: float = 0.5, **options: Any) -> None:
        clock = SteppedClock()
        self.sensor = small_sensor(clock, scene=flat_scene(light), buffers=7)
        super().__init__(folder, self.sensor, clock, facts=SMALL.facts, **options)

    def set(self, key: str, value: Value) -> None:
        self.camera.dial(lambda dials: changed(dials, key, value))

    @property
    def newest(self) -> Frame:
        frame = self.frames[-1]
        assert isinstance(frame, Frame)
        return frame

    def photograph(self) -> Photograph:
        self.camera.press(self.clock.now_ns())
        self.turn_until(lambda: self.rig.darkroom.status().queued)
        self.rig.save_all()
        return self.rig.taken[-1]


@pytest.fixture
def running(tmp_path: Path) -> Callable[..., Grey]:
    return lambda **options: Grey(tmp_path, **options)


@pytest.mark.parametrize(
    ("mode", "expected", "kelvin"),
    [("cloudy", D65_GREY, 6500), ("shade", D75_GREY, 7500), ("tungsten", A_GREY, 2900)],
)
def test_a_named_light_is_the_previews_the_states_and_the_dngs(
    running: Callable[..., Grey], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str, expected: Any, kelvin: int
) -> None:
    monkeypatch.setattr(Rig, "finish", encoded)
    now = running(always=True)
    now.set("white_balance.mode", mode)
    now.see(4)
    assert now.newest.neutral == pytest.approx(expected, abs=6e-4)
    assert now.camera.dials.white_balance.temperature_k == kelvin
    now.photograph()
    with rawpy.imread(str(next((tmp_path / "card").rglob("*.DNG")))) as file:
        assert 1 / np.array(file.camera_whitebalance[:3]) == pytest.approx(expected, abs=6e-4)
        daylight = np.array(file.daylight_whitebalance[:3])  # LibRaw's own, of the matrix for D65
    if mode == "cloudy":
        assert daylight[1] / daylight == pytest.approx(now.rig.taken[0].frame.neutral, abs=1e-3)


def encoded(rig: Rig, photograph: Photograph) -> Iterator[tuple[str, list[Bytes]]]:
    rig.taken.append(photograph)
    yield from files.encode(photograph, None)


def test_a_photograph_has_the_balance_of_the_dial_even_where_the_preview_lags(running: Callable[..., Grey]) -> None:
    now = running(always=True)
    now.see(4)
    now.set("white_balance.mode", "tungsten")
    assert now.photograph().frame.neutral == pytest.approx(A_GREY, abs=6e-4)


def test_a_temperature_between_lamps_and_daylight_lies_between_their_greys(running: Callable[..., Grey]) -> None:
    now = running()
    now.set("white_balance.mode", "kelvin")
    reds = []
    for kelvin in (2000, 2856, 4000, 4500, 5000, 6504, 10_000):
        now.set("white_balance.kelvin", kelvin)
        now.see(2)
        reds.append(now.newest.neutral[0])
        assert now.camera.dials.white_balance.temperature_k == pytest.approx(kelvin, rel=0.03)
    assert reds == sorted(reds, reverse=True)
    assert reds[1] == pytest.approx(A_GREY[0], abs=1e-3)


def test_the_automatic_finds_the_grey_walls_light_and_rests(running: Callable[..., Grey]) -> None:
    now = running()
    now.see(30)
    assert now.newest.neutral == pytest.approx(D65_GREY, rel=0.03)
    before = now.rig.changes
    now.see(10)
    assert now.rig.changes == before
    u, v = now.newest.preview.u, now.newest.preview.v
    assert abs(float(u.mean()) - 128) < 4
    assert abs(float(v.mean()) - 128) < 4


@pytest.mark.parametrize("magnified", [False, True])
def test_a_grey_point_makes_grey_of_what_it_saw(running: Callable[..., Grey], magnified: bool) -> None:
    now = running()
    now.set("white_balance.mode", "tungsten")
    if magnified:
        now.camera.dial(lambda dials: pressed(dials, "ok"))
    now.see(12)
    assert abs(float(now.newest.preview.v.mean()) - 128) > 8
    now.camera.pick_grey()
    assert now.camera.dials.white_balance.mode == "grey"
    now.see(3)
    assert now.newest.neutral == pytest.approx(D65_GREY, rel=0.02)
    assert abs(float(now.newest.preview.v.mean()) - 128) < 2
    assert now.photograph().frame.neutral == pytest.approx(D65_GREY, rel=0.02)


def test_without_a_grey_point_grey_is_automatic(running: Callable[..., Grey]) -> None:
    now = running()
    now.set("white_balance.mode", "grey")
    now.see(20)
    assert now.newest.neutral == pytest.approx(D65_GREY, rel=0.03)


def test_a_grey_point_is_refused_before_there_is_a_frame_or_where_it_is_clipped(running: Callable[..., Grey]) -> None:
    now = running(mode="M", auto_iso=False, set_shutter_us=200_000)
    with pytest.raises(NotReady, match="wait for the live view"):
        now.camera.pick_grey()
    now.see(8)
    with pytest.raises(BadGrey, match="clipped"):
        now.camera.pick_grey()
    assert now.camera.dials.white_balance.mode == "auto"
