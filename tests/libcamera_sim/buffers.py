"""Frame buffers: memory behind file descriptors that copies share, and what is known of its contents."""

import enum
import mmap
import os
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class SharedFD:
    """A duplicate that is closed with its last holder."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = os.dup(descriptor)

    def __del__(self) -> None:
        os.close(self.descriptor)


class FrameMetadata:
    class Status(enum.Enum):
        Success = 0
        Error = 1
        Cancelled = 2

    def __init__(self) -> None:
        self.status = self.Status.Success
        self.sequence = 0
        self.timestamp = 0


class Plane:
    def __init__(self) -> None:
        self._shared: SharedFD | None = None
        self.offset = 0
        self.length = 0

    @property
    def fd(self) -> int:
        return self._shared.descriptor if self._shared else -1

    @fd.setter
    def fd(self, descriptor: int) -> None:
        self._shared = SharedFD(descriptor)


class FrameBuffer:
    Plane = Plane

    def __init__(self, planes: Sequence[Plane], cookie: int = 0) -> None:
        self.planes = list(planes)
        self.cookie = cookie
        self.metadata = FrameMetadata()
        self._memory = mmap.mmap(planes[0].fd, planes[0].length)

    def written(self) -> NDArray[np.uint8]:
        """For the simulated hardware: the whole memory."""
        return np.frombuffer(self._memory, np.uint8)


class FrameBufferAllocator:
    """picamera2 names it and brings buffers of its own."""
