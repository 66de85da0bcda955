"""Who may speak to us: only our own page. A camera on a network must not be fired by somebody else's page.

A foreign page can post blindly to any address (cross-site request forgery), open websockets to it, or have its own
name resolve to our address (DNS rebinding). Browsers name the page in `Origin` and the address they were given in
`Host` and let no script forge either; so `Host` must be an address or a name of this machine, and `Origin` the same.
"""

import ipaddress
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REFUSAL = "Only the camera's own page may do this: open the camera by its address."
_POLICY = {
    # Everything comes from here and nobody may frame us (a frame could have a click land on the shutter).
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob:; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def names_of_this_machine() -> set[str]:
    """By which names somebody may rightly have found us; .local is what mDNS calls a machine."""
    name = socket.gethostname().lower()
    return {"localhost", name, f"{name}.local"}


def is_ours(host: str, origin: str | None, names: Collection[str]) -> bool:
    """Whether a request with these headers came to a name of ours and, if a page sent it, from our own page."""
    address = urlsplit(f"//{host.lower()}")
    if not (_is_address(address.hostname or "") or address.hostname in names):
        return False
    return origin is None or urlsplit(origin.lower()).netloc == address.netloc


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class OwnPageOnly:
    """ASGI middleware: refuses with 403 what `is_ours` denies, and tells browsers to be as strict."""

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse one connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif self._allows(scope):
            await self._app(scope, receive, _strict(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # before accepting: answered as 403
        else:
            await JSONResponse({"message": REFUSAL}, 403)(scope, receive, send)

    def _allows(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        try:
            return is_ours(headers.get("host", ""), headers.get("origin"), self._names)
        except ValueError:  # a host that is none, such as "[::"
            return False


def _strict(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_POLICY)
        await send(message)

    return sending
