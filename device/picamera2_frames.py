"""What picamera2 hands out, as values that travel: the memory of its two streams and the metadata of a request.

Knows no picamera2: arrays and dictionaries come in. The names of the metadata and their units are those of
libcamera's control_ids_core.yaml.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from device import unpack
from device.errors import CameraLost
from device.frame import Exposure, Levels, Plane, Preview, Raw, Triple
from device.sensor_facts import SensorModel
from device.unpack import RawFormat

Metadata = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a configured camera lays its pictures into memory, as read back from it and never as asked for."""

    raw_format: str
    form: RawFormat
    columns: int
    rows: int
    main_columns: int
    main_rows: int

    @classmethod
    def read_back(cls, configuration: Mapping[str, Any]) -> "Layout":
        """From what `camera_configuration` says after `configure`.

        Raises:
            LossyRaw, UnknownRawFormat: the granted format cannot be used.
        """
        raw, main = configuration["raw"], configuration["main"]
        form = unpack.parse(raw["format"], configuration["sensor"]["bit_depth"])
        return cls(raw["format"], form, *raw["size"], *main["size"])

    def raw(self, memory: Plane, new: Callable[[int, int], Raw]) -> Raw:
        """The mosaic, right-justified: the memory itself where it is just that without gaps, else in a `new` array.

        With gaps between the rows each kernel would make its own copy, so one is made here.
        """
        if memory.shape == (self.rows, 2 * self.columns) and self.form.layout in ("10", "12", "14"):
            return memory.view("<u2")
        bits, out = self.form.bits, new(self.rows, self.columns)
        return unpack.unpack(memory, self.raw_format, self.rows, self.columns, sensor_bits=bits, out=out)

    def preview(self, memory: Plane) -> Preview:
        """Views of a YUV420 picture: Y in rows of the stride, then U and V in rows of half of it."""
        rows, columns, stride = self.main_rows, self.main_columns, memory.shape[1]
        u, v = memory[rows:].reshape(2, rows // 2, stride // 2)[:, :, : columns // 2]
        return Preview(memory[:rows, :columns], u, v)


def exposure(metadata: Metadata) -> Exposure:
    """What the sensor really did.

    Raises:
        CameraLost: the frame does not say.
    """
    try:
        return Exposure(int(metadata["ExposureTime"]), float(metadata["AnalogueGain"]))
    except KeyError as missing:
        raise CameraLost(f"The camera's frames do not tell their {missing.args[0]}: mcam cannot use it.") from None


def neutral(metadata: Metadata) -> Triple:
    """Camera RGB of grey: the white balance gains of red and blue turn it into equal values. Grey without them."""
    red, blue = metadata.get("ColourGains", (1.0, 1.0))
    return (1.0 / red, 1.0, 1.0 / blue) if red > 0 and blue > 0 else (1.0, 1.0, 1.0)


def levels(metadata: Metadata, model: SensorModel, bits: int) -> Levels:
    """Black per channel, which libcamera gives in our order and for 16 bits; the facts' own where it is silent."""
    usual = model.levels(bits)
    reported = metadata.get("SensorBlackLevels")
    if reported is None:
        return usual
    red, green_red, green_blue, blue = (float(np.ldexp(value, bits - 16)) for value in reported)
    return Levels((red, green_red, green_blue, blue), usual.white)


def on_clock(stamp_ns: int, now_ns: int, slept_ns: int) -> int:
    """A SensorTimestamp on CLOCK_BOOTTIME, which it is documented to be on; the kernel's are on CLOCK_MONOTONIC.

    The two differ by the time that the machine slept, so of both readings the right one is younger, but not to come.
    """
    return stamp_ns + slept_ns if stamp_ns + slept_ns <= now_ns else stamp_ns
