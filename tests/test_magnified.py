"""The magnifier on the panel: photosite by photosite, at its place, and measured where it was."""

from dataclasses import replace

import numpy as np
import pytest

from device.face_states import ViewState
from device.frame import Preview, Source
from device.preview import PreviewFrame
from device.window import Magnified, Window
from tests.synthetic_view import synthetic_state, synthetic_view
from ui.layout import layout_of
from ui.magnified import beside, glass, little_map, outline
from ui.rect import Rect
from ui.state import Seen, told
from ui.theme import PEAKING
from ui.viewfinder import Viewfinder

WINDOW = Window(400, 800, 480, 640)


def numbered(window: Window) -> Magnified:
    """Each pixel's luma tells its photosite's place, modulo 251."""
    down, across = np.indices((window.rows, window.columns))
    y = ((down + window.top) * 7 + (across + window.left)) % 251
    grey = np.full((window.rows // 2, window.columns // 2), 128, np.uint8)
    return Magnified(window, Preview(y.astype(np.uint8), grey, grey), np.zeros_like(grey))


@pytest.fixture(scope="module")
def view() -> PreviewFrame:
    return replace(synthetic_view(), magnified=numbered(WINDOW))


def drawn(view: PreviewFrame, size: tuple[int, int] = (800, 480), **shown: object) -> np.ndarray:
    state = ViewState(**{"info": "clean", "peaking": False, "zebra": False, "magnifier": True, **shown})  # type: ignore[arg-type]
    return Viewfinder(size).draw(Seen(camera=synthetic_state(view=state)), view)


@pytest.mark.parametrize("size", [(800, 480), (240, 240), (480, 800)])
@pytest.mark.parametrize("times", [1, 2])
def test_a_photosite_is_a_square_of_whole_pixels(view: PreviewFrame, size: tuple[int, int], times: int) -> None:
    state = synthetic_state(view=ViewState(info="clean"))
    region = layout_of(size, state.view).picture
    assert view.magnified is not None
    look = glass(view, view.magnified, region, times)
    assert (look.rect.columns, look.rect.rows) == (look.window.columns * times, look.window.rows * times)
    assert region.contains(look.rect)
    panel = drawn(view, size, magnification=times)
    for row, column in ((look.window.rows // 2, 9), (look.window.rows - 3, look.window.columns - 3)):
        at = panel[look.rect.top + row * times, look.rect.left + column * times, :3]
        luma = ((look.window.top + row) * 7 + look.window.left + column) % 251
        assert (np.abs(at.astype(int) - luma) <= (0 if times == 1 else 251)).all()


def test_what_is_seen_is_the_middle_of_the_window(view: PreviewFrame) -> None:
    assert view.magnified is not None
    look = glass(view, view.magnified, Rect(0, 0, 240, 180), 1)
    assert look.window == Window(400 + 152, 800 + 200, 176, 240)
    assert look.view.raw_size == (176, 240)
    cells = view.reading.focus[69:91, 125:155]
    np.testing.assert_array_equal(look.view.reading.focus, cells)
    assert look.view.reading.stops.shape == cells.shape
    assert look.view.reading.clipped.shape == (88, 120)


def test_the_outline_lies_where_the_window_is_in_the_whole() -> None:
    assert outline(Window(0, 0, 760, 1014), (1520, 2028), Rect(10, 20, 640, 480)) == Rect(10, 20, 320, 240)
    assert outline(Window(760, 1014, 760, 1014), (1520, 2028), Rect(0, 0, 640, 480)) == Rect(320, 240, 320, 240)


def test_split_shows_the_whole_and_a_strip_side_by_side(view: PreviewFrame) -> None:
    picture = Rect(80, 0, 640, 480)
    whole, strip = beside(picture)
    assert whole.right == strip.left
    assert picture.contains(whole)
    assert picture.contains(strip)
    panel = drawn(view, split=True)
    assert view.magnified is not None
    look = glass(view, view.magnified, strip, 1)
    luma = ((look.window.top + 240) * 7 + look.window.left + 100) % 251
    assert (panel[look.rect.top + 240, look.rect.left + 100, :3] == luma).all()
    assert panel[240, whole.left + 20, :3].any()


def test_without_a_window_in_the_ring_the_whole_picture_stays(view: PreviewFrame) -> None:
    bare = replace(view, magnified=None)
    assert np.array_equal(drawn(bare), drawn(bare, magnifier=False))


def test_a_camera_without_raw_says_that_there_is_nothing_to_magnify(view: PreviewFrame) -> None:
    bare = replace(view, magnified=None, reading=replace(view.reading, source=Source.LUMA))
    changed = (drawn(bare) != drawn(bare, magnifier=False)).any(axis=-1)
    assert changed.any()
    assert not changed[40:].any()


def test_the_little_map_has_the_pictures_proportions() -> None:
    found = little_map(Rect(0, 0, 640, 480), (1520, 2028), 4)
    assert found.columns / found.rows == pytest.approx(2028 / 1520, abs=0.02)
    assert Rect(0, 0, 640, 480).contains(found)


def test_the_held_peak_is_let_go_when_the_magnifier_looks_elsewhere() -> None:
    seen = Seen(camera=synthetic_state(), focus_score=5.0, focus_peak=9.0)
    same = told(seen, synthetic_state(camera="armed"))
    moved = told(seen, synthetic_state(view=ViewState(magnifier=True)))
    assert (same.focus_peak, moved.focus_peak) == (9.0, 0.0)


def test_marks_are_seen_where_the_whole_is_shrunk_to_exactly_its_place() -> None:
    """A seventh of 1014 columns is the 144 that split leaves to the whole on a small panel."""
    view = replace(synthetic_view(), magnified=numbered(WINDOW))
    with_marks, without = (drawn(view, (240, 240), split=True, peaking=on).copy() for on in (True, False))
    whole = (with_marks != without).any(axis=-1)[:, :140]
    assert whole.mean() > 0.02
    assert (with_marks[:, :140][whole][:, 2::-1] == PEAKING["red"]).all()
