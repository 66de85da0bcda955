"""What is seen out of the window: sky and mountains, a hut on its meadow, a branch, a trellis."""

from math import pi

import numpy as np

from device.scene_canvas import COLUMNS, OVERSCAN, Canvas, opaque
from device.scene_textures import fractal, leaf, streaks, stretched
from device.thing import Light, Picture, linear

FOREST = (0.55, 0.8, 0.42)
MEADOW = ((0.27, 0.13), (0.29, 0.19), (0.08, 0.05))  # linear red, green, blue: far and near
AIR_STEP = 16  # units between the points where the sky's gradient is worked out
WIDTH = COLUMNS + 2 * OVERSCAN
SKY_HEIGHT = 1700
SUN, SUN_RADIUS, SUN_LIGHT = (3210.0, 520.0), 104.0, 40.0  # half a degree across at 35 mm; 5 stops above white
RIDGES = (  # mean height, how rugged, the air's colour before it, how much of that
    (1010, 150, (176, 190, 214), 0.82),
    (1150, 105, (132, 156, 186), 0.62),
    (1290, 80, (84, 116, 122), 0.30),
)


def sky(scale: float) -> Picture:
    """Sky from blue to the haze round the sun, thin clouds, and three ridges of mountains: all at infinity."""
    random = np.random.default_rng(1)
    rows, columns = round(SKY_HEIGHT * scale), round(WIDTH * scale)
    light = np.stack([stretched(plane, (rows, columns)) for plane in _air()])
    down = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / scale - OVERSCAN
    clouds = np.clip(streaks(random, (rows, columns), (160 * scale, 900 * scale), 5) - 0.4, 0, 2.5) * 0.16
    clouds *= np.clip(1.1 - down / 1300, 0, 1)
    for c, colour in enumerate((1.0, 0.93, 0.86)):
        light[c] += clouds * np.float32(colour)
    _sun(light, scale)
    for ridge in RIDGES:
        _mountains(light, random, scale, down, *ridge)
    return opaque(light)


def _air() -> Light:
    """The smooth gradient, coarsely: blue above, pale at the horizon, warm round the sun."""
    y, x = np.mgrid[0:SKY_HEIGHT:AIR_STEP, 0:WIDTH:AIR_STEP].astype(np.float32) + (AIR_STEP / 2 - OVERSCAN)
    down = np.clip(y / 1450, 0, 1) ** 1.3
    near = np.hypot(y - SUN[1], x - SUN[0])
    glow = 1.6 * np.exp(-near / 150) + 0.7 * np.exp(-near / 700)
    colours = zip((0.13, 0.30, 0.66), (1.0, 0.80, 0.58), (1.0, 0.80, 0.55), strict=True)
    return np.stack([zenith + (horizon - zenith) * down + glow * warm for zenith, horizon, warm in colours])


def _sun(light: Light, scale: float) -> None:
    reach = SUN_RADIUS + 4
    top, left = (round((v + OVERSCAN - reach) * scale) for v in (SUN[1], SUN[0]))
    side = round(2 * reach * scale)
    y, x = (np.arange(side)[:, None] + 0.5) / scale - reach, (np.arange(side)[None, :] + 0.5) / scale - reach
    disc = np.clip((SUN_RADIUS - np.hypot(y, x)) * scale + 0.5, 0, 1)
    light[:, top : top + side, left : left + side] += SUN_LIGHT * disc


def _mountains(
    light: Light,
    random: np.random.Generator,
    scale: float,
    down: Light,
    height: float,
    rugged: float,
    air: tuple[int, int, int],
    haze: float,
) -> None:
    """One ridge over all behind it: woods with a jagged rim, paled by the air between."""
    rows, columns = light.shape[1:]
    rim = height + rugged * 0.5 * fractal(random, (1, columns), 1500 * scale, 4)[0]
    rim -= 14 * np.abs(fractal(random, (1, columns), 18 * scale, 3)[0])
    top = max(0, int((rim.min() + OVERSCAN) * scale) - 1)
    woods = 0.10 * (1 - haze) * np.exp(0.45 * fractal(random, (rows - top, columns), 60 * scale, 5))
    inside = np.clip((down[top:] - rim) * scale + 0.5, 0, 1)
    for c, pale in enumerate(linear(np.array(air, np.uint8))):
        light[c, top:] += inside * (woods * np.float32(FOREST[c]) + pale * np.float32(haze) - light[c, top:])


def meadow(scale: float) -> Picture:
    """Grass in the low sun, 1440 to 2060 units down."""
    rows, columns = round(620 * scale), round(WIDTH * scale)
    random = np.random.default_rng(2)
    blades = np.exp(0.30 * streaks(random, (rows, columns), (30 * scale, 9 * scale), 3))
    slopes = 1 + 0.25 * fractal(random, (rows, columns), 900 * scale, 3)
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    grass = blades * slopes
    picture = opaque(np.stack([grass * (far + (near - far) * down) for far, near in MEADOW]))
    hills = 20 + 12 * fractal(random, (1, columns), 900 * scale, 3) + 5 * fractal(random, (1, columns), 9 * scale, 2)
    rim = np.arange(rows, dtype=np.float32)[:, None] - hills * scale
    return np.asarray(picture * np.clip(rim + 0.5, 0, 1), np.float32)


def hut(canvas: Canvas) -> Picture:
    """A wooden hut with a shingled roof, an open door into the dark and a window in the sun, 900 x 640 units."""
    random = np.random.default_rng(3)
    canvas.box(600, 60, 690, 300, (112, 96, 88))
    _planks(canvas, random)
    _roof(canvas, random)
    canvas.box(250, 385, 400, 640, (9, 7, 6))  # nothing lit in there: the deep shadow
    canvas.box(530, 400, 700, 520, (70, 50, 38))
    for left, top in ((542, 412), (620, 412), (542, 466), (620, 466)):
        canvas.box(left, top, left + 68, top + 44, (248, 226, 178))
    canvas.text((325, 350), "1925", 30, (235, 220, 190), "mm")
    return canvas.picture()


def _planks(canvas: Canvas, random: np.random.Generator) -> None:
    for left in range(110, 790, 20):
        shade = int(random.integers(-16, 16))
        canvas.box(left, 290, left + 18.5, 640, (150 + shade, 104 + shade, 72 + shade))


def _roof(canvas: Canvas, random: np.random.Generator) -> None:
    """Shingles in rows, each row wider than the one above."""
    canvas.polygon([(200, 110), (700, 110), (860, 330), (40, 330)], (60, 44, 40))
    for row in range(11):
        top = 110 + row * 20
        reach = 160 * (top + 18 - 110) / 220
        for left in np.arange(200 - reach, 700 + reach - 10, 22):
            shade = int(random.integers(-22, 22))
            canvas.box(float(left), top, float(left) + 19, top + 17, (150 + shade, 92 + shade, 74 + shade))


def conifer(canvas: Canvas, seed: int) -> Picture:
    """A fir, 420 x 900 units: a trunk and some thousand twigs hanging from it."""
    random = np.random.default_rng(seed)
    canvas.line([(210, 70), (210, 900)], 16, (64, 48, 38))
    for _ in range(2600):
        down = float(random.random()) ** 0.7
        side = float(random.uniform(-1, 1))
        x, y = 210 + side * (12 + 185 * down), 30 + 800 * down + 60 * abs(side) * down
        light = int(random.integers(0, 60)) + (26 if side > 0 else 0)
        twig = float(random.uniform(12, 34))
        canvas.line([(x, y), (x + side * twig, y + twig)], 5, (28 + light // 2, 52 + light, 30 + light // 3))
    return canvas.picture()


def branch(canvas: Canvas) -> Picture:
    """Leaves with the sun behind them, hanging into the picture from its corner, 1500 x 1050 units."""
    random = np.random.default_rng(4)
    stems = [((-20, 130), (1250, 420)), ((-20, 60), (900, 60)), ((200, 160), (620, 760)), ((500, 240), (1020, 640))]
    for start, end in stems:
        canvas.line([start, ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 - 40), end], 15, (74, 56, 42))
    for _ in range(620):
        start, end = stems[int(random.integers(len(stems)))]
        along = float(random.random())
        x = start[0] + along * (end[0] - start[0]) + float(random.normal(0, 42))
        y = start[1] + along * (end[1] - start[1]) + float(random.normal(0, 42))
        sun = int(random.integers(0, 110))
        colour = (66 + sun, 104 + sun, 34 + sun // 4)
        leaf(canvas, (x, y), float(random.uniform(70, 150)), float(random.normal(0.9, 0.7)), colour)
    return canvas.picture()


def trellis(canvas: Canvas) -> Picture:
    """Crossed slats on a post, and ivy climbing them, 640 x 1500 units."""
    random = np.random.default_rng(5)
    for start in range(-1500, 700, 118):
        canvas.line([(start, 1500), (start + 1500, 0)], 26, (150, 128, 104))
    for start in range(-1500, 700, 118):
        canvas.line([(start, 0), (start + 1500, 1500)], 26, (196, 172, 142))
    canvas.box(0, 0, 46, 1500, (172, 146, 118))
    for _ in range(420):
        up = float(random.beta(1, 2.2))
        x, y = float(random.uniform(20, 660)), 1500 - 1350 * up
        shade = int(random.integers(0, 70))
        leaf(
            canvas,
            (x, y),
            float(random.uniform(45, 95)),
            float(random.uniform(0, 2 * pi)),
            (30 + shade, 66 + shade, 32),
        )
    return canvas.picture()
