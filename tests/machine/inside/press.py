"""usage: press.py PULLS COUNT - press a chattering contact of a simulated pin, and print when that was told.

PULLS is the folder of gpio-sim's pins. For each press and release a line: which, the time before its first edge, that
which it was stamped with, and when it was told, in ns of one clock.
"""

import queue
import sys
from pathlib import Path

from device.buttons import BUTTONS, ENCODER, Buttons
from device.clock import SystemClock

PINS = (4, 7, 8, 9, 10, 11, 12, 14, 15, 16)  # of the header; the daemon holds none of them
DEBOUNCE_MS = 20
CHATTER = 3  # times that the contact opens again before it stays closed

Told = tuple[bool, int, int]


def main(pulls: str, count: str) -> None:
    """Press, wait for the word, let go, wait again."""
    clock = SystemClock()
    told: queue.SimpleQueue[Told] = queue.SimpleQueue()
    pins = dict(zip(BUTTONS + ENCODER, PINS, strict=True))
    buttons = Buttons(
        pins,
        DEBOUNCE_MS,
        clock,
        lambda _, down, when_ns: told.put((down, when_ns, clock.now_ns())),
        lambda *_: None,
    )
    with (Path(pulls) / f"sim_gpio{pins['s2']}" / "pull").open("w", 1) as pull:
        for _ in range(int(count)):
            pressed_ns = clock.now_ns()
            pull.write("pull-down\n")
            for _ in range(CHATTER):
                pull.write("pull-up\n")
                pull.write("pull-down\n")
            report(pressed_ns, told.get(timeout=60))
            released_ns = clock.now_ns()
            pull.write("pull-up\n")
            report(released_ns, told.get(timeout=60))
    buttons.close()
    assert told.empty()


def report(edge_ns: int, word: Told) -> None:
    """One line."""
    down, stamped_ns, told_ns = word
    sys.stdout.write(f"{'down' if down else 'up'} {edge_ns} {stamped_ns} {told_ns}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
