"""What stands on the table: a toy windmill, books, a cup, a lens, lavender."""

from math import asin, cos, pi, sin

import numpy as np

from device.scene_canvas import Canvas, Colour
from device.scene_textures import cylinder, weave
from device.thing import Picture

ROTOR = 500.0  # units across
ROTOR_PHASES = 18
BLADES = (((206, 58, 48), (150, 34, 30)), ((240, 232, 214), (182, 172, 154)))  # front and folded side of each pair

BOOKS: tuple[tuple[float, float, float, Colour, str], ...] = (  # left, right, thickness, cloth, title
    (70, 1330, 124, (38, 66, 84), "OPTICS OF THE SMALL CAMERA"),
    (0, 1400, 140, (138, 44, 38), "LIGHT AND SHADE · VOL. II"),
)
PAGES = (226, 214, 188)

LENS_TEXT = (226, 222, 212)
DISTANCES = (("0.7", -62), ("0.8", -38), ("1", -16), ("1.2", 4), ("1.5", 22), ("2", 38), ("3", 53), ("5", 68))
F_NUMBERS = (("2", -58), ("2.8", -36), ("4", -14), ("5.6", 8), ("8", 30), ("11", 48), ("16", 64))


def rotor(canvas: Canvas, turn: float) -> Picture:
    """A toy windmill's four blades, turned by part of half a turn: after that it looks the same."""
    middle = ROTOR / 2
    for blade in range(4):
        angle = turn * pi + blade * pi / 2
        front, folded = BLADES[blade % 2]
        tip, side, corner = (_around(middle, angle + a, r) for a, r in ((0.0, 225), (0.62, 132), (0.25, 236)))
        canvas.polygon([(middle, middle), tip, corner, side], front)
        canvas.polygon([(middle, middle), _around(middle, angle + 0.36, 112), side], folded)
    canvas.ellipse(middle - 17, middle - 17, middle + 17, middle + 17, (232, 190, 60))
    return canvas.picture()


def _around(middle: float, angle: float, radius: float) -> tuple[float, float]:
    return middle + radius * cos(angle), middle + radius * sin(angle)


def windmill_stand(canvas: Canvas) -> Picture:
    """Its stick in a clay pot, 300 x 760 units."""
    canvas.line([(150, 0), (150, 600)], 15, (214, 186, 140))
    canvas.polygon([(48, 560), (252, 560), (222, 758), (78, 758)], (184, 98, 62))
    canvas.box(34, 520, 266, 578, (196, 108, 70))
    picture = canvas.picture()
    picture[:3, picture.shape[1] * 520 // 760 :] *= cylinder(picture.shape[2])
    return picture


def books(canvas: Canvas) -> Picture:
    """Two books bound in cloth, spines to us, 1400 x 270 units."""
    top = 6.0
    for left, right, thickness, cloth, title in BOOKS:
        canvas.box(left, top, right, top + thickness - 2, cloth)
        for edge in (left + 26, right - 34):
            canvas.box(edge, top, edge + 8, top + thickness - 2, (206, 168, 92))
        canvas.text(((left + right) / 2, top + thickness / 2), title, thickness * 0.44, (222, 188, 116), "mm")
        top += thickness
    picture = canvas.picture()
    rows, columns = picture.shape[1:]
    y, x = (np.arange(n, dtype=np.float32) / canvas.scale / 7 for n in (rows, columns))
    picture[:3] *= 0.35 + 0.75 * weave(x[None, :], y[:, None])
    return picture


def cup(canvas: Canvas) -> Picture:
    """A white cup with coffee, and the window's glint on its side, 560 x 400 units."""
    canvas.ellipse(360, 90, 545, 290, (236, 232, 224))
    canvas.ellipse(398, 130, 506, 250, (110, 96, 84))
    canvas.polygon([(20, 60), (420, 60), (392, 300), (330, 392), (110, 392), (48, 300)], (238, 236, 230))
    canvas.ellipse(20, 12, 420, 108, (246, 244, 238))
    canvas.ellipse(38, 22, 402, 100, (44, 26, 18))
    picture = canvas.picture()
    body = round(440 * canvas.scale)
    picture[:3, round(62 * canvas.scale) :, :body] *= 0.25 + 0.75 * cylinder(body)
    _glint(picture, canvas.scale, (318, 110, 338, 250), 6.0)
    return picture


def lens(canvas: Canvas) -> Picture:
    """A 35 mm lens standing on its mount, with knurls and engravings, 960 x 760 units."""
    canvas.box(120, 690, 840, 760, (120, 118, 114))
    canvas.box(150, 742, 810, 760, (70, 69, 67))
    canvas.box(60, 480, 900, 690, (30, 30, 31))
    canvas.box(20, 330, 940, 480, (24, 24, 25))
    canvas.box(80, 290, 880, 330, (176, 174, 168))
    canvas.box(60, 180, 900, 290, (30, 30, 31))
    canvas.box(110, 70, 850, 180, (36, 36, 37))
    _knurls(canvas, 480, 460, 330, 480)
    _engrave(canvas, DISTANCES, 415, 560, 58, LENS_TEXT)
    _engrave(canvas, DISTANCES[1::2], 415, 640, 44, (214, 150, 60))
    _engrave(canvas, F_NUMBERS, 415, 236, 56, LENS_TEXT)
    canvas.text((480, 150), "MCAM 1:2 / 35", 38, LENS_TEXT, "mm")
    canvas.polygon([(480, 300), (492, 322), (468, 322)], (200, 40, 34))
    canvas.ellipse(110, 10, 850, 130, (48, 48, 50))
    canvas.ellipse(170, 24, 790, 112, (8, 10, 18))
    picture = canvas.picture()
    picture[:3, round(125 * canvas.scale) :] *= 0.2 + 1.1 * cylinder(picture.shape[2])
    _glint(picture, canvas.scale, (560, 46, 700, 66), 8.0)
    return picture


def _knurls(canvas: Canvas, middle: float, radius: float, top: float, bottom: float) -> None:
    """Ridges seen round a cylinder: dense towards its sides."""
    for degrees in range(-87, 88, 3):
        left, right = (middle + radius * sin((degrees + d) * pi / 180) for d in (-0.7, 0.7))
        canvas.box(left, top + 10, right, bottom - 10, (96, 96, 98))


def _engrave(
    canvas: Canvas, marks: tuple[tuple[str, int], ...], radius: float, y: float, size: float, colour: Colour
) -> None:
    for words, degrees in marks:
        canvas.text((480 + radius * sin(degrees * pi / 180), y), words, size * cos(asin(degrees / 110)), colour, "mm")


def lavender(canvas: Canvas) -> Picture:
    """Lavender in a clay pot, 960 x 900 units."""
    random = np.random.default_rng(6)
    for sprig in range(13):
        across = sprig / 12
        foot, head = (560 + 200 * across, 640.0), (50 + 880 * across, 40 + 190 * float(random.random()))
        canvas.line([foot, head], 9, (96, 122, 84))
        for step in np.linspace(0, 0.45, 15):
            _blossoms(canvas, random, *(h + float(step) * (f - h) for f, h in zip(foot, head, strict=True)))
    canvas.polygon([(508, 660), (812, 660), (774, 900), (546, 900)], (176, 92, 60))
    canvas.box(488, 600, 832, 690, (190, 104, 70))
    picture = canvas.picture()
    top, left, right = (round(v * canvas.scale) for v in (600, 488, 832))
    picture[:3, top:, left:right] *= 0.25 + 0.85 * cylinder(right - left)
    return picture


def _blossoms(canvas: Canvas, random: np.random.Generator, x: float, y: float) -> None:
    for _ in range(5):
        dx, dy = (float(random.normal(0, 15)) for _ in range(2))
        shade, size = int(random.integers(-26, 30)), float(random.uniform(9, 17))
        colour = (124 + shade, 98 + shade, 186 + shade)
        canvas.ellipse(x + dx - size, y + dy - size, x + dx + size, y + dy + size, colour)


def _glint(picture: Picture, scale: float, box: tuple[float, float, float, float], light: float) -> None:
    """Light reflected as in a mirror: far beyond white."""
    left, top, right, bottom = (round(v * scale) for v in box)
    part = picture[:, top:bottom, left:right]
    part[:3] += light * part[3]
