from dataclasses import replace

import msgspec
import pytest

from device.errors import BadMessage
from device.face_states import ViewState
from device.preview import PreviewFrame
from device.protocol import Event, Photo
from device.states import CardStatus, ExposureState, State
from tests.synthetic_view import synthetic_view
from ui.state import NOTE_NS, PEAK_HOLD_NS, Seen, happened, looked, merged, passed, told


def test_a_change_replaces_whole_sections_and_leaves_the_rest() -> None:
    before = State(camera="live", card=CardStatus(folder="card", shots_left=9), view=ViewState(grid=True))
    change = msgspec.json.decode(msgspec.json.encode({"exposure": ExposureState(iso=800), "message": "Wait."}))
    after = merged(before, change)
    assert after == State(
        camera="live",
        message="Wait.",
        card=CardStatus(folder="card", shots_left=9),
        view=ViewState(grid=True),
        exposure=ExposureState(iso=800),
    )


@pytest.mark.parametrize("change", [{"warp": {}}, {"camera": "flying"}, {"card": {"shots_left": "many"}}, {"view": 3}])
def test_a_change_that_cannot_be_read_says_so(change: dict[str, object]) -> None:
    with pytest.raises(BadMessage, match="restart mcam"):
        merged(State(), change)


def scored(score: float, now_ns: int) -> PreviewFrame:
    view = synthetic_view(columns=32, rows=24)
    return replace(view, sensor_timestamp_ns=now_ns, reading=replace(view.reading, focus_score=score))


def test_the_focus_meter_holds_its_peak_and_lets_go() -> None:
    seen = looked(Seen(), scored(3.0, 1_000))
    seen = looked(seen, scored(8.0, 2_000))
    seen = looked(seen, scored(5.0, 3_000))
    assert (seen.focus_score, seen.focus_peak) == (5.0, 8.0)
    seen = looked(seen, scored(5.0, 2_000 + PEAK_HOLD_NS))
    assert (seen.focus_score, seen.focus_peak) == (5.0, 5.0)


def test_a_peak_of_another_clock_is_not_held() -> None:
    seen = looked(looked(Seen(), scored(8.0, 10**12)), scored(2.0, 5))
    assert seen.focus_peak == 2.0


def test_a_saved_photograph_is_named_for_a_while() -> None:
    saved = Event(kind="saved", photo=Photo(name="100MCAM_/MCAM0007", files=[]))
    seen = happened(Seen(camera=State()), saved, 50)
    assert seen.note == "MCAM0007"
    assert passed(seen, 49 + NOTE_NS).note == "MCAM0007"
    assert passed(seen, 50 + NOTE_NS).note == ""


def test_a_failure_is_told_in_the_cameras_words() -> None:
    assert happened(Seen(), Event(kind="failed", text="The card is full."), 1).note == "The card is full."


def test_a_warning_is_told_in_the_cameras_words() -> None:
    assert happened(Seen(), Event(kind="warning", text="The clock went back."), 1).note == "The clock went back."


def test_a_button_changes_nothing_to_see() -> None:
    assert happened(Seen(), Event(kind="button", text="ok"), 1) == Seen()


def test_what_was_measured_goes_with_the_daemon() -> None:
    seen = Seen(camera=State(), focus_score=4.0, focus_peak=5.0, peak_ns=9, note="MCAM0001", note_ns=3)
    assert told(seen, None) == Seen()
    assert told(seen, State(camera="armed")).focus_peak == 5.0
