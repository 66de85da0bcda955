"""The scene that the project draws itself: a table at a window, late in the afternoon."""

from collections.abc import Iterator
from math import inf

import numpy as np

from device.scene_canvas import COLUMNS, Canvas, opaque, place
from device.scene_charts import colour_chart, star_card
from device.thing import Thing


def paint(rows: int, columns: int) -> Iterator[Thing]:
    """All things of the scene for a frame of rows x columns."""
    scale = columns / COLUMNS
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None, None]
    sky = (1 - down) * np.array([0.25, 0.45, 0.9], np.float32) + down * np.array([0.9, 0.7, 0.5], np.float32)
    yield place(scale, inf, 0, 0, opaque(np.broadcast_to(sky, (rows, columns, 3))))
    yield place(scale, 2.0, 2350, 1185, colour_chart(Canvas(scale, 1100, 760)))
    yield place(scale, 2.0, 1180, 1120, star_card(Canvas(scale, 800, 825)))
