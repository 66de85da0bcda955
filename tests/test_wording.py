import pytest

from device.states import CardStatus, LensState, SensorState, State
from device.tilt import Tilt
from ui import wording
from ui.drawn_glyphs import font
from ui.text import drawable, wrapped


def test_headroom_or_what_is_lost() -> None:
    assert wording.headroom(1.31, 0.0)[0] == "headroom +1.3 EV"
    assert wording.headroom(0.0, 0.0137)[0] == "1.37 % clipped"
    assert wording.headroom(0.0, 0.31)[0] == "31.0 % clipped"


def test_what_a_channel_lost_is_told_to_a_hundredth_of_a_percent() -> None:
    assert wording.share("R", 0.013_749) == ("R 1.37", "1.37")
    assert wording.share("B", 0.000_05) == ("B 0.01", "0.01")
    assert wording.share("G", 0.000_049) == ("",)
    assert wording.share("G", 1.0)[0] == "G 100.0"


def test_the_tools_say_what_they_measure() -> None:
    assert wording.spot(-2.47393) == ("+0.0 EV",)
    assert wording.spot(-1.0) == ("+1.5 EV",)
    assert wording.spot(0.0) == ("clipped",)
    assert wording.spot(-14.0) == ("black",)
    assert wording.magnification(2, (1520, 2028))[0] == "2:1 of 2028 x 1520"
    assert wording.level_of_zebra(95) == ("zebra 95 IRE", "95 IRE")
    assert wording.level(Tilt(-91.26, 3.6))[0] == "-1.3° +4°"
    assert wording.level(None)[0] == "no level"
    assert wording.frame_lines_outside(192.9)[0] == "frame lines lie outside 193 mm"


def test_a_lens_says_what_it_would_be_on_full_frame() -> None:
    state = State(sensor=SensorState(crop_factor=5.53), lens=LensState(name="Summilux 50", focal_length_mm=50.0))
    assert wording.lens(state) == ("Summilux 50 · 276 mm eq.", "50 mm · 276 mm eq.", "276 mm eq.")
    assert wording.lens(State()) == ("",)
    assert wording.lens(State(lens=LensState(name="Unknown"))) == ("Unknown", "")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State(camera="live"), ""),
        (State(camera="armed"), "Armed"),
        (State(camera="armed", card=CardStatus(folder="card", queued=3)), "Writing 3"),
        (State(camera="exposing", card=CardStatus(folder="card", queued=3)), "Exposing"),
        (State(camera="live", card=CardStatus(folder="card", state="missing", queued=3)), "No card, 3 waiting"),
        (State(camera="live", card=CardStatus(folder="card", state="full")), "Card full"),
        (State(camera="faulted", card=CardStatus(folder="card", state="full")), "Fault"),
        (State(camera="idle"), "Starting"),
    ],
)
def test_what_matters_most_is_said(state: State, said: str) -> None:
    assert wording.doing(state, "")[0] == said


def test_a_new_photograph_is_named_while_nothing_else_happens() -> None:
    assert wording.doing(State(camera="live"), "MCAM0001") == ("MCAM0001",)
    assert wording.doing(State(camera="armed"), "MCAM0001") == ("Armed",)


def test_shots_and_bits() -> None:
    assert wording.shots(CardStatus(folder="card", shots_left=412)) == ("412 left", "412")
    assert wording.shots(CardStatus(folder="card", shots_left=12_000)) == ("9999+ left", "9999+")
    assert wording.bits(SensorState(bits=12))[0] == "12 bit RAW"
    assert wording.bits(SensorState()) == ("",)


def test_the_font_has_every_sign_that_we_use() -> None:
    box = bytes(font(40).getmask("\uffff"))
    signs = set("f/--·…±+%°() 1234567890,.:'\"&" + drawable("–—−×∞’“”"))
    assert not [sign for sign in signs if bytes(font(40).getmask(sign)) == box]


def test_a_figure_and_its_unit_stay_in_one_line() -> None:
    assert wrapped("Summicron-M 35 mm f/2 ASPH", 15, 136, 2) == ["Summicron-M", "35 mm f/2 ASPH"]


def test_too_much_text_ends_in_an_ellipsis() -> None:
    lines = wrapped("one two three four five six seven eight nine ten", 15, 80, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_a_camera_without_raw_says_so_first_and_then_what_just_happened() -> None:
    state = State(camera="live", sensor=SensorState(model="USB Camera", width=640, height=480, crop_factor=0.0))
    assert wording.bits(state.sensor) == ("no RAW",)
    assert wording.doing(state, "")[0] == "No RAW: view only"
    assert wording.doing(state, "This camera gives no RAW") == ("This camera gives no RAW",)
    assert wording.alarming(state)
    assert not wording.alarming(State(camera="idle"))  # it did not start yet


def test_a_sensor_of_unknown_size_has_no_equivalent_focal_length() -> None:
    lens = LensState(name="Elmar", focal_length_mm=50.0)
    state = State(sensor=SensorState(crop_factor=0.0), lens=lens)
    assert wording.focal(state) == ("50 mm",)
    assert wording.lens(state) == ("Elmar · 50 mm", "50 mm")


def test_a_stored_raw_has_no_card_and_no_shots_left() -> None:
    assert wording.shots(CardStatus()) == ("",)


def test_the_depth_of_field_is_told_with_the_digits_that_matter() -> None:
    assert wording.depth(LensState()) == ("",)
    assert wording.depth(LensState(hyperfocal_m=141.2)) == ("hyperfocal 141 m", "H 141 m")
    seen = LensState(hyperfocal_m=141.2, near_m=1.973, far_m=2.028)
    assert wording.depth(seen) == ("sharp 1.97–2.03 m · H 141 m", "1.97–2.03 m · H 141 m", "1.97–2.03 m")
    wide = LensState(hyperfocal_m=13.1, near_m=6.55)
    assert wording.depth(wide) == ("sharp from 6.55 m · H 13.1 m", "from 6.55 m · H 13.1 m", "from 6.55 m")
    assert [wording.metres(m) for m in (0.7017, 1, 9.99, 10, 99.94, 100)] == [
        "0.702",
        "1.00",
        "9.99",
        "10.0",
        "99.9",
        "100",
    ]
