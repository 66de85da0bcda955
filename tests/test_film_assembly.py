"""What the card holds is measured one time after the other, and what goes wrong in it is not kept quiet."""

from collections.abc import Callable
from pathlib import Path

import pytest

from device import film_assembly
from device.clock import SteppedClock
from device.film_assembly import Studio
from device.storage import Card
from tests.test_recording import frame


class Pool:
    """Does what was submitted when it is told to."""

    def __init__(self) -> None:
        self.submitted: list[Callable[[], None]] = []

    def submit(self, work: Callable[[], None]) -> None:
        self.submitted.append(work)

    def go_on(self) -> None:
        self.submitted.pop()()


@pytest.fixture
def pool() -> Pool:
    return Pool()


@pytest.fixture
def studio(tmp_path: Path, pool: Pool) -> Studio:
    return Studio(Card(tmp_path), "packed", pool, SteppedClock(), 1000, pytest.fail)  # type: ignore[arg-type]


def test_of_measurements_that_wait_only_the_last_is_made(
    studio: Studio, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, float]] = []

    def measured(*_: object) -> float:
        if not told:  # while it goes on, others are asked for
            studio.measure(frame(2), lambda rate: told.append(("second", rate)))
            studio.measure(frame(3), lambda rate: told.append(("third", rate)))
        return 24.0

    monkeypatch.setattr(film_assembly, "held_per_s", measured)
    studio.measure(frame(1), lambda rate: told.append(("first", rate)))
    assert len(pool.submitted) == 1
    pool.go_on()
    assert (told, pool.submitted) == ([("first", 24.0), ("third", 24.0)], [])
    studio.measure(frame(4), lambda rate: told.append(("fourth", rate)))
    pool.go_on()
    assert told[-1] == ("fourth", 24.0)


def test_a_card_that_fails_holds_nothing_and_anything_else_is_told_to_who_watches(
    studio: Studio, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[float] = []
    faults = iter([OSError("Input/output error"), ZeroDivisionError("a fault of ours")])

    def measured(*_: object) -> float:
        raise next(faults)

    monkeypatch.setattr(film_assembly, "held_per_s", measured)
    studio.measure(frame(1), told.append)
    pool.go_on()
    assert (told, studio.failed) == ([0.0], None)
    studio.measure(frame(2), told.append)
    pool.go_on()
    assert isinstance(studio.failed, ZeroDivisionError)
