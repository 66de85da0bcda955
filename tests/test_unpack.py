"""Unpacking against bytes packed by hand from the MIPI CSI-2 specification."""

import numpy as np
import pytest
from numpy.typing import NDArray

from device.errors import BadPicture, LossyRaw, UnknownRawFormat
from device.frame import Cfa
from device.unpack import parse, unpack

# Four 10-bit pixels:       01 01010101   10 10101010   00 11110011 -> 00 111100|11   11 00001100 -> 11000011|00
# 0x155 = 01010101|01, 0x2AA = 10101010|10, 0x0F3 = 00111100|11, 0x30C = 11000011|00; high eight bits first:
# 0x55 0xAA 0x3C 0xC3. The fifth byte, from bit 7 down: pixel 3's 00, pixel 2's 11, pixel 1's 10, pixel 0's 01 = 0x39.
RAW10_BYTES = (0x55, 0xAA, 0x3C, 0xC3, 0x39)
RAW10_PIXELS = (0x155, 0x2AA, 0x0F3, 0x30C)
# Two 12-bit pixels 0xABC and 0x123: high eight bits 0xAB 0x12; the third byte has pixel 1's 3 in bits 7-4, pixel 0's
# 0xC in bits 3-0.
RAW12_BYTES = (0xAB, 0x12, 0x3C)
RAW12_PIXELS = (0xABC, 0x123)


def rows_of(*rows: tuple[int, ...], stride: int) -> NDArray[np.uint8]:
    """Rows of bytes, padded to the stride with 0xEE, which must not be seen."""
    return np.array([(*row, *[0xEE] * (stride - len(row))) for row in rows], np.uint8)


def test_raw10_has_pixel_0s_low_bits_at_the_bottom_of_the_fifth_byte() -> None:
    data = rows_of(RAW10_BYTES * 2, (0, 0, 0, 0, 0b11_00_01_10) * 2, stride=32)
    raw = unpack(data, "SRGGB10_CSI2P", 2, 8)
    assert raw.tolist() == [[*RAW10_PIXELS] * 2, [2, 1, 0, 3] * 2]


def test_raw12_has_pixel_0s_low_nibble_at_the_bottom_of_the_third_byte() -> None:
    data = rows_of(RAW12_BYTES * 2, (0, 0, 0x5A) * 2, stride=16)
    raw = unpack(data, "SBGGR12_CSI2P", 2, 4)
    assert raw.tolist() == [[*RAW12_PIXELS] * 2, [0xA, 5, 0xA, 5]]


@pytest.mark.parametrize("columns", [5, 6, 7, 8])
def test_a_raw10_row_may_end_inside_a_group(columns: int) -> None:
    raw = unpack(rows_of(RAW10_BYTES * 2, stride=12), "SGBRG10_CSI2P", 1, columns)
    assert raw.tolist() == [[*RAW10_PIXELS, *RAW10_PIXELS][:columns]]


@pytest.mark.parametrize("columns", [1, 3, 4])
def test_a_raw12_row_may_end_inside_a_group(columns: int) -> None:
    raw = unpack(rows_of(RAW12_BYTES * 2, stride=8), "SGBRG12_CSI2P", 1, columns)
    assert raw.tolist() == [[*RAW12_PIXELS, *RAW12_PIXELS][:columns]]


def test_every_value_of_every_place_survives_both_packings() -> None:
    """All 12-bit and all 10-bit values, packed bit by bit as the specification writes them."""
    for bits, group, name in ((10, 4, "SRGGB10_CSI2P"), (12, 2, "SRGGB12_CSI2P")):
        values = np.concatenate([np.roll(np.arange(2**bits), shift) for shift in range(group)])
        data: list[int] = []
        for first in range(0, len(values), group):
            pixels = [int(value) for value in values[first : first + group]]
            data += [pixel >> (bits - 8) for pixel in pixels]
            low = [pixel & (2 ** (bits - 8) - 1) for pixel in pixels]
            data.append(int("".join(f"{part:0{bits - 8}b}" for part in reversed(low)), 2))
        raw = unpack(np.array([data], np.uint8), name, 1, len(values))
        assert np.array_equal(raw[0], values)


def test_sixteen_bits_at_the_right_are_taken_as_they_are() -> None:
    data = rows_of((0x34, 0x02, 0xFF, 0x0F), (0, 0, 1, 0), stride=10)
    assert unpack(data, "SGRBG12", 2, 2).tolist() == [[0x234, 0xFFF], [0, 1]]


def test_sixteen_bits_at_the_left_lose_their_empty_bits() -> None:
    """A Pi 5's twelve bits: 0x234 arrives as 0x2340, little-endian."""
    data = rows_of((0x40, 0x23, 0xF0, 0xFF), (0, 0, 0x10, 0), stride=6)
    assert unpack(data, "SBGGR16", 2, 2, sensor_bits=12).tolist() == [[0x234, 0xFFF], [0, 1]]


def test_more_rows_than_asked_for_are_ignored() -> None:
    data = rows_of(RAW12_BYTES, (1, 2, 3), stride=3)
    assert unpack(data, "SBGGR12_CSI2P", 1, 2).tolist() == [[*RAW12_PIXELS]]


def test_a_view_into_a_larger_buffer_is_read_right() -> None:
    data = rows_of(RAW12_BYTES * 2, RAW12_BYTES * 2, stride=16)[:, :7]
    assert unpack(data, "SBGGR12_CSI2P", 2, 4).tolist() == [[*RAW12_PIXELS] * 2] * 2


@pytest.mark.parametrize("name", ["SRGGB10_CSI2P", "SRGGB12_CSI2P", "SRGGB12", "SRGGB16"])
def test_the_result_outlives_the_delivered_buffer(name: str) -> None:
    data = np.full((2, 32), 0x11, np.uint8)
    raw = unpack(data, name, 2, 4, sensor_bits=12)
    before = raw.copy()
    data[:] = 0
    assert np.array_equal(raw, before)
    assert raw.flags.c_contiguous
    assert raw.dtype == np.uint16


def test_it_can_fill_memory_that_is_there() -> None:
    out = np.zeros((1, 2), np.uint16)
    assert unpack(rows_of(RAW12_BYTES, stride=3), "SBGGR12_CSI2P", 1, 2, out=out) is out
    assert out.tolist() == [[*RAW12_PIXELS]]


@pytest.mark.parametrize(
    ("name", "cfa", "bits"),
    [
        ("SBGGR12_CSI2P", Cfa.BGGR, 12),
        ("SRGGB10_CSI2P", Cfa.RGGB, 10),
        ("SGRBG12", Cfa.GRBG, 12),
        ("SGBRG10", Cfa.GBRG, 10),
        ("SRGGB14", Cfa.RGGB, 14),
    ],
)
def test_a_name_tells_pattern_and_depth(name: str, cfa: Cfa, bits: int) -> None:
    assert (parse(name).cfa, parse(name).bits) == (cfa, bits)


def test_the_depth_of_sixteen_bits_is_the_sensors() -> None:
    assert parse("SBGGR16", 12).bits == 12
    with pytest.raises(UnknownRawFormat, match="depth"):
        parse("SBGGR16")


@pytest.mark.parametrize("name", ["PISP_COMP1", "BGGR_PISP_COMP1", "RGGB_PISP_COMP2"])
def test_lossy_formats_are_refused(name: str) -> None:
    with pytest.raises(LossyRaw, match=name):
        unpack(np.zeros((4, 8), np.uint8), name, 4, 4)


@pytest.mark.parametrize("name", ["YUV420", "R12_CSI2P", "SRGGB8", "SRGGB14_CSI2P", "SRGGB12_CSI2P ", "SRRGB12"])
def test_formats_nobody_taught_us_are_refused_by_name(name: str) -> None:
    with pytest.raises(UnknownRawFormat, match=name):
        unpack(np.zeros((4, 8), np.uint8), name, 4, 4)


@pytest.mark.parametrize(("rows", "columns"), [(3, 4), (2, 6)])
def test_too_few_bytes_are_refused(rows: int, columns: int) -> None:
    with pytest.raises(BadPicture, match="too few"):
        unpack(np.zeros((2, 8), np.uint8), "SRGGB12_CSI2P", rows, columns)
