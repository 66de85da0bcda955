"""What the preview's luma says of a frame, where there is no mosaic: the meter of a camera that gives no RAW. Pure.

It is less than the RAW tells, so `Reading.source` names it and the panel says LUMA. The picture was white-balanced,
compressed to 8 bits and perhaps sharpened before: clipping is that of the picture, all channels are alike, and stops
are those of the sRGB curve, which the camera's own only resembles. Nobody tells how noisy it is either, so noise is
estimated from the frame: where little detail is, what there is of it is noise. Of a frame that is all texture nothing
is said to be in focus.

On photographs of known defocus (`make bench-peaking`) it tells what is in focus from the rest with an area under the
ROC curve of 0.989, 0.987, 0.950 and 0.794 at gains of 1, 4, 16 and 64, where the RAW reaches 0.998, 0.997, 0.988 and
0.926.
"""

import numpy as np
from numpy.typing import NDArray

from device import exposure_map
from device.frame import (
    BINS_PER_STOP,
    CHANNELS,
    FOCUS_CELL,
    HISTOGRAM_BINS,
    HISTOGRAM_STOPS,
    Levels,
    Plane,
    Preview,
    Reading,
    Source,
)
from device.histogram import MEANINGFUL_SHARE
from device.kernel import inner, kernel

Cells = NDArray[np.float32]  # (rows // 8, columns // 8)
Row = NDArray[np.float32]

CLIPPED = 254  # a level below the last, which rounding may have taken
ALL_CHANNELS = 7  # of Reading.clipped
PIXELS = FOCUS_CELL * FOCUS_CELL
GAIN = 16.0  # of the high pass: 16 times the pixel less the binomial mean [1 2 1] x [1 2 1] of its neighbourhood
# For white noise of standard deviation 1 the high pass has the variance (16 - 4)**2 + 4 * 2**2 + 4 * 1, and the
# absolute value of a normal number has the mean sqrt(2 / pi).
MEAN = float(np.sqrt(2 / np.pi) * np.sqrt(164.0))
# Standard deviation of the mean of those absolute values around a cell, over that mean. Neighbours overlap, so it is
# the sum of all their covariances, as for focus.FINE_VARIANCE; tests/test_luma.py adds them up.
SPREAD = 0.0394
DOUBT = 0.08  # likewise, of the estimate: a picture that was denoised or compressed has noise of larger grain
CALM_SHARE = 0.2  # the calmest fifth of the cells of a brightness is taken for noise alone
CALM_SIGMAS = 0.8416  # below the mean ends the lowest fifth of a normal distribution
ROUNDING = float(MEAN * np.sqrt(1 / 12))  # no picture of whole levels is quieter
BRIGHTNESSES = 16  # groups of cells whose noise is estimated together
CELLS_MIN = 25  # in a group that counts
FULL_LIGHT = Levels((0.0, 0.0, 0.0, 0.0), 1)
END = 4  # luma that near to black or white is cut off, and so is its noise
RISE = 1.3  # from group to group: after the sRGB curve noise depends little on brightness


def read(preview: Preview) -> Reading:
    """Everything `Reading` asks for, as far as luma can tell.

    Args:
        preview: full-range luma in y; its colours take no part.
    """
    counts = np.bincount(preview.y.ravel(), minlength=256)
    energy, light = _energies(preview.y)
    energy = _pooled(energy)
    noise = _noise(energy, light)
    signal = np.asarray(linear(light) * exposure_map.SITES, np.float32)
    clipped = np.where(preview.y >= CLIPPED, np.uint8(ALL_CHANNELS), np.uint8(0))
    focus = (energy / noise - 1) / np.float32(np.hypot(SPREAD, DOUBT))
    focus[_near(clipped)] = 0  # an edge to what is blown looks sharp whatever the focus
    return Reading(
        histogram=_alike(_ev_histogram(counts)),
        clipped_share=_alike(counts[CLIPPED:].sum() / counts.sum()),
        mean=_alike((counts * linear(np.arange(256))).sum() / counts.sum()),
        focus=focus,
        clipped=clipped,
        focus_score=_score(energy, noise, light),
        noise_floor_ev=float(np.log2(linear(np.array(1)))),  # one level: the picture knows nothing below it
        headroom_ev=_headroom_ev(counts),
        stops=exposure_map.stops(signal, FULL_LIGHT),
        spot_ev=exposure_map.spot_ev(signal, FULL_LIGHT),
        source=Source.LUMA,
    )


def linear(luma: NDArray[np.generic]) -> NDArray[np.float64]:
    """The share of full light, 0 to 1, that gives a luma of 0 to 255 by the sRGB curve (IEC 61966-2-1)."""
    v = np.asarray(luma, np.float64) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def _ev_histogram(counts: NDArray[np.intp]) -> NDArray[np.float64]:
    """Over EV below clipping, each level spread over the light between its neighbours', as `histogram.ev_histogram`."""
    below = np.concatenate([[0.0], np.cumsum(counts)])
    edges = linear(np.arange(257) - 0.5).clip(0)
    ev = np.arange(1, HISTOGRAM_BINS) / BINS_PER_STOP - HISTOGRAM_STOPS
    return np.diff(np.interp(2.0**ev, edges, below), prepend=0.0, append=below[-1])


def _headroom_ev(counts: NDArray[np.intp]) -> float:
    """As `histogram.headroom_ev`, of a picture that would be drawn by the curve alone."""
    brightest = int(np.searchsorted(np.cumsum(counts), np.ceil(MEANINGFUL_SHARE * counts.sum())))
    share = float(linear(np.array(brightest if brightest < CLIPPED else 255)))
    return float(-np.log2(max(share, 2.0**-HISTOGRAM_STOPS)))


def _alike(value: "NDArray[np.floating] | float") -> NDArray[np.float32]:
    """The same for every channel, (4, ...) float32."""
    return np.array([value] * len(CHANNELS), np.float32)


def _score(energy: Cells, noise: Cells, light: Cells) -> float:
    """Fine detail of the centre third each way, less noise, in percent of luma; never below 0."""
    centre = tuple(slice(size // 3, size - size // 3) for size in energy.shape)
    excess = float((energy - np.minimum(noise, energy))[centre].sum()) / GAIN
    return 100.0 * max(excess, 0.0) / max(float(light[centre].sum()), 1.0)


def _noise(energy: Cells, light: Cells) -> Cells:
    """The mean high pass that noise alone would give each cell, by the cell's brightness."""
    groups = np.minimum(light * (BRIGHTNESSES / 256), BRIGHTNESSES - 1).astype(np.intp)
    calm = np.full(BRIGHTNESSES, np.inf)
    for group in range(BRIGHTNESSES):
        cells = energy[(groups == group) & (light > END) & (light < 255 - END)]
        if cells.size >= CELLS_MIN:
            calm[group] = np.quantile(cells, CALM_SHARE) / (1 - CALM_SIGMAS * SPREAD)
    by_group = np.maximum(_steady(calm), ROUNDING)
    return np.asarray(by_group[groups], np.float32)


def _steady(calm: NDArray[np.float64]) -> NDArray[np.float64]:
    """(BRIGHTNESSES,): no estimate is more than RISE times its neighbour's, where texture is all there is.

    Infinite everywhere when there is none: then nothing stands out.
    """
    apart = np.abs(np.subtract.outer(np.arange(BRIGHTNESSES), np.arange(BRIGHTNESSES)))
    return np.asarray((calm * RISE**apart).min(axis=1))


def _energies(y: Plane) -> tuple[Cells, Cells]:
    """The mean of the absolute high pass and of luma in each cell; the picture's border pixels have no high pass."""
    shape = (y.shape[0] // FOCUS_CELL, y.shape[1] // FOCUS_CELL)
    energy, light = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    _add_up(np.ascontiguousarray(y), energy, light)
    return np.divide(energy, PIXELS, dtype=np.float32), np.divide(light, PIXELS, dtype=np.float32)


def _near(clipped: Plane) -> NDArray[np.bool_]:
    """(rows // 8, columns // 8): cells with something clipped in them, those beside, and where that is pooled to."""
    rows, columns = (size // FOCUS_CELL for size in clipped.shape)
    cut = clipped[: rows * FOCUS_CELL, : columns * FOCUS_CELL]
    blown = cut.reshape(rows, FOCUS_CELL, columns, FOCUS_CELL).any((1, 3))
    beside = np.asarray(_pooled(np.asarray(blown, np.float32)) > 0, np.float32)
    return np.asarray(_pooled(beside) > 0)


def _pooled(cells: Cells) -> Cells:
    """The mean with the eight neighbours, those at the sides counting half and in the corners a quarter as much."""
    padded = np.pad(cells, 1, "edge") if cells.size else np.zeros((2, 2), np.float32)
    across = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    return np.asarray((across[:-2] + 2 * across[1:-1] + across[2:]) / np.float32(16))


@kernel("void(u1[:, ::1], f4[:, ::1], f4[:, ::1])")
def _add_up(y: Plane, energy: Cells, light: Cells) -> None:
    fine, total = np.zeros(y.shape[1], np.float32), np.zeros(y.shape[1], np.float32)
    last = y.shape[0] - 1
    for i in range(energy.shape[0] * FOCUS_CELL):
        if 0 < i < last:
            _add_fine(y[i - 1], y[i], y[i + 1], fine)
        _add_light(y[i], total)
        if i % FOCUS_CELL == FOCUS_CELL - 1:
            _gather(fine, energy[i // FOCUS_CELL])
            _gather(total, light[i // FOCUS_CELL])


@inner
def _add_fine(above: NDArray[np.uint8], here: NDArray[np.uint8], below: NDArray[np.uint8], fine: Row) -> None:
    """float32 rather than integers, which numba widens to 64 bits; the sums are exact all the same."""
    f = np.float32
    a, b, c = above[:-2], above[1:-1], above[2:]
    d, e, g = here[:-2], here[1:-1], here[2:]
    h, k, m = below[:-2], below[1:-1], below[2:]
    inner = fine[1:-1]
    for x in range(inner.size):
        corners = f(a[x]) + f(c[x]) + f(h[x]) + f(m[x])
        sides = f(b[x]) + f(d[x]) + f(g[x]) + f(k[x])
        inner[x] += abs(f(12) * f(e[x]) - f(2) * sides - corners)


@inner
def _add_light(here: NDArray[np.uint8], total: Row) -> None:
    for x in range(total.size):
        total[x] += np.float32(here[x])


@inner
def _gather(row: Row, cells: Row) -> None:
    """Sums of eight neighbours; and begin anew."""
    for k in range(cells.size):
        total = np.float32(0)
        for x in range(FOCUS_CELL * k, FOCUS_CELL * (k + 1)):
            total += row[x]
        cells[k] = total
    row[:] = np.float32(0)
