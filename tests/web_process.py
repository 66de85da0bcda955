"""The web process inside a test: the real server on a free port, on a thread of its own, and a plain HTTP client."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path

from ui.web.__main__ import listening, server
from ui.web.site import application


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def message(self) -> str:
        return str(json.loads(self.body)["message"])


class WebClient:
    """Asks the server on that port of this machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def websocket(self, path: str) -> str:
        return f"ws://127.0.0.1:{self.port}{path}"

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", path, None, headers or {})

    def call(self, method: str, parameters: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        return self.post(f"/call/{method}", json.dumps(parameters or {}).encode(), headers)

    def post(self, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("POST", path, body, {"Content-Type": "application/json", **(headers or {})})

    def _ask(self, verb: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port)
        try:
            connection.request(verb, path, body, dict(headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


class WebProcess(WebClient):
    """Serves until closed; `port` 0 takes a free one."""

    def __init__(self, runtime: Path, card: Path, port: int = 0) -> None:
        listener = listening(f"127.0.0.1:{port}")
        super().__init__(int(listener.getsockname()[1]))
        self._server = server(application(runtime, card))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]})
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()
