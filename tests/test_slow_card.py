"""A burst of twenty at full resolution into a card that takes 40 MB a second; its time is reckoned, not waited for."""

import gc
import os
import shutil
import struct
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from device import dng_tags, files, stored_mosaic, tiff
from device.album import Album
from device.buffers import Bytes
from device.clock import SteppedClock
from device.darkroom import Darkroom
from device.dng import raw_ifd
from device.errors import Busy
from device.outcome import Saved, Told
from device.photograph import Photograph
from device.storage import Card
from tests.conftest import build_frame
from tests.failing_system import FailingSystem
from tests.photographs import photograph, smooth_mosaic

BURST, PLACES = 20, 6
FRAME_NS = 100_000_000  # the IMX477's at full resolution
BYTES_PER_S = 40_000_000


class Throttled(FailingSystem):
    """A card that takes so many bytes a second, by a clock that it moves on itself; the camera lives on meanwhile."""

    def __init__(self, clock: SteppedClock, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self._clock, self._meanwhile = clock, meanwhile

    def pwritev(self, file: int, views: list[memoryview], offset: int) -> int:
        written = os.pwritev(file, views, offset)
        self._clock.advance(written * 1_000_000_000 // BYTES_PER_S)
        self._meanwhile()
        return written


@dataclass
class Shooter:
    """Somebody who holds the shutter down until he has his burst: a frame every tenth of a second, if there is room."""

    clock: SteppedClock
    scene: np.ndarray[tuple[int, ...], np.dtype[np.uint16]]
    darkroom: Darkroom = field(init=False)
    taken: int = 0
    refused: int = 0
    waiting: list[int] = field(default_factory=list)
    alive: list[int] = field(default_factory=list)
    mosaics: list["weakref.ref[np.ndarray[tuple[int, ...], np.dtype[np.uint16]]]"] = field(default_factory=list)
    next_ns: int = 0

    def live(self) -> None:
        """All frames that came until now."""
        while self.next_ns <= self.clock.now_ns() and self.taken < BURST:
            self.next_ns += FRAME_NS
            self._press()
        self.waiting.append(self.darkroom.status().queued)
        self.alive.append(self.in_memory())

    def in_memory(self) -> int:
        return sum(mosaic() is not None for mosaic in self.mosaics)

    def _press(self) -> None:
        try:
            ticket = self.darkroom.reserve()
        except Busy:
            self.refused += 1
            return
        self.taken += 1
        ticket.submit(self._photograph(self.taken))

    def _photograph(self, number: int) -> Photograph:
        mosaic = np.roll(self.scene, 2 * number, axis=1)
        self.mosaics.append(weakref.ref(mosaic))
        return photograph(build_frame(mosaic, sequence=number))


def negative_alone(taken: Photograph) -> Iterator[tuple[str, list[Bytes]]]:
    """The DNG as the camera makes it; the JPEG would only take the test's time."""
    yield from files.encode(taken, None)


@pytest.mark.slow
def test_a_burst_is_saved_whole_by_a_slow_card_and_memory_holds_no_more_than_there_are_places(tmp_path: Path) -> None:
    clock = SteppedClock()
    shooter = Shooter(clock, smooth_mosaic(3040, 4056), next_ns=clock.now_ns())
    card, told = Card(tmp_path, 0, Throttled(clock, shooter.live)), list[Told]()  # type: ignore[arg-type]
    shooter.darkroom = Darkroom(card, Album(tmp_path), PLACES, negative_alone, files.is_whole, 10_000_000, told.append)
    shooter.darkroom.step()  # a first look at the card
    began_ns = clock.now_ns()
    while shooter.taken < BURST or shooter.darkroom.status().queued:
        shooter.live()
        if not shooter.darkroom.step():
            clock.wait_until(shooter.next_ns)
        told[:] = [Saved(None, each.name, each.files) for each in told if isinstance(each, Saved)]  # type: ignore[arg-type]

    assert [each.name for each in told if isinstance(each, Saved)] == [f"100MCAM_/MCAM{n:04d}" for n in range(1, 21)]
    for number in range(1, BURST + 1):
        content = (tmp_path / f"DCIM/100MCAM_/MCAM{number:04d}.DNG").read_bytes()
        assert files.is_whole(content)
        assert sequence_of(content) == number
    raw = raw_ifd(tiff.read(content))
    assert raw is not None
    assert np.array_equal(stored_mosaic.read(content, raw), np.roll(shooter.scene, 2 * BURST, axis=1))

    assert shooter.refused > 0
    assert max(shooter.waiting) == PLACES, "the frames that wait are told"
    assert max(shooter.alive) == PLACES, "each that waits is one mosaic of 25 MB, and nothing else keeps any"
    gc.collect()
    assert shooter.in_memory() == 0
    written = sum(place.stat().st_size for place in tmp_path.rglob("*.DNG"))
    assert clock.now_ns() - began_ns >= written * 1_000_000_000 // BYTES_PER_S
    shutil.rmtree(tmp_path / "DCIM")  # pytest would keep its 200 MB


def sequence_of(dng: bytes) -> int:
    written = bytes(map(int, tiff.find(tiff.read(dng), dng_tags.RAW_DATA_UNIQUE_ID)))
    return int(struct.unpack(">qII", written)[1])
