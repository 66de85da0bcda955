"""A frame stream whose loop is turned by hand, with everything behind it real but small."""

from collections.abc import Callable
from pathlib import Path

import pytest

from device.camera import Camera
from device.clock import Clock
from device.frame import LiveFrame
from device.preview import PreviewReader, PreviewWriter, Sizes
from device.sensor import Sensor
from device.showing import Showing
from device.stream import Stream
from tests.test_camera import Rig


class Running:
    """Frames of that sensor, at most of 360 x 480 photosites with previews of 90 x 120, through stream and camera.

    Attributes:
        frames: that came, as the stream passed them on; those with RAW are overwritten by later ones.
    """

    def __init__(self, folder: Path, sensor: Sensor, clock: Clock, pre_capture: int = 0, **drive: object) -> None:
        self.clock = clock
        self.rig = Rig(folder, 8, pre_capture_frames=pre_capture, **drive)
        self.frames: list[LiveFrame] = []
        self._path = folder / "preview"
        self.showing = Showing(clock, (120, 160))
        self._ring = PreviewWriter(self._path, Sizes.for_sensor(360, 480, (90, 120), (120, 160)))
        self.stream = Stream(
            sensor=sensor,
            camera=self.camera,
            ring=self._ring,
            clock=clock,
            showing=self.showing,
            seen=self.frames.append,
        )

    @property
    def camera(self) -> Camera:
        return self.rig.camera

    @property
    def sequences(self) -> list[int]:
        """Numbers of the frames that came."""
        return [frame.sequence for frame in self.frames]

    def reader(self) -> PreviewReader:
        return PreviewReader(self._path)

    def turn_until(self, done: Callable[[], object], turns: int = 400) -> None:
        for _ in range(turns):
            if done():
                return
            self.stream.step()
        pytest.fail("it never happened")

    def see(self, count: int) -> None:
        wanted = len(self.frames) + count
        self.turn_until(lambda: len(self.frames) >= wanted)
