import contextlib
import json
import queue
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from device.errors import CallFailed, NotRunning
from device.face_states import ViewState
from device.protocol import AlbumCall, AlbumReply, Event, MonitorReply, Photo
from device.states import State
from device.strict import Struct
from ui.client import LONGEST_WAIT_S, Client, waits_s


class TinyDaemon:
    """A Unix socket that answers Monitor with what the test hands it, and everything else with one reply."""

    def __init__(self, path: Path) -> None:
        self.calls: queue.Queue[tuple[socket.socket, dict[str, object]]] = queue.Queue()
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(connection)
            message = connection.recv(65536)
            if message:
                self.calls.put((connection, json.loads(message.rstrip(b"\0"))))

    def monitored(self) -> socket.socket:
        connection, call = self.calls.get(timeout=10)
        assert call == {"method": "io.github.mcam.Monitor", "parameters": {}, "more": True}
        return connection

    def close(self) -> None:
        with contextlib.suppress(OSError):  # a test may have closed it already
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._open:
            connection.close()


def tell(connection: socket.socket, reply: Struct, **more: object) -> None:
    connection.sendall(msgspec.json.encode({"parameters": reply, **more}) + b"\0")


class Watched:
    """A client with everything it told, and a wait that waits for the test instead of for time."""

    def __init__(self, path: Path) -> None:
        self.states: queue.Queue[State | None] = queue.Queue()
        self.events: queue.Queue[Event] = queue.Queue()
        self.waits: queue.Queue[float] = queue.Queue()
        self.go_on: queue.Queue[bool] = queue.Queue()
        self.client = Client(path, self.states.put, self.events.put, wait=self._wait)
        self.client.start()

    def _wait(self, seconds: float) -> bool:
        self.waits.put(seconds)
        return self.go_on.get(timeout=10)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mcam.sock"


@pytest.fixture
def daemon(path: Path) -> Iterator[TinyDaemon]:
    daemon = TinyDaemon(path)
    yield daemon
    daemon.close()


@pytest.fixture
def watched(path: Path, daemon: TinyDaemon) -> Iterator[Watched]:  # noqa: ARG001 - it has to listen first
    watched = Watched(path)
    yield watched
    watched.go_on.put(True)
    watched.client.close()


def test_the_full_state_comes_first_then_changes_are_laid_over_it(daemon: TinyDaemon, watched: Watched) -> None:
    connection = daemon.monitored()
    tell(connection, MonitorReply(state=State(camera="live")), continues=True)
    assert watched.states.get(timeout=10) == State(camera="live")
    tell(connection, MonitorReply(changes={"camera": "armed", "view": ViewState(zebra=False)}), continues=True)
    assert watched.states.get(timeout=10) == State(camera="armed", view=ViewState(zebra=False))
    assert watched.client.state == State(camera="armed", view=ViewState(zebra=False))


def test_events_are_delivered(daemon: TinyDaemon, watched: Watched) -> None:
    event = Event(kind="saved", photo=Photo(name="100MCAM_/MCAM0001", files=[]))
    tell(daemon.monitored(), MonitorReply(event=event), continues=True)
    assert watched.events.get(timeout=10) == event


def test_a_lost_daemon_is_told_once_and_found_again(path: Path, daemon: TinyDaemon, watched: Watched) -> None:
    tell(daemon.monitored(), MonitorReply(state=State()), continues=True)
    assert watched.states.get(timeout=10) == State()
    daemon.close()
    assert watched.states.get(timeout=10) is None
    watched.go_on.put(False)
    assert [watched.waits.get(timeout=10), watched.waits.get(timeout=10)] == [0.1, 0.2]
    again = TinyDaemon(path)
    watched.go_on.put(False)
    tell(again.monitored(), MonitorReply(state=State(camera="live")), continues=True)
    assert watched.states.get(timeout=10) == State(camera="live")
    again.close()
    assert watched.states.get(timeout=10) is None
    assert watched.waits.get(timeout=10) == 0.1  # it did answer in between: from the start again


def test_an_answer_of_another_version_is_a_lost_daemon(daemon: TinyDaemon, watched: Watched) -> None:
    connection = daemon.monitored()
    tell(connection, MonitorReply(state=State()), continues=True)
    assert watched.states.get(timeout=10) == State()
    tell(connection, MonitorReply(changes={"teleporter": {}}), continues=True)
    assert watched.states.get(timeout=10) is None


def test_waits_grow_and_stop_growing() -> None:
    waits = waits_s()
    first = [next(waits) for _ in range(10)]
    assert first[:3] == [0.1, 0.2, 0.4]
    assert first[-1] == LONGEST_WAIT_S


def test_nobody_is_waited_for_when_it_closes(path: Path) -> None:
    client = Client(path, lambda _state: None, lambda _event: None)
    client.start()
    client.close()
    client.close()
    assert client.state is None


def test_a_call_goes_over_its_own_connection(path: Path, daemon: TinyDaemon) -> None:
    client = Client(path, lambda _state: None, lambda _event: None)
    photos = [Photo(name="100MCAM_/MCAM0001", files=["100MCAM_/MCAM0001.DNG"])]
    answer = threading.Thread(target=lambda: tell(daemon.calls.get(timeout=10)[0], AlbumReply(photos=photos)))
    answer.start()
    assert client.call("Album", AlbumCall(limit=1)) == AlbumReply(photos=photos)
    answer.join()


def test_a_refusal_is_the_daemons_own_sentence(path: Path, daemon: TinyDaemon) -> None:
    client = Client(path, lambda _state: None, lambda _event: None)

    def refuse() -> None:
        connection, _ = daemon.calls.get(timeout=10)
        connection.sendall(b'{"error":"io.github.mcam.Busy","parameters":{"message":"Wait."}}\0')

    answer = threading.Thread(target=refuse)
    answer.start()
    with pytest.raises(CallFailed, match=r"^Wait\.$"):
        client.call("Shoot")
    answer.join()


def test_a_call_without_a_daemon_says_how_to_start_one(path: Path) -> None:
    client = Client(path, lambda _state: None, lambda _event: None)
    with pytest.raises(NotRunning, match="mcam run"):
        client.call("GetState")
