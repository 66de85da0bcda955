"""Frames of which it is known what is sharp: tiles of photographs, each put out of focus by a known disc."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.disc_blur import blur, reach
from device.frame import FOCUS_CELL
from device.srgb import srgb_signal
from tests.bench.peaking_sources import Light

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]

ROWS, COLUMNS = 1520, 2028  # photosites
TILE = (190, 234)
FLAT_SHARE = 0.22  # of the tiles: a wall, evenly or unevenly lit
RADII = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)  # of the disc, photosites
SEAM = 22  # photosites around a tile's border that are not scored
LENS_SIGMA = 0.55  # photosites: lens and diffraction at the best focus
SHARP_RADIUS, SOFT_RADIUS, CRITICAL_RADIUS = 0.75, 3.0, 1.5
TEXTURE = 5.0  # levels of 255 in the band between sigma 0.8 and 4 photosites: seen on a panel
FLATNESS = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Collage:
    """A frame's light and the truth about each focus cell of 8 x 8 photosites.

    Attributes:
        light: (ROWS, COLUMNS, 3) float32, linear, out of focus as drawn.
        sharp: (cells) textured and blurred by no more than SHARP_RADIUS.
        critical: textured and blurred by CRITICAL_RADIUS to SOFT_RADIUS: nearly sharp.
        soft: textured and blurred by more.
        flat: without texture around.
    """

    light: Light
    sharp: Mask
    critical: Mask
    soft: Mask
    flat: Mask


def collage(sources: list[Light], seed: int) -> Collage:
    """Tiles of those pictures at random places, exposures and focus."""
    random = np.random.default_rng(seed)
    light, radius = np.zeros((ROWS, COLUMNS, 3), np.float32), np.zeros((ROWS, COLUMNS), np.float32)
    for place in _tiles():
        shape = radius[place].shape
        light[place] = _wall(random, shape) if random.random() < FLAT_SHARE else _piece(random, sources, shape)
        radius[place] = _defocus(random, shape)
    light = _smooth(light, LENS_SIGMA)
    return _judged(_defocused(light, radius), radius, _texture(light))


def _tiles() -> Iterator[tuple[slice, slice]]:
    for top in range(0, ROWS, TILE[0]):
        for left in range(0, COLUMNS, TILE[1]):
            yield slice(top, min(top + TILE[0], ROWS)), slice(left, min(left + TILE[1], COLUMNS))


def _wall(random: np.random.Generator, shape: tuple[int, ...]) -> Light:
    level = np.exp(random.uniform(np.log(0.004), np.log(0.9)))
    across = np.linspace(1, random.uniform(0.6, 1.0), shape[1])
    return (level * across[None, :, None] * random.uniform(0.6, 1, 3) * np.ones((*shape, 1))).astype(np.float32)


def _piece(random: np.random.Generator, sources: list[Light], shape: tuple[int, ...]) -> Light:
    source = sources[random.integers(len(sources))]
    source = source[:, ::-1] if random.random() < 0.5 else source
    short = [max(0, n - m) for n, m in zip(shape, source.shape, strict=False)]
    source = np.pad(source, ((0, short[0]), (0, short[1]), (0, 0)), mode="reflect")
    top, left = (random.integers(n - m + 1) for n, m in zip(source.shape[:2], shape, strict=True))
    exposure = np.float32(np.exp(random.uniform(np.log(0.08), 0)))
    return np.asarray(source[top : top + shape[0], left : left + shape[1]] * exposure)


def _defocus(random: np.random.Generator, shape: tuple[int, ...]) -> Plane:
    """The disc's radius: in focus on one side and ever less towards the other; for one tile in five the same."""
    if random.random() < 0.2:
        return np.full(shape, random.choice([0.0, 3.0, 6.0]), np.float32)
    begin = random.uniform(0.2, 0.6)
    across = np.clip((np.linspace(0, 1, shape[1]) - begin) / (1 - begin), 0, 1) * random.uniform(3, 8)
    across = across[::-1] if random.random() < 0.5 else across
    return np.broadcast_to(across, shape).astype(np.float32)


def _defocused(light: Light, radius: Plane) -> Light:
    """Between two blurred pictures of known radius by straight lines."""
    out = np.zeros_like(light)
    nearest = np.clip(np.searchsorted(RADII, radius, side="right") - 1, 0, len(RADII) - 2)
    place = nearest + (radius - np.take(RADII, nearest)) / np.take(np.diff(RADII), nearest)
    for k, r in enumerate(RADII):
        weight = np.maximum(0, 1 - np.abs(place - k)).astype(np.float32)
        out += disc_blurred(light, r) * weight[..., None]
    return out


def disc_blurred(light: Light, radius: float) -> Light:
    """The whole picture out of focus by a disc of that radius, in photosites."""
    n = reach(2 * radius)
    planes = np.pad(light, ((n, n), (n, n), (0, 0)), mode="reflect").transpose(2, 0, 1)
    out = np.empty((3, *light.shape[:2]), np.float32)
    for plane, blurred in zip(planes, out, strict=True):
        blur(np.ascontiguousarray(plane), 2 * radius, blurred)
    return out.transpose(1, 2, 0)


def _texture(light: Light) -> Plane:
    """Local contrast of the sharp picture in the band that peaking is about, levels of 255."""
    luma = 255 * srgb_signal(light @ np.array([0.299, 0.587, 0.114], np.float32)).astype(np.float32)
    band = _smooth(luma, 0.8) - _smooth(luma, 4)
    return np.sqrt(_smooth(band * band, 4))


def _judged(light: Light, radius: Plane, texture: Plane) -> Collage:
    scored = np.ones(radius.shape, bool)
    for rows, columns in _tiles():
        scored[max(0, rows.start - SEAM) : rows.start + SEAM] = False
        scored[:, max(0, columns.start - SEAM) : columns.start + SEAM] = False
    scored[-SEAM:], scored[:, -SEAM:] = False, False
    kept = _cells(scored).all((1, 3))
    r, detail = _cells(radius).mean((1, 3)), _cells(texture).mean((1, 3))
    textured = (detail >= TEXTURE) & kept
    near = np.pad(detail, 2, mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(near, (5, 5)).max((2, 3))
    return Collage(
        light=light,
        sharp=textured & (r <= SHARP_RADIUS),
        critical=textured & (r >= CRITICAL_RADIUS) & (r <= SOFT_RADIUS),
        soft=textured & (r >= SOFT_RADIUS),
        flat=(around < FLATNESS) & kept,
    )


def _cells(plane: NDArray[np.generic]) -> NDArray[np.generic]:
    rows, columns = (size // FOCUS_CELL for size in plane.shape)
    cut = plane[: rows * FOCUS_CELL, : columns * FOCUS_CELL]
    return cut.reshape(rows, FOCUS_CELL, columns, FOCUS_CELL)


def _smooth(picture: Plane, sigma: float) -> Plane:
    """By a Gaussian along both axes, mirrored at the borders."""
    n = int(np.ceil(3 * sigma))
    weights = np.exp(-0.5 * (np.arange(-n, n + 1) / sigma) ** 2).astype(np.float32)
    weights /= weights.sum()
    for axis in (0, 1):
        widths = [(n, n) if k == axis else (0, 0) for k in range(picture.ndim)]
        padded, size = np.pad(picture, widths, mode="reflect"), picture.shape[axis]
        total = np.zeros_like(picture)
        for k, weight in enumerate(weights):
            total += weight * (padded[k : k + size] if axis == 0 else padded[:, k : k + size])
        picture = total
    return picture
