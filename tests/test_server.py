"""The socket: varlink as others speak it, news in order, and clients that misbehave."""

import gc
import json
import queue
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import msgspec
import pytest
import varlink

from device import face_states, protocol, shooting_states, states
from device.calling import Connection
from device.errors import Busy, CallFailed, CardFull, NotRunning
from device.face_states import ViewState
from device.protocol import (
    ButtonCall,
    Event,
    FocusCall,
    GetStateReply,
    MonitorReply,
    Nothing,
    Photo,
    SetCall,
    ShootCall,
    ShootReply,
)
from device.server import Server
from device.states import SensorState, State
from device.strict import Struct
from device.varlink import IDL


class Desk:
    """A camera that remembers what it was asked."""

    def __init__(self) -> None:
        self.state = State(camera="live")
        self.asked: list[tuple[str, Struct]] = []
        self.photos: list[Future[Photo]] = []
        self.clients: list[int] = []  # of the calls
        self.gone: queue.Queue[int] = queue.Queue()

    def respond(self, method: str, call: Struct, client: int) -> Struct | list[Future[Photo]]:
        self.asked.append((method, call))
        self.clients.append(client)
        if method == "Set":
            raise Busy
        if method == "Focus":
            raise CardFull("The card is full: put in another.")
        if method == "Shoot" and isinstance(call, ShootCall):
            self.photos = [Future() for _ in range(call.count)]
            return self.photos if call.wait else ShootReply(photos=[])
        return GetStateReply(state=self.state) if method == "GetState" else Nothing()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def server(desk: Desk, tmp_path: Path) -> Iterator[Server]:
    one = Server(tmp_path / "mcam.sock", desk.respond, lambda: desk.state, desk.gone.put)
    one.start()
    yield one
    one.close()
    assert one.failure is None
    assert not (tmp_path / "mcam.sock").exists()


@pytest.fixture
def path(server: Server) -> Path:
    return server.path


def raw_call(path: Path, data: bytes, replies: int = 1) -> list[dict[str, object]]:
    """Send bytes as they are; the first replies, or those before the server hung up."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(20)
        client.connect(str(path))
        client.sendall(data)
        received = b""
        while received.count(b"\0") < replies:
            chunk = client.recv(65536)
            if not chunk:
                break
            received += chunk
    return [json.loads(message) for message in received.split(b"\0") if message]


def test_the_reference_client_understands_us(path: Path) -> None:
    with (
        varlink.Client(f"unix:{path}") as client,
        client.open("org.varlink.service") as service,
        client.open("io.github.mcam") as camera,
    ):
        assert service.GetInfo()["interfaces"] == ["org.varlink.service", "io.github.mcam"]
        state = camera.GetState()["state"]
        assert state["camera"] == "live"
        assert set(state) == set(State.__struct_fields__)


def test_the_description_names_every_field_of_every_struct() -> None:
    """The IDL for other languages and the structs for Python are one protocol."""
    told = [kind for module in (states, face_states, shooting_states) for kind in vars(module).values()]
    structs = {kind.__name__: kind for kind in told if isinstance(kind, type) and issubclass(kind, Struct)}
    kinds = {re.sub("(?<=.)(State|Status)$", "", name): kind for name, kind in structs.items() if kind is not Struct}
    kinds |= {"Photo": protocol.Photo, "Event": protocol.Event}
    assert set(kinds) == set(re.findall(r"^type (\w+)", IDL, re.MULTILINE))
    for name, kind in kinds.items():
        body = re.search(rf"type {name} \(([^)]*)\)", IDL)
        assert body is not None, name
        assert re.findall(r"(\w+):", body[1]) == list(kind.__struct_fields__), name
    for method, kind in protocol.CALLS.items():
        body = re.search(rf"method {method}\(([^)]*)\)", IDL)
        assert body is not None, method
        assert re.findall(r"(\w+):", body[1]) == list(kind.__struct_fields__), method


def test_every_reply_can_be_read_by_our_own_client(path: Path) -> None:
    with Connection(path, 20) as connection:
        reply = connection.call("GetState")
        assert isinstance(reply, GetStateReply)
        assert reply.state.camera == "live"
        assert connection.call("Arm", protocol.ArmCall(on=True)) == Nothing()


def test_the_cameras_own_sentence_reaches_the_caller(path: Path) -> None:
    with Connection(path, 20) as connection:
        with pytest.raises(CallFailed, match="still writing") as busy:
            connection.call("Set", SetCall(key="exposure.ev", value=1.0))
        assert busy.value.name == "Busy"
        with pytest.raises(CallFailed, match="put in another") as full:
            connection.call("Focus", FocusCall())
        assert full.value.name == "CardFault"


def test_shoot_answers_when_the_picture_is_safe(path: Path, desk: Desk) -> None:
    replies: list[Struct] = []

    def shoot() -> None:
        with Connection(path, 20) as connection:
            replies.append(connection.call("Shoot", ShootCall(count=2)))

    caller = threading.Thread(target=shoot)
    caller.start()
    while len(desk.photos) < 2:
        threading.Event().wait(0.001)
    first, second = desk.photos
    second.set_result(Photo(name="100MCAM_/MCAM0002", files=[]))
    assert not replies
    first.set_result(Photo(name="100MCAM_/MCAM0001", files=[]))
    caller.join()
    assert [photo.name[-4:] for photo in replies[0].photos] == ["0001", "0002"]  # type: ignore[attr-defined]


def test_a_failed_picture_is_said_to_whoever_waits_for_it(path: Path, desk: Desk) -> None:
    failures: list[CallFailed] = []

    def shoot() -> None:
        with Connection(path, 20) as connection:
            try:
                connection.call("Shoot", ShootCall())
            except CallFailed as failed:
                failures.append(failed)

    caller = threading.Thread(target=shoot)
    caller.start()
    while not desk.photos:
        threading.Event().wait(0.001)
    desk.photos[0].set_exception(CardFull("The card is full: put in another."))
    caller.join()
    assert [failure.name for failure in failures] == ["CardFault"]


def test_a_monitor_gets_everything_first_and_then_only_what_changed(path: Path, desk: Desk, server: Server) -> None:
    with Connection(path, 20) as connection:
        news = connection.stream("Monitor")
        assert next(news) == MonitorReply(state=desk.state)
        desk.state = msgspec.structs.replace(desk.state, view=ViewState(peaking=False))
        server.changed()
        changes = next(news).changes  # type: ignore[attr-defined]
        assert list(changes) == ["view"]
        assert msgspec.convert(changes["view"], ViewState) == ViewState(peaking=False)
        server.tell(Event(kind="button", text="s2 down"))
        assert next(news).event.text == "s2 down"  # type: ignore[attr-defined]


def test_figures_that_nobody_tells_of_reach_a_monitor_too(
    path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.server.LOOK_AGAIN_S", 0.01)
    with Connection(path, 20) as connection:
        news = connection.stream("Monitor")
        next(news)
        desk.state = msgspec.structs.replace(desk.state, sensor=SensorState(frames_per_s=39.5))
        changes = next(news).changes  # type: ignore[attr-defined]
        assert changes["sensor"]["frames_per_s"] == 39.5


def test_monitor_without_more_is_one_answer(path: Path) -> None:
    (reply,) = raw_call(path, b'{"method":"io.github.mcam.Monitor"}\0')
    assert "continues" not in reply
    assert reply["parameters"]["state"]["camera"] == "live"  # type: ignore[index]


@pytest.mark.parametrize(
    ("call", "error", "names"),
    [
        ({"method": "io.github.mcam.Explode"}, "MethodNotFound", "Explode"),
        ({"method": "com.example.GetState"}, "InterfaceNotFound", "com.example"),
        ({"method": "GetState"}, "InterfaceNotFound", ""),
        ({"method": "org.varlink.service.Explode"}, "MethodNotFound", "Explode"),
        (
            {"method": "org.varlink.service.GetInterfaceDescription", "parameters": {"interface": "x.y"}},
            "InterfaceNotFound",
            "x.y",
        ),
        ({"method": "org.varlink.service.GetInterfaceDescription"}, "InterfaceNotFound", ""),
        ({"method": "io.github.mcam.Shoot", "parameters": {"count": "all"}}, "InvalidParameter", "count"),
        ({"method": "io.github.mcam.Shoot", "parameters": {"cuont": 1}}, "InvalidParameter", "cuont"),
        ({"method": "io.github.mcam.Shoot", "parameters": [1]}, "InvalidParameter", ""),
        ({"method": "org.varlink.service.GetInterfaceDescription", "parameters": 3}, "InvalidParameter", ""),
        ({"method": 3}, "InvalidParameter", "message"),
        ([1, 2], "InvalidParameter", "message"),
    ],
)
def test_a_wrong_call_is_answered_by_its_varlink_error(path: Path, call: object, error: str, names: str) -> None:
    (reply,) = raw_call(path, json.dumps(call).encode() + b"\0")
    assert reply["error"] == f"org.varlink.service.{error}"
    assert names in json.dumps(reply["parameters"])


@pytest.mark.parametrize(
    "call",
    [
        b'{"method":"\xff"}',
        b'{"method":"io.github.mcam.Set","parameters":{"key":"\xff","value":1}}',
        b'{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"\xff"}}',
    ],
)
def test_bytes_that_are_no_text_are_an_invalid_parameter(path: Path, call: bytes) -> None:
    (reply,) = raw_call(path, call + b"\0")
    assert reply["error"] == "org.varlink.service.InvalidParameter"


def test_a_wrong_call_does_not_end_the_conversation(path: Path) -> None:
    wrong = b'{"method":"io.github.mcam.Explode"}\0'
    right = b'{"method":"io.github.mcam.GetState"}\0'
    replies = raw_call(path, wrong + right, 2)
    assert "error" in replies[0]
    assert "state" in replies[1]["parameters"]  # type: ignore[operator]


def test_a_oneway_call_gets_no_answer(path: Path) -> None:
    silent = b'{"method":"io.github.mcam.GetState","oneway":true}\0'
    (reply,) = raw_call(path, silent + b'{"method":"org.varlink.service.GetInfo"}\0')
    assert "vendor" in reply["parameters"]  # type: ignore[operator]


@pytest.mark.parametrize("rubbish", [b"x" * 1_000_000, b"\xff\xfe\0", b"\0", b"{" * 30_000 + b"\0"])
def test_rubbish_is_hung_up_on_and_hurts_nobody_else(path: Path, rubbish: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as vandal:
        vandal.settimeout(20)
        vandal.connect(str(path))
        try:
            vandal.sendall(rubbish)
            while vandal.recv(65536):
                pass
        except (BrokenPipeError, ConnectionResetError):
            pass
    with Connection(path, 20) as connection:
        assert isinstance(connection.call("GetState"), GetStateReply)


def test_a_client_that_never_reads_delays_nobody(path: Path, server: Server) -> None:
    with socket.socket(socket.AF_UNIX) as deaf, Connection(path, 20) as other:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        deaf.connect(str(path))
        deaf.sendall(b'{"method":"io.github.mcam.Monitor","more":true}\0')
        for number in range(2000):
            server.tell(Event(kind="button", text=f"{number} " + "x" * 1000))
        assert isinstance(other.call("GetState"), GetStateReply)


def test_a_second_of_hanging_up_without_a_word_is_no_trouble(path: Path) -> None:
    for _ in range(50):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(b'{"method":"io.github.mcam.Mon')
    with Connection(path, 20) as connection:
        assert isinstance(connection.call("GetState"), GetStateReply)


def test_the_camera_knows_who_called_and_when_he_is_gone(path: Path, desk: Desk) -> None:
    with Connection(path, 20) as stays:
        stays.call("Button", ButtonCall(name="s1"))
        with Connection(path, 20) as goes:
            goes.call("Button", ButtonCall(name="s1"))
            goes.call("Button", ButtonCall(name="s2"))
        first, second = desk.clients[0], desk.clients[1]
        assert desk.clients == [first, second, second]
        assert first != second
        assert desk.gone.get(timeout=20) == second
        stays.call("GetState")
        assert desk.gone.empty()
    assert desk.gone.get(timeout=20) == first


@pytest.mark.slow
def test_a_client_that_is_killed_is_gone_like_any_other(path: Path, desk: Desk) -> None:
    presses = """
import sys
from pathlib import Path
from device.calling import Connection
from device.protocol import ButtonCall
connection = Connection(Path(sys.argv[1]))
connection.call("Button", ButtonCall(name="s1"))
print("down", flush=True)
input()
"""
    with subprocess.Popen(
        [sys.executable, "-c", presses, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == b"down\n"
        assert desk.gone.empty()
        client.kill()
        assert desk.gone.get(timeout=20) == desk.clients[0]


def test_closing_ends_monitors_too(desk: Desk, tmp_path: Path) -> None:
    server = Server(tmp_path / "mcam.sock", desk.respond, lambda: desk.state, desk.gone.put)
    server.start()
    with Connection(tmp_path / "mcam.sock", 20) as connection:
        news = connection.stream("Monitor")
        next(news)
        server.close()
        with pytest.raises(NotRunning):
            next(news)


def test_closing_while_news_are_on_their_way_never_hangs(desk: Desk, tmp_path: Path) -> None:
    """Python 3.11's asyncio.wait_for could swallow the cancellation; it did within some twenty rounds."""
    for _ in range(100):
        server = Server(tmp_path / "mcam.sock", desk.respond, lambda: desk.state, desk.gone.put)
        server.start()
        with Connection(tmp_path / "mcam.sock", 20) as connection:
            next(connection.stream("Monitor"))
            desk.state = msgspec.structs.replace(desk.state, message=desk.state.message + "x")
            server.changed()
            server.close()


def test_who_connects_while_the_server_closes_is_hung_up_on(desk: Desk, tmp_path: Path) -> None:
    """Accepted, but not yet attended to: its socket was left for the garbage collector, which warns of it."""
    answering, may_answer = threading.Event(), threading.Event()

    def respond(method: str, call: Struct, client: int) -> Struct | list[Future[Photo]]:
        answering.set()
        assert may_answer.wait(20)
        return desk.respond(method, call, client)

    server = Server(tmp_path / "mcam.sock", respond, lambda: desk.state, desk.gone.put)
    server.start()
    closing = threading.Thread(target=server.close)
    with socket.socket(socket.AF_UNIX) as asks, socket.socket(socket.AF_UNIX) as late:
        asks.connect(str(server.path))
        asks.sendall(b'{"method": "io.github.mcam.GetState"}\0')
        assert answering.wait(20)
        late.settimeout(20)
        late.connect(str(server.path))
        closing.start()
        while not server._loop._ready:  # type: ignore[attr-defined] # until it is told to close
            closing.join(0.001)
        may_answer.set()
        assert late.recv(1) == b""
        closing.join()
    assert server.failure is None
    gc.collect()


def test_a_stale_socket_is_replaced(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "mcam.sock").write_text("left by a power cut")
    server = Server(tmp_path / "mcam.sock", desk.respond, lambda: desk.state, desk.gone.put)
    server.start()
    with Connection(tmp_path / "mcam.sock", 20) as connection:
        assert isinstance(connection.call("GetState"), GetStateReply)
    server.close()


def test_a_card_that_hangs_holds_up_nobody_but_who_asked_for_it(desk: Desk, tmp_path: Path) -> None:
    asked, card_answers = threading.Event(), threading.Event()

    def respond(method: str, call: Struct, client: int) -> Struct | list[Future[Photo]]:
        if method == "Album":
            asked.set()
            assert card_answers.wait(20)
        return desk.respond(method, call, client)

    server = Server(tmp_path / "other.sock", respond, lambda: desk.state, desk.gone.put)
    server.start()
    waiting = socket.socket(socket.AF_UNIX)
    try:
        waiting.settimeout(20)
        waiting.connect(str(server.path))
        waiting.sendall(b'{"method": "io.github.mcam.Album"}\0')
        assert asked.wait(20)
        (reply,) = raw_call(server.path, b'{"method": "io.github.mcam.GetState"}\0')
        assert "error" not in reply
        assert not card_answers.is_set()
        card_answers.set()
        assert waiting.recv(65536).endswith(b"\0")
    finally:
        card_answers.set()
        waiting.close()
        server.close()
    assert server.failure is None
