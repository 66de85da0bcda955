"""Delivered sensor bytes to right-justified uint16, by the camera stack's name of the format.

Layouts: MIPI CSI-2 section "RAW10" and "RAW12" data types, as in the kernel's documentation of V4L2_PIX_FMT_SRGGB10P
and V4L2_PIX_FMT_SRGGB12P. RAW10 sends the high bytes of four pixels and then one byte with their low bits, pixel 0's
in bits 1-0; RAW12 the high bytes of two and then their low nibbles, pixel 0's in bits 3-0. A Pi 5 sends 16-bit words
with the sample at the left; everything else that is not packed has it at the right.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.errors import BadPicture, LossyRaw, UnknownRawFormat
from device.frame import Cfa, Plane, Raw
from device.kernel import inner, kernel

_NAME = re.compile(r"S(?P<cfa>RGGB|BGGR|GRBG|GBRG)(?P<bits>10_CSI2P|12_CSI2P|10|12|14|16)")
_PIXELS_PER_GROUP = {"10_CSI2P": 4, "12_CSI2P": 2}
_BYTES_PER_GROUP = {"10_CSI2P": 5, "12_CSI2P": 3}


@dataclass(frozen=True, slots=True)
class RawFormat:
    """What a format's name says.

    bits are the significant ones of a right-justified sample; of "16" that is known only with the sensor's own depth.
    """

    cfa: Cfa
    layout: str  # "10_CSI2P", "12_CSI2P", or the bits of an unpacked format
    bits: int

    def row_bytes(self, columns: int) -> int:
        """The least length of a row; packed rows end with a whole group of pixels."""
        group = _PIXELS_PER_GROUP.get(self.layout, 1)
        return -(-columns // group) * _BYTES_PER_GROUP.get(self.layout, 2)


def parse(raw_format: str, sensor_bits: int | None = None) -> RawFormat:
    """Understand a name such as "SBGGR12", "SRGGB10_CSI2P" or, with sensor_bits, "SBGGR16".

    Args:
        raw_format: the stack's name.
        sensor_bits: depth of the sensor's mode, needed where a 16-bit word holds fewer bits at its left.

    Raises:
        LossyRaw: it is PiSP's compressed format.
        UnknownRawFormat: it is none of ours.
    """
    if "PISP_COMP" in raw_format:
        raise LossyRaw(raw_format)
    name = _NAME.fullmatch(raw_format)
    if name is None:
        raise UnknownRawFormat(f"mcam cannot read the raw format {raw_format}: ask for SRGGB10, SRGGB12 or SRGGB16.")
    layout = name["bits"]
    if layout == "16" and (sensor_bits is None or not 8 <= sensor_bits <= 16):
        raise UnknownRawFormat(f"{raw_format} does not tell its depth: the sensor's bits, 8 to 16, must be given.")
    return RawFormat(Cfa(name["cfa"]), layout, sensor_bits if layout == "16" and sensor_bits else int(layout[:2]))


def unpack(
    data: Plane, raw_format: str, rows: int, columns: int, *, sensor_bits: int | None = None, out: Raw | None = None
) -> Raw:
    """Unpack a frame; `parse` of the same name tells its bits and CFA.

    Args:
        data: (at least rows, stride) uint8 as delivered; what lies beyond the columns in a row is ignored.
        raw_format: the stack's name.
        rows: of the mosaic.
        columns: of the mosaic.
        sensor_bits: as in `parse`.
        out: (rows, columns) uint16, C order, to unpack into; made new if None.

    Returns:
        (rows, columns) uint16, right-justified, in memory of its own (`out` if given).

    Raises:
        LossyRaw, UnknownRawFormat: as `parse`.
        BadPicture: the data are too short for so many rows and columns.
    """
    form = parse(raw_format, sensor_bits)
    if data.shape[0] < rows or data.shape[1] < form.row_bytes(columns):
        shape = f"{data.shape[0]} rows of {data.shape[1]} bytes"
        raise BadPicture(f"The camera sent {shape}, too few for {columns} x {rows} pixels of {raw_format}: restart it.")
    raw = np.empty((rows, columns), np.uint16) if out is None else out
    _fill(np.ascontiguousarray(data), form, raw)
    return raw


def _fill(data: Plane, form: RawFormat, raw: Raw) -> None:
    rows, columns = raw.shape
    if form.layout == "10_CSI2P":
        _unpack10(data, raw)
    elif form.layout == "12_CSI2P":
        _unpack12(data, raw)
    else:
        words = data[:rows, : 2 * columns].view("<u2")
        if form.layout == "16":
            np.right_shift(words, 16 - form.bits, out=raw)
        else:
            raw[:] = words


@kernel("void(u1[:, ::1], u2[:, ::1])")
def _unpack10(data: Plane, raw: Raw) -> None:
    columns = raw.shape[1]
    whole = columns // 4 * 4
    for i in range(raw.shape[0]):
        _unpack10_row(data[i], raw[i])
        for x in range(whole, columns):
            low = data[i, whole // 4 * 5 + 4] >> 2 * (x - whole)
            raw[i, x] = np.uint16(data[i, whole // 4 * 5 + x - whole]) << 2 | low & 3


@inner
def _unpack10_row(source: NDArray[np.uint8], row: Raw) -> None:
    two, three = np.uint16(2), np.uint16(3)
    for k in range(row.size // 4):
        low = np.uint16(source[5 * k + 4])
        row[4 * k] = np.uint16(source[5 * k]) << two | low & three
        row[4 * k + 1] = np.uint16(source[5 * k + 1]) << two | low >> two & three
        row[4 * k + 2] = np.uint16(source[5 * k + 2]) << two | low >> np.uint16(4) & three
        row[4 * k + 3] = np.uint16(source[5 * k + 3]) << two | low >> np.uint16(6)


@kernel("void(u1[:, ::1], u2[:, ::1])")
def _unpack12(data: Plane, raw: Raw) -> None:
    columns = raw.shape[1]
    for i in range(raw.shape[0]):
        _unpack12_row(data[i], raw[i])
        if columns & 1:
            at = columns // 2 * 3
            raw[i, columns - 1] = np.uint16(data[i, at]) << 4 | data[i, at + 2] & 15


@inner
def _unpack12_row(source: NDArray[np.uint8], row: Raw) -> None:
    four = np.uint16(4)
    for k in range(row.size // 2):
        low = np.uint16(source[3 * k + 2])
        row[2 * k] = np.uint16(source[3 * k]) << four | low & np.uint16(15)
        row[2 * k + 1] = np.uint16(source[3 * k + 1]) << four | low >> four
