"""What the panel says of the next shot."""

import pytest

from device import engraved
from device.states import ExposureState, WhiteBalanceState
from tests.synthetic_view import synthetic_state
from ui import exposure_wording, wording
from ui.text import drawable


@pytest.mark.parametrize(
    ("exposure_us", "said"),
    [
        (8_000, "1/125"), (9_998, "1/100"), (125, "1/8000"), (31, "1/32000"), (1, "1/32000"), (16_667, "1/60"),
        (250_000, "1/4"), (300_000, "0.3s"), (500_000, "0.5s"), (1_000_000, "1s"), (2_500_000, "2.5s"),
        (30_000_000, "30s"), (127_300_000, "127s"), (0, "--"),
    ],
)  # fmt: skip
def test_shutter_times_are_said_as_they_are_engraved(exposure_us: int, said: str) -> None:
    assert engraved.shutter(exposure_us) == said


@pytest.mark.parametrize(
    ("f_number", "said"), [(None, "f/--"), (0.0, "f/--"), (2.8, "f/2.8"), (8.0, "f/8"), (1.4, "f/1.4")]
)
def test_an_unknown_aperture_is_not_invented(f_number: float | None, said: str) -> None:
    assert engraved.aperture(f_number) == said


@pytest.mark.parametrize(
    ("stops", "said"),
    [(0.0, "±0 EV"), (1 / 3, "+0.3 EV"), (-2 / 3, "-0.7 EV"), (1.0, "+1 EV"), (-0.0001, "±0 EV"), (-5.0, "-5 EV")],
)
def test_compensation_is_said_in_thirds(stops: float, said: str) -> None:
    assert exposure_wording.ev(stops)[0] == said


def test_an_unknown_sensitivity_is_not_invented() -> None:
    assert exposure_wording.iso(ExposureState(iso=0, auto_iso=False)) == ("ISO --", "--")
    assert exposure_wording.iso(ExposureState(iso=0)) == ("Auto --", "A--")


def test_auto_iso_says_so() -> None:
    assert exposure_wording.iso(ExposureState(auto_iso=True, iso=400)) == ("Auto 400", "A400")
    assert exposure_wording.iso(ExposureState(auto_iso=False, iso=400)) == ("ISO 400", "400")


@pytest.mark.parametrize(("iso", "said"), [(100, 100), (137, 125), (1131, 1250), (2226, 2000), (25600, 25000)])
def test_an_automatic_iso_is_said_in_thirds_of_stops(iso: int, said: int) -> None:
    assert exposure_wording.iso(ExposureState(iso=iso))[0] == f"Auto {said}"


def test_in_m_without_auto_iso_it_is_said_by_how_much_the_shot_is_off() -> None:
    manual = {"mode": "M", "auto_iso": False}
    said = exposure_wording.compensation
    assert said(ExposureState(**manual, off_ev=-1.33)) == ("-1.3 EV", "-1.3")  # type: ignore[arg-type]
    assert said(ExposureState(**manual, off_ev=0.0)) == ("±0 EV", "±0")  # type: ignore[arg-type]
    assert said(ExposureState(**manual, off_ev=0.33, ev=1.0))[0] == "+0.3 EV (+1)"  # type: ignore[arg-type]
    assert said(ExposureState(**manual, ev=1.0)) == ("+1 EV", "+1")  # type: ignore[arg-type]
    assert said(ExposureState(mode="M", off_ev=-1.33, ev=0.67)) == ("+0.7 EV", "+0.7")


def test_what_the_automatic_lacks_stands_where_nothing_is_more_important() -> None:
    dark = ExposureState(off_ev=-2.0)
    assert wording.doing(synthetic_state(exposure=dark), "")[0] == "Too dark by 2 EV"
    assert wording.doing(synthetic_state(exposure=dark, camera="armed"), "")[0] == "Too dark by 2 EV"
    assert wording.doing(synthetic_state(exposure=dark), "MCAM0001")[0] == "MCAM0001"
    assert wording.doing(synthetic_state(exposure=dark, camera="exposing"), "")[0] == "Exposing"
    assert exposure_wording.trouble(ExposureState(off_ev=0.67))[0] == "Too bright by 0.7 EV"
    assert exposure_wording.trouble(ExposureState(off_ev=0.0)) == ()
    assert exposure_wording.trouble(ExposureState(off_ev=4.67, locked=True)) == ()
    assert exposure_wording.trouble(ExposureState(mode="M", auto_iso=False, off_ev=-2.0)) == ()


def test_a_shutter_that_the_mains_will_show_in_says_why() -> None:
    assert exposure_wording.trouble(ExposureState(flickers=True, anti_flicker="50 Hz"))[0] == "Too bright for 50 Hz"


def test_a_lock_is_seen_beside_the_mode() -> None:
    assert exposure_wording.mode(ExposureState(locked=True)) == ("A AE-L", "A*")
    assert exposure_wording.mode(ExposureState()) == ("A",)


def test_metering_and_white_balance_have_their_names() -> None:
    assert exposure_wording.metering(ExposureState(metering="spot")) == ("Spot",)
    assert exposure_wording.metering(ExposureState(anti_flicker="60 Hz"))[0] == "Multi · 60 Hz"
    said = exposure_wording.white_balance
    assert said(WhiteBalanceState(temperature_k=5200)) == ("WB auto 5200 K", "WB auto")
    assert said(WhiteBalanceState()) == ("WB auto", "WB auto")
    assert said(WhiteBalanceState(mode="kelvin", kelvin=3200, temperature_k=3200))[0] == "WB 3200 K"
    assert said(WhiteBalanceState(mode="tungsten", temperature_k=2900)) == ("WB tungsten", "tungsten")
    words = [
        *said(WhiteBalanceState(temperature_k=5200)),
        *exposure_wording.metering(ExposureState(anti_flicker="50 Hz")),
    ]
    assert [drawable(word) for word in words] == words
