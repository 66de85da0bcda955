"""Marks found row by row, as the picture is painted."""

from dataclasses import replace

import numpy as np
import pytest

from device.frame import Preview
from tests.synthetic_view import synthetic_view
from tests.test_pixels import painted
from ui.peaking import marks, noise_of, search
from ui.picture import Looks, paint_view
from ui.rect import Rect
from ui.steady import Steady

VIEW = synthetic_view(1, 400, 300)
RED, RED_PIXEL = (255, 0, 0), (0, 0, 255, 255)


def slow_marks(y: np.ndarray, limit: int, before: np.ndarray | None = None) -> np.ndarray:
    """The rule as it is said: every cell sharp, one limit, sums as wide as they come; eased where marks were before."""
    wide = np.pad(y.astype(int), 3)
    left, right, above, below = wide[1:-1, :-2], wide[1:-1, 2:], wide[:-2, 1:-1], wide[2:, 1:-1]
    bend = left + right + above + below - 4 * wide[1:-1, 1:-1]
    lead = 3 * abs(bend) - 2 * (abs(right - left) + abs(below - above))
    blocks = y.shape[0] // 2, 2, y.shape[1] // 2, 2
    lead, bends = (each[2:-2, 2:-2].reshape(blocks).sum((1, 3)) for each in (lead, abs(bend)))
    around = np.pad(lead, 1)
    sums = sum(around[r : r + blocks[0], c : c + blocks[2]] for r in range(3) for c in range(3))
    sums, bends = (each.repeat(2, 0).repeat(2, 1) for each in (sums, bends))
    bend = bend[2:-2, 2:-2]
    found = (bend >= limit) & (sums > 0)
    if before is not None:
        any_mark = before.reshape(blocks).any((1, 3)).repeat(2, 0).repeat(2, 1)
        found = (np.where(before, 2 * bend, bend) >= limit) & (sums + 2 * bends * any_mark > 0)
    found[:4] = found[-4:] = found[:, :4] = found[:, -4:] = False
    return found


@pytest.mark.parametrize("contrast", [3, 12, 60])
def test_marks_are_those_of_the_rule_as_it_is_said(contrast: int) -> None:
    y = np.clip(np.random.default_rng(contrast).normal(120, contrast, (90, 130)), 0, 255).astype(np.uint8)
    y[:, 70:] = 160
    focus, noise = np.full((22, 32), 9, np.float32), np.zeros(256, np.float32)
    assert np.array_equal(marks(y, focus, (180, 260), noise) != 0, slow_marks(y, 10))


@pytest.mark.parametrize("contrast", [3, 6, 60])
def test_a_mark_of_the_frame_before_stays_by_the_eased_rule_as_it_is_said(contrast: int) -> None:
    random = np.random.default_rng(contrast)
    y = np.clip(random.normal(120, contrast, (90, 130)), 0, 255).astype(np.uint8)
    y[:, 70:] = 160
    focus, noise, before = np.full((22, 32), 9, np.float32), np.zeros(256, np.float32), random.random(y.shape) < 0.5
    expected, eased = slow_marks(y, 10), slow_marks(y, 10, before)
    found = np.where(before, np.uint8(255), np.uint8(0))
    assert np.array_equal(marks(y, focus, (180, 260), noise, found=found) != 0, eased)
    assert (eased & ~expected).sum() > 10
    assert np.array_equal(marks(y, focus, (180, 260), noise, found=found) != 0, eased)  # the same frame drawn again


def test_a_last_cell_that_takes_an_incomplete_one_is_searched_to_its_end() -> None:
    """Cells of 7 pixels, the last of 13."""
    y = np.random.default_rng(5).integers(0, 256, (60, 70), np.uint8)
    found = marks(y, np.full((8, 9), 9, np.float32), (68, 79), np.zeros(256, np.float32))
    assert np.array_equal(found != 0, slow_marks(y, 10))


@pytest.mark.parametrize("columns", [48, 51, 64, 66, 97, 160])
def test_a_picture_of_any_width_is_searched_to_its_border(columns: int) -> None:
    y = np.random.default_rng(columns).integers(0, 256, (12, columns), np.uint8)
    found = marks(y, np.full((3, columns // 4), 9, np.float32), (24, 2 * columns), np.zeros(256, np.float32))
    even = columns // 2 * 2
    assert np.array_equal(found[:, :even] != 0, slow_marks(y[:, :even], 10))
    assert not found[:, even:].any()


def cells_under(pixels: int, photosites: int) -> np.ndarray:
    """By the middle of each pixel; the last cell takes an incomplete one, too."""
    return np.minimum((2 * np.arange(pixels) + 1) * photosites // (2 * pixels) // 8, photosites // 8 - 1)


def blurred_noise(rows: int, columns: int) -> np.ndarray:
    """So soft that about half of what is on the dark side of an edge leads."""
    light = np.random.default_rng(rows).integers(0, 1024, (rows + 2, columns + 2))
    down = light[:-2] + light[1:-1] + light[2:]
    return ((down[:, :-2] + down[:, 1:-1] + down[:, 2:]) // 36).astype(np.uint8)


@pytest.mark.parametrize("sharp", [0.02, 0.3])
@pytest.mark.parametrize("raw_size", [(244, 528), (190, 361), (122, 264), (117, 250), (71, 1000)])
def test_all_of_each_sharp_cell_is_searched_and_nothing_else(raw_size: tuple[int, int], sharp: float) -> None:
    """Cells of 4 pixels, of 5.1 and 5.9, of which blocks lie in two, of 8, of 8 and 9, and of 14 and 2."""
    random = np.random.default_rng(raw_size[0])
    y = blurred_noise(122, 264)
    is_sharp = random.random((raw_size[0] // 8, raw_size[1] // 8)) < sharp
    cells = [cells_under(*sizes) for sizes in zip(y.shape, raw_size, strict=True)]
    found = marks(y, np.where(is_sharp, np.float32(9), np.float32(0)), raw_size, np.zeros(256, np.float32))
    assert np.array_equal(found != 0, slow_marks(y, 10) & is_sharp[np.ix_(*cells)])


@pytest.mark.parametrize(("first", "last"), [(0, 0), (-1, -1), (1, 15)])
def test_sharp_cells_are_searched_to_their_borders_wherever_they_lie(first: int, last: int) -> None:
    """Of 4 x 4 pixels, that begin or end where the 32 pixels do that are taken together; rows far from each other."""
    y, is_sharp = blurred_noise(602, 264), np.zeros((150, 66), bool)
    for k in range(1, 49):
        at = 8 * (1 + k % 6)
        is_sharp[3 * k, [at + first, at + last]] = True
    found = marks(y, np.where(is_sharp, np.float32(9), np.float32(0)), (1204, 528), np.zeros(256, np.float32))
    expected = slow_marks(y, 10) & is_sharp[np.ix_(cells_under(602, 1204), cells_under(264, 528))]
    assert expected.sum() > 10
    assert np.array_equal(found != 0, expected)


@pytest.mark.parametrize(("rows", "columns"), [(9, 100), (100, 47)])
def test_a_picture_too_small_for_the_search_has_no_marks(rows: int, columns: int) -> None:
    y, before = (
        np.random.default_rng(1).integers(0, 256, (rows, columns), np.uint8),
        np.full((rows, columns), 255, np.uint8),
    )
    focus = np.full((rows // 4, columns // 4), 9, np.float32)
    assert not marks(y, focus, (2 * rows, 2 * columns), np.zeros(256, np.float32), found=before).any()


@pytest.mark.parametrize("sharp", [0.0, 0.05, 0.5])
def test_no_mark_stays_where_its_cell_is_no_longer_sharp(sharp: float) -> None:
    y = (np.indices((96, 128)).sum(0) % 2 * 255).astype(np.uint8)  # the strongest Laplacian there is
    focus = np.where(np.random.default_rng(3).random((24, 32)) < sharp, 9, 1).astype(np.float32)
    found = np.full_like(y, 255)
    marks(y, focus, (192, 256), np.zeros(256, np.float32), found=found)
    assert not found[focus.repeat(4, 0).repeat(4, 1) == 1].any()
    assert found.any() == (sharp > 0)


def test_the_painted_panel_keeps_the_marks_of_the_frame_before_and_no_others() -> None:
    VIEW.reading.focus[:] = 9
    random, out = np.random.default_rng(4), np.zeros((300, 400, 4), np.uint8)
    before = np.where(random.random((300, 400)) < 0.5, np.uint8(255), np.uint8(0))
    luma = np.clip(random.normal(120, 5, (300, 400)), 0, 255).astype(np.uint8)
    noise = np.zeros(256, np.float32)
    expected = marks(luma, VIEW.reading.focus, VIEW.raw_size, noise, found=before.copy())
    assert (expected > marks(luma, VIEW.reading.focus, VIEW.raw_size, noise)).any()
    looks = Looks(RED, peaking=True)
    paint_view(VIEW, Rect(0, 0, 400, 300), looks, out, steady=Steady(luma, noise, before))
    assert np.array_equal((out == RED_PIXEL).all(-1), expected != 0)
    assert np.array_equal(before, expected)
    VIEW.reading.focus[:] = 1
    paint_view(VIEW, Rect(0, 0, 400, 300), looks, out, steady=Steady(luma, noise, before))
    assert not before.any()
    assert not (out == RED_PIXEL).all(-1).any()


@pytest.mark.parametrize("sharp", [0.001, 0.05, 1.0])
def test_marks_found_while_the_picture_is_painted_are_those_found_before(sharp: float) -> None:
    focus = np.where(np.random.default_rng(2).random(VIEW.reading.focus.shape) < sharp, 9, 1).astype(np.float32)
    VIEW.reading.focus[:] = focus
    out = np.zeros((300, 400, 4), np.uint8)
    paint_view(VIEW, Rect(0, 0, 400, 300), Looks(RED, peaking=True), out)
    assert np.array_equal((out == RED_PIXEL).all(-1), marks(VIEW.preview.y, focus, VIEW.raw_size) != 0)


@pytest.mark.parametrize("pattern", ["checkerboard", "stairs"])
def test_sums_that_16_bits_do_not_hold_keep_their_sign(pattern: str) -> None:
    row, column = np.mgrid[0:48, 0:64]
    board, stairs = 255 * ((row + column) % 2), (row + column) % 3 * 127
    y = (board if pattern == "checkerboard" else stairs).astype(np.uint8)
    y[:, 40:] = np.random.default_rng(5).integers(0, 256, (48, 24))
    y[24:, 20:30] = 5 * column[24:, 20:30]
    focus, noise = np.full((12, 16), 9, np.float32), np.zeros(256, np.float32)
    assert np.array_equal(marks(y, focus, (96, 128), noise) != 0, slow_marks(y, 10))


@pytest.mark.parametrize("target", [(210, 283), (361, 500)])
def test_marks_that_are_scaled_while_they_are_found_are_those_found_before(target: tuple[int, int]) -> None:
    y = np.random.default_rng(target[0]).integers(0, 256, (300, 400)).astype(np.uint8)
    focus = np.array([[9], [1], [9], [9]], np.float32).repeat(19, 0).repeat(101, 1)
    grey, raw_size = np.full((150, 200), 128, np.uint8), (608, 808)
    before = painted(y, grey, grey, target, marks=marks(y, focus, raw_size), level=100)
    none = np.zeros_like(y)
    sought = painted(y, grey, grey, target, marks=none, level=100, where=search(y, focus, raw_size))
    assert np.array_equal(sought, before)
    assert (before == RED_PIXEL).all(-1).any()


def test_where_nothing_is_sharp_nothing_is_looked_for() -> None:
    assert not search(VIEW.preview.y, np.ones_like(VIEW.reading.focus), VIEW.raw_size).spans.any()


@pytest.mark.parametrize("shape", [(60, 81), (61, 81), (61, 80)])
def test_a_preview_of_odd_sides_is_marked_as_any(shape: tuple[int, int]) -> None:
    luma = np.clip(np.random.default_rng(4).normal(120, 30, shape), 0, 255).astype(np.uint8)
    half = np.full((shape[0] // 2, shape[1] // 2), 128, np.uint8)
    reading = replace(VIEW.reading, focus=np.full((15, 20), 9, np.float32))
    view = replace(VIEW, preview=Preview(luma, half, half), reading=reading, raw_size=(120, 160))
    out, noise = np.zeros((*shape, 4), np.uint8), np.zeros(256, np.float32)
    kept = Steady(luma, noise, np.zeros_like(luma))
    paint_view(view, Rect(0, 0, shape[1], shape[0]), Looks(RED, peaking=True), out, kept)
    expected = marks(luma, reading.focus, view.raw_size, noise)
    assert expected.any()
    assert np.array_equal((out == RED_PIXEL).all(-1), expected != 0)
    assert np.array_equal(kept.marks, expected)


def test_a_preview_without_a_pixel_inside_has_no_noise() -> None:
    for shape in ((2, 2), (2, 40), (40, 2)):
        y, focus = np.zeros(shape, np.uint8), np.zeros((5, 5), np.float32)
        assert not noise_of(y, focus, (40, 40)).any()
