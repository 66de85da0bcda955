"""A photograph with hot pixels, looked at: from memory, while its RAW is read, and when it was."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from device import files
from device.album import Album, Picture
from device.dust import NO_DUST, Dust, Speck
from device.frame import Levels
from device.hot_pixels import NO_HOT_PIXELS, HotPixels
from device.looked_at import LookedAt
from device.review import Review
from device.roll import Shot
from device.stored_pictures import StoredPictures
from tests.conftest import build_frame
from tests.photographs import FACTS, photograph
from tests.reviewing import COLUMNS, FOLDER, ROWS, SIZES

PLACES = [(row, column) for row in range(4, ROWS, 60) for column in range(6, COLUMNS, 80)]
HOT = HotPixels(ROWS, COLUMNS, np.array(PLACES, np.uint16))
GREY = np.full((ROWS, COLUMNS), 900, np.uint16)
SPOILT = GREY.copy()
SPOILT[tuple(HOT.places.T)] = 4095
TAKEN = photograph(
    build_frame(SPOILT.copy(), levels=Levels((256.0,) * 4, 4095)), facts=replace(FACTS, width=COLUMNS, height=ROWS)
)
ZOOMED = Review(zoom=True, x=0.5, y=0.5)


def stored(folder: Path) -> tuple[Picture, StoredPictures]:
    (folder / FOLDER).mkdir(parents=True)
    (folder / FOLDER / "MCAM0001.DNG").write_bytes(b"".join(files.negative_of(TAKEN)))
    (picture,) = Album(folder).newest(1)
    return picture, StoredPictures(folder, lambda: SIZES.picture)


def looked_at(folder: Path, hot: HotPixels) -> LookedAt:
    picture, pictures = stored(folder)
    return LookedAt(Shot(picture), pictures.get(picture), pictures.path(picture.files[0]), SIZES, lambda _: hot)


@pytest.mark.parametrize("known", [True, False])
def test_of_a_stored_one_neither_window_nor_picture_nor_readings_show_them(tmp_path: Path, known: bool) -> None:
    looked = looked_at(tmp_path, HOT if known else NO_HOT_PIXELS)
    while looked.stage(ZOOMED)[0] != "window":
        assert looked.read_on(ZOOMED)
    early = looked.view(ZOOMED)
    while looked.read_on(ZOOMED):
        pass
    whole = looked.view(ZOOMED)
    assert looked.standing == "ready"
    assert early is not None
    assert whole is not None
    for magnified in (early.magnified, whole.magnified):
        assert magnified is not None
        assert (np.ptp(magnified.picture.y) == 0) == known
        assert magnified.clipped.any() == (not known)
    assert (np.ptp(whole.frame.preview.y) < 2) == known
    assert whole.reading.clipped.any() == (not known)


def test_of_one_in_memory_the_mosaic_that_is_being_written_is_left_alone() -> None:
    taken = replace(TAKEN, hot=HOT)
    looked = LookedAt(Shot(None, taken), None, Path(), SIZES)
    view = looked.view(ZOOMED)
    assert view is not None
    assert view.magnified is not None
    assert not view.magnified.clipped.any()
    assert not view.reading.clipped.any()
    np.testing.assert_array_equal(taken.frame.raw, SPOILT)


DARK = np.full((8, 8), 1, np.float32)
DARK[2:6, 2:6] = 0.7
DUST = Dust(ROWS, COLUMNS, (Speck(ROWS // 8 - 4, COLUMNS // 8 - 4, DARK),))  # in the middle, where the magnifier looks


@pytest.mark.parametrize("known", [True, False])
def test_dust_that_was_known_when_it_was_taken_is_gone_from_window_and_picture(tmp_path: Path, known: bool) -> None:
    shadow = np.kron(DARK, np.ones((4, 4), np.float32))
    raw = GREY.copy()
    rows, columns = (slice(length // 2 - 16, length // 2 + 16) for length in (ROWS, COLUMNS))
    raw[rows, columns] = 256 + 644 * shadow
    frame = build_frame(raw.copy(), levels=Levels((256.0,) * 4, 4095))
    taken = replace(TAKEN, frame=frame, dust=DUST if known else NO_DUST)
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "MCAM0001.DNG").write_bytes(b"".join(files.negative_of(taken)))
    (picture,) = Album(tmp_path).newest(1)
    pictures = StoredPictures(tmp_path, lambda: SIZES.picture)
    stored = LookedAt(Shot(picture), pictures.get(picture), pictures.path(picture.files[0]), SIZES)
    while stored.read_on(ZOOMED):
        pass
    for looked in (stored, LookedAt(Shot(None, taken), None, Path(), SIZES)):
        view = looked.view(ZOOMED)
        assert view is not None
        assert view.magnified is not None
        middle = view.magnified.picture.y[70:90, 110:130]
        assert (abs(int(np.median(middle)) - int(view.magnified.picture.y[0, 0])) <= 2) == known
    np.testing.assert_array_equal(taken.frame.raw, raw)
