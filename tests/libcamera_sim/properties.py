"""libcamera.properties: what a camera is."""

import enum
from types import SimpleNamespace

from tests.libcamera_sim.control_ids import ControlId
from tests.libcamera_sim.control_ids import ControlType as Type

Location = ControlId(1, "Location", Type.Integer32)
Rotation = ControlId(2, "Rotation", Type.Integer32)
Model = ControlId(3, "Model", Type.String)
UnitCellSize = ControlId(4, "UnitCellSize", Type.Size)
PixelArraySize = ControlId(5, "PixelArraySize", Type.Size)
ScalerCropMaximum = ControlId(8, "ScalerCropMaximum", Type.Rectangle)

draft = SimpleNamespace(
    ColorFilterArrangement=ControlId(10001, "ColorFilterArrangement", Type.Integer32, "draft"),
    ColorFilterArrangementEnum=enum.IntEnum(
        "ColorFilterArrangementEnum", {"RGGB": 0, "GRBG": 1, "GBRG": 2, "BGGR": 3, "RGB": 4, "MONO": 5}
    ),
)
