"""What peaking knows of the frames before: luma that noise moves less, their average, and where marks were.

A mark is a pixel whose curvature stands out, and noise makes it stand out in one frame and not in the next. The focus
map hardly boils, it is an average already; so luma is averaged too, by a first-order recursive filter that remembers
LASTING_NS, at 30 frames a second with a fifteenth of the newest: of noise's variance 1/29 is left. A pixel that
differs by more than noise does has moved, and begins anew. Where an edge moves by so little that it does not, it is
smoothed for a few frames, so marks may come late there, never wrong.

What noise is left is estimated frame by frame, and averaged, too: a limit that moves by a level moves the marks of a
whole frame. Where it is suddenly more, as after a cut, it is believed at once.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from device.frame import Plane
from device.kernel import inner, kernel
from device.narrow import add_signed
from device.preview import PreviewFrame
from ui.peaking import Row, noise_of
from ui.preview_noise import LAPLACIAN_SIGMAS
from ui.scaling import shrunk

LASTING_NS = 500_000_000
MOST = 0.25  # of the newest frame, however slow they come: a seventh of noise's variance is left
LEAST = 1 / 16  # of it, however fast
STEP_BITS = 7
STEPS = 1 << STEP_BITS  # of what is kept, to a level of luma: rounding must not hold it, and 16 bits must hold 255
ONE = 65536  # of what steps are multiplied by: the upper half of a product of 32 bits is taken, so a half at most
HIGHEST = 32767  # of 16 bits
MOVED_SIGMAS = 4.0  # from what was, in standard deviations of a pixel's noise, which is a line over brightness here
MOVED_LEVELS = 2.0  # and more than this: what 8 bits round
MIDDLE = 127.5
FROM_MIDDLE: Row = np.arange(256, dtype=np.float32) - np.float32(MIDDLE)
RISEN = 1.3  # times the noise that was: what an estimate from a few dozen cells hardly is by chance
FALLING = 1 / 16  # of the newest estimate, where it is less
SAMPLED = slice(None, None, 4)  # of a window's rows and columns tell how much of it moved
ROUNDING = LAPLACIAN_SIGMAS**2 / 12  # the Laplacian's variance that whole levels give

Kept = NDArray[np.int16]


class Steady(NamedTuple):
    """Of one view, valid until its next frame.

    Attributes:
        luma: (rows, columns) uint8, in which to look for marks.
        noise: (256,) float32, as `peaking.noise_of` has it, of that luma.
        marks: (rows, columns) uint8, 255 where the frame before had one and nothing moved; who finds this frame's
            overwrites them.
    """

    luma: Plane
    noise: Row
    marks: Plane


class SteadyLuma:
    """Keeps what was from frame to frame; one for each view that is followed."""

    def __init__(self) -> None:
        self._seen = 0, 0
        self._kept: Kept = np.zeros((0, 0), np.int16)
        self._luma: Plane = np.zeros((0, 0), np.uint8)
        self._noise: Row = np.zeros(256, np.float32)
        self._marks: Plane = np.zeros((0, 0), np.uint8)
        self._share = 1.0  # of the newest frame in what was kept last; 0 where that frame was counted before
        self._left = 1.0  # of a frame's variance by noise, in a window

    def of(self, view: PreviewFrame) -> Steady:
        """Follow a frame.

        The frame that was given last is not counted again; one of another size begins anew.
        """
        return self._keep_up(view, view.preview.y, lambda y: _noise(y, view))

    def of_window(self, view: PreviewFrame, noise: Row) -> Steady:
        """Follow a magnified window, at half its size: green was interpolated, so that edges are two pixels wide.

        Args:
            view: with a pixel to a photosite, both sides even.
            noise: of `magnified.noise_in`, which is one frame's: a window is too small a part of the picture to tell
                what is left of it, so that is reckoned by how much of it moved.
        """
        luma, was = shrunk(view.preview.y, 2), self._luma[SAMPLED, SAMPLED].copy()
        steady = self._keep_up(view, luma, lambda _: noise)
        moved = _moved(was, luma[SAMPLED, SAMPLED], steady.luma[SAMPLED, SAMPLED]) if self._share < 1 else 1.0
        still = (1 - self._share) ** 2 * self._left + self._share**2
        self._left = moved + (1 - moved) * still
        return steady._replace(noise=np.sqrt(np.float32(self._left) * steady.noise**2 + np.float32(ROUNDING)))

    def _keep_up(self, view: PreviewFrame, y: Plane, noise_of_luma: Callable[[Plane], Row]) -> Steady:
        seen = view.number, view.sensor_timestamp_ns  # numbers begin again with another ring
        self._share = 0.0
        if self._kept.shape != y.shape:
            self._kept, self._luma, self._seen = y.astype(np.int16) * np.int16(STEPS), y.copy(), seen
            self._noise, self._marks = noise_of_luma(y), np.zeros_like(y)
            self._share = 1.0
        if seen != self._seen:
            at_black, per_level = _line(MOVED_SIGMAS / LAPLACIAN_SIGMAS * noise_of_luma(y))
            self._share = share = min(max((seen[1] - self._seen[1]) / LASTING_NS, LEAST), MOST)
            luma, marks = self._luma.reshape(-1), self._marks.reshape(-1)
            y, kept = np.ascontiguousarray(y).reshape(-1), self._kept.reshape(-1)
            least, per_step = _whole(STEPS * (MOVED_LEVELS + at_black)), _whole(ONE * per_level)
            _follow(y, least, per_step, _whole(ONE * share), kept, luma, marks)
            self._noise = _averaged(self._noise, noise_of_luma(self._luma))
        self._seen = seen
        return Steady(self._luma, self._noise, self._marks)


def alone(view: PreviewFrame) -> Steady:
    """A frame with none before it."""
    return Steady(view.preview.y, _noise(view.preview.y, view), np.zeros_like(view.preview.y))


def window_alone(view: PreviewFrame, noise: Row) -> Steady:
    """Likewise a magnified window; arguments as `SteadyLuma.of_window` has them."""
    luma = shrunk(view.preview.y, 2)
    return Steady(luma, noise, np.zeros_like(luma))


def _noise(y: Plane, view: PreviewFrame) -> Row:
    return noise_of(y, view.reading.focus, view.raw_size, view.reading.noise_floor_ev)


def _line(by_luma: Row) -> tuple[float, float]:
    """The line nearest to it, by least squares: at 0, and for each level more."""
    slope = float(by_luma @ FROM_MIDDLE / (FROM_MIDDLE @ FROM_MIDDLE))
    return float(by_luma.mean()) - slope * MIDDLE, slope


def _moved(was: Plane, newest: Plane, now: Plane) -> float:
    """The share of pixels that began anew: of those that are averaged none goes all the way of two levels or more."""
    return float(((now == newest) & (np.abs(newest.astype(np.int16) - was) > MOVED_LEVELS)).mean())


def _averaged(kept: Row, newest: Row) -> Row:
    return np.where(newest > RISEN * kept, newest, kept + np.float32(FALLING) * (newest - kept))


def _whole(number: float) -> np.int16:
    """The nearest that 16 bits hold."""
    return np.int16(round(min(max(number, -HIGHEST), HIGHEST)))


@kernel("void(u1[::1], i2, i2, i2, i2[::1], u1[::1], u1[::1])")
def _follow(
    y: NDArray[np.uint8], at_black: np.int16, per_step: np.int16, share: np.int16, kept: Kept,
    luma: NDArray[np.uint8], marks: NDArray[np.uint8],
) -> None:  # fmt: skip
    """What differs by more than `at_black` steps and `per_step` / ONE of those that were has moved.

    Nothing is wider than 16 bits but products, of which the upper half is taken.
    """
    n = np.int16
    for k in range(y.size):
        was, now, mark = kept[k], n(n(y[k]) * n(STEPS)), marks[k]
        step = n(now - was)
        limit = max(add_signed(at_black, _upper(per_step, was)), n(STEPS * MOVED_LEVELS))
        still = n(-1) if n(abs(step)) <= limit else n(0)
        new = n(now ^ n(n(now ^ n(was + _upper(share, step))) & still))
        kept[k] = new
        luma[k] = np.uint8(n(new + n(STEPS // 2)) >> n(STEP_BITS))
        marks[k] = np.uint8(mark & np.uint8(still))


@inner
def _upper(one: np.int16, other: np.int16) -> np.int16:
    return np.int16((np.int32(one) * np.int32(other)) >> np.int32(16))
