"""A reviewer on a card in a folder, stepped by hand, with the ring as a viewfinder reads it."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from device import files
from device.clock import SteppedClock
from device.face_states import ReviewState
from device.frame import Levels, Raw
from device.light_table import LightTable
from device.looked_at import Sizes
from device.marks import Marks
from device.on_screen import OnScreen
from device.photograph import Photograph
from device.preview import PreviewFrame, PreviewReader, PreviewWriter
from device.preview import Sizes as RingSizes
from device.review_face import ReviewFace
from device.reviewer import Reviewer
from device.storage import Card
from tests.conftest import build_frame
from tests.photographs import FACTS, photograph, smooth_mosaic

ROWS, COLUMNS = 720, 960
SIZES = Sizes((180, 240), (160, 240))
FOLDER = "DCIM/100MCAM_"


def mosaic(seed: int = 0) -> Raw:
    """Something with detail, and a clipped patch whose place tells it from others."""
    raw = smooth_mosaic(ROWS, COLUMNS) // 2 + 300
    raw[40 * seed : 40 * seed + 64, 64:128] = 4095
    return np.ascontiguousarray(raw, np.uint16)


def taken(seed: int = 0) -> Photograph:
    frame = build_frame(mosaic(seed), levels=Levels((256.0,) * 4, 4095))
    return photograph(frame, facts=replace(FACTS, width=COLUMNS, height=ROWS))


@lru_cache
def made(seed: int) -> dict[str, bytes]:
    """The files of `taken`, by suffix."""
    return {suffix: b"".join(buffers) for suffix, buffers in files.encode(taken(seed), 90)}


def put(root: Path, number: int, seed: int, jpeg: bool = True) -> None:
    """Its files on the card."""
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    for suffix, content in made(seed).items():
        if jpeg or suffix == "DNG":
            (root / FOLDER / f"MCAM{number:04d}.{suffix}").write_bytes(content)


class Reviewing:
    """All of it but the thread.

    Attributes:
        waiting: what the darkroom has not saved yet; a test puts photographs in.
        told: how often clients were told of a change.
    """

    def __init__(self, root: Path, ring: Path) -> None:
        self.root = root
        self.waiting: list[tuple[Photograph, str]] = []
        self.told = 0
        self.clock = SteppedClock()
        self.card = Card(root, reserve_bytes=0)
        self.writer = PreviewWriter(ring, RingSizes.for_sensor(ROWS, COLUMNS, SIZES.picture, SIZES.window))
        self.on_screen = OnScreen(self.writer)
        self.face = ReviewFace(self.clock, self._changed)
        self.table = LightTable(self.card, lambda: self.waiting, lambda: SIZES)
        self.marks = Marks(self.card, lambda: self.waiting, self.clock, self._changed)
        self.reviewer = Reviewer(self.face, self.table, self.on_screen, self.marks)
        self._ring = ring

    def _changed(self) -> None:
        self.told += 1

    @property
    def state(self) -> ReviewState:
        return self.face.state()

    def step(self, until: Callable[[], object] = lambda: False) -> float | None:
        """Until there is nothing more to do, or that is true."""
        for _ in range(1000):
            seconds = self.reviewer.step()
            if seconds != 0 or until():
                return seconds
        raise AssertionError("it never rests")

    def press(self, *buttons: str) -> None:
        for button in buttons:
            self.face.press(button)
            self.step()

    def view(self) -> PreviewFrame:
        """What the viewfinder would see now."""
        view = PreviewReader(self._ring).newest()
        assert view is not None
        return view
