"""The remote control: POST /call/METHOD with the method's parameters as JSON is a call of the daemon's protocol.

Buttons are pressed in the name of a browser, `?listener=NAME`, the one that it follows /state by: what it holds when
that socket goes is let go. Whoever gives no name holds nothing: his press is let go at once.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from device.errors import BadMessage, CallFailed, McamError, NotRunning
from device.protocol import CALLS, MESSAGE_MAX, ButtonCall, ErrorReply
from device.strict import Struct
from ui.client import Client
from ui.web.hand import Hand

METHODS = {name: kind for name, kind in CALLS.items() if name != "Monitor"}  # that one is a stream: /state
COMES_WITHIN_S = 5.0  # the socket of a browser that has pressed a button
GONE_KEPT = 64  # browsers, whose last calls may be answered after they went
LONGEST_CALL_S = 60.0  # a Shoot that waits for several pictures on a slow card

_STATUS = {
    "Busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "NotReady": HTTPStatus.CONFLICT,
    "NotSimulated": HTTPStatus.CONFLICT,
    "CardFault": HTTPStatus.INSUFFICIENT_STORAGE,
    "BadValue": HTTPStatus.BAD_REQUEST,
    "InvalidParameter": HTTPStatus.BAD_REQUEST,
}


class Refused(Exception):
    """A request that goes no further: what to answer."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Remote:
    """Passes calls on, and lets go of what a browser still held when it vanished.

    Args:
        client: of the daemon.
        socket_path: the daemon's, on which each browser that presses a button gets a connection of its own.
        listens: whether the browser of that name is there.
    """

    def __init__(self, client: Client, socket_path: Path, listens: Callable[[str], bool]) -> None:
        self._client, self._socket_path, self._listens = client, socket_path, listens
        self._hands: dict[str, Hand] = {}
        self._gone: deque[str] = deque(maxlen=GONE_KEPT)

    async def call(self, request: Request) -> Response:
        """The handler of POST /call/{method}."""
        try:
            method = str(request.path_params["method"])
            parameters = await _parameters(request, method)
        except Refused as refusal:
            return _answer(ErrorReply(message=str(refusal)), refusal.status)
        listener = request.query_params.get("listener", "")
        try:
            if listener and isinstance(parameters, ButtonCall):
                reply = await self._press(listener, parameters)
            else:
                reply = await run_in_threadpool(self._client.call, method, parameters, LONGEST_CALL_S)
            return _answer(reply, HTTPStatus.OK)
        except McamError as error:
            return _answer(ErrorReply(message=str(error)), status_of(error))

    async def let_go(self, listener: str) -> None:
        """That browser is gone: a camera must not stay half-pressed for ever."""
        self._gone.append(listener)
        hand = self._hands.pop(listener, None)
        if hand is not None:
            await run_in_threadpool(hand.let_go)

    def close(self) -> None:
        """All are."""
        for hand in self._hands.values():
            hand.let_go()

    async def _press(self, listener: str, call: ButtonCall) -> Struct:
        hand = self._hands.setdefault(listener, Hand(self._socket_path))
        try:
            return await run_in_threadpool(hand.press, call)
        finally:
            if listener in self._gone:  # while the daemon answered
                self._hands.pop(listener, None)
                await run_in_threadpool(hand.let_go)
            elif not self._listens(listener):
                asyncio.get_running_loop().call_later(COMES_WITHIN_S, self._give_up, listener)

    def _give_up(self, listener: str) -> None:
        """A button was pressed before the browser's socket stood, and it never did."""
        if not self._listens(listener) and listener in self._hands:
            asyncio.get_running_loop().run_in_executor(None, self._hands.pop(listener).let_go)


def status_of(error: McamError) -> HTTPStatus:
    """The HTTP status that says the same as the daemon's error."""
    if isinstance(error, CallFailed):
        return _STATUS.get(error.name, HTTPStatus.INTERNAL_SERVER_ERROR)
    if isinstance(error, NotRunning):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.BAD_GATEWAY if isinstance(error, BadMessage) else HTTPStatus.INTERNAL_SERVER_ERROR


async def _parameters(request: Request, method: str) -> Struct:
    if method not in METHODS:
        known = ", ".join(METHODS)
        raise Refused(HTTPStatus.NOT_FOUND, f"The camera has no call {method!r}; it has {known}.")
    # A foreign page may post forms and plain text without asking us first, but JSON never (Fetch, CORS-safelisted).
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the parameters as application/json.")
    body = await _body(request)
    try:
        return msgspec.json.decode(body or b"{}", type=METHODS[method])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, f"{method} does not understand that: {error}.") from error


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MESSAGE_MAX:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A call has at most {MESSAGE_MAX} bytes.")
    except ClientDisconnect as error:  # there is nobody to tell, but else it would be logged as a fault of ours
        raise Refused(HTTPStatus.BAD_REQUEST, "The call ended before it was whole.") from error
    return bytes(body)


def _answer(message: Struct, status: HTTPStatus) -> Response:
    return Response(msgspec.json.encode(message), status, media_type="application/json")
