"""DNGs for replay: some as mcam writes them, some that tifffile writes as another camera might."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

from device import dng, drawer
from device.frame import Cfa, Colour, Frame, Raw
from device.photograph import Photograph
from device.sensor_facts import IMX477
from tests.conftest import build_frame

Tag = tuple[int, str, int, object, bool]
FACTS = IMX477.facts
TAKEN_NS = 1_667_347_200_123_456_789
# XYZ (D65) to linear sRGB in ten thousandths, IEC 61966-2-1.
SRGB_CAMERA = (32405, -15371, -4985, -9693, 18760, 416, 556, -2040, 10572)


def textured(rows: int = 96, columns: int = 128, seed: int = 1) -> Raw:
    """A mosaic with light, dark, noise, and every bit in use."""
    rng = np.random.default_rng(seed)
    light = np.linspace(0, 3900, columns) * rng.uniform(0.3, 1.0, (rows, 1))
    return np.clip(np.rint(256 + light + rng.normal(0, 20, (rows, columns))), 0, 4095).astype(np.uint16)


def every_level(rows: int, columns: int, bits: int) -> Raw:
    """Noise over the whole range, its smallest and largest value among it."""
    raw = np.random.default_rng(7).integers(0, 1 << bits, (rows, columns), dtype=np.uint16)
    raw[0, :2] = 0, (1 << bits) - 1
    return raw


def write_ours(path: Path, frame: Frame | None = None, colour: Colour = FACTS.colour) -> Path:
    """A file of our own writer."""
    taken = Photograph(
        frame=build_frame(textured()) if frame is None else frame,
        facts=replace(FACTS, colour=colour),
        lens=drawer.opened().lens("summicron-35"),
        f_number=2.8,
        wall_ns=TAKEN_NS,
        utc_offset_s=3600,
        press_offset_ns=12_345_000,
    )
    thumbnail, preview = np.zeros((8, 8, 3), np.uint8), io.BytesIO()
    Image.fromarray(thumbnail).save(preview, "JPEG")
    path.write_bytes(b"".join(dng.encode(taken, thumbnail, dng.EmbeddedJpeg(preview.getvalue(), 8, 8))))
    return path


def write_foreign(path: Path, raw: Raw, cfa: Cfa, white: int, *more: Tag) -> Path:
    """A bare DNG of tifffile's, of a camera that sees as sRGB does."""
    matrix = tuple(part for value in SRGB_CAMERA for part in (value, 10_000))
    tags: list[Tag] = [
        (33421, "H", 2, (2, 2), True),
        (33422, "B", 4, bytes("RGB".index(letter) for letter in cfa), True),
        (50706, "B", 4, bytes((1, 4, 0, 0)), True),
        (50708, "s", 0, "Foreign D1", True),
        (50717, "I", 1, white, True),
        (50721, "2i", 9, matrix, True),
        *more,
    ]
    tifffile.imwrite(path, raw, photometric=32803, extratags=tags)
    return path
