"""Exposures added up photosite by photosite, as if they had been one long one. Pure.

What lies above black is added, exactly and with its sign: where there is little light, noise falls below black as often
as above it, and a sum of what was cut off there would be too bright. What reaches white, in one exposure or in their
sum, is white from then on, as the sensor's own long exposure would be. The noise of independent exposures adds up, too:
photon noise follows the light, and stays what it is at that signal, the variance of the read noise is that of all of
them together. Where that reaches down to 0, black and white of the photograph are raised alike.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from device.frame import Exposure, Frame, Levels, Noise, Preview, Raw
from device.kernel import inner, kernel
from device.summed import Summed

HIGHEST = 65_535  # of uint16: what is white while it is added up, so that there is most room below black
CLEAR_SIGMAS = 6  # of the read noise of all, between black and 0
ALIKE = 0.01  # relative: frames of one setting tell the same exposure and gain, but for rounding


class ExposureSum:
    """A sum under way: one array of the size of a frame, whatever number of them is added.

    Args:
        first: lent; it is copied.
    """

    def __init__(self, first: Frame) -> None:
        self._first = self._last = _told_by(first)
        self._raw = np.ascontiguousarray(first.raw) + np.uint16(HIGHEST - first.levels.white)
        self._raw[first.raw >= first.levels.white] = HIGHEST
        self._black = np.array(first.levels.black)  # of all frames together
        self._taken_off = np.zeros(4, np.int64)  # of it, whole DN
        self._floor_dn2 = first.noise.floor_dn2
        self._exposed_us = first.exposure.exposure_us
        self.frames, self.lost = 1, 0

    @property
    def began_ns(self) -> int:
        """When the first exposure began."""
        return self._first.exposure_start_ns

    @property
    def ended_ns(self) -> int:
        """When the last one ended."""
        return self._last.sensor_timestamp_ns

    def add(self, frame: Frame) -> bool:
        """One more; says whether it was taken, which it is if it was exposed like the first, and after the last.

        Whole exposures that are missing before it count as lost.

        Args:
            frame: lent; nothing of it is kept.
        """
        if not self._is_alike(frame):
            return False
        gap_ns = frame.exposure_start_ns - self._last.sensor_timestamp_ns
        self.lost += max(0, gap_ns) // (frame.exposure.exposure_us * 1000)
        self._black += frame.levels.black
        taken_off = np.rint(self._black - self._first.levels.black).astype(np.int64)
        black, self._taken_off = taken_off - self._taken_off, taken_off
        _add(np.ascontiguousarray(frame.raw), _in_rows(black, frame), frame.levels.white, self._raw)
        self._floor_dn2 += frame.noise.floor_dn2
        self._exposed_us += frame.exposure.exposure_us
        self._last = _told_by(frame)
        self.frames += 1
        return True

    def finished(self) -> tuple[Frame, Summed]:
        """The sum as one frame, and what it was made of. It takes the sum's memory: nothing can be added any more.

        The frame's exposure began with the first one's, and is as long as all of them together. Its levels are the
        sensor's unless noise would fall below 0. Its preview is black, of the size that the sensor's have.
        """
        raised = self._raised()
        np.maximum(self._raw, HIGHEST - self._first.levels.white - raised, out=self._raw)
        self._raw -= np.uint16(HIGHEST - self._first.levels.white - raised)
        black = self._black - self._taken_off + raised
        exposure = Exposure(self._exposed_us, self._first.exposure.gain)
        frame = replace(
            self._last,
            sensor_timestamp_ns=self.began_ns + exposure.exposure_us * 1000,  # so that its start is the first one's
            exposure=exposure,
            raw=self._raw,
            levels=Levels(tuple(black.tolist()), self._first.levels.white + raised),
            noise=Noise(self._first.noise.slope_dn, self._floor_dn2),
        )
        return frame, self._summed()

    def _summed(self) -> Summed:
        span_ns = self.ended_ns - self.began_ns
        return Summed(self.frames, self.lost, span_ns, max(0, span_ns - self._exposed_us * 1000))

    def _is_alike(self, frame: Frame) -> bool:
        first, given = self._first.exposure, frame.exposure
        return (
            frame.raw.shape == self._raw.shape
            and frame.sensor_timestamp_ns > self._last.sensor_timestamp_ns
            and math.isclose(given.exposure_us, first.exposure_us, rel_tol=ALIKE)
            and math.isclose(given.gain, first.gain, rel_tol=ALIKE)
        )

    def _raised(self) -> int:
        """How far black must be raised, as far as uint16 has room for it."""
        wanted = math.ceil(CLEAR_SIGMAS * math.sqrt(self._floor_dn2) - min(self._first.levels.black))
        return min(max(0, wanted), HIGHEST - self._first.levels.white)


_NOTHING: Raw = np.zeros((0, 0), np.uint16)


def _told_by(frame: Frame) -> Frame:
    """A lent frame without its lent memory."""
    y, u = frame.preview.y, frame.preview.u
    blank = Preview(np.zeros(y.shape, np.uint8), np.full(u.shape, 128, np.uint8), np.full(u.shape, 128, np.uint8))
    return replace(frame, raw=_NOTHING, preview=blank)


def _in_rows(black: NDArray[np.int64], frame: Frame) -> NDArray[np.uint16]:
    """(2, columns) uint16: what is to be taken off an even and an odd row."""
    wide = np.tile(black[frame.cfa.pattern], (1, frame.raw.shape[1] // 2 + 1))
    return np.ascontiguousarray(wide[:, : frame.raw.shape[1]], np.uint16)


@kernel("void(u2[:, ::1], u2[:, ::1], i8, u2[:, ::1])")
def _add(raw: Raw, black: NDArray[np.uint16], white: int, total: Raw) -> None:
    for y in range(raw.shape[0]):
        _add_row(raw[y], black[y & 1], np.int32(white), total[y])


@inner
def _add_row(raw: Raw, black: NDArray[np.uint16], white: np.int32, total: Raw) -> None:
    highest, lowest = np.int32(HIGHEST), np.int32(0)
    for x in range(raw.size):
        more, so_far = np.int32(raw[x]), np.int32(total[x])
        value = min(max(np.int32(np.int32(so_far + more) - np.int32(black[x])), lowest), highest)
        total[x] = np.uint16(highest if (more >= white) | (so_far >= highest) else value)
