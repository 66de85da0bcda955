from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rawpy
from numpy.typing import NDArray

from device import tiff
from device.colour import camera_to_srgb, white_balance
from device.demosaic import demosaic
from device.develop import develop, half_size, srgb_curve
from device.frame import Cfa, Colour, Frame, Levels
from tests.conftest import build_frame
from tests.photographs import IMX477, noise_mosaic

BLACK = (250.0, 256.0, 258.0, 260.0)
SRGB_TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]


def shown(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """IEC 61966-2-1, in 8-bit levels, not rounded."""
    light = np.clip(light, 0, 1)
    return 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def flat_frame(camera: tuple[float, float, float], cfa: Cfa, shape: tuple[int, int] = (30, 42)) -> Frame:
    """The mosaic of one camera colour, 0 at black and 1 at clipping."""
    per_channel = [camera[0], camera[1], camera[1], camera[2]]
    levels = np.array([black + share * (4095 - black) for black, share in zip(BLACK, per_channel, strict=True)])
    tiles = np.tile(levels[cfa.pattern], (shape[0] // 2 + 1, shape[1] // 2 + 1))[: shape[0], : shape[1]]
    return build_frame(np.rint(tiles).astype(np.uint16), cfa=cfa, levels=Levels(BLACK, 4095))


@pytest.mark.parametrize("cfa", list(Cfa))
@pytest.mark.parametrize("paint", [(0.5, 0.5, 0.5), (0.6, 0.2, 0.1), (0.1, 0.3, 0.7), (0.8, 0.7, 0.1)])
def test_a_painted_wall_has_its_colour(cfa: Cfa, paint: tuple[float, float, float]) -> None:
    """Forwards by the definition of DNG's ColorMatrix: sRGB to XYZ to camera, and dimmed as the light has it."""
    to_camera = np.array(IMX477.matrices[1]) @ SRGB_TO_XYZ
    balanced = to_camera @ paint / to_camera.sum(axis=1)
    neutral = np.array((0.45, 1.0, 0.6))
    frame = flat_frame(tuple(balanced * neutral), cfa)
    dimmest = neutral.max()  # the channel that is not raised
    for picture in (develop(frame, IMX477), half_size(frame, IMX477)):
        assert np.abs(picture - shown(np.array(paint) / dimmest)).max() < 1.5


@pytest.mark.parametrize("cfa", list(Cfa))
def test_burnt_out_highlights_are_white_and_not_magenta(cfa: Cfa) -> None:
    frame = flat_frame((1.0, 1.0, 1.0), cfa)
    assert (develop(frame, IMX477) == 255).all()
    assert (half_size(frame, IMX477) == 255).all()


def test_highlights_where_only_green_clipped_do_not_turn_magenta() -> None:
    for share in (0.46, 0.5, 0.7, 0.9):
        red, green, blue = half_size(flat_frame((share, 1.0, share), Cfa.RGGB), IMX477)[0, 0].astype(int)
        assert green >= min(red, blue) - 1


def test_black_is_black() -> None:
    assert (develop(flat_frame((0.0, 0.0, 0.0), Cfa.GBRG), IMX477) == 0).all()


@pytest.mark.parametrize("shape", [(300, 40), (129, 37), (128, 38), (130, 36), (127, 35)])
def test_bands_leave_no_seams(shape: tuple[int, int]) -> None:
    """Against the whole picture at once, in numpy."""
    frame = build_frame(noise_mosaic(*shape), cfa=Cfa.GRBG, levels=Levels(BLACK, 4095))
    channel = np.tile(frame.cfa.pattern, (shape[0] // 2 + 1, shape[1] // 2 + 1))[: shape[0], : shape[1]]
    black = np.array(BLACK)[channel]
    gains = np.array(white_balance(frame.neutral))[np.array([0, 1, 1, 2])[channel]]
    light = np.minimum((frame.raw - black) / (4095 - black) * gains, 1).astype(np.float32)
    camera = np.minimum(demosaic(light, frame.cfa), 1)
    expected = shown(camera.astype(np.float64) @ camera_to_srgb(IMX477).T)
    assert np.abs(develop(frame, IMX477) - expected).max() < 0.7


@pytest.mark.parametrize("shape", [(301, 41), (256, 44)])
def test_half_size_shows_each_quad_as_one_pixel(shape: tuple[int, int]) -> None:
    frame = build_frame(noise_mosaic(*shape), cfa=Cfa.GBRG, levels=Levels((256.0,) * 4, 4095))
    quads = frame.raw[: shape[0] // 2 * 2, : shape[1] // 2 * 2].astype(np.float64)
    gains = white_balance(frame.neutral)
    light = (quads - 256) / (4095 - 256)
    red, blue = light[1::2, 0::2] * gains[0], light[0::2, 1::2] * gains[2]
    greens = np.minimum(light[0::2, 0::2] * gains[1], 1), np.minimum(light[1::2, 1::2] * gains[1], 1)
    camera = np.minimum(np.stack([red, sum(greens) / 2, blue], -1), 1)
    assert np.abs(half_size(frame, IMX477) - shown(camera @ camera_to_srgb(IMX477).T)).max() < 0.7


def test_the_curve_is_that_of_srgb_to_less_than_a_level() -> None:
    curve = srgb_curve()
    assert (curve[0], curve[-1]) == (0, 255)
    assert np.abs(curve - shown(np.linspace(0, 1, len(curve)))).max() <= 0.5


def in_blocks(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Means over 8 x 8 pixels: colour without what two demosaics make of the noise."""
    rows, columns = (length // 8 * 8 for length in picture.shape[:2])
    return np.asarray(picture[:rows, :columns].reshape(rows // 8, 8, columns // 8, 8, 3).mean((1, 3)))


def test_a_real_photograph_looks_as_libraw_shows_it(data: Path) -> None:
    path = data / "canon550d_colorchart.dng"
    ifds = tiff.read(path.read_bytes())
    neutral = np.array(tiff.find(ifds, 50728))
    matrix = np.array(tiff.find(ifds, 50721)).reshape(3, 3)
    with rawpy.imread(str(path)) as raw:
        frame = build_frame(np.array(raw.raw_image_visible), bits=14, cfa=Cfa.RGGB, levels=Levels((2056.0,) * 4, 15000))
        red, green, blue = neutral.min() / neutral
        libraw = raw.postprocess(
            user_wb=[red, green, blue, green], no_auto_bright=True, gamma=(2.4, 12.92), adjust_maximum_thr=0.0
        )
    colour = Colour((tuple(tuple(row) for row in matrix.tolist()),), (21,))  # type: ignore[arg-type]
    ours = develop(replace(frame, neutral=tuple(neutral / neutral[1])), colour)
    assert np.abs(in_blocks(ours) - in_blocks(libraw)).mean() < 0.5
    assert np.abs(ours.astype(int) - libraw).mean() < 2
