from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import rawpy
from numpy.typing import NDArray
from PIL import Image

from device import dng, jpeg, raw_file
from device.clock import SteppedClock
from device.colour import camera_to_srgb, white_balance
from device.develop import develop
from device.frame import Cfa, Colour, Exposure, Frame, Levels, Noise, Raw
from device.half_size import half_size
from device.looks import LOOKS
from device.sensor import Setting
from device.srgb import srgb_light
from device.tile import COLUMNS, ROWS
from tests.colour_difference import ciede2000, lab
from tests.conftest import build_frame
from tests.photographs import IMX477, noise_mosaic, photograph
from tests.reference_demosaic import minimum_error
from tests.small_sensor import next_frame, small_sensor
from tests.test_looks import MEASURED

BLACK = (250.0, 256.0, 258.0, 260.0)
NO_NOISE = Noise(1e-9, 1e-9)  # nothing is taken out of such a frame
OFFSET = 1e-3  # of the signal, then
SRGB_TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
DAYLIGHT = np.array(IMX477.matrices[1]) @ np.sum(SRGB_TO_XYZ, axis=1)  # what the camera sees of D65's white


def shown(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """IEC 61966-2-1, in 8-bit levels, not rounded."""
    light = np.clip(light, 0, 1)
    return 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def channels(cfa: Cfa, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    return np.tile(cfa.pattern, (shape[0] // 2 + 1, shape[1] // 2 + 1))[: shape[0], : shape[1]]


def flat_frame(camera: tuple[float, float, float], cfa: Cfa, shape: tuple[int, int] = (30, 42)) -> Frame:
    """The mosaic of one camera colour, 0 at black and 1 at clipping."""
    per_channel = [camera[0], camera[1], camera[1], camera[2]]
    levels = np.array([black + share * (4095 - black) for black, share in zip(BLACK, per_channel, strict=True)])
    return build_frame(np.rint(levels[channels(cfa, shape)]).astype(np.uint16), cfa=cfa, levels=Levels(BLACK, 4095))


@pytest.mark.parametrize("cfa", list(Cfa))
@pytest.mark.parametrize("paint", [(0.5, 0.5, 0.5), (0.6, 0.2, 0.1), (0.1, 0.3, 0.7), (0.8, 0.7, 0.1)])
def test_a_painted_wall_has_its_colour(cfa: Cfa, paint: tuple[float, float, float]) -> None:
    """Forwards by the definition of DNG's ColorMatrix: sRGB to XYZ to camera."""
    camera = np.array(IMX477.matrices[1]) @ SRGB_TO_XYZ @ paint / DAYLIGHT.max()
    frame = replace(flat_frame(tuple(camera), cfa), neutral=tuple(DAYLIGHT / DAYLIGHT[1]))
    for picture in (develop(frame, IMX477, MEASURED), half_size(frame, IMX477, MEASURED)):
        assert np.abs(picture - shown(np.array(paint))).max() < 1.5


@pytest.mark.parametrize("cfa", list(Cfa))
def test_burnt_out_highlights_are_white_and_not_magenta(cfa: Cfa) -> None:
    frame = flat_frame((1.0, 1.0, 1.0), cfa)
    assert (develop(frame, IMX477, MEASURED) == 255).all()
    assert (half_size(frame, IMX477, MEASURED) == 255).all()


def test_highlights_where_only_green_clipped_do_not_turn_magenta() -> None:
    for share in (0.46, 0.5, 0.7, 0.9):
        frame = flat_frame((share, 1.0, share), Cfa.RGGB)
        red, green, blue = half_size(frame, IMX477, MEASURED)[0, 0].astype(int)
        assert green >= min(red, blue) - 1


def test_black_is_black() -> None:
    assert (develop(flat_frame((0.0, 0.0, 0.0), Cfa.GBRG), IMX477, MEASURED) <= 1).all()


def light_of(frame: Frame) -> NDArray[np.float64]:
    """White balanced, black at 0, cut at 1."""
    channel = channels(frame.cfa, frame.raw.shape)
    black = np.array(frame.levels.black)[channel]
    gains = np.array(white_balance(frame.neutral))[np.array([0, 1, 1, 2])[channel]]
    return np.minimum((frame.raw - black) / (frame.levels.white - black) * gains, 1)


def signal_of(light: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(light >= 0, np.sqrt(np.maximum(light, 0) + OFFSET), OFFSET**0.5 + light / 2 / OFFSET**0.5)


@pytest.mark.parametrize("shape", [(ROWS + 40, 50), (50, COLUMNS + 60), (ROWS - 1, 37), (5, 4), (3, 31)])
def test_tiles_leave_no_seams_and_change_nothing_without_noise(shape: tuple[int, int]) -> None:
    """Against the whole picture at once, in numpy."""
    frame = build_frame(noise_mosaic(*shape), cfa=Cfa.GRBG, levels=Levels(BLACK, 4095), noise=NO_NOISE)
    signal = minimum_error(signal_of(light_of(frame)), frame.cfa)
    root = OFFSET**0.5
    camera = np.minimum(np.where(signal > root, signal**2 - OFFSET, 2 * root * (signal - root)), 1)
    expected = shown(camera @ camera_to_srgb(IMX477, frame.neutral).T)
    off = np.abs(develop(frame, IMX477, MEASURED) - expected)
    assert np.mean(off > 1) < 1e-3  # float32 here, float64 there, and a step of noise is worst for either
    assert off.mean() < 0.3


@pytest.mark.parametrize("shape", [(301, 41), (256, 44), (2, 2), (7, 6)])
def test_half_size_shows_each_quad_as_one_pixel(shape: tuple[int, int]) -> None:
    frame = build_frame(noise_mosaic(*shape), cfa=Cfa.GBRG, levels=Levels((256.0,) * 4, 4095), noise=NO_NOISE)
    light = light_of(frame)[: shape[0] // 2 * 2, : shape[1] // 2 * 2]
    camera = np.stack([light[1::2, 0::2], (light[0::2, 0::2] + light[1::2, 1::2]) / 2, light[0::2, 1::2]], -1)
    expected = shown(camera @ camera_to_srgb(IMX477, frame.neutral).T)
    assert np.abs(half_size(frame, IMX477, MEASURED) - expected).max() < 0.8


def test_the_flat_fields_gains_give_back_what_the_lens_took() -> None:
    """A corner as dark as a quarter, a grey wall: the picture is even again."""
    rows, columns = 150, 300
    falls = np.linspace(1, 4, columns, dtype=np.float32)[None, :] * np.ones((rows, 1), np.float32)
    even = flat_frame((0.3, 0.6, 0.4), Cfa.BGGR, (rows, columns))
    black = np.array(BLACK)[channels(Cfa.BGGR, even.raw.shape)]
    vignetted = replace(even, raw=np.rint((even.raw - black) / falls + black).astype(np.uint16))
    gains = np.tile(np.array([1.0, 2.5, 4.0], np.float32), (4, 1, 1))
    for way in (develop, half_size):
        given_back = way(vignetted, IMX477, MEASURED, gains).astype(int)
        assert np.abs(given_back - way(even, IMX477, MEASURED)).max() <= 2


def exposed(light: float, gain: float, shape: tuple[int, int] = (400, 400)) -> Frame:
    """A grey wall in D65, with an IMX477's noise at that gain."""
    neutral = DAYLIGHT / DAYLIGHT[1]
    noise = Noise(0.47 * gain, 2.34 + 0.51 * (gain**2 - 1))
    signal = light * 3839 * neutral[[0, 1, 1, 2]][channels(Cfa.BGGR, shape)]
    drawn = np.random.default_rng(9).normal(0, 1, shape) * np.sqrt(noise.slope_dn * signal + noise.floor_dn2)
    raw: Raw = np.clip(np.rint(256 + signal + drawn), 0, 4095).astype(np.uint16)
    return build_frame(raw, noise=noise, exposure=Exposure(10_000, gain), neutral=tuple(neutral))


def colour_and_grain(picture: NDArray[np.uint8]) -> tuple[float, float]:
    """Standard deviation of red and blue minus green, and of luma (ITU-R BT.601), in 8-bit levels."""
    values = picture[8:-8, 8:-8].astype(float)
    return float((values[..., [0, 2]] - values[..., [1]]).std((0, 1)).mean()), float(
        (values @ [0.299, 0.587, 0.114]).std()
    )


@pytest.mark.parametrize("gain", [16.0, 22.0])
@pytest.mark.parametrize("light", [0.02, 0.1, 0.4])
@pytest.mark.parametrize("way", [develop, half_size])
def test_noise_at_high_gains_keeps_its_grain_and_loses_its_colour(way: object, light: float, gain: float) -> None:
    assert callable(way)
    frame = exposed(light, gain)
    colour_before, grain_before = colour_and_grain(way(replace(frame, noise=NO_NOISE), IMX477, MEASURED))
    colour, grain = colour_and_grain(way(frame, IMX477, MEASURED))
    assert colour < 0.3 * colour_before
    assert grain > 0.6 * grain_before


@pytest.mark.parametrize("light", [0.005, 0.02, 0.1, 0.4])
def test_noise_shifts_no_shadow_towards_a_colour(light: float) -> None:
    mean = develop(exposed(light, 22.0), IMX477, MEASURED)[8:-8, 8:-8].mean((0, 1))
    assert np.ptp(mean) < 1.5  # of 255


def test_a_coloured_edge_stays_where_it_is_at_a_high_gain() -> None:
    """Red paint beside grey: six pixels from the edge either has its own colour, as far as the grey wall has it."""
    frame = exposed(0.3, 16.0)
    red = frame.raw.astype(float)
    weaker = np.array([1.0, 0.35, 0.35, 0.3])[channels(Cfa.BGGR, red.shape)]
    red[:, 200:] = (256 + (red - 256) * weaker)[:, 200:]
    picture = develop(replace(frame, raw=np.rint(red).astype(np.uint16)), IMX477, MEASURED).astype(float)
    columns = picture[8:-8].mean(0)
    assert np.abs(columns[186:194].mean(0) - columns[60:140].mean(0)).max() < 4
    assert np.abs(columns[206:214].mean(0) - columns[260:340].mean(0)).max() < 4


def in_blocks(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over 8 x 8 pixels: colour without what two demosaics make of the noise."""
    rows, columns = (length // 8 * 8 for length in picture.shape[:2])
    return np.asarray(picture[:rows, :columns].reshape(rows // 8, 8, columns // 8, 8, 3).mean((1, 3)))


@pytest.fixture(scope="module")
def chart(data: Path) -> tuple[Frame, Colour]:
    """A real photograph of a colour chart."""
    path = data / "canon550d_colorchart.dng"
    stored = raw_file.read(path)
    values = {key: getattr(stored, key) for key in ("bits", "cfa", "levels", "noise", "neutral")}
    return build_frame(stored.raw, **values), raw_file.read_head(path).colour


def by_libraw(data: Path, frame: Frame, *, half: bool) -> NDArray[np.float64]:
    """L*a*b* at the same white balance, before any tone curve."""
    red, green, blue = (1 / part for part in frame.neutral)
    with rawpy.imread(str(data / "canon550d_colorchart.dng")) as raw:
        rgb = raw.postprocess(
            user_wb=[red, green, blue, green], no_auto_bright=True, adjust_maximum_thr=0.0,
            gamma=(1, 1), output_bps=16, half_size=half,
        )  # fmt: skip
    return rgb / 65535


def test_a_real_photograph_has_the_colours_that_libraw_finds(data: Path, chart: tuple[Frame, Colour]) -> None:
    """Without noise reduction, each pixel where neither has demosaiced, else in the mean of 8 x 8."""
    frame, colour = replace(chart[0], noise=NO_NOISE), chart[1]
    small = srgb_light(half_size(frame, colour, MEASURED) / 255)
    assert ciede2000(lab(small), lab(by_libraw(data, frame, half=True))).mean() < 2
    full = in_blocks(srgb_light(develop(frame, colour, MEASURED) / 255))
    assert ciede2000(lab(full), lab(in_blocks(by_libraw(data, frame, half=False)))).mean() < 1


def test_noise_reduction_leaves_a_real_photographs_colours(data: Path, chart: tuple[Frame, Colour]) -> None:
    frame, colour = chart
    full = in_blocks(srgb_light(develop(frame, colour, MEASURED) / 255))
    assert ciede2000(lab(full), lab(in_blocks(by_libraw(data, frame, half=False)))).mean() < 1.5


@pytest.mark.parametrize(("gain", "iso"), [(16.0, 1600), (22.0, 2200)])
def test_golden_high_isos_look_like_a_cameras(golden: Callable[..., None], gain: float, iso: int) -> None:
    """Looked at beside the same without noise reduction: fine grain, edges and small colours kept, no blotches."""
    sensor = small_sensor(SteppedClock())
    sensor.start(Setting.ARMED, Exposure(round(10_000 / gain), gain))
    picture = develop(next_frame(sensor), sensor.facts.colour, LOOKS["natural"])
    sensor.close()
    golden(f"jpeg-iso{iso}", Image.fromarray(picture[100:280, 80:320]), loose=True)


STAR = np.s_[148:208, 128:188]  # of the small sensor's frame: spokes finer than its photosites


def test_the_scenes_star_gets_fewer_false_colours_than_from_libraws_ahd() -> None:
    sensor = small_sensor(SteppedClock())
    sensor.start(Setting.ARMED, Exposure(10_000, 1.0))
    frame = next_frame(sensor)
    black = np.zeros((16, 16, 3), np.uint8)
    data = b"".join(dng.encode(photograph(frame, facts=sensor.facts), black, jpeg.preview(black, 16), "packed"))
    with rawpy.imread(BytesIO(data)) as raw:
        theirs = raw.postprocess(
            demosaic_algorithm=rawpy.DemosaicAlgorithm.AHD,
            use_camera_wb=True,
            no_auto_bright=True,
            adjust_maximum_thr=0.0,
            gamma=(2.4, 12.92),
        )
    ours = develop(frame, sensor.facts.colour, MEASURED)
    sensor.close()
    assert theirs.shape == ours.shape
    assert false_colour(ours[STAR]) < 0.8 * false_colour(theirs[STAR])


def false_colour(grey: NDArray[np.uint8]) -> float:
    """Mean distance of red and blue from green."""
    return float(np.abs(grey[..., [0, 2]].astype(int) - grey[..., [1]]).mean())
