"""Slow and obvious: a mosaic of a picture, and the plainest way back, to hold the real one against."""

import numpy as np
from numpy.typing import NDArray

from device.frame import Cfa

Picture = NDArray[np.float64]
_TENT = np.array([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]])


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
        has = np.zeros((rows, columns))
        for place, filter_letter in enumerate(cfa):
            has[place // 2 :: 2, place % 2 :: 2] = filter_letter == letter
        rgb[..., colour] = _smoothed(mosaic * has) / _smoothed(has)
    return rgb


def cpsnr(one: Picture, other: Picture) -> float:
    """Colour peak signal-to-noise ratio in dB for values of 0 to 1, without a border of eight."""
    error = np.mean((one - other)[8:-8, 8:-8] ** 2)
    return float(10 * np.log10(1 / error))


def _smoothed(plane: Picture) -> Picture:
    rows, columns = plane.shape
    padded = np.pad(plane, 1, "reflect")
    return np.asarray(sum(_TENT[i, j] * padded[i : i + rows, j : j + columns] for i in range(3) for j in range(3)))
