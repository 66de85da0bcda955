from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from device.face_states import InfoLevel, ViewState
from device.frame import Preview
from device.preview import PreviewFrame
from device.shooting_states import FilmState
from device.states import CardStatus, ExposureState, SensorState, State, WhiteBalanceState
from tests.synthetic_view import STAR, SUN, synthetic_luma_view, synthetic_state, synthetic_view
from ui.layout import fitted_picture, layout_of
from ui.overlays import stripes
from ui.state import Seen, looked
from ui.theme import PEAKING
from ui.viewfinder import Viewfinder

SIZES = [
    (240, 240), (320, 240), (480, 800), (640, 480), (720, 720), (720, 1280), (800, 480), (1280, 720), (1920, 1080),
]  # fmt: skip
Check = Callable[[str, Image.Image], None]


@pytest.fixture(scope="module")
def view() -> PreviewFrame:
    return synthetic_view()


def seen(**changes: object) -> Seen:
    return Seen(camera=synthetic_state(**changes), focus_score=4.2, focus_peak=8.0)


def image(size: tuple[int, int], what: Seen, view: PreviewFrame | None) -> Image.Image:
    return Image.fromarray(Viewfinder(size).draw(what, view)[..., 2::-1].copy())


def name(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


@pytest.mark.parametrize("size", SIZES, ids=name)
def test_golden_of_everything_at_once(size: tuple[int, int], view: PreviewFrame, golden: Check) -> None:
    golden(f"viewfinder-{name(size)}", image(size, seen(), view))


@pytest.mark.parametrize("size", [(240, 240), (480, 800), (800, 480)], ids=name)
def test_golden_of_a_full_card(size: tuple[int, int], view: PreviewFrame, golden: Check) -> None:
    message = "The card is full: put in another, or delete photographs on the page. Nothing taken so far is lost."
    full = seen(
        card=CardStatus(folder="card", state="full"), message=message, view=ViewState(grid=True, highlight="ev")
    )
    golden(f"viewfinder-{name(size)}-full-card", image(size, full, view))


@pytest.mark.parametrize("size", [(240, 240), (480, 800), (800, 480)], ids=name)
def test_golden_of_a_clip_that_is_recorded_and_misses_frames(
    size: tuple[int, int], view: PreviewFrame, golden: Check
) -> None:
    film = FilmState(mode="cinema", recording=True, reel="CLIP0001", frames=24 * 83, lost=7, held_per_s=31.0)
    golden(f"viewfinder-{name(size)}-recording", image(size, seen(film=film), view))


@pytest.mark.parametrize("size", [(320, 240), (800, 480)], ids=name)
def test_golden_without_a_daemon(size: tuple[int, int], view: PreviewFrame, golden: Check) -> None:
    golden(f"viewfinder-{name(size)}-no-camera", image(size, Seen(), view))


@pytest.mark.parametrize("size", [(240, 240), (480, 800), (800, 480)], ids=name)
def test_golden_without_raw(size: tuple[int, int], golden: Check) -> None:
    """The tools read the picture's luma and say so; peaking is estimated from it."""
    sensor = SensorState(model="USB Camera", width=1014, height=760, crop_factor=0.0)
    exposed = ExposureState(shutter_us=0, iso=0, f_number=2.8)
    view = synthetic_luma_view()
    watched = looked(Seen(camera=synthetic_state(sensor=sensor, exposure=exposed)), view)
    golden(f"viewfinder-{name(size)}-no-raw", image(size, watched, view))


@pytest.mark.parametrize("size", [(240, 240), (480, 800), (800, 480)], ids=name)
def test_golden_of_m_by_hand_with_its_error(size: tuple[int, int], view: PreviewFrame, golden: Check) -> None:
    by_hand = {"mode": "M", "auto_iso": False, "shutter_us": 8000, "iso": 400, "f_number": 2.8, "off_ev": -1.33}
    exposure = ExposureState(**by_hand, metering="spot", anti_flicker="50 Hz")  # type: ignore[arg-type]
    shown = {"white_balance": WhiteBalanceState(mode="tungsten"), "view": ViewState(highlight="white_balance")}
    golden(f"viewfinder-{name(size)}-by-hand", image(size, seen(exposure=exposure, **shown), view))


@pytest.mark.parametrize("size", [(240, 240), (480, 800), (800, 480)], ids=name)
def test_golden_of_a_lock_and_of_light_that_is_too_bright(
    size: tuple[int, int], view: PreviewFrame, golden: Check
) -> None:
    limits = {"shutter_us": 500, "iso": 100, "f_number": 2.8, "anti_flicker": "50 Hz", "flickers": True}
    exposure = ExposureState(**limits, ev=1 / 3, locked=True, metering="highlight")  # type: ignore[arg-type]
    white = WhiteBalanceState(temperature_k=5200)
    golden(
        f"viewfinder-{name(size)}-locked",
        image(size, seen(camera="armed", exposure=exposure, white_balance=white), view),
    )


@pytest.mark.parametrize("info", ["clean", "basic"])
@pytest.mark.parametrize("size", [(640, 480), (800, 480)], ids=name)
def test_golden_with_less_information(size: tuple[int, int], info: str, view: PreviewFrame, golden: Check) -> None:
    writing = seen(camera="armed", card=CardStatus(folder="card", shots_left=409, queued=3), view=ViewState(info=info))  # type: ignore[arg-type]
    golden(f"viewfinder-{name(size)}-{info}", image(size, writing, view))


def painted(view: PreviewFrame, state: State, size: tuple[int, int] = (1014, 760)) -> NDArray[np.uint8]:
    """Of the size of the preview, so that a pixel of one is a pixel of the other."""
    return Viewfinder(size).draw(Seen(camera=state), view).copy()


def clean(**shown: object) -> State:
    return synthetic_state(view=ViewState(info="clean", **{"peaking": False, "zebra": False, **shown}))  # type: ignore[arg-type]


def test_peaking_marks_the_star_and_only_the_star(view: PreviewFrame) -> None:
    changed = (painted(view, clean(peaking=True)) != painted(view, clean())).any(-1)
    down, across = np.nonzero(changed)
    assert changed.sum() > 1000
    assert np.hypot(across - STAR[0], down - STAR[1]).max() < STAR[2] + 4


def test_a_higher_strength_paints_what_a_lower_one_does_and_more(view: PreviewFrame) -> None:
    focus = view.reading.focus * np.linspace(0.5, 1, view.reading.focus.shape[1], dtype=np.float32)
    graded = replace(view, reading=replace(view.reading, focus=focus * np.float32(5 / focus.max())))
    plain = painted(graded, clean())
    low, medium, high = (
        (painted(graded, clean(peaking=True, peaking_strength=strength)) != plain).any(-1)
        for strength in ("low", "medium", "high")
    )
    assert 0 < low.sum() < medium.sum() < high.sum()
    assert not (low & ~medium).any()
    assert not (medium & ~high).any()


def test_peaking_has_the_colour_that_was_asked_for(view: PreviewFrame) -> None:
    drawn = Viewfinder((1014, 760)).draw(Seen(camera=clean(peaking=True, peaking_colour="blue")), view)
    assert (drawn[..., 2::-1] == PEAKING["blue"]).all(-1).sum() > 1000


def test_zebra_lies_on_what_is_clipped_in_the_raw(view: PreviewFrame) -> None:
    changed = (painted(view, clean(zebra=True)) != painted(view, clean())).any(-1)
    clipped = view.reading.clipped != 0
    assert not (changed & ~clipped).any()
    assert changed[clipped].mean() > 0.4
    middle = painted(view, clean(zebra=True))[SUN[1] - 20 : SUN[1] + 20, SUN[0] - 20 : SUN[0] + 20, :3]
    assert {tuple(colour) for colour in middle.reshape(-1, 3).tolist()} == {(0, 0, 0), (255, 255, 255)}


def test_zebra_moves_from_frame_to_frame(view: PreviewFrame) -> None:
    first, second = (painted(replace(view, frame=n), clean(zebra=True)) for n in (1, 2))
    assert (first != second).any()


def test_stripes_tell_the_channels_apart_without_colour() -> None:
    shapes = {(pattern[..., 3] > 0).tobytes() for pattern in stripes(8)[[1, 2, 4, 3, 5, 6, 7]]}
    assert len(shapes) == 7


@pytest.mark.parametrize("size", SIZES, ids=name)
def test_each_tool_can_be_switched_off_and_nothing_else_moves(size: tuple[int, int]) -> None:
    both = layout_of(size, ViewState())
    for switch, items in (("histogram", {"histogram", "headroom", "shares"}), ("focus_meter", {"meter"})):
        without = layout_of(size, ViewState(**{switch: False}))
        assert both.places.keys() - without.places.keys() == items & both.places.keys()
        assert all(both.places[item] == place for item, place in without.places.items())


def test_a_panel_is_drawn_before_the_first_frame() -> None:
    assert Viewfinder((800, 480)).draw(seen(camera="idle"), None).any()


@pytest.mark.parametrize("shape", [(480, 640), (500, 752), (36, 30), (768, 1024), (1024, 768)])
@pytest.mark.parametrize("size", [(240, 240), (800, 480), (480, 800), (1920, 1080)], ids=name)
def test_a_picture_of_any_shape_is_fitted(shape: tuple[int, int], size: tuple[int, int]) -> None:
    half = (shape[0] // 2, shape[1] // 2)
    white = Preview(np.full(shape, 255, np.uint8), np.full(half, 128, np.uint8), np.full(half, 128, np.uint8))
    view = replace(synthetic_view(columns=64, rows=48), preview=white)
    state = synthetic_state(view=ViewState(info="clean", peaking=False, zebra=False))
    drawn = Viewfinder(size).draw(Seen(camera=state), view)
    rect = fitted_picture(layout_of(size, state.view).picture, shape)
    inside = drawn[rect.top : rect.bottom, rect.left : rect.right, :3]
    assert (inside == 255).all()
    assert (drawn[..., :3] == 255).all(-1).sum() == rect.columns * rect.rows
    assert abs(rect.columns / rect.rows - shape[1] / shape[0]) < 0.02


def test_what_the_dial_changes_is_underlined() -> None:
    one, other = (
        Viewfinder((800, 480)).draw(seen(view=ViewState(highlight=item)), None).copy() for item in ("iso", "ev")
    )
    assert (one != other).any()


def test_drawing_twice_gives_the_same_panel(view: PreviewFrame) -> None:
    viewfinder = Viewfinder((800, 480))
    first = viewfinder.draw(seen(), view).copy()
    viewfinder.draw(Seen(), view)
    assert np.array_equal(viewfinder.draw(seen(), view), first)


@pytest.mark.parametrize("info", ["clean", "basic", "full"])
def test_what_has_no_room_on_a_flat_panel_is_not_written_beyond_it(info: InfoLevel) -> None:
    viewfinder = Viewfinder((1024, 128))
    with_memory_behind = np.zeros((128 + 64, 1024, 4), np.uint8)
    viewfinder._out = with_memory_behind[:128]
    state = synthetic_state(view=ViewState(info=info), message="The card is full: put in another one.")
    viewfinder.draw(Seen(camera=state), synthetic_view())
    assert with_memory_behind[:128].any()
    assert not with_memory_behind[128:].any()
