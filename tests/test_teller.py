"""Calls that nobody waits for."""

import queue
import threading

import pytest

from device.errors import NotRunning
from device.protocol import ShownCall
from device.strict import Struct
from ui.teller import Teller


def shown(delay_us: int) -> ShownCall:
    return ShownCall(delay_us=delay_us, worst_us=delay_us)


def test_what_is_said_while_a_call_waits_is_called_in_its_newest_form() -> None:
    called: queue.Queue[Struct] = queue.Queue()
    answer = threading.Event()

    def call(_: str, parameters: Struct) -> None:
        called.put(parameters)
        answer.wait(10)

    teller = Teller(call)
    teller.say("Shown", shown(1))
    teller.start()
    assert called.get(timeout=10) == shown(1)
    for delay_us in (2, 3):
        teller.say("Shown", shown(delay_us))
    answer.set()
    assert called.get(timeout=10) == shown(3)
    teller.close()
    assert called.empty()


def test_a_daemon_that_does_not_answer_ends_nothing() -> None:
    called: queue.Queue[str] = queue.Queue()

    def call(method: str, _: Struct) -> None:
        called.put(method)
        raise NotRunning("No camera answers.")

    teller = Teller(call)
    teller.start()
    for method in ("Look", "Shown"):
        teller.say(method, shown(1))
        assert called.get(timeout=10) == method
    teller.close()


@pytest.mark.parametrize("started", [False, True])
def test_it_ends_at_once_when_nothing_is_to_be_told(started: bool) -> None:
    teller = Teller(lambda _, __: None)
    if started:
        teller.start()
    teller.close()
