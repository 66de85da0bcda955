"""The scene that the project draws itself: a table at a window in the late afternoon, mountains outside.

Composed for a 35 mm lens on an IMX477, whose frame is 36 cm wide at 2 m: what stands on the table stands where the
table's perspective wants it, and the sun is half a degree across. Other lenses see the same picture, blurred otherwise.
"""

from collections.abc import Iterator
from math import inf

from device import scene_landscape, scene_still_life
from device.scene_canvas import COLUMNS, OVERSCAN, Canvas, place
from device.scene_charts import colour_chart, star_card
from device.scene_still_life import ROTOR, ROTOR_PHASES
from device.scene_table import row_of, table
from device.thing import Thing

ROTOR_PERIOD_S = 9.0  # for the half turn after which it looks the same


def paint(_rows: int, columns: int) -> Iterator[Thing]:
    """All things of the scene for a frame of 4:3 that is so many photosites wide."""
    scale = columns / COLUMNS
    yield from _outside(scale)
    yield from table(scale)
    yield from _at_two_metres(scale)
    yield from _nearer(scale)


def _outside(scale: float) -> Iterator[Thing]:
    yield place(scale, inf, -OVERSCAN, -OVERSCAN, scene_landscape.sky(scale))
    yield place(scale, 40.0, -OVERSCAN, 1440, scene_landscape.meadow(scale))
    for left, top, seed in ((1780, 860, 11), (2330, 700, 12)):
        yield place(scale, 42.0, left, top, scene_landscape.conifer(Canvas(scale, 420, 900), seed))
    yield place(scale, 38.0, 1640, 1080, scene_landscape.hut(Canvas(scale, 900, 640)))
    yield place(scale, 5.0, -OVERSCAN, -OVERSCAN, scene_landscape.branch(Canvas(scale, 1500, 1050)))
    yield place(scale, 4.0, 3560, 560, scene_landscape.trellis(Canvas(scale, 640, 1500)))


def _at_two_metres(scale: float) -> Iterator[Thing]:
    foot = row_of(2.0)
    yield place(scale, 2.0, 1010, foot - 700, star_card(Canvas(scale, 640, 700)))
    yield place(scale, 2.0, 2560, foot - 622, colour_chart(Canvas(scale, 900, 622)))
    yield place(scale, 2.0, 450, foot - 760, scene_still_life.windmill_stand(Canvas(scale, 300, 760)))
    phases = (scene_still_life.rotor(Canvas(scale, ROTOR, ROTOR), i / ROTOR_PHASES) for i in range(ROTOR_PHASES))
    yield place(scale, 1.99, 600 - ROTOR / 2, foot - 750 - ROTOR / 2, *phases, period_s=ROTOR_PERIOD_S)


def _nearer(scale: float) -> Iterator[Thing]:
    foot = row_of(1.2)
    yield place(scale, 1.2, 2270, foot - 270, scene_still_life.books(Canvas(scale, 1400, 270)))
    yield place(scale, 1.2, 1580, foot - 392, scene_still_life.cup(Canvas(scale, 560, 400)))
    yield place(scale, 0.7, 340, row_of(0.7) - 760, scene_still_life.lens(Canvas(scale, 960, 760)))
    yield place(scale, 0.7, 3090, row_of(0.7) - 900, scene_still_life.lavender(Canvas(scale, 960, 900)))
