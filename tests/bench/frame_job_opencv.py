"""The same frame job in OpenCV, as good as can be: everything into buffers that exist, patterns made before.

The rule of the marks is ours, 3 sums of bends above 2 of slopes on the dark side of edges, by blocks of 2 x 2 pixels as
ours, whose means are rounded; the limits of each focus cell, which we find in the frame, are given to it.
"""

from typing import Any

import cv2
import numpy as np

from device.frame import Plane
from device.preview import PreviewFrame
from ui.overlays import stripes
from ui.screen import Pixels
from ui.theme import Colour


def i420(view: PreviewFrame) -> Plane:
    """(3 / 2 rows, columns) uint8: its planes one behind the other."""
    planes, (rows, columns) = (view.preview.y, view.preview.u, view.preview.v), view.preview.y.shape
    return np.concatenate([plane.ravel() for plane in planes]).reshape(rows * 3 // 2, columns)


class OpenCvJob:
    """Draws frames of one scene, on one thread."""

    def __init__(self, view: PreviewFrame, limits: np.ndarray[Any, Any], colour: Colour) -> None:
        cv2.setNumThreads(1)
        rows, columns = self._shape = view.preview.y.shape
        self._limits, self._clipped = limits, view.reading.clipped
        self._deep = [np.zeros((rows, columns), np.int16) for _ in range(6)]
        self._masks = [np.zeros((rows, columns), np.uint8) for _ in range(4)]
        self._blocks = [np.zeros((rows // 2, columns // 2), np.int16) for _ in range(2)]
        self._leads = np.zeros((rows // 2, columns // 2), np.uint8)
        self._red = np.zeros((rows, columns, 4), np.uint8)
        self._red[:] = (*colour[::-1], 255)
        patterns = stripes(8)
        across, down = -(-columns // 8), -(-rows // 8)
        self._striped = [np.ascontiguousarray(np.tile(p, (down, across, 1))[:rows, :columns]) for p in patterns]
        self._where = [np.ascontiguousarray(p[..., 3]) for p in self._striped]
        self._sets = [int(n) for n in np.unique(self._clipped) if n]

    def draw(self, frame: Plane, out: Pixels) -> None:
        """Colour, stripes, marks, of a frame as `i420` has it."""
        cv2.cvtColor(frame, cv2.COLOR_YUV2BGRA_I420, dst=out)
        self._stripe(out)
        cv2.copyTo(self._red, self._marks(frame[: self._shape[0]]), dst=out)

    def _stripe(self, out: Pixels) -> None:
        clipped, mask = self._masks[0], self._masks[1]
        cv2.resize(self._clipped, self._shape[::-1], dst=clipped, interpolation=cv2.INTER_NEAREST)
        for kind in self._sets:
            cv2.compare(clipped, float(kind), cv2.CMP_EQ, dst=mask)
            cv2.bitwise_and(mask, self._where[kind], dst=mask)
            cv2.copyTo(self._striped[kind], mask, dst=out)

    def _marks(self, y: Plane) -> Plane:
        darker, bend, slope, other, limit, none = self._deep
        blocks, sums = self._blocks
        cv2.Laplacian(y, cv2.CV_16S, dst=darker, ksize=1)
        cv2.absdiff(darker, none, dst=bend)
        cv2.Sobel(y, cv2.CV_16S, 1, 0, dst=slope, ksize=1)
        cv2.Sobel(y, cv2.CV_16S, 0, 1, dst=other, ksize=1)
        cv2.absdiff(slope, none, dst=slope)
        cv2.absdiff(other, none, dst=other)
        cv2.add(slope, other, dst=slope)
        cv2.addWeighted(bend, 3.0, slope, -2.0, 0.0, dst=other)
        cv2.resize(other, blocks.shape[::-1], dst=blocks, interpolation=cv2.INTER_AREA)
        cv2.boxFilter(blocks, cv2.CV_16S, (3, 3), dst=sums, normalize=False)
        cv2.compare(sums, 0.0, cv2.CMP_GT, dst=self._leads)
        cv2.resize(self._leads, self._shape[::-1], dst=self._masks[2], interpolation=cv2.INTER_NEAREST)
        cv2.resize(self._limits, self._shape[::-1], dst=limit, interpolation=cv2.INTER_NEAREST)
        cv2.compare(darker, limit, cv2.CMP_GT, dst=self._masks[3])
        cv2.bitwise_and(self._masks[2], self._masks[3], dst=self._masks[2])
        return self._masks[2]
