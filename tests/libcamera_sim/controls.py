"""libcamera.controls: those that picamera2 and mcam use, with libcamera's names and types."""

import enum
from types import SimpleNamespace

from tests.libcamera_sim.control_ids import ControlId
from tests.libcamera_sim.control_ids import ControlType as Type

AeEnable = ControlId(1, "AeEnable", Type.Bool)
AeState = ControlId(2, "AeState", Type.Integer32)
ExposureValue = ControlId(7, "ExposureValue", Type.Float)
ExposureTime = ControlId(8, "ExposureTime", Type.Integer32)
ExposureTimeMode = ControlId(9, "ExposureTimeMode", Type.Integer32)
AnalogueGain = ControlId(10, "AnalogueGain", Type.Float)
AnalogueGainMode = ControlId(11, "AnalogueGainMode", Type.Integer32)
AwbEnable = ControlId(18, "AwbEnable", Type.Bool)
ColourGains = ControlId(21, "ColourGains", Type.Float, size=2)
ColourTemperature = ControlId(22, "ColourTemperature", Type.Integer32)
SensorBlackLevels = ControlId(24, "SensorBlackLevels", Type.Integer32, size=4)
ScalerCrop = ControlId(29, "ScalerCrop", Type.Rectangle)
FrameDuration = ControlId(31, "FrameDuration", Type.Integer64)
FrameDurationLimits = ControlId(32, "FrameDurationLimits", Type.Integer64, size=2)
SensorTimestamp = ControlId(34, "SensorTimestamp", Type.Integer64)

draft = SimpleNamespace(
    NoiseReductionMode=ControlId(10002, "NoiseReductionMode", Type.Integer32, "draft"),
    NoiseReductionModeEnum=enum.IntEnum(
        "NoiseReductionModeEnum", {"Off": 0, "Fast": 1, "HighQuality": 2, "Minimal": 3, "ZSL": 4}
    ),
)
rpi = SimpleNamespace(StatsOutputEnable=ControlId(20001, "StatsOutputEnable", Type.Bool, "rpi"))

AfStateEnum = enum.IntEnum("AfStateEnum", {"Idle": 0, "Scanning": 1, "Focused": 2, "Failed": 3})
AfModeEnum = enum.IntEnum("AfModeEnum", {"Manual": 0, "Auto": 1, "Continuous": 2})
AfTriggerEnum = enum.IntEnum("AfTriggerEnum", {"Start": 0, "Cancel": 1})
