"""The figures of how quick the shutter was are reckoned when one changed, and only then."""

from collections.abc import Callable

import pytest

from device.plan import Shot
from device.summed import Summed
from device.timings import Timings

CHANGES: dict[str, Callable[[Timings], None]] = {
    "a press that was armed": lambda timings: timings.served(3_000_000, armed=True),
    "a press from live": lambda timings: timings.served(9_000_000, armed=False),
    "a burst's next shot": lambda timings: timings.shot(200_000_000, Shot(0, number=3)),
    "another burst": lambda timings: timings.shot(200_000_000, Shot(7, number=1)),
    "lost frames": lambda timings: timings.came(9),
    "another frame time": lambda timings: timings.restarted(50_000),
    "a bulb exposure": lambda timings: timings.bulb(Summed(3, 1, 2_000_000, 1_000_000)),
    "a full queue": lambda timings: timings.queue(full=True),
}


@pytest.fixture
def timings() -> Timings:
    """Of a burst of two."""
    made = Timings()
    made.restarted(100_000)
    made.shot(0, Shot(0, number=1))
    made.shot(90_000_000, Shot(0, number=2))
    made.came(6)
    return made


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changed_is_told_at_once(timings: Timings, change: Callable[[Timings], None]) -> None:
    before = timings.told()
    change(timings)
    assert timings.told() == timings._reckoned() != before


def test_what_stayed_is_not_reckoned_again(timings: Timings) -> None:
    before = timings.told()
    timings.came(7)
    timings.queue(full=False)
    assert timings.told() is before
