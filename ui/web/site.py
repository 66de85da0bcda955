"""Everything the web process answers, at which path."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from device.runtime import PANEL, SOCKET
from ui.web.feed import feed
from ui.web.gallery import Gallery
from ui.web.news import News
from ui.web.origin import OwnPageOnly, names_of_this_machine
from ui.web.panel import Panel
from ui.web.remote import Remote

PAGES = Path(__file__).with_name("pages")


class Pages(StaticFiles):
    """The page's own files; a browser may keep them but asks whether they changed, as after an update."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """As StaticFiles, with one more header."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type] # passed through untouched
        response.headers["Cache-Control"] = "no-cache"
        return response


class Site:
    """The parts behind the routes."""

    def __init__(self, runtime: Path, card: Path) -> None:
        self.news = News(runtime / SOCKET)
        self.panel = Panel(runtime / PANEL)
        self.remote = Remote(self.news.client, runtime / SOCKET, self.news.listens)
        self.gallery = Gallery(card)

    async def watch_panel(self, websocket: WebSocket) -> None:
        """/panel: JPEGs, the newest each time."""
        serial = 0

        async def next_message() -> bytes:
            nonlocal serial
            picture = await self.panel.after(serial)
            serial = picture.serial
            return picture.jpeg

        await feed(websocket, next_message)

    async def follow_state(self, websocket: WebSocket) -> None:
        """/state?listener=NAME: JSON, see news.Message; the name is the browser's own choice for this socket."""
        listener = websocket.query_params.get("listener", "")
        try:
            with self.news.subscription(listener) as mailbox:
                await feed(websocket, mailbox.next_message)
        finally:  # also where the connection broke while something was sent
            await self.remote.let_go(listener)

    @asynccontextmanager
    async def life(self, _: Starlette) -> AsyncIterator[None]:
        """From before the first request to after the last."""
        self.news.start()
        try:
            yield
        finally:
            await run_in_threadpool(self.news.client.close)
            await run_in_threadpool(self.remote.close)


def application(runtime: Path, card: Path) -> Starlette:
    """The ASGI application for a runtime folder and a card; neither daemon, viewfinder nor card need be there."""
    site = Site(runtime, card)
    routes = [
        WebSocketRoute("/panel", site.watch_panel),
        WebSocketRoute("/state", site.follow_state),
        Route("/call/{method}", site.remote.call, methods=["POST"]),
        Route("/photos", site.gallery.photos),
        Route("/thumbnail/{name:path}", site.gallery.thumbnail),
        Route("/file/{path:path}", site.gallery.file),
        Mount("/", Pages(directory=PAGES, html=True)),
    ]
    own_page_only = Middleware(OwnPageOnly, names=names_of_this_machine())
    return Starlette(routes=routes, middleware=[own_page_only], lifespan=site.life)
