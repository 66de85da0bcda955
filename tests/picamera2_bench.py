"""The real picamera2 with a small sensor on a simulated libcamera."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from device.clock import Clock, SteppedClock
from device.frame import Exposure
from device.scene import Scene
from device.sensor import Setting
from tests.libcamera_sim.bench import Bench
from tests.small_sensor import SMALL, next_frame

if TYPE_CHECKING:
    from device.sensor_picamera2 import Picamera2Sensor

EXPOSURE = Exposure(8_000, 2.0)
Open = Callable[..., "Picamera2Sensor"]


def small_bench(clock: Clock, **options: object) -> Bench:
    """Skips the test where there is no picamera2."""
    assert isinstance(clock, SteppedClock)
    return Bench(clock, **{"model": SMALL, "scene": Scene.drawn(), **options})  # type: ignore[arg-type]


def small_picamera2(clock: Clock, bench: Bench | None = None, **options: object) -> "tuple[Bench, Picamera2Sensor]":
    """A bench and the sensor on it."""
    bench = bench or small_bench(clock)
    return bench, opened(bench, **options)


def opened(bench: Bench, **options: object) -> "Picamera2Sensor":
    """The sensor on that bench."""
    from device.sensor_picamera2 import Picamera2Sensor  # noqa: PLC0415 - the bench has put libcamera in place

    usual = {
        "preview_max": (90, 120),
        "facts_of": lambda _: SMALL,
        "wait_readable": bench.wait_readable,
        "free_memory": lambda: None,
        "asleep_ns": lambda: 0,
    }
    return Picamera2Sensor(bench.clock, **{**usual, **options})  # type: ignore[arg-type]


def opening(bench: Bench) -> Iterator[Open]:
    """For a fixture: a function that makes sensors and starts them; they are closed at the end."""
    made: list[Picamera2Sensor] = []

    def started(setting: Setting = Setting.SMOOTH, on: Bench = bench, **options: object) -> "Picamera2Sensor":
        made.append(opened(on, **options))
        made[-1].start(setting, EXPOSURE)
        return made[-1]

    yield started
    for sensor in made:
        sensor.close()


def pass_by(sensor: "Picamera2Sensor", count: int) -> list[Exposure]:
    """Let frames pass; how each was exposed."""
    exposures = []
    for _ in range(count):
        frame = next_frame(sensor)
        exposures.append(frame.exposure)
        sensor.give_back(frame)
    return exposures
