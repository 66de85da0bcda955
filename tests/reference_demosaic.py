"""Slow and obvious: a mosaic of a picture, and ways back, to hold the real one against."""

import numpy as np
from numpy.typing import NDArray

from device.frame import Cfa

Picture = NDArray[np.float64]
_TENT = np.array([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]])
_GAUSSIAN = np.array([4, 9, 15, 23, 26, 23, 15, 9, 4]) / 128
_BORDER = 20  # mirrored around, more than the method reaches


def mosaicked(picture: Picture, cfa: Cfa) -> NDArray[np.float32]:
    """Each photosite keeps the one colour its filter lets through."""
    mosaic = np.empty(picture.shape[:2], np.float32)
    for place, letter in enumerate(cfa):
        row, column = divmod(place, 2)
        mosaic[row::2, column::2] = picture[row::2, column::2, "RGB".index(letter)]
    return mosaic


def bilinear(mosaic: NDArray[np.float32], cfa: Cfa) -> Picture:
    """The mean of the neighbours that have the colour, weighted by their nearness."""
    rows, columns = mosaic.shape
    rgb = np.zeros((rows, columns, 3))
    for colour, letter in enumerate("RGB"):
        has = _where(letter, cfa, rows, columns)
        rgb[..., colour] = _smoothed(mosaic * has) / _smoothed(has)
    return rgb


def minimum_error(mosaic: NDArray[np.floating], cfa: Cfa) -> Picture:
    """Zhang and Wu's directional linear minimum mean square-error estimation, in float64, the whole picture at once."""
    m = np.pad(np.asarray(mosaic, np.float64), _BORDER, "reflect")
    red, green, blue = (_where(letter, cfa, *m.shape) > 0 for letter in "RGB")  # the border is even: no shift
    (across, across_variance), (along, along_variance) = (_directional(m, green, axis) for axis in (1, 0))
    difference = (across * along_variance + along * across_variance) / (across_variance + along_variance)
    full = np.where(green, m, m + difference)
    to_red, to_blue = (_filled(np.where(own, difference, 0), own, green) for own in (red, blue))
    inside = slice(_BORDER, -_BORDER)
    return np.stack([full - to_red, full, full - to_blue], -1)[inside, inside]


def cpsnr(one: Picture, other: Picture) -> float:
    """Colour peak signal-to-noise ratio in dB for values of 0 to 1, without a border of eight."""
    error = np.mean((one - other)[8:-8, 8:-8] ** 2)
    return float(10 * np.log10(1 / error))


def _where(letter: str, cfa: Cfa, rows: int, columns: int) -> Picture:
    has = np.zeros((rows, columns))
    for place, filter_letter in enumerate(cfa):
        has[place // 2 :: 2, place % 2 :: 2] = filter_letter == letter
    return has


def _smoothed(plane: Picture) -> Picture:
    rows, columns = plane.shape
    padded = np.pad(plane, 1, "reflect")
    return np.asarray(sum(_TENT[i, j] * padded[i : i + rows, j : j + columns] for i in range(3) for j in range(3)))


def _directional(m: Picture, green: NDArray[np.bool_], axis: int) -> tuple[Picture, Picture]:
    """Green minus the other colour as estimated along an axis, and that estimate's variance."""

    def beside(plane: Picture, by: int) -> Picture:
        return np.roll(plane, -by, axis)

    other = (beside(m, 1) + beside(m, -1)) / 2 + (2 * m - beside(m, 2) - beside(m, -2)) / 4
    difference = np.where(green, m - other, other - m)
    smooth = np.asarray(sum(weight * beside(difference, by - 4) for by, weight in enumerate(_GAUSSIAN)))
    mean = np.mean([beside(smooth, by) for by in range(-4, 5)], axis=0)
    signal = np.mean([(beside(smooth, by) - mean) ** 2 for by in range(-4, 5)], axis=0) + 1e-7
    noise = np.mean([beside((smooth - difference) ** 2, by) for by in range(-4, 5)], axis=0) + 1e-7
    return (mean * noise + difference * signal) / (signal + noise), signal * noise / (signal + noise)


def _filled(own: Picture, is_own: NDArray[np.bool_], green: NDArray[np.bool_]) -> Picture:
    def at(plane: Picture, down: int, right: int) -> Picture:
        return np.roll(plane, (-down, -right), (0, 1))

    near = sum(at(own, down, right) for down in (-1, 1) for right in (-1, 1))
    far = sum(at(own, *place) for a in (-1, 1) for b in (-3, 3) for place in ((a, b), (b, a)))
    corners = np.where(is_own | green, own, (10 * near - far) / 32)
    sides = sum(at(corners, *place) for place in ((0, 1), (0, -1), (1, 0), (-1, 0)))
    return np.where(green, sides / 4, corners)
