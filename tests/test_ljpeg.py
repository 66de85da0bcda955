"""Lossless JPEG, judged by bits put down by hand and by the decoders of liblj92 and libjpeg's lossless process."""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import rawpy

from device import ljpeg
from device.entropy_coding import count_categories, encode_tile, stuff
from device.frame import Raw
from device.huffman import CATEGORIES, code_lengths, huffman_table
from device.ljpeg import Tiles
from tests.photographs import noise_mosaic, smooth_mosaic

DECODERS = [imagecodecs.ljpeg_decode, imagecodecs.jpegsof3_decode]
ROOM = 4096  # bytes


def decoded(tiles: Tiles, rows: int, columns: int, decode: Callable[[bytes], Raw]) -> Raw:
    """The tiles put together again, what reaches beyond the picture cut off."""
    across = -(-columns // tiles.columns)
    parts = [np.asarray(decode(bytes(tile))).reshape(tiles.rows, tiles.columns) for tile in tiles.data]
    bands = [np.hstack(parts[first : first + across]) for first in range(0, len(parts), across)]
    return np.vstack(bands)[:rows, :columns]


def assert_survives(raw: Raw, depth: int) -> Tiles:
    tiles = ljpeg.compress(raw, depth)
    for decode in DECODERS:
        np.testing.assert_array_equal(decoded(tiles, *raw.shape, decode), raw)
    return tiles


# ---- the code -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("difference", "category"),
    [(0, 0), (1, 1), (-1, 1), (2, 2), (-3, 2), (4, 3), (255, 8), (-256, 9), (32767, 15), (-32767, 15), (-32768, 16)],
)
def test_the_category_is_as_in_table_h_2(difference: int, category: int) -> None:
    assert CATEGORIES[difference % 65536] == category


COUNTS = {
    "one only": [1000] + [0] * 12,
    "none": [0] * 17,
    "alike": [50] * 15,
    "falling": [2**place for place in range(13)],
    "Fibonacci's, which make the longest codes": [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597],
    "Fibonacci's, a million of each": [
        f * 10**6 for f in (1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597)
    ],
    "a photograph": [23847, 39579, 76063, 135776, 200316, 196706, 85546, 8261, 1586, 1171, 1390, 19, 0],
}


@pytest.mark.parametrize("counts", COUNTS.values(), ids=COUNTS)
def test_a_code_is_complete_but_for_the_ones_that_jpeg_forbids(counts: list[int]) -> None:
    lengths = code_lengths(counts)
    assert len(lengths) == len(counts)
    assert 1 <= min(lengths) <= max(lengths) <= 16
    assert sum(2.0**-length for length in lengths) + 2.0 ** -max(lengths) == 1


@pytest.mark.parametrize("name", ["alike", "falling", "a photograph"])
def test_a_code_is_nearly_as_short_as_can_be(name: str) -> None:
    """Huffman's code is within Gallager's bound of the entropy: the largest share + 0.086 bits."""
    counts = COUNTS[name]
    shares = [count / sum(counts) for count in counts if count]
    entropy = -sum(share * math.log2(share) for share in shares)
    mean = sum(count * length for count, length in zip(counts, code_lengths(counts), strict=True)) / sum(counts)
    assert entropy <= mean <= entropy + max(shares) + 0.086


def test_no_code_is_the_beginning_of_another_and_no_word_of_another_difference() -> None:
    codes = huffman_table(np.array(COUNTS["a photograph"])).codes
    words = {f"{int(code) >> 8:0{int(code) & 255}b}" for code in codes[np.arange(-4095, 4096)]}
    assert len(words) == 8191
    assert not any(after.startswith(before) for before, after in pairwise(sorted(words)))


# ---- the bits -------------------------------------------------------------------------------------------------------


def by_hand(differences: list[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    """Codes such as a person would choose: a one for each bit of the category, a zero, then the extra bits."""
    codes = np.zeros(65536, np.uint64)
    for difference in differences:
        magnitude = abs(difference).bit_length()
        extra = difference if difference > 0 else difference + (1 << magnitude) - 1
        bits = "1" * magnitude + "0" + (f"{extra:0{magnitude}b}" if magnitude else "")
        codes[difference % 65536] = int(bits, 2) << 8 | len(bits)
    return codes


def test_a_tile_is_coded_as_by_hand() -> None:
    """Rows 5 9 5 7 and 5 8 5 8, four columns and three rows: the first two differ from 8 or from those above."""
    out = np.zeros(ROOM, np.uint8)
    raw = np.array([[5, 9, 5, 7], [5, 8, 5, 8]], np.uint16)
    size = encode_tile(raw, 3, 4, 8, by_hand([-3, -2, -1, 0, 1]), out)
    first_row = "110" + "00" + "10" + "1" + "0" + "110" + "01"  # -3, 1, 0, -2
    second_row = "0" + "10" + "0" + "0" + "0"  # 0, -1, 0, 0
    bits = first_row + second_row + "0000"  # the row that is not there
    padded = bits + "1" * (-len(bits) % 8)
    assert out[:size].tobytes() == int(padded, 2).to_bytes(len(padded) // 8)


def test_an_odd_column_has_no_partner_and_what_is_beyond_it_costs_a_bit_each() -> None:
    out = np.zeros(ROOM, np.uint8)
    raw = np.array([[8, 8, 9]], np.uint16)
    size = encode_tile(raw, 1, 6, 8, by_hand([0, 1]), out)
    assert out[:size].tobytes() == bytes([0b00101000, 0b11111111][:size])
    assert size == 1


def test_words_too_long_for_one_step_are_put_down_one_after_the_other() -> None:
    codes = np.zeros(65536, np.uint64)
    codes[1] = 0x7ABCDEF1 << 8 | 31
    out = np.zeros(ROOM, np.uint8)
    encode_tile(np.array([[9, 9, 10, 10, 11, 11, 12, 12]], np.uint16), 1, 8, 8, codes, out)
    written = f"{int.from_bytes(out[:32].tobytes()):0256b}"
    assert written[: 31 * 8] == f"{0x7ABCDEF1:031b}" * 8


@pytest.mark.parametrize("room", range(0, 160, 9))
def test_a_tile_that_needs_more_room_than_there_is_stays_within_it(room: int) -> None:
    codes = np.full(65536, (1 << 31) - 1 << 8 | 31, np.uint64)
    memory = np.full(room + 64, 0x5A, np.uint8)
    assert encode_tile(noise_mosaic(16, 16, 16), 16, 16, 1 << 15, codes, memory[:room]) == -1
    assert (memory[room:] == 0x5A).all()


@pytest.mark.parametrize("size", range(13))
def test_a_zero_follows_each_ff_wherever_it_stands(size: int) -> None:
    for stuffed in range(1 << size):
        content = bytes(0xFF if stuffed >> place & 1 else 0xFE - place for place in range(size))
        words = np.frombuffer(content.ljust(16, b"\0"), "<u8")
        out = np.full(2 * size + 8, 0x5A, np.uint8)
        expected = content.replace(b"\xff", b"\xff\0")
        assert stuff(words, size, out) == len(expected)
        assert out.tobytes() == expected.ljust(2 * size + 8, b"\x5a")


@pytest.mark.parametrize("content", [b"\xff" * 40, b"\0" * 35 + b"\xff" * 5, bytes(range(250, 256)) * 7])
def test_a_zero_that_has_no_room_is_not_put_beyond_it(content: bytes) -> None:
    words = np.frombuffer(content.ljust(-(-len(content) // 8) * 8 + 8, b"\0"), "<u8")
    expected = content.replace(b"\xff", b"\xff\0")
    for room in range(2 * len(content)):
        out = np.full(2 * len(content) + 8, 0x5A, np.uint8)
        size = stuff(words, len(content), out[:room])
        assert size in {-1, len(expected)}
        assert size == -1 or out[:size].tobytes() == expected
        assert (out[room:] == 0x5A).all()
    assert stuff(words, len(content), np.empty(2 * len(content), np.uint8)) == len(expected)


def test_every_step_th_row_is_counted_without_its_first_pair() -> None:
    raw = np.array([[0, 0, 4, 0, 4, 1], [9, 9, 9, 0, 0, 0], [7, 7, 7, 7, 7, 7]], np.uint16)
    counts = np.zeros(5, np.int64)
    count_categories(raw, 2, CATEGORIES, counts)
    assert counts.tolist() == [6, 1, 0, 1, 0]  # differences 4 0 0 1, then four of 0


# ---- whole mosaics --------------------------------------------------------------------------------------------------

SIZES = [
    *((16, 16), (1, 64), (2, 80), (15, 40), (31, 47), (64, 96), (63, 97), (64, 33)),
    *((512, 64), (513, 65), (511, 63), (529, 161), (700, 131), (1000, 47)),
]


@pytest.mark.parametrize("shape", SIZES, ids=str)
def test_every_size_comes_back(shape: tuple[int, int]) -> None:
    assert_survives(smooth_mosaic(*shape), 12)


@pytest.mark.parametrize("depth", range(8, 17))
@pytest.mark.parametrize("shape", [(64, 96), (63, 97)])
def test_every_depth_comes_back(shape: tuple[int, int], depth: int) -> None:
    assert_survives(smooth_mosaic(96, 128, depth)[: shape[0], : shape[1]], depth)


def flat(value: int) -> Raw:
    return np.full((64, 96), value, np.uint16)


def spikes(depth: int) -> Raw:
    raw = flat(5)
    where = np.random.default_rng(3).random(raw.shape) < 0.03
    raw[where] = noise_mosaic(64, 96, depth)[where]
    return raw


def jumps(axis: int) -> Raw:
    """From 0 to 32768 and back, along the rows of each colour or from row to row: the one difference without a sign."""
    return np.asarray((np.indices((64, 96))[axis] // (1 + axis) % 2) << 15, np.uint16)


def saturated() -> Raw:
    raw = smooth_mosaic(64, 96)
    raw[20:, 40:] = 4095
    return raw


CONTENTS = {
    "black": (flat(0), 12),
    "clipped": (flat(4095), 12),
    "clipped at 16 bits": (flat(65535), 16),
    "partly clipped": (saturated(), 12),
    "spikes": (spikes(12), 12),
    "spikes at 16 bits": (spikes(16), 16),
    "jumps of 32768 along a row": (jumps(1), 16),
    "jumps of 32768 down the columns": (jumps(0), 16),
    "from one end to the other": (np.where(jumps(1) > 0, 65535, 0).astype(np.uint16), 16),
    "from one end to the other at 12 bits": (np.where(jumps(1) > 0, 4095, 0).astype(np.uint16), 12),
}


@pytest.mark.parametrize("content", CONTENTS)
def test_every_content_comes_back(content: str) -> None:
    assert_survives(*CONTENTS[content])


def test_rows_that_are_not_next_to_each_other_in_memory_come_back() -> None:
    assert_survives(smooth_mosaic(128, 192)[::2, ::2], 12)


@pytest.mark.parametrize("depth", [8, 10, 12, 14, 16])
def test_noise_does_not_pay(depth: int) -> None:
    assert ljpeg.encode(noise_mosaic(64, 96, depth), depth) is None


def test_a_mosaic_whose_sampled_rows_mislead_does_not_pay_and_does_no_harm() -> None:
    raw = noise_mosaic(48 * 16, 96, 16)  # of which every sixteenth row is sampled
    raw[::16] = 0
    assert ljpeg.encode(raw, 16) is None


@pytest.mark.parametrize("columns", [1, 2, 15])
def test_what_is_narrower_than_a_tile_is_left_to_packing(columns: int) -> None:
    assert ljpeg.encode(np.zeros((64, columns), np.uint16), 12) is None


def test_a_pool_of_threads_makes_the_same_bytes() -> None:
    raw = smooth_mosaic(1500, 400)
    alone = ljpeg.encode(raw, 12)
    with ThreadPoolExecutor(3) as pool:
        together = ljpeg.encode(raw, 12, pool.map)
    assert alone == together
    assert alone is not None
    assert len(alone.data) > 3


@pytest.mark.parametrize("columns", [*range(16, 200), 1332, 1456, 2028, 4056, 4608, 5472])
def test_no_tile_is_wider_than_the_picture(columns: int) -> None:
    width = ljpeg.tile_columns_of(columns)
    assert 0 < width <= columns <= 2 * width
    assert width % 16 == 0


@pytest.mark.parametrize(
    ("rows", "height"), [(3040, 304), (1520, 304), (3648, 304), (1088, 272), (2592, 432), (64, 64)]
)
def test_tiles_of_a_sensor_waste_no_row(rows: int, height: int) -> None:
    assert ljpeg.tile_rows_of(rows) == height


def test_a_real_mosaic_is_as_small_as_liblj92_makes_it(data: Path) -> None:
    with rawpy.imread(str(data / "canon550d_colorchart.dng")) as file:
        raw = np.array(file.raw_image)
    ours = sum(map(len, assert_survives(raw, 14).data))
    as_dng_writers_do = raw.reshape(len(raw) // 2, -1)  # two rows as one, so that the sample two rows up is above
    theirs = len(imagecodecs.ljpeg_encode(as_dng_writers_do, bitspersample=14))
    assert ours <= 1.05 * theirs
