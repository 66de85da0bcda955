"""Lines, boxes and the tools that are made of them, drawn onto the panel."""

import numpy as np

from device.frame import CHANNELS, Preview, Reading, Source
from ui.blending import blend, pillars, shade
from ui.overlays import CLIPS, axis_at, histogram_heights, thirds
from ui.rect import Rect
from ui.screen import Pixels
from ui.text import dot
from ui.theme import BLACK, CHANNEL, FAINT, GREY, RED, WHITE, Colour, Measures
from ui.waveform import draw as trace

# Of each channel in the histogram, blue first; the two greens share what one channel has.
_LIGHT = np.array([[0.5 * weight * part for part in colour[::-1]] for colour, weight in zip(
    CHANNEL, (1.0, 0.5, 0.5, 1.0), strict=True
)], np.float32)  # fmt: skip


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
    fill(out, Rect(box.left, box.bottom, box.columns, m.line), FAINT)
    for stop in range(0, 15, 2):
        fill(out, Rect(box.left + axis_at(stop, box.columns - m.line), box.bottom, m.line, 2 * m.line), GREY)
    _dashes(out, Rect(box.left + axis_at(reading.noise_floor_ev, box.columns), box.top, m.line, box.rows))
    for i, share in enumerate(reading.clipped_share):
        top = box.top + i * (box.rows - lamp) // (len(CHANNELS) - 1)
        lit = CHANNEL[i] if reading.source is Source.RAW else WHITE  # luma does not tell them apart
        blend(out, dot(lamp, lit if share > CLIPS else FAINT), rect.right - lamp, top)


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
    pillars(out[box.top : box.bottom, box.left : box.right], heights, _LIGHT)


def hair(out: Pixels, rect: Rect) -> None:
    """A thin rectangle that darkens bright pictures and lightens dark ones."""
    target = out[rect.top : rect.bottom, rect.left : rect.right, :3]
    bright = target.max(axis=2, keepdims=True) > 127
    target[:] = np.where(bright, np.maximum(target, 64) - 64, np.minimum(target, 191) + 64)


def _dashes(out: Pixels, rect: Rect) -> None:
    dash = max(2, 3 * rect.columns)
    for top in range(rect.top, rect.bottom, 2 * dash):
        fill(out, Rect(rect.left, top, rect.columns, min(dash, rect.bottom - top)), GREY)
