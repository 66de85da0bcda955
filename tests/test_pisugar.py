"""A PiSugar's charge, from a server that speaks as its maker's does, well or badly."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from device import pisugar
from device.body_status import LOOK_NS, BodyStatus
from device.pisugar import INSTALLED, UNKNOWN, Charge, PiSugar, asked, understood


@contextmanager
def server(*answers: bytes, hangs: bool = False) -> Iterator[tuple[tuple[str, int], list[bytes]]]:
    """Its address, and what it was asked: it sends its answers one by one, and hangs up unless it hangs."""
    heard: list[bytes] = []
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                heard.append(connection.recv(1024))
                for answer in answers:
                    connection.sendall(answer)
                if hangs:
                    assert over.wait(20)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname(), heard
        over.set()
        thread.join()


def test_it_is_asked_by_lines_and_its_answers_are_understood() -> None:
    with server(b"battery: 84.52\nbattery_charging: true\n") as (address, heard):
        assert asked(address) == (85, True)
    assert heard == [b"get battery\nget battery_charging\n"]


def test_answers_come_in_parts_and_a_press_of_the_boards_button_between() -> None:
    with server(b"bat", b"tery: 7.9", b"\nsingle", b"battery_charging: fal", b"se\n") as (address, _):
        assert asked(address) == (8, False)


def test_a_board_that_does_not_know_whether_it_charges_tells_the_charge() -> None:
    with server(b"battery: 50\nInvalid request.\n") as (address, _):
        assert asked(address) == (50, None)


@pytest.mark.parametrize("rubbish", ["", "Invalid request.\n", "battery: NaN\n", "battery: 84", "battery: -1\n"])
def test_rubbish_is_no_charge(rubbish: str) -> None:
    assert understood(rubbish) == UNKNOWN


@pytest.mark.parametrize("percent", ["100.1", "999", "1234", "8" * 5000])
def test_more_than_all_is_no_charge(percent: str) -> None:
    assert understood(f"battery: {percent}\n") == UNKNOWN


def test_a_server_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pisugar, "PARTS_MAX", 2)
    with server(b"\xff" * 4096, hangs=True) as (address, _):
        assert asked(address) == UNKNOWN


def test_a_server_that_hangs_is_left_with_what_it_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pisugar, "TIMEOUT_S", 0.2)
    with server(b"battery: 31\n", hangs=True) as (address, _):
        assert asked(address) == (31, None)


def test_where_nobody_listens_nothing_is_known() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    assert asked(address) == UNKNOWN


class Board:
    """A server's answers, which come when a test says so."""

    def __init__(self, root: Path) -> None:
        self.answer: Charge = (62, False)
        self.beside: list[Callable[[], None]] = []
        self.gauge = PiSugar(root, lambda: self.answer, self.beside.append)

    def go_on(self) -> None:
        self.beside.pop()()


def test_nobody_waits_for_the_answer_and_no_second_question_is_asked_before_it(tmp_path: Path) -> None:
    (tmp_path / INSTALLED).mkdir(parents=True)
    board = Board(tmp_path)
    assert [board.gauge.charge() for _ in range(3)] == [UNKNOWN] * 3
    assert len(board.beside) == 1
    board.go_on()
    assert board.gauge.charge() == (62, False)
    board.answer = UNKNOWN  # its server ended
    board.go_on()
    assert board.gauge.charge() == UNKNOWN


def test_without_its_server_installed_nobody_is_asked(tmp_path: Path) -> None:
    board = Board(tmp_path)
    assert (board.gauge.charge(), board.beside) == (UNKNOWN, [])


def test_the_body_tells_it_where_the_kernel_knows_no_gauge(tmp_path: Path) -> None:
    (tmp_path / INSTALLED).mkdir(parents=True)
    board = Board(tmp_path)
    body = BodyStatus(tmp_path, lambda: 1.0, 0.0, lambda: None, board.gauge.charge)
    body.look(0)
    board.go_on()
    body.look(LOOK_NS)
    assert (body.state.battery_percent, body.state.charging) == (62, False)
    gauge = tmp_path / "sys/class/power_supply/battery"
    gauge.mkdir(parents=True)
    for name, text in (("type", "Battery"), ("capacity", "99"), ("status", "Full")):
        (gauge / name).write_text(text)
    body.look(2 * LOOK_NS)
    assert (body.state.battery_percent, body.state.charging) == (99, True)
