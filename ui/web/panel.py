"""The panel as the viewfinder drew it: the newest picture as JPEG, encoded once however many browsers look."""

import asyncio
import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from starlette.concurrency import run_in_threadpool

from device.errors import NotRunning
from ui.screen import MemoryScreenReader, Pixels

QUALITY = 80
POLL_S = 0.01  # a quarter of a frame time at 25 frames/s; the screen in memory cannot wake us


@dataclass(frozen=True, slots=True)
class Picture:
    """One panel, encoded. `serial` counts what this process encoded, across restarts of the viewfinder."""

    serial: int
    jpeg: bytes


def encoded(pixels: Pixels) -> bytes:
    """JPEG of (rows, columns, 4) uint8 BGRX pixels, without chroma subsampling: peaking is one coloured pixel wide."""
    rows, columns = pixels.shape[:2]
    picture = Image.frombuffer("RGB", (columns, rows), pixels.tobytes(), "raw", "BGRX", 0, 1)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=QUALITY, subsampling=0)
    return file.getvalue()


class Panel:
    """The screen in memory at that path, whether or not a viewfinder draws on it just now."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader: MemoryScreenReader | None = None
        self._number = 0
        self._picture = Picture(0, b"")
        self._looking = asyncio.Lock()

    async def after(self, serial: int) -> Picture:
        """The newest picture, as soon as there is one after that serial."""
        while True:
            async with self._looking:
                await run_in_threadpool(self._look)
            if self._picture.serial > serial:
                return self._picture
            await asyncio.sleep(POLL_S)

    def _look(self) -> None:
        if self._reader is None or self._reader.stale():
            self._open()
        found = self._reader.newest(self._number) if self._reader is not None else None
        if found is not None:
            self._number, pixels = found
            self._picture = Picture(self._picture.serial + 1, encoded(pixels))

    def _open(self) -> None:
        try:
            self._reader, self._number = MemoryScreenReader(self._path), 0
        except NotRunning:
            self._reader = None  # the page says so; the next look tries again
