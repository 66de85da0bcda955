"""What the daemon tells whoever started it, and when."""

import threading
from collections.abc import Iterator

import pytest

from device import daemon
from device.daemon import _first_frame, _more_time, _say_how_many_wait, _watch
from device.errors import CameraLost
from device.notify import ServiceManager


class Told(ServiceManager):
    """Keeps what it would tell the service manager."""

    def __init__(self) -> None:
        super().__init__({})
        self.words: list[str] = []

    def starting(self) -> None:
        self.words.append("starting")

    def alive(self) -> None:
        self.words.append("alive")


def answers(*told: bool) -> Iterator[bool]:
    yield from told


def test_it_is_ready_only_once_a_frame_came_by() -> None:
    frames, waits = answers(False, False, True), []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return False

    _first_frame(lambda: next(frames), [lambda: None], wait)
    assert len(waits) == 2


def test_more_time_is_asked_for_while_kernels_are_compiled_until_it_has_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered, at_work, told = threading.Event(), answers(False, True, True), Told()

    def compiling() -> bool:
        for answer in at_work:
            return answer
        answered.set()
        return False

    monkeypatch.setattr(daemon, "compiling", compiling)
    with _more_time(told, 0.0) as started:
        assert answered.wait(10)
        started()
    assert told.words == ["starting"] * 2


@pytest.mark.parametrize(("compiled", "words"), [(False, ["alive"]), (True, ["alive"] * 3)])
def test_a_thread_that_does_not_turn_is_alive_while_kernels_are_compiled(
    compiled: bool,
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stopped, told = answers(False, False, False, True), Told()
    monkeypatch.setattr(daemon, "compiling", lambda: compiled)
    _watch(lambda: 1, [], told, lambda _: next(stopped), lambda: None)
    assert told.words == words


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
