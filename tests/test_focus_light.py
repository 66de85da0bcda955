"""The light for focusing without looking, on gpiozero's mock pins."""

from collections.abc import Iterator

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from device import daemon
from device.config import load, with_changes
from device.errors import NoPins
from device.focus_light import HOLD_NS, Best, FocusLight, brightness
from device.news import News
from tests.conftest import build_frame
from tests.synthetic_view import synthetic_view

PIN = 9
FRAME_NS = 25_000_000


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    factory = MockFactory(pin_class=MockPWMPin)
    yield factory
    factory.reset()


def test_it_shines_at_the_best_and_is_dark_at_half_of_it() -> None:
    assert [brightness(share) for share in (0.0, 0.5, 0.75, 1.0)] == [0.0, 0.0, 0.25, 1.0]


def test_the_best_is_held_while_the_ring_goes_past_it_and_back() -> None:
    best = Best()
    turned = [best.share(score, k * FRAME_NS) for k, score in enumerate((2.0, 5.0, 10.0, 6.0, 10.0, 12.0))]
    assert turned == [1.0, 1.0, 1.0, 0.6, 1.0, 1.0]


def test_an_old_best_is_let_go_as_the_camera_points_elsewhere_by_then() -> None:
    best = Best()
    best.share(10.0, 0)
    assert best.share(4.0, HOLD_NS - 1) == 0.4
    assert best.share(4.0, HOLD_NS) == 1.0


def test_without_any_detail_it_is_dark() -> None:
    assert Best().share(0.0, 0) == 0.0


def test_the_pin_follows_the_score_and_is_let_go(pins: MockFactory) -> None:
    light = FocusLight(PIN, pytest.fail, pins)
    levels = []
    for k, score in enumerate((8.0, 6.0, 3.0, 8.0)):
        light.follow(score, k * FRAME_NS)
        levels.append(pins.pin(PIN).state)
    assert levels == [1.0, 0.25, 0.0, 1.0]
    light.close()
    FocusLight(PIN, pytest.fail, pins).close()  # it is free again


def test_a_pin_that_is_taken_is_said_in_a_sentence(pins: MockFactory) -> None:
    light = FocusLight(PIN, pytest.fail, pins)
    with pytest.raises(NoPins, match=r"focus light's pin cannot be used .*\[focus_light\]"):
        FocusLight(PIN, pytest.fail, pins)
    light.close()


def test_a_pin_that_fails_is_told_once_and_stops_no_frame(pins: MockFactory) -> None:
    said: list[str] = []
    light = FocusLight(PIN, said.append, pins)
    light.close()
    for k in range(3):
        light.follow(5.0, k * FRAME_NS)
    assert len(said) == 1
    assert said[0].endswith("look at the focus meter.")


class Parts:
    """What the daemon gives the light."""

    class stream:  # noqa: N801 - stands for an attribute
        measured = None


def test_the_daemon_lets_it_follow_each_frame(pins: MockFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.buttons.pins_of_this_machine", lambda: pins)
    config = with_changes(load(None), {"focus_light.pin": 9})
    frame, reading = build_frame(synthetic_view().preview.y.astype("u2")), synthetic_view().reading
    with daemon._focus_light(config, Parts, News()):  # type: ignore[arg-type]
        Parts.stream.measured(frame, reading)  # type: ignore[misc]
        assert pins.pin(PIN).state == 1.0
    Parts.stream.measured(frame, reading)  # type: ignore[misc]


def test_without_a_pin_no_factory_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.buttons.pins_of_this_machine", lambda: pytest.fail("no pins here"))
    with daemon._focus_light(load(None), Parts, News()):  # type: ignore[arg-type]
        pass
