"""The simulated libcamera by itself: what picamera2 leans on without looking."""

import os
import select

import numpy as np
import pytest

from device.clock import SteppedClock
from device.frame import Cfa
from device.optics import Rings
from device.scene import Scene
from tests import libcamera_sim as libcamera
from tests.libcamera_sim import controls
from tests.libcamera_sim.exposing import Light
from tests.small_sensor import SMALL

HALF = (240, 180)


class Pipeline:
    """One camera with a RAW stream, driven as an application would, without picamera2."""

    def __init__(self, raw: str = "12", buffers: int = 4) -> None:
        self.clock = SteppedClock()
        self.manager = libcamera.CameraManager()
        light = Light(SMALL, Scene.drawn(), Rings(), seed=1)
        self.camera = libcamera.Camera(self.manager.complete, self.clock.now_ns, SMALL, light, raw, 32)
        self.configuration = self.camera.generate_configuration([libcamera.StreamRole.Raw])
        self.stream = self.configuration.at(0)
        self.configuration.sensor_config = libcamera.SensorConfiguration()
        self.configuration.sensor_config.output_size = libcamera.Size(*HALF)
        self.stream.pixel_format = libcamera.PixelFormat("SRGGB12")
        self.stream.size = libcamera.Size(*HALF)
        self.status = self.configuration.validate()
        self.camera.configure(self.configuration)
        self.requests = [self._request() for _ in range(buffers)]

    def _request(self) -> libcamera.Request:
        descriptor = os.memfd_create("test")
        os.ftruncate(descriptor, self.stream.frame_size)
        plane = libcamera.FrameBuffer.Plane()
        plane.fd, plane.length = descriptor, self.stream.frame_size
        os.close(descriptor)  # the plane has a duplicate
        request = self.camera.create_request(7)
        request.add_buffer(self.stream.stream, libcamera.FrameBuffer([plane]))
        return request

    def start(self) -> None:
        self.camera.start({})
        for request in self.requests:
            self.camera.queue_request(request)

    def run(self, frames: int) -> list[libcamera.Request]:
        for _ in range(frames):
            self.clock.wait_until(self.camera.next_ns or 0)
            self.camera.run_until(self.clock.now_ns())
        return self.manager.get_ready_requests()

    def number(self, request: libcamera.Request) -> int:
        return request.buffers[self.stream.stream].metadata.sequence


def test_a_plane_shares_its_descriptor_and_outlives_the_one_it_was_given() -> None:
    pipeline = Pipeline()
    pipeline.start()
    (request,) = pipeline.run(1)
    memory = request.buffers[pipeline.stream.stream].written().view("<u2").reshape(180, -1)[:, :240]
    np.testing.assert_array_equal(memory, pipeline.camera.delivered[0])


@pytest.mark.parametrize(
    ("raw", "granted", "row_bytes"),
    [("12", "SBGGR12", 480), ("16", "SBGGR16", 480), ("12_CSI2P", "SBGGR12_CSI2P", 384), ("_PISP_COMP1", None, 256)],
)
def test_the_configuration_is_rewritten_into_what_will_come(raw: str, granted: str | None, row_bytes: int) -> None:
    pipeline = Pipeline(raw)
    assert pipeline.status is libcamera.CameraConfiguration.Status.Adjusted
    assert str(pipeline.stream.pixel_format) == (granted or "BGGR_PISP_COMP1")
    assert pipeline.stream.stride == row_bytes
    assert pipeline.stream.frame_size == row_bytes * 180


def test_turned_by_half_a_turn_the_pattern_begins_with_its_other_corner() -> None:
    pipeline = Pipeline()
    pipeline.configuration.orientation = libcamera.Orientation.Rotate180
    pipeline.configuration.validate()
    assert str(pipeline.stream.pixel_format) == f"S{Cfa.RGGB}12"


def test_completed_requests_are_told_by_the_descriptor_and_fetched_once() -> None:
    pipeline = Pipeline()
    pipeline.start()
    assert not select.select([pipeline.manager.event_fd], [], [], 0)[0]
    pipeline.clock.wait_until(pipeline.camera.next_ns or 0)
    pipeline.camera.run_until(pipeline.clock.now_ns())
    assert select.select([pipeline.manager.event_fd], [], [], 0)[0]
    (request,) = pipeline.manager.get_ready_requests()
    assert (request.status, request.cookie) == (libcamera.Request.Status.Complete, 7)
    assert pipeline.manager.get_ready_requests() == []


def test_without_a_queued_request_a_frame_is_lost_and_counted() -> None:
    pipeline = Pipeline(buffers=2)
    pipeline.start()
    first, second = pipeline.run(5)
    assert [pipeline.number(first), pipeline.number(second)] == [0, 1]
    assert pipeline.camera.lost_frames == 3
    first.reuse()
    pipeline.camera.queue_request(first)
    (again,) = pipeline.run(1)
    assert pipeline.number(again) == 5


def test_a_stop_cancels_what_is_queued() -> None:
    pipeline = Pipeline()
    pipeline.start()
    pipeline.run(1)
    pipeline.camera.stop()
    cancelled = pipeline.manager.get_ready_requests()
    assert [request.status for request in cancelled] == [libcamera.Request.Status.Cancelled] * 3


def test_controls_travel_with_a_request_and_are_obeyed_two_frames_after_it() -> None:
    pipeline = Pipeline(buffers=6)
    pipeline.requests[1].set_control(controls.ExposureTime, 4_000)
    pipeline.start()
    told = [request.metadata[controls.ExposureTime] for request in pipeline.run(6)]
    assert told == [10_000] * 3 + [4_000] * 3


def test_what_is_running_cannot_be_configured_and_what_is_not_takes_no_requests() -> None:
    pipeline = Pipeline()
    with pytest.raises(RuntimeError):
        pipeline.camera.queue_request(pipeline.requests[0])
    pipeline.start()
    with pytest.raises(RuntimeError, match="busy"):
        pipeline.camera.configure(pipeline.configuration)


def test_one_camera_has_one_owner() -> None:
    camera = Pipeline().camera
    camera.acquire()
    with pytest.raises(RuntimeError, match="busy"):
        camera.acquire()
    camera.release()
    camera.acquire()
