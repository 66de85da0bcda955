"""What the menu's rows stand for in a camera: its dials and its lens, by the drawer that comes with mcam."""

from collections.abc import Callable

import pytest

from device.dial_rules import RULES
from device.lens import NO_LENS, Lens
from device.lens_memory import LensMemory
from device.menu import Menu
from device.menu_actions import Actions
from device.menu_options import CameraOptions
from device.menu_pages import LENS_KEYS, PAGES
from device.menu_standing import Standing
from device.menu_values import choices
from device.sensor import TO_PHOTOGRAPH, Setting
from device.states import StatusState
from tests.filming import film
from tests.menus import Handled
from tests.test_lens_choice import SIMULATED, TRI_ELMAR, Drawer


def options_of(bare: Lens = NO_LENS, refused: Callable[[str], None] = pytest.fail) -> tuple[Drawer, CameraOptions]:
    rig = Drawer(LensMemory(f_numbers={"summicron-35": 5.6}), bare=bare)
    return rig, CameraOptions(rig.camera, rig.choice, lambda: Standing(StatusState(), 7), refused)


def test_the_lenses_that_were_used_come_first_after_none() -> None:
    _, options = options_of()
    rule = options.rule("lens.key")
    assert rule is not None
    keys = choices("lens.key", rule)
    assert keys[:2] == ["none", "summicron-35"]
    assert len(set(keys)) == len(keys) > 20


def test_a_lens_brings_its_aperture_and_its_focal_lengths() -> None:
    rig, options = options_of()
    options.change("lens.key", "summicron-35")
    assert rig.now == ("summicron-35", 35.0, 5.6)
    assert "Summicron" in options.name("lens.key", options.value("lens.key"), whole=True)
    assert options.name("lens.key", "summicron-35", whole=False) == "35 mm f/2"
    options.change("lens.key", TRI_ELMAR)
    rule = options.rule("lens.focal_length_mm")
    assert rule is not None
    assert choices("lens.focal_length_mm", rule) == [28.0, 35.0, 50.0]
    options.change("lens.focal_length_mm", 50.0)
    assert options.value("lens.focal_length_mm") == 50.0


def test_what_the_sensor_cannot_do_is_said_and_left_as_it_is() -> None:
    said: list[str] = []
    rig, options = options_of(refused=said.append)
    rig.camera.film = film(TO_PHOTOGRAPH)
    options.change("film.mode", "cinema")
    assert options.value("film.mode") == "off"
    assert said[-1].startswith("This camera has no cinema, ")


def test_only_what_the_sensor_can_film_is_offered() -> None:
    rig, options = options_of()
    for settings, modes in (
        (TO_PHOTOGRAPH, ["off"]),
        (TO_PHOTOGRAPH | {Setting.SLOW_MOTION}, ["off", "slow-motion"]),
        (frozenset(Setting), ["off", "cinema", "slow-motion"]),
    ):
        rig.camera.film = film(settings)
        rule = options.rule("film.mode")
        assert rule is not None
        assert list(choices("film.mode", rule)) == modes


def test_only_what_the_lens_can_be_set_to_is_offered() -> None:
    rig, options = options_of()
    for key, first, last in (("none", 0.95, 22.0), ("summicron-35", 2.0, 22.0), ("noctilux-50", 0.95, 22.0)):
        options.change("lens.key", key)
        rule = options.rule("exposure.f_number")
        assert rule is not None
        unknown, widest, *_, smallest = choices("exposure.f_number", rule)
        assert (unknown, widest, smallest) == (0.0, first, last)
        options.change("exposure.f_number", smallest)
        assert rig.now[2] == smallest


@pytest.mark.parametrize("bare", [NO_LENS, SIMULATED])
def test_every_row_of_the_menu_can_be_pressed_in_every_way_without_a_lens(bare: Lens) -> None:
    rig, options = options_of(bare)
    hand = Handled()
    menu = Menu(options=options, actions=Actions(hand, {"pick_grey": hand.pick_grey}, print), changed=rig.changed)
    for page in PAGES:
        for row in range(len(PAGES[page])):
            for buttons in (("left",), ("right",), ("ok", "up", "ok"), ("ok", "down", "function")):
                menu.open()
                if page != "quick":
                    menu.press("up")
                    menu.press("ok")
                if page not in ("quick", "all"):
                    menu.turn(PAGES["all"].index(f"page.{page}"))
                    menu.press("ok")
                menu.turn(row)
                for button in buttons:
                    menu.press(button)
                menu.state()
                menu.close()


def test_what_is_neither_a_dial_nor_the_lenss_has_no_rule() -> None:
    _, options = options_of()
    assert options.rule("page.all") is None
    assert options.rule("exposure.ev") is RULES["exposure.ev"]
    assert all(options.rule(key) is not None for key in LENS_KEYS)
