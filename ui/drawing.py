"""Lines, boxes and the tools that are made of them, drawn onto the panel."""

from functools import lru_cache

import numpy as np

from device.frame import CHANNELS, Preview, Reading, Source
from ui.blending import pillars, shade
from ui.overlays import CLIPS, axis_at, histogram_heights, thirds
from ui.rect import Rect
from ui.screen import Pixels
from ui.strip import Strip
from ui.text import dot
from ui.theme import BLACK, CHANNEL, FAINT, GREY, RED, WHITE, Colour, Measures
from ui.waveform import draw as trace

# Half the light of each channel in the histogram, blue first, in half levels; the two greens share what one has.
_LIGHT = np.array([[share * part // 2 for part in colour[::-1]] for colour, share in zip(
    CHANNEL, (2, 1, 1, 2), strict=True
)], np.int16)  # fmt: skip


def fill(out: Pixels, rect: Rect, colour: Colour) -> None:
    """One colour over a rectangle."""
    out[rect.top : rect.bottom, rect.left : rect.right, :3] = colour[::-1]


def darken(out: Pixels, rect: Rect, keep: float) -> None:
    """Leave that share, 0 to 1, of the brightness of a rectangle."""
    shade(out[rect.top : rect.bottom, rect.left : rect.right], round(256 * keep))


def grid(out: Pixels, rect: Rect, line: int) -> None:
    """The rule of thirds, as lines that darken bright pictures and lighten dark ones."""
    for at in thirds(rect.columns):
        hair(out, Rect(rect.left + at, rect.top, line, rect.rows))
    for at in thirds(rect.rows):
        hair(out, Rect(rect.left, rect.top + at, rect.columns, line))


def meter(out: Pixels, rect: Rect, share: float, peak: float, line: int) -> None:
    """The focus meter: a bar as long as the share, on a faint line, and a red tick at the held peak."""
    middle = rect.top + rect.rows // 2
    fill(out, Rect(rect.left, middle - line // 2, rect.columns, line), FAINT)
    bar = max(2 * line, rect.rows // 2)
    fill(out, Rect(rect.left, middle - bar // 2, round(share * rect.columns), bar), WHITE)
    tick = rect.left + round(peak * (rect.columns - 2 * line))
    fill(out, Rect(tick, rect.top, 2 * line, rect.rows), RED)


def histogram(out: Pixels, rect: Rect, reading: Reading, m: Measures) -> None:
    """The RAW histogram over EV, with the noise floor, whole stops along the bottom, and a lamp per channel."""
    lamp = max(5, m.small // 2)
    box = Rect(rect.left, rect.top, rect.columns - lamp - m.gap, rect.rows - 2 * m.line)
    _channels(out, box, reading)
    lit = tuple(
        (CHANNEL[i] if reading.source is Source.RAW else WHITE) if share > CLIPS else FAINT  # luma tells none apart
        for i, share in enumerate(reading.clipped_share)
    )
    _axis(box, m.line, axis_at(reading.noise_floor_ev, box.columns), rect.right - lamp, lamp, lit).lay(out)


@lru_cache(maxsize=32)
def _axis(box: Rect, line: int, floor: int, lamps_left: int, lamp: int, lit: tuple[Colour, ...]) -> Strip:
    """What belongs to a histogram in that box and seldom changes: stops, the noise floor's dashes, and the lamps."""
    dash, last = max(2, 3 * line), len(CHANNELS) - 1
    along = [box.left + axis_at(stop, box.columns - line) for stop in range(0, 15, 2)]
    down = range(box.top, box.bottom, 2 * dash)
    stamps = [
        (_plain(box.columns, line, FAINT), box.left, box.bottom),
        *((_plain(line, 2 * line, GREY), left, box.bottom) for left in along),
        *((_plain(line, min(dash, box.bottom - top), GREY), box.left + floor, top) for top in down),
        *((dot(lamp, colour), lamps_left, box.top + i * (box.rows - lamp) // last) for i, colour in enumerate(lit)),
    ]
    return Strip.of(stamps)


def _plain(columns: int, rows: int, colour: Colour) -> Pixels:
    """A patch of one colour that covers all below it."""
    return np.full((rows, columns, 4), (*colour[::-1], 255), np.uint8)


def waveform(out: Pixels, rect: Rect, preview: Preview, kind: str, level_ire: int, line: int) -> None:
    """The waveform, on lines at black, middle and white, and at the zebra's level when there is one."""
    for ire in {0, 50, 100, level_ire}:
        at = rect.top + round((rect.rows - line) * (1 - ire / 100))
        fill(out, Rect(rect.left, at, rect.columns, line), GREY if ire == level_ire != 0 else FAINT)
    trace(out, rect, preview, kind)


def outline(out: Pixels, rect: Rect, line: int, inside: Rect) -> None:
    """A frame, white with black around it: seen on anything; what of it lies `inside`."""
    for around, colour in ((2 * line, BLACK), (line, WHITE)):
        outer = rect.inset(-around, -around)
        for side in (
            Rect(outer.left, outer.top, outer.columns, line),
            Rect(outer.left, outer.bottom - line, outer.columns, line),
            Rect(outer.left, outer.top, line, outer.rows),
            Rect(outer.right - line, outer.top, line, outer.rows),
        ):
            fill(out, side.within(inside), colour)


def _channels(out: Pixels, box: Rect, reading: Reading) -> None:
    """Filled shapes whose colours add up where they overlap, each with a bright upper edge; greens as their mean."""
    heights = histogram_heights(reading.histogram, box.columns, box.rows)
    pillars(out, box.left, box.top, box.rows, heights, _LIGHT)


def hair(out: Pixels, rect: Rect) -> None:
    """A thin rectangle that darkens bright pictures and lightens dark ones."""
    target = out[rect.top : rect.bottom, rect.left : rect.right, :3]
    bright = target.max(axis=2, keepdims=True) > 127
    target[:] = np.where(bright, np.maximum(target, 64) - 64, np.minimum(target, 191) + 64)
