"""Frames of before a press: copies of the newest armed ones, in a ring whose memory is used again. Pure.

Copies and not lent frames: a sensor has few buffers, and misses those that are held (see sensor.Sensor).
"""

from collections import deque
from dataclasses import replace

import numpy as np

from device.frame import Frame, Preview


class PreCapture:
    """The ring. It grows by one copy with each frame, so it takes no memory that is not wanted."""

    def __init__(self) -> None:
        self._kept: deque[Frame] = deque()

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, frame: Frame, limit: int) -> None:
        """Copy one more; of those kept the newest `limit` stay."""
        spare = None
        while len(self._kept) >= max(1, limit):
            spare = self._kept.popleft()
        if limit > 0:
            self._kept.append(frame.copied() if spare is None else _copied_into(spare, frame))

    def taken(self, room: int) -> list[Frame]:
        """The newest of those kept, as many as there is room for, oldest first; the caller's own. None stays."""
        kept = list(self._kept)
        self._kept.clear()
        return kept[max(0, len(kept) - room) :]


def _copied_into(spare: Frame, frame: Frame) -> Frame:
    """A copy in the memory of a frame that nobody has any more, so that a full ring asks for none."""
    if spare.raw.shape != frame.raw.shape or spare.preview.y.shape != frame.preview.y.shape:
        return frame.copied()
    np.copyto(spare.raw, frame.raw)
    planes = Preview(spare.preview.y, spare.preview.u, spare.preview.v)
    for name in ("y", "u", "v"):
        np.copyto(getattr(planes, name), getattr(frame.preview, name))
    return replace(frame, raw=spare.raw, preview=planes)
