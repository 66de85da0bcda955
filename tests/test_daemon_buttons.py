"""What the daemon makes of the rig's buttons: a refusal is a sentence for everybody, and no end of the buttons."""

from collections.abc import Callable
from unittest.mock import Mock

import pytest

from device import buttons, daemon
from device.config import load, with_changes
from device.errors import BadValue
from device.protocol import Event


@pytest.mark.parametrize(
    "turn", [lambda rig: rig.on_button("s2", True, 5), lambda rig: rig.on_turn(-1, 5)], ids=["button", "encoder"]
)
def test_a_refusal_is_told_and_raises_nothing(turn: Callable[["Rig"], None], monkeypatch: pytest.MonkeyPatch) -> None:
    refused = BadValue("This camera has no such thing: choose another.")
    commands = Mock(**{"button.side_effect": refused, "turn.side_effect": refused})
    made: list[Rig] = []
    monkeypatch.setattr(buttons, "Buttons", lambda *args: made.append(Rig(*args)) or made[-1])
    news = Mock()
    config = with_changes(load(None), {"buttons.enabled": True})
    with daemon._buttons(config, Mock(commands=commands), news) as failure:
        turn(made[0])
        assert failure() is None
    news.tell.assert_called_once_with(Event(kind="failed", text=str(refused)))
    assert made[0].closed


class Rig:
    """Buttons that are pressed by hand."""

    failure = None

    def __init__(self, _pins: object, _debounce_ms: int, _clock: object, on_button: object, on_turn: object) -> None:
        self.on_button, self.on_turn, self.closed = on_button, on_turn, False

    def close(self) -> None:
        self.closed = True
