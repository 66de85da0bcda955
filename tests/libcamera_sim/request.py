"""Requests: buffers to fill and controls to obey."""

import enum
from typing import Any

from tests.libcamera_sim.buffers import FrameBuffer, FrameMetadata
from tests.libcamera_sim.control_ids import ControlId


class Request:
    class Status(enum.Enum):
        Pending = 0
        Complete = 1
        Cancelled = 2

    def __init__(self, cookie: int) -> None:
        self.cookie = cookie
        self.status = self.Status.Pending
        self.sequence = 0  # counts requests, not frames
        self.buffers: dict[Any, FrameBuffer] = {}
        self.metadata: dict[ControlId, object] = {}
        self.asked: dict[ControlId, object] = {}

    def add_buffer(self, stream: object, buffer: FrameBuffer) -> None:
        self.buffers[stream] = buffer

    def set_control(self, control: ControlId, value: object) -> None:
        self.asked[control] = value

    def reuse(self) -> None:
        self.status, self.asked, self.metadata = self.Status.Pending, {}, {}

    def end(self, status: Status, frame: FrameMetadata.Status) -> None:
        """For the simulated pipeline: done, one way or the other."""
        self.status = status
        for buffer in self.buffers.values():
            buffer.metadata.status = frame
