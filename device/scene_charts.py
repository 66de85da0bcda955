"""The two charts of the scene: colours that are published, and a star that shows where sharpness ends."""

from math import cos, pi, sin

from device.scene_canvas import Canvas
from device.thing import Picture

# The 24 patches of the ColorChecker in sRGB (D65), row by row: Danny Pascale, "RGB coordinates of the Macbeth
# ColorChecker", The BabelColor Company, 2006, table of sRGB values.
COLORCHECKER = (
    ((115, 82, 68), (194, 150, 130), (98, 122, 157), (87, 108, 67), (133, 128, 177), (103, 189, 170)),
    ((214, 126, 44), (80, 91, 166), (193, 90, 99), (94, 60, 108), (157, 188, 64), (224, 163, 46)),
    ((56, 61, 150), (70, 148, 73), (175, 54, 60), (231, 199, 31), (187, 86, 149), (8, 133, 161)),
    ((243, 243, 242), (200, 200, 200), (160, 160, 160), (122, 122, 121), (85, 85, 85), (52, 52, 52)),
)
PATCH, GAP, FRAME = 120.0, 20.0, 40.0  # units
FRAME_COLOUR = (30, 29, 28)

SPOKES = 36
PAPER, INK = (238, 236, 230), (26, 25, 24)
LINES = (
    ("mcam", 44),
    ("Whoever can read this has focused on two metres.", 21),
    ("And this line, smaller by half, is for full resolution and a steady hand.", 13),
)


def colour_chart(canvas: Canvas) -> Picture:
    """24 patches in a black frame, 900 x 622 units: patch (row, column) begins at FRAME + (PATCH + GAP) * index."""
    canvas.box(0, 0, 900, 622, FRAME_COLOUR)
    for row, colours in enumerate(COLORCHECKER):
        for column, colour in enumerate(colours):
            left, top = FRAME + (PATCH + GAP) * column, FRAME + (PATCH + GAP) * row
            canvas.box(left, top, left + PATCH, top + PATCH, colour)
    return canvas.picture()


def star_card(canvas: Canvas) -> Picture:
    """A Siemens star, slanted edges and lines of text on paper, 640 x 700 units."""
    canvas.box(0, 0, 640, 700, PAPER)
    _star(canvas, 320, 270, 230)
    for x, y in ((60, 60), (580, 60), (60, 480), (580, 480)):
        _slanted_square(canvas, x, y, 42)
    top = 528.0
    for words, size in LINES:
        canvas.text((320, top), words, size, INK, "mt")
        top += size * 1.6
    return canvas.picture()


def _star(canvas: Canvas, x: float, y: float, radius: float) -> None:
    for spoke in range(SPOKES):
        a, b = (2 * pi * (spoke + side) / SPOKES for side in (0, 0.5))
        points = [(x, y), (x + radius * cos(a), y + radius * sin(a)), (x + radius * cos(b), y + radius * sin(b))]
        canvas.polygon(points, INK)


def _slanted_square(canvas: Canvas, x: float, y: float, half: float) -> None:
    """Turned by 5 degrees, as ISO 12233 wants its edges."""
    angles = [5 * pi / 180 + pi / 4 + i * pi / 2 for i in range(4)]
    canvas.polygon([(x + half * cos(a), y + half * sin(a)) for a in angles], INK)
