"""Photographs taken with the camera turned: told by the accelerometer, written, and shown upright."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from device.frame import Preview
from device.level import Level, NoLevel, level_of
from device.photograph import Orientation
from device.posture import Posture, minded
from device.preview import PreviewFrame
from device.tilt import Tilt
from device.upright import orientation_of
from tests.synthetic_view import synthetic_view
from tests.test_level import sysfs
from ui.upright import upright

UPRIGHT, HALF, CLOCKWISE, ANTICLOCKWISE = Orientation
PATIENCE_S = 20.0


@pytest.mark.parametrize(
    ("roll", "orientation"),
    [
        *((0, UPRIGHT), (34, UPRIGHT), (-34, UPRIGHT), (90, CLOCKWISE), (60, CLOCKWISE), (-90, ANTICLOCKWISE)),
        *((-120, ANTICLOCKWISE), (180, HALF), (-180, HALF), (150, HALF), (-150, HALF)),
    ],
)
@pytest.mark.parametrize("before", list(Orientation))
def test_near_one_of_the_four_ways_it_is_that_one(roll: float, orientation: Orientation, before: Orientation) -> None:
    for pitch in (-59.0, 0.0, 59.0):
        assert orientation_of(Tilt(roll, pitch), before) is orientation


@pytest.mark.parametrize("before", list(Orientation))
@pytest.mark.parametrize("tilt", [Tilt(45, 0), Tilt(-45, 0), Tilt(130, 0), Tilt(90, 61), Tilt(0, -90), None], ids=str)
def test_between_two_pointed_steeply_or_unknown_it_stays_as_it_was(tilt: Tilt | None, before: Orientation) -> None:
    assert orientation_of(tilt, before) is before


def test_turned_clockwise_the_picture_is_to_be_turned_clockwise_too(tmp_path: Path) -> None:
    """The camera's left points up then, and so does the left of its pictures."""
    tilt = level_of(sysfs(tmp_path, (-1.0, 0.0, 0.0)), "x y z").read()
    assert orientation_of(tilt, UPRIGHT) is CLOCKWISE


class Turned(Level):
    """An accelerometer of a camera that is turned further with each reading."""

    def __init__(self, rolls: Iterator[float]) -> None:
        self._rolls = rolls

    def read(self) -> Tilt | None:
        return Tilt(next(self._rolls), 0.0)


def test_only_another_way_of_holding_it_is_told() -> None:
    rolls = [0, 30, 50, 80, 100, 50, 40, 10, -90, -90]
    told: list[Orientation] = []
    posture = Posture(Turned(iter(rolls)), told.append)
    for _ in rolls:
        posture.look()
    assert told == [CLOCKWISE, UPRIGHT, ANTICLOCKWISE]


def test_it_is_minded_while_the_camera_runs(tmp_path: Path) -> None:
    told, heard = [], threading.Semaphore(0)

    def hold(orientation: Orientation) -> None:
        told.append(orientation)
        heard.release()

    root = sysfs(tmp_path, (0.0, -1.0, 0.0))
    with minded(level_of(root, "x y z"), hold):
        assert heard.acquire(timeout=PATIENCE_S)
        for axis, share in (("y", 0), ("x", 16_000)):
            (root / f"bus/iio/devices/iio:device1/in_accel_{axis}_raw").write_text(str(share))
        assert heard.acquire(timeout=PATIENCE_S)
    assert told == [HALF, ANTICLOCKWISE]


def test_without_an_accelerometer_nothing_is_minded() -> None:
    before = threading.active_count()
    with minded(NoLevel(), pytest.fail):
        assert threading.active_count() == before


def noise(plane: NDArray[Any]) -> NDArray[Any]:
    """Of the same shape and type, nothing alike in it."""
    return np.random.default_rng(plane.size).integers(0, 255, plane.shape).astype(plane.dtype)


def marked() -> PreviewFrame:
    """A view of which every array tells how it lies."""
    view = synthetic_view()
    picture, reading = view.preview, view.reading
    return replace(
        view,
        preview=Preview(noise(picture.y), noise(picture.u), noise(picture.v)),
        reading=replace(
            reading, focus=noise(reading.focus), stops=noise(reading.stops), clipped=noise(reading.clipped)
        ),
    )


def pillows(plane: NDArray[Any], orientation: int) -> Image.Image:
    """The same turned by Pillow, which minds EXIF."""
    image = Image.fromarray(plane.astype(np.uint8))
    image.getexif()[274] = orientation
    return ImageOps.exif_transpose(image)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_what_is_shown_is_turned_as_another_program_does(orientation: int) -> None:
    view = marked()
    shown = upright(view, orientation)
    for before, after in (
        (view.preview.y, shown.preview.y),
        (view.preview.u, shown.preview.u),
        (view.preview.v, shown.preview.v),
        (view.reading.focus, shown.reading.focus),
        (view.reading.stops, shown.reading.stops),
        (view.reading.clipped, shown.reading.clipped),
    ):
        np.testing.assert_array_equal(after.astype(np.uint8), np.asarray(pillows(before, orientation)))
        assert after.dtype == before.dtype
        assert after.flags.c_contiguous
    rows, columns = view.raw_size
    assert shown.raw_size == ((columns, rows) if orientation in (6, 8) else (rows, columns))
