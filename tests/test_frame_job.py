"""What the bench of the frame job gives to others' programs is the same work."""

import numpy as np

from tests.bench.frame_job import wide
from ui.mark_rows import NEVER


def test_a_cell_that_is_not_sharp_has_no_mark_of_opencv_s_either() -> None:
    """Nor has one beyond its row's span, whose limit is whatever the memory held; Laplacians go up to 1020."""
    limits = np.array([[0, 9, NEVER, 30], [7, 7, 7, 7]], np.uint8)
    spans = np.array([[1, 4], [0, 0]], np.int32)
    expected = [[False, True, False, True], [False, False, False, False]]
    assert np.array_equal(np.int16(1020) > wide(limits, spans), expected)
    assert wide(limits, spans)[0, [1, 3]].tolist() == [9, 30]
