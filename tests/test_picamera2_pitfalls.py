"""What picamera2 itself does when something goes wrong: the reasons for the shape of device/sensor_picamera2.py.

Each is shown on the real picamera2, unmodified and used as its manual says, on the simulated libcamera. Should one of
these fail with a newer picamera2, a pitfall is gone.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from device.clock import SteppedClock
from tests.libcamera_sim import CameraManager, Request, controls
from tests.libcamera_sim.bench import Bench
from tests.picamera2_bench import small_bench

BUFFERS = 4


class Used:
    """picamera2 streaming RAW and a preview, its loop turned by the test."""

    def __init__(self, bench: Bench) -> None:
        from picamera2 import Picamera2  # noqa: PLC0415 - the bench has put libcamera in place

        self.bench = bench
        self.picamera2 = Picamera2()
        self.configuration: dict[str, Any] = self.picamera2.create_preview_configuration(
            main={"format": "YUV420", "size": (120, 90)},
            raw={"format": "SRGGB12", "size": (240, 180)},
            sensor={"output_size": (240, 180), "bit_depth": 12},
            buffer_count=BUFFERS,
            display=None,
            encode=None,
        )
        self.picamera2.configure(self.configuration)

    def turn(self, frames: int = 1) -> None:
        for _ in range(frames):
            if self.bench.wait_readable(self.picamera2.notifyme_r, 0.2):
                self.picamera2.notifymeread.read()
                self.picamera2.process_requests(None)

    def start(self) -> None:
        self.picamera2.start(show_preview=None)


@pytest.fixture
def used() -> Iterator[Used]:
    made = Used(small_bench(SteppedClock()))
    yield made
    made.picamera2.close()


def test_requests_come_with_all_streams_of_one_exposure(used: Used) -> None:
    used.start()
    job = used.picamera2.capture_request(wait=False)
    used.turn()
    request = used.picamera2.wait(job)
    stamps = {buffer.metadata.timestamp for buffer in request.request.buffers.values()}
    assert stamps == {request.get_metadata()["SensorTimestamp"]}
    assert set(request.stream_map) == {"main", "lores", "raw"}
    request.release()


@pytest.mark.filterwarnings("ignore:setDaemon:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_callback_that_raises_ends_the_event_thread_and_nothing_can_stop_the_camera(used: Used) -> None:
    used.picamera2.post_callback = lambda request: 1 / 0  # noqa: ARG005
    used.picamera2.start()
    camera = used.bench.camera
    camera.run_until(camera.next_ns or 0)
    used.picamera2._preview.thread.join(30)
    assert not used.picamera2._preview.thread.is_alive()
    used.picamera2.dispatch_functions([used.picamera2.stop_], wait=False, immediate=True)  # what stop() then waits for
    assert len(used.picamera2._job_list) == 1
    assert camera.next_ns is not None


def test_a_capture_that_timed_out_keeps_its_buffer_for_ever(used: Used) -> None:
    used.start()
    used.bench.camera.faults.stalled = True
    for _ in range(BUFFERS):
        used.picamera2.capture_request(wait=False)  # as after TimeoutError: nobody asks for the result any more
    used.bench.camera.faults.stalled = False
    used.turn(BUFFERS)
    frames = used.picamera2.frames
    used.turn(20)
    assert used.picamera2.frames == frames == BUFFERS
    assert used.bench.camera.lost_frames > 20


def test_a_stuck_job_holds_up_the_stop_and_cancelling_all_of_them_frees_it(used: Used) -> None:
    used.start()
    used.picamera2.dispatch_functions([lambda: (False, None)], wait=False)  # as a wait for a frame that never comes
    stop = used.picamera2.dispatch_functions([used.picamera2.stop_], wait=False, immediate=True)
    used.turn(3)
    assert not stop._future.done()
    used.picamera2.cancel_all_and_flush()
    used.picamera2.stop()
    used.start()
    before = used.picamera2.frames
    used.turn(10)
    assert used.picamera2.frames == before + 10


def test_cancelled_requests_vanish_without_a_word(used: Used) -> None:
    used.start()
    used.bench.camera.faults.cancels = BUFFERS
    used.turn(BUFFERS)
    used.turn(10)
    assert used.picamera2.frames == 0
    assert used.bench.camera.lost_frames > 0


def test_a_view_that_outlives_its_request_breaks_the_memory_for_good(used: Used) -> None:
    from picamera2 import MappedArray  # noqa: PLC0415

    used.start()
    job = used.picamera2.capture_request(wait=False)
    used.turn()
    request = used.picamera2.wait(job)
    with MappedArray(request, "raw", write=False) as mapped:
        view = mapped.array
    request.release()
    used.picamera2.stop()
    with pytest.raises(BufferError, match="exported pointers"):
        used.picamera2.configure(used.configuration)
    del view, mapped
    used.picamera2.allocator.mapped_buffers.clear()  # or closing it fails as well


def test_controls_set_while_a_request_is_released_are_lost(used: Used, monkeypatch: pytest.MonkeyPatch) -> None:
    used.start()
    used.picamera2.set_controls({"ExposureTime": 5000})
    obey, seen = Request.set_control, set()

    def interrupted(self: Request, control: object, value: object) -> None:
        obey(self, control, value)  # type: ignore[arg-type]
        used.picamera2.set_controls({"AnalogueGain": 8.0})  # another thread's, at the worst moment

    with monkeypatch.context() as patch:
        patch.setattr(Request, "set_control", interrupted)
        used.turn(2)
    for _ in range(15):
        used.turn()
        seen.add(used.picamera2.completed_requests[0].get_metadata()["AnalogueGain"])
    assert seen == {1.0}


def test_a_control_takes_as_many_frames_as_are_queued_and_two(used: Used) -> None:
    used.start()
    used.turn(3)
    used.picamera2.set_controls({"AnalogueGain": 2.0})
    gains = []
    for _ in range(10):
        used.turn()
        gains.append(used.picamera2.completed_requests[0].get_metadata()["AnalogueGain"])
    assert BUFFERS <= gains.index(2.0) <= BUFFERS + 3


def test_an_unknown_control_is_refused_at_once(used: Used) -> None:
    with pytest.raises(RuntimeError, match="not advertised"):
        used.picamera2.set_controls({"FocusMagic": 1})


def test_the_simulation_would_notice_a_request_that_is_queued_twice(used: Used) -> None:
    used.start()
    camera = CameraManager.singleton().cameras[0]
    request = camera._queue[0]
    assert request.status is Request.Status.Pending
    assert controls.ExposureTime not in request.metadata
    with pytest.raises(RuntimeError, match="busy"):
        camera.queue_request(request)
