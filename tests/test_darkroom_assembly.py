"""The end of a camera: what the person is told of photographs that the card would not take."""

from unittest.mock import Mock

import pytest

from device import darkroom_assembly
from device.errors import NotDeveloped


@pytest.mark.parametrize(
    ("sentence", "failed", "says"),
    [
        ("The card is full: make room on it.", None, "The card is full: make room on it."),
        ("", None, "The card was too slow for them in 30 seconds: use a faster one."),
        ("", ZeroDivisionError("x"), "The darkroom broke: ZeroDivisionError('x'); please report this."),
    ],
)
def test_photographs_lost_at_the_end_are_told_with_what_hindered(
    sentence: str, failed: Exception | None, says: str
) -> None:
    darkroom = Mock(close=Mock(return_value=[object(), object()]), failed=failed)
    darkroom.status.return_value.sentence = sentence
    with pytest.raises(NotDeveloped) as told:
        darkroom_assembly.close_darkroom(darkroom)
    assert str(told.value) == f"Photographs that could not be saved: 2. {says}"
