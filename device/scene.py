"""What stands before the simulated lens: the project's own drawing, or a photograph spread over several depths."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import inf
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from device import scene_drawing
from device.errors import BadPicture
from device.scene_canvas import COLUMNS, OVERSCAN, opaque
from device.scene_table import UNDERLAP
from device.thing import Thing, linear

# A photograph knows no depths. As most show near ground below and sky above, it is cut into bands, far ones on top.
BANDS_M = (inf, 12.0, 4.0, 2.0, 1.2, 0.7)
LARGEST_PIXELS = 200_000_000


@dataclass(frozen=True, slots=True)
class Scene:
    """A way to paint things for a frame of so many rows and columns, in any order."""

    paint: Callable[[int, int], Iterator[Thing]]

    @classmethod
    def drawn(cls) -> "Scene":
        """The scene that the project draws itself."""
        return cls(scene_drawing.paint)

    @classmethod
    def from_photo(cls, path: Path) -> "Scene":
        """A photograph, cut to the frame's shape; what it shows lies farther away towards the top.

        Raises:
            BadPicture: it cannot be read, or only in part.
        """
        return cls(partial(_bands, _read(path)))


def _read(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > LARGEST_PIXELS:
                raise BadPicture(
                    f"{path} has too many pixels: make it smaller than {LARGEST_PIXELS // 10**6} megapixels."
                )
            return ImageOps.exif_transpose(picture).convert("RGB")
    except FileNotFoundError as error:
        raise BadPicture(f"There is no photograph {path}: give --scene a JPEG or PNG that exists.") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadPicture(f"{path} is not a whole picture ({error}): give --scene another JPEG or PNG.") from error


def _bands(photo: Image.Image, rows: int, columns: int) -> Iterator[Thing]:
    """The far picture whole, then over it each nearer band: from its upper border to somewhat below its lower one.

    What goes on below keeps the far from shining through where two bands are blurred.
    """
    scale = columns / COLUMNS
    over = 2 * round(OVERSCAN * scale / 2)
    size = (columns + 2 * over, rows + 2 * over)
    light = linear(np.asarray(ImageOps.fit(photo, size, Image.Resampling.LANCZOS))).transpose(2, 0, 1)
    for i, depth_m in enumerate(BANDS_M):
        top, bottom = (size[1] * part // len(BANDS_M) // 2 * 2 for part in (i, i + 1))
        under = size[1] if i == 0 else bottom + round(UNDERLAP * scale)
        yield Thing(depth_m, top - over, -over, (opaque(light[:, top:under]),))
