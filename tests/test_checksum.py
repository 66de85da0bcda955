"""The checksum of raw data, against the same sums with Python's own numbers."""

import zlib

import numpy as np
import pytest

from device.checksum import checksum

RUBBISH = np.random.default_rng(5).integers(0, 256, 200, np.uint8).tobytes()


def fletcher(data: bytes) -> int:
    """Four lanes of 64-bit words, each with the sum of its words and the sum of those sums."""
    first, second = [0] * 4, [0] * 4
    for at in range(0, len(data), 8):
        lane = at // 8 % 4
        first[lane] = (first[lane] + int.from_bytes(data[at : at + 8], "little")) % (1 << 64)
        second[lane] = (second[lane] + first[lane]) % (1 << 64)
    return zlib.crc32(b"".join(value.to_bytes(8, "little") for value in first + second))


def padded(data: bytes) -> bytes:
    """What a block is taken for: there is always a last step, perhaps of zeros only."""
    return data.ljust(len(data) // 32 * 32 + 32, b"\0")


@pytest.mark.parametrize("length", [0, 1, 7, 8, 31, 32, 33, 64, 200])
def test_it_is_fletchers(length: int) -> None:
    data = RUBBISH[:length]
    assert checksum([data]) == fletcher(padded(data))
    assert checksum([data, RUBBISH]) == fletcher(padded(data) + padded(RUBBISH))


def test_it_does_not_matter_where_in_memory_data_lie() -> None:
    assert len({checksum([memoryview(bytearray(start) + RUBBISH)[start:]]) for start in range(9)}) == 1


def test_whatever_is_lost_or_moved_shows() -> None:
    whole = checksum([RUBBISH])
    lost = [RUBBISH[:at] + bytes(8) + RUBBISH[at + 8 :] for at in range(0, 200, 8)]
    moved = [RUBBISH[32:64] + RUBBISH[:32] + RUBBISH[64:], RUBBISH[8:16] + RUBBISH[:8] + RUBBISH[16:]]
    assert whole not in {checksum([data]) for data in lost + moved}
