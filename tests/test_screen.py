import mmap
from pathlib import Path

import numpy as np
import pytest

from device.errors import NotRunning
from device.preview import PreviewWriter, Sizes
from device.ring import PAGE
from ui.screen import SLOTS, MemoryScreen, MemoryScreenReader, Pixels


def picture(value: int) -> Pixels:
    return np.full((4, 6, 4), value, np.uint8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "panel"


def test_a_reader_sees_the_newest_picture(path: Path) -> None:
    screen, reader = MemoryScreen(path, (6, 4)), MemoryScreenReader(path)
    assert reader.newest() is None
    for value in range(1, 9):
        screen.show(picture(value))
    found = reader.newest()
    assert found is not None
    assert found[0] == 8
    assert np.array_equal(found[1], picture(8))


def test_nothing_is_told_twice(path: Path) -> None:
    screen, reader = MemoryScreen(path, (6, 4)), MemoryScreenReader(path)
    screen.show(picture(1))
    assert reader.newest(after=1) is None
    screen.show(picture(2))
    found = reader.newest(after=1)
    assert found is not None
    assert found[0] == 2


def test_a_picture_taken_stays_as_it_was(path: Path) -> None:
    screen, reader = MemoryScreen(path, (6, 4)), MemoryScreenReader(path)
    screen.show(picture(1))
    found = reader.newest()
    for value in range(2, 2 + SLOTS):
        screen.show(picture(value))
    assert found is not None
    assert np.array_equal(found[1], picture(1))


def test_a_picture_being_overwritten_is_not_believed(path: Path) -> None:
    screen, reader = MemoryScreen(path, (6, 4)), MemoryScreenReader(path)
    screen.show(picture(1))
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as raw:
        sequence_of_slot_1 = 32 + 1 * 16  # the header, and the numbers of slot 0
        assert raw[sequence_of_slot_1] == 4  # 2n + 2: whole
        raw[sequence_of_slot_1] = 9  # odd: the writer is at it again
        assert reader.newest() is None
        raw[sequence_of_slot_1] = 4
        assert reader.newest() is not None


def test_a_new_screen_makes_the_old_one_stale(path: Path) -> None:
    first = MemoryScreen(path, (6, 4))
    reader = MemoryScreenReader(path)
    assert not reader.stale()
    second = MemoryScreen(path, (8, 2))
    assert reader.stale()
    second.show(np.full((2, 8, 4), 5, np.uint8))
    found = MemoryScreenReader(path).newest()
    assert found is not None
    assert found[1].shape == (2, 8, 4)
    second.close()
    first.close()
    assert reader.stale()


def test_a_missing_screen_says_how_to_start_one(path: Path) -> None:
    with pytest.raises(NotRunning, match="mcam screen"):
        MemoryScreenReader(path)


@pytest.mark.parametrize("content", [b"", b"short", bytes(PAGE)])
def test_another_file_is_no_screen(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(NotRunning):
        MemoryScreenReader(path)


def test_a_ring_of_something_else_is_no_screen(path: Path) -> None:
    with PreviewWriter(path, Sizes.for_sensor(16, 24, (8, 12))), pytest.raises(NotRunning, match="this version"):
        MemoryScreenReader(path)
