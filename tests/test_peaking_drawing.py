"""What README's picture says of Sobel and of us, in figures."""

import numpy as np
import pytest

from tests.drawings.peaking import FOUND, frame_at, our_marks, places, steepness, threshold

BLURRED = (np.s_[70:190, 730:870], np.s_[492:570, 440:545])  # the sun's disc and the mug's highlight
SHARP = np.s_[310:480, 245:415]  # the star


@pytest.mark.parametrize("gain", [1.0, 16.0])
def test_sobel_paints_blurred_edges_that_are_bright_enough_and_we_do_not(gain: float) -> None:
    first = frame_at(1.0)
    steep_from = threshold(steepness(first), our_marks(first))
    frame = first if gain == 1.0 else frame_at(gain)
    sobels, ours = steepness(frame) > steep_from, our_marks(frame)
    assert all(sobels[place].any() for place in BLURRED)
    assert not any(ours[place].any() for place in BLURRED)
    assert ours[SHARP].mean() > 0.05
    assert sobels.mean() > 2 * ours.mean()
    if gain == 1.0:
        assert places(sobels)[places(ours)].mean() == pytest.approx(FOUND, abs=0.01)
