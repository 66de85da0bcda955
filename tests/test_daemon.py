"""What the daemon tells whoever started it, and when."""

import threading
from collections.abc import Iterator

import pytest

from device import daemon
from device.daemon import _first_frame, _patience, _say_how_many_wait, _watch
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


class Compiling:
    """What numba is at, question by question; then nothing any more."""

    def __init__(self, *told: bool) -> None:
        self._told, self.asked = answers(*told), threading.Event()

    def __call__(self) -> bool:
        for answer in self._told:
            return answer
        self.asked.set()
        return False


def test_more_time_is_asked_for_while_kernels_are_compiled_until_it_has_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiling, told = Compiling(False, True, True), Told()
    monkeypatch.setattr(daemon, "compiling", compiling)
    with _patience(told, 0.0):
        assert compiling.asked.wait(10)
    assert told.words == ["starting"] * 2


def test_whatever_waits_for_a_kernel_after_the_start_is_alive_without_a_word_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also who watches the others: he asks the camera, whose lock a thread may hold that waits for numba."""
    more, told = threading.Event(), Told()
    compiling = Compiling(True, False, True)
    monkeypatch.setattr(daemon, "compiling", lambda: more.is_set() and compiling())
    with _patience(told, 0.0) as started:
        started()
        more.set()
        assert compiling.asked.wait(10)
    assert told.words == ["alive"] * 2


def test_a_thread_that_does_not_turn_is_not_alive() -> None:
    stopped, told = answers(False, False, False, True), Told()
    _watch(lambda: 1, [], told, lambda _: next(stopped), lambda: None)
    assert told.words == ["alive"]


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
