"""What `python -m ui` does: draw panels until told to stop, or, with --once, a single one as a PNG.

Nothing imported here loads numba, nor may it: on a Pi that takes seconds, and the splash is on the panel before.
"""

import argparse
import gc
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

import msgspec

from device.errors import EXIT_FAILED, BadMessage, McamError, NoScreen, NotRunning
from device.preview import PreviewReader
from device.protocol import Event
from device.runtime import PANEL, RING, SOCKET, prepare
from device.states import State
from ui.framebuffer import Framebuffer
from ui.own_pace import OwnPace
from ui.screen import MemoryScreen, Pixels, Screen
from ui.splash import splash

if TYPE_CHECKING:
    from ui.live import Live

_NEEDED = {False: ("runtime",), True: ("ring", "state", "png")}
TOLD_WITHIN_S = 1.0
SMALLEST, LARGEST = 128, 4096  # sides of a panel
HELP_COLUMNS = 100  # unless told, argparse asks shutil at each start, which loads bz2 and lzma


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks for; the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if missing := [f"--{name}" for name in _NEEDED[options.once] if getattr(options, name) is None]:
        parser.error(f"give {' and '.join(missing)}")
    try:
        if options.once:
            _draw_once(options)
        else:
            _run(options)
    except McamError as error:
        sys.stderr.write(f"mcam: {error}\n")
        return EXIT_FAILED
    return 0


def _run(options: argparse.Namespace) -> None:
    told_to_stop: list[int] = []  # an Event could deadlock: its lock may be held where the signal interrupts
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: told_to_stop.append(number))
    with ExitStack() as stack:
        screens = _screens(options, stack)
        live = _live(options, screens, stack)
        gc.freeze()  # what was imported is there to stay, so no collection between two frames need look through it
        gc.enable()
        while not told_to_stop:
            live.turn(_now_ns())
            _check(screens)
            time.sleep(live.pause_s(_now_ns()))


def _check(screens: Sequence[Screen]) -> None:
    """Raise what ended a panel's thread, also while there is nothing to show: a new process may have more luck."""
    for screen in screens:
        if isinstance(screen, OwnPace):
            screen.check()


def _now_ns() -> int:
    """The clock of the frames' timestamps, see `device.clock`."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def _live(options: argparse.Namespace, screens: list[Screen], stack: ExitStack) -> "Live":
    from device.level import SYSFS, level_of  # noqa: PLC0415 - with what needs it
    from ui.client import Client  # noqa: PLC0415 - after the splash

    news: SimpleQueue[State | Event | None] = SimpleQueue()
    client = Client(options.runtime / SOCKET, news.put, news.put)
    stack.callback(client.close)
    client.start()  # now, so that the daemon answers while the rest is imported
    from ui.ghost import Ghost  # noqa: PLC0415 - numpy
    from ui.live import Live  # noqa: PLC0415 - numba
    from ui.teller import Teller  # noqa: PLC0415 - only needed here
    from ui.viewfinder import Viewfinder  # noqa: PLC0415 - numba

    viewfinder = Viewfinder(screens[0].size, Ghost().of)
    teller = Teller(lambda method, parameters: client.call(method, parameters, TOLD_WITHIN_S))
    level = level_of(SYSFS, options.level_axes)
    stack.callback(teller.close)
    teller.start()
    return Live(options.runtime / RING, viewfinder, screens, level, teller.say, _now_ns, news)


def _screens(options: argparse.Namespace, stack: ExitStack) -> list[Screen]:
    """The panel, where there is one, with the splash on it, and always the memory that the page shows."""
    screens: list[Screen] = []
    if options.screen is not None:
        panel = Framebuffer.at(options.screen, options.rotation)
        panel.show_splash(splash(panel.size))
        screens.append(panel if panel.synchronised else OwnPace(panel))
        stack.callback(screens[0].close)
    try:
        screens.append(MemoryScreen(prepare(options.runtime) / PANEL, screens[0].size if screens else options.size))
    except OSError as error:
        raise NoScreen(f"Cannot write to {options.runtime} ({error.strerror}): give another --runtime.") from error
    stack.callback(screens[-1].close)
    return screens


def _draw_once(options: argparse.Namespace) -> None:
    from ui.state import Seen, looked, told  # noqa: PLC0415 - only needed here
    from ui.viewfinder import Viewfinder  # noqa: PLC0415 - numba

    view = PreviewReader(options.ring).newest()
    if view is None:
        raise NotRunning(f"{options.ring} holds no frame yet: try again when the camera runs.")
    seen = looked(told(Seen(), _state(options.state)), view)
    _save(Viewfinder(options.size).draw(seen, view), options.png)


def _state(path: Path) -> State:
    try:
        return msgspec.json.decode(path.read_bytes(), type=State)
    except (OSError, msgspec.MsgspecError) as error:
        raise BadMessage(f"{path} is no state of the camera ({error}): take it from mcam status --json.") from error


def _save(pixels: Pixels, path: Path) -> None:
    from PIL import Image  # noqa: PLC0415 - only needed here

    try:
        Image.fromarray(pixels[..., 2::-1].copy()).save(path, "PNG")
    except OSError as error:
        raise NoScreen(f"Cannot write {path} ({error.strerror}): choose another place for the PNG.") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ui",
        description="The viewfinder of mcam.",
        formatter_class=lambda prog: argparse.HelpFormatter(prog, width=HELP_COLUMNS),
    )
    parser.add_argument("--runtime", type=Path, help="folder in which the daemon's socket and ring are")
    parser.add_argument("--screen", type=_screen, default=None, help="memory, or fb:/dev/fb0 for a panel as well")
    parser.add_argument("--size", type=_size, default=(800, 480), help="of the screen in memory; a panel knows its own")
    parser.add_argument("--rotation", type=int, choices=(0, 90, 180, 270), default=0, help="of the panel, clockwise")
    parser.add_argument(
        "--level-axes", type=_axes, default="x y z", help="of the accelerometer: right, up, to the photographer"
    )
    once = parser.add_argument_group("one panel as a picture")
    once.add_argument("--once", action="store_true", help="draw the newest frame of --ring to --png and end")
    once.add_argument("--ring", type=Path)
    once.add_argument("--state", type=Path, help="the State to show, as JSON")
    once.add_argument("--png", type=Path)
    return parser


def _screen(text: str) -> Path | None:
    if text == "memory":
        return None
    kind, _, path = text.partition(":")
    if kind != "fb" or not path:
        raise argparse.ArgumentTypeError(f'"{text}" is no screen: use memory or fb:/dev/fb0')
    return Path(path)


def _axes(text: str) -> str:
    if sorted(part.removeprefix("-") for part in text.split()) != ["x", "y", "z"]:
        raise argparse.ArgumentTypeError(f'"{text}" is no three axes: write x, y and z once each, as in "-y x z"')
    return text


def _size(text: str) -> tuple[int, int]:
    columns, _, rows = text.partition("x")
    if not (columns.isdecimal() and rows.isdecimal()):
        raise argparse.ArgumentTypeError(f'"{text}" is no size: write columns x rows as in 800x480')
    size = int(columns), int(rows)
    if min(size) < SMALLEST or max(size) > LARGEST:
        raise argparse.ArgumentTypeError(f"{text} is no panel: sides go from {SMALLEST} to {LARGEST}")
    return size
