"""The remote control: POST /call/METHOD with the method's parameters as JSON is a call of the daemon's protocol.

`?listener=NAME`, as /state told that browser, has a button let go when the browser is there no more.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from device.errors import BadMessage, CallFailed, McamError, NotRunning
from device.protocol import CALLS, MESSAGE_MAX, ButtonCall, ErrorReply
from device.strict import Struct
from ui.client import Client
from ui.web.held import Held

METHODS = {name: kind for name, kind in CALLS.items() if name != "Monitor"}  # that one is a stream: /state
LONGEST_CALL_S = 60.0  # a Shoot that waits for several pictures on a slow card

_STATUS = {
    "Busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "NotReady": HTTPStatus.CONFLICT,
    "NotSimulated": HTTPStatus.CONFLICT,
    "CardFault": HTTPStatus.INSUFFICIENT_STORAGE,
    "BadValue": HTTPStatus.BAD_REQUEST,
    "InvalidParameter": HTTPStatus.BAD_REQUEST,
}

_log = logging.getLogger(__name__)


class Refused(Exception):
    """A request that goes no further: what to answer."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Remote:
    """Passes calls on, and lets go of what a browser still held when it vanished.

    Args:
        client: of the daemon.
        listens: whether the browser of that name is there.
    """

    def __init__(self, client: Client, listens: Callable[[str], bool]) -> None:
        self._client, self._listens = client, listens
        self._held = Held()

    async def call(self, request: Request) -> Response:
        """The handler of POST /call/{method}."""
        try:
            method = str(request.path_params["method"])
            parameters = await _parameters(request, method)
        except Refused as refusal:
            return _answer(ErrorReply(message=str(refusal)), refusal.status)
        try:
            reply = await run_in_threadpool(self._client.call, method, parameters, LONGEST_CALL_S)
            answer = _answer(reply, HTTPStatus.OK)
        except McamError as error:
            answer = _answer(ErrorReply(message=str(error)), status_of(error))
        await self._note(parameters, request.query_params.get("listener", ""))  # a button refused is down all the same
        return answer

    async def let_go(self, listener: str) -> None:
        """Release what only that browser held: a camera must not stay half-pressed for ever."""
        for name in self._held.without(listener):
            release = ButtonCall(name=name, down=False)
            try:
                await run_in_threadpool(self._client.call, "Button", release)
            except McamError as error:
                _log.info("not released: %s", error)  # the daemon is gone and its buttons with it

    async def _note(self, parameters: Struct, listener: str) -> None:
        if isinstance(parameters, ButtonCall) and parameters.name != "encoder":
            self._held.note(parameters, listener)
            if listener and not self._listens(listener):  # gone while the daemon answered
                await self.let_go(listener)


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
    async for chunk in request.stream():
        body += chunk
        if len(body) > MESSAGE_MAX:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A call has at most {MESSAGE_MAX} bytes.")
    return bytes(body)


def _answer(message: Struct, status: HTTPStatus) -> Response:
    return Response(msgspec.json.encode(message), status, media_type="application/json")
