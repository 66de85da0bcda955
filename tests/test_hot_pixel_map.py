"""The map of hot pixels on the disk; what is none is told and left alone."""

from pathlib import Path

import numpy as np
import pytest

from device.errors import BadValue
from device.hot_pixel_map import HotPixelMap
from device.hot_pixels import NO_HOT_PIXELS, HotPixels

HOT = HotPixels(3040, 4056, np.array([[0, 5], [7, 1], [7, 4055], [3039, 0]], np.uint16))


def opened(folder: Path, model: str = "IMX477", *, upside_down: bool = False) -> HotPixelMap:
    return HotPixelMap(folder, model, upside_down=upside_down)


def test_what_is_kept_is_there_after_a_restart_for_that_sensor_that_way_up_only(tmp_path: Path) -> None:
    opened(tmp_path / "new").keep(HOT)
    kept = opened(tmp_path / "new")
    np.testing.assert_array_equal(kept.hot.places, HOT.places)
    assert (kept.hot.rows, kept.hot.columns) == (3040, 4056)
    assert kept.of("IMX477") is kept.hot
    assert kept.of("IMX283") is NO_HOT_PIXELS
    assert opened(tmp_path / "new", "IMX283").hot is NO_HOT_PIXELS
    assert opened(tmp_path / "new", upside_down=True).hot is NO_HOT_PIXELS


def test_what_is_forgotten_is_gone_after_a_restart(tmp_path: Path) -> None:
    one = opened(tmp_path, "Canon EOS 5D/II")
    one.keep(HOT)
    one.keep(NO_HOT_PIXELS)
    assert one.hot is NO_HOT_PIXELS
    assert list(tmp_path.iterdir()) == []
    one.keep(NO_HOT_PIXELS)  # there is none to forget


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "floats", "outside", "twice", "none"])
def test_a_damaged_file_is_told_and_ignored(tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    opened(tmp_path).keep(HOT)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    numbers = np.load(path)
    if damage in ("cut", "empty", "text"):
        path.write_bytes({"cut": whole[:-3], "empty": b"", "text": b"hot"}[damage])
    else:
        outside = np.where(numbers == 5, np.uint16(4056), numbers)
        wrong = {"floats": numbers.astype(float), "outside": outside, "twice": numbers[[0, 1, 1]], "none": numbers[:0]}
        np.save(path, wrong[damage])
    assert opened(tmp_path).hot is NO_HOT_PIXELS
    assert capsys.readouterr().err.count("is no map of hot pixels: measure them again") == 1


def test_a_disk_that_takes_nothing_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    one = opened(tmp_path / "file")
    with pytest.raises(BadValue, match="cannot be written"):
        one.keep(HOT)
    assert one.hot is NO_HOT_PIXELS
