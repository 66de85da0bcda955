"""What the process does once it is asked: be the daemon, take a few photographs, or inspect one."""

import math
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from device import buttons, cli, inspection, meter, runtime
from device.assembly import Parts, running
from device.clock import SteppedClock
from device.config import Config
from device.errors import McamError
from device.frame import Exposure, Frame, Granted, SensorFacts
from device.news import News
from device.notify import ServiceManager
from device.preview import PreviewWriter, Sizes
from device.protocol import Event, Photo
from device.sensor import Setting
from device.sensor_replay import ReplaySensor
from device.server import Server
from device.supervisor import interrupted

Failure = Callable[[], BaseException | None]  # what ended a part by itself, None as long as it lives

HEARTBEAT_S = 0.2
SETTLE_FRAMES = 12  # the automatic exposure needs eight


def run_daemon(config: Config, folder: Path) -> None:
    """`mcam capture`: until told to stop.

    Raises:
        McamError: it could not start, or a part failed; CameraLost means that starting again may help.
    """
    manager = ServiceManager(os.environ)
    with ExitStack() as stack:
        stack.enter_context(runtime.claim(folder))
        wait = stack.enter_context(interrupted())
        news = News()
        parts = stack.enter_context(running(config, folder, news, seen=lambda _: None))
        server = Server(folder / runtime.SOCKET, parts.commands.answer, parts.commands.state)
        news.subscribe(server.changed, server.tell)
        server.start()
        stack.callback(server.close)
        pressing = stack.enter_context(_buttons(config, parts, news))
        manager.ready(f"photographs go to {config.card.folder}")
        stack.callback(manager.stopping)
        failures = [*parts.failures, lambda: server.failure, pressing]
        _watch(lambda: parts.stream.turns, failures, manager, wait)


def shoot_alone(config: Config, number: int) -> list[Photo]:
    """`mcam shoot --sensor ...`: no daemon, no socket; the camera lives for as long as it takes."""
    settled = threading.Event()
    counted = iter(range(SETTLE_FRAMES))

    def seen(_: Frame) -> None:
        if next(counted, None) is None:
            settled.set()

    with (
        tempfile.TemporaryDirectory(prefix="mcam-") as folder,
        running(config, Path(folder), News(), seen) as parts,
    ):
        parts.camera.arm(on=True, when_ns=parts.clock.now_ns())
        while not settled.wait(HEARTBEAT_S):
            _raise_first(parts.failures)
        return _shots(parts, number)


def _shots(parts: Parts, number: int) -> list[Photo]:
    photos: list[Photo] = []
    while len(photos) < number:
        saved = parts.camera.press(parts.clock.now_ns(), number - len(photos))
        photos += [future.result() for future in saved]
    return photos


def inspect_file(path: Path, png: Path | None, maps: Path | None, size: str) -> tuple[dict[str, object], str]:
    """`mcam inspect`: the figures of a stored RAW for programs and for people, and what else was asked for.

    Raises:
        BadPicture, NoCamera, MissingPackage: the file cannot be read, and why.
        BadValue: an output cannot be written.
    """
    clock = SteppedClock()
    sensor = ReplaySensor(path, clock, buffers=4, preview_max=(768, 1024))
    granted = sensor.start(Setting.ARMED, Exposure(10_000, 1.0))
    frame = sensor.wait(math.inf)
    assert frame is not None  # noqa: S101 - a stepped clock waits as long as it takes
    figures = inspection.inspect(frame)
    if maps is not None:
        inspection.save_maps(frame, maps)
    if png is not None:
        _draw(frame, sensor.facts, granted, size, png)
    sensor.close()
    return inspection.as_json(figures), inspection.as_text(figures)


def _draw(frame: Frame, facts: SensorFacts, granted: Granted, size: str, png: Path) -> None:
    """Have the viewfinder draw one frame: it is another package, so it is another process."""
    with tempfile.TemporaryDirectory(prefix="mcam-") as folder:
        ring, state = Path(folder) / runtime.RING, Path(folder) / "state.json"
        with PreviewWriter(ring, Sizes.for_sensor(granted.height, granted.width, frame.preview.y.shape)) as writer:
            writer.publish(frame, meter.read(frame))
            state.write_bytes(msgspec.json.encode(inspection.state_of(frame, facts, granted)))
            options = ["--once", "--ring", str(ring), "--state", str(state), "--size", size, "--png", str(png)]
            subprocess.run([sys.executable, "-m", "ui", *options], check=True)


def _watch(
    turns: Callable[[], int], failures: Sequence[Failure], manager: ServiceManager, wait: Callable[[float], bool]
) -> None:
    """Stay until told to stop; a part that ended by itself ends the process, one that hangs is the manager's to end."""
    seen = -1
    while not wait(HEARTBEAT_S):
        _raise_first(failures)
        if turns() != seen:
            seen = turns()
            manager.alive()


def _raise_first(failures: Sequence[Failure]) -> None:
    for failure in failures:
        error = failure()
        if error is not None:
            raise error


@contextmanager
def _buttons(config: Config, parts: Parts, news: News) -> Iterator[Failure]:
    """The rig's buttons where there are pins; a refused press is told to everybody. Gives what ended their thread."""
    wanted = buttons.available() if config.buttons.enabled == "auto" else config.buttons.enabled
    if not wanted:
        yield lambda: None
        return

    def on_button(name: str, down: bool, when_ns: int) -> None:  # noqa: FBT001 - as Buttons calls it
        try:
            parts.commands.button(name, down, when_ns)
        except McamError as error:
            news.tell(Event(kind="failed", text=str(error)))

    debounce_ms = config.buttons.debounce_ms
    rig = buttons.Buttons(
        config.buttons.pins, debounce_ms, parts.clock, on_button, lambda steps, _: parts.commands.turn(steps)
    )
    try:
        yield lambda: rig.failure
    finally:
        rig.close()


if __name__ == "__main__":
    sys.exit(cli.main(["capture", *sys.argv[1:]]))
