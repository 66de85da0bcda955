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
    """The far picture whole, then each nearer band from its upper border down to the frame's end, over it."""
    fitted = ImageOps.fit(photo, (columns, rows), Image.Resampling.LANCZOS)
    light = linear(np.asarray(fitted)).transpose(2, 0, 1)
    picture = np.concatenate([light, np.ones((1, rows, columns), np.float32)])
    for i, depth_m in enumerate(BANDS_M):
        top = rows * i // len(BANDS_M) // 2 * 2
        yield Thing(depth_m, top, 0, (picture[:, top:],))
