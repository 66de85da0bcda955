"""The project's own work on seeded data, and with what each kernel is called in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from device import files, luma, meter, metering, optical_bench, stored_mosaic, tiff
from device.clock import SteppedClock
from device.delivery import Delivery
from device.demosaic import demosaic
from device.develop import develop
from device.dng import raw_ifd
from device.dust import Dust, Speck
from device.enlarge import enlarged
from device.exposure_sum import ExposureSum
from device.face_states import ViewState
from device.flat_field import NO_GAINS
from device.frame import Exposure, Levels
from device.half_size import half_size
from device.hot_pixels import HotPixels
from device.kernel import Kernel
from device.looks import NATURAL
from device.magnifier import cut, window_at
from device.pack import packed
from device.sensor import Setting
from device.steady_detail import SteadyDetail
from device.tilt import Tilt
from tests.conftest import build_frame
from tests.photographs import IMX477, noise_mosaic, photograph, smooth_mosaic
from tests.small_sensor import next_frame, small_sensor
from tests.synthetic_view import synthetic_state, synthetic_view
from ui.panel_format import rgb565, xrgb8888
from ui.screen import Pixels
from ui.state import Seen
from ui.viewfinder import Viewfinder

Call = tuple[Any, ...]
CALLS_OF_EACH = 3
GAINS = np.random.default_rng(6).uniform(1, 2, (4, 3, 5)).astype(np.float32)


def kernel_calls() -> dict[str, list[tuple[Kernel[Any, Any], Call]]]:
    """The first calls of each kernel, by its name; the arguments as they were before."""
    calls: dict[str, list[tuple[Kernel[Any, Any], Call]]] = {}
    with _recording(calls):
        _sensor()
        _files()
        _panel()
    return calls


@contextmanager
def _recording(calls: dict[str, list[tuple[Kernel[Any, Any], Call]]]) -> Iterator[None]:
    run = Kernel.__call__

    def call(kernel: Kernel[Any, Any], *args: Any) -> Any:
        mine = calls.setdefault(kernel.name, [])
        if len(mine) < CALLS_OF_EACH:
            mine.append((kernel, deepcopy(args)))
        return run(kernel, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Kernel, "__call__", call)
        yield


def _sensor() -> None:
    """Light, lens, noise, both packings and the preview of the simulated sensor, and what the meter reads."""
    optical_bench._layers.cache_clear()  # an earlier test's would spare the kernels that make them
    deliveries: tuple[Delivery, ...] = ("csi2p10", "csi2p12")
    for delivery, gains in zip(deliveries, (NO_GAINS, GAINS), strict=True):
        sensor = small_sensor(SteppedClock(), delivery=delivery)
        sensor.correct(gains)
        sensor.start(Setting.ARMED, Exposure(20_000, 2.0))
        frame = next_frame(sensor)
        steady = SteadyDetail()
        meter.read(frame, steady=steady)
        meter.read(replace(frame, sensor_timestamp_ns=frame.sensor_timestamp_ns + 1), steady=steady)
        meter.read(
            build_frame(np.tile(frame.raw, (1 + 2048 // frame.raw.shape[0], 1 + 1024 // frame.raw.shape[1]))), phase=5
        )
        meter.read(build_frame(noise_mosaic(48, 80, 14), bits=14, levels=Levels((512.0,) * 4, 15000)))
        metering.error_ev(luma.read(frame.preview), "multi", 0.0, 0.0)
        ExposureSum(frame).add(replace(frame, sensor_timestamp_ns=frame.sensor_timestamp_ns + 1))
        window = window_at(frame.raw.shape, 0.5, 0.5, (64, 96))
        assert window is not None
        cut(frame, IMX477, window, gains)
        sensor.close()


def _files() -> None:
    frame = build_frame(smooth_mosaic(96, 130))
    develop(frame, IMX477, NATURAL)
    half_size(frame, IMX477, NATURAL)
    demosaic(np.random.default_rng(2).random((40, 50), dtype=np.float32), frame.cfa)
    lint = Dust(96, 130, (Speck(3, 4, np.full((4, 5), 0.7, np.float32)),))
    hot = HotPixels(96, 130, np.array([[0, 0], [40, 50], [40, 52]], np.uint16))
    data, _ = (b"".join(buffers) for _, buffers in files.encode(photograph(frame, hot=hot, dust=lint), 92, "lossless"))
    ifd = raw_ifd(tiff.read(data))
    assert ifd is not None
    stored_mosaic.read(data, ifd)
    enlarged(noise_mosaic(6, 9, 8).astype(np.uint8)[:, :, None].repeat(3, 2), 7, 10)
    for depth in (10, 12, 14):
        packed(noise_mosaic(8, 16, depth), depth)


def _ghost(_folder: str, _name: str, size: tuple[int, int]) -> Pixels:
    return np.random.default_rng(5).integers(0, 256, (size[1], size[0], 4), np.uint8)


def _panel() -> None:
    panels = (
        ((800, 480), ViewState(zebra_level=70, underexposure=True, waveform="rgb")),
        ((800, 480), ViewState(false_colour=True, waveform="luma")),
        ((800, 480), ViewState(ghost=True, level=True)),
        ((240, 240), ViewState()),  # so small that the preview is shrunk first
    )
    for size, view in panels:
        seen = Seen(camera=synthetic_state(view=view), focus_score=4.2, focus_peak=8.0, tilt=Tilt(2.0, -3.0))
        viewfinder = Viewfinder(size, ghosts=_ghost)
        viewfinder.draw(seen, synthetic_view())
        pixels = viewfinder.draw(seen, replace(synthetic_view(), number=9))  # which follows the one before
    rgb565(pixels, 0, np.empty(pixels.shape[:2], np.uint16))
    xrgb8888(pixels, 1, np.empty(pixels.shape[1::-1], np.uint32))
