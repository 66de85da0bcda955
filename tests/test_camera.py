"""The state machine: which frame a press gets, what it refuses, and what it says of itself."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from device import meter, photo_facts
from device.album import Album
from device.camera import Camera
from device.commands import Commands
from device.darkroom import Darkroom
from device.dial_rules import changed
from device.dials import Dials
from device.errors import BadValue, Busy, McamError, NotReady
from device.face_states import ViewState
from device.frame import Cfa, Colour, Exposure, Frame, SensorFacts
from device.lens import NO_LENS
from device.outcome import Failed, Saved, Told
from device.photograph import Orientation, Photograph
from device.protocol import FocusCall, Photo
from device.readiness import Readiness
from device.rest import Rest
from device.sensor import Granted, Setting
from device.shooting_states import DriveState
from device.states import ExposureState
from device.storage import Card
from tests.conftest import build_frame
from tests.filming import film
from tests.photographs import photograph

FACTS = SensorFacts("X", 64, 48, 1.55, 1.0, 22.26, 114, 670_000_000, Colour((), ()))
MS = 1_000_000
FULL = Granted(64, 48, 12, Cfa.BGGR, "SBGGR12", 100_000)
SMALL = Granted(32, 24, 12, Cfa.BGGR, "SBGGR12", 25_000)


AWAKE = Rest(can_sleep=False)


class Rig:
    """A camera with a darkroom whose worker is stepped by hand."""

    def __init__(self, folder: Path, size: int, facts: SensorFacts = FACTS, early: int = 20, **drive: object) -> None:
        self.taken: list[Photograph] = []
        self.told: list[Told] = []
        self.changes = 0
        card = Card(folder / "card")
        self.darkroom = Darkroom(
            card=card,
            album=Album(card.folder),
            size=size,
            finish=self.finish,
            is_whole=lambda _: True,
            photograph_bytes=1000,
            tell=self.tell,
            early=early,
        )
        self.darkroom.step()
        values: dict[str, object] = {"always": False, "hold_ns": 2000 * MS}
        exposure = {name: drive.pop(name) for name in ExposureState.__struct_fields__ if name in drive}
        settings = {name: drive.pop(name) for name in DriveState.__struct_fields__ if name in drive}
        self.camera = Camera(
            facts=facts,
            lens=NO_LENS,
            darkroom=self.darkroom,
            readiness=Readiness(**{**values, **drive}),  # type: ignore[arg-type]
            dials=Dials(ExposureState(**{"f_number": 2.8, **exposure}), ViewState(), drive=DriveState(**settings)),
            wall=lambda when_ns: (when_ns + 10**18, 3600),
            changed=self.changed,
            film=film(),
        )

    def finish(self, photograph: Photograph) -> Iterator[tuple[str, list[bytes]]]:
        self.taken.append(photograph)
        yield "DNG", [b"x" * 1000]

    def tell(self, told: Told) -> None:
        self.told.append(told)
        if isinstance(told, Saved):
            self.camera.developed(told.photograph, Photo(name=told.name, files=list(told.files)))
        elif isinstance(told, Failed):
            self.camera.developed(told.photograph, McamError(told.sentence))

    def changed(self) -> None:
        self.changes += 1

    def save_all(self) -> None:
        while self.darkroom.step():
            pass

    def armed(self) -> Camera:
        self.camera.arm(on=True, when_ns=0)
        self.camera.started(Setting.ARMED, FULL)
        return self.camera


@pytest.fixture
def rig(tmp_path: Path) -> Callable[..., Rig]:
    return lambda size=8, **drive: Rig(tmp_path, size, **drive)


def frame_at(start_ms: int, sequence: int = 1, exposure_ms: int = 10) -> Frame:
    """A frame whose exposure began then."""
    raw = np.full((48, 64), sequence, np.uint16)
    stamp = (start_ms + exposure_ms) * MS
    return build_frame(raw, sequence=sequence, sensor_timestamp_ns=stamp, exposure=Exposure(exposure_ms * 1000, 1.0))


def feed(camera: Camera, starts_ms: list[int]) -> None:
    for sequence, start_ms in enumerate(starts_ms):
        camera.choose(frame_at(start_ms, sequence))


def test_a_press_gets_the_first_frame_whose_exposure_began_at_or_after_it(rig: Callable[..., Rig]) -> None:
    r = rig()
    r.armed().press(250 * MS)
    feed(r.camera, [100, 200, 300, 400])
    r.save_all()
    assert [taken.press_offset_ns for taken in r.taken] == [50 * MS]
    assert r.taken[0].frame.sequence == 2


def test_a_photograph_tells_how_the_camera_is_held_when_it_is_taken(rig: Callable[..., Rig]) -> None:
    r = rig()
    r.armed()
    for start_ms, held in ((100, None), (200, Orientation.TURN_CLOCKWISE), (300, Orientation.UPRIGHT)):
        if held is not None:
            r.camera.orient(held)
        r.camera.press(start_ms * MS)
        feed(r.camera, [start_ms])
    r.save_all()
    assert [taken.orientation for taken in r.taken] == [1, 6, 1]
    assert [photo_facts.of_photograph(taken).orientation for taken in r.taken] == [1, 6, 1]


def test_a_frame_that_began_at_the_very_press_is_the_one(rig: Callable[..., Rig]) -> None:
    r = rig()
    r.armed().press(300 * MS)
    feed(r.camera, [300, 400])
    r.save_all()
    assert [taken.press_offset_ns for taken in r.taken] == [0]


def test_an_exposure_already_under_way_is_not_the_one(rig: Callable[..., Rig]) -> None:
    r = rig()
    r.armed().press(305 * MS)
    feed(r.camera, [300])
    assert r.camera.state == "exposing"


def test_each_press_gets_a_frame_of_its_own(rig: Callable[..., Rig]) -> None:
    r = rig()
    camera = r.armed()
    camera.press(100 * MS)
    camera.press(110 * MS)
    camera.press(120 * MS, count=2)
    feed(camera, [200, 300, 400, 500, 600])
    r.save_all()
    assert [taken.frame.sequence for taken in r.taken] == [0, 1, 2, 3]


def test_a_press_in_live_arms_and_waits_for_full_resolution(rig: Callable[..., Rig]) -> None:
    r = rig()
    r.camera.started(Setting.SMOOTH, SMALL)
    assert r.camera.wanted() is Setting.SMOOTH
    r.camera.press(100 * MS)
    assert r.camera.wanted() is Setting.ARMED
    r.camera.choose(frame_at(200))
    assert r.camera.state == "exposing"
    r.camera.started(Setting.ARMED, FULL)
    r.camera.choose(frame_at(900))
    r.save_all()
    assert [taken.press_offset_ns for taken in r.taken] == [800 * MS]


def test_the_frame_is_copied_before_the_sensor_has_it_back(rig: Callable[..., Rig]) -> None:
    r = rig()
    r.armed().press(0)
    frame = frame_at(100, sequence=7)
    r.camera.choose(frame)
    frame.raw[:] = 0
    r.save_all()
    assert (r.taken[0].frame.raw == 7).all()


def test_pre_capture_gives_the_frames_before_the_press_with_their_own_times(rig: Callable[..., Rig]) -> None:
    r = rig(pre_capture_frames=2)
    camera = r.armed()
    feed(camera, [0, 100, 200])
    camera.press(250 * MS)
    camera.choose(frame_at(300, 3))
    r.save_all()
    assert [taken.frame.sequence for taken in r.taken] == [1, 2, 3]
    assert [taken.press_offset_ns // MS for taken in r.taken] == [-150, -50, 50]
    assert [(taken.frame.raw == taken.frame.sequence).all() for taken in r.taken] == [True] * 3


def test_where_memory_is_short_the_earliest_frames_are_given_up_and_not_the_shot(rig: Callable[..., Rig]) -> None:
    r = rig(size=1, pre_capture_frames=5, early=1)
    camera = r.armed()
    feed(camera, [0, 100, 200])
    camera.press(250 * MS)
    camera.choose(frame_at(300, 3))
    r.save_all()
    assert [taken.frame.sequence for taken in r.taken] == [2, 3]


def test_frames_of_before_take_no_press_its_place_and_memory_holds_no_more_than_was_reckoned(
    rig: Callable[..., Rig],
) -> None:
    r = rig(size=2, pre_capture_frames=3, early=4)
    camera = r.armed()
    feed(camera, [0, 100, 200])
    camera.press(250 * MS)
    for sequence in (3, 4, 5, 6):
        camera.choose(frame_at(100 * sequence, sequence))
    assert len(camera._shutter._takes._before) == 1  # three wait for the card already
    camera.press(650 * MS)
    camera.choose(frame_at(700, 7))
    with pytest.raises(Busy):
        camera.press(750 * MS)
    r.save_all()
    assert [taken.frame.sequence for taken in r.taken] == [0, 1, 2, 3, 6, 7]


def test_a_full_queue_is_busy_and_loses_nothing_taken_before(rig: Callable[..., Rig]) -> None:
    r = rig(size=2)
    camera = r.armed()
    camera.press(0)
    camera.press(0)
    with pytest.raises(Busy):
        camera.press(0)
    feed(camera, [100, 200, 300])
    assert camera.state == "busy"
    r.save_all()
    assert len(r.taken) == 2
    assert camera.state == "armed"


def test_a_burst_takes_what_there_is_room_for(rig: Callable[..., Rig]) -> None:
    assert len(rig(size=3).armed().press(0, count=5)) == 3


def test_a_press_is_answered_when_its_picture_is_on_the_card(rig: Callable[..., Rig]) -> None:
    r = rig()
    (saved,) = r.armed().press(0)
    feed(r.camera, [100])
    assert not saved.done()
    r.save_all()
    assert saved.result(0).name == "100MCAM_/MCAM0001"


def test_nobody_calls_a_photograph_off_by_not_waiting_for_it(rig: Callable[..., Rig]) -> None:
    """As `asyncio.wrap_future` tries to when a server that waits for it is closed."""
    r = rig()
    saved, _, lost = r.armed().press(0, count=3)
    assert [each.cancel() for each in (saved, lost)] == [False, False]
    feed(r.camera, [10, 20])
    r.save_all()
    r.camera.abandon()
    assert saved.result(timeout=0).name == "100MCAM_/MCAM0001"
    assert [type(told) for told in r.told] == [Saved, Saved]
    assert isinstance(lost.exception(timeout=0), NotReady)


def test_the_photograph_knows_its_lens_aperture_and_time(rig: Callable[..., Rig]) -> None:
    r = rig()
    r.armed().press(0)
    feed(r.camera, [100])
    r.save_all()
    taken = r.taken[0]
    assert (taken.f_number, taken.lens.key, taken.wall_ns, taken.utc_offset_s) == (2.8, "none", 10**18 + 100 * MS, 3600)


def test_without_frames_there_is_nothing_to_press(rig: Callable[..., Rig]) -> None:
    r = rig()
    with pytest.raises(NotReady):
        r.camera.press(0)
    r.armed()
    r.camera.faulted("The camera stalled and is being restarted.")
    with pytest.raises(NotReady, match="stalled"):
        r.camera.press(0)
    assert r.darkroom.status().queued == 0


def test_a_press_whose_camera_dies_is_told_so_and_frees_its_place(rig: Callable[..., Rig]) -> None:
    r = rig(size=1)
    (saved,) = r.armed().press(0)
    r.camera.faulted("The camera sends no frames.")
    r.camera.abandon()
    with pytest.raises(NotReady, match="no frames"):
        saved.result(0)
    r.darkroom.reserve()


def test_the_sensor_stays_armed_for_a_while_after_the_half_press_ends(rig: Callable[..., Rig]) -> None:
    r = rig()
    r.armed()
    r.camera.arm(on=False, when_ns=1000 * MS)
    r.camera.choose(frame_at(2500))
    assert r.camera.wanted() is Setting.ARMED
    r.camera.choose(frame_at(3100))
    assert r.camera.wanted() is Setting.SMOOTH


def test_a_rig_with_one_button_is_always_armed(rig: Callable[..., Rig]) -> None:
    assert rig(always=True).camera.wanted() is Setting.ARMED


def test_the_states_in_order(rig: Callable[..., Rig]) -> None:
    r = rig(size=1)
    camera = r.camera
    seen = [camera.state]
    camera.started(Setting.SMOOTH, SMALL)
    seen.append(camera.state)
    camera.started(Setting.ARMED, FULL)
    seen.append(camera.state)
    camera.press(0)
    seen.append(camera.state)
    feed(camera, [100])
    seen.append(camera.state)
    r.save_all()
    seen.append(camera.state)
    camera.faulted("gone")
    seen.append(camera.state)
    assert seen == ["idle", "live", "armed", "exposing", "busy", "armed", "faulted"]


def test_the_dials_reach_the_next_exposure(rig: Callable[..., Rig]) -> None:
    r = rig()
    r.camera.dial(lambda settings: changed(settings, "exposure.mode", "M"))
    r.camera.dial(lambda settings: changed(settings, "exposure.shutter_us", 4_000))
    r.camera.dial(lambda settings: changed(settings, "exposure.auto_iso", value=False))
    r.camera.dial(lambda settings: changed(settings, "exposure.iso", 400))
    assert r.camera.first_exposure() == Exposure(4_000, 4.0)


def test_commands_and_camera_speak_of_the_same_handlers() -> None:
    """Every call of the protocol but Monitor, which is the server's own, and Button, which is the hand's."""
    from device.protocol import CALLS  # noqa: PLC0415 - only here

    rig_parts = dict.fromkeys(
        [
            "camera",
            "lenses",
            "hot_pixels",
            "darkroom",
            "album",
            "bench",
            "clock",
            "rate",
            "folder",
            "menu",
            "review",
            "tell",
        ]
    )
    commands = Commands(showing=Mock(), status=Mock(), marks=Mock(), rest=AWAKE, power_off=None, **rig_parts)  # type: ignore[arg-type]
    assert set(commands._handlers) == set(CALLS) - {"Monitor", "Button"}


def test_what_the_automatic_does_is_told_while_it_moves_and_not_when_it_rests(rig: Callable[..., Rig]) -> None:
    r = rig()
    r.armed()
    for sequence, told in ((1, 1), (2, 0), (3, 0)):
        frame, before = frame_at(100 * sequence, sequence), r.changes
        r.camera.expose(frame, meter.read(frame))
        assert r.changes - before == told, sequence


def test_a_turned_ring_is_told(rig: Callable[..., Rig]) -> None:
    r, turned = rig(), Mock()
    rest = dict.fromkeys(
        ["lenses", "hot_pixels", "darkroom", "album", "clock", "rate", "folder", "menu", "review", "tell"]
    )
    commands = Commands(
        camera=r.camera,
        bench=turned,
        showing=Mock(),
        status=Mock(),
        marks=Mock(),
        rest=AWAKE,
        power_off=None,  # type: ignore[arg-type]
        **rest,
    )  # type: ignore[arg-type]
    commands.answer("Focus", FocusCall(focus_m=0.7))
    turned.turn.assert_called_once_with(0.7, None, None)
    assert r.changes == 1


def test_a_clock_that_goes_back_is_said_once() -> None:
    heard = Mock()
    rest: dict[str, Any] = dict.fromkeys(
        ["lenses", "hot_pixels", "darkroom", "album", "clock", "rate", "folder", "menu", "review", "bench"]
    )
    rest |= {name: Mock() for name in ("camera", "showing", "status", "marks")}
    commands = Commands(tell=heard, rest=AWAKE, power_off=None, **rest)  # type: ignore[arg-type]
    walls_s = [1_700_000_000, 1_700_000_010, 1_699_992_800, 1_699_992_801, 1_699_992_800.5, 1_699_992_700]
    for wall_s in walls_s:
        taken = photograph(wall_ns=round(wall_s * 1e9))
        commands.report(Saved(taken, "100MCAM_/MCAM0001", ()))
    said = [call.args[0].text for call in heard.call_args_list if call.args[0].kind == "warning"]
    assert said == [
        f"The clock went back by {amount}: numbers go on, but this photograph is dated before the last."
        for amount in ("2.0 hours", "100 seconds")
    ]


@pytest.mark.parametrize("count", [0, -5, 1_000])
def test_a_number_of_photographs_that_makes_no_sense_is_refused(rig: Callable[..., Rig], count: int) -> None:
    with pytest.raises(BadValue, match="1 to 999"):
        rig().armed().press(0, count)
