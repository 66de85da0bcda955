"""What the daemon tells whoever started it, and when."""

from collections.abc import Iterator

import pytest

from device.daemon import _first_frame, _say_how_many_wait
from device.errors import CameraLost


def answers(*told: bool) -> Iterator[bool]:
    yield from told


def test_it_is_ready_only_once_a_frame_came_by() -> None:
    frames, waits = answers(False, False, True), []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return False

    _first_frame(lambda: next(frames), [lambda: None], wait)
    assert len(waits) == 2


def test_a_part_that_fails_before_the_first_frame_ends_it() -> None:
    lost = CameraLost("The camera sends no frames.")
    with pytest.raises(CameraLost, match="no frames"):
        _first_frame(lambda: False, [lambda: None, lambda: lost], lambda _: False)


def test_a_queue_that_memory_cuts_short_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    _say_how_many_wait(6, 6)
    assert capsys.readouterr().err == ""
    _say_how_many_wait(6, 2)
    assert capsys.readouterr().err == "mcam: memory has room for 2 photographs that wait for the card, not for 6.\n"


def test_told_to_stop_it_waits_for_no_frame() -> None:
    asked = []
    _first_frame(lambda: bool(asked.append(1)), [], lambda _: True)
    assert asked == [1]
