"""The camera manager: a list of cameras, and a descriptor that tells of completed requests."""

import os
import threading
from typing import ClassVar

from tests.libcamera_sim.camera import Camera
from tests.libcamera_sim.request import Request


class CameraManager:
    """Of which the real library has one; `current` is put in place by whoever plugs in a camera."""

    current: ClassVar["CameraManager | None"] = None
    version = "v0.7.1"

    def __init__(self) -> None:
        self.cameras: list[Camera] = []
        self.event_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.poisoned = False
        self.taken = threading.Event()  # nothing waits to be fetched
        self.taken.set()
        self._ready: list[Request] = []
        self._lock = threading.Lock()

    @staticmethod
    def singleton() -> "CameraManager":
        if CameraManager.current is None:
            CameraManager.current = CameraManager()
        return CameraManager.current

    def complete(self, request: Request) -> None:
        with self._lock:
            self._ready.append(request)
            self.taken.clear()
        os.eventfd_write(self.event_fd, 1)

    def get_ready_requests(self) -> list[Request]:
        if self.poisoned:
            self.poisoned = False
            self.taken.set()
            raise RuntimeError("planned: the listening thread dies of this")
        try:
            os.eventfd_read(self.event_fd)
        except BlockingIOError:
            return []
        with self._lock:
            ready, self._ready = self._ready, []
            self.taken.set()
        return ready
