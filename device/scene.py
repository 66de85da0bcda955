"""What stands before the simulated lens: the project's own drawing, or a photograph laid out over many depths."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import inf
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from device import regular_file, scene_drawing
from device.errors import BadPicture
from device.scene_canvas import COLUMNS, OVERSCAN, opaque
from device.scene_table import UNDERLAP
from device.thing import Thing, linear

# A photograph knows no depths. As most show near ground below and far things above, it is laid on a plane from infinity
# at its top to NEAREST_M at its bottom: in steps, each of which fades in over the one before.
STEPS = 16
NEAREST_M = 0.7


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
        """A photograph, cut to the frame's shape, on a plane from infinity at its top to 0.7 m at its bottom.

        Raises:
            BadPicture: it cannot be read, or only in part.
        """
        return cls(partial(_plane, _read(path)))


def _read(path: Path) -> Image.Image:
    try:
        with regular_file.opened(path) as file, Image.open(file) as picture:
            return ImageOps.exif_transpose(picture).convert("RGB")
    except FileNotFoundError as error:
        raise BadPicture(f"There is no photograph {path}: give --scene a JPEG or PNG that exists.") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadPicture(
            f"{path} is not a whole picture that can be used ({error}): give --scene another JPEG or PNG."
        ) from error


def step_depth_m(step: int) -> float:
    """The depth of one of STEPS: what is on a plane shrinks with its distance, so steps are even in 1 / depth."""
    return NEAREST_M * (STEPS - 1) / step if step else inf


def _plane(photo: Image.Image, rows: int, columns: int) -> Iterator[Thing]:
    """Each step from its upper border to well below the next one's: blur must not show what lies behind."""
    scale = columns / COLUMNS
    over = 2 * round(OVERSCAN * scale / 2)
    size = (columns + 2 * over, rows + 2 * over)
    picture = opaque(linear(np.asarray(ImageOps.fit(photo, size, Image.Resampling.LANCZOS))).transpose(2, 0, 1))
    height = -(-size[1] // STEPS)
    for step in range(STEPS):
        top = step * height // 2 * 2
        part = picture[:, top : top + 2 * height + round(UNDERLAP * scale)].copy()
        if step:
            fade = np.linspace(0, 1, height, dtype=np.float32)[: part.shape[1], None]
            part[:, : len(fade)] *= fade
        yield Thing(step_depth_m(step), top - over, -over, (part,))
