"""LibRaw's demosaics, for any mosaic: through a DNG in memory, in the camera's own colour, without any correction."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import rawpy
from numpy.typing import NDArray

from device import dng, jpeg
from device.colour import SRGB_TO_XYZ
from device.frame import Cfa, Colour, Levels
from tests.conftest import build_frame
from tests.photographs import FACTS, photograph

_FROM_XYZ = np.linalg.inv(SRGB_TO_XYZ)
_SRGB_CAMERA = Colour((tuple(tuple(row) for row in _FROM_XYZ.tolist()),), (21,))  # type: ignore[arg-type]


def ahd(mosaic: NDArray[np.floating], cfa: Cfa) -> NDArray[np.float64]:
    """LibRaw's adaptive homogeneity-directed demosaic.

    Args:
        mosaic: (rows, columns), 0 to 1.
        cfa: its pattern.

    Returns:
        (rows, columns, 3), 0 to 1 in 16-bit steps.
    """
    with rawpy.imread(BytesIO(_dng(np.rint(65535 * np.asarray(mosaic)).astype(np.uint16), cfa))) as file:
        rgb = file.postprocess(
            demosaic_algorithm=rawpy.DemosaicAlgorithm.AHD,
            output_color=rawpy.ColorSpace.raw,
            user_wb=[1, 1, 1, 1],
            gamma=(1, 1),
            no_auto_bright=True,
            adjust_maximum_thr=0.0,
            output_bps=16,
        )
    return np.asarray(rgb / 65535)


def _dng(mosaic: NDArray[np.uint16], cfa: Cfa) -> bytes:
    frame = build_frame(mosaic, bits=16, cfa=cfa, levels=Levels((0.0,) * 4, 65535), neutral=(1.0, 1.0, 1.0))
    black = np.zeros((16, 16, 3), np.uint8)
    taken = photograph(frame, facts=replace(FACTS, colour=_SRGB_CAMERA))
    return b"".join(dng.encode(taken, black, jpeg.preview(black), "packed"))
