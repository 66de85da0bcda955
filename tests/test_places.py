"""Who may wait for the card: photographs, and besides them frames of before a press."""

import pytest

from device.errors import Busy, CardFull
from device.places import Places

MANY = 1000


def test_neither_kind_takes_the_others_place() -> None:
    places = Places(2, 1)
    places.take(MANY, early=True)
    with pytest.raises(Busy):
        places.take(MANY, early=True)
    places.take(MANY, early=False)
    assert (places.taken, places.is_full) == (2, False)
    places.take(MANY, early=False)
    assert places.is_full
    with pytest.raises(Busy):
        places.take(MANY, early=False)
    places.give_back(early=True)
    assert [places.room(MANY, early=early) for early in (False, True)] == [0, 1]


def test_a_card_that_what_waits_will_fill_takes_neither() -> None:
    places = Places(4, 4)
    places.take(2, early=False)
    places.take(2, early=True)
    for early in (False, True):
        assert places.room(2, early=early) == 0
        with pytest.raises(CardFull):
            places.take(2, early=early)
