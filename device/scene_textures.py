"""Lights of the drawn scene: noise that looks like clouds and grass, wood, woven cloth, leaves."""

from math import cos, sin

import numpy as np
from PIL import Image

from device.scene_canvas import Canvas, Colour
from device.thing import Light


def fractal(random: np.random.Generator, shape: tuple[int, int], coarsest: float, octaves: int) -> Light:
    """Smooth noise of mean 0, deviation 1, and detail at every octave below `coarsest` pixels, each half as strong."""
    return streaks(random, shape, (coarsest, coarsest), octaves)


def streaks(random: np.random.Generator, shape: tuple[int, int], coarsest: tuple[float, float], octaves: int) -> Light:
    """The same with another length down than across, such as the grain of wood has."""
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        cells = [max(2, round(size / length * 2**octave)) for size, length in zip(shape, coarsest, strict=True)]
        grid = random.standard_normal([min(n, size) for n, size in zip(cells, shape, strict=True)]).astype(np.float32)
        total += stretched(grid, shape) * np.float32(0.5**octave)
    return np.asarray((total - total.mean()) / max(float(total.std()), 1e-6), np.float32)


def stretched(grid: Light, shape: tuple[int, int]) -> Light:
    """A coarse grid drawn large, smoothly."""
    if grid.shape == shape:
        return grid
    return np.asarray(Image.fromarray(grid.astype(np.float32)).resize((shape[1], shape[0]), Image.Resampling.BICUBIC))


def weave(across: Light, down: Light) -> Light:
    """Brightness, 0.35 to 1, of plain weave: threads over and under each other, round each.

    Args:
        across: position across the warp in threads,
        down: and across the weft; broadcast together.
    """
    over = (np.floor(across) + np.floor(down)) % 2 == 0
    warp, weft = _round(across) * _round((down + 0.5) / 2), _round(down) * _round((across + 0.5) / 2)
    above, below = np.where(over, warp, weft), np.where(over, weft, warp)
    return np.asarray(0.35 + 0.65 * np.maximum(above, 0.6 * below), np.float32)


def _round(place: Light) -> Light:
    """A thread's brightness over its width: 1 in the middle, 0 at its edges."""
    return np.asarray(np.sqrt(np.maximum(0, 1 - (2 * (place % 1) - 1) ** 2)), np.float32)


def cylinder(columns: int) -> Light:
    """(columns,) brightness of an upright cylinder lit from the right, with a little light on the left rim."""
    sine = np.linspace(-1, 1, columns, dtype=np.float32)
    facing = np.maximum(0, 0.45 * sine + 0.89 * np.sqrt(np.maximum(0, 1 - sine * sine)))
    rim = np.maximum(0, -sine) ** 6
    return np.asarray(0.12 + 0.88 * facing**1.6 + 0.35 * rim, np.float32)


def leaf(canvas: Canvas, at: tuple[float, float], length: float, angle: float, colour: Colour) -> None:
    """A pointed leaf with a lighter vein, growing from a point."""
    outline = [(0.0, 0.0), (0.25, 0.2), (0.55, 0.22), (1.0, 0.0), (0.55, -0.22), (0.25, -0.2)]
    c, s = length * cos(angle), length * sin(angle)
    points = [(at[0] + c * x - s * y, at[1] + s * x + c * y) for x, y in outline]
    canvas.polygon(points, colour)
    red, green, blue = (min(255, part + 28) for part in colour)
    canvas.line([points[0], points[3]], max(1.5, length / 40), (red, green, blue))
