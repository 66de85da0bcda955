"""Small photographs on a card, as far as the page is concerned."""

import io
from pathlib import Path

from PIL import Image


def jpeg(size: tuple[int, int] = (640, 480), colour: str = "navy") -> bytes:
    """A JPEG as the darkroom would write it, as far as the page is concerned."""
    exif = Image.Exif()
    exif.get_ifd(0x8769).update(
        {0x829A: 0.008, 0x8827: 400, 0x9003: "2022:11:02 14:03:07", 0x9011: "+01:00"}  # 1/125 s, ISO, date, offset
    )
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG", exif=exif)
    return file.getvalue()


def put(card: Path, name: str, content: bytes) -> Path:
    path = card / "DCIM" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def dng_with_preview(colour: str) -> bytes:
    """What matters of a DNG here: a TIFF whose first picture is a small RGB one."""
    file = io.BytesIO()
    Image.new("RGB", (256, 192), colour).save(file, "TIFF")
    return file.getvalue()
