"""What adding an exposure to a bulb exposure costs the stream, beside a memcpy of its mosaic, in one run."""

import time
from dataclasses import replace
from itertools import count

import numpy as np

from device.exposure_sum import ExposureSum
from tests.bench.interleaved import in_turn, ms, ratio
from tests.bench.raw import ROUNDS, full_frame

SECOND_NS = 1_000_000_000


def run() -> list[str]:
    """One line: an exposure of twelve megapixels added to others."""
    frame = full_frame()
    total, copy, ends_ns = ExposureSum(frame), np.empty_like(frame.raw), count(2 * SECOND_NS, SECOND_NS)
    ours, memcpy = in_turn(
        ROUNDS,
        time.perf_counter,
        lambda: total.add(replace(frame, sensor_timestamp_ns=frame.sensor_timestamp_ns + next(ends_ns))),
        lambda: np.copyto(copy, frame.raw),
    )
    return [f"added to a sum {ms(ours)} = {ratio(ours, memcpy)} memcpy of its mosaic {ms(memcpy)}"]


if __name__ == "__main__":
    print(*run(), sep="\n")
