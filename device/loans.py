"""Buffers that are lent: made once, handed out with a frame, and used again when that frame is given back."""

from collections import defaultdict

import numpy as np

from device.errors import BadValue
from device.frame import Frame, Raw

Shape = tuple[int, int]


class Loans:
    """So many buffers of each size that is asked for.

    Args:
        count: of each size.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._made: defaultdict[Shape, int] = defaultdict(int)
        self._free: defaultdict[Shape, list[Raw]] = defaultdict(list)
        self._lent: dict[int, Frame] = {}  # by id: a frame is itself and nothing equal to it

    def room(self, shape: Shape) -> bool:
        """Whether a buffer of that size is free."""
        return bool(self._free[shape]) or self._made[shape] < self._count

    def buffer(self, shape: Shape) -> Raw:
        """A free buffer, (rows, columns) uint16; ask for room first."""
        if not self._free[shape]:
            self._made[shape] += 1
            self._free[shape].append(np.empty(shape, np.uint16))
        return self._free[shape].pop()

    def lend(self, frame: Frame) -> Frame:
        """Note that a frame with such a buffer is out."""
        self._lent[id(frame)] = frame
        return frame

    def give_back(self, frame: Frame) -> None:
        """Take the buffer of a frame back.

        Raises:
            BadValue: it was given back before, or never lent.
        """
        if self._lent.pop(id(frame), None) is None:
            raise BadValue(
                f"Frame {frame.sequence} is not lent: give each frame back once, to the sensor it came from."
            )
        self._free[frame.raw.shape].append(frame.raw)
