"""What the peaking bench looks at: photographs, printed pages and foliage, all sharp to the photosite."""

from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from device.thing import linear

Light = NDArray[np.float32]  # (rows, columns, 3), linear sRGB, 0 to 1

SHRINK = 1.6  # stored photographs are demosaiced and sharpened: only smaller ones have detail at every photosite
PICTURES = {".png", ".jpg", ".jpeg"}
# Those that the bars were measured with, as these packages bring them along: each one's folder and files
OF_THE_BARS = {
    "skimage/data": (
        "astronaut.png coffee.png chelsea.png rocket.jpg camera.png brick.png grass.png gravel.png coins.png page.png"
        " motorcycle_left.png"
    ),
    "sklearn/datasets/images": "china.jpg flower.jpg",
}
DRAWN = (760, 1000)  # rows and columns of what is drawn here
WORDS = "Die Blende bestimmt, wie viel Licht auf die Schicht fällt; the plane of focus, how sharp. 0123456789 "


def photographs(folder: Path) -> list[Light]:
    """Every photograph of a folder, in the order of their names."""
    return [_photograph(path) for path in sorted(folder.iterdir()) if path.suffix in PICTURES]


def photographs_of_the_bars() -> list[Light]:
    """The thirteen of scikit-image and scikit-learn, read where these are installed."""
    paths = [_installed(folder) / name for folder, names in OF_THE_BARS.items() for name in names.split()]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise SystemExit(f"No {', '.join(missing)}: pip install '.[bench]' has two packages bring them.")
    return [_photograph(path) for path in paths]


def _installed(folder: str) -> Path:
    """Of a package, which is not imported; one that is not there is looked for here, where its files are not."""
    package, _, inside = folder.partition("/")
    spec = find_spec(package)
    return (Path(spec.origin).parent if spec and spec.origin else Path(package)) / inside


def _photograph(path: Path) -> Light:
    return _shrunk(Image.open(path).convert("RGB"))


def drawings() -> list[Light]:
    """A printed page and foliage."""
    return [page(), foliage()]


@lru_cache(maxsize=1)
def page() -> Light:
    """Black print on white paper in four sizes."""
    sheet = Image.new("RGB", (DRAWN[1] * 2, DRAWN[0] * 2), (235, 232, 224))
    draw = ImageDraw.Draw(sheet)
    for row, size in _lines(sheet.height):
        draw.text((40 - row % 97, row), WORDS * 3, (24, 24, 28), ImageFont.load_default(size))
    return _shrunk(sheet, 2.0)


def _lines(height: int) -> Iterator[tuple[int, int]]:
    row, sizes = 20, (28, 36, 48, 72)
    while row < height - 100:
        size = sizes[row // 8 % 4]
        yield row, size
        row += size * 3 // 2


@lru_cache(maxsize=1)
def foliage() -> Light:
    """Leaves that hide one another, of every size down to a few photosites (the "dead leaves" model of texture)."""
    random = np.random.default_rng(11)
    canvas = Image.new("RGB", (DRAWN[1] * 2, DRAWN[0] * 2), (30, 44, 20))
    draw = ImageDraw.Draw(canvas)
    for _ in range(9000):
        x, y, turn = random.random(3) * (canvas.width, canvas.height, np.pi)
        length = 6.0 / random.random() ** 0.6
        green = int(random.uniform(30, 200))
        draw.polygon(_leaf(x, y, length, turn), (green * 3 // 5, green, green // 3))
    return _shrunk(canvas, 2.0)


def _leaf(x: float, y: float, length: float, turn: float) -> list[tuple[float, float]]:
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    outline = ((-1, 0), (-0.3, 0.4), (0.4, 0.35), (1, 0), (0.4, -0.35), (-0.3, -0.4))
    return [tuple((x, y) + length * (a * along + b * across)) for a, b in outline]


def _shrunk(picture: Image.Image, factor: float = SHRINK) -> Light:
    """Averaged in linear light, as larger photosites would have seen it."""
    light = linear(np.asarray(picture))
    size = round(picture.width / factor), round(picture.height / factor)
    planes = [Image.fromarray(light[..., k]).resize(size, Image.Resampling.BOX) for k in range(3)]
    return np.stack([np.asarray(plane) for plane in planes], -1)
