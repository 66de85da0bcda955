"""What a frame that is kept for a press to come costs the stream, beside a memcpy of its mosaic, in one run."""

import time

import numpy as np

from device.pre_capture import PreCapture
from tests.bench.interleaved import in_turn, ms, ratio
from tests.bench.raw import ROUNDS, full_frame

KEPT = 10


def run() -> list[str]:
    """One line: the ring when it is full, so that its memory is used again."""
    frame = full_frame()
    ring, copy = PreCapture(), np.empty_like(frame.raw)
    for _ in range(KEPT):
        ring.keep(frame, KEPT)
    ours, memcpy = in_turn(
        ROUNDS,
        time.perf_counter,
        lambda: ring.keep(frame, KEPT),
        lambda: np.copyto(copy, frame.raw),
    )
    return [f"kept in the ring {ms(ours)} = {ratio(ours, memcpy)} memcpy of its mosaic {ms(memcpy)}"]
