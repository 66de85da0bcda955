"""The socket: varlink messages in, the camera's answers and its news out.

One thread with an asyncio loop. A client that sends rubbish, never reads or vanishes costs nobody else anything: each
has its own task, news are kept as "what has he seen last" and not as a queue, and one that reads nothing for
`PATIENCE_S` is hung up on.
"""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import msgspec

from device import protocol, varlink
from device.errors import Busy, CardFull, CardMissing, CardReadOnly, McamError
from device.held_buttons import FIRST_CLIENT
from device.protocol import CALLS, INTERFACE, MESSAGE_MAX, Event, Photo
from device.states import State
from device.strict import Struct
from device.varlink import SERVICE
from device.varlink_service import UNREADABLE, ServiceError, describe, read

PATIENCE_S = 10.0  # a client that lets its answers lie this long is gone
NEWS_PAUSE_S = 0.03  # at most some thirty updates a second, however fast the exposure wanders
LOOK_AGAIN_S = 1.0  # for figures that nobody tells of: the frame rate, the frames lost
# Calls that a card which hangs holds up, and nobody else with them.
NEEDS_CARD = frozenset({"Album", "Rate", "Protect", "Delete", "Undelete"})
EVENTS_KEPT = 100  # for a client that is slow to read
Answer = Struct | list["Future[Photo]"]
Respond = Callable[[str, Struct, int], Answer]


@dataclass(eq=False)
class Client:
    """One connection: its number, which no other had, and what it may still have to be told."""

    number: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    news: asyncio.Event = field(default_factory=asyncio.Event)
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=EVENTS_KEPT))


class Server:
    """The daemon's socket.

    Args:
        path: of the socket; a stale one is replaced (the composition root holds the lock that makes that safe).
        respond: answers a call of the interface by the client of that number; called on the server's thread, must be
            quick, but for NEEDS_CARD.
        state: a snapshot of everything.
        gone: told on the server's thread the number of each client whose connection has ended, however it did.
    """

    def __init__(self, path: Path, respond: Respond, state: Callable[[], State], gone: Callable[[int], None]) -> None:
        self.path = path
        self._respond, self._state, self._gone = respond, state, gone
        self._clients: set[Client] = set()
        self._numbers = count(FIRST_CLIENT)
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self._closing = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="server")
        self.failure: BaseException | None = None

    def start(self) -> None:
        """Listen; returns once a client could connect."""
        self._thread.start()
        self._listening.wait()

    def changed(self) -> None:
        """There may be news; may be called from any thread, as often as one likes."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is left to tell
            self._loop.call_soon_threadsafe(self._wake)

    def tell(self, event: Event) -> None:
        """Something happened; may be called from any thread."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._spread, event)

    def close(self) -> None:
        """Hang up on everybody and remove the socket."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._closing.set)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as error:  # noqa: BLE001 - the composition root ends the process with it
            self.failure = error
        finally:
            self._listening.set()
            self._loop.close()
            self.path.unlink(missing_ok=True)

    async def _serve(self) -> None:
        self.path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._attend, str(self.path), limit=MESSAGE_MAX)
        self.path.chmod(0o660)
        self._listening.set()
        await self._closing.wait()
        for listening in server.sockets:
            self._loop.remove_reader(listening)
        await asyncio.sleep(0)  # asyncio leaves a connection open that it accepted just before the server closes
        server.close()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:  # to accept one sets off another, to attend
            await asyncio.sleep(0)  # for what is cancelled before its first step closes none
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    def _wake(self) -> None:
        for client in self._clients:
            client.news.set()

    def _spread(self, event: Event) -> None:
        for client in self._clients:
            client.events.append(event)
            client.news.set()

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Client(next(self._numbers), reader, writer)
        self._clients.add(client)
        try:
            while await self._one_call(client):
                pass
        except (OSError, asyncio.IncompleteReadError):  # TimeoutError is an OSError
            pass  # he hung up, or reads nothing: both are his right
        except asyncio.CancelledError:
            if not self._closing.is_set():  # only `_serve` cancels; Python 3.11 would report it as a fault of ours
                raise
        finally:
            self._clients.discard(client)
            writer.transport.abort()
            self._gone(client.number)

    async def _one_call(self, client: Client) -> bool:
        """Read and answer one call; False when this client cannot be talked to."""
        try:
            message = await client.reader.readuntil(b"\0")
            call = msgspec.json.decode(message[:-1], type=varlink.Call)
        except (asyncio.LimitOverrunError, *UNREADABLE):
            await self._fail(client, ServiceError("InvalidParameter", parameter="message"))
            return False
        try:
            await self._dispatch(client, call)
        except ServiceError as error:
            await self._fail(client, error)
        except McamError as error:
            sentence = msgspec.json.encode(protocol.ErrorReply(message=str(error)))
            await self._send(client, varlink.Reply(parameters=msgspec.Raw(sentence), error=_name(error)))
        return True

    async def _dispatch(self, client: Client, call: varlink.Call) -> None:
        interface, _, method = call.method.rpartition(".")
        if interface == SERVICE:
            await self._reply(client, call, describe(method, call.parameters))
        elif interface != INTERFACE:
            raise ServiceError("InterfaceNotFound", interface=interface)
        elif method not in CALLS:
            raise ServiceError("MethodNotFound", method=method)
        elif method == "Monitor":
            await self._monitor(client, call)
        else:
            parameters = read(call.parameters, CALLS[method])
            if method in NEEDS_CARD:
                answer = await asyncio.to_thread(self._respond, method, parameters, client.number)
            else:
                answer = self._respond(method, parameters, client.number)
            await self._reply(client, call, await _photographs(answer) if isinstance(answer, list) else answer)

    async def _monitor(self, client: Client, call: varlink.Call) -> None:
        """The full state, then what changes, until he hangs up."""
        told = self._state()
        await self._reply(client, call, protocol.MonitorReply(state=told), continues=call.more)
        client.events.clear()
        while call.more and not client.reader.at_eof():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await client.news.wait()
            client.news.clear()
            while client.events:
                event = client.events.popleft()
                await self._reply(client, call, protocol.MonitorReply(event=event), continues=True)
            now = self._state()
            changes = _changes(told, now)
            if changes:
                await self._reply(client, call, protocol.MonitorReply(changes=changes), continues=True)
            told = now
            await asyncio.sleep(NEWS_PAUSE_S)

    async def _reply(
        self, client: Client, call: varlink.Call, answer: Struct | dict[str, object], *, continues: bool = False
    ) -> None:
        if not call.oneway:
            raw = msgspec.Raw(msgspec.json.encode(answer))
            await self._send(client, varlink.Reply(parameters=raw, continues=continues))

    async def _fail(self, client: Client, error: ServiceError) -> None:
        raw = msgspec.Raw(msgspec.json.encode(error.parameters))
        await self._send(client, varlink.Reply(parameters=raw, error=error.name))

    async def _send(self, client: Client, reply: varlink.Reply) -> None:
        client.writer.write(varlink.encode(reply))
        async with asyncio.timeout(PATIENCE_S):  # not wait_for: Python 3.11's may swallow the cancelling at the end
            await client.writer.drain()


async def _photographs(saved: list["Future[Photo]"]) -> Struct:
    """Wait until every photograph is safe; the first failure is the answer, the others go on."""
    photos = await asyncio.gather(*(asyncio.wrap_future(future) for future in saved))
    return protocol.ShootReply(photos=list(photos))


def _changes(told: State, now: State) -> dict[str, object]:
    """The sections of the state that differ, whole."""
    return {name: getattr(now, name) for name in State.__struct_fields__ if getattr(now, name) != getattr(told, name)}


def _name(error: McamError) -> str:
    """The interface's name for an error; all cards' troubles are one to a client."""
    name = type(error).__name__
    if isinstance(error, CardFull | CardMissing | CardReadOnly):
        name = "CardFault"
    elif not isinstance(error, Busy) and f"error {name} " not in varlink.IDL:
        name = "Failed"
    return f"{INTERFACE}.{name}"
