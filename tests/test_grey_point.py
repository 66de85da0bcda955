"""The grey point, of mosaics whose colours are known."""

import numpy as np
import pytest

from device.errors import BadGrey
from device.frame import Cfa, Frame
from device.grey_point import GreyPoint, neutral, seen
from device.window import Window
from tests.conftest import build_frame

ROWS, COLUMNS = 320, 480
LIGHT = {"R": 0.10, "G": 0.30, "B": 0.18}


def painted(cfa: Cfa, square: tuple[slice, slice], light: dict[str, float], beside: float = 0.5) -> Frame:
    """A mosaic with a square of that light, black 256 and white 4095."""
    dn = np.full((ROWS, COLUMNS), 256 + beside * 3839)
    letters = np.tile(np.array(list(cfa)).reshape(2, 2), (ROWS // 2, COLUMNS // 2))
    for letter, share in light.items():
        dn[square] = np.where(letters[square] == letter, 256 + share * 3839, dn[square])
    return build_frame(np.round(dn).astype(np.uint16), cfa=cfa)


@pytest.mark.parametrize("cfa", Cfa)
def test_the_squares_colour_is_neutral_in_each_pattern(cfa: Cfa) -> None:
    middle = painted(cfa, (slice(144, 176), slice(224, 256)), LIGHT)
    assert neutral(seen(middle)) == pytest.approx((1 / 3, 1.0, 0.6), rel=2e-3)


def test_with_the_magnifier_in_it_is_the_middle_of_what_that_shows() -> None:
    window = Window(top=16, left=32, rows=64, columns=96)  # its middle quarter: 40 to 56, 72 to 88
    frame = painted(Cfa.BGGR, (slice(40, 56), slice(72, 88)), LIGHT)
    assert neutral(seen(frame, window)) == pytest.approx((1 / 3, 1.0, 0.6), rel=2e-3)


@pytest.mark.parametrize(
    ("light", "says"),
    [({"R": 0.1, "G": 1.0, "B": 0.6}, "clipped: expose less"), ({"R": 0.002, "G": 0.02, "B": 0.01}, "too dark")],
)
def test_what_is_clipped_or_dark_in_any_channel_is_refused(light: dict[str, float], says: str) -> None:
    with pytest.raises(BadGrey, match=says):
        neutral(seen(painted(Cfa.RGGB, (slice(0, ROWS), slice(0, COLUMNS)), light)))


def test_of_a_mosaic_that_is_smaller_than_a_cell_nothing_is_said() -> None:
    assert seen(build_frame(np.full((4, 4), 999, np.uint16))) == GreyPoint((0.0, 0.0, 0.0), 0.0)
