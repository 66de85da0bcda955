"""Times of jobs that are to be compared, one round after the other: a busy machine hurts all of them alike."""

import time
from collections.abc import Callable, Mapping


def seconds(jobs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Of each job, that of each round in turn; the first may have compiled something."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - start)
    return times
