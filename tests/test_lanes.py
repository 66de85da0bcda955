"""Lanes: each word gives what numpy gives, of whole numbers and of others, and none is taken for another."""

import inspect
import types
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from device import lanes, lanes_type
from device.kernel import Kernel, kernel
from device.lanes import (
    add_pairs,
    add_squared_pairs,
    as_float,
    evens,
    filled,
    first_half,
    highest,
    highest_of_pairs,
    interleaved,
    joined,
    kept_below,
    load16,
    load32,
    lowest,
    odds,
    second_half,
    shifted1,
    shifted15,
    store,
)

Row = NDArray[Any]
FLOATS = tuple(np.random.default_rng(3).normal(0, 100, (2, 40)).astype(np.float32))
WHOLE = tuple(np.random.default_rng(4).integers(0, 2**14, (2, 40), np.int16))


def _work(one: Row, other: Row, whole: Row, out: Row) -> None:
    a, b = load32(one, 3), load32(other, 5)
    store(lowest(a, b) + highest(a, b) - b, whole, 1)
    store(joined(evens(a), odds(b)), whole, 33)
    store(joined(second_half(a), first_half(b)), whole, 65)
    store(filled(other[0], load16(one, 0)), whole, 97)
    store(as_float(add_pairs(a)), out, 0)
    store(as_float(highest_of_pairs(a)), out, 16)
    store(as_float(add_squared_pairs(b - a)), out, 32)
    store(as_float(a) * as_float(b), out, 48)


of_floats = kernel("void(f4[::1], f4[::1], f4[::1], f4[::1])")(_work)
of_whole = kernel("void(i2[::1], i2[::1], i2[::1], f4[::1])")(_work)


@pytest.mark.parametrize(("work", "rows"), [(of_floats, FLOATS), (of_whole, WHOLE)], ids=["float32", "int16"])
def test_lanes_give_what_numpy_gives(work: Kernel[Any, Any], rows: tuple[Row, Row]) -> None:
    whole, out = np.zeros(114, rows[0].dtype), np.zeros(80, np.float32)
    work(*rows, whole, out)
    a, b = rows[0][3:35], rows[1][5:37]
    same = [[0], np.minimum(a, b) + np.maximum(a, b) - b, a[::2], b[1::2], a[16:], b[:16], [rows[1][0]] * 16, [0]]
    assert np.array_equal(whole, np.concatenate(same).astype(whole.dtype))
    pairs, steps = a.astype(np.float64).reshape(-1, 2), (b.astype(np.float64) - a).reshape(-1, 2)
    numbers = [pairs.sum(axis=1), pairs.max(axis=1), (steps**2).sum(axis=1), a * b.astype(np.float64)]
    assert np.allclose(out, np.concatenate(numbers), rtol=1e-6, atol=1e-4)


def test_what_only_numbers_with_fractions_are_made_for_gives_what_numpy_gives() -> None:
    out = np.zeros(144, np.float32)
    _of_fractions(*FLOATS, np.float32(3), out)
    a, b = FLOATS[0][:16], FLOATS[1][:16]
    shifted = [FLOATS[0][1:17], FLOATS[0][15:31]]
    with_single = [np.float32(3) * a + b / np.float32(3), np.float32(3) - a]
    same = [a / b, *with_single, np.where(a < b, a, 0), np.stack([a, b], 1).ravel(), *shifted]
    assert np.array_equal(out[:128], np.concatenate(same))


@kernel("void(f4[::1], f4[::1], f4, f4[::1])")
def _of_fractions(one: Row, other: Row, single: np.float32, out: Row) -> None:
    a, b, after = load16(one, 0), load16(other, 0), load16(one, 16)
    store(a / b, out, 0)
    store(single * a + b / single, out, 16)
    store(single - a, out, 32)
    store(kept_below(a, a, b), out, 48)
    store(interleaved(a, b), out, 64)
    store(shifted1(a, after), out, 96)
    store(shifted15(a, after), out, 112)


def test_a_row_of_another_kind_takes_whole_numbers_as_its_own() -> None:
    signed, floats = np.zeros(16, np.int16), np.zeros(16, np.float32)
    given = np.arange(16, dtype=np.uint16) * 2000
    _pass_on(given, signed, floats)
    assert np.array_equal(signed, given)
    assert np.array_equal(floats, given)


@kernel("void(u2[::1], i2[::1], f4[::1])")
def _pass_on(given: Row, signed: Row, floats: Row) -> None:
    store(load16(given, 0), signed, 0)
    store(load16(given, 0), floats, 0)


def test_no_word_is_taken_for_another_in_a_kernel_s_digest() -> None:
    words = [value for value in vars(lanes).values() if isinstance(value, lanes.Word)]
    assert len(words) > 12
    assert len({"".join(word.parts()) for word in words}) == len(words)


CODE = [each for each in vars(lanes_type).values() if getattr(each, "__module__", None) == lanes_type.__name__]


@pytest.mark.parametrize("function", [inspect.unwrap(each) for each in CODE], ids=lambda function: function.__name__)
def test_whatever_changes_in_how_lanes_are_made_changes_a_kernel_s_digest(function: types.FunctionType) -> None:
    """Else the library would go on with what it was compiled from before."""
    before, code = list(add_pairs.parts()), function.__code__
    function.__code__ = code.replace(co_consts=(*code.co_consts, "changed"))
    try:
        assert list(add_pairs.parts()) != before
    finally:
        function.__code__ = code


def test_a_word_outside_of_a_kernel_says_that_it_belongs_into_one() -> None:
    with pytest.raises(TypeError, match="in kernels only"):
        add_pairs(WHOLE[0])
