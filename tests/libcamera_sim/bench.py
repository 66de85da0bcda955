"""A camera on the bench: plugged in, its clock moved by whoever waits for a frame."""

import select

from device.clock import SteppedClock
from device.optics import Rings
from device.scene import Scene
from device.sensor_facts import SensorModel
from tests.libcamera_sim.camera import Camera
from tests.libcamera_sim.exposing import Light
from tests.libcamera_sim.installing import MemfdHeap, install
from tests.libcamera_sim.manager import CameraManager

LISTENER_S = 5.0  # for picamera2's own thread to pass on what completed; it takes a millisecond


class Bench:
    """One simulated camera, and time.

    Args:
        clock: stamps the frames.
        model: which sensor.
        scene: before it.
        raw: as of `Camera`.
        stride_bytes: likewise.
        kind: of camera.
    """

    def __init__(
        self,
        clock: SteppedClock,
        model: SensorModel,
        scene: Scene,
        *,
        raw: str = "12",
        stride_bytes: int = 32,
        kind: type[Camera] = Camera,
    ) -> None:
        install()
        self.clock = clock
        self.model = model
        self.manager = CameraManager()
        light = Light(model, scene, Rings(), seed=1)
        self.camera = kind(self.manager.complete, clock.now_ns, model, light, raw, stride_bytes)
        self.plug_in()

    def plug_in(self) -> None:
        from picamera2 import Picamera2  # noqa: PLC0415 - installed by now

        for left_open in list(Picamera2._cm.cameras.values()):  # by a test that failed
            left_open.close()
        self.manager.cameras = [self.camera]
        CameraManager.current = self.manager
        Picamera2._cm.reset()
        MemfdHeap.limit_bytes = None
        MemfdHeap.generation += 1

    def wait_readable(self, descriptor: int, timeout_s: float) -> bool:
        """Time passes from frame to frame until one has gone through picamera2's listening thread."""
        deadline_ns = self.clock.now_ns() + round(timeout_s * 1e9)
        while True:
            self.camera.run_until(self.clock.now_ns())
            self.settle()
            if select.select([descriptor], [], [], 0)[0]:
                return True
            next_ns = self.camera.next_ns
            if next_ns is None or next_ns > deadline_ns:
                self.clock.wait_until(deadline_ns)
                return False
            self.clock.wait_until(next_ns)

    def settle(self) -> None:
        """Until the listening thread has passed everything on, unless it died."""
        from picamera2 import Picamera2  # noqa: PLC0415

        listener = Picamera2._cm.thread
        for _ in range(round(LISTENER_S / 0.01)):
            if self.manager.taken.wait(0.01) or not listener.is_alive():
                break
        else:
            raise AssertionError("picamera2 listens to another camera: close its sensor before the next is opened")
        lock = Picamera2._cm._lock  # it holds this from before it takes them until it has told
        if not lock.acquire(timeout=LISTENER_S):
            raise AssertionError("picamera2's listening thread hangs while it passes requests on")
        lock.release()
