"""What reaches the service manager, on real datagram sockets."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.notify import ServiceManager


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, ServiceManager]]:
    name = str(tmp_path / "notify") if request.param == "path" else f"@mcam-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("\0" + name[1:] if name.startswith("@") else name)
        listener.settimeout(10)
        yield listener, ServiceManager({"NOTIFY_SOCKET": name})


def test_each_word_is_one_datagram(manager: tuple[socket.socket, ServiceManager]) -> None:
    listener, service = manager
    service.starting()
    service.ready("IMX477, 4056 × 3040")
    service.alive()
    service.stopping()
    heard = [listener.recv(4096).decode() for _ in range(4)]
    told = ["EXTEND_TIMEOUT_USEC=60000000", "READY=1\nSTATUS=IMX477, 4056 × 3040", "WATCHDOG=1", "STOPPING=1"]
    assert heard == told


def test_a_status_of_several_lines_stays_one_assignment(manager: tuple[socket.socket, ServiceManager]) -> None:
    listener, service = manager
    service.ready("card\nMAINPID=1\n")
    assert listener.recv(4096) == b"READY=1\nSTATUS=card MAINPID=1"


def test_without_a_service_manager_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)  # whoever asked for a socket would fail
    service = ServiceManager({})
    service.starting()
    service.ready("on a laptop")
    service.alive()
    service.stopping()


def test_a_service_manager_that_went_away_costs_nothing(tmp_path: Path) -> None:
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")}).alive()


def test_a_service_manager_that_does_not_read_never_blocks_the_camera(
    manager: tuple[socket.socket, ServiceManager],
) -> None:
    _, service = manager
    for _ in range(2000):  # more than any receive queue holds
        service.alive()
