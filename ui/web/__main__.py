"""The web process: `python -m ui.web --runtime DIR --card DIR [--http HOST:PORT]`.

Started by hand or by mcam run it makes its own socket; started by systemd it takes the one it is given
(sd_listen_fds(3)), so that on the camera nothing of it runs until somebody opens the page.
"""

import argparse
import errno
import logging
import os
import signal
import socket
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

import uvicorn
from starlette.types import ASGIApp

from device.errors import EXIT_FAILED, AddressInUse, BadValue, McamError
from ui.web.site import application

DEFAULT_HTTP = "127.0.0.1:8000"  # this machine only: whoever sees the page can press the shutter
FIRST_PASSED_FD = 3  # SD_LISTEN_FDS_START
BACKLOG = 64
MESSAGE_MAX = 1024  # bytes; a browser sends nothing but acknowledgements over its websockets
PING_S = 5.0  # a phone that left the network is noticed within two of these, and its buttons are let go


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; returns the exit code."""
    options = _options(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)  # until uvicorn takes over; it raises the signal once more when it has ended
    warnings.filterwarnings("ignore", module="PIL")  # it warns of damaged files; the page shows which they are
    try:
        listener = passed_socket(os.environ) or listening(options.http)
    except McamError as error:
        sys.stderr.write(f"mcam: {error}\n")
        return EXIT_FAILED
    sys.stdout.write(f"The page is at {address_of(listener)}\n")
    sys.stdout.flush()
    server(application(options.runtime, options.card)).run(sockets=[listener])
    return 0


def server(site: ASGIApp) -> uvicorn.Server:
    """Uvicorn as we use it: quiet, and quick to end."""
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    config = uvicorn.Config(
        site,
        lifespan="on",
        log_level="warning",
        access_log=False,
        ws_max_size=MESSAGE_MAX,
        ws_ping_interval=PING_S,
        ws_ping_timeout=PING_S,
        ws_per_message_deflate=False,  # JPEG does not shrink further
        timeout_graceful_shutdown=2,  # a download or a Shoot that waits is cut short
        server_header=False,
    )
    return uvicorn.Server(config)


def listening(address: str) -> socket.socket:
    """A socket that listens at HOST:PORT; port 0 takes a free one.

    Raises:
        BadValue: that is no address of this machine.
        AddressInUse: somebody else listens there.
    """
    host, port = _host_and_port(address)
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise BadValue(f"Cannot listen at {address} ({error.strerror}): give --http HOST:PORT.") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # past connections' leftovers do not count
        listener.bind(where)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise AddressInUse(f"Another program listens at {address}: stop it, or give another --http.") from error
        raise BadValue(f"Cannot listen at {address} ({error.strerror}): give another --http.") from error
    return listener


def passed_socket(environment: Mapping[str, str]) -> socket.socket | None:
    """The socket that systemd listens on for us, None when it does not."""
    if environment.get("LISTEN_PID") != str(os.getpid()) or environment.get("LISTEN_FDS", "0") == "0":
        return None
    return socket.socket(fileno=FIRST_PASSED_FD)


def address_of(listener: socket.socket) -> str:
    """What to type into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared with, not listened on
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("mcam web", description="The camera's page for a browser.")
    parser.add_argument("--runtime", type=Path, required=True, help="where daemon and viewfinder are found")
    parser.add_argument("--card", type=Path, required=True, help="the folder with DCIM in it")
    parser.add_argument("--http", default=DEFAULT_HTTP, metavar="HOST:PORT", help="default %(default)s")
    return parser.parse_args(arguments)


def _host_and_port(address: str) -> tuple[str, int]:
    host, colon, port = address.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65536):
        raise BadValue(f"{address!r} is no address to listen at: give HOST:PORT, such as {DEFAULT_HTTP}.")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _is_news(record: logging.LogRecord) -> bool:
    """Of a download that broke off the gallery has told already, and why."""
    return "without completing response" not in record.getMessage()


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
