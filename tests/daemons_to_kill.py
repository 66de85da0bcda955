"""Real daemons, one after the other, in a fraction of a second each: `python -m tests.daemons_to_kill RUNTIME`.

All that a start costs but the daemon's own is done once, in this process: the imports and the kernels. Each line on
standard input is a card's folder, how its daemon is to end and when; a daemon is then forked off, its process id
printed, and its exit status when it is dead. It ends by SIGKILL, which nothing in it can see coming:

    call N    before the N-th call of the operating system for the card, from the first DNG on
    byte N    with N bytes of the burst's files written, in the middle of a write
    none 0    not by itself
"""

import dataclasses
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from device import assembly, config, files, meter
from device import daemon as life
from device.clock import Clock, SystemClock
from device.frame import Exposure
from device.photograph import Photograph
from device.preview import PreviewWriter, Sizes
from device.sensor import Setting
from device.sensor_simulated import SimulatedSensor
from device.storage import Card
from tests.photographs import photograph
from tests.small_sensor import SMALL, flat_scene, next_frame, small_sensor

# As quick as the processor draws it: a burst of four takes as long as one frame of the real sensor.
QUICK = dataclasses.replace(
    SMALL,
    modes={setting: dataclasses.replace(mode, frame_duration_us=20_000) for setting, mode in SMALL.modes.items()},
)
PREVIEW = (90, 120)
SETTINGS = {"sensor.kind": "simulated", "drive.arm": "always", "buttons.enabled": False, "exposure.mode": "M"}


class DeadlySystem:
    """Module `os`, but the process dies at a call or within a write; counted from the first DNG that is begun."""

    def __init__(self, ending: str, at: int) -> None:
        self._ending, self._left, self._began = ending, at, False

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)

        def call(*args: Any, **options: Any) -> Any:
            self._began |= name == "open" and str(args[0]).endswith(".DNG.part") and bool(args[1] & os.O_CREAT)
            if self._began and self._ending == "call":
                self._left -= 1
                if self._left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **options)

        return call

    def pwritev(self, fd: int, views: Sequence[memoryview], offset: int) -> int:
        if self._began and self._ending == "byte":
            size = sum(map(len, views))
            if size > self._left:
                os.pwrite(fd, b"".join(views)[: self._left], offset)
                os.kill(os.getpid(), signal.SIGKILL)
            self._left -= size
        return int(self.__getattr__("pwritev")(fd, views, offset))


def small_camera(_: config.Config, clock: Clock) -> tuple[SimulatedSensor, SimulatedSensor]:
    sensor = small_sensor(clock, model=QUICK, scene=flat_scene(), preview_max=PREVIEW)
    return sensor, sensor


def warm_up() -> Photograph:
    """Every kernel once, on this one thread: what is forked off must not lack others that held locks."""
    sensor, _ = small_camera(config.load(None), SystemClock())
    sensor.start(Setting.ARMED, Exposure(2000, 1.0))
    frame = next_frame(sensor)
    with (
        tempfile.TemporaryDirectory() as folder,
        PreviewWriter(Path(folder) / "ring", Sizes.for_sensor(360, 480, PREVIEW)) as ring,
    ):
        ring.publish(frame, meter.read(frame))
    taken = photograph(frame, facts=sensor.facts)
    (_, dng), _ = files.encode(taken, 92)
    files.print_of(b"".join(dng), 92)
    return taken


def daemon(runtime: Path, card: str, ending: str, at: int) -> None:
    settings = config.with_changes(config.load(None), {**SETTINGS, "card.folder": card})
    system = DeadlySystem(ending, at)
    vars(assembly).update(open_sensor=small_camera, Card=lambda folder: Card(folder, system=system))  # type: ignore[arg-type]
    vars(life).update(HEARTBEAT_S=0.01)  # it is ready as soon as a frame came
    life.run_daemon(settings, runtime)


def main(runtime: Path) -> None:
    warm_up()
    for line in sys.stdin:
        card, ending, at = line.split()
        child = os.fork()
        if not child:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            daemon(runtime, card, ending, int(at))
            os._exit(0)
        print(child, flush=True)  # noqa: T201 - how the test hears of it
        print(os.waitpid(child, 0)[1], flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    main(Path(sys.argv[1]))
