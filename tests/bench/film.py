"""Filming 2028 x 1080 of 12 bits, lossless, into memory: frames that are missing, and what the live view keeps.

The whole daemon with the simulated sensor, which computes every frame, and the viewfinder as a process of its own, all
on the cores there are. Into memory, so that what is measured is the processor's part, not a disk's.
"""

import time

from device import assembly
from device.shooting_states import FilmState
from tests.bench.live import rate, whole_camera

SECONDS = 10.0
ROUNDS = 3
RATE = 24  # frames a second, the bar; none of them missing, and more than 12 of them drawn
SETTINGS = {"film.mode": "cinema", "film.frames_per_s": RATE, "buttons.enabled": False, "sensor.kind": "simulated"}


def run() -> list[str]:
    """A row for each round: frames on the card and missing, MB a second, frames a second carried and drawn."""
    return [_round() for _ in range(ROUNDS)]


def _round() -> str:
    with whole_camera(SETTINGS, RATE) as camera:
        began = time.monotonic()
        _press(camera.parts)
        time.sleep(SECONDS)
        ended = time.monotonic()
        _press(camera.parts)
        while (film := camera.parts.commands.state().film).waiting:
            time.sleep(0.1)
        size = sum(path.stat().st_size for path in camera.card.rglob("*.DNG"))
    return _row(film, size, camera.carried, camera.drawn, (began, ended))


def _press(parts: assembly.Parts) -> None:
    for down in (True, False):
        parts.commands.button("s2", down, parts.clock.now_ns())


def _row(film: FilmState, size: int, carried: list[float], drawn: list[float], span: tuple[float, float]) -> str:
    written = f"{film.frames} frames, {film.lost} missing, {size / 1e6 / (span[1] - span[0]):.0f} MB/s"
    return f"{written}; carried {rate(carried, *span):.1f}/s, drawn {rate(drawn, *span):.1f}/s (bars: 0 missing, 12/s)"


if __name__ == "__main__":
    print(*run(), sep="\n")
