"""Every page and question of the menu, in every language, on a small panel, an upright one and a wide one."""

from collections.abc import Callable

import msgspec
import numpy as np
import pytest
from PIL import Image

from device.face_states import MenuRow, MenuState, ViewState
from device.languages import languages
from device.menu_pages import PAGES
from tests.menus import Handled
from tests.synthetic_view import synthetic_state, synthetic_view
from ui.menu import draw_menu, first_row, menu_layout
from ui.state import Seen
from ui.viewfinder import Viewfinder

SIZES = [(240, 240), (480, 800), (800, 480)]
Check = Callable[[str, Image.Image], None]


def name(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def at(page: str, language: str = "en") -> Handled:
    """A menu open on that page."""
    hand = Handled()
    hand.change("view.language", language)
    if page != "quick":
        hand.press("up", "ok")
    if page not in ("quick", "all"):
        hand.menu.turn(PAGES["all"].index(f"page.{page}"))
        hand.press("ok")
    return hand


def image(size: tuple[int, int], menu: MenuState) -> Image.Image:
    drawn = Viewfinder(size).draw(Seen(camera=synthetic_state(menu=menu)), synthetic_view())
    return Image.fromarray(drawn[..., 2::-1].copy())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("size", SIZES, ids=name)
def test_golden_of_a_page(size: tuple[int, int], language: str, page: str, golden: Check) -> None:
    golden(f"menu-{page}-{language}-{name(size)}", image(size, at(page, language).menu.state()))


@pytest.mark.parametrize("size", SIZES, ids=name)
def test_golden_of_the_end_of_a_long_page(size: tuple[int, int], golden: Check) -> None:
    hand = at("tools")
    hand.press("up")
    golden(f"menu-end-of-a-page-{name(size)}", image(size, hand.menu.state()))


@pytest.mark.parametrize("size", SIZES, ids=name)
def test_golden_of_a_value_in_hand(size: tuple[int, int], golden: Check) -> None:
    hand = at("exposure")
    hand.enter("Shutter in M")
    golden(f"menu-value-in-hand-{name(size)}", image(size, hand.menu.state()))


@pytest.mark.parametrize("size", SIZES, ids=name)
def test_golden_of_a_list_of_choices(size: tuple[int, int], golden: Check) -> None:
    hand = at("shooting")
    hand.press("ok", "down", "down")
    golden(f"menu-choices-{name(size)}", image(size, hand.menu.state()))


@pytest.mark.parametrize("size", SIZES, ids=name)
def test_golden_of_the_lens_drawer(size: tuple[int, int], golden: Check) -> None:
    hand = at("lens")
    hand.press("ok")
    golden(f"menu-lens-drawer-{name(size)}", image(size, hand.menu.state()))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("size", SIZES, ids=name)
def test_golden_of_the_factory_resets_question(size: tuple[int, int], language: str, golden: Check) -> None:
    hand = at("setup", language)
    hand.press("up", "ok", "down")
    golden(f"menu-reset-{language}-{name(size)}", image(size, hand.menu.state()))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("size", SIZES, ids=name)
def test_golden_of_a_presets_question(size: tuple[int, int], language: str, golden: Check) -> None:
    hand = at("presets", language)
    hand.press("up", "ok", "ok")
    golden(f"menu-keep-{language}-{name(size)}", image(size, hand.menu.state()))


def test_the_cursor_is_always_among_the_rows_that_are_drawn() -> None:
    for rows in range(1, 20):
        for fitting in range(1, rows + 1):
            for cursor in range(rows):
                first = first_row(rows, cursor, fitting)
                assert 0 <= first <= cursor < first + fitting <= rows


@pytest.mark.parametrize("size", [*SIZES, (320, 240), (640, 480), (1920, 1080), (128, 128), (1024, 128)], ids=name)
def test_nothing_of_it_is_beyond_the_panel_and_rows_are_apart(size: tuple[int, int]) -> None:
    layout = menu_layout(size, 9)
    places = [layout.title, *layout.rows, layout.help]
    assert not any(one.overlaps(other) for i, one in enumerate(places) for other in places[:i]) or min(size) < 200
    out = np.zeros((size[1], size[0], 4), np.uint8)
    rows = tuple(
        MenuRow(label=f"A label {i} that is rather long", value="A long value", help="Words " * 40) for i in range(9)
    )
    for question in ("", "Something " * 30):
        draw_menu(
            out, MenuState(open=True, title="A title", question=question, rows=rows[: 2 if question else 9], cursor=1)
        )
        assert out.any()


def test_at_least_five_rows_are_seen_on_the_smallest_panel() -> None:
    assert len(menu_layout((240, 240), 20).rows) >= 5


def test_a_closed_menu_leaves_the_live_view_alone() -> None:
    state = synthetic_state(view=ViewState())
    seen = Seen(camera=state)
    closed = Viewfinder((240, 240)).draw(seen, synthetic_view()).copy()
    other = Seen(camera=msgspec.structs.replace(state, menu=MenuState(title="not open")))
    assert (Viewfinder((240, 240)).draw(other, synthetic_view()) == closed).all()
