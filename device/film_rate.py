"""What rate of film a card and a processor hold, measured before they have to."""

from collections.abc import Callable

from device.buffers import Bytes

SPARED = 0.8  # of what was measured: cards become slower as they fill, and the measured frame is one of many


def held_per_s(
    make: Callable[[], list[Bytes]], write_mb_s: Callable[[], float], abreast: int, now_ns: Callable[[], int]
) -> float:
    """Frames a second that should be held: by the card, and by the processor if it makes so many frames at once.

    Args:
        make: makes the file of one frame.
        write_mb_s: megabytes a second that the card takes, measured when called.
        abreast: frames that are made at once.
        now_ns: the clock, nanoseconds.

    Raises:
        OSError: the card cannot be written.
    """
    make()  # the first time costs more than all others
    began_ns = now_ns()
    frame_bytes = sum(memoryview(buffer).nbytes for buffer in make())
    made_per_s = abreast / max(1e-9, (now_ns() - began_ns) / 1e9)
    written_per_s = write_mb_s() * 1e6 / frame_bytes
    return SPARED * min(made_per_s, written_per_s)
