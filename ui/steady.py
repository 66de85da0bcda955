"""Luma that noise moves less: an average over the last frames wherever the scene stands still. Peaking looks at it.

A mark is a pixel whose curvature stands out, and noise makes it stand out in one frame and not in the next. The focus
map hardly boils, it is an average already; so luma is averaged too, by a first-order recursive filter that remembers
LASTING_NS, at 30 frames a second with 1/7.5 of the newest: of noise's variance a fourteenth is left. A pixel that
differs by more than noise does has moved, and begins anew. Where an edge moves by so little that it does not, it is
smoothed for a few frames, so marks may come late there, never wrong.
"""

import numpy as np
from numpy.typing import NDArray

from device.frame import Plane
from device.kernel import kernel
from device.median import median
from device.preview import PreviewFrame
from ui.peaking import noise_of
from ui.preview_noise import LAPLACIAN_SIGMAS

LASTING_NS = 250_000_000
MOST = 0.25  # of the newest frame, however slow they come: a seventh of noise's variance is left
LEAST = 1 / 16  # of it, however fast
STEPS = 64  # of what is kept, to a level of luma: rounding must not hold it
MOVED_SIGMAS = 4.0  # from what was, in standard deviations of a pixel's noise at most brightnesses
MOVED_LEVELS = 2.0  # and more than this: what 8 bits round

Kept = NDArray[np.uint16]


class SteadyLuma:
    """Keeps what was from frame to frame; one for each view that is followed."""

    def __init__(self) -> None:
        self._number, self._when_ns = 0, 0
        self._kept: Kept = np.zeros((0, 0), np.uint16)
        self._luma: Plane = np.zeros((0, 0), np.uint8)

    def of(self, view: PreviewFrame) -> Plane:
        """Follow a frame: (rows, columns) uint8, valid until the next call.

        The frame that was given last is not counted again; one of another size begins anew.
        """
        y = view.preview.y
        if self._kept.shape != y.shape:
            self._kept, self._luma, self._number = y.astype(np.uint16) * np.uint16(STEPS), y.copy(), view.number
        if view.number != self._number:
            self._number = view.number
            reading = view.reading
            noise = median(noise_of(y, reading.focus, view.raw_size, reading.noise_floor_ev)) / LAPLACIAN_SIGMAS
            moved = STEPS * (MOVED_SIGMAS * noise + MOVED_LEVELS)
            share = min(max((view.sensor_timestamp_ns - self._when_ns) / LASTING_NS, LEAST), MOST)
            _follow(np.ascontiguousarray(y).reshape(-1), moved, share, self._kept.reshape(-1), self._luma.reshape(-1))
        self._when_ns = view.sensor_timestamp_ns
        return self._luma


@kernel("void(u1[::1], f8, f8, u2[::1], u1[::1])")
def _follow(
    y: NDArray[np.uint8], moved: float, share: float, kept: NDArray[np.uint16], luma: NDArray[np.uint8]
) -> None:
    """In float32, which holds 16 bits: numba widens integers to 64, and then hardly anything goes into a register."""
    f = np.float32
    limit, newest = f(moved), f(share)
    for k in range(y.size):
        was, now = f(kept[k]), f(STEPS) * f(y[k])
        step = now - was
        new = was + newest * step if abs(step) <= limit else now
        kept[k] = np.uint16(new + f(0.5))
        luma[k] = np.uint8(new * f(1 / STEPS) + f(0.5))
