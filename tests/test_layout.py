"""Nothing overlaps, nothing is cut off: at every size, every INFO level, and with the longest words there are."""

import itertools
from typing import get_args

import pytest

from device.face_states import InfoLevel, ViewState
from device.states import CardStatus, ExposureState, LensState, SensorState, State, WhiteBalanceState
from tests.synthetic_view import reading, synthetic_state
from tests.test_viewfinder import SIZES, name
from ui.labels import absent, highlighted, labels
from ui.layout import FULL, Layout, fitted_picture, layout_of
from ui.rect import Rect
from ui.state import Seen
from ui.text import SMALLEST, height, width
from ui.theme import measures

ODD_SIZES = [(128, 128), (160, 128), (128, 160), (400, 1280), (1024, 600), (1366, 768), (480, 320), (2560, 1440)]
LONG = synthetic_state(
    camera="live",
    message="The card at /media/photographer/LEICA-M-BACKUP is read-only: slide its lock back, put it in again, "
    "and press the shutter; photographs that wait are kept until then, and nothing taken so far is lost.",
    sensor=SensorState(bits=16, crop_factor=5.53),
    exposure=ExposureState(
        mode="M",
        auto_iso=True,
        ev=-4.67,
        shutter_us=125,
        iso=25600,
        f_number=16.8,
        locked=True,
        metering="highlight",
        anti_flicker="50 Hz",
    ),
    white_balance=WhiteBalanceState(mode="fluorescent"),
    lens=LensState(
        name="Voigtlander Heliar-Hyper-Wide 10 mm f/5.6 Aspherical VM Limited Edition", focal_length_mm=135.5
    ),
    card=CardStatus(folder="card", state="read-only", shots_left=123456, queued=12, queue_size=12),
)
STATES = {
    "usual": synthetic_state(),
    "long": LONG,
    "writing": synthetic_state(card=CardStatus(folder="card", shots_left=8888, queued=12)),
    "bare": State(card=CardStatus(folder="card")),
    "off": synthetic_state(
        exposure=ExposureState(
            mode="M", auto_iso=False, off_ev=-3.67, ev=-4.67, metering="centre", anti_flicker="60 Hz"
        ),
        white_balance=WhiteBalanceState(mode="grey", temperature_k=10_000),
        view=ViewState(highlight="white_balance"),
    ),
    "slow": synthetic_state(exposure=ExposureState(auto_iso=False, iso=2226, shutter_us=600_000_000)),
}
EVERY = list(itertools.product(SIZES + ODD_SIZES, get_args(InfoLevel)))


def laid_out(size: tuple[int, int], info: InfoLevel) -> Layout:
    return layout_of(size, ViewState(info=info))


@pytest.mark.parametrize(("size", "info"), EVERY)
def test_no_two_items_share_a_pixel(size: tuple[int, int], info: InfoLevel) -> None:
    places = laid_out(size, info).places
    for (one, a), (other, b) in itertools.combinations(places.items(), 2):
        assert not a.rect.overlaps(b.rect), (one, other, a.rect, b.rect)


@pytest.mark.parametrize(("size", "info"), EVERY)
def test_everything_lies_on_the_panel(size: tuple[int, int], info: InfoLevel) -> None:
    layout = laid_out(size, info)
    for item, place in layout.places.items():
        assert layout.panel.contains(place.rect), (item, place.rect)
        assert min(place.rect.columns, place.rect.rows) > 0, (item, place.rect)
    assert layout.panel.contains(layout.picture)
    assert all(layout.panel.contains(shade) for shade in layout.shades)


@pytest.mark.parametrize("state", STATES.values(), ids=STATES.keys())
@pytest.mark.parametrize(("size", "info"), EVERY)
def test_every_word_fits_into_its_place(size: tuple[int, int], info: InfoLevel, state: State) -> None:
    layout = laid_out(size, info)
    written = labels(layout, Seen(camera=state, note="MCAM9999"), reading())
    for label in written:
        assert layout.places[label.item].rect.contains(label.rect), label
        assert (label.rect.columns, label.rect.rows) == (width(label.text, label.size), height(label.size))
        assert label.size >= min(SMALLEST, layout.places[label.item].size)
    for one, other in itertools.combinations(written, 2):
        assert not one.rect.overlaps(other.rect), (one, other)


@pytest.mark.parametrize("state", STATES.values(), ids=STATES.keys())
@pytest.mark.parametrize("size", SIZES, ids=name)
def test_what_a_photographer_sets_is_never_cut_or_dropped(size: tuple[int, int], state: State) -> None:
    for info in ("basic", "full"):
        layout = laid_out(size, info)  # type: ignore[arg-type]
        written = {label.item: label for label in labels(layout, Seen(camera=state), None)}
        for item in ("mode", "shutter", "aperture", "iso", "ev", "shots"):
            assert "…" not in written[item].text
            assert written[item].size >= 13
        assert highlighted(list(written.values()), "iso") == written["iso"]


@pytest.mark.parametrize("size", SIZES, ids=name)
def test_usual_words_are_as_large_as_they_were_meant(size: tuple[int, int]) -> None:
    layout = laid_out(size, "full")
    for label in labels(layout, Seen(camera=synthetic_state()), reading()):
        assert label.size == layout.places[label.item].size, label


@pytest.mark.parametrize("size", SIZES, ids=name)
def test_tools_have_room_at_every_size(size: tuple[int, int]) -> None:
    layout = laid_out(size, "full")
    assert {"histogram", "headroom", "meter", "bits"} <= layout.places.keys() <= FULL | {"message"}
    assert layout.places["histogram"].rect.columns >= 64
    assert layout.places["histogram"].rect.rows >= 30
    assert layout.places["meter"].rect.columns >= 60


@pytest.mark.parametrize("size", SIZES + ODD_SIZES, ids=name)
def test_the_screen_without_a_camera_fits(size: tuple[int, int]) -> None:
    m, panel = measures(size), Rect(0, 0, *size)
    written = absent(panel, m.value, m.medium)
    assert written[0].text == "No camera"
    assert "mcam run" in " ".join(label.text for label in written)
    for one, other in itertools.combinations(written, 2):
        assert not one.rect.overlaps(other.rect)
    assert all(panel.contains(label.rect) for label in written)


@pytest.mark.parametrize("size", SIZES, ids=name)
def test_clean_leaves_only_the_picture_and_what_is_wrong(size: tuple[int, int]) -> None:
    layout = laid_out(size, "clean")
    assert layout.places.keys() == {"message"}
    assert layout.shades == ()
    assert abs(layout.picture.left - (size[0] - layout.picture.right)) <= 1
    assert abs(layout.picture.top - (size[1] - layout.picture.bottom)) <= 1


@pytest.mark.parametrize("size", SIZES, ids=name)
def test_the_picture_takes_at_least_half_of_the_panel_or_its_whole_width(size: tuple[int, int]) -> None:
    picture = laid_out(size, "full").picture
    assert picture.columns == size[0] or picture.rows == size[1]


@pytest.mark.parametrize(
    ("region", "picture", "shown"),
    [
        ((641, 481), (480, 640), (480, 640)),
        ((640, 480), (478, 640), (478, 640)),
        ((660, 480), (480, 640), (480, 640)),
        ((640, 480), (120, 160), (480, 640)),
        ((639, 480), (480, 640), (479, 639)),
    ],
)
def test_a_picture_made_for_its_place_is_not_scaled(
    region: tuple[int, int], picture: tuple[int, int], shown: tuple[int, int]
) -> None:
    rect = fitted_picture(Rect(0, 0, *region), picture)
    assert (rect.rows, rect.columns) == shown
