"""The flat field in the DNG, read back from it, and worked into a RAW copy."""

import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from device import files, flat_wizard, opcodes, stored_photograph
from device.errors import BadPicture, BadValue
from device.flat_bake import baked
from device.flat_field import NO_GAINS, Gains
from device.frame import Cfa, Levels
from device.opcodes import OpcodeLists, gains_in
from device.photograph import Photograph
from tests.conftest import build_frame
from tests.photographs import FACTS, photograph, smooth_mosaic
from tests.test_dng import said

ROWS, COLUMNS = 66, 94
GAINS: Gains = np.linspace(1, 2, 4 * 3 * 5, dtype=np.float32).reshape(4, 3, 5)
LEVELS = Levels((256.0, 250.0, 260.0, 255.0), 4095)


def taken(cfa: Cfa = Cfa.BGGR, gains: Gains = GAINS) -> Photograph:
    frame = build_frame(smooth_mosaic(ROWS, COLUMNS), cfa=cfa, levels=LEVELS)
    return replace(photograph(frame, facts=replace(FACTS, width=COLUMNS, height=ROWS)), gains=gains)


def slow(taken: Photograph) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    """Photosite by photosite, as flat_field.py says where the points lie."""
    frame, out = taken.frame, np.empty_like(taken.frame.raw)
    for y in range(ROWS):
        for x in range(COLUMNS):
            channel = int(frame.cfa.pattern[y % 2, x % 2])
            plane = taken.gains[channel].astype(float)
            at_y, at_x = y / (ROWS - 1) * (plane.shape[0] - 1), x / (COLUMNS - 1) * (plane.shape[1] - 1)
            column = [np.interp(at_x, range(plane.shape[1]), row) for row in plane]
            light = (float(frame.raw[y, x]) - LEVELS.black[channel]) * np.interp(at_y, range(plane.shape[0]), column)
            out[y, x] = min(max(round(light + LEVELS.black[channel]), 0), 4095)
    return out


@pytest.mark.parametrize("cfa", [Cfa.BGGR, Cfa.GRBG])
def test_every_photosite_gets_its_gain_and_what_was_white_stays_white(cfa: Cfa) -> None:
    one = taken(cfa)
    made = baked(one)
    assert np.abs(made.frame.raw.astype(int) - slow(one)).max() <= 1  # halves are rounded either way
    assert (made.frame.raw[one.frame.raw == 4095] == 4095).all()
    assert made.gains is NO_GAINS


def test_without_a_flat_field_there_is_nothing_to_bake() -> None:
    with pytest.raises(BadPicture, match="without a flat field"):
        baked(taken(gains=NO_GAINS))


@pytest.mark.parametrize("cfa", list(Cfa))
def test_the_dng_gives_back_the_gains_and_the_jpeg_of_it_is_the_same(cfa: Cfa) -> None:
    (_, dng), (_, jpeg) = ((suffix, b"".join(buffers)) for suffix, buffers in files.encode(taken(cfa), 92))
    np.testing.assert_array_equal(stored_photograph.read(dng).gains, GAINS)
    assert b"".join(files.print_of(dng, 92)) == jpeg
    flat = b"".join(dict(files.encode(taken(cfa, NO_GAINS), 92))["JPG"])
    assert flat != jpeg


def test_exiftool_finds_four_gain_maps_and_nothing_to_complain_of(tmp_path: Path) -> None:
    path = tmp_path / "flat.DNG"
    path.write_bytes(b"".join(files.negative_of(taken())))
    shown = said(path, "-validate", "-warning", "-error", "-OpcodeList2")
    assert shown["SubIFD:OpcodeList2"] == "GainMap, GainMap, GainMap, GainMap"
    assert shown["ExifTool:Validate"] == "OK"


def test_a_list_with_other_opcodes_around_gives_the_gains_all_the_same() -> None:
    others = OpcodeLists(linear=(opcodes.Opcode(3, bytes(56)),))
    lists = opcodes.with_gains(others, GAINS, Cfa.RGGB, (ROWS, COLUMNS))
    assert len(lists.linear) == 5
    found = gains_in(opcodes.encoded(lists.linear), Cfa.RGGB)
    assert found is not None
    np.testing.assert_array_equal(found, GAINS)
    assert gains_in(opcodes.encoded(others.linear), Cfa.RGGB) is None
    assert opcodes.with_gains(others, NO_GAINS, Cfa.RGGB, (ROWS, COLUMNS)) is others


def test_opcodes_that_were_cut_are_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    dng = b"".join(files.negative_of(taken()))
    monkeypatch.setattr(opcodes, "gains_in", lambda *_: struct.unpack(">I", b""))
    with pytest.raises(BadPicture, match="changed its opcodes"):
        stored_photograph.read(dng)


def test_copies_lie_beside_and_nothing_is_overwritten(tmp_path: Path) -> None:
    path, said = tmp_path / "MCAM0001.DNG", []
    path.write_bytes(b"".join(files.negative_of(taken())))
    flat_wizard.bake([path], said.append)
    assert said == [str(tmp_path / "MCAM0001_FLAT.DNG")]
    copy = stored_photograph.read((tmp_path / "MCAM0001_FLAT.DNG").read_bytes())
    np.testing.assert_array_equal(copy.frame.raw, baked(taken()).frame.raw)
    assert copy.gains is NO_GAINS
    with pytest.raises(BadValue, match="is there already"):
        flat_wizard.bake([path], said.append)
    with pytest.raises(BadValue, match="without a flat field"):
        flat_wizard.bake([tmp_path / "MCAM0001_FLAT.DNG"], said.append)
    (tmp_path / "half.DNG").write_bytes(path.read_bytes()[:3000])
    for name, says in (("nowhere.DNG", "cannot be read"), ("half.DNG", "not whole")):
        with pytest.raises(BadValue, match=says):
            flat_wizard.bake([tmp_path / name], said.append)
