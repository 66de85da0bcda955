"""The table: a plane seen at a low angle, so that the focus can be watched running over it.

It is drawn whole in perspective and cut into bands, each at the depth of its middle. A band goes on below its lower
border under the next nearer one, so that nothing shines through where both are blurred.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from device.scene_canvas import COLUMNS, OVERSCAN, ROWS, opaque, place
from device.scene_textures import streaks, weave
from device.thing import Light, Thing

HORIZON = 1453.0  # units: the row of what is infinitely far and as high as the lens
DROP = 984.0  # units x metres: lens 44 mm above the table, times 22580 units of focal length
EDGES_M = (2.2, 2.0, 1.6, 1.2, 0.95, 0.8, 0.7, 0.58)  # things stand on edges only: no band may lie over their feet
UNDERLAP = 320.0  # units

SHADOWS = (  # middle, width and length of the shadow of each thing on the table, from its foot on; units and metres
    (600, 330, 2.0, 70),
    (1330, 720, 2.0, 60),
    (3010, 980, 2.0, 60),
    (1790, 420, 1.2, 120),
    (2980, 1420, 1.2, 90),
    (820, 960, 0.7, 170),
    (3750, 340, 0.7, 120),
)

WOOD, LINEN, INDIGO = (0.50, 0.28, 0.14), (0.70, 0.65, 0.55), (0.10, 0.17, 0.33)  # linear sRGB
CLOTH_EDGE_M = 1.02
CLOTH_STRIPES = (2, 3, 5, 18, 19, 20, 22, 24, 25, 26)  # which of the cloth's 12 mm from its edge on are indigo


def row_of(depth_m: float) -> float:
    """The row, in units, where something of that depth stands on the table."""
    return HORIZON + DROP / depth_m


def table(scale: float) -> Iterator[Thing]:
    """The bands, far ones first."""
    first = row_of(EDGES_M[0])
    rows, columns = round((ROWS + OVERSCAN - first) * scale), round((COLUMNS + 2 * OVERSCAN) * scale)
    y = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / scale + np.float32(first)
    x = (np.arange(columns, dtype=np.float32)[None, :] + 0.5) / scale - OVERSCAN
    whole = opaque(_surface(y, x))
    for far, near in pairwise(EDGES_M):
        top, bottom = round((row_of(far) - first) * scale), round((row_of(near) + UNDERLAP - first) * scale)
        yield place(scale, 2 / (1 / far + 1 / near), -OVERSCAN, first + top / scale, whole[:, top:bottom])


def _surface(y: Light, x: Light) -> Light:
    """(3, rows, columns) linear light of the whole table."""
    depth_m = DROP / (y - HORIZON)
    aside_m = (x - COLUMNS / 2) * depth_m / 22580
    wood = _wood(depth_m, aside_m)
    light = np.stack([wood * colour for colour in WOOD])
    near = int(np.argmax(depth_m < CLOTH_EDGE_M + 0.13))  # beyond that row there is no cloth
    _lay_cloth(light[:, near:], depth_m[near:], aside_m[near:])
    shade = np.ones_like(wood) * (0.85 + 0.3 * (x / COLUMNS))  # the sun stands at the right
    for middle, width, foot_m, length in SHADOWS:
        shade *= _shadow(y, x, (middle, row_of(foot_m)), width, length)
    light *= shade
    return light


def _wood(depth_m: Light, aside_m: Light) -> Light:
    """Planks of 11 cm along the table, each from another tree."""
    random = np.random.default_rng(7)
    grain = streaks(random, (512, 1024), (10, 340), 4)
    plank = np.floor(depth_m / 0.11).astype(np.int32)
    rows = ((depth_m / 0.0011).astype(np.int32) + plank * 97) % 512
    columns = ((aside_m + 0.3) / 0.0006 + plank * 311).astype(np.int32) % 1024
    seam = np.clip(np.abs((depth_m / 0.11 + 0.5) % 1 - 0.5) * 40, 0.25, 1)
    return np.asarray((1 + 0.24 * grain[rows, columns]) * seam * (1 + 0.06 * np.sin(plank * 2.4)), np.float32)


def _lay_cloth(light: Light, depth_m: Light, aside_m: Light) -> None:
    """A linen cloth of 2 mm threads over the near part; stripes along its far edge, which runs aslant."""
    inwards = CLOTH_EDGE_M + 1.2 * aside_m - depth_m
    cover = np.clip(inwards / 0.004, 0, 1)
    threads = 0.45 + 0.55 * weave(aside_m / 0.002 + 2000, depth_m / 0.002)
    striped = np.isin((inwards / 0.012).astype(np.int32), CLOTH_STRIPES)
    for c in range(3):
        light[c] += cover * (threads * np.where(striped, np.float32(INDIGO[c]), np.float32(LINEN[c])) - light[c])


def _shadow(y: Light, x: Light, foot: tuple[float, float], width: float, length: float) -> Light:
    """Share of the light left: dark under the foot, softer towards us."""
    aside = np.abs(x - foot[0]) / (width / 2)
    towards = (y - foot[1]) / length
    sides = 0.5 - 0.5 * np.tanh(7 * (aside - 1))
    return np.asarray(1 - 0.8 * sides * np.exp(-np.where(towards > 0, towards, -6 * towards)), np.float32)
