"""The optical bench before a simulated sensor: a scene, the rings of a lens, and a hand that is not quite still."""

import threading
from functools import lru_cache
from math import pi, sin

from device import memory
from device.colour import srgb_to_camera
from device.compositing import Light
from device.frame import Colour
from device.layer import Layer, Plate, layers
from device.optics import Rings
from device.projection import Projection
from device.scene import Scene
from device.sensor_facts import Mode, SensorModel

SHAKE_UM = 12.0  # how far the picture wanders on the sensor to either side: 1/3 of a milliradian at 35 mm
SWAYS_HZ = ((0.23, 0.71, 1.9), (0.31, 0.83, 2.3))  # up and down, left and right: body, arm and tremor, never in step


class OpticalBench:
    """What falls on the sensor at a time. The rings may be turned from any thread.

    Args:
        scene: before the lens.
        model: the sensor behind it.
        rings: where they stand at the start.
    """

    def __init__(self, scene: Scene, model: SensorModel, rings: Rings) -> None:
        self._model = model
        self._layers = _layers(scene, model.facts.height, model.facts.width, model.facts.colour)
        self._lock = threading.Lock()
        self._rings = rings
        self._projected: dict[Mode, tuple[tuple[float, float], Projection]] = {}

    @property
    def rings(self) -> Rings:
        """Where they stand."""
        with self._lock:
            return self._rings

    def turn(self, focus_m: float | None, f_number: float | None, light_ev: float | None) -> None:
        """Turn rings or change the light; None leaves one alone.

        Raises:
            BadValue: outside what the ring allows.
        """
        with self._lock:
            self._rings = self._rings.turned(focus_m, f_number, light_ev)

    def light(self, mode: Mode, rings: Rings, when_s: float) -> tuple[Light, tuple[int, int]]:
        """What falls on the photosites at a time.

        Returns:
            Light, float32, relative to white on the axis, with a border around, good until the next call; and the row
            and column of it that fall on the first photosite: the hand shakes.
        """
        plate = _plate(self._model, mode)
        top, left = (plate.border + _sway(hertz, plate, when_s) for hertz in SWAYS_HZ)
        return self._projection(mode, plate, rings).at(when_s), (top, left)

    def _projection(self, mode: Mode, plate: Plate, rings: Rings) -> Projection:
        """The last one of the mode while focus and aperture stay; light and time need no new one."""
        place = (rings.focus_m, rings.f_number)
        known = self._projected.get(mode)
        if known is None or known[0] != place:
            self._projected.pop(mode, None)  # its memory first: at full resolution it is 50 MB
            known = self._projected[mode] = (place, Projection(self._layers, rings, plate))
        return known[1]


def _plate(model: SensorModel, mode: Mode) -> Plate:
    pitch_um = model.facts.pixel_pitch_um
    border = 2 * round(SHAKE_UM / (pitch_um * mode.binning) / 2) + 2
    return Plate(mode.height, mode.width, border, mode.binning, pitch_um, model.cfa, mode.top, mode.left)


def _sway(hertz: tuple[float, ...], plate: Plate, when_s: float) -> int:
    """Photosites that the picture has wandered: even, so that every colour stays behind its filter."""
    sway = sum(sin(2 * pi * f * when_s + f) / len(hertz) for f in hertz)
    return 2 * round(sway * SHAKE_UM / (plate.pitch_um * plate.binning) / 2)


@lru_cache(maxsize=1)
def _layers(scene: Scene, rows: int, columns: int, colour: Colour) -> tuple[Layer, ...]:
    """Painting a large scene takes seconds and layers never change: sensors of one kind share them."""
    made = layers(scene.paint(rows, columns), rows, columns, srgb_to_camera(colour))
    memory.give_back()  # 70 MB, of canvases
    return made
