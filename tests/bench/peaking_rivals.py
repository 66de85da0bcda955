"""How others find what is in focus, each from its published source, as a strength per pixel of the preview.

Their thresholds are left out: the bench compares how well the strengths tell sharp from soft.
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import FOCUS_CELL, Noise

Plane = NDArray[np.float32]


def sobel(luma: Plane, _: Plane) -> Plane:
    """The length of the gradient by Sobel's 3 x 3 masks."""
    across = shifted(luma, 0, 1) - shifted(luma, 0, -1)
    down = shifted(luma, 1, 0) - shifted(luma, -1, 0)
    gx = shifted(across, 1, 0) + 2 * across + shifted(across, -1, 0)
    gy = shifted(down, 0, 1) + 2 * down + shifted(down, 0, -1)
    return np.hypot(gx, gy)


def open_camera(_: Plane, rgb: Plane) -> Plane:
    """The length of the 8-neighbour Laplacian of RGB (Open Camera, histogram_compute.rs)."""
    return np.sqrt(sum((9 * rgb[..., k] - 9 * box(rgb[..., k], 3)) ** 2 for k in range(3)))


def obs(_: Plane, rgb: Plane) -> Plane:
    """The mean difference to the 4 neighbours over RGB (OBS color-monitor, focuspeaking.effect)."""
    steps = ((0, 1), (0, -1), (1, 0), (-1, 0))
    return sum(np.abs(shifted(rgb, *step) - rgb) for step in steps).mean(-1)


def darktable(luma: Plane, _: Plane) -> Plane:
    """Gradients over 1 pixel less 0.67 of those over 2, smoothed (darktable, focus_peaking.h, but its denoising)."""
    return box(_both_ways(luma, 1) - np.float32(0.67) * _both_ways(luma, 2), 5)


def magic_lantern(luma: Plane, _: Plane) -> Plane:
    """The 4-neighbour Laplacian, "d2xy" (Magic Lantern, zebra.c)."""
    around = shifted(luma, 0, 1) + shifted(luma, 0, -1) + shifted(luma, 1, 0) + shifted(luma, -1, 0)
    return np.abs(4 * luma - around)


RIVALS = {
    "Sobel": sobel,
    "OBS color-monitor": obs,
    "darktable-like": darktable,
    "Open Camera": open_camera,
    "Magic Lantern d2xy": magic_lantern,
}


def green_diagonals(raw: Plane, noise: Noise, cells: tuple[int, int]) -> Plane:
    """How much an RGGB mosaic's greens bend along both diagonals, over what noise gives, in smoothed focus cells.

    The plain detector on the RAW that the bars of AUC and critical focus were measured with, on other photographs
    (MCAM_PEAKING=bars): what it gets on these says how hard they are.

    Args:
        raw: (rows, columns), black level taken off.
        noise: of one photosite.
        cells: how many of 8 x 8 photosites, down and across.
    """
    lines = ((shifted(raw, 1, k) + shifted(raw, -1, -k)) for k in (1, -1))
    bends = _greens(sum(np.abs(2 * raw - line) for line in lines), cells)
    spread = np.sqrt(noise.slope_dn * np.maximum(_greens(raw, cells), 0) + noise.floor_dn2)
    expected = 2 * np.sqrt(6 * 2 / np.pi) * spread  # 2 g - a - b has 6 times a photosite's variance
    return np.asarray(box(bends, 3) / box(expected, 3))


def _greens(plane: Plane, cells: tuple[int, int]) -> Plane:
    """The mean over each cell's green sites."""
    rows, columns = cells[0] * FOCUS_CELL, cells[1] * FOCUS_CELL
    parts = (plane[:rows:2, 1:columns:2], plane[1:rows:2, :columns:2])
    return np.asarray(sum(p.reshape(cells[0], FOCUS_CELL // 2, cells[1], -1).mean((1, 3)) for p in parts) / 2)


def shifted(plane: Plane, rows: int, columns: int) -> Plane:
    """Each pixel's neighbour that many rows below and columns to the right; the borders are not scored."""
    return np.roll(plane, (-rows, -columns), (0, 1))


def box(plane: Plane, size: int) -> Plane:
    """The mean over size x size pixels, size odd."""
    reach = range(-(size // 2), size // 2 + 1)
    across = sum(shifted(plane, 0, k) for k in reach)
    return np.asarray(sum(shifted(across, k, 0) for k in reach) / np.float32(size * size))


def _both_ways(luma: Plane, reach: int) -> Plane:
    straight = _length(luma, (0, reach), (reach, 0))
    return (straight + _length(luma, (reach, reach), (reach, -reach))) / 2


def _length(luma: Plane, one: tuple[int, int], other: tuple[int, int]) -> Plane:
    parts = [shifted(luma, *step) - shifted(luma, -step[0], -step[1]) for step in (one, other)]
    return np.hypot(*parts)
