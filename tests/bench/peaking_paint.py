"""What the viewfinder paints on whole frames: nothing where nothing is in focus, and the same from frame to frame."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from device import luma
from device.focus import focus_map
from device.frame import Preview
from tests.bench.peaking_collage import COLUMNS, ROWS, Collage, disc_blurred
from tests.bench.peaking_sensor import CFA, LEVELS, Shot, expose
from tests.bench.peaking_sources import Light, foliage, page
from ui.peaking import marks

Mask = NDArray[np.bool_]

LIGHTS = 40  # specular ones, each many times brighter than white
DISC = 24.0  # their radius out of focus, photosites


def paint_rows(truth: list[Collage]) -> list[str]:
    """Of each frame the share painted, where nothing is in focus at most 0.05 %; of a still scene what flips."""
    frames = [
        f"  {name:44}" + "".join(f"{100 * where.mean():10.3f} %" for where in masks)
        for name, light, gain in _frames()
        for masks in [(painted(light, gain, 1), painted_without_raw(light, gain))]
    ]
    flips = [f"  {'at gain ' + format(gain, '.0f'):44}{100 * _flipped(truth[0], gain):10.1f} %" for gain in (1, 4, 16)]
    return [
        "Painted, of the whole frame; and by a camera without RAW",
        *frames,
        "",
        "Marks that flip between two frames of a still scene",
        *flips,
    ]


def painted(light: Light, gain: float, seed: int) -> Mask:
    """Where the viewfinder paints a frame of that light."""
    shot = expose(light, gain, np.random.default_rng(seed))
    return np.asarray(marks(shot.luma, focus_map(shot.raw, CFA, LEVELS, shot.noise), shot.raw.shape) > 0)


def painted_without_raw(light: Light, gain: float) -> Mask:
    """Where it would paint with nothing to go by but the preview."""
    shot = expose(light, gain, np.random.default_rng(1))
    return np.asarray(marks(shot.luma, without_raw(shot), shot.luma.shape) > 0)


def without_raw(shot: Shot) -> NDArray[np.float32]:
    """The focus map of luma."""
    half = np.zeros((shot.luma.shape[0] // 2, shot.luma.shape[1] // 2), np.uint8)
    return luma.read(Preview(shot.luma, half, half)).focus


def _flipped(scene: Collage, gain: float) -> float:
    one, other = painted(scene.light, gain, 1), painted(scene.light, gain, 2)
    return float((one ^ other).sum() / max((one | other).sum(), 1))


def _frames() -> Iterator[tuple[str, Light, float]]:
    for gain in (1.0, 16.0):
        for name, picture in (("a printed page", page()), ("foliage", foliage())):
            yield f"{name}, in focus, gain {gain:.0f}", picture, gain
            yield f"{name}, out of focus by 6 photosites, gain {gain:.0f}", disc_blurred(picture, 6.0), gain
    yield "a blank wall, gain 4", np.full((ROWS, COLUMNS, 3), 0.3, np.float32), 4.0
    yield "a lens cap, gain 22", np.zeros((ROWS, COLUMNS, 3), np.float32), 22.0
    yield "specular discs out of focus, gain 1", _discs(), 1.0


def _discs() -> Light:
    """Points of light at night, each a disc with an edge."""
    random = np.random.default_rng(5)
    light = np.full((ROWS, COLUMNS, 3), 0.01, np.float32)
    down, across = np.mgrid[0:ROWS, 0:COLUMNS].astype(np.float32)
    for row, column, power in random.random((LIGHTS, 3)) * (ROWS, COLUMNS, 4):
        inside = np.clip(DISC + 0.5 - np.hypot(down - row, across - column), 0, 1)
        light += (inside * np.float32(2**power))[..., None]
    return light
