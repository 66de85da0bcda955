"""One browser's websocket: the next message goes out once the browser has acknowledged the one before."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.websockets import WebSocket, WebSocketDisconnect

Message = str | bytes


async def feed(websocket: WebSocket, next_message: Callable[[], Awaitable[Message]]) -> None:
    """Send what `next_message` yields until the browser or the server hangs up.

    Nothing is asked of `next_message` before the browser answered (with any message at all), so that no queue can
    grow between us, however slow browser or network are.
    """
    await websocket.accept()
    acknowledged = asyncio.Event()
    tasks = {
        asyncio.create_task(_listen(websocket, acknowledged)),
        asyncio.create_task(_send(websocket, next_message, acknowledged)),
    }
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def _listen(websocket: WebSocket, acknowledged: asyncio.Event) -> None:
    while (await websocket.receive())["type"] != "websocket.disconnect":
        acknowledged.set()


async def _send(
    websocket: WebSocket, next_message: Callable[[], Awaitable[Message]], acknowledged: asyncio.Event
) -> None:
    try:
        while True:
            message = await next_message()
            acknowledged.clear()
            await (websocket.send_text(message) if isinstance(message, str) else websocket.send_bytes(message))
            await acknowledged.wait()
    except WebSocketDisconnect:
        return
