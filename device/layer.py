"""A thing of the scene in the camera's colours, and how the lens draws it: blurred by the disc of its depth."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device import disc_blur, optics, pyramid
from device.frame import Cfa
from device.optics import Rings
from device.pyramid import Codes, Edges, Planes
from device.thing import Thing

STRIP = 96  # rows: what is worked on at a time stays in the second cache, and memory stays small

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
        top: photosites of full resolution that are left out above it, and as many below,
        left: and on either side.
    """

    rows: int
    columns: int
    border: int
    binning: int
    pitch_um: float
    cfa: Cfa
    top: int = 0
    left: int = 0

    @property
    def corner_um(self) -> float:
        """From the axis to the corner of the sensor, with the border."""
        rows, columns = self.shape
        side_um = self.binning * self.pitch_um
        return (
            float(
                np.hypot(
                    rows * side_um + 2 * self.top * self.pitch_um, columns * side_um + 2 * self.left * self.pitch_um
                )
            )
            / 2
        )

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


def blur(layer: Layer, phase: int, rings: Rings, plate: Plate) -> Iterator[Blurred]:
    """A layer as the lens draws it: in strips where it is drawn at the plate's own resolution, else whole."""
    levels = layer.phases[phase]
    base = plate.binning.bit_length() - 1  # of the pyramid
    diameter = optics.blur_um(rings, layer.depth_m) / (plate.pitch_um * plate.binning)
    level = disc_blur.level_for(diameter, len(levels) - base)
    scale, codes = 1 << level, levels[base + level]
    coarse = disc_blur.on_level(diameter, level)
    n = disc_blur.reach(coarse)
    top = (layer.top - plate.top) / plate.binning + plate.border
    left = (layer.left - plate.left) / plate.binning + plate.border
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
    beyond = np.array(edges)
    for c in range(4):
        if c < len(codes):
            pyramid.decode(codes[c], first - 2 * n, 2 * n, beyond, padded)
        else:
            pyramid.fill_opaque(codes.shape[1], first - 2 * n, 2 * n, edges, padded)
        disc_blur.blur(padded, diameter, planes[c])
    return planes
