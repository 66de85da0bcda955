"""Times of jobs that are to be compared, one round after the other: a busy machine hurts all of them alike."""

import statistics
import time
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)
Job = Callable[[], object]
Times = list[float]  # seconds, one for each round


def seconds(
    jobs: Mapping[Name, Job],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
    *,
    before: Job = lambda: None,
    warm: int = 0,
) -> dict[Name, Times]:
    """Of each job, that of each round in turn; a first one, which may compile something, does not count.

    Args:
        jobs: by their names.
        rounds: that count.
        clock: seconds of it are meant, as of `time.process_time`.
        before: done before each round, and not counted.
        warm: each job is done so often before the time that counts, so that none pays for what the one before left in
            caches and memory.
    """
    times: dict[Name, Times] = {name: [] for name in jobs}
    for _ in range(rounds + 1):
        before()
        for name, job in jobs.items():
            for _ in range(warm):
                job()
            start = clock()
            job()
            times[name].append(clock() - start)
    return {name: passed[1:] for name, passed in times.items()}


def in_turn(rounds: int, clock: Callable[[], float], *jobs: Job, before: Job = lambda: None) -> tuple[Times, ...]:
    """`seconds` of jobs without names."""
    return tuple(seconds(dict(enumerate(jobs)), rounds, clock, before=before).values())


def ms(times: Times) -> str:
    """The least."""
    return f"{1000 * min(times):6.1f} ms"


def ratio(one: Times, other: Times) -> str:
    """Of the least, and in brackets of the medians."""
    return f"{min(one) / min(other):.2f} ({statistics.median(one) / statistics.median(other):.2f}) x"
