"""1 / sqrt(x) by multiplications, against numpy's in double precision."""

import numpy as np
from numpy.typing import NDArray

from device.inverse_root import inverse_root
from device.kernel import kernel

Row = NDArray[np.float32]


@kernel("void(f4[::1], f4[::1])")
def _roots(numbers: Row, out: Row) -> None:
    for k in range(numbers.size):
        out[k] = inverse_root(numbers[k])


def test_an_inverse_root_is_right_to_a_millionth_over_all_that_squares_may_be() -> None:
    numbers = np.exp(np.linspace(np.log(1e-37), np.log(3e38), 400_000)).astype(np.float32)
    out = np.empty_like(numbers)
    _roots(numbers, out)
    assert np.abs(out * np.sqrt(numbers.astype(np.float64)) - 1).max() < 1e-6


def test_nothing_times_the_inverse_root_of_nothing_is_nothing() -> None:
    out = np.empty(1, np.float32)
    _roots(np.zeros(1, np.float32), out)
    assert out[0] * np.float32(0) == 0
