"""A frame in its rectangle of the panel. What lies over it is in test_mark_rows.py, test_zebra.py and others."""

from dataclasses import replace

import numpy as np
import pytest

from device.frame import Preview
from tests.synthetic_view import synthetic_view
from ui.picture import Looks, paint_view
from ui.rect import Rect


@pytest.mark.parametrize(("rows", "columns"), [(4, 4), (4, 224), (6, 900), (224, 4)])
@pytest.mark.parametrize("peaking", [False, True])
def test_a_picture_of_few_rows_is_shown_however_narrow_the_panel(rows: int, columns: int, peaking: bool) -> None:
    """Of less than two rows of chroma nothing could be interpolated, so it is not made smaller than that before."""
    view = synthetic_view(1, 400, 300)
    chroma = np.full((rows // 2, columns // 2), 128, np.uint8)
    view = replace(view, preview=Preview(np.full((rows, columns), 100, np.uint8), chroma, chroma))
    panel = np.zeros((200, 128, 4), np.uint8)
    shown = max(1, rows * 100 // columns), 100
    rect = Rect(9, 7, shown[1], min(shown[0], 190))
    paint_view(view, rect, Looks(peaking=peaking), panel)
    drawn = panel[7 : 7 + rect.rows, 9:109]
    assert (drawn == (100, 100, 100, 255)).all()
    assert panel.astype(int).sum() == drawn.astype(int).sum()
