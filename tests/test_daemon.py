"""What the daemon tells whoever started it, and when."""

from collections.abc import Iterator

import pytest

from device.daemon import _first_frame
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


def test_told_to_stop_it_waits_for_no_frame() -> None:
    asked = []
    _first_frame(lambda: bool(asked.append(1)), [], lambda _: True)
    assert asked == [1]
