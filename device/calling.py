"""Calls to the daemon from another process, one connection at a time: used by the command line, viewfinder and page."""

import contextlib
import select
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from device.errors import BadMessage, CallFailed, McamError, NotRunning
from device.protocol import INTERFACE, REPLIES, GetStateReply, Nothing
from device.states import State
from device.strict import Struct
from device.varlink import encode


class _OutgoingCall(msgspec.Struct, omit_defaults=True):
    method: str
    parameters: Struct
    more: bool = False


class _IncomingReply(msgspec.Struct):
    parameters: msgspec.Raw = msgspec.Raw(b"{}")
    continues: bool = False
    error: str = ""


class _Sentence(msgspec.Struct):
    message: str = "The camera did not say why."


class Connection:
    """One connection to the daemon's socket.

    Raises:
        NotRunning: nobody listens there.
    """

    def __init__(self, path: Path, timeout_s: float | None = None) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        self._pending = b""
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            raise NotRunning(f"No camera answers at {path}: start one with mcam run.") from error

    def call(self, method: str, parameters: Struct | None = None) -> Struct:
        """One call, one reply.

        Raises:
            CallFailed: the daemon said no.
            NotRunning: it went away.
            BadMessage: it answered what we cannot read.
        """
        return next(self._replies(_OutgoingCall(f"{INTERFACE}.{method}", parameters or Nothing())))

    def stream(self, method: str, parameters: Struct | None = None) -> Iterator[Struct]:
        """One call with many replies, until either side hangs up. Raises as `call` does."""
        return self._replies(_OutgoingCall(f"{INTERFACE}.{method}", parameters or Nothing(), more=True))

    @property
    def ended(self) -> bool:
        """Whether the other side hung up, as far as is known: between two calls it has nothing else to say."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def close(self) -> None:
        """Hang up; a `stream` waiting in another thread ends."""
        with contextlib.suppress(OSError):  # the other side may have been quicker
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _replies(self, call: _OutgoingCall) -> Iterator[Struct]:
        kind = REPLIES[call.method.removeprefix(f"{INTERFACE}.")]
        self._send(encode(call))
        while True:
            reply = _decode(self._message(), _IncomingReply)
            if reply.error:
                name = reply.error.rpartition(".")[2]
                raise CallFailed(name, _decode(bytes(reply.parameters), _Sentence).message)
            yield _decode(bytes(reply.parameters), kind)
            if not reply.continues:
                return

    def _send(self, message: bytes) -> None:
        try:
            self._socket.sendall(message)
        except OSError as error:
            raise NotRunning("The camera went away: start it again with mcam run.") from error

    def _message(self) -> bytes:
        while b"\0" not in self._pending:
            try:
                chunk = self._socket.recv(65536)
            except OSError as error:
                raise NotRunning("The camera does not answer: start it again with mcam run.") from error
            if not chunk:
                raise NotRunning("The camera went away: start it again with mcam run.")
            self._pending += chunk
        message, _, self._pending = self._pending.partition(b"\0")
        return message


_T = TypeVar("_T")


def _decode(message: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(message, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadMessage(f"The camera answered what this version cannot read ({error}): restart mcam.") from error


def running_state(path: Path) -> State | None:
    """What the daemon says of itself, if one answers at that socket."""
    try:
        with Connection(path, timeout_s=5.0) as connection:
            reply = connection.call("GetState")
    except McamError:
        return None
    return reply.state if isinstance(reply, GetStateReply) else None
