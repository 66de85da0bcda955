"""Hot pixels and dust on 12 million photosites: what is found, what is left, and what it costs a frame to pass over.

Times beside a memcpy of the frame, interleaved, least of all rounds. Shares of the light are compared photosite by
photosite with a clean sensor.
"""

from math import erfc, sqrt

import numpy as np

from device import dust, dust_shadow, hot_pixels
from device.dust_removal import cleaned, removed
from device.dust_search import SIGMAS, WhiteFrames
from device.dust_shadow import Mote
from device.flat_field import Gains
from device.flat_fit import cells_of, fitted
from device.frame import Levels
from device.hot_pixel_search import DarkFrames
from device.hot_pixels import MOST, NO_HOT_PIXELS, HotPixels
from device.mending import passed_over
from device.optics import Rings, falloff
from device.photon_noise import PhotonNoise, Response
from device.sensor import Setting
from device.sensor_facts import IMX477
from tests.bench.interleaved import seconds
from tests.conftest import build_frame

ROUNDS = 15
FRAMES = 8
MODE = IMX477.modes[Setting.ARMED]
SHAPE = MODE.height, MODE.width
LEVELS = IMX477.levels(12)
F_NUMBER = 11.0
Light = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def run() -> list[str]:
    """A line for each."""
    return [*_found_in_the_dark(), *_found_on_a_sheet(), *_costs()]


def _photographs(light: Light, gain: float, seed: int) -> "list[np.ndarray[tuple[int, ...], np.dtype[np.uint16]]]":
    noise, source = IMX477.noise(gain, MODE, 12), PhotonNoise(seed)
    response = Response(LEVELS.white - LEVELS.black[0], LEVELS.black[0], LEVELS.white, noise)
    made = [np.empty(SHAPE, np.uint16) for _ in range(FRAMES)]
    for raw in made:
        source.expose(light, (0, 0), response, raw)
    return made


def _found_in_the_dark() -> list[str]:
    gain, planted = IMX477.facts.gain_max, 500
    random = np.random.default_rng(3)
    places = np.sort(random.choice(SHAPE[0] * SHAPE[1], planted, replace=False))
    frames = DarkFrames()
    for raw in _photographs(np.zeros(SHAPE, np.float32), gain, 5):
        raw.reshape(-1)[places] += np.uint16(300)
        frames.add(build_frame(raw, levels=LEVELS, noise=IMX477.noise(gain, MODE, 12)))
    found = frames.found().hot.numbered
    expected = SHAPE[0] * SHAPE[1] * erfc(SIGMAS / sqrt(2))
    hits = np.isin(found, places).sum()
    return [
        f"hot pixels, ISO {100 * gain:.0f}: {hits} of {planted} that are 300 DN too bright, "
        f"and {found.size - hits} good ones ({expected:.3f} expected)"
    ]


def _found_on_a_sheet() -> list[str]:
    clean = _sheet()
    dusty, random = clean.copy(), np.random.default_rng(4)
    for radius_um in np.geomspace(6, 40, 30):
        row, column = random.uniform(100, SHAPE[0] - 100), random.uniform(100, SHAPE[1] - 100)
        dust_shadow.cast(Mote(row, column, radius_um), F_NUMBER, MODE, IMX477.facts.pixel_pitch_um, dusty)
    lines = []
    for name, light in (("clean", clean), ("dusty", dusty)):
        white, cells = WhiteFrames(), []
        for raw in _photographs(light, 1.0, 6):
            frame = build_frame(raw, levels=LEVELS, noise=IMX477.noise(1.0, MODE, 12))
            white.add(frame)
            cells.append(cells_of(frame))
        gains = fitted(cells).gains
        found = white.found(gains)
        cells_count = SHAPE[0] * SHAPE[1] / dust.CELL**2
        lines.append(
            f"{name} sheet, {FRAMES} photographs: {len(found.dust.specks)} shadows "
            f"({cells_count * erfc(SIGMAS / sqrt(2)) / 2:.4f} expected of noise), and light that falls off to "
            f"{100 * clean.min() / clean.max():.0f} % is even to {100 * _uneven(clean, gains):.2f} %"
        )
    known = dust.decoded(dust.encoded(found.dust))
    fine = Levels((4096.0,) * 4, 65535)
    spoilt, good = (np.round(4096 + 61_000 * light).astype(np.uint16) for light in (dusty, clean))
    made = cleaned(spoilt, build_frame(spoilt).cfa, fine, NO_HOT_PIXELS, known)
    before, after = (np.abs((raw - 4096.0) / (good - 4096.0) - 1) for raw in (spoilt, made))
    shadow = before > 0.01
    lines.append(
        f"{shadow.sum()} photosites lack more than 1 %, {100 * before.max():.0f} % at most; afterwards "
        f"{100 * (after[shadow] > 0.01).mean():.2f} % of them are off by more than 1 %, the worst by "
        f"{100 * after.max():.1f} %"
    )
    return lines


def _sheet() -> Light:
    """Behind a lens of 28 mm wide open; half of the range in the middle."""
    y, x = (np.arange(size, dtype=np.float32) - (size - 1) / 2 for size in SHAPE)
    radius_um = np.hypot(y[:, None], x) * np.float32(IMX477.facts.pixel_pitch_um)
    light = falloff(radius_um, float(radius_um.max()), Rings(focal_length_mm=28, f_number=1.4))
    return np.ascontiguousarray(0.5 * light, np.float32)


def _uneven(light: Light, gains: Gains) -> float:
    """Of the sheet with its flat field, at the points of that."""
    rows, columns = (np.linspace(0, size - 1, points).round().astype(int) for size, points in zip(
        SHAPE, gains.shape[1:], strict=True
    ))  # fmt: skip
    flat = gains * light[np.ix_(rows, columns)]
    return float(np.abs(flat / flat[:, flat.shape[1] // 2, flat.shape[2] // 2][:, None, None] - 1).max())


def _costs() -> list[str]:
    raw = _photographs(np.full(SHAPE, 0.3, np.float32), 1.0, 7)[0]
    copy, frame = raw.copy(), build_frame(raw)
    places = np.sort(np.random.default_rng(8).choice(raw.size, MOST, replace=False))
    many = hot_pixels.numbered(*SHAPE, places)
    few = hot_pixels.numbered(*SHAPE, places[::100])
    specks = tuple(dust.Speck(20 * k, 30 * k, np.full((20, 20), 0.8, np.float32)) for k in range(20))
    known = dust.Dust(*SHAPE, specks)

    def passing(hot: HotPixels) -> None:
        with passed_over(raw, hot):
            pass

    def lifting() -> None:
        with removed(raw, frame.cfa, LEVELS, known):
            pass

    times = seconds(
        {
            "memcpy of the RAW": lambda: np.copyto(copy, raw),
            f"{few.count} hot pixels and back": lambda: passing(few),
            f"{many.count} hot pixels and back": lambda: passing(many),
            f"{len(specks)} shadows of 80 x 80 and back": lifting,
        },
        ROUNDS,
    )
    least = {name: min(values) for name, values in times.items()}
    memcpy = least["memcpy of the RAW"]
    return [f"{name:34} {1000 * t:7.3f} ms  {t / memcpy:6.3f} x memcpy" for name, t in least.items()]


if __name__ == "__main__":
    print(*run(), sep="\n")
