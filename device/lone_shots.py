"""Photographs without a daemon: a camera that lives for as long as it takes."""

import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait
from pathlib import Path

from device.assembly import Parts, raise_first, running
from device.config import Config
from device.frame import LiveFrame
from device.news import News
from device.protocol import Photo

LOOK_S = 0.2
SETTLE_FRAMES = 12  # the automatic exposure needs eight


def shoot_alone(config: Config, number: int) -> Iterator[Photo]:
    """`mcam shoot --sensor ...`: no daemon, no socket; the camera lives for as long as it takes.

    Yields:
        Each photograph once it is safe.
    """
    settled = threading.Event()
    counted = iter(range(SETTLE_FRAMES))

    def seen(_: LiveFrame) -> None:
        if next(counted, None) is None:
            settled.set()

    with (
        tempfile.TemporaryDirectory(prefix="mcam-") as folder,
        running(config, Path(folder), News(), seen) as parts,
    ):
        parts.camera.arm(on=True, when_ns=parts.clock.now_ns())
        while not settled.wait(LOOK_S):
            raise_first(parts.failures)
        yield from _shots(parts, number)


def _shots(parts: Parts, number: int) -> Iterator[Photo]:
    """In bursts of as many as the darkroom has room for."""
    while number:
        saved = parts.camera.press(parts.clock.now_ns(), number)
        number -= len(saved)
        for each in saved:
            yield _awaited(parts, each)


def _awaited(parts: Parts, saved: "Future[Photo]") -> Photo:
    """A photograph that is safe; the darkroom's end would leave it unfinished for ever."""
    while not wait([saved], LOOK_S).done:
        raise_first(parts.failures)
    return saved.result()
