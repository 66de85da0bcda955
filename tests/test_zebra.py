import numpy as np
import pytest
from numpy.typing import NDArray

from device.frame import HISTOGRAM_STOPS
from ui.overlays import stripes
from ui.zebra import above, below_noise, dark_dots, lay, level_lines


@pytest.mark.parametrize("period", [8, 16])
def test_each_kind_has_a_shape_of_its_own(period: int) -> None:
    kinds = [*stripes(period)[1:], level_lines(period)[1], dark_dots(period)[1]]
    shapes = {(pattern[..., 3] > 0).tobytes() for pattern in kinds}
    assert len(shapes) == 9
    assert all((pattern[..., 3] > 0).mean() <= 0.5 for pattern in kinds[7:])  # the picture stays visible between
    assert not level_lines(period)[0].any()
    assert not dark_dots(period)[0].any()


@pytest.mark.parametrize(("level", "first"), [(70, 179), (75, 192), (90, 230), (95, 243), (100, 255)])
def test_a_level_begins_at_its_share_of_white(level: int, first: int) -> None:
    luma = np.arange(256, dtype=np.uint8).reshape(16, 16)
    marked = np.flatnonzero(above(luma, level))
    assert marked.tolist() == list(range(first, 256))
    assert first / 255 >= level / 100 > (first - 1) / 255


@pytest.mark.parametrize("floor_ev", [-13.97, -9.4, -3.0, -20.0, 0.0])
def test_dots_lie_where_the_mean_signal_is_below_the_noise(floor_ev: float) -> None:
    stops = np.arange(225, dtype=np.uint8)[None]
    lowest_ev = stops[0] / 16 - HISTOGRAM_STOPS  # a step takes what lies from it to the next
    assert (below_noise(stops, floor_ev)[0] == (lowest_ev < floor_ev)).all()


def slow(out: NDArray[np.uint8], kinds: NDArray[np.uint8], patterns: NDArray[np.uint8], shift: tuple[int, int]) -> None:
    period = patterns.shape[1]
    for r in range(6):
        for x in range(10):
            kind = kinds[r // 2, x // 5]
            b, g, red, painted = patterns[kind, (r + shift[0]) % period, (x + shift[1]) % period]
            if painted:
                out[2 + r, 3 + x, :3] = b, g, red


@pytest.mark.parametrize("shift", [(0, 0), (3, 0), (5, 7), (1001, 13)])
def test_patterns_are_laid_where_their_kind_is_and_nowhere_else(shift: tuple[int, int]) -> None:
    out = np.random.default_rng(1).integers(0, 256, (12, 16, 4), np.uint8)
    expected, kinds = out.copy(), np.array([[0, 1], [7, 4], [2, 0]], np.uint8)
    slow(expected, kinds, stripes(8), shift)
    rows, columns = np.repeat(np.arange(3), 2).astype(np.int32), np.repeat(np.arange(2), 5).astype(np.int32)
    lay(out, 3, 2, kinds, rows, columns, stripes(8), *shift)
    assert np.array_equal(out, expected)
