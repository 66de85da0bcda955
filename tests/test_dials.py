"""Dials, the pad and Set: settings in, settings out."""

import pytest

from device import config
from device.dial_rules import RULES, changed
from device.dials import ITEMS, Dials, Value, pressed, reported, turned
from device.errors import BadValue
from device.face_states import ViewState
from device.lens import NO_LENS, Lens
from device.states import ExposureState

SUMMICRON = Lens("a", "Summicron", "Leica", 35.0, 2.0, 16.0)
NOKTON = Lens("b", "Nokton", "Voigtländer", 50.0, 1.25)
MIRROR = Lens("c", "Mirror", "", 500.0, 8.0, 8.0)


def settings(**exposure: object) -> Dials:
    return Dials(ExposureState(**exposure), ViewState())  # type: ignore[arg-type]


def highlighted(item: str, **exposure: object) -> Dials:
    return changed(settings(**exposure), "view.highlight", item)


def test_turning_the_shutter_in_mode_a_takes_over_where_the_automatic_stands() -> None:
    after = turned(highlighted("shutter", mode="A", shutter_us=8_100), 1).exposure
    assert (after.mode, after.set_shutter_us) == ("M", 10_000)


def test_turning_the_shutter_in_mode_m_goes_on_from_what_was_set() -> None:
    assert turned(highlighted("shutter", mode="M", set_shutter_us=8_000), -2).exposure.set_shutter_us == 5_000


def test_the_iso_dial_has_auto_before_its_first_value() -> None:
    first = turned(highlighted("iso", auto_iso=True), 1).exposure
    assert (first.auto_iso, first.set_iso) == (False, 100)
    assert turned(highlighted("iso", auto_iso=False, set_iso=100), -1).exposure.auto_iso
    assert turned(highlighted("iso", auto_iso=False, set_iso=2000), 5).exposure.set_iso == 2000


@pytest.mark.parametrize(
    ("lens", "now", "steps", "then"),
    [
        (SUMMICRON, 2.5, -9, 2.0),
        (SUMMICRON, 14.0, 9, 16.0),
        (SUMMICRON, None, 1, 5.6),
        (NOKTON, 1.4, -1, 1.25),  # engraved between two thirds of stops
        (NOKTON, 22.0, 1, 22.0),  # nobody knows where it ends
        (MIRROR, None, 1, 8.0),
        (NO_LENS, 1.2, -9, 0.95),
    ],
)
def test_the_aperture_goes_as_far_as_the_lens(lens: Lens, now: float | None, steps: int, then: float) -> None:
    assert turned(highlighted("aperture", f_number=now), steps, lens.apertures).exposure.f_number == then
    if abs(steps) == 1:
        button = "up" if steps > 0 else "down"
        assert pressed(highlighted("aperture", f_number=now), button, lens.apertures).exposure.f_number == then


def test_an_aperture_that_a_lens_does_not_have_is_refused_with_its_own() -> None:
    with pytest.raises(BadValue, match=r"^Leica Summicron opens to f/2 and closes to f/16, not f/1: say what its ring"):
        SUMMICRON.check_aperture(1.0)
    with pytest.raises(BadValue, match=r"^Voigtländer Nokton opens to f/1.25, not f/1: "):
        NOKTON.check_aperture(1.0)
    for lens, f_number in ((SUMMICRON, 2.0), (SUMMICRON, 16.0), (NOKTON, 64.0), (NO_LENS, 0.7)):
        lens.check_aperture(f_number)


def test_the_first_click_of_an_unknown_aperture_is_the_commonest_stop() -> None:
    assert turned(highlighted("aperture"), -1).exposure.f_number == 5.6
    assert turned(highlighted("aperture", f_number=2.0), 1).exposure.f_number == 2.2


def test_metering_turns_round() -> None:
    assert turned(highlighted("metering"), 1).exposure.metering == "centre"
    assert turned(highlighted("metering"), -1).exposure.metering == "highlight"


def test_the_white_balance_dial_has_temperatures_after_the_names() -> None:
    now, seen = highlighted("white_balance"), []
    for _ in range(9):
        now = turned(now, 1)
        seen.append((now.white_balance.mode, now.white_balance.kelvin))
    assert [mode for mode, _ in seen] == [
        *("daylight", "cloudy", "shade", "tungsten", "fluorescent", "grey", "kelvin", "kelvin", "kelvin"),
    ]
    assert [kelvin for _, kelvin in seen[-3:]] == [2000, 2200, 2500]
    assert turned(now, 40).white_balance.kelvin == 10_000
    assert turned(now, -40).white_balance.mode == "auto"
    between = changed(changed(now, "white_balance.mode", "kelvin"), "white_balance.kelvin", 5400)
    assert turned(between, 1).white_balance.kelvin == 6000


def test_the_encoders_press_goes_through_what_is_changed_most() -> None:
    now, seen = highlighted("white_balance"), []
    for _ in range(5):
        now = pressed(now, "encoder_press")
        seen.append(now.view.highlight)
    assert seen == ["shutter", "iso", "ev", "aperture", "shutter"]


@pytest.mark.parametrize("item", ITEMS)
def test_five_buttons_reach_and_change_whatever_a_dial_changes(item: str) -> None:
    now = settings()
    for _ in range(ITEMS.index(item) - ITEMS.index("shutter") + len(ITEMS)):
        now = pressed(now, "right")
    assert now.view.highlight == item
    up, down = pressed(now, "up"), pressed(now, "down")
    assert up != now or down != now
    assert up.view == now.view


def test_mode_and_compensation_turn_too() -> None:
    assert turned(highlighted("mode"), 1).exposure.mode == "M"
    assert turned(highlighted("ev"), -4).exposure.ev == -1.33


def test_the_pad_walks_round_the_items_and_back() -> None:
    now = settings()
    for _ in ITEMS:
        now = pressed(now, "right")
    assert now == settings()
    assert pressed(now, "left").view.highlight == ITEMS[ITEMS.index("shutter") - 1]


def test_up_is_a_click_of_the_encoder() -> None:
    assert pressed(highlighted("ev"), "up") == turned(highlighted("ev"), 1)
    assert pressed(highlighted("ev"), "down") == turned(highlighted("ev"), -1)


def test_the_pads_middle_puts_the_magnifier_in_and_out_and_it_keeps_its_place() -> None:
    put_in = pressed(settings(), "ok")
    assert put_in.view.magnifier
    there = pressed(pressed(put_in, "right"), "up")
    assert (there.view.magnifier_x, there.view.magnifier_y) == (0.55, 0.45)
    back = pressed(pressed(there, "ok"), "ok")
    assert (back.view.magnifier, back.view.magnifier_x, back.view.magnifier_y) == (True, 0.55, 0.45)


def test_the_pad_moves_the_magnifier_and_changes_nothing_else_meanwhile() -> None:
    now = pressed(settings(), "ok")
    for button in ("left", "right", "up", "down"):
        after = pressed(now, button)
        assert after.exposure == now.exposure
        assert after.view.highlight == now.view.highlight
        assert after.view != now.view
    assert turned(now, 1).exposure != now.exposure  # the encoder still turns the dial


def test_the_magnifier_stops_at_the_edges_and_comes_back_at_once() -> None:
    now = pressed(settings(), "ok")
    for _ in range(30):
        now = pressed(now, "left")
    assert now.view.magnifier_x == pytest.approx(0.1)
    assert pressed(now, "right").view.magnifier_x == pytest.approx(0.15)


def test_the_function_button_cycles_the_amount_of_information() -> None:
    now, seen = settings(), []
    for _ in range(3):
        now = pressed(now, "function")
        seen.append(now.view.info)
    assert seen == ["clean", "basic", "full"]


def test_what_the_next_shot_gets_is_shown_and_not_mistaken_for_what_was_set() -> None:
    after = reported(settings(set_shutter_us=1_000, set_iso=100), {"shutter_us": 20_000, "iso": 320}).exposure
    assert (after.shutter_us, after.iso, after.set_shutter_us, after.set_iso) == (20_000, 320, 1_000, 100)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("exposure.ev", 1.33),
        ("exposure.mode", "M"),
        ("exposure.auto_iso", False),
        ("exposure.metering", "highlight"),
        ("exposure.highlight_share", 2),
        ("exposure.anti_flicker", "50 Hz"),
        ("exposure.slowest_shutter_factor", 0.5),
        ("exposure.slowest_shutter_factor", 2),
        ("white_balance.mode", "shade"),
        ("white_balance.kelvin", 3200),
        ("view.peaking", False),
        ("view.peaking_strength", "high"),
        ("view.peaking_colour", "white"),
        ("view.info", "clean"),
        ("view.zebra_level", 95),
        ("view.zebra_level", 0),
        ("view.waveform", "rgb"),
        ("view.magnification", 2),
        ("view.magnifier_x", 0.25),
        ("view.highlight", "ev"),
    ],
)
def test_set_changes_the_setting_of_that_key(key: str, value: Value) -> None:
    section, name = key.split(".")
    assert getattr(getattr(changed(settings(), key, value), section), name) == value


def test_set_shutter_and_iso_are_what_m_uses() -> None:
    assert changed(settings(), "exposure.shutter_us", 2_000).exposure.set_shutter_us == 2_000
    assert changed(settings(), "exposure.iso", 640).exposure.set_iso == 640
    assert changed(settings(f_number=2.0), "exposure.f_number", 0).exposure.f_number is None


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("exposure.ev", 9.0, "-5 to 5"),
        ("exposure.ev", float("nan"), "-5 to 5"),
        ("exposure.ev", "2", "number"),
        ("exposure.ev", True, "number"),
        ("exposure.iso", 50, "100 to 2226"),
        ("exposure.iso", 100.5, "whole"),
        ("exposure.mode", "P", "A"),
        ("exposure.shutter_us", 0, "1 to"),
        ("exposure.f_number", 1e-300, "0.7 to 64"),
        ("exposure.f_number", True, "number"),
        ("exposure.slowest_shutter_factor", 3, "one of 0.5, 1, 2, 4"),
        ("exposure.slowest_shutter_factor", True, "one of 0.5, 1, 2, 4"),
        ("exposure.anti_flicker", 50, '"off", "50 Hz", "60 Hz"'),
        ("exposure.highlight_share", 0, "0.01 to 5 percent"),
        ("white_balance.mode", "moonlight", "fluorescent"),
        ("white_balance.kelvin", 1999, "2000 to 10000 kelvin"),
        ("view.peaking", 1, "true"),
        ("view.info", None, "clean"),
        ("view.zebra_level", 69, "from 70 to 100 IRE, or 0 for off"),
        ("view.zebra_level", 95.0, "whole"),
        ("view.waveform", True, "luma"),
        ("view.magnification", 3, "one of 1, 2"),
        ("view.magnifier_y", 1.01, "from 0 to 1 of the height"),
        ("view.peeking", True, r'^No setting "view.peeking": did you mean view.peaking\?$'),
        (
            "film.quality",
            1,
            r'^No setting "film.quality": there are film.mode, film.frames_per_s, \S*, film.pre_roll_s\.$',
        ),
        ("sound.volume", 1, r"there are sections such as exposure, .*, film\.$"),
        ("", 1, "sections such as exposure"),
        ("x" * 60_000, 1, r"^.{,200}$"),
    ],
)
def test_set_says_in_a_sentence_what_a_wrong_value_should_be(key: str, value: Value, says: str) -> None:
    with pytest.raises(BadValue, match=says):
        changed(settings(), key, value)


SHARED = {key: "lens.f_number" if key == "exposure.f_number" else key for key in RULES} | {
    "exposure.shutter_us": None,  # of the scale, and a sensor clamps it; the file knows the IMX477's limits
    "white_balance.grey_red": None,  # picked, not written by hand
    "white_balance.grey_blue": None,
    "view.highlight": None,  # not in the file: it always begins at the shutter
}


@pytest.mark.parametrize(("key", "setting"), [(key, name) for key, name in SHARED.items() if name])
def test_a_dial_may_be_set_to_what_the_file_may_say(key: str, setting: str) -> None:
    section, _, name = setting.partition(".")
    assert RULES[key].allowed == config.RULES[section][name].allowed
