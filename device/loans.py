"""Frames that are lent, and buffers that are used again when such a frame is given back."""

from collections import defaultdict
from typing import Generic, TypeVar

import numpy as np

from device.errors import BadValue
from device.frame import LiveFrame, Raw

Shape = tuple[int, int]
_T = TypeVar("_T")
_F = TypeVar("_F", bound=LiveFrame)


class Loans(Generic[_T]):
    """The frames that are out, each with what its sensor needs when it comes back."""

    def __init__(self) -> None:
        self._out: dict[int, tuple[LiveFrame, _T]] = {}  # by id: a frame is itself and nothing equal to it

    def __len__(self) -> int:
        return len(self._out)

    def lend(self, frame: _F, kept: _T) -> _F:
        """Note that a frame is out."""
        self._out[id(frame)] = (frame, kept)
        return frame

    def give_back(self, frame: LiveFrame) -> _T:
        """End a loan; what was kept for this moment.

        Raises:
            BadValue: it was given back before, or never lent.
        """
        if id(frame) not in self._out:
            raise BadValue(
                f"Frame {frame.sequence} is not lent: give each frame back once, to the sensor it came from."
            )
        return self._out.pop(id(frame))[1]


class Buffers:
    """So many buffers of each size that is asked for, made when first needed.

    Args:
        count: of each size.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._made: defaultdict[Shape, int] = defaultdict(int)
        self._free: defaultdict[Shape, list[Raw]] = defaultdict(list)

    def room(self, shape: Shape) -> bool:
        """Whether a buffer of that size is free."""
        return bool(self._free[shape]) or self._made[shape] < self._count

    def take(self, shape: Shape) -> Raw:
        """A free buffer, (rows, columns) uint16; ask for room first."""
        if not self._free[shape]:
            self._made[shape] += 1
            self._free[shape].append(np.empty(shape, np.uint16))
        return self._free[shape].pop()

    def put_back(self, buffer: Raw) -> None:
        """It is free again."""
        self._free[buffer.shape].append(buffer)
