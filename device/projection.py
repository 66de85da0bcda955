"""The scene through the lens onto the photosites: each thing blurred by its own disc, the near over the far.

What stands still is laid down once for a position of the rings; what moves is laid down in its own window, once for
each of its phases. A frame then costs only the copy of that window.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from device import disc_blur, optics, pyramid
from device.frame import Cfa
from device.optics import Rings
from device.pyramid import Codes, Edges, Planes
from device.thing import Thing

FALLOFF_STEPS = 4096
STRIP = 96  # rows: what is worked on at a time stays in the second cache, and memory stays small

Light = NDArray[np.float32]
Window = tuple[int, int, int, int]  # top, left, bottom, right


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A thing of the scene in the camera's colours. Places are photosites of full resolution from the top left.

    edges tells where the picture goes on beyond its border, because the frame ends there.
    """

    depth_m: float
    top: int
    left: int
    phases: tuple[tuple[Codes, ...], ...]  # pyramids, one for each step of a movement
    period_s: float
    edges: Edges


@dataclass(frozen=True, slots=True)
class Plate:
    """Where the light falls: photosites of one mode, with a border that a shaking hand may show.

    Attributes:
        rows: photosites without the border,
        columns: likewise.
        border: photosites around them, even.
        binning: photosites of full resolution along a side of one of these.
        pitch_um: of full resolution.
        cfa: pattern of the whole plate, border included.
    """

    rows: int
    columns: int
    border: int
    binning: int
    pitch_um: float
    cfa: Cfa

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns with the border."""
        return self.rows + 2 * self.border, self.columns + 2 * self.border


@dataclass(frozen=True, slots=True, eq=False)
class Blurred:
    """A layer as the lens draws it: (4, rows, columns) planes whose pixels are `scale` photosites wide."""

    planes: Planes
    scale: int
    top: float  # photosites of the plate
    left: float

    def window(self, plate: Plate) -> Window:
        """The photosites it may touch."""
        rows, columns = (size * self.scale for size in self.planes.shape[1:])
        top, left = int(np.floor(self.top)), int(np.floor(self.left))
        bottom, right = top + rows + self.scale + 1, left + columns + self.scale + 1
        return (
            max(0, top - self.scale),
            max(0, left - self.scale),
            min(bottom, plate.shape[0]),
            min(right, plate.shape[1]),
        )

    def within(self, window: Window) -> "Blurred":
        """A copy of the part that shows in a window."""
        y0 = max(0, int((window[0] - self.top) // self.scale) - 1)
        x0 = max(0, int((window[1] - self.left) // self.scale) - 1)
        y1 = max(y0, int((window[2] - self.top) // self.scale) + 2)
        x1 = max(x0, int((window[3] - self.left) // self.scale) + 2)
        part = self.planes[:, y0:y1, x0:x1].copy()
        return Blurred(part, self.scale, self.top + y0 * self.scale, self.left + x0 * self.scale)


@dataclass(slots=True)
class Moving:
    """A layer that moves: its window, and what else is seen there from far to near, None standing for itself."""

    layer: Layer
    window: Window
    stack: list[Blurred | None] = field(default_factory=list)
    drawn: dict[int, Light] = field(default_factory=dict)  # by phase


class Projection:
    """All light for one position of the rings, on the photosites of one mode.

    Args:
        layers: from far to near.
        rings: of the lens; only focus, focal length and f-number count here.
        plate: where it falls.
    """

    def __init__(self, layers: Sequence[Layer], rings: Rings, plate: Plate) -> None:
        self._rings = rings
        self._plate = plate
        self._light = np.zeros(plate.shape, np.float32)
        self._moving = [self._mover(layer) for layer in layers if len(layer.phases) > 1]
        for layer in layers:
            self._lay(layer)
        self._vignette(self._light, 0, 0)

    def at(self, when_s: float) -> Light:
        """(rows, columns) float32 with the border, relative to white in the axis: good until the next call."""
        for moving in self._moving:
            top, left, bottom, right = moving.window
            self._light[top:bottom, left:right] = self._patch(moving, _phase(moving.layer, when_s))
        return self._light

    def _mover(self, layer: Layer) -> Moving:
        windows = np.array([part.window(self._plate) for part in blur(layer, 0, self._rings, self._plate)])
        top, left = (int(n) for n in windows[:, :2].min(axis=0))
        bottom, right = (int(n) for n in windows[:, 2:].max(axis=0))
        return Moving(layer, (top, left, bottom, right))

    def _lay(self, layer: Layer) -> None:
        """Lay a still layer over all before it, and remember it where something moves."""
        mine = [moving for moving in self._moving if moving.layer is layer]
        if mine:
            mine[0].stack.append(None)
            return
        for part in blur(layer, 0, self._rings, self._plate):
            cover(self._light, 0, 0, part, self._plate.cfa)
            for moving in self._moving:
                if _overlap(part.window(self._plate), moving.window):
                    moving.stack.append(part.within(moving.window))

    def _patch(self, moving: Moving, phase: int) -> Light:
        if phase not in moving.drawn:
            moving.drawn[phase] = self._draw(moving, phase)
        return moving.drawn[phase]

    def _draw(self, moving: Moving, phase: int) -> Light:
        top, left, bottom, right = moving.window
        patch = np.zeros((bottom - top, right - left), np.float32)
        for still in moving.stack:
            for part in blur(moving.layer, phase, self._rings, self._plate) if still is None else [still]:
                cover(patch, top, left, part, self._plate.cfa)
        self._vignette(patch, top, left)
        return patch

    def _vignette(self, light: Light, top: int, left: int) -> None:
        plate = self._plate
        side_um = plate.binning * plate.pitch_um
        corner_um = float(np.hypot(*plate.shape)) / 2 * side_um
        radius_um = np.sqrt(np.linspace(0, corner_um**2, FALLOFF_STEPS)).astype(np.float32)
        table = optics.falloff(radius_um, corner_um, self._rings)
        y0, x0 = top - (plate.shape[0] - 1) / 2, left - (plate.shape[1] - 1) / 2
        _dim(light, np.float32(y0), np.float32(x0), np.float32((FALLOFF_STEPS - 1) * (side_um / corner_um) ** 2), table)


def blur(layer: Layer, phase: int, rings: Rings, plate: Plate) -> Iterator[Blurred]:
    """A layer as the lens draws it: in strips where it is drawn at the plate's own resolution, else whole."""
    levels = layer.phases[phase]
    base = plate.binning.bit_length() - 1  # of the pyramid
    diameter = optics.blur_um(rings, layer.depth_m) / (plate.pitch_um * plate.binning)
    level = disc_blur.level_for(diameter, len(levels) - base)
    scale, codes = 1 << level, levels[base + level]
    coarse = disc_blur.on_level(diameter, level)
    n = disc_blur.reach(coarse)
    top, left = layer.top / plate.binning + plate.border, layer.left / plate.binning + plate.border
    rows = codes.shape[1] + 2 * n
    strip = STRIP if scale == 1 else rows  # strips of coarser planes would have to overlap, and those are small
    for first in range(0, rows, strip):
        planes = _blurred_rows(codes, first, min(strip, rows - first), coarse, layer.edges)
        yield Blurred(planes, scale, top + (first - n) * scale, left - n * scale)


def _blurred_rows(codes: Codes, first: int, rows: int, diameter: float, edges: Edges) -> Planes:
    """(4, rows, columns + 2n): so many rows of the blurred picture, which begins n pixels before the codes."""
    n = disc_blur.reach(diameter)
    columns = codes.shape[2] + 2 * n
    padded = np.empty((rows + 2 * n, columns + 2 * n), np.float32)
    planes = np.empty((4, rows, columns), np.float32)
    for c in range(4):
        pyramid.decode(codes[c], first - 2 * n, 2 * n, edges, padded)
        disc_blur.blur(padded, diameter, planes[c])
    return planes


def cover(light: Light, top: int, left: int, blurred: Blurred, cfa: Cfa) -> None:
    """Lay a blurred layer over the light of a window whose corner is at (top, left) of the plate, both even or not."""
    rows = _between(light.shape[0], top - blurred.top, blurred.scale, blurred.planes.shape[1])
    columns = _between(light.shape[1], left - blurred.left, blurred.scale, blurred.planes.shape[2])
    colours = np.array([0, 1, 1, 2])[cfa.shifted(top & 1, left & 1).pattern]
    _cover(light, blurred.planes, colours, *rows, *columns)


def _between(
    size: int, offset: float, scale: int, pixels: int
) -> tuple[int, int, NDArray[np.int64], NDArray[np.float32]]:
    """For a line of photosites: first and last that are touched, each one's left pixel, and how far it is past that."""
    place = (np.arange(size) + 0.5 + offset) / scale - 0.5
    touched = np.flatnonzero((place > -1) & (place < pixels))
    first, last = (int(touched[0]), int(touched[-1]) + 1) if touched.size else (0, 0)
    return first, last, np.floor(place).astype(np.int64), (place - np.floor(place)).astype(np.float32)


def _overlap(a: Window, b: Window) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _phase(layer: Layer, when_s: float) -> int:
    return int(when_s / layer.period_s * len(layer.phases)) % len(layer.phases)


def layers(things: Iterator[Thing], rows: int, columns: int, matrix: NDArray[np.float64]) -> tuple[Layer, ...]:
    """The things of a scene in the camera's colours, from far to near.

    Args:
        things: painted for a frame of `rows` x `columns`.
        rows: of the frame at full resolution.
        columns: likewise.
        matrix: (3, 3) linear sRGB to camera.
    """
    made = [_layer(thing, rows, columns, matrix) for thing in things]
    return tuple(sorted(made, key=lambda layer: -layer.depth_m))


def _layer(thing: Thing, rows: int, columns: int, matrix: NDArray[np.float64]) -> Layer:
    bottom, right = thing.top + thing.phases[0].shape[1], thing.left + thing.phases[0].shape[2]
    edges = (thing.top <= 0, thing.left <= 0, bottom >= rows, right >= columns)
    phases = tuple(pyramid.build(picture, matrix, edges) for picture in thing.phases)
    return Layer(thing.depth_m, thing.top, thing.left, phases, thing.period_s, edges)


@njit(cache=True, nogil=True)
def _cover(
    light: Light,
    planes: Planes,
    colours: NDArray[np.int64],
    first_row: int,
    last_row: int,
    row_of: NDArray[np.int64],
    row_past: NDArray[np.float32],
    first: int,
    last: int,
    column_of: NDArray[np.int64],
    column_past: NDArray[np.float32],
) -> None:
    """Near over far: light * (1 - alpha) + colour, both interpolated; outside the planes lies nothing."""
    columns = planes.shape[2]
    # One pixel of nothing on either side, so that a photosite beside the planes needs no test.
    alpha, colour = np.zeros(columns + 2, np.float32), np.zeros((2, columns + 2), np.float32)
    for y in range(first_row, last_row):
        _row_between(planes[3], row_of[y], row_past[y], alpha[1 : columns + 1])
        for x in range(2):
            _row_between(planes[colours[y & 1, x]], row_of[y], row_past[y], colour[x, 1 : columns + 1])
        _cover_row(light[y], alpha, colour[first & 1], first, last, column_of, column_past)
        _cover_row(light[y], alpha, colour[1 - (first & 1)], first + 1, last, column_of, column_past)


@njit(cache=True, nogil=True)
def _row_between(plane: Planes, above: int, past: np.float32, out: NDArray[np.float32]) -> None:
    rows = plane.shape[0]
    upper = plane[max(above, 0)]
    lower = plane[min(above + 1, rows - 1)]
    a = (np.float32(1) - past) * np.float32(1 if above >= 0 else 0)
    b = past * np.float32(1 if above + 1 < rows else 0)
    for x in range(out.size):
        out[x] = a * upper[x] + b * lower[x]


@njit(cache=True, nogil=True)
def _cover_row(
    light: NDArray[np.float32],
    alpha: NDArray[np.float32],
    colour: NDArray[np.float32],
    first: int,
    last: int,
    column_of: NDArray[np.int64],
    column_past: NDArray[np.float32],
) -> None:
    one = np.float32(1)
    for x in range(first, last, 2):
        i = column_of[x] + 1
        b = column_past[x]
        a = one - b
        opaque = a * alpha[i] + b * alpha[i + 1]
        light[x] = light[x] * (one - opaque) + a * colour[i] + b * colour[i + 1]


@njit(cache=True, nogil=True)
def _dim(light: Light, y0: np.float32, x0: np.float32, per_step: np.float32, table: NDArray[np.float32]) -> None:
    for y in range(light.shape[0]):
        row = light[y]
        dy = y0 + np.float32(y)
        for x in range(row.size):
            dx = x0 + np.float32(x)
            row[x] *= table[min(np.int32((dy * dy + dx * dx) * per_step), np.int32(table.size - 1))]
