"""The Pi's camera behind picamera2: what is asked of it for RAW and preview of one exposure, and what it sends."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from libcamera import Transform
from picamera2 import MappedArray, Picamera2

from device import camera_refusal, isp, tuning
from device.frame import Exposure, Plane, Triple
from device.picamera2_camera import OpenCamera, first_camera
from device.picamera2_frames import Layout, Metadata
from device.quad_scaling import fitted_shape
from device.sensor import Setting
from device.sensor_catalogue import SENSORS, model_of
from device.sensor_facts import SensorModel

FactsOf = Callable[[str], SensorModel | None]

FRAME_DURATION_US = (100, 1_000_000_000)  # whatever the exposure needs; libcamera keeps it within the mode's bounds
NOISE_REDUCTION_OFF = 0  # libcamera, control_ids_draft.yaml


class Completed:
    """A completed request, held: its buffers are missing at the sensor until `end`.

    Args:
        request: picamera2's.
        writes: the mosaic may be written to where it lies. Processor and camera see the same memory only if they are
            told of that: what is left in a cache could else be written into the frame that follows.

    Attributes:
        sequence: the sensor's count of frames, which goes on over those that were lost.
        metadata: what libcamera says of the frame.
        raw: (rows, stride) uint8, the camera's memory.
        main: (3/2 rows, stride) uint8, likewise.
    """

    def __init__(self, request: Any, *, writes: bool = False) -> None:  # noqa: ANN401 - picamera2 ships no types
        self._request = request
        self._mapped = [MappedArray(request, "raw", write=writes), MappedArray(request, "main", write=False)]
        self.raw: Plane
        self.main: Plane
        self.raw, self.main = (mapped.__enter__().array for mapped in self._mapped)
        self.raw.flags.writeable = writes
        self.metadata: Metadata = request.get_metadata()
        # The request's own number counts requests; the buffer's comes from the kernel and counts frames.
        self.sequence = int(request.request.buffers[request.stream_map["raw"]].metadata.sequence)

    def end(self) -> None:
        """Drop the views and hand the buffers back."""
        del self.raw, self.main
        for mapped in self._mapped:
            mapped.__exit__(None, None, None)
        self._request.release()


class PiCamera(OpenCamera):
    """The first camera that libcamera finds, open.

    Args:
        preview_max: rows and columns that a preview may have until `fit_previews` says more.
        upside_down: the sensor is mounted so, and shall read its rows and columns from the other end.
        facts_of: the catalogue, asked by the stack's name of the sensor.

    Attributes:
        model: the sensor's facts, with the size that the driver really there delivers.

    Raises:
        NoCamera: there is none, it is unknown, somebody else has it, or this user may not.
    """

    def __init__(self, preview_max: tuple[int, int], *, upside_down: bool, facts_of: FactsOf = model_of) -> None:
        self._shape_of = partial(isp.preview_shape, max_rows=preview_max[0], max_columns=preview_max[1])
        self._upside_down = upside_down
        name = first_camera()["Model"]
        model = facts_of(name)
        if model is None:
            raise camera_refusal.unknown(name, sorted(SENSORS))
        super().__init__(tuning.for_adapted_lens(name, Picamera2.load_tuning_file))
        width, height = self._picamera2.sensor_resolution
        self.model = replace(model, facts=replace(model.facts, width=width, height=height, finds_white=True))

    @property
    def frame_duration_us(self) -> int:
        """The shortest, of what is configured."""
        return int(self._picamera2.camera_controls["FrameDurationLimits"][0])

    @property
    def limits(self) -> SensorModel:
        """The facts with the exposures and gains of what is configured; before, libcamera tells only placeholders."""
        told, facts = self._picamera2.camera_controls, self.model.facts
        (shortest_us, longest_us, _), (gain_min, gain_max, _) = told["ExposureTime"], told["AnalogueGain"]
        limits = replace(
            facts,
            exposure_min_us=max(facts.exposure_min_us, shortest_us),
            exposure_max_us=min(facts.exposure_max_us, longest_us or facts.exposure_max_us),  # 0: it does not know
            gain_min=max(facts.gain_min, gain_min),
            gain_max=min(facts.gain_max, gain_max),
        )
        return replace(self.model, facts=limits)

    @property
    def frame_bytes(self) -> int:
        """Memory of the largest frame, about: its RAW in 16 bits, and its preview."""
        facts = self.model.facts
        rows, columns = self._shape_of(facts.height, facts.width)
        return 2 * facts.height * facts.width + rows * columns * 3 // 2

    def fit_previews(self, rows: int, columns: int) -> None:
        """Have the camera's hardware scale them to that from the next `configure` on."""
        self._shape_of = partial(fitted_shape, max_rows=rows, max_columns=columns)

    def configure(self, setting: Setting, exposure: Exposure, buffers: int, frame_duration_us: int = 0) -> Layout:
        """Ask for a setting, its first frame at that exposure and none shorter than that; says what was granted.

        Raises:
            MemoryError: there is none for so many buffers.
            NoCamera: it cannot be configured.
            LossyRaw, UnknownRawFormat: it grants nothing that keeps every level.
        """
        return Layout.read_back(self._configure(self._configuration(setting, exposure, buffers, frame_duration_us)))

    def send(self, exposure: Exposure) -> None:
        """Put an exposure into the next request that is released."""
        self._picamera2.set_controls(_controls(exposure))

    def send_white(self, neutral: Triple | None) -> None:
        """Put a white balance into it: gains that make that camera RGB grey; None for libcamera's automatic.

        A black and white sensor has no such control, and needs none.
        """
        if "ColourGains" not in self._picamera2.camera_controls:
            return
        if neutral is None:
            self._picamera2.set_controls({"AwbEnable": True})
        else:
            gains = (1 / neutral[0], 1 / neutral[2])
            self._picamera2.set_controls({"AwbEnable": False, "ColourGains": gains})

    def _configuration(
        self, setting: Setting, exposure: Exposure, buffers: int, frame_duration_us: int
    ) -> dict[str, Any]:
        mode = self.model.modes[setting]
        # All of the mosaic, and no pixel below a quad, as everybody who lays the RAW over the preview expects it.
        rows, columns = self._shape_of(mode.height, mode.width)
        size = (mode.width, mode.height)
        shortest_us, longest_us = FRAME_DURATION_US
        durations_us = (max(shortest_us, frame_duration_us), longest_us)
        controls = {"FrameDurationLimits": durations_us, "AeEnable": False, **_controls(exposure)}
        if "NoiseReductionMode" in self._picamera2.camera_controls:
            controls["NoiseReductionMode"] = NOISE_REDUCTION_OFF
        configuration: dict[str, Any] = self._picamera2.create_preview_configuration(
            main={"format": "YUV420", "size": (columns, rows)},
            raw={"format": f"SRGGB{mode.bits}", "size": size},  # unpacked: a Pi 5 makes lossy what is asked for packed
            sensor={"output_size": size, "bit_depth": mode.bits},
            transform=Transform(hflip=self._upside_down, vflip=self._upside_down),
            buffer_count=buffers,
            queue=False,  # the newest request is ours, and none is kept besides
            controls=controls,
            display=None,
            encode=None,
        )
        return configuration


def _controls(exposure: Exposure) -> dict[str, Any]:
    return {"ExposureTime": exposure.exposure_us, "AnalogueGain": exposure.gain}
