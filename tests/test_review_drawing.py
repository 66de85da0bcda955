"""The review on the panel: every page as a golden image, and what it must never do."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from device.face_states import PhotoFacts, ReviewState
from device.preview import PreviewWriter, Sizes
from tests.conftest import build_frame
from tests.review_panels import FACTS, ONE, PANELS, SIZES, panel, view_of
from tests.synthetic_view import synthetic_state, synthetic_view
from ui import review_words
from ui.live import Live
from ui.screen import Pixels
from ui.state import Seen
from ui.viewfinder import Viewfinder

ALL_SIZES = [*SIZES, (128, 128), (320, 240), (720, 720), (1920, 1080)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", PANELS)
def test_golden_of_every_page(name: str, size: tuple[int, int], golden: Callable[[str, Image.Image], None]) -> None:
    golden(f"review-{name}-{size[0]}x{size[1]}", panel(size, name))


@pytest.mark.parametrize("size", ALL_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_page_can_be_drawn_on_any_panel(size: tuple[int, int]) -> None:
    for name in PANELS:
        assert np.asarray(panel(size, name)).any()


def test_words_of_any_length_stay_on_the_panel() -> None:
    long = "Wide-Angle-Heliar " * 8
    facts = msgspec.structs.replace(FACTS, lens=long, camera=long)
    for size in ALL_SIZES:
        for page in ("picture", "histogram", "exif"):
            review = msgspec.structs.replace(ONE, page=page, facts=facts, message=long * 3, position=99999, count=99999)
            assert Viewfinder(size).draw(Seen(camera=synthetic_state(review=review)), view_of(review)).any()


def pixels_of(review: ReviewState, shown: int) -> Pixels:
    seen = Seen(camera=synthetic_state(review=review))
    return Viewfinder((240, 240)).draw(seen, replace(synthetic_view(), review=shown)).copy()


def test_the_picture_of_another_photograph_is_never_shown_under_a_name() -> None:
    middle = np.s_[60:180]
    assert pixels_of(ONE, 1)[middle].any()
    assert not pixels_of(ONE, 2)[middle, :, :3].any()
    assert not pixels_of(ONE, 0)[middle, :, :3].any()


def test_no_tool_paints_before_the_raw_is_read() -> None:
    ready, reading = (pixels_of(msgspec.structs.replace(ONE, raw=raw), 1) for raw in ("ready", "reading"))
    tools = synthetic_state(view=msgspec.structs.replace(synthetic_state().view, peaking=False, zebra=False))
    plain = Viewfinder((240, 240)).draw(
        Seen(camera=msgspec.structs.replace(tools, review=ONE)), replace(synthetic_view(), review=1)
    )
    assert (ready != reading).any()
    np.testing.assert_array_equal(reading, plain)


@pytest.mark.parametrize(
    ("facts", "lines"),
    [(PhotoFacts(), []), (PhotoFacts(exposure_us=2_000_000, iso=800), [("2s  ISO 800",)]),
     (PhotoFacts(focal_length_mm=50.0), [("50 mm",)]),
     (PhotoFacts(taken_at="2026:03:01 14:15:16"), [("2026-03-01  14:15:16", "2026-03-01 14:15", "2026-03-01")])],
)  # fmt: skip
def test_only_what_is_known_is_written(facts: PhotoFacts, lines: list[tuple[str, ...]]) -> None:
    assert review_words.exif(facts, is_narrow=False) == lines


# ---- the viewfinder's turns ------------------------------------------------------------------------------------------


class Shown:
    """A screen that keeps how often it was drawn."""

    size = (240, 240)

    def __init__(self) -> None:
        self.count = 0

    def show(self, pixels: Pixels) -> None:
        self.count, self.last = self.count + 1, pixels.copy()

    def close(self) -> None:
        pass


def test_ring_and_socket_are_waited_for_until_they_are_of_one_mind(tmp_path: Path) -> None:
    screen, view = Shown(), synthetic_view()
    live = Live(tmp_path / "ring", Viewfinder((240, 240)), [screen])
    frame = build_frame(np.zeros((1520, 2028), np.uint16), preview=view.preview)
    with PreviewWriter(tmp_path / "ring", Sizes.for_sensor(1520, 2028, (768, 1024))) as ring:
        live.tell(synthetic_state())
        ring.publish(frame, view.reading)
        assert live.turn(10**9)
        ring.publish(frame, view.reading, review=1)
        assert not live.turn(10**9 + 1)
        live.tell(synthetic_state(review=ONE))
        assert live.turn(10**9 + 2)
        live.tell(synthetic_state())  # closed, and no frame of the live view yet
        assert not live.turn(10**9 + 3)
        assert live.turn(10**9 + 200_000_000)
        assert not screen.last[60:180, :, :3].any()  # the photograph is not shown as what is before the lens
    assert screen.count == 3


@pytest.mark.parametrize("clipped", [True, False])
def test_the_stripes_on_a_photograph_move_as_those_of_the_live_view_do(tmp_path: Path, clipped: bool) -> None:
    screen, view = Shown(), synthetic_view()
    live = Live(tmp_path / "ring", Viewfinder((240, 240)), [screen])
    frame = build_frame(np.zeros((1520, 2028), np.uint16), preview=view.preview)
    reading = view.reading if clipped else replace(view.reading, clipped=np.zeros((1, 1), np.uint8))
    with PreviewWriter(tmp_path / "ring", Sizes.for_sensor(1520, 2028, (768, 1024))) as ring:
        live.tell(synthetic_state(review=ONE))
        ring.publish(frame, reading, review=1)
        assert live.turn(10**9)
        first = screen.last
        assert not live.turn(10**9 + 50_000_000)
        assert live.turn(10**9 + 130_000_000) == clipped
    assert (screen.last != first).any() == clipped


def test_a_photograph_is_no_news_of_what_is_before_the_lens(tmp_path: Path) -> None:
    view = synthetic_view()
    said: list[str] = []
    live = Live(tmp_path / "ring", Viewfinder((240, 240)), [Shown()], say=lambda method, _: said.append(method))
    frame = build_frame(np.zeros((1520, 2028), np.uint16), preview=view.preview)
    with PreviewWriter(tmp_path / "ring", Sizes.for_sensor(1520, 2028, (768, 1024))) as ring:
        live.tell(synthetic_state(review=ONE))
        for k in range(30):
            ring.publish(frame, view.reading, review=1)
            live.turn(10**9 + k * 10**8)
    assert live._seen.focus_score == 0.0
    assert "Shown" not in said
