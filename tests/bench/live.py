"""The live view's frame rate while ten photographs are written, over its rate while none is.

The sensor's frames are ready beforehand, so that no core simulates: one of full resolution every tenth of a second, as
an IMX477 gives them. The viewfinder is a process of its own, as in use. With the darkroom's threads as they are, and,
side by side, without their stepping back behind others.
"""

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from device import assembly, background, config, runtime
from device.clock import Clock, SteppedClock
from device.dust import NO_DUST, Dust
from device.flat_field import Gains
from device.frame import Exposure, Frame, Triple
from device.hot_pixels import HotPixels
from device.news import News
from device.preview import PreviewReader
from device.sensor import TO_PHOTOGRAPH, Granted, RealLens, Setting
from device.sensor_facts import IMX477
from device.sensor_simulated import SimulatedSensor
from device.states import State
from ui.state import Seen
from ui.viewfinder import Viewfinder

PHOTOGRAPHS = 10
QUIET_S = 2.5
ROUNDS = 3
FRAME_NS = 100_000_000
MEMORY = Path("/dev/shm")  # noqa: S108 - for the card: what is measured is who gets the processor, not a disk
SETTINGS = {"drive.arm": "always", "card.queue": PHOTOGRAPHS, "exposure.mode": "M"}


class ReadyFrames:
    """A `Sensor` that gives out frames made before, at its pace; those that nobody fetched in time are lost."""

    facts = IMX477.facts
    settings = TO_PHOTOGRAPH
    buffers = 6

    def __init__(self, clock: Clock, frames: list[Frame]) -> None:
        self._clock, self._frames = clock, frames
        self._due_ns, self._sequence = clock.now_ns(), 0

    def start(self, _: Setting, __: Exposure, ___: int = 0) -> Granted:
        return Granted(4056, 3040, 12, IMX477.cfa, "SBGGR12", FRAME_NS // 1000)

    def wait(self, _: float) -> Frame:
        missed = max(0, self._clock.now_ns() - self._due_ns) // FRAME_NS
        self._sequence += 1 + missed
        stamp_ns = self._due_ns + missed * FRAME_NS
        self._due_ns = stamp_ns + FRAME_NS
        self._clock.wait_until(stamp_ns)
        ready = self._frames[self._sequence % len(self._frames)]
        return replace(ready, sequence=self._sequence, sensor_timestamp_ns=stamp_ns)

    def set(self, exposure: Exposure) -> None: ...
    def balance(self, neutral: Triple | None) -> None: ...
    def give_back(self, frame: Frame) -> None: ...
    def correct(self, gains: Gains) -> None: ...
    def mend(self, hot: HotPixels, dust: Dust = NO_DUST) -> None: ...
    def fit_previews(self, rows: int, columns: int) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...


@dataclass
class Rates:
    """Frames a second, quiet and while photographs are written."""

    carried: list[float] = field(default_factory=list)  # by the daemon, into the ring
    drawn: list[float] = field(default_factory=list)  # by the viewfinder
    carried_writing: list[float] = field(default_factory=list)
    drawn_writing: list[float] = field(default_factory=list)

    def row(self, title: str) -> str:
        carried, drawn = _line(self.carried, self.carried_writing), _line(self.drawn, self.drawn_writing)
        return f"{title:24} carried {carried}   drawn {drawn}"


def _line(quiet: list[float], writing: list[float]) -> str:
    shares = [100 * after / before for before, after in zip(quiet, writing, strict=True)]
    rates = f"{statistics.median(quiet):5.1f} -> {statistics.median(writing):5.1f}/s"
    return f"{rates}, {statistics.median(shares):3.0f} % ({min(shares):.0f} to {max(shares):.0f})"


def run() -> list[str]:
    """Rows with and without the darkroom's stepping back: medians, and the least and the most of all rounds."""
    frames = _frames()
    rates = {"darkroom behind others": (background.NICE, Rates()), "darkroom as any thread": (0, Rates())}
    for _ in range(ROUNDS):
        for nice, found in rates.values():
            _measure(frames, nice, found)
    return [found.row(title) for title, (_, found) in rates.items()]


def _frames() -> list[Frame]:
    sensor = SimulatedSensor(SteppedClock())
    sensor.start(Setting.ARMED, Exposure(5000, 1.0))
    made = []
    for _ in range(3):
        frame = sensor.wait(10)
        assert frame is not None
        made.append(frame.copied())
        sensor.give_back(frame)
    return made


def _measure(frames: list[Frame], nice: int, rates: Rates) -> None:
    background.NICE = nice
    assembly.open_sensor = lambda _, clock: (ReadyFrames(clock, frames), RealLens())  # type: ignore[assignment,return-value]
    with whole_camera(SETTINGS, 3) as camera:
        press, now_ns = camera.parts.camera.press, camera.parts.clock.now_ns
        press(now_ns())[0].result()  # whatever is slow only once
        began = time.monotonic()
        time.sleep(QUIET_S)
        written = time.monotonic()
        for photograph in press(now_ns(), PHOTOGRAPHS):
            photograph.result()
        ended = time.monotonic()
    for stamps, quiet, writing in (
        (camera.carried, rates.carried, rates.carried_writing),
        (camera.drawn, rates.drawn, rates.drawn_writing),
    ):
        quiet.append(rate(stamps, began, written))
        writing.append(rate(stamps, written, ended))


@dataclass(frozen=True)
class WholeCamera:
    """A daemon whose card is in memory, a viewfinder, and when each frame was carried into the ring and drawn."""

    parts: assembly.Parts
    card: Path
    carried: list[float]
    drawn: list[float]


@contextmanager
def whole_camera(changes: Mapping[str, object], drawn_before: int) -> Iterator[WholeCamera]:
    """It, with other settings than the defaults, once so many frames are drawn."""
    carried: list[float] = []
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        card = Path(folder) / "card"
        settings = config.with_changes(config.load(None), {**changes, "card.folder": str(card)})
        with (
            assembly.running(settings, Path(folder), News(), lambda _: carried.append(time.monotonic())) as parts,
            drawing(Path(folder) / runtime.RING) as (process, drawn),
        ):
            while len(drawn) < drawn_before and process.poll() is None:
                time.sleep(0.1)
            yield WholeCamera(parts, card, carried, drawn)


def rate(stamps: list[float], start: float, end: float) -> float:
    """Stamps a second between two of them."""
    return sum(start <= stamp < end for stamp in stamps) / (end - start)


@contextmanager
def drawing(ring: Path) -> Iterator[tuple["subprocess.Popen[str]", list[float]]]:
    """A process that draws; when it drew each frame."""
    drawn: list[float] = []
    command = [sys.executable, "-m", "tests.bench.live", str(ring)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        listening = threading.Thread(target=lambda lines: drawn.extend(map(float, lines)), args=(process.stdout,))
        listening.start()
        yield process, drawn
        process.terminate()
        listening.join()


def _draw(ring: Path, size: tuple[int, int] = (800, 480), tell: Callable[[str], None] = print) -> None:
    reader, viewfinder, seen, stamp_ns = PreviewReader(ring), Viewfinder(size), Seen(camera=State(camera="live")), -1
    while True:
        frame = reader.newest()
        if frame is None or frame.sensor_timestamp_ns == stamp_ns:
            time.sleep(0.002)
            continue
        stamp_ns = frame.sensor_timestamp_ns
        viewfinder.draw(seen, frame)
        tell(f"{time.monotonic()}")
        sys.stdout.flush()


if __name__ == "__main__":
    _draw(Path(sys.argv[1]))
