"""Flat fields on the disk: by lens, focal length, aperture and sensor; what is none is told and left alone."""

from pathlib import Path

import numpy as np
import pytest

from device.dust import NO_DUST, Dust, Speck
from device.errors import BadValue
from device.flat_field import NO_GAINS, Gains, from_list
from device.flat_fields import FlatFields
from device.lens import Lens

LENS = Lens("summicron-35", "Summicron", "Leica", 35.0, 2.0)
OTHER = Lens("summilux-50", "Summilux", "Leica", 50.0, 1.4)


def gains(most: float) -> Gains:
    return np.linspace(1, most, 4 * 3 * 5, dtype=np.float32).reshape(4, 3, 5)


def test_what_is_kept_is_there_after_a_restart_for_that_lens_and_sensor_only(tmp_path: Path) -> None:
    FlatFields(tmp_path / "new", "IMX477").keep(LENS, 2.8, gains(1.7))
    kept = FlatFields(tmp_path / "new", "IMX477")
    np.testing.assert_array_equal(kept.gains(LENS, 2.8), gains(1.7))
    assert kept.gains(OTHER, 2.8) is NO_GAINS
    assert kept.gains(LENS, None) is NO_GAINS
    assert FlatFields(tmp_path / "new", "IMX283").gains(LENS, 2.8) is NO_GAINS


def test_the_nearest_aperture_serves_if_it_is_within_a_stop(tmp_path: Path) -> None:
    fields = FlatFields(tmp_path, "Canon EOS 5D/II")
    fields.keep(LENS, 2.0, gains(1.9))
    fields.keep(LENS, 4.0, gains(1.4))
    most = {f_number: float(fields.gains(LENS, f_number).max()) for f_number in (1.4, 2.0, 2.4, 3.5, 5.6, 8.0)}
    expected = {1.4: 1.9, 2.0: 1.9, 2.4: 1.9, 3.5: 1.4, 5.6: 1.4, 8.0: 1.0}
    assert most == pytest.approx(expected)
    assert FlatFields(tmp_path, "Canon EOS 5D/II").gains(LENS, 4.0).max() == pytest.approx(1.4)


def test_a_new_one_takes_the_place_of_the_old(tmp_path: Path) -> None:
    fields = FlatFields(tmp_path, "IMX477")
    fields.keep(LENS, 2.0, gains(1.9))
    fields.keep(LENS, 2.0, gains(1.2))
    assert fields.gains(LENS, 2.0).max() == pytest.approx(1.2)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        np.ones((3, 3, 5), np.float32),
        np.ones((4, 1, 5), np.float32),
        np.full((4, 3, 5), 0.9, np.float32),
        np.full((4, 3, 5), np.nan, np.float32),
        np.full((4, 3, 5), 100, np.float32),
    ],
)
def test_what_is_no_map_of_gains_is_refused(tmp_path: Path, wrong: Gains) -> None:
    with pytest.raises(BadValue, match="measure it by"):
        FlatFields(tmp_path, "IMX477").keep(LENS, 2.0, wrong)
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_none_are_told_and_the_others_serve(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    FlatFields(tmp_path, "IMX477").keep(LENS, 2.0, gains(1.9))
    (whole,) = tmp_path.iterdir()
    (tmp_path / "summicron-35@35mm@f4@IMX477.npy").write_bytes(whole.read_bytes()[:90])
    (tmp_path / "holiday.npy").write_bytes(whole.read_bytes())
    (tmp_path / "summicron-35@35mm@f8@IMX477.npy").write_bytes(b"")
    fields = FlatFields(tmp_path, "IMX477")
    assert fields.gains(LENS, 2.0).max() == pytest.approx(1.9)
    assert capsys.readouterr().err.count("is no flat field: remove it") == 3


def test_a_disk_that_takes_nothing_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    fields = FlatFields(tmp_path / "file", "IMX477")
    with pytest.raises(BadValue, match="cannot be written"):
        fields.keep(LENS, 2.0, gains(1.9))
    assert fields.gains(LENS, 2.0) is NO_GAINS


@pytest.mark.parametrize(("count", "rows", "columns"), [(59, 3, 5), (0, 0, 5), (60, -3, -5)])
def test_a_list_of_another_length_is_refused(count: int, rows: int, columns: int) -> None:
    with pytest.raises(BadValue, match="four gains for each"):
        from_list([1.0] * count, rows, columns)
    assert from_list([1.0] * 60, 3, 5).shape == (4, 3, 5)


WHOLE = b"\x93NUMPY\x01\x00v\x00"


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x05\x06 is how an archive begins",
        WHOLE + b"{'descr': '<f4', 'fortran_order': False, 'shape': (4, 3, 5 ".ljust(117) + b"\n",
        WHOLE + b"{'descr': '<f4', 'fortran_order': False, 'shape': (4, 3, 99999999999999), }".ljust(117) + b"\n",
        b"",
    ],
)
def test_a_damaged_one_does_not_keep_the_camera_from_starting(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    fields = FlatFields(tmp_path, "IMX477")
    fields.keep(LENS, 2.8, gains(1.7))
    (tmp_path / "summicron-35@35mm@f8@IMX477.npy").write_bytes(content)
    np.testing.assert_array_equal(FlatFields(tmp_path, "IMX477").gains(LENS, 2.8), gains(1.7))
    assert "f8@IMX477.npy is no flat field" in capsys.readouterr().err


@pytest.mark.parametrize("f_number", [0.0, -2.8, float("nan"), float("inf"), 1e-9])
def test_one_of_no_aperture_is_refused_before_it_is_kept(tmp_path: Path, f_number: float) -> None:
    fields = FlatFields(tmp_path, "IMX477")
    with pytest.raises(BadValue, match="no flat field"):
        fields.keep(LENS, f_number, gains(1.7))
    assert fields.gains(LENS, 2.8) is NO_GAINS


def test_dust_is_kept_with_it_and_serves_half_a_stop_around(tmp_path: Path) -> None:
    """One stop away a shadow is twice as dark or half as dark."""
    specks = (Speck(3, 4, np.full((5, 6), 0.8, np.float32)),)
    FlatFields(tmp_path, "IMX477").keep(LENS, 8.0, gains(1.7), Dust(96, 128, specks))
    kept = FlatFields(tmp_path, "IMX477")
    found = kept.dust(LENS, 8.0)
    assert (found.rows, found.columns, found.specks[0].top, found.specks[0].left) == (96, 128, 3, 4)
    np.testing.assert_allclose(found.specks[0].shares, 0.8, atol=0.002)
    assert kept.dust(LENS, 9.5) is found
    assert kept.dust(LENS, 11.0) is NO_DUST
    assert kept.gains(LENS, 11.0).max() == pytest.approx(1.7)
    assert kept.dust(LENS, None) is NO_DUST


def test_one_without_dust_is_a_file_as_it_ever_was(tmp_path: Path) -> None:
    FlatFields(tmp_path, "IMX477").keep(LENS, 8.0, gains(1.7))
    (path,) = tmp_path.iterdir()
    np.testing.assert_array_equal(np.load(path), gains(1.7))
    assert FlatFields(tmp_path, "IMX477").dust(LENS, 8.0) is NO_DUST
    path.write_bytes(path.read_bytes() + b"fluff")
    assert FlatFields(tmp_path, "IMX477").gains(LENS, 8.0) is NO_GAINS
