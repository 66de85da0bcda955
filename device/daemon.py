"""The daemon's life: start the parts, watch them, stop them in reverse."""

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from device import buttons, runtime
from device.assembly import Failure, Parts, raise_first, running
from device.config import Config
from device.errors import McamError
from device.focus_light import FocusLight
from device.frame import LiveFrame, Reading
from device.kernel import compiling
from device.lens_reader import LensReader
from device.news import News
from device.notify import ServiceManager
from device.protocol import Event
from device.server import Server
from device.stream import unheard
from device.supervisor import interrupted

HEARTBEAT_S = 0.2
ASK_S = 1.0
TICK_S = 0.05  # how much later than it is due a held button may be noticed


def run_daemon(config: Config, folder: Path) -> None:
    """`mcam capture`: until told to stop.

    Raises:
        McamError: it could not start, or a part failed; CameraLost means that starting again may help.
    """
    manager = ServiceManager(os.environ)
    with ExitStack() as stack:
        stack.enter_context(runtime.claim(folder))
        stack.enter_context(runtime.last_words(folder))
        wait = stack.enter_context(interrupted())
        news = News()
        first = threading.Event()
        started = stack.enter_context(_patience(manager, ASK_S))
        parts = stack.enter_context(
            running(config, folder, news, seen=lambda _: first.set(), keeps=True, sleeps=_has_buttons(config))
        )
        server = Server(folder / runtime.SOCKET, parts.commands.answer, parts.commands.state, parts.commands.let_go)
        news.subscribe(server.changed, server.tell)
        server.start()
        stack.callback(server.close)
        pressing = stack.enter_context(_buttons(config, parts, news))
        stack.enter_context(_lens_reader(config, parts, news))
        stack.enter_context(_focus_light(config, parts, news))
        failures = [*parts.failures, lambda: server.failure, pressing]
        _first_frame(first.is_set, failures, wait)
        started()
        gc.collect()
        gc.freeze()  # what was built stays, so no collection between two frames, which stops every thread, looks at it
        _say_what_is_simulated(config, parts)
        _say_how_many_wait(config.card.queue, parts.darkroom.status().size)
        manager.ready(f"photographs go to {config.card.folder}")
        stack.callback(manager.stopping)
        (folder / runtime.LAST_WORDS).unlink(missing_ok=True)
        _watch(lambda: parts.stream.turns, failures, manager, wait, _passing(parts))


@contextmanager
def _patience(manager: ServiceManager, every_s: float) -> Iterator[Callable[[], None]]:
    """Asked of the manager as long as kernels are compiled, in whatever thread; gives what to call after the start.

    Without a library of kernels a small Pi's first frame waits for numba, for minutes, and later a tool that is used
    for the first time does: longer than any manager is patient. Who waits for numba may hold what others wait for, the
    camera's lock for instance, so a thread of its own asks.
    """
    started, ended = threading.Event(), threading.Event()

    def ask() -> None:
        while not ended.wait(every_s):
            if compiling():
                (manager.alive if started.is_set() else manager.starting)()

    asking = threading.Thread(target=ask, name="patience")
    asking.start()
    try:
        yield started.set
    finally:
        ended.set()
        asking.join()


def _first_frame(seen: Callable[[], bool], failures: Sequence[Failure], wait: Callable[[float], bool]) -> None:
    """Stay until there is one, or told to stop."""
    while not seen() and not wait(HEARTBEAT_S):
        raise_first(failures)


def _say_what_is_simulated(config: Config, parts: Parts) -> None:
    """Nobody who expects his camera shall photograph a painted table unawares."""
    if config.sensor.kind == "auto" and parts.commands.state().bench.simulated:
        sys.stderr.write("mcam: no camera is connected, so sensor and lens are simulated.\n")


def _say_how_many_wait(wanted: int, size: int) -> None:
    """Where memory is short, Busy comes sooner than the settings let expect."""
    if size < wanted:
        sys.stderr.write(f"mcam: memory has room for {size} photographs that wait for the card, not for {wanted}.\n")


def _watch(
    turns: Callable[[], int],
    failures: Sequence[Failure],
    manager: ServiceManager,
    wait: Callable[[float], bool],
    passed: Callable[[], None],
) -> None:
    """Stay until told to stop; a part that ended by itself ends the process, one that hangs is the manager's to end.

    Not what waits for numba: see `_patience`.
    """
    seen = -1
    while not wait(TICK_S):
        raise_first(failures)
        passed()
        if turns() != seen:
            seen = turns()
            manager.alive()


def _passing(parts: Parts) -> Callable[[], None]:
    """Tells the buttons that time passes."""
    return lambda: parts.commands.passed(parts.clock.now_ns())


def _has_buttons(config: Config) -> bool:
    """Whether this is a rig and not a laptop."""
    return buttons.available() if config.buttons.enabled == "auto" else config.buttons.enabled


@contextmanager
def _refusals_told(news: News) -> Iterator[None]:
    """To everybody, instead of ending the thread of the buttons and the process with it."""
    try:
        yield
    except McamError as error:
        news.tell(Event(kind="failed", text=str(error)))


@contextmanager
def _buttons(config: Config, parts: Parts, news: News) -> Iterator[Failure]:
    """The rig's buttons where there are pins; what is refused is told. Gives what ended their thread."""
    if not _has_buttons(config):
        yield lambda: None
        return

    def on_button(name: str, down: bool, when_ns: int) -> None:  # noqa: FBT001 - as Buttons calls it
        with _refusals_told(news):
            parts.commands.button(name, down, when_ns)

    def on_turn(steps: int, _when_ns: int) -> None:
        with _refusals_told(news):
            parts.commands.turn(steps)

    rig = buttons.Buttons(config.buttons.pins, config.buttons.debounce_ms, parts.clock, on_button, on_turn)
    try:
        yield lambda: rig.failure
    finally:
        rig.close()


@contextmanager
def _lens_reader(config: Config, parts: Parts, news: News) -> Iterator[None]:
    """The 6-bit reader, where the settings say that there is one."""
    wanted = config.lens_reader
    if not wanted.enabled:
        yield
        return
    reader = LensReader(
        wanted.pins,
        low_is_black=wanted.black_is == "low",
        on_code=parts.commands.coded,
        on_failure=lambda sentence: news.tell(Event(kind="failed", text=sentence)),
        pin_factory=buttons.pins_of_this_machine(None if wanted.chip < 0 else wanted.chip),
    )
    try:
        yield
    finally:
        reader.close()


@contextmanager
def _focus_light(config: Config, parts: Parts, news: News) -> Iterator[None]:
    """The light for focusing without looking, where the settings have a pin for it."""
    pin = config.focus_light.pin
    if pin == "none":
        yield
        return
    light = FocusLight(
        int(pin), lambda sentence: news.tell(Event(kind="failed", text=sentence)), buttons.pins_of_this_machine()
    )

    def follow(frame: LiveFrame, reading: Reading) -> None:
        light.follow(reading.focus_score, frame.sensor_timestamp_ns)

    parts.stream.measured = follow
    try:
        yield
    finally:
        parts.stream.measured = unheard
        light.close()
