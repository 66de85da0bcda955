"""Draws what helps to compose over the whole picture: grid, cross, frame lines, a print's shape, ghost, level line."""

import math

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from device.face_states import ViewState
from device.states import State
from device.tilt import Tilt
from ui import drawing, wording
from ui.blending import mix, stroke
from ui.ghost import Ghosts
from ui.guides import around, cross, frame_lines, masked
from ui.labels import Label, corner
from ui.rect import Rect
from ui.screen import Pixels
from ui.theme import BLACK, SHADE, WHITE, Colour, Measures

GHOST = 90  # of 256 parts of the picture are the last photograph
PIXELS_PER_DEGREE = 1 / 60  # of pitch, as a share of the picture's height
PITCH_MAX_DEG = 20.0  # beyond that the line stays at the edge of its way


def draw_guides(
    out: Pixels, picture: Rect, state: State, tilt: Tilt | None, m: Measures, ghosts: Ghosts
) -> list[Label]:
    """Draw all that are switched on; what is to be written with them is left to the caller.

    Args:
        out: the panel.
        picture: where the whole picture is on it.
        state: what is switched on, which lens and which card.
        tilt: how the camera is held, None where that is not known.
        m: sizes.
        ghosts: gives the last photograph.
    """
    shown = state.view
    if shown.ghost:
        ghost = ghosts(state.card.folder, state.card.last, (picture.columns, picture.rows))
        if ghost is not None:
            mix(out, ghost, picture.left, picture.top, GHOST)
    if shown.aspect != "off":
        for side in around(picture, masked(shown.aspect, picture)):
            drawing.darken(out, side, SHADE)
    if shown.grid:
        drawing.grid(out, picture, m.line)
    if shown.centre:
        for line in cross(picture, m.line):
            drawing.hair(out, line)
    if shown.level:
        _draw_level(out, picture, tilt, m.line)
    return [*_draw_frame_lines(out, picture, state, m), *_level_words(picture, shown, tilt, m)]


def _draw_frame_lines(out: Pixels, picture: Rect, state: State, m: Measures) -> list[Label]:
    if not state.view.frame_lines:
        return []
    lens_mm, crop_factor = state.lens.focal_length_mm, state.sensor.crop_factor
    if not lens_mm or not crop_factor:
        return [corner(picture.inset(2 * m.gap, m.gap), wording.no_frame_lines(), m.small)]
    lines = frame_lines(lens_mm, crop_factor, picture, (state.sensor.height, state.sensor.width))
    written = []
    for i, (focal_mm, rect) in enumerate(lines.items()):
        drawing.outline(out, rect, m.line, picture)
        along = rect.inset(2 * m.gap, m.gap).moved(3 * i * m.small, 0)  # so that the numbers of close lines are apart
        label = corner(along, (f"{focal_mm}",), m.small)
        beyond = max(0, label.rect.right + m.gap - picture.right)  # behind a wide lens, on a small panel
        written.append(replace(label, rect=label.rect.moved(-beyond, 0)))
    if not lines:
        written.append(
            corner(picture.inset(2 * m.gap, m.gap), wording.frame_lines_outside(lens_mm * crop_factor), m.small)
        )
    return written


def _draw_level(out: Pixels, picture: Rect, tilt: Tilt | None, line: int) -> None:
    """Two fixed marks where the horizon should be, and the horizon between them, lower as the lens points upward."""
    half, middle = picture.columns // 4, picture.top + picture.rows // 2
    centre = picture.left + picture.columns // 2
    for left in (centre - half - half // 4, centre + half):
        drawing.hair(out, Rect(left, middle - line, half // 4, 2 * line))
    if tilt is None:
        return
    pitch = max(-PITCH_MAX_DEG, min(PITCH_MAX_DEG, tilt.pitch_deg))
    down = middle + picture.rows * PIXELS_PER_DEGREE * pitch
    across, along = half * math.cos(math.radians(tilt.off_deg)), half * math.sin(math.radians(tilt.off_deg))
    ends = round(centre - across), round(down + along), round(centre + across), round(down - along)
    stroke(out, *ends, (3 if tilt.level else 2) * line + 2, _ink(BLACK))
    stroke(out, *ends, (3 if tilt.level else 1) * line, _ink(WHITE))


def _ink(colour: Colour) -> NDArray[np.uint8]:
    return np.array(colour[::-1], np.uint8)


def _level_words(picture: Rect, shown: ViewState, tilt: Tilt | None, m: Measures) -> list[Label]:
    if not shown.level:
        return []
    place = Rect(picture.left + 2 * m.gap, picture.top + picture.rows // 2 + 2 * m.gap, picture.columns // 4, m.medium)
    return [corner(place, wording.level(tilt), m.small)]
