"""A frame as the daemon would publish it, drawn by hand: a sharp star before soft hills, and a sun that clips."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from device import luma
from device.face_states import ViewState
from device.frame import FOCUS_CELL, HISTOGRAM_BINS, Exposure, Preview, Reading
from device.meter import quads_per_cell
from device.preview import PreviewFrame
from device.states import CardStatus, ExposureState, LensState, SensorState, State

COLUMNS, ROWS = 1014, 760
STAR = (330, 470, 210)  # column, row, radius of the only thing in focus
SUN = (800, 170, 70)


def picture() -> Image.Image:
    rows = np.linspace(205, 120, ROWS)[:, None] * np.ones((1, COLUMNS))
    sky = Image.fromarray(np.stack([rows * 0.82, rows * 0.94, rows * 1.1], -1).clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(sky)
    draw.polygon(
        [(0, 520), (220, 330), (430, 500), (640, 300), (1014, 560), (1014, 760), (0, 760)], fill=(96, 108, 104)
    )
    draw.polygon([(0, 640), (380, 560), (760, 650), (1014, 600), (1014, 760), (0, 760)], fill=(58, 66, 52))
    column, row, radius = SUN
    draw.ellipse((column - radius, row - radius, column + radius, row + radius), fill=(255, 255, 250))
    soft = sky.filter(ImageFilter.GaussianBlur(7))
    _draw_star(ImageDraw.Draw(soft))
    return soft


def _draw_star(draw: ImageDraw.ImageDraw) -> None:
    column, row, radius = STAR
    box = (column - radius, row - radius, column + radius, row + radius)
    draw.ellipse(box, fill=(222, 214, 196))
    for spoke in range(36):
        draw.pieslice(box, spoke * 10, spoke * 10 + 5, fill=(34, 32, 40))


def synthetic_view(frame: int = 1, columns: int = COLUMNS, rows: int = ROWS) -> PreviewFrame:
    y, cb, cr = (np.asarray(plane) for plane in picture().resize((columns, rows)).convert("YCbCr").split())
    half = [plane[: rows // 2 * 2 : 2, : columns // 2 * 2 : 2].copy() for plane in (cb, cr)]
    even = y[: rows // 2 * 2, : columns // 2 * 2].copy()  # a frame from the ring is its reader's own, too
    return PreviewFrame(
        number=1,
        frame=frame,
        sensor_timestamp_ns=frame * 25_000_000,
        exposure=Exposure(8000, 4.0),
        raw_size=(2 * ROWS, 2 * COLUMNS),
        bits=12,
        preview=Preview(even, *half),
        reading=reading((rows, columns)),
    )


def synthetic_luma_view(frame: int = 1) -> PreviewFrame:
    """The same as a camera without RAW shows it: read from its luma, and exposed nobody knows how."""
    view = synthetic_view(frame)
    sizes = {"raw_size": view.preview.y.shape, "bits": 0}
    return replace(view, exposure=Exposure(0, 0.0), reading=luma.read(view.preview), **sizes)  # type: ignore[arg-type]


def reading(shown: tuple[int, int] = (ROWS, COLUMNS)) -> Reading:
    """What the meter says of the mosaic, for a preview of that many rows and columns."""
    down, across = np.mgrid[0 : 2 * ROWS // FOCUS_CELL, 0 : 2 * COLUMNS // FOCUS_CELL] * FOCUS_CELL / 2
    to_star = np.hypot(across - STAR[0], down - STAR[1])
    return Reading(
        histogram=histogram(),
        clipped_share=np.array([0.0137, 0.021, 0.021, 0.0002], np.float32),
        mean=np.array([0.2, 0.25, 0.25, 0.2], np.float32),
        focus=np.where(to_star < STAR[2] + 8, 80.0, 1.5).astype(np.float32),
        clipped=_clipped(shown),
        focus_score=4.2,
        noise_floor_ev=-9.4,
        headroom_ev=0.0,
        stops=stops(),
        spot_ev=-2.1,
    )


def _clipped(shown: tuple[int, int]) -> NDArray[np.uint8]:
    """In as many quads together as the meter takes for that preview."""
    down, across = np.mgrid[0:ROWS, 0:COLUMNS]
    to_sun = np.hypot(across - SUN[0], down - SUN[1])
    clipped = np.zeros((ROWS, COLUMNS), np.uint8)
    for channel, radius in ((2, 74), (1, 58), (4, 42)):
        clipped[to_sun < radius] |= channel
    n = quads_per_cell((2 * ROWS, 2 * COLUMNS), shown)
    together = clipped[: ROWS // n * n, : COLUMNS // n * n].reshape(ROWS // n, n, COLUMNS // n, n)
    return np.asarray(np.bitwise_or.reduce(together, axis=(1, 3)), np.uint8)


def stops() -> NDArray[np.uint8]:
    """The cells' brightness: the picture's own, as if its curve were a plain 2.2."""
    cells = picture().convert("L").resize((2 * COLUMNS // FOCUS_CELL, 2 * ROWS // FOCUS_CELL), Image.Resampling.BOX)
    light = (np.maximum(np.asarray(cells), 1) / 255.0) ** 2.2
    return np.clip(np.floor(16 * (14 + np.log2(light))), 0, 224).astype(np.uint8)


def histogram() -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Hills, sky and the sun, each channel a little elsewhere."""
    bins = np.arange(HISTOGRAM_BINS, dtype=np.float64)
    channels = []
    for shift in (-4, 2, 2, -1):
        hills = 60_000 * np.exp(-(((bins - 66 - shift) / 9) ** 2))
        sky = 90_000 * np.exp(-(((bins - 92 - shift) / 5) ** 2))
        channels.append(hills + sky)
    counts = np.round(np.array(channels)).astype(np.float32)
    counts[:, -1] = (10_500, 16_000, 16_000, 150)
    return counts


def synthetic_state(**changes: object) -> State:
    values: dict[str, object] = {
        "camera": "live",
        "sensor": SensorState(model="IMX477", width=2028, height=1520, bits=12, crop_factor=5.5),
        "exposure": ExposureState(mode="A", auto_iso=True, ev=2 / 3, shutter_us=8000, iso=400, f_number=2.8),
        "lens": LensState(
            name="Summicron-M 35 mm f/2 ASPH", focal_length_mm=35.0, hyperfocal_m=141.2, near_m=1.973, far_m=2.028
        ),
        "card": CardStatus(folder="card", shots_left=412, queue_size=6),
        "view": ViewState(),
    }
    return State(**{**values, **changes})  # type: ignore[arg-type]
