"""A mosaic as lossless JPEG, process 14 of ITU T.81 (SOF3), the way DNG stores it: in tiles. Knows no files.

Each tile is a JPEG of two components, the two colours of a row, with predictor 1: the one layout that every reader
takes. RawSpeed (darktable) knows no other predictor, LibRaw and dcraw wrap a tile that is wider than the picture.
"""

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device import entropy_coding
from device.frame import Raw
from device.huffman import CATEGORIES, HuffmanTable, huffman_table

TILE_UNIT = 16  # TIFF 6.0, section 15: tiles measure multiples of it
_TILE_ROWS = range(512, 128, -TILE_UNIT)  # enough tiles to share among threads, few enough that they cost nothing
_SAMPLED_ROWS = 48  # show how often each difference occurs
_STUFFED_SHARE = 24  # one byte in 256 is 0xFF, if all are alike often, and eight bytes with one need eight to spare
_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_DHT, _SOF3, _SOS = 0xFFC4, 0xFFC3, 0xFFDA

Each = Callable[[Callable[["Place"], memoryview], list["Place"]], Iterable[memoryview]]
Place = tuple[int, int]  # of a tile: its first row and column


class DoesNotPay(Exception):
    """A mosaic is better stored without compression."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """A picture in tiles, row by row; those at its right and lower edge reach beyond it."""

    rows: int
    columns: int
    data: list[memoryview]


def encode(raw: Raw, depth: int, each: Each = map) -> Tiles | None:
    """Compress a mosaic as `compress` does, if that pays.

    Returns:
        None where packed it would be smaller, or the picture is too small for a tile.
    """
    try:
        tiles = compress(raw, depth, each)
    except DoesNotPay:
        return None
    return tiles if 8 * sum(map(len, tiles.data)) <= raw.size * depth else None


def compress(raw: Raw, depth: int, each: Each = map) -> Tiles:
    """Compress a mosaic. Beside the result, a tile that is being coded needs two bytes for each of its samples.

    Args:
        raw: (rows, columns) uint16, no sample of more than `depth` bits.
        depth: 2 to 16.
        each: does the work on the tiles; `map`, or the map of a pool of threads, which the kernels let run.

    Raises:
        DoesNotPay: a tile came out longer than words of 16 bits, or the picture is too small for one.
    """
    rows, columns = tile_rows_of(raw.shape[0]), tile_columns_of(raw.shape[1])
    table = _table(raw, depth)
    header = _header(rows, columns, depth, table)

    def encoded(place: Place) -> memoryview:
        top, left = place
        part = raw[top : top + rows, left : left + columns]
        return _tile(part, rows, columns, depth, table, header)

    places = [(top, left) for top in range(0, raw.shape[0], rows) for left in range(0, raw.shape[1], columns)]
    return Tiles(rows, columns, list(each(encoded, places)))


def tile_columns_of(columns: int) -> int:
    """The width of one tile, or of two side by side, that is no wider than the picture.

    Raises:
        DoesNotPay: even the smallest tile is wider.
    """
    widths = (_up(columns), _up(-(-columns // 2)))
    if columns < TILE_UNIT:
        raise DoesNotPay
    return next(width for width in widths if width <= columns)


def tile_rows_of(rows: int) -> int:
    """The height that leaves the least of the last tile empty; of several such the largest."""
    if rows <= _TILE_ROWS[0]:
        return _up(rows)
    return min(_TILE_ROWS, key=lambda height: -rows % height)


def _up(length: int) -> int:
    return -(-length // TILE_UNIT) * TILE_UNIT


def _table(raw: Raw, depth: int) -> HuffmanTable:
    counts = np.zeros(depth + 1, np.int64)
    entropy_coding.count_categories(raw, max(1, len(raw) // _SAMPLED_ROWS), CATEGORIES, counts)
    return huffman_table(counts)


def _tile(part: Raw, rows: int, columns: int, depth: int, table: HuffmanTable, header: bytes) -> memoryview:
    room = 2 * rows * columns + entropy_coding.room_for(columns)  # 16 bits for each sample, and a row to spare
    words = np.empty(-(-room // 8), np.uint64)
    size = entropy_coding.encode_tile(part, rows, columns, 1 << (depth - 1), table.codes, words.view(np.uint8))
    if size < 0:
        raise DoesNotPay
    return _stuffed(words, size, header)


def _stuffed(words: NDArray[np.uint64], size: int, header: bytes) -> memoryview:
    """The tile as it lies in the file."""
    start = len(header)
    for spare in (size // _STUFFED_SHARE + 64, size):
        tile = np.empty(start + size + spare + len(_EOI), np.uint8)
        stuffed = entropy_coding.stuff(words, size, tile[start : start + size + spare])
        if stuffed >= 0:
            break
    tile[:start] = memoryview(header)
    end = start + stuffed
    tile[end : end + len(_EOI)] = memoryview(_EOI)
    return tile[: end + len(_EOI)].data


def _header(rows: int, columns: int, depth: int, table: HuffmanTable) -> bytes:
    """T.81, B.2: the table, a frame of two components side by side, and a scan of both with predictor 1."""
    frame = struct.pack(">BHHB", depth, rows, columns // 2, 2) + bytes((0, 0x11, 0, 1, 0x11, 0))
    scan = bytes((2, 0, 0, 1, 0, 1, 0, 0))
    huffman = b"\0" + table.counts + table.categories
    return _SOI + _segment(_DHT, huffman) + _segment(_SOF3, frame) + _segment(_SOS, scan)


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">HH", marker, len(content) + 2) + content
