"""The menu, driven by the five buttons of the pad or by the encoder; and that its table tells of every setting."""

import pytest

from device import exposure
from device.dial_rules import RULES
from device.errors import BadGrey
from device.languages import languages
from device.menu_pages import ACTIONS, FIRST, LENS_KEYS, NOT_ON_THE_MENU, PAGES, STATUS
from device.menu_values import choices, is_number, stepped
from device.rules import Number, Whole, WholeOrOff
from tests.menus import LENSES, START, Handled

ROWS = {row for page in PAGES.values() for row in page}


@pytest.fixture
def hand() -> Handled:
    return Handled()


# ---- the table -----------------------------------------------------------------------------------------------------


def test_every_setting_is_on_the_menu_or_said_not_to_be() -> None:
    assert {row for row in ROWS if row in RULES} == set(RULES) - NOT_ON_THE_MENU


def test_every_row_is_a_setting_an_action_or_a_page() -> None:
    pages = {f"page.{page}" for page in PAGES if page != FIRST}
    assert ROWS - set(RULES) == set(ACTIONS) | set(LENS_KEYS) | set(STATUS) | pages


def test_no_page_holds_a_row_twice() -> None:
    assert all(len(set(page)) == len(page) for page in PAGES.values())


@pytest.mark.parametrize("key", sorted(set(RULES) - NOT_ON_THE_MENU))
def test_all_that_the_menu_offers_of_a_setting_is_allowed(key: str) -> None:
    offered = choices(key, RULES[key])
    assert len(offered) >= 2
    assert all(RULES[key].accepts(choice) for choice in offered)


# ---- values ----------------------------------------------------------------------------------------------------------


def test_a_choice_goes_round_and_a_figure_stops_at_its_ends() -> None:
    assert stepped("view.waveform", RULES["view.waveform"], "rgb", 1) == "off"
    assert stepped("exposure.ev", RULES["exposure.ev"], exposure.EVS[-1], 1) == exposure.EVS[-1]
    assert stepped("view.zebra_level", RULES["view.zebra_level"], 70, -1) == 0


@pytest.mark.parametrize(
    ("value", "steps", "expected"), [(0.5, 1, 0.67), (0.5, -1, 0.33), (0.5, 2, 1.0), (0.33, 1, 0.67)]
)
def test_a_figure_between_two_choices_goes_to_the_next_one(value: float, steps: int, expected: float) -> None:
    assert stepped("exposure.ev", RULES["exposure.ev"], value, steps) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Whole(1, 5), [1, 2, 3, 4, 5]),
        (WholeOrOff(10, 12), [0, 10, 11, 12]),
        (Whole(2000, 10_000, "kelvin"), [*range(2000, 10_001, 200)]),
        (Number(0, 0.5), [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        (Whole(1, 100), [*range(1, 100, 2), 100]),
    ],
)
def test_a_range_without_a_scale_of_its_own_is_offered_in_even_steps(rule: Whole, expected: list[float]) -> None:
    assert choices("some.key", rule) == expected
    assert is_number("some.key", rule)


# ---- a thumb ----------------------------------------------------------------------------------------------------


def test_it_opens_on_the_quick_settings_with_a_line_of_help(hand: Handled) -> None:
    shown = hand.menu.state()
    assert (shown.open, shown.title, shown.cursor, shown.editing) == (True, "Quick settings", 0, False)
    assert all(row.label and row.help.endswith(".") for row in shown.rows)


def test_up_and_down_move_the_cursor_round_the_page(hand: Handled) -> None:
    hand.press("down", "down", "up")
    assert hand.menu.state().cursor == 1
    hand.press("up", "up")
    assert hand.menu.state().cursor == len(PAGES[FIRST]) - 1
    hand.menu.turn(2)
    assert hand.menu.state().cursor == 1


def test_left_and_right_change_a_value_at_once(hand: Handled) -> None:
    hand.go_to("Compensation")
    hand.press("right", "right", "left")
    assert hand.dials.exposure.ev == 0.33
    assert hand.menu.state().rows[hand.menu.state().cursor].value == "+0.3 EV"


def test_ok_throws_a_switch(hand: Handled) -> None:
    hand.enter("Peaking")
    assert not hand.dials.view.peaking
    hand.press("ok")
    assert hand.dials.view.peaking
    assert not hand.menu.state().editing


def test_ok_takes_a_value_in_hand_and_the_pad_and_encoder_change_it(hand: Handled) -> None:
    hand.enter("Compensation")
    assert hand.menu.state().editing
    hand.press("up", "up", "down")
    hand.menu.turn(3)
    assert hand.dials.exposure.ev == 1.33
    hand.press("ok")
    assert not hand.menu.state().editing
    assert hand.dials.exposure.ev == 1.33


def test_ok_lists_the_choices_of_a_setting_with_the_cursor_on_the_one_that_holds(hand: Handled) -> None:
    hand.change("exposure.metering", "spot")
    hand.enter("All settings", "Exposure", "Metering")
    shown = hand.menu.state()
    assert (shown.title, shown.cursor) == ("Metering", 2)
    assert [row.label for row in shown.rows] == ["Multi", "Centre", "Spot", "Highlight"]
    hand.press("down", "down", "left")
    hand.menu.turn(1)
    assert hand.dials.exposure.metering == "spot"
    hand.press("ok")
    assert hand.dials.exposure.metering == "centre"
    assert hand.menu.state().title == "Exposure"


def test_back_leaves_a_list_of_choices_as_it_was(hand: Handled) -> None:
    hand.enter("All settings", "Exposure", "Metering")
    hand.press("down", "function")
    assert hand.dials == START
    assert hand.menu.state().title == "Exposure"


def test_a_lens_is_chosen_by_its_name_and_told_by_its_figures(hand: Handled) -> None:
    hand.enter("All settings", "Lens")
    assert [row.value for row in hand.menu.state().rows] == ["35 mm f/1.4", "35 mm", "Pixels", "On"]
    hand.press("ok")
    assert [row.label for row in hand.menu.state().rows] == ["None", *(whole for whole, _ in list(LENSES.values())[1:])]
    hand.press("down", "ok")
    assert hand.lens == "tri-elmar-28"
    assert hand.menu.state().rows[0].value == "28 mm f/4"


def test_back_gives_up_what_was_changed_in_hand(hand: Handled) -> None:
    hand.enter("Compensation")
    hand.press("up", "up", "function")
    shown = hand.menu.state()
    assert (hand.dials, shown.editing, shown.open) == (START, False, True)


def test_the_aperture_goes_down_to_unknown(hand: Handled) -> None:
    hand.enter("Aperture")
    for _ in range(40):
        hand.press("down")
    assert hand.dials.exposure.f_number is None
    assert hand.menu.state().rows[hand.menu.state().cursor].value == "Unknown"


def test_pages_lie_two_deep_and_back_leads_out_with_the_cursors_where_they_were(hand: Handled) -> None:
    hand.enter("All settings", "Guides")
    hand.press("down")
    assert hand.menu.state().title == "Guides"
    hand.press("function")
    assert (hand.menu.state().title, hand.menu.state().rows[hand.menu.state().cursor].label) == (
        "All settings",
        "Guides",
    )
    hand.press("function", "function")
    assert not hand.menu.is_open
    assert not hand.menu.state().open
    assert hand.menu.state().rows == ()


def test_right_enters_a_page_and_left_does_not_leave_it(hand: Handled) -> None:
    hand.go_to("All settings")
    hand.press("right")
    assert hand.menu.state().title == "All settings"
    hand.press("left")
    assert hand.menu.state().title == "All settings"


def test_each_step_is_told(hand: Handled) -> None:
    before = hand.changes
    hand.press("down")
    hand.menu.turn(1)
    hand.menu.close()
    assert hand.changes == before + 3
    hand.menu.close()
    assert hand.changes == before + 3


# ---- presets and the factory reset -----------------------------------------------------------------------------------


def test_a_preset_is_kept_and_brings_the_settings_back(hand: Handled) -> None:
    hand.change("exposure.ev", 1.0)
    hand.enter("All settings", "Presets", "Keep as C2")
    assert [row.value for row in hand.menu.state().rows] == ["Empty", "Kept", "Empty"] * 2
    hand.change("exposure.ev", -1.0)
    hand.enter("Use C2")
    assert hand.dials.exposure.ev == 1.0
    assert not hand.menu.is_open


def test_an_empty_preset_changes_nothing(hand: Handled) -> None:
    hand.enter("All settings", "Presets", "Use C1")
    assert hand.menu.is_open
    assert hand.dials == START


def test_a_preset_is_not_replaced_unasked(hand: Handled) -> None:
    hand.enter("All settings", "Presets", "Keep as C1")
    hand.change("exposure.ev", 1.0)
    hand.press("ok")
    asked = hand.menu.state()
    assert (asked.question, [row.label for row in asked.rows], asked.cursor) == (
        "Replace the settings that are kept under this name?",
        ["Cancel", "Replace"],
        0,
    )
    hand.press("ok")  # once too often
    assert hand.presets["C1"]["exposure.ev"] == 0.0
    hand.press("ok", "down", "ok")
    assert hand.presets["C1"]["exposure.ev"] == 1.0
    assert hand.menu.state().question == ""


@pytest.mark.parametrize("buttons", [("ok",), ("function",), ("down", "up", "ok"), ("down", "function")])
def test_a_reset_can_be_thought_better_of(hand: Handled, buttons: tuple[str, ...]) -> None:
    hand.change("view.grid", value=True)
    hand.enter("All settings", "Setup", "Factory reset")
    assert "photographs stay" in hand.menu.state().question
    hand.press(*buttons)
    assert hand.dials.view.grid
    assert hand.menu.state().title == "Setup"


def test_a_confirmed_reset_resets(hand: Handled) -> None:
    hand.change("view.grid", value=True)
    hand.enter("All settings", "Setup", "Factory reset")
    hand.press("down", "down", "ok")
    assert hand.dials == START
    assert hand.menu.state().title == "Setup"


@pytest.mark.parametrize("refusal", [None, BadGrey("The square is clipped: expose less.")])
def test_what_the_camera_does_at_once_closes_the_menu_so_that_it_is_seen(
    hand: Handled, refusal: BadGrey | None
) -> None:
    hand.refusal = refusal
    hand.enter("All settings", "White balance", "Pick grey")
    assert not hand.menu.is_open
    assert hand.said == [str(refusal) if refusal else "grey is picked"]


def test_another_language_speaks_at_once(hand: Handled) -> None:
    hand.enter("All settings", "Setup")
    assert languages()[:2] == ["en", "de"]
    hand.go_to("Language")
    hand.press("right")
    shown = hand.menu.state()
    assert (shown.title, shown.rows[2].label, shown.rows[2].value) == ("Kamera", "Sprache", "Deutsch")
