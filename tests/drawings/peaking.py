"""README's picture of peaking beside Sobel's on the same frames, tests/drawings/peaking.jpg: `make drawings`.

The simulated table with the lens at two metres, f/2.8: once at gain 1, once in a sixteenth of the light at gain 16.
Sobel needs a threshold. Here it is the one with which, at gain 1, it finds nine tenths of the places that we find; ours
counts in standard deviations of noise, and is the camera's. Neither is touched for the second frame.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from device import meter
from device.clock import SteppedClock
from device.frame import Exposure, Frame
from device.sensor import Setting
from device.sensor_simulated import SimulatedSensor
from tests.bench.peaking_rivals import sobel
from ui.peaking import marks
from ui.theme import PEAKING

HERE = Path(__file__).parent
SIZE, GAP, WORDS = (520, 390), 8, 26  # of each quarter, between them, and of the line below; pixels
PLACE = 8  # pixels each way
FOUND = 0.95

Mask = NDArray[np.bool_]


def frame_at(gain: float) -> Frame:
    """The scene at a gain, in as much less light."""
    sensor = SimulatedSensor(SteppedClock())
    sensor.turn(2.0, 2.8, -float(np.log2(gain)))
    sensor.start(Setting.SMOOTH, Exposure(4_500, gain))
    frame = sensor.wait(1.0)
    assert frame is not None
    return frame.copied()


def our_marks(frame: Frame) -> Mask:
    """Where we paint, on the preview."""
    rows, columns = frame.raw.shape
    return np.asarray(marks(frame.preview.y, meter.read(frame).focus, (rows, columns)) > 0)


def steepness(frame: Frame) -> NDArray[np.float32]:
    """Sobel's gradient of the preview; none at the border, where it has no neighbours."""
    luma = frame.preview.y.astype(np.float32)
    steep = np.zeros_like(luma)
    steep[1:-1, 1:-1] = sobel(luma, luma)[1:-1, 1:-1]
    return steep


def threshold(steep: NDArray[np.float32], ours: Mask) -> float:
    """With which Sobel marks FOUND of the places, PLACE x PLACE pixels each, that we mark."""
    return float(np.quantile(places(steep)[places(ours)], 1 - FOUND))


def places(plane: NDArray[Any]) -> NDArray[Any]:
    """The highest value in each."""
    rows, columns = (side // PLACE for side in plane.shape)
    return plane[: rows * PLACE, : columns * PLACE].reshape(rows, PLACE, columns, PLACE).max((1, 3))


def drawn(frame: Frame, painted: Mask, words: str) -> Image.Image:
    """The preview with marks, made smaller, and a line below."""
    y, u, v = frame.preview.y, frame.preview.u.repeat(2, 0).repeat(2, 1), frame.preview.v.repeat(2, 0).repeat(2, 1)
    picture = np.asarray(Image.fromarray(np.dstack([y, u, v]), "YCbCr").convert("RGB")).copy()
    picture[painted] = PEAKING["red"]
    half = Image.new("RGB", (SIZE[0], SIZE[1] + WORDS), "black")
    half.paste(Image.fromarray(picture).resize(SIZE, Image.Resampling.BOX))
    ImageDraw.Draw(half).text((4, SIZE[1] + 4), words, font=ImageFont.load_default(16), fill=(220, 220, 220))
    return half


def four() -> Image.Image:
    """Sobel at the left, ours at the right; gain 1 above, gain 16 below."""
    frames = {gain: frame_at(gain) for gain in (1.0, 16.0)}
    steep_from = threshold(steepness(frames[1.0]), our_marks(frames[1.0]))
    picture = Image.new("RGB", (2 * SIZE[0] + GAP, 2 * (SIZE[1] + WORDS)), "black")
    for row, (gain, frame) in enumerate(frames.items()):
        found = {"Sobel": steepness(frame) > steep_from, "mcam": our_marks(frame)}
        for column, (name, painted) in enumerate(found.items()):
            words = f"{name}, ISO {100 * gain:.0f}: {100 * painted.mean():.1f} % painted"
            picture.paste(drawn(frame, painted, words), (column * (SIZE[0] + GAP), row * (SIZE[1] + WORDS)))
    return picture


if __name__ == "__main__":
    four().save(HERE / "peaking.jpg", quality=85)
