"""A simulated `libcamera` module: the names that picamera2 uses of the real one, and a sensor of physics behind them.

picamera2 runs on it unmodified. What it is faithful about, because mcam or picamera2 lean on it: requests and their
buffers with file descriptors that copies share; an event descriptor and ready requests; a configuration that is
rewritten by `validate`; requests cancelled by `stop`; controls taken from each request when it reaches the front, and
obeyed by the sensor two frames later; frames lost when no request is queued, and counted all the same.

Names, types and the numbers of enumerations are libcamera 0.7's, against which `tests/libcamera` holds them; those of
the control ids are not. `installing.py` puts it in place of the real one.
"""

import sys

from tests.libcamera_sim import controls, properties
from tests.libcamera_sim.buffers import FrameBuffer, FrameBufferAllocator, FrameMetadata
from tests.libcamera_sim.camera import Camera
from tests.libcamera_sim.configuration import (
    CameraConfiguration,
    SensorConfiguration,
    Stream,
    StreamConfiguration,
    StreamFormats,
)
from tests.libcamera_sim.control_ids import ControlId, ControlInfo, ControlType
from tests.libcamera_sim.manager import CameraManager
from tests.libcamera_sim.request import Request
from tests.libcamera_sim.values import ColorSpace, Orientation, PixelFormat, Rectangle, Size, StreamRole, Transform

_libcamera = sys.modules[__name__]  # the real package re-exports its extension module of that name

__all__ = [
    "Camera",
    "CameraConfiguration",
    "CameraManager",
    "ColorSpace",
    "ControlId",
    "ControlInfo",
    "ControlType",
    "FrameBuffer",
    "FrameBufferAllocator",
    "FrameMetadata",
    "Orientation",
    "PixelFormat",
    "Rectangle",
    "Request",
    "SensorConfiguration",
    "Size",
    "Stream",
    "StreamConfiguration",
    "StreamFormats",
    "StreamRole",
    "Transform",
    "controls",
    "properties",
]
