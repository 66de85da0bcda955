"""Threads that step back behind others: only they, not the process."""

import os
import sys
import threading

import pytest

from device.background import NICE, on_a_thread, step_back


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a nice value for each thread")
def test_a_thread_steps_back_alone() -> None:
    before, found = os.nice(0), list[int]()
    other = threading.Thread(target=lambda: (step_back(), found.append(os.nice(0))))
    other.start()
    other.join(10)
    assert found == [min(before + NICE, 19)]
    assert os.nice(0) == before


def test_a_sandbox_that_forbids_it_ends_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def forbidden(by: int) -> int:
        asked.append(by)
        raise PermissionError

    monkeypatch.setattr(os, "nice", forbidden)
    step_back()
    assert asked == ([NICE] if sys.platform == "linux" else [])


def test_a_thread_of_its_own_does_what_takes_its_time() -> None:
    began, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        assert may_end.wait(20)
        ended.set()

    on_a_thread(work)
    assert began.wait(20)
    assert not ended.is_set()
    may_end.set()
    assert ended.wait(20)
