"""A camera without RAW, the real picamera2 on a simulated libcamera. tests/libcamera has one on the real library."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from device.clock import SteppedClock
from device.config import load, with_changes
from device.errors import BadValue, NoCamera, NoRaw, NotReady
from device.frame import Cfa, Exposure, Frame, LiveFrame, Source
from device.sensor import Granted, Setting
from device.sensor_choice import open_sensor
from tests.libcamera_sim.bench import Bench
from tests.libcamera_sim.camera import Camera
from tests.libcamera_sim.installing import MemfdHeap
from tests.libcamera_sim.values import ColorSpace
from tests.libcamera_sim.webcam import Webcam
from tests.picamera2_bench import small_bench
from tests.running_stream import Running

if TYPE_CHECKING:
    from device.sensor_preview_only import PreviewOnlySensor

Open = Callable[..., "PreviewOnlySensor"]


@pytest.fixture
def start() -> Iterator[Open]:
    """Makes and starts sensors; they are closed at the end."""
    made: list[PreviewOnlySensor] = []

    def started(bench: Bench) -> "PreviewOnlySensor":
        from device.sensor_preview_only import PreviewOnlySensor  # noqa: PLC0415 - the bench put libcamera in place

        made.append(
            PreviewOnlySensor(
                bench.clock, preview_max=(90, 120), wait_readable=bench.wait_readable, asleep_ns=lambda: 0
            )
        )
        return made[-1]

    yield started
    for sensor in made:
        sensor.close()


def webcam(raw: str = "NV12") -> Bench:
    return small_bench(SteppedClock(), raw=raw, kind=Webcam)


def live(sensor: "PreviewOnlySensor") -> LiveFrame:
    frame = sensor.wait(5.0)
    assert frame is not None
    return frame


@pytest.mark.parametrize("colours", [ColorSpace.Smpte170m(), None], ids=["limited", "untold"])
@pytest.mark.parametrize("name", ["NV12", "YUYV"])
def test_the_picture_is_what_the_camera_saw_in_full_range(start: Open, name: str, colours: ColorSpace | None) -> None:
    bench = webcam(name)
    bench.camera.colours = colours  # type: ignore[attr-defined]
    sensor = start(bench)
    granted = sensor.start(Setting.SMOOTH, Exposure(8000, 1.0))
    assert granted == Granted(120, 90, 0, None, "", granted.frame_duration_us)
    assert not granted.gives_raw
    for _ in range(8):
        frame = live(sensor)
        seen = bench.camera._light.preview(bench.camera.delivered[frame.sequence], Cfa.BGGR, 90, 120)
        for plane in ("y", "u", "v"):
            ours, theirs = getattr(frame.preview, plane), getattr(seen, plane)
            assert ours.shape == theirs.shape
            assert np.abs(ours.astype(int) - theirs).max() <= 1  # the limited range has fewer levels
        sensor.give_back(frame)


def test_full_range_is_left_as_it_is(start: Open) -> None:
    bench = webcam()
    bench.camera.colours = ColorSpace.Sycc()  # type: ignore[attr-defined]
    sensor = start(bench)
    sensor.start(Setting.SMOOTH, Exposure(8000, 1.0))
    assert int(live(sensor).preview.y.min()) >= 16  # as the simulated camera, which does not keep its word, wrote it


def test_no_photograph_can_be_made_of_such_a_frame(start: Open) -> None:
    sensor = start(webcam())
    sensor.start(Setting.ARMED, Exposure(8000, 1.0))
    frame = live(sensor)
    assert not isinstance(frame, Frame)
    assert not hasattr(frame, "raw")
    assert (frame.exposure.is_known, frame.measured) == (False, (90, 120))


def test_nothing_but_its_name_and_size_is_claimed(start: Open) -> None:
    facts = start(webcam()).facts
    assert (facts.model, facts.width, facts.height) == ("USB Camera", 640, 480)
    assert (facts.pixel_pitch_um, facts.crop_factor) == (0.0, 0.0)


def test_frames_are_numbered_on_after_a_new_start_and_given_back_once(start: Open) -> None:
    sensor = start(webcam())
    sensor.start(Setting.SMOOTH, Exposure(8000, 1.0))
    first = live(sensor)
    sensor.give_back(first)
    with pytest.raises(BadValue, match="not lent"):
        sensor.give_back(first)
    sensor.stop()
    with pytest.raises(NotReady):
        sensor.wait(0.1)
    sensor.start(Setting.SMOOTH, Exposure(8000, 1.0))
    second = live(sensor)
    assert second.sequence > first.sequence
    assert second.sensor_timestamp_ns > first.sensor_timestamp_ns
    np.testing.assert_array_equal(first.preview.y.shape, second.preview.y.shape)


def test_a_camera_that_fell_silent_is_opened_anew(start: Open) -> None:
    bench = webcam()
    sensor = start(bench)
    sensor.start(Setting.SMOOTH, Exposure(8000, 1.0))
    before = sensor._requests.camera
    bench.camera.faults.stalled = True
    assert sensor.wait(3.0) is None
    bench.camera.faults.stalled = False
    sensor.start(Setting.SMOOTH, Exposure(8000, 1.0))
    assert sensor._requests.camera is not before
    assert live(sensor).preview.y.any()


def test_a_camera_of_compressed_pictures_only_is_refused_with_a_sentence(start: Open) -> None:
    with pytest.raises(NoCamera, match=r"no picture that mcam can read \(MJPEG, H264\): use one that offers"):
        start(webcam("H264"))


def test_without_memory_for_its_frames_it_is_refused_with_a_sentence(start: Open) -> None:
    sensor = start(webcam())
    MemfdHeap.limit_bytes = 1000
    with pytest.raises(NoCamera, match="do not fit into contiguous memory"):
        sensor.start(Setting.SMOOTH, Exposure(8000, 1.0))


def test_a_camera_is_known_to_give_raw_before_it_is_opened() -> None:
    webcam()
    from device.picamera2_camera import gives_raw  # noqa: PLC0415 - the bench put libcamera in place

    assert not gives_raw()
    small_bench(SteppedClock())
    assert gives_raw()


def test_a_live_view_goes_through_stream_camera_and_ring(start: Open, tmp_path: Path) -> None:
    bench = webcam()
    running = Running(tmp_path, start(bench), bench.clock, pre_capture=3, always=True)
    running.see(20)
    view = running.reader().newest()
    assert view is not None
    np.testing.assert_array_equal(view.preview.y, running.frames[-1].preview.y)
    assert (view.reading.source, view.raw_size, view.bits) == (Source.LUMA, (90, 120), 0)
    assert view.exposure == Exposure(0, 0.0)
    assert running.sequences == list(range(running.sequences[0], running.sequences[0] + 20))


def test_a_shot_is_refused_with_one_sentence_and_the_view_goes_on(start: Open, tmp_path: Path) -> None:
    bench = webcam()
    running = Running(tmp_path, start(bench), bench.clock)
    running.see(2)
    running.camera.arm(on=True, when_ns=bench.clock.now_ns())
    with pytest.raises(NoRaw, match="gives no RAW"):
        running.camera.press(bench.clock.now_ns())
    running.see(5)
    assert (running.camera.state, running.camera.wanted()) == ("live", Setting.SMOOTH)
    assert len(bench.camera.starts) == 1
    running.rig.save_all()
    assert running.rig.taken == []
    assert (running.camera.dials.exposure.shutter_us, running.camera.dials.exposure.iso) == (0, 0)


@pytest.mark.parametrize(
    ("raw", "kind", "sensor"), [("NV12", Webcam, "PreviewOnlySensor"), ("12", Camera, "Picamera2Sensor")]
)
def test_the_settings_find_the_sensor_that_suits_the_camera(raw: str, kind: type[Camera], sensor: str) -> None:
    bench = small_bench(SteppedClock(), raw=raw, kind=kind)
    opened, lens = open_sensor(with_changes(load(None), {"sensor.kind": "picamera2"}), bench.clock)
    assert type(opened).__name__ == sensor
    assert lens.position() is None
    opened.close()
