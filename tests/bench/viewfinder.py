"""The viewfinder's frame job over a memcpy of the same bytes, interleaved in one run: a busy machine hurts both.

The floor is what no frame job can do without: to read a preview's 1.5 bytes of each pixel and to write 4. The frame job
is everything between the preview and the panel's pixels: peaking, scaling, colour, zebra, tools, words. Unscaled the
preview has the panel's size.
"""

import statistics
from collections.abc import Callable

import numpy as np

from tests.bench.interleaved import seconds
from tests.synthetic_view import synthetic_state, synthetic_view
from ui.layout import layout_of
from ui.panel_format import rgb565, xrgb8888
from ui.picture import Looks, paint_view
from ui.rect import Rect
from ui.state import Seen, looked
from ui.theme import PEAKING
from ui.viewfinder import Viewfinder

SIZES = ((800, 480), (1280, 720))
ROUNDS = 60


def run() -> list[str]:
    """A table: median milliseconds of each job at each size, over a memcpy of the panel's bytes and over the floor."""
    return [row for size in SIZES for row in _rows(size)]


def _rows(size: tuple[int, int]) -> list[str]:
    rounds = seconds(_jobs(size), ROUNDS)
    times = {name: statistics.median(values) for name, values in rounds.items()}
    memcpy, floor = times["memcpy"], times["floor"]
    return [
        f"{size[0]}x{size[1]}  {name:28} {1000 * t:7.3f} ms  {t / memcpy:6.1f} x memcpy {t / floor:6.1f} x floor"
        for name, t in times.items()
    ]


def _jobs(size: tuple[int, int]) -> dict[str, Callable[[], object]]:
    view, viewfinder = synthetic_view(), Viewfinder(size)
    state = synthetic_state()
    seen = looked(Seen(camera=state), view)
    panel, copy = viewfinder.draw(seen, view).copy(), np.zeros((size[1], size[0], 4), np.uint8)
    words, quarter = np.zeros((size[1], size[0]), np.uint16), np.zeros(size, np.uint32)
    quarter_565 = np.zeros(size, np.uint16)
    picture = layout_of(size, state.view).picture
    bare, full = Looks(), Looks(PEAKING["red"], peaking=True, zebra=True)
    same, whole = synthetic_view(1, *size), Rect(0, 0, *size)
    planes, read = np.zeros(size[0] * size[1] * 3 // 2, np.uint8), np.zeros(size[0] * size[1] * 3 // 2, np.uint8)
    return {
        "memcpy": lambda: np.copyto(copy, panel),
        "floor": lambda: (np.copyto(read, planes), copy.fill(0)),
        "frame job": lambda: viewfinder.draw(seen, view),
        "picture, peaking and zebra": lambda: paint_view(view, picture, full, copy),
        "picture alone": lambda: paint_view(view, picture, bare, copy),
        "unscaled, peaking and zebra": lambda: paint_view(same, whole, full, copy),
        "unscaled alone": lambda: paint_view(same, whole, bare, copy),
        "to RGB565": lambda: rgb565(panel, 0, words),
        "turned by 90": lambda: xrgb8888(panel, 1, quarter),
        "turned by 90 to RGB565": lambda: rgb565(panel, 1, quarter_565),
    }
