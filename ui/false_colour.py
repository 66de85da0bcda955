"""False colour: each stop around middle grey in a colour of its own, told from the RAW. Pure.

From the deepest shadows to clipping the colours become lighter and lighter, so that they can be told apart by lightness
alone; middle grey is grey. What is clipped gets the zebra's stripes over the lightest of them.
"""

from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from device.frame import CLIPPED_STOPS, HISTOGRAM_STOPS, STEPS_PER_STOP, Plane
from device.kernel import kernel
from ui.screen import Pixels
from ui.theme import Colour
from ui.wording import MIDDLE_EV
from ui.zebra import Index, noise_step

COLOURS: dict[int, Colour] = {
    -7: (24, 12, 64),
    -6: (36, 28, 116),
    -5: (40, 54, 156),
    -4: (26, 82, 158),
    -3: (12, 108, 140),
    -2: (20, 132, 110),
    -1: (84, 156, 56),
    0: (158, 158, 158),
    1: (222, 186, 70),
    2: (255, 236, 158),
}
NOISE: Colour = (64, 0, 40)


class Band(msgspec.Struct, frozen=True):
    """One field of the legend: what it is called, the longest name first, and its colour."""

    names: tuple[str, ...]
    colour: Colour


def legend() -> list[Band]:
    """From the noise to clipping."""
    stops = [Band((f"{stop:+d}" if stop else "0",), colour) for stop, colour in COLOURS.items()]
    return [Band(("noise", "N"), NOISE), *stops, Band(("clipped", "clip", "C"), COLOURS[2])]


def stop_of(step: int) -> int:
    """The stop, counted from middle grey, in whose middle half a value of `Reading.stops` lies; -7 to 2."""
    ev = (step + 0.5) / STEPS_PER_STOP - HISTOGRAM_STOPS - MIDDLE_EV
    return min(max(round(ev), min(COLOURS)), max(COLOURS))


@lru_cache(maxsize=64)
def palette(noise_floor_ev: float) -> NDArray[np.uint8]:
    """(256, 4) uint8: blue, green, red and 255 of each value of `Reading.stops`, at that noise floor."""
    floor = noise_step(noise_floor_ev)
    colours = [NOISE if step < floor else COLOURS[stop_of(min(step, CLIPPED_STOPS))] for step in range(256)]
    return np.array([(*reversed(colour), 255) for colour in colours], np.uint8)


@kernel("void(u1[:, :, ::1], i8, i8, u1[:, ::1], i4[::1], i4[::1], u1[:, ::1])")
def lay_bands(
    out: Pixels, left: int, top: int, stops: Plane, rows: Index, columns: Index, palette: NDArray[np.uint8]
) -> None:
    """Colour a part of the panel; arguments as of `zebra.lay`, (256, 4) uint8 of palette."""
    for r in range(rows.size):
        source, target = stops[rows[r]], out[top + r]
        for x in range(columns.size):
            step = source[columns[x]]
            for k in range(4):
                target[left + x, k] = palette[step, k]
