"""Filming: what is asked of the sensor, what comes before the start, and what ends a clip."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import msgspec
import pytest

from device import assembly
from device.camera import Camera
from device.clock import SteppedClock
from device.config import load, with_changes
from device.dial_rules import changed
from device.dials import Dials
from device.errors import BadValue, NotReady
from device.film import Film, frame_duration_us, kept, limits
from device.frame import Exposure, Frame
from device.photograph import Photograph
from device.recording import Recording
from device.sensor import TO_PHOTOGRAPH, Setting
from device.shooting_states import FilmState
from tests.filming import WITH_FILM, film, recording
from tests.photographs import FACTS
from tests.small_sensor import next_frame, small_sensor
from tests.test_camera import FULL, Rig
from tests.test_recording import RATE, frame

CINEMA = FilmState(mode="cinema", frames_per_s=24, pre_roll_s=0.5)
LONG_S = 20.0


class Set:
    """A film whose recordings can be looked at: they are not started, so that frames stay in them."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.begun: list[Recording] = []

        def begin(clip: object) -> Recording:
            self.begun.append(recording(folder, clip))  # type: ignore[arg-type]
            return self.begun[-1]

        self.film: Film = film(WITH_FILM, begin, **options)  # type: ignore[arg-type]

    def see(self, numbers: range, wanted: FilmState = CINEMA) -> None:
        for number in numbers:
            self.film.see(wanted, frame(number))


def test_a_clip_begins_with_the_frames_from_before_the_press(tmp_path: Path) -> None:
    scene = Set(tmp_path)
    scene.see(range(30))
    scene.film.released(trouble="")
    scene.see(range(30, 40))
    scene.film.released(trouble="")
    (clip,) = scene.begun
    assert clip.clip.first.frame.sequence == 30 - 12  # half a second of 24
    assert clip.status().waiting == 12 + 10
    assert clip.status().lost == 0


def test_without_pre_roll_it_begins_with_the_frame_after_the_press(tmp_path: Path) -> None:
    scene, wanted = Set(tmp_path), msgspec.structs.replace(CINEMA, pre_roll_s=0.0)
    scene.see(range(5), wanted)
    scene.film.released(trouble="")
    scene.see(range(5, 7), wanted)
    assert scene.begun[0].clip.first.frame.sequence == 5
    assert scene.begun[0].status().waiting == 2


def test_no_more_is_held_from_before_than_memory_has_room_for(tmp_path: Path) -> None:
    scene = Set(tmp_path, room=3)
    scene.see(range(30))
    scene.film.released(trouble="")
    scene.see(range(30, 31))
    assert scene.begun[0].clip.first.frame.sequence == 27


def test_a_clip_that_ended_by_itself_is_over_and_the_next_press_begins_another(tmp_path: Path) -> None:
    scene = Set(tmp_path)
    scene.film.released(trouble="")
    scene.see(range(1))
    scene.begun[0].start()
    assert scene.begun[0].close(LONG_S)  # as a card's fault does
    scene.film.end()
    assert not scene.film.is_recording
    scene.film.released(trouble="")
    scene.see(range(1, 2))
    assert len(scene.begun) == 2


def test_what_the_card_holds_is_measured_when_filming_begins_and_when_its_rate_changes(tmp_path: Path) -> None:
    asked: list[Photograph] = []
    scene = Set(tmp_path)
    scene.film = Film(
        settings=WITH_FILM,
        begin=lambda _: scene.begun[0],
        room=9,
        measure=lambda photograph, told: (asked.append(photograph), told(18.04))[1],
    )
    scene.see(range(10))
    assert len(asked) == 1
    scene.see(range(10, 20), msgspec.structs.replace(CINEMA, frames_per_s=30))
    assert len(asked) == 2
    assert scene.film.state(CINEMA).held_per_s == 18.0
    assert scene.film.warning(CINEMA).startswith("The card holds about 18 frames a second:")
    assert scene.film.warning(FilmState()) == ""


def test_a_figure_of_another_rate_that_comes_late_is_not_taken_for_this_ones(tmp_path: Path) -> None:
    told: list[Callable[[float], None]] = []
    scene = Set(tmp_path)
    scene.film = Film(
        settings=WITH_FILM, begin=lambda _: scene.begun[0], room=9, measure=lambda _, tell: told.append(tell)
    )
    scene.see(range(1))
    scene.see(range(1, 2), msgspec.structs.replace(CINEMA, mode="slow-motion"))
    told[1](100.0)
    told[0](18.0)
    assert scene.film.held_per_s == 100.0


@pytest.mark.parametrize(("mode", "us"), [("off", 0), ("cinema", 41_667), ("slow-motion", 8333)])
def test_the_sensor_is_asked_for_the_rate(mode: str, us: int) -> None:
    assert frame_duration_us(msgspec.structs.replace(CINEMA, mode=mode)) == us


def test_no_exposure_is_longer_than_a_frame() -> None:
    assert limits(FACTS, CINEMA).exposure_max_us == round(0.98 * 41_667)
    assert limits(FACTS, FilmState()) == FACTS


def test_a_sensor_that_has_no_such_setting_refuses_it() -> None:
    with pytest.raises(BadValue, match=r"^This camera has no cinema, "):
        film(TO_PHOTOGRAPH).check(CINEMA)
    film(TO_PHOTOGRAPH).check(FilmState())


def test_what_mcam_toml_wants_of_a_sensor_that_cannot_is_refused_at_the_start() -> None:
    config = with_changes(load(None), {"film.mode": "cinema"})
    bench, rest = Mock(position=Mock(return_value=None)), [Mock(), Mock(), Mock()]
    with pytest.raises(BadValue, match=r"^This camera has no cinema, "):
        assembly._camera(config, Mock(facts=FACTS), bench, *rest, film(TO_PHOTOGRAPH))


def test_a_frame_that_is_kept_is_no_longer_the_sensors() -> None:
    sensor = small_sensor(SteppedClock())
    sensor.start(Setting.CINEMA, Exposure(10_000, 1.0), 41_667)
    lent = next_frame(sensor)
    mine = kept(lent)
    before = lent.raw.copy()
    lent.raw[:] = 0
    assert (mine.raw == before).all()


@pytest.fixture
def camera(tmp_path: Path) -> tuple[Rig, Set]:
    rig, scene = Rig(tmp_path, 4), Set(tmp_path / "card")
    rig.camera.film = scene.film
    rig.camera.started(Setting.SMOOTH, FULL)
    return rig, scene


def switched(key: str, value: object) -> Callable[[Dials], Dials]:
    return lambda dials: changed(dials, key, value)  # type: ignore[arg-type]


def shown(camera: Camera, numbers: range) -> None:
    for number in numbers:
        seen: Frame = replace(frame(number).frame, exposure=Exposure(10_000, 1.0))
        camera.choose(seen)


def test_while_it_films_the_sensor_keeps_its_setting_and_a_press_takes_no_photograph(camera: tuple[Rig, Set]) -> None:
    rig, scene = camera
    rig.camera.dial(switched("film.mode", "cinema"))
    assert rig.camera.wanted() is Setting.CINEMA
    assert rig.camera.frame_duration_us == round(1e6 / RATE)
    rig.camera.started(Setting.CINEMA, FULL)
    rig.camera.release(down=True, when_ns=0)
    rig.camera.release(down=False, when_ns=1)
    shown(rig.camera, range(5))
    assert rig.camera.film.state(rig.camera.dials.film).recording
    rig.camera.release(down=True, when_ns=2)
    assert scene.begun[0].status().waiting == 5
    rig.save_all()
    assert rig.taken == []


def test_a_frame_of_the_setting_before_is_no_frame_of_film(camera: tuple[Rig, Set]) -> None:
    rig, scene = camera
    rig.camera.started(Setting.ARMED, FULL)
    rig.camera.dial(switched("film.mode", "cinema"))
    rig.camera.release(down=True, when_ns=0)
    shown(rig.camera, range(2))  # in hand when the mode was switched: larger than a frame of film
    rig.camera.started(Setting.CINEMA, FULL)
    shown(rig.camera, range(2, 5))
    (clip,) = scene.begun
    assert clip.clip.first.frame.sequence == 2
    assert clip.status().waiting == 3


@pytest.mark.parametrize("button", ["s1", "s2"])
def test_a_button_let_go_while_it_films_is_not_held_any_more_when_photographs_are_taken(
    camera: tuple[Rig, Set], button: str
) -> None:
    rig, _ = camera
    move = rig.camera.arm if button == "s1" else rig.camera.release
    move(True, 0)
    rig.camera.dial(switched("film.mode", "cinema"))
    move(False, 1)
    rig.camera.dial(switched("film.mode", "off"))
    rig.camera.dial(switched("drive.mode", "best-of-rack"))
    other = rig.camera.release if button == "s1" else rig.camera.arm
    other(True, 2)
    assert rig.camera.shooting[0].kind == "rack"
    other(False, 3)
    assert rig.camera.shooting[0].kind == ""


def test_a_rate_that_is_chosen_while_filming_is_off_ends_no_series_of_photographs(camera: tuple[Rig, Set]) -> None:
    rig, _ = camera
    rig.camera.dial(switched("drive.mode", "timer-10"))
    rig.camera.release(down=True, when_ns=0)
    rig.camera.dial(switched("film.frames_per_s", 30))
    assert rig.camera.shooting[0].kind == "timer"
    rig.camera.dial(switched("film.mode", "cinema"))
    assert rig.camera.shooting[0].kind == ""


def test_switching_filming_off_ends_the_clip(camera: tuple[Rig, Set]) -> None:
    rig, _ = camera
    rig.camera.dial(switched("film.mode", "slow-motion"))
    rig.camera.started(Setting.SLOW_MOTION, FULL)
    rig.camera.release(down=True, when_ns=0)
    shown(rig.camera, range(5))
    rig.camera.dial(switched("film.mode", "off"))
    assert not rig.camera.film.is_recording
    assert rig.camera.wanted() is Setting.ARMED  # as after any press, for a while


def test_a_press_ends_the_clip_also_while_the_sensor_is_in_a_fault(camera: tuple[Rig, Set]) -> None:
    rig, _ = camera
    rig.camera.dial(switched("film.mode", "cinema"))
    rig.camera.started(Setting.CINEMA, FULL)
    rig.camera.release(down=True, when_ns=0)
    shown(rig.camera, range(3))
    assert rig.camera.film.is_recording
    rig.camera.faulted("The camera stalled and is being restarted.")
    rig.camera.release(down=False, when_ns=1)
    rig.camera.release(down=True, when_ns=2)
    assert not rig.camera.film.is_recording
    with pytest.raises(NotReady, match="stalled"):
        rig.camera.release(down=True, when_ns=3)


def test_a_missing_card_is_said_at_the_press(camera: tuple[Rig, Set], tmp_path: Path) -> None:
    rig, _ = camera
    rig.camera.dial(switched("film.mode", "cinema"))
    (tmp_path / "card").rename(tmp_path / "pulled")
    rig.darkroom.step()
    with pytest.raises(NotReady, match=r"^No card at "):
        rig.camera.release(down=True, when_ns=0)
