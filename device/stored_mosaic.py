"""The mosaic of a DNG that we wrote, as it was: lossless JPEG and packed samples undone. Needs no other RAW decoder."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.dng_tags import JPEG
from device.errors import BadPicture
from device.frame import Raw
from device.huffman import LENGTH_MAX
from device.kernel import kernel
from device.tiff import STRIP_OFFSETS, TILE_BYTE_COUNTS, TILE_OFFSETS, Bytes, Ifd, Parts

_PHOTOSITES_MAX = 1 << 27  # twice the largest sensor's; more is made to do harm
_BAND_ROWS = 64  # unpacked at a time: as bits they take eight times their bytes
_READ_ROWS = 512  # of packed samples, read at a time: as many as a tile has
_DHT, _SOF3, _SOS = 0xC4, 0xC3, 0xDA

Codes = NDArray[np.uint16]  # by the next 16 bits: length of the code they begin with, times 256, plus its category


@dataclass(frozen=True, slots=True)
class Part:
    """A tile, or some whole rows of packed samples: where it lies in the mosaic and in the file."""

    top: int
    left: int
    rows: int
    columns: int
    start: int
    size: int
    bits: int  # of a packed sample; 0: it is a tile


def read(data: Bytes, ifd: Ifd) -> Raw:
    """The mosaic that a directory of a whole file names.

    Args:
        data: the file.
        ifd: of the mosaic, see `dng.raw_ifd`.

    Returns:
        (rows, columns) uint16.

    Raises:
        BadPicture: it is not stored as we store it.
    """
    mosaic = np.empty(shape(ifd), np.uint16)
    for part in parts(ifd):
        read_part(data, part, mosaic)
    return mosaic


def shape(ifd: Ifd) -> tuple[int, int]:
    """(rows, columns) of the mosaic that a directory names.

    Raises:
        BadPicture: it has nothing in it, or would take more memory than any sensor's.
    """
    return _believed(ifd.integers(257), ifd.integers(256))


def _believed(height: Sequence[int], width: Sequence[int]) -> tuple[int, int]:
    """One number each, of a mosaic or a tile of it."""
    (rows,), (columns,) = height, width
    if not 0 < rows * columns <= _PHOTOSITES_MAX:
        raise BadPicture(f"its RAW is said to have {columns} x {rows} photosites, as no sensor has")
    return rows, columns


def parts(ifd: Ifd) -> list[Part]:
    """What the mosaic consists of, from the top.

    Raises:
        BadPicture: it is not stored as we store it.
    """
    (compression,) = ifd.integers(259)
    if compression == JPEG and ifd.integers(TILE_OFFSETS):
        return _tiles(ifd)
    if compression != JPEG and len(ifd.integers(STRIP_OFFSETS)) == 1:
        return _bands(ifd)
    raise BadPicture("This RAW is not stored as mcam stores it.")


def read_part(data: Parts, part: Part, mosaic: Raw) -> None:
    """Put one of `parts` in its place.

    Args:
        data: the file, of which only that part is read.
        part: which.
        mosaic: of `shape`.

    Raises:
        BadPicture: it is damaged.
    """
    view = memoryview(data[part.start : part.start + part.size]).cast("B")
    place = mosaic[part.top : part.top + part.rows, part.left : part.left + part.columns]
    if part.bits:
        _unpack(np.frombuffer(view, np.uint8), part.bits, place)
        return
    depth, codes, scan = _opened(view)
    tile = np.zeros((part.rows, part.columns), np.uint16)
    if _decode(scan, codes, 1 << (depth - 1), tile) < 0:
        raise BadPicture("This RAW is damaged: a tile of it ends too early.")
    place[:] = tile[: place.shape[0], : place.shape[1]]


def _tiles(ifd: Ifd) -> list[Part]:
    (rows, columns), (height, width) = shape(ifd), _believed(ifd.integers(323), ifd.integers(322))
    places = ((top, left) for top in range(0, rows, height) for left in range(0, columns, width))  # perhaps too many
    stored = zip(ifd.integers(TILE_OFFSETS), ifd.integers(TILE_BYTE_COUNTS), strict=True)
    return [
        Part(top, left, height, width, start, size, 0)
        for (top, left), (start, size) in zip(places, stored, strict=True)
    ]  # fmt: skip


def _bands(ifd: Ifd) -> list[Part]:
    (start,), (bits,) = ifd.integers(STRIP_OFFSETS), ifd.integers(258)
    rows, columns = shape(ifd)
    line = columns * bits // 8
    tops = range(0, rows, _READ_ROWS)
    heights = [min(_READ_ROWS, rows - top) for top in tops]
    return [
        Part(top, 0, height, columns, start + top * line, height * line, bits)
        for top, height in zip(tops, heights, strict=True)
    ]


def _opened(tile: memoryview) -> tuple[int, Codes, NDArray[np.uint8]]:
    """Depth, codes and entropy-coded data of a JPEG, by its segments (ITU T.81, B.1.1)."""
    at, marker, segments = 2, 0, {}
    while marker != _SOS:
        marker, size = struct.unpack(">xBH", tile[at : at + 4])
        segments[marker] = bytes(tile[at + 4 : at + 2 + size])
        at += 2 + size
    table = segments[_DHT][1:]
    return segments[_SOF3][0], _codes(table[:LENGTH_MAX], table[LENGTH_MAX:]), np.frombuffer(tile[at:], np.uint8)


def _codes(counts: bytes, categories: bytes) -> Codes:
    """T.81, annex C: codes count up within a length, so each takes the next part of all that 16 bits can be."""
    codes = np.zeros(1 << LENGTH_MAX, np.uint16)
    lengths = [bits for bits, count in enumerate(counts, 1) for _ in range(count)]
    start = 0
    for bits, category in zip(lengths, categories, strict=True):
        end = start + (1 << (LENGTH_MAX - bits))
        codes[start:end] = bits << 8 | category
        start = end
    return codes


@kernel("i8(u1[::1], u2[::1], i8, u2[:, ::1])")
def _decode(scan: NDArray[np.uint8], codes: Codes, middle: int, tile: Raw) -> int:
    """Undo `entropy_coding.encode_tile`: predictor 1, two components in turns. -1 when the data end too early."""
    rows, columns = tile.shape
    waiting, bits, at = np.uint64(0), 0, 0
    for row in range(rows):
        for column in range(columns):
            while bits <= 40:  # 16 of a code and 15 of a difference are there then; after the end come zeros
                byte = np.uint64(scan[at]) if at < scan.size else np.uint64(0)
                at += 2 if byte == np.uint64(0xFF) else 1  # T.81, F.1.2.3: a zero was put behind it
                waiting = (waiting << np.uint64(8)) | byte
                bits += 8
            code = codes[(waiting >> np.uint64(bits - 16)) & np.uint64(0xFFFF)]
            category = int(code & 0xFF)
            bits -= int(code >> 8)
            difference = np.int64(32768)
            if category < 16:
                bits -= category
                difference = np.int64((waiting >> np.uint64(bits)) & np.uint64((1 << category) - 1))
                if category and difference < 1 << (category - 1):  # T.81, F.2.2.1: EXTEND
                    difference -= (1 << category) - 1
            before = np.int64(middle)
            if column > 1:
                before = np.int64(tile[row, column - 2])
            elif row:
                before = np.int64(tile[row - 1, column])
            tile[row, column] = np.uint16((before + difference) & 0xFFFF)
    return -1 if at > scan.size + 8 else 0


def _unpack(samples: NDArray[np.uint8], bits: int, mosaic: Raw) -> None:
    """16 bits little-endian, fewer as a stream, highest first, of whole bytes to a row; see `pack.packed`."""
    rows, columns = mosaic.shape
    if bits == 16:
        mosaic[:] = samples.view("<u2").reshape(rows, columns)
        return
    lines = samples.reshape(rows, columns * bits // 8)
    for top in range(0, rows, _BAND_ROWS):
        band = np.unpackbits(lines[top : top + _BAND_ROWS], axis=1).reshape(-1, columns, bits)
        mosaic[top : top + _BAND_ROWS] = 0
        for place in range(bits):
            mosaic[top : top + _BAND_ROWS] |= band[:, :, place].astype(np.uint16) << (bits - 1 - place)
