"""The panel while a press has set something going: the words, and golden panels of them."""

from collections.abc import Callable

import pytest
from PIL import Image

from device.shooting_states import DriveState, FilmState, ShootingState
from device.states import CardStatus, ExposureState, State
from tests.synthetic_view import synthetic_state
from ui import drive_wording, wording
from ui.drive_wording import clock
from ui.state import Seen
from ui.viewfinder import Viewfinder

SIZES = [(240, 240), (480, 800), (800, 480)]
UNDER_WAY = {
    "timer": ShootingState(kind="timer", remaining_s=7),
    "interval": ShootingState(kind="interval", taken=3, total=20, remaining_s=125, missed=2),
    "bracket": ShootingState(kind="bracket", taken=2, total=3),
    "held-up": ShootingState(kind="burst", taken=12, held_up=True),
    "long": ShootingState(kind="long", elapsed_s=12, remaining_s=18),
    "rack": ShootingState(kind="rack", taken=3, total=3),
}
BULB = {
    "bulb": (DriveState(mode="bulb"), ShootingState(kind="bulb", elapsed_s=83, taken=84)),
    "bulb-lost": (DriveState(mode="bulb", bulb="press"), ShootingState(kind="bulb", elapsed_s=4210, missed=3)),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", UNDER_WAY)
def test_golden_of_what_goes_on(size: tuple[int, int], name: str, golden: Callable[..., None]) -> None:
    state = synthetic_state(camera="exposing", shooting=UNDER_WAY[name])
    golden(f"drive-{size[0]}x{size[1]}-{name}", drawn(size, state))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_golden_of_a_drive_mode_that_waits_for_its_press(size: tuple[int, int], golden: Callable[..., None]) -> None:
    state = synthetic_state(drive=DriveState(mode="bracketing", bracket_frames=5, bracket_ev="2/3"))
    golden(f"drive-{size[0]}x{size[1]}-mode", drawn(size, state))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", BULB)
def test_golden_of_a_bulb_exposure(size: tuple[int, int], name: str, golden: Callable[..., None]) -> None:
    drive, shooting = BULB[name]
    golden(
        f"drive-{size[0]}x{size[1]}-{name}",
        drawn(size, synthetic_state(camera="exposing", drive=drive, shooting=shooting)),
    )


def drawn(size: tuple[int, int], state: State) -> Image.Image:
    return Image.fromarray(Viewfinder(size).draw(Seen(camera=state), None)[..., 2::-1].copy())


@pytest.mark.parametrize(
    ("shooting", "said"),
    [
        (ShootingState(kind="burst", taken=4), "Burst 4"),
        (ShootingState(kind="burst", taken=6, held_up=True), "Busy, 6 taken"),
        (ShootingState(kind="timer", remaining_s=10), "Self timer 10 s"),
        (ShootingState(kind="interval", taken=3, remaining_s=4), "3 taken, next 4 s"),
        (ShootingState(kind="interval", taken=3, total=9, remaining_s=4), "3 of 9, next 4 s"),
        (ShootingState(kind="interval", taken=3, total=9, remaining_s=4, missed=1), "3 of 9, 1 missed, next 4 s"),
        (ShootingState(kind="bracket", taken=3, total=7), "Bracket 3 of 7"),
        (ShootingState(kind="long", elapsed_s=61, remaining_s=539), "Exposing 1:01 of 10:00"),
        (ShootingState(kind="rack", taken=2, total=3), "Best of rack, 2 kept"),
        (ShootingState(kind="bulb", elapsed_s=12, taken=12), "Bulb 12 s"),
        (ShootingState(kind="bulb", elapsed_s=61, taken=59, missed=2), "Bulb 1:01, 2 lost"),
        (ShootingState(kind="trap"), "Trap set"),
        (ShootingState(kind="trap", taken=2), "Trap set, 2 taken"),
    ],
)
def test_what_goes_on_is_said_with_its_counts(shooting: ShootingState, said: str) -> None:
    assert wording.doing(State(camera="exposing", shooting=shooting), "MCAM0001")[0] == said


def test_a_cards_trouble_is_said_before_what_goes_on() -> None:
    state = State(card=CardStatus(folder="card", state="full"), shooting=UNDER_WAY["interval"])
    assert wording.doing(state, "")[0] == "Card full"


@pytest.mark.parametrize(
    ("drive", "said"),
    [
        (DriveState(mode="continuous-high"), "Continuous high"),
        (DriveState(mode="timer-2"), "Self timer 2 s"),
        (DriveState(mode="interval", interval_s=2.5), "Interval 2.5 s"),
        (DriveState(mode="bracketing"), "Bracket 3 x 1 EV"),
        (DriveState(mode="bulb"), "Bulb"),
        (DriveState(mode="bulb", bulb="press"), "Bulb by press"),
    ],
)
def test_a_mode_that_takes_more_than_a_frame_is_said_before_the_press(drive: DriveState, said: str) -> None:
    exposure = ExposureState(off_ev=0.0)
    for camera in ("live", "armed"):
        assert wording.doing(State(camera=camera, drive=drive, exposure=exposure), "")[0] == said  # type: ignore[arg-type]
    assert wording.doing(State(camera="live", drive=drive, exposure=exposure), "MCAM0001") == ("MCAM0001",)


def test_the_light_blinks_with_the_countdowns_seconds() -> None:
    lit = [drive_wording.is_lit(ShootingState(kind="timer", remaining_s=left)) for left in (3, 2, 1, 0)]
    assert lit == [True, False, True, False]


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (59, "59 s"), (60, "1:00"), (754, "12:34"), (86_399, "23:59:59")]
)
def test_seconds_are_said_as_a_clock_counts_them(seconds: int, said: str) -> None:
    assert clock(seconds) == said


@pytest.mark.parametrize(
    ("drive", "film", "said"),
    [
        (DriveState(mode="bulb"), FilmState(), "B"),
        (DriveState(mode="bulb", bulb="press"), FilmState(), "T"),
        (DriveState(mode="bulb"), FilmState(mode="cinema"), "1/100"),
        (DriveState(), FilmState(), "1/100"),
    ],
)
def test_the_shutter_speed_of_a_bulb_exposure_is_the_letter_of_a_dial(
    drive: DriveState, film: FilmState, said: str
) -> None:
    state = State(drive=drive, film=film, exposure=ExposureState(shutter_us=10_000))
    assert drive_wording.shutter(state) == (said,)
