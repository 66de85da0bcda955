"""The scene through the lens onto the photosites: each thing blurred by its own disc, the near over the far.

What stands still is laid down once for a position of the rings; what moves is laid down in its own window, once for
each of its phases. A frame then costs only the copy of that window. Windows know nothing of each other: things that
move must not cross.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from device import optics
from device.compositing import Light, cover
from device.kernel import kernel
from device.layer import Blurred, Layer, Plate, Window, blur
from device.optics import Rings

FALLOFF_STEPS = 4096


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
        return Moving(layer, (top, left, max(top, bottom), max(left, right)))  # empty where a crop leaves it out

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
        corner_um = plate.corner_um
        radius_um = np.sqrt(np.linspace(0, corner_um**2, FALLOFF_STEPS)).astype(np.float32)
        table = optics.falloff(radius_um, corner_um, self._rings)
        y0, x0 = top - (plate.shape[0] - 1) / 2, left - (plate.shape[1] - 1) / 2
        _dim(light, np.float32(y0), np.float32(x0), np.float32((FALLOFF_STEPS - 1) * (side_um / corner_um) ** 2), table)


def _overlap(a: Window, b: Window) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _phase(layer: Layer, when_s: float) -> int:
    return int(when_s / layer.period_s * len(layer.phases)) % len(layer.phases)


@kernel("void(f4[:, ::1], f4, f4, f4, f4[::1])")
def _dim(light: Light, y0: np.float32, x0: np.float32, per_step: np.float32, table: NDArray[np.float32]) -> None:
    for y in range(light.shape[0]):
        row = light[y]
        dy = y0 + np.float32(y)
        for x in range(row.size):
            dx = x0 + np.float32(x)
            row[x] *= table[min(np.int32((dy * dy + dx * dx) * per_step), np.int32(table.size - 1))]
