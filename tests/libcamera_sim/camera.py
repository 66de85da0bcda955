"""A simulated IMX477 behind a Pi's pipeline, run by arithmetic: `run_until` completes what is due by then."""

from collections import deque
from collections.abc import Callable
from typing import Any

from device.colour import daylight_neutral
from device.frame import Cfa, Exposure, Raw
from device.frame_schedule import FrameSchedule, Planned
from device.sensor_facts import Mode, SensorModel
from tests.libcamera_sim import controls, properties
from tests.libcamera_sim.buffers import FrameBuffer, FrameMetadata
from tests.libcamera_sim.camera_faults import Faults
from tests.libcamera_sim.configuration import CameraConfiguration, Stream, StreamConfiguration, StreamFormats
from tests.libcamera_sim.control_ids import ControlId, ControlInfo
from tests.libcamera_sim.exposing import Light, write_raw, write_yuv420
from tests.libcamera_sim.request import Request
from tests.libcamera_sim.values import Orientation, PixelFormat, Rectangle, Size, StreamRole

BUSY = "Failed to acquire camera: Device or resource busy"  # as the real binding says it
REMEMBERED = 64  # mosaics, so that a test can compare what arrived with what was delivered


class Camera:
    """One camera.

    Args:
        complete: told of each completed request.
        now_ns: the clock that stamps frames.
        model: which sensor.
        light: what falls on it.
        raw: how RAW is delivered: a Pi 4's "12", a Pi 5's "16", "12_CSI2P" or "_PISP_COMP1".
        stride_bytes: rows begin at multiples of it.
    """

    def __init__(
        self,
        complete: Callable[[Request], None],
        now_ns: Callable[[], int],
        model: SensorModel,
        light: Light,
        raw: str,
        stride_bytes: int,
    ) -> None:
        self.id = "/base/soc/i2c0mux/i2c@1/imx477@1a"
        self.name = "imx477"
        self.faults = Faults()
        self.lost_frames = 0
        self.delivered: dict[int, Raw] = {}  # by frame number since the start
        self.acquired = False
        self.starts: list[dict[ControlId, Any]] = []
        self._complete = complete
        self._now_ns = now_ns
        self._model = model
        self._light = light
        self._raw = raw
        self._stride_bytes = stride_bytes
        self._streams = [Stream() for _ in range(3)]
        self._mode = next(iter(model.modes.values()))
        self._cfa = model.cfa
        self._configured = False
        self._schedule: FrameSchedule | None = None  # while it runs
        self._queue: deque[Request] = deque()
        self._exposure = Exposure(10_000, 1.0)

    # ---- what libcamera's binding offers ---------------------------------------------------------------------------

    @property
    def controls(self) -> dict[ControlId, ControlInfo]:
        facts = self._model.facts
        whole = Rectangle(0, 0, facts.width, facts.height)
        known = self._configured  # before, the Pi's pipeline tells placeholders (src/ipa/rpi/common/ipa_base.cpp)
        exposures = (facts.exposure_min_us, facts.exposure_max_us) if known else (1, 66_666)
        gains = (facts.gain_min, facts.gain_max) if known else (1.0, 16.0)
        return {
            controls.ExposureTime: ControlInfo(*exposures, 20_000),
            controls.ExposureTimeMode: ControlInfo(0, 1, 0),
            controls.AnalogueGain: ControlInfo(*gains, 1.0),
            controls.AnalogueGainMode: ControlInfo(0, 1, 0),
            controls.AeEnable: ControlInfo(False, True, True),
            controls.AwbEnable: ControlInfo(False, True),
            controls.ColourGains: ControlInfo(0.0, 32.0),
            controls.FrameDurationLimits: ControlInfo(self._mode.frame_duration_us, 694_434_742, 33_333),
            controls.ScalerCrop: ControlInfo(Rectangle(0, 0, 64, 64), whole, whole),
            controls.draft.NoiseReductionMode: ControlInfo(0, 4, 0),
        }

    @property
    def properties(self) -> dict[ControlId, object]:
        facts = self._model.facts
        pitch_nm = round(facts.pixel_pitch_um * 1000)
        return {
            properties.Model: self.name,
            properties.Location: 2,
            properties.Rotation: 180,
            properties.UnitCellSize: Size(pitch_nm, pitch_nm),
            properties.PixelArraySize: Size(facts.width, facts.height),
            properties.draft.ColorFilterArrangement: 0,
        }

    def acquire(self) -> None:
        if self.acquired:
            raise RuntimeError(BUSY)
        self.acquired = True

    def release(self) -> None:
        self.acquired = self._configured = False

    def generate_configuration(self, roles: list[StreamRole]) -> CameraConfiguration:
        sizes = [Size(mode.width, mode.height) for mode in self._model.modes.values()]
        raw = StreamFormats({PixelFormat("SRGGB12"): sizes})
        picture = StreamFormats({PixelFormat(name): [sizes[-1]] for name in ("YUV420", "XBGR8888", "BGR888")})
        streams = [
            StreamConfiguration(role, raw if role is StreamRole.Raw else picture, stream)
            for role, stream in zip(roles, self._streams, strict=False)
        ]
        return CameraConfiguration(streams, self._grants, self._stride_bytes)

    def configure(self, configuration: CameraConfiguration) -> int:
        if self._schedule is not None:
            raise RuntimeError("Failed to configure camera: Device or resource busy")
        if self.faults.refuses_memory:
            raise RuntimeError("Failed to configure camera: Cannot allocate memory")
        assert configuration.sensor_config is not None
        self._mode = self._mode_of(configuration.sensor_config.output_size)
        self._cfa, self._configured = self._pattern(configuration.orientation), True
        for stream in configuration:
            stream.stream.configuration = stream
        return 0

    def create_request(self, cookie: int = 0) -> Request:
        return Request(cookie)

    def queue_request(self, request: Request) -> None:
        if self._schedule is None or self.faults.refuses_requests:
            raise RuntimeError("Failed to queue request: No such device")
        if len(request.buffers) != len(set(map(id, request.buffers.values()))) or request in self._queue:
            raise RuntimeError("Failed to queue request: Device or resource busy")
        self._queue.append(request)

    def start(self, asked: dict[ControlId, Any]) -> None:
        self.starts.append(asked)
        self._exposure = self._obeyed(asked)
        shortest_us, _ = asked.get(controls.FrameDurationLimits, (0, 0))
        self._schedule = FrameSchedule(
            start_ns=self._now_ns(),
            sequence=0,
            exposure=self._exposure,
            readout_ns=self._mode.readout_us * 1000,
            duration_us=lambda exposure_us: max(shortest_us, self._model.frame_duration_us(self._mode, exposure_us)),
        )

    def stop(self) -> None:
        self._schedule = None
        while self._queue:
            self._cancel(self._queue.popleft())

    # ---- what goes on by itself ------------------------------------------------------------------------------------

    @property
    def next_ns(self) -> int | None:
        """When the next frame will be complete; None while it does not run."""
        return self._schedule.next_complete_ns if self._schedule else None

    def run_until(self, now_ns: int) -> None:
        while self._schedule is not None and self._schedule.next_complete_ns <= now_ns:
            self._schedule.advance(self._schedule.next_complete_ns, room=True)
            planned = self._schedule.take()
            assert planned is not None
            self._serve(self._schedule, planned)

    def _serve(self, schedule: FrameSchedule, planned: Planned) -> None:
        if self.faults.stalled:
            return
        if not self._queue:
            self.lost_frames += 1
            return
        request = self._queue.popleft()
        if self.faults.cancels:
            self.faults.cancels -= 1
            self._cancel(request)
            return
        self._take_controls(schedule, request)
        self._fill(request, planned)
        self._complete(request)

    def _take_controls(self, schedule: FrameSchedule, request: Request) -> None:
        if request.asked and self.faults.loses_controls:
            self.faults.loses_controls -= 1
            return
        self._balance(request.asked)
        exposure = self._obeyed(request.asked)
        if exposure != self._exposure:
            self._exposure = exposure
            schedule.ask(exposure)

    def _balance(self, asked: dict[ControlId, Any]) -> None:
        """Gains of red and blue end the automatic, which here finds the light that it is; enabling it begins it."""
        if controls.ColourGains in asked:
            red, blue = asked[controls.ColourGains]
            self._light.neutral = (1 / red, 1.0, 1 / blue)
        elif asked.get(controls.AwbEnable):
            self._light.neutral = daylight_neutral(self._model.facts.colour)

    def _obeyed(self, asked: dict[ControlId, Any]) -> Exposure:
        """A gain is a whole number in a register: 1024 / (1024 - code)."""
        wanted = Exposure(
            asked.get(controls.ExposureTime, self._exposure.exposure_us),
            asked.get(controls.AnalogueGain, self._exposure.gain),
        )
        wanted = self._model.clamped(wanted)
        return Exposure(wanted.exposure_us, 1024 / (1024 - int(1024 - 1024 / wanted.gain)))

    def _cancel(self, request: Request) -> None:
        request.end(Request.Status.Cancelled, FrameMetadata.Status.Cancelled)
        self._complete(request)

    def _fill(self, request: Request, planned: Planned) -> None:
        raw = self._light.mosaic(self._mode, planned.exposure, planned.sensor_timestamp_ns / 1e9)
        if self._cfa is not self._model.cfa:
            raw = raw[::-1, ::-1].copy()
        self.delivered[planned.sequence] = raw
        self.delivered.pop(planned.sequence - REMEMBERED, None)
        for stream, buffer in request.buffers.items():
            self._write(stream.configuration, raw, buffer)
            buffer.metadata.sequence, buffer.metadata.timestamp = planned.sequence, planned.sensor_timestamp_ns
        status = FrameMetadata.Status.Error if self.faults.failed_frames else FrameMetadata.Status.Success
        self.faults.failed_frames = max(0, self.faults.failed_frames - 1)
        request.end(Request.Status.Complete, status)
        request.metadata = {key: value for key, value in self._told(planned).items() if key not in self.faults.mute}

    def _write(self, stream: StreamConfiguration, raw: Raw, buffer: FrameBuffer) -> None:
        memory, size = buffer.written(), stream.size
        if stream.role is StreamRole.Raw:
            write_raw(raw, str(stream.pixel_format), stream.stride, memory)
        elif str(stream.pixel_format) == "YUV420":
            write_yuv420(self._light.preview(raw, self._cfa, size.height, size.width), stream.stride, memory)

    def _told(self, planned: Planned) -> dict[ControlId, object]:
        black = self._model.black_dn << 4  # of 16 bits
        red, _, blue = self._light.neutral
        return {
            controls.SensorTimestamp: planned.sensor_timestamp_ns,
            controls.ExposureTime: planned.exposure.exposure_us,
            controls.AnalogueGain: planned.exposure.gain,
            controls.ColourGains: (1 / red, 1 / blue),
            controls.SensorBlackLevels: (black, black, black, black),
            controls.FrameDuration: self._model.frame_duration_us(self._mode, planned.exposure.exposure_us),
        }

    def _grants(self, configuration: CameraConfiguration) -> tuple[str, Size]:
        assert configuration.sensor_config is not None
        mode = self._mode_of(configuration.sensor_config.output_size)
        start = "" if "COMP1" in self._raw else "S"
        return f"{start}{self._pattern(configuration.orientation)}{self._raw}", Size(mode.width, mode.height)

    def _mode_of(self, size: Size) -> Mode:
        return next(
            mode for mode in self._model.modes.values() if (mode.width, mode.height) == (size.width, size.height)
        )

    def _pattern(self, orientation: Orientation) -> Cfa:
        """Turned by half a turn, a mosaic of even size begins with its other corner."""
        return Cfa(self._model.cfa[::-1]) if orientation is Orientation.Rotate180 else self._model.cfa
