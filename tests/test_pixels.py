import numpy as np
import pytest
from numpy.typing import NDArray

from ui.blending import blend, pillars, shade
from ui.overlays import stripes
from ui.panel_format import rgb565, xrgb8888
from ui.peaking import NOWHERE, Search
from ui.pixels import paint
from ui.scaling import nearest, shrunk, taps
from ui.stripe import lines_of

NOTHING = np.zeros((1, 1), np.uint8)
RED = np.array([0, 0, 255, 255], np.uint8)


def noise(*shape: int) -> NDArray[np.uint8]:
    return np.random.default_rng(sum(shape)).integers(0, 256, shape, np.uint8)


def painted(
    y: NDArray[np.uint8],
    u: NDArray[np.uint8],
    v: NDArray[np.uint8],
    target: tuple[int, int],
    marks: NDArray[np.uint8] | None = None,
    level: int = 128,
    clipped: NDArray[np.uint8] = NOTHING,
    phase: int = 0,
    where: Search = NOWHERE,
) -> NDArray[np.uint8]:
    out = np.zeros((target[0], target[1] * 4), np.uint8)
    red = np.uint32(int.from_bytes(RED.tobytes(), "little"))
    halves = -(-target[0] // 2), -(-target[1] // 2)
    marks = np.zeros_like(y) if marks is None else marks
    paint(
        y, u, v, taps(y.shape[0], target[0]), taps(y.shape[1], target[1]),
        taps(u.shape[0], halves[0]), taps(u.shape[1], halves[1]), *where, marks, level, red,
        clipped, nearest(clipped.shape[0], target[0]), nearest(clipped.shape[1], target[1]),
        lines_of(stripes(8)), phase, out, out.view(np.uint32), 0, 0,
    )  # fmt: skip
    return out.reshape(*target, 4)


def bt601(y: NDArray[np.float64], u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    """ITU-T T.871 as it is printed."""
    red = y + 1.402 * (v - 128)
    green = y - 0.344136 * (u - 128) - 0.714136 * (v - 128)
    blue = y + 1.772 * (u - 128)
    return np.stack([blue, green, red], -1).clip(0, 255)


def bilinear(plane: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.float64]:
    """Edge to edge, one pixel at a time."""
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            y = min(max((r + 0.5) * plane.shape[0] / rows - 0.5, 0), plane.shape[0] - 1)
            x = min(max((c + 0.5) * plane.shape[1] / columns - 0.5, 0), plane.shape[1] - 1)
            i, j = min(int(y), plane.shape[0] - 2), min(int(x), plane.shape[1] - 2)
            fy, fx = y - i, x - j
            upper = plane[i, j] * (1 - fx) + plane[i, j + 1] * fx
            lower = plane[i + 1, j] * (1 - fx) + plane[i + 1, j + 1] * fx
            out[r, c] = upper * (1 - fy) + lower * fy
    return out


def test_every_yuv_colour_becomes_the_rgb_of_the_standard() -> None:
    y, u, v = (axis.ravel() for axis in np.meshgrid(*[np.arange(0, 256, 15)] * 3))
    for luma, cb, cr in zip(y[::7], u[::7], v[::7], strict=True):
        got = painted(
            np.full((4, 4), luma, np.uint8), np.full((2, 2), cb, np.uint8), np.full((2, 2), cr, np.uint8), (4, 4)
        )
        expected = bt601(np.array(float(luma)), np.array(float(cb)), np.array(float(cr)))
        assert np.abs(got[2, 2, :3] - expected).max() <= 1, (luma, cb, cr)
        assert got[2, 2, 3] == 255


@pytest.mark.parametrize("target", [(20, 30), (13, 19), (33, 47), (20, 47)])
def test_scaling_agrees_with_a_slow_bilinear(target: tuple[int, int]) -> None:
    y, grey = noise(20, 30), np.full((10, 15), 128, np.uint8)
    got = painted(y, grey, grey, target)[..., 0]
    assert np.abs(got - bilinear(y, *target)).max() <= 2  # weights are rounded to 1/128 both ways


def test_a_picture_of_the_panels_size_is_not_touched() -> None:
    y, grey = noise(20, 30), np.full((10, 15), 128, np.uint8)
    assert np.array_equal(painted(y, grey, grey, (20, 30))[..., 1], y)


def test_chroma_is_scaled_with_the_luma() -> None:
    y, u, v = np.full((20, 30), 128, np.uint8), noise(10, 15), noise(10, 15)[::-1].copy()
    got = painted(y, u, v, (26, 40))
    halves = bilinear(u, 13, 20).repeat(2, 0).repeat(2, 1), bilinear(v, 13, 20).repeat(2, 0).repeat(2, 1)
    assert np.abs(got[..., :3] - bt601(np.full((26, 40), 128.0), *halves)).max() <= 4


def test_marks_are_painted_and_nothing_else() -> None:
    y, grey = noise(20, 30), np.full((10, 15), 128, np.uint8)
    marks = np.zeros((20, 30), np.uint8)
    marks[5, 7] = marks[12] = 255
    got = painted(y, grey, grey, (20, 30), marks=marks)
    assert np.array_equal((got == RED).all(-1), marks > 0)
    assert np.array_equal(got[marks == 0], painted(y, grey, grey, (20, 30))[marks == 0])


@pytest.mark.parametrize("bits", range(8))
def test_zebra_lies_exactly_on_what_is_clipped(bits: int) -> None:
    y, grey = np.full((16, 16), 90, np.uint8), np.full((8, 8), 128, np.uint8)
    clipped = np.zeros((8, 8), np.uint8)
    clipped[2:6, 1:7] = bits
    changed = (painted(y, grey, grey, (16, 16), clipped=clipped)[..., :3] != 90).any(-1)
    assert not changed[clipped.repeat(2, 0).repeat(2, 1) == 0].any()
    assert changed.any() == (bits != 0)


@pytest.mark.parametrize("columns", [60, 211, 700])
def test_zebra_of_patches_of_all_sizes_is_that_of_each_pixel_by_itself(columns: int) -> None:
    random = np.random.default_rng(columns)
    widths = random.integers(1, 150, 40)
    clipped = np.stack([random.integers(0, 8, 40, np.uint8).repeat(widths)[: columns // 2] for _ in range(9)])
    clipped[3, : columns // 3] = clipped[3, -9:] = clipped[4] = 0
    y, grey, marks = np.full((9, columns), 90, np.uint8), np.full((4, columns // 2), 128, np.uint8), noise(9, columns)
    marks = np.where(marks > 200, np.uint8(255), np.uint8(0))
    marks[6:] = 0
    pattern, (row, column) = stripes(8), np.mgrid[0:9, 0:columns]
    at = nearest(clipped.shape[1], columns)
    line = pattern[clipped[row, at[column]], row % 8, (column + 3) % 8]
    plain = painted(y, grey, grey, (9, columns), marks=marks)
    expected = np.where((line[..., 3:] != 0) & (marks[..., None] == 0), line, plain)
    assert np.array_equal(painted(y, grey, grey, (9, columns), marks=marks, clipped=clipped, phase=3), expected)


def test_zebra_moves() -> None:
    y, grey, clipped = np.full((16, 16), 90, np.uint8), np.full((8, 8), 128, np.uint8), np.full((8, 8), 7, np.uint8)
    first, second, after = (painted(y, grey, grey, (16, 16), clipped=clipped, phase=phase) for phase in (0, 1, 8))
    assert np.array_equal(first[:, 1:], second[:, :-1])
    assert not np.array_equal(first, second)
    assert np.array_equal(first, after)


def test_shrinking_takes_the_mean_of_blocks() -> None:
    plane = noise(13, 22)
    blocks = plane[:12, :21].reshape(4, 3, 7, 3).astype(int).sum(axis=(1, 3)) // 9
    assert np.array_equal(shrunk(plane, 3), blocks)


def test_a_patch_is_blended_where_it_covers_and_only_there() -> None:
    out, before = noise(10, 12, 4), noise(10, 12, 4)
    alpha = np.array([[0, 255, 128]], np.uint8)
    patch = np.stack([alpha // 2, alpha // 3, alpha, alpha], -1)
    blend(out, patch, 4, 7)
    below = before[7, 4:7, :3].astype(float) * (255 - alpha[0, :, None].astype(float)) / 255
    assert np.array_equal(out[7, 4:7, :3], np.floor(patch[0, :, :3] + below + 0.5).astype(np.uint8))
    out[7, 4:7] = before[7, 4:7]
    assert np.array_equal(out, before)


def test_shading_keeps_that_share() -> None:
    out = noise(4, 5, 4)
    before = out.copy()
    shade(out[1:3, 1:4], 64)
    assert np.array_equal(out[1:3, 1:4, :3], before[1:3, 1:4, :3] // 4)
    assert np.array_equal(out[0], before[0])


def test_rgb565_keeps_the_upper_bits() -> None:
    pixels = np.array([[[0x1F, 0xFF, 0x08, 0], [0xFF, 0x03, 0xF7, 255]]], np.uint8)  # blue, green, red
    out = np.zeros((1, 2), np.uint16)
    rgb565(pixels, 0, out)
    assert out.tolist() == [[0b00001_111111_00011, 0b11110_000000_11111]]


def test_pillars_add_their_light_and_their_edges_twice_as_much() -> None:
    out = np.full((4, 2, 4), 10, np.uint8)
    heights = np.array([[4, 1], [2, 0]], np.int32)
    pillars(out, 0, 0, 4, heights, np.array([[200, 0, 0], [0, 120, 160]], np.int16))
    assert out[:, 0, :3].tolist() == [[210, 10, 10], [110, 10, 10], [110, 130, 170], [110, 70, 90]]
    assert out[:, 1, :3].tolist() == [[10, 10, 10]] * 3 + [[210, 10, 10]]
    assert (out[..., 3] == 10).all()


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("shape", [(1, 1), (4, 6), (16, 16), (33, 50), (135, 241), (240, 320)])
def test_turning_is_clockwise_and_leaves_the_rest_of_the_panels_lines_alone(turns: int, shape: tuple[int, int]) -> None:
    pixels = noise(*shape, 4)
    expected = np.rot90(pixels, -turns)
    rows, columns = expected.shape[:2]
    out = np.full((rows, columns + 3), 7, np.uint32)
    xrgb8888(pixels, turns, out)
    assert np.array_equal(out[:, :columns], np.ascontiguousarray(expected).view(np.uint32)[..., 0])
    assert (out[:, columns:] == 7).all()
    small = np.full((rows, columns + 3), 7, np.uint16)
    rgb565(pixels, turns, small)
    blue, green, red = (expected[..., k].astype(np.uint16) for k in range(3))
    assert np.array_equal(small[:, :columns], (red >> 3 << 11) | (green >> 2 << 5) | (blue >> 3))
    assert (small[:, columns:] == 7).all()


def test_a_lone_row_of_marks_is_painted_from_the_row_above_it_on_where_it_is_scaled() -> None:
    """Three rows of the target for one: the first lies between that and the one before, a third of a row off."""
    grey, chroma = np.full((20, 60), 90, np.uint8), np.full((10, 30), 128, np.uint8)
    marks = np.zeros_like(grey)
    marks[9] = 255
    out = painted(grey, chroma, chroma, (60, 180), marks, 128)
    assert np.flatnonzero((out == RED).all(2).any(1)).tolist() == [27, 28, 29]
