"""Lanes of bytes: each word gives what numpy gives of numbers that are wide enough."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from device import byte_lanes
from device.byte_lanes import (
    above,
    add_bytes,
    add_wide,
    apart,
    as_written,
    factor,
    interleaved,
    size,
    to_bytes,
    wide,
    wide_mask,
)
from device.kernel import kernel
from device.lanes import Word, filled, load16, store

Row = NDArray[Any]
FIRST, SECOND = np.repeat(np.arange(256, dtype=np.uint8), 256), np.tile(np.arange(256, dtype=np.uint8), 256)


@kernel("void(u1[::1], u1[::1], i2[:, ::1], u1[:, ::1], u1[::1])")
def _of_bytes(first: Row, second: Row, out: Row, narrow: Row, pairs: Row) -> None:
    times = filled(factor(np.uint8(100)), load16(first, 0))
    for x in range(0, first.size, 16):
        one, other = load16(first, x), load16(second, x)
        store(apart(one, other), out[0], x)
        store(wide(one) - as_written(wide(other) + wide(one)), out[1], x)
        store(wide(one) * wide(times), out[2], x)
        store(wide_mask(above(one, other)), out[3], x)
        store(interleaved(one, other), pairs, 2 * x)
        store(add_bytes(one, other), narrow[0], x)
        store(above(one, other), narrow[1], x)
        store(one & other, narrow[2], x)
        store(one | other, narrow[3], x)


def test_words_on_bytes_give_what_numpy_gives_of_every_pair() -> None:
    out, narrow = np.zeros((4, FIRST.size), np.int16), np.zeros((4, FIRST.size), np.uint8)
    pairs = np.zeros(2 * FIRST.size, np.uint8)
    _of_bytes(FIRST, SECOND, out, narrow, pairs)
    one, other = FIRST.astype(int), SECOND.astype(int)
    assert np.array_equal(out[0], abs(one - other))
    assert np.array_equal(out[1], -other)
    assert np.array_equal(out[2], one * 100)
    assert np.array_equal(out[3], np.where(one > other, -1, 0))
    assert np.array_equal(pairs.reshape(-1, 2), np.transpose([one, other]))
    bytes_of = np.minimum(one + other, 255), np.where(one > other, 255, 0), one & other, one | other
    assert np.array_equal(narrow, bytes_of)


@kernel("void(i2[::1], i2[::1], i2[::1], u1[::1])")
def _of_wide(numbers: Row, sizes: Row, sums: Row, out: Row) -> None:
    some = load16(numbers, 0)
    for x in range(0, numbers.size, 16):
        store(size(load16(numbers, x)), sizes, x)
        store(add_wide(load16(numbers, x), some), sums, x)
        store(to_bytes(load16(numbers, x)), out, x)


def test_words_on_wide_numbers_give_what_numpy_gives_of_each() -> None:
    numbers = np.arange(-32767, 32769).astype(np.int16)  # the last is -32768
    sizes, sums, out = np.zeros_like(numbers), np.zeros_like(numbers), np.zeros(numbers.size, np.uint8)
    _of_wide(numbers, sizes, sums, out)
    wide_enough = numbers.astype(int) + np.tile(numbers[:16], numbers.size // 16)
    assert np.array_equal(sums, wide_enough.clip(-32768, 32767))
    assert np.array_equal(sizes[:-1], abs(numbers[:-1]))
    assert np.array_equal(out, np.clip(numbers, 0, 255))


def test_no_word_on_bytes_is_taken_for_another_in_a_kernel_s_digest() -> None:
    words = [value for value in vars(byte_lanes).values() if isinstance(value, Word)]
    assert len(words) > 8
    assert len({"".join(word.parts()) for word in words}) == len(words)
