"""Dark frames, and the photosites in them that are brighter, darker or more constant than noise lets a good one be.

The noise of a frame is the sensor's model at its gain (`Frame.noise`). A photosite is bad where its mean over the
frames lies SIGMAS standard deviations of such a mean off its channel's median: of 12 million good ones with Gaussian
noise, 0.025 do. Where the means differ more than that model says, as dark current does from place to place, the
deviation is what they do differ by (1.4826 times the median absolute deviation, which outliers cannot move). Pure.
"""

from dataclasses import dataclass
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

from device.errors import BadValue
from device.frame import CHANNELS, QUANTISATION_DN2, Frame
from device.hot_pixels import MOST, HotPixels, numbered

SIGMAS = 6.0
DARK_SIGMAS = 2.0  # of one frame's noise: so far above black may a dark frame's channel lie, dark current included
DARK_DN = 1.0  # besides: black is known to a DN or so
BLOCKS = 8  # down and across: light that leaks in from a side is dark elsewhere
STUCK_CHANCE = 1e-9  # a good photosite reads the same number in all frames less often than this, or nothing is said
_OF_NORMAL = 1.4826


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What dark frames tell.

    Attributes:
        hot: the map.
        left_out: how many more there were than a map can hold; those farthest off are in it.
        brightest_dn: the largest mean above black among the good and the bad.
    """

    hot: HotPixels
    left_out: int
    brightest_dn: float


class DarkFrames:
    """Dark frames of one exposure, added up: 8 bytes a photosite however many they are.

    Attributes:
        count: of them.
    """

    def __init__(self) -> None:
        self._first: Frame | None = None
        self.count = 0
        self._sum = np.zeros((0, 0), np.uint32)
        self._least = self._most = np.zeros((0, 0), np.uint16)

    def takes(self, frame: Frame) -> bool:
        """Whether it is like those before it in size, pattern and exposure."""
        first = self._first or frame
        return (frame.raw.shape, frame.cfa, frame.exposure) == (first.raw.shape, first.cfa, first.exposure)

    def add(self, frame: Frame) -> None:
        """One more.

        Raises:
            BadValue: it is not dark, or not like those before it.
        """
        check_dark(frame)
        if self._first is None:
            self._first, self._sum = frame, np.zeros(frame.raw.shape, np.uint32)
            self._least, self._most = frame.raw.copy(), frame.raw.copy()
        elif not self.takes(frame):
            raise BadValue("The dark frames differ in size or exposure: measure again, and leave the camera alone.")
        self.count += 1
        self._sum += frame.raw
        np.minimum(self._least, frame.raw, out=self._least)
        np.maximum(self._most, frame.raw, out=self._most)

    def found(self) -> Found:
        """The bad photosites.

        Raises:
            BadValue: there are not two frames, or they are one and the same picture.
        """
        if self._first is None or self.count < 2 or (self._least == self._most).all():
            raise BadValue("Hot pixels want at least two dark frames that are not one and the same picture.")
        off, brightest_dn = self._off(self._first)
        bad = np.flatnonzero(off > SIGMAS)
        kept = np.sort(bad[np.argsort(-off.ravel()[bad], kind="stable")[:MOST]])
        return Found(numbered(off.shape[0], off.shape[1], kept), bad.size - kept.size, brightest_dn)

    def _off(self, first: Frame) -> tuple[NDArray[np.float32], float]:
        """(rows, columns) how far off in standard deviations, inf of what never changes; the largest mean, DN."""
        off = np.empty(self._sum.shape, np.float32)
        brightest_dn = 0.0
        for channel, place in enumerate(first.cfa.places):
            row, column = divmod(int(place), 2)
            mean = self._sum[row::2, column::2] / np.float32(self.count)
            level = float(np.median(mean))
            one = _deviation_dn(first, level - first.levels.black[channel])
            apart = np.abs(mean - np.float32(level))
            spread = max(one / sqrt(self.count), _OF_NORMAL * float(np.median(apart)))
            plane = off[row::2, column::2]
            plane[...] = apart / np.float32(spread)
            if _same_by_chance(one, self.count) < STUCK_CHANCE:
                plane[self._least[row::2, column::2] == self._most[row::2, column::2]] = np.inf
            brightest_dn = max(brightest_dn, float(mean.max()) - first.levels.black[channel])
        return off, brightest_dn


def check_dark(frame: Frame) -> None:
    """Whether no light fell on it: the median of each channel, in each of 8 x 8 parts, hardly lies above black.

    Raises:
        BadValue: it did, and how much.
    """
    above = max(
        float(np.median(part)) - frame.levels.black[channel]
        for channel in range(len(CHANNELS))
        for band in np.array_split(_plane(frame, channel), BLOCKS, 0)
        for part in np.array_split(band, BLOCKS, 1)
        if part.size
    )
    noise = _deviation_dn(frame, 0.0)
    if above > DARK_SIGMAS * noise + DARK_DN:
        raise BadValue(
            f"It is not dark: up to {above:.0f} DN above black where noise is {noise:.1f}: put the cap on the lens and "
            "keep light from the rig."
        )


def _plane(frame: Frame, channel: int) -> NDArray[np.uint16]:
    row, column = divmod(int(frame.cfa.places[channel]), 2)
    return frame.raw[row::2, column::2]


def _deviation_dn(frame: Frame, signal_dn: float) -> float:
    """Of one photosite in one frame, by the sensor's noise model."""
    return sqrt(max(frame.noise.floor_dn2 + frame.noise.slope_dn * max(signal_dn, 0.0), QUANTISATION_DN2))


def _same_by_chance(deviation_dn: float, count: int) -> float:
    """The chance, at most, that a good photosite reads one number `count` times: its density's peak, each time anew."""
    return float(min(1.0, 1 / (deviation_dn * sqrt(2 * pi))) ** (count - 1))
