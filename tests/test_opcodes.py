"""Opcodes, judged by bytes packed by hand from the specification and by Adobe's own SDK."""

import struct
from pathlib import Path

import numpy as np
import pytest

from device import dng, files, opcodes
from device.errors import BadValue
from device.frame import Cfa
from device.opcodes import NO_OPCODES, Opcode, OpcodeLists
from device.photograph import Photograph
from tests.conftest import build_frame
from tests.judges import SMALL, Judge, Specimen
from tests.photographs import photograph, smooth_mosaic

ROWS, COLUMNS = 64, 96
RAW = smooth_mosaic(ROWS, COLUMNS)
GAINS = np.linspace(1, 3, 4 * 3 * 5).reshape(4, 3, 5)  # exact in no type, so that a mistaken one shows


def written(folder: Path, lists: OpcodeLists, cfa: Cfa = Cfa.BGGR) -> Path:
    path = folder / "opcodes.dng"
    path.write_bytes(b"".join(files.negative_of(carrying(lists, cfa), "packed")))
    return path


def carrying(lists: OpcodeLists, cfa: Cfa = Cfa.BGGR) -> Photograph:
    return photograph(build_frame(RAW, cfa=cfa), opcodes=lists)


def test_a_list_is_packed_as_by_hand() -> None:
    expected = (
        struct.pack(">I", 2)
        + struct.pack(">IIII", 5, 0x01030000, 1, 20)
        + struct.pack(">III2I", 2, 1, 0, 3, 7)
        + struct.pack(">IIII", 9, 0x01030000, 1, 3)
        + b"abc"
    )
    assert opcodes.encoded([opcodes.fix_bad_pixels(Cfa.BGGR, [(3, 7)]), Opcode(9, b"abc")]) == expected


def test_a_flat_field_is_packed_as_by_hand() -> None:
    gains = np.arange(1, 17, dtype=np.float64).reshape(4, 2, 2)
    maps = opcodes.gain_maps(gains, Cfa.GRBG, 10, 20)
    second = (  # the top right place of GRBG is red, the first of the four grids
        struct.pack(">4I", 0, 1, 10, 20)
        + struct.pack(">4I", 0, 1, 2, 2)
        + struct.pack(">2I4d", 2, 2, 1.0, 1.0, 0.0, 0.0)
        + struct.pack(">I4f", 1, 1, 2, 3, 4)
    )
    assert maps[1] == Opcode(9, second)
    firsts = [struct.unpack(">2I", opcode.parameters[:8]) for opcode in maps]
    assert firsts == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_bad_photosites_are_packed_as_by_hand() -> None:
    opcode = opcodes.fix_bad_pixels(Cfa.RGGB, [(3, 7), (100, 2)])
    assert opcode == Opcode(5, struct.pack(">III4I", 1, 2, 0, 3, 7, 100, 2))


@pytest.mark.parametrize("cfa", list(Cfa))
def test_the_sdk_takes_green_for_green_when_it_mends(cfa: Cfa) -> None:
    """dng_bad_pixels.h: a photosite is green where row + column + phase + phase // 2 is even."""
    (phase,) = struct.unpack(">I", opcodes.fix_bad_pixels(cfa, []).parameters[:4])
    assert ((phase + phase // 2) % 2 == 0) == (str(cfa)[0] == "G")


@pytest.mark.parametrize("shape", [(4, 1, 5), (3, 3, 5), (3, 5), (4, 3, 5, 1)])
def test_a_flat_field_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(BadValue, match=r"^A flat field wants 4 grids[^\n]+\.$"):
        opcodes.gain_maps(np.ones(shape), Cfa.BGGR, ROWS, COLUMNS)


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf])
def test_a_gain_that_is_no_gain_is_refused(value: float) -> None:
    gains = GAINS.copy()
    gains[1, 2, 3] = value
    with pytest.raises(BadValue, match="positive"):
        opcodes.gain_maps(gains, Cfa.BGGR, ROWS, COLUMNS)


LISTS = {
    "bad photosites": OpcodeLists(stored=(opcodes.fix_bad_pixels(Cfa.BGGR, [(3, 4), (20, 31)]),)),
    "flat field": OpcodeLists(linear=opcodes.gain_maps(GAINS, Cfa.BGGR, ROWS, COLUMNS)),
    "all": OpcodeLists(
        (opcodes.fix_bad_pixels(Cfa.BGGR, [(3, 4)]),),
        opcodes.gain_maps(GAINS, Cfa.BGGR, ROWS, COLUMNS),
    ),
}


@pytest.mark.parametrize("lists", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("judge", SMALL, ids=lambda judge: judge.name)
def test_no_reader_complains_of_opcodes(judge: Judge, lists: OpcodeLists, tmp_path: Path) -> None:
    if not judge.version():
        pytest.skip(f"{judge.name} is not installed")
    assert judge.complaints([Specimen(written(tmp_path, lists), RAW)]) == {}


def test_the_sdk_refuses_an_opcode_that_is_cut_short(tmp_path: Path) -> None:
    adobe = next(judge for judge in SMALL if "Adobe" in judge.name)
    if not adobe.version():
        pytest.skip("dngpy is not installed")
    (gain_map, *_) = opcodes.gain_maps(GAINS, Cfa.BGGR, ROWS, COLUMNS)
    short = OpcodeLists(linear=(Opcode(gain_map.number, gain_map.parameters[:-4]),))
    path = written(tmp_path, short)
    assert set(adobe.complaints([Specimen(path, RAW)])) == {path}


def test_the_sdk_reads_the_gains_that_were_written(tmp_path: Path) -> None:
    dngpy = pytest.importorskip("dngpy")
    read = dngpy.Dng(str(written(tmp_path, LISTS["flat field"]))).get_gainmap()
    assert (read.rows, read.cols, read.planes) == (3, 5, 1)
    assert (read.spacing_v, read.spacing_h, read.origin_v, read.origin_h) == (0.5, 0.25, 0.0, 0.0)
    first = GAINS[Cfa.BGGR.pattern[0, 0]].astype(np.float32)
    np.testing.assert_array_equal(np.squeeze(read.to_numpy()), first)


def test_without_opcodes_there_is_no_list(tmp_path: Path) -> None:
    ifd = dng.raw_ifd(dng.tiff.read(written(tmp_path, NO_OPCODES).read_bytes()))
    assert ifd is not None
    assert not {51008, 51009, 51022} & set(ifd.entries)
