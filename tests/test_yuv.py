"""Pictures as cameras lay them into memory, byte by byte as the kernel's manual draws them."""

import numpy as np
import pytest

from device.errors import NoCamera
from device.yuv import FORMATS, Stored, chosen

# 4 x 2 pixels: luma 1 to 8, colours of the left half 11 and 21, of the right half 12 and 22; rows of 6 bytes or more.
LUMA = [[1, 2, 3, 4], [5, 6, 7, 8]]
IN_MEMORY = {
    "YUV420": ([1, 2, 3, 4, 0, 0, 5, 6, 7, 8, 0, 0, 11, 12, 0, 21, 22, 0], 6),
    "NV12": ([1, 2, 3, 4, 0, 0, 5, 6, 7, 8, 0, 0, 11, 21, 12, 22, 0, 0], 6),
    "YUYV": ([1, 11, 2, 21, 3, 12, 4, 22, 0, 0, 5, 99, 6, 99, 7, 99, 8, 99, 0, 0], 10),
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_taken_apart(name: str) -> None:
    content, stride = IN_MEMORY[name]
    picture = Stored(name, 4, 2, stride, limited=False).preview(np.array(content, np.uint8), 100, 100)
    assert picture.y.tolist() == LUMA
    assert (picture.u.tolist(), picture.v.tolist()) == ([[11, 12]], [[21, 22]])


def test_a_picture_is_in_memory_of_its_own() -> None:
    memory = np.array(IN_MEMORY["NV12"][0], np.uint8)
    picture = Stored("NV12", 4, 2, 6, limited=False).preview(memory, 100, 100)
    memory[:] = 0
    assert picture.y.tolist() == LUMA


def test_a_limited_range_is_stretched_and_what_lies_beyond_is_cut_off() -> None:
    """ITU-R BT.601: black 16 and white 235; colours from 16 to 240 about 128."""
    memory = np.array([0, 16, 235, 255, 126, 125, 128, 16, 16, 240, 128, 255], np.uint8)
    picture = Stored("NV12", 4, 2, 4, limited=True).preview(memory, 100, 100)
    assert picture.y.tolist() == [[0, 0, 255, 255], [128, 127, 130, 0]]
    assert (picture.u.tolist(), picture.v.tolist()) == ([[0, 128]], [[255, 255]])


@pytest.mark.parametrize(
    ("columns", "rows", "shape"), [(8, 8, (4, 4)), (9, 8, (4, 4)), (11, 8, (2, 2)), (8, 13, (4, 2))]
)
def test_a_picture_larger_than_wanted_is_shrunk_by_whole_means(columns: int, rows: int, shape: tuple[int, int]) -> None:
    content = np.random.default_rng(1).integers(0, 256, (rows * 3 // 2, 12), np.uint8)
    picture = Stored("NV12", columns, rows, 12, limited=False).preview(content.ravel(), 5, 5)
    assert picture.y.shape == shape
    n = -(-max(columns, rows) // 5)
    for plane, source in (
        (picture.y, content[:rows]),
        (picture.u, content[rows:, ::2]),
        (picture.v, content[rows:, 1::2]),
    ):
        for i, j in np.ndindex(plane.shape):
            assert plane[i, j] == np.floor(source[n * i : n * i + n, n * j : n * j + n].mean() + 0.5)


def test_the_largest_picture_that_fits_is_asked_for_else_the_smallest() -> None:
    sizes = [(1920, 1080), (640, 480), (320, 240), (800, 600)]
    assert chosen({"NV12": sizes}, 768, 1024) == ("NV12", (800, 600))
    assert chosen({"NV12": sizes}, 100, 100) == ("NV12", (320, 240))


def test_the_format_of_least_work_is_asked_for() -> None:
    assert chosen({"MJPEG": [(1, 1)], "YUYV": [(2, 2)], "NV12": [(4, 4)]}, 9, 9) == ("NV12", (4, 4))


def test_a_camera_without_a_format_that_we_read_is_refused() -> None:
    with pytest.raises(NoCamera, match="MJPEG"):
        chosen({"MJPEG": [(640, 480)]}, 768, 1024)
    with pytest.raises(NoCamera, match="none at all"):
        chosen({}, 768, 1024)
