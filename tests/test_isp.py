"""The stand-in ISP against a slow reference in float64, and what a photographer would notice."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from device import isp
from device.colour import camera_to_srgb
from device.errors import BadValue
from device.frame import CHANNELS, Cfa, Colour, Levels, Preview, Raw, Triple
from device.quad_scaling import fitted_shape

# IMX477 under D65, from research on community profiles.
D65 = ((0.5603, -0.1351, -0.06), (-0.2872, 1.118, 0.2132), (0.06, 0.0453, 0.5821))
COLOUR = Colour((D65,), (21,))
NEUTRAL = (0.45, 1.0, 0.6)
LEVELS = Levels((250.0, 256.5, 255.5, 262.0), 4095)


def reference(
    raw: Raw, cfa: Cfa, levels: Levels, neutral: Triple, colour: Colour, limit: tuple[int, int]
) -> list[NDArray[np.float64]]:
    """The same picture in plain float64 steps: planes y, u, v, not rounded."""
    n = 1
    while raw.shape[0] // 2 // n > limit[0] or raw.shape[1] // 2 // n > limit[1]:
        n += 1
    rows, columns = raw.shape[0] // 2 // n // 2 * 2, raw.shape[1] // 2 // n // 2 * 2
    light = []
    for name, black in zip(CHANNELS, levels.black, strict=True):
        i, j = np.argwhere(cfa.pattern == CHANNELS.index(name))[0]
        plane = raw[i::2, j::2][: rows * n, : columns * n].astype(float)
        dn = plane.reshape(rows, n, columns, n).mean((1, 3))
        colour_index = {"R": 0, "Gr": 1, "Gb": 1, "B": 2}[name]
        balance = (1 / neutral[colour_index]) / min(1 / part for part in neutral)
        light.append(np.minimum((dn - black) / (levels.white - black) * balance, 1.0))
    camera = np.stack([light[0], (light[1] + light[2]) / 2, light[3]], -1)
    linear = np.clip(camera @ camera_to_srgb(colour, neutral).T, 0, 1)
    r, g, b = np.moveaxis(
        255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055), -1, 0
    )
    y = 0.299 * r + 0.587 * g + 0.114 * b
    u, v = 128 + (b - y) / 1.772, 128 + (r - y) / 1.402
    return [y, *(plane.reshape(rows // 2, 2, columns // 2, 2).mean((1, 3)) for plane in (u, v))]


def greatest_error(preview: Preview, planes: list[NDArray[np.float64]]) -> float:
    ours = (preview.y, preview.u, preview.v)
    for got, expected in zip(ours, planes, strict=True):
        assert got.shape == expected.shape
    return max(float(np.abs(got - np.clip(expected, 0, 255)).max()) for got, expected in zip(ours, planes, strict=True))


def mosaic(rows: int, columns: int, top: int = 4095) -> Raw:
    """Mostly mid-tones with some of everything from below black to clipped."""
    rng = np.random.default_rng(rows * columns)
    ramp = np.linspace(0, 1.1, columns) ** 2 * top
    return np.clip(ramp + rng.normal(0, 0.02 * top, (rows, columns)), 0, top).astype(np.uint16)


def rendered(raw: Raw, cfa: Cfa, levels: Levels = LEVELS, limit: tuple[int, int] = (768, 1024)) -> Preview:
    """As sensors draw it that nobody told a size."""
    return isp.render(raw, cfa, levels, NEUTRAL, COLOUR, isp.preview_shape(*raw.shape, *limit))


@pytest.mark.parametrize("cfa", Cfa)
def test_the_picture_equals_the_slow_reference_for_every_bayer_order(cfa: Cfa) -> None:
    raw = mosaic(80, 120)
    preview = rendered(raw, cfa)
    assert greatest_error(preview, reference(raw, cfa, LEVELS, NEUTRAL, COLOUR, (768, 1024))) < 1.0


@pytest.mark.parametrize("limit", [(40, 60), (39, 60), (20, 30), (13, 20), (10, 100), (9, 9)])
def test_quads_are_averaged_until_the_picture_fits(limit: tuple[int, int]) -> None:
    raw = mosaic(80, 120)
    preview = rendered(raw, Cfa.GBRG, LEVELS, limit)
    assert preview.y.shape[0] <= limit[0]
    assert preview.y.shape[1] <= limit[1]
    assert greatest_error(preview, reference(raw, Cfa.GBRG, LEVELS, NEUTRAL, COLOUR, limit)) < 1.0


@pytest.mark.parametrize(
    ("size", "expected"), [((1520, 2028), 1), ((3040, 4056), 2), ((1182, 1888), 1), ((6000, 8000), 4)]
)
def test_the_usual_sensors_get_the_usual_scale(size: tuple[int, int], expected: int) -> None:
    assert isp.quads_per_pixel(*size, max_rows=768, max_columns=1024) == expected


def test_odd_rows_and_columns_are_left_out_and_planes_are_even() -> None:
    raw = mosaic(83, 127)
    preview = rendered(raw, Cfa.RGGB)
    assert (preview.y.shape, preview.u.shape, preview.v.shape) == ((40, 62), (20, 31), (20, 31))
    assert greatest_error(preview, reference(raw, Cfa.RGGB, LEVELS, NEUTRAL, COLOUR, (768, 1024))) < 1.0


@pytest.mark.parametrize(("bits", "black"), [(10, 64.0), (14, 2047.5), (16, 4096.0)])
def test_other_bit_depths_come_out_right(bits: int, black: float) -> None:
    raw, levels = mosaic(64, 96, 2**bits - 1), Levels((black,) * 4, 2**bits - 1)
    preview = rendered(raw, Cfa.GRBG, levels, (20, 30))
    assert greatest_error(preview, reference(raw, Cfa.GRBG, levels, NEUTRAL, COLOUR, (20, 30))) < 1.0


def test_a_part_of_a_larger_array_is_read_as_it_lies() -> None:
    whole = mosaic(100, 140)
    part = whole[8:88, 10:130]
    seen = rendered(part, Cfa.BGGR)
    copied = rendered(part.copy(), Cfa.BGGR)
    assert np.array_equal(seen.y, copied.y)


def test_a_fully_clipped_frame_is_neutral_white() -> None:
    preview = rendered(np.full((16, 16), 4095, np.uint16), Cfa.BGGR)
    assert set(preview.y.ravel()) == {255}
    assert {*preview.u.ravel(), *preview.v.ravel()} == {128}


def test_a_frame_below_black_is_neutral_black() -> None:
    preview = rendered(np.zeros((16, 16), np.uint16), Cfa.BGGR)
    assert set(preview.y.ravel()) == {0}
    assert {*preview.u.ravel(), *preview.v.ravel()} == {128}


def test_what_the_neutral_names_comes_out_grey() -> None:
    grey = np.array(NEUTRAL)[[0, 1, 1, 2]] * 0.3
    dn = np.array(LEVELS.black) + grey * (LEVELS.white - np.array(LEVELS.black))
    raw = np.tile(dn[Cfa.BGGR.pattern], (20, 20)).round().astype(np.uint16)
    preview = rendered(raw, Cfa.BGGR)
    assert np.abs(preview.u.astype(int) - 128).max() <= 1
    assert np.abs(preview.v.astype(int) - 128).max() <= 1


@pytest.mark.parametrize(("primary", "above"), [((1, 0, 0), (False, True)), ((0, 0, 1), (True, False))])
def test_red_and_blue_are_not_swapped(primary: Triple, above: tuple[bool, bool]) -> None:
    camera = np.linalg.inv(camera_to_srgb(COLOUR, NEUTRAL)) @ (0.4 * np.array(primary) + 0.05)
    unbalanced = np.clip(camera * np.array(NEUTRAL), 0, 1)[[0, 1, 1, 2]]
    raw = np.tile((256 + unbalanced * 3839)[Cfa.BGGR.pattern], (8, 8)).astype(np.uint16)
    preview = rendered(raw, Cfa.BGGR, Levels((256.0,) * 4, 4095))
    assert (preview.u.min() > 140, preview.v.min() > 140) == above


def test_pillow_reads_the_planes_as_the_same_colours() -> None:
    """JPEG's YCbCr is full-range BT.601, so Pillow's own conversion is an outside judge of ours."""
    raw = np.tile(np.array([[900, 1800], [1700, 1200]], np.uint16), (8, 8))
    preview = rendered(raw, Cfa.BGGR)
    planes = [Image.fromarray(p) for p in (preview.y[::2, ::2], preview.u, preview.v)]
    seen = np.asarray(Image.merge("YCbCr", [p.copy() for p in planes]).convert("RGB"))[0, 0].astype(int)
    black = np.array(LEVELS.black)
    r, gr, gb, b = (np.array([1200, 1700, 1800, 900]) - black) / (LEVELS.white - black)
    camera = np.array([r / 0.45, (gr + gb) / 2, b / 0.6])
    linear = np.clip(camera_to_srgb(COLOUR, NEUTRAL) @ camera, 0, 1)
    assert np.abs(seen - 255 * (1.055 * linear ** (1 / 2.4) - 0.055)).max() < 2.5


@pytest.mark.parametrize("size", [(0, 0), (2, 40), (40, 3), (1, 1), (7, 40), (40, 6)])
def test_a_mosaic_too_small_for_a_picture_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(BadValue, match="too small"):
        rendered(np.zeros(size, np.uint16), Cfa.BGGR)


@pytest.mark.parametrize("shape", [(40, 60), (26, 40), (22, 34), (12, 14), (4, 6)])
def test_a_picture_of_any_size_is_the_mean_of_what_it_covers(shape: tuple[int, int]) -> None:
    """Against quads repeated until they divide evenly, and then averaged."""
    raw = mosaic(80, 120)
    fine = raw.reshape(40, 2, 60, 2).repeat(shape[0], 0).repeat(shape[1], 2)
    fine = fine.reshape(shape[0], 40, 2, shape[1], 60, 2).mean((1, 4)).reshape(2 * shape[0], 2 * shape[1])
    preview = isp.render(raw, Cfa.GBRG, LEVELS, NEUTRAL, COLOUR, shape)
    assert greatest_error(preview, reference(fine, Cfa.GBRG, LEVELS, NEUTRAL, COLOUR, shape)) <= 1.0


@pytest.mark.parametrize(
    ("mosaic_size", "room", "shape"),
    [
        ((1520, 2028), (480, 640), (480, 640)),
        ((3040, 4056), (720, 960), (720, 960)),
        ((1520, 2028), (4096, 4096), (760, 1014)),
        ((1520, 2028), (333, 777), (332, 444)),
        ((482, 642), (480, 640), (240, 320)),
    ],
)
def test_a_panels_room_is_filled_and_no_quad_is_divided_among_pixels(
    mosaic_size: tuple[int, int], room: tuple[int, int], shape: tuple[int, int]
) -> None:
    assert fitted_shape(*mosaic_size, *room) == shape
