"""The panel as the viewfinder drew it: the newest picture as JPEG, encoded once however many browsers look."""

import asyncio
import contextlib
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
        self._number = 0  # of the newest picture, as the reader counts them
        self._picture: Picture | None = None  # that one; None until this viewfinder drew
        self._serial = 0
        self._looking = asyncio.Lock()

    async def after(self, serial: int) -> Picture:
        """The newest picture, as soon as there is one after that serial."""
        while True:
            async with self._looking:
                await self._look()
            if self._picture is not None and self._picture.serial > serial:
                return self._picture
            await asyncio.sleep(POLL_S)

    async def _look(self) -> None:
        if self._reader is None or self._reader.stale():
            self._open()
        found = self._reader.newest(self._number) if self._reader is not None else None
        if found is None:
            return
        number, pixels = found
        jpeg = await run_in_threadpool(encoded, pixels)  # frees the interpreter's lock while it works
        self._serial += 1
        self._number, self._picture = number, Picture(self._serial, jpeg)

    def _open(self) -> None:
        self._reader, self._number, self._picture = None, 0, None
        with contextlib.suppress(NotRunning):  # the page says so; the next look tries again
            self._reader = MemoryScreenReader(self._path)
