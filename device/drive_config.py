"""The [drive] section of mcam.toml: how the shutter behaves. See config.py."""

from dataclasses import dataclass
from typing import Annotated, Literal

from device.rules import Number, Whole
from device.shooting_states import BracketFrames, BracketStep, BulbEnd, DriveMode

PRE_CAPTURE_MAX = 20
DAY_S = 86_400
INTERVAL_MAX = 99_999
BULB_LONGEST_S = 43_200


@dataclass(frozen=True, slots=True)
class DriveConfig:
    """[drive]."""

    arm: Literal["half-press", "always"]
    armed_hold_s: Annotated[float, Number(0, 60, "seconds")]
    mode: DriveMode
    pre_capture_frames: Annotated[int, Whole(0, PRE_CAPTURE_MAX)]
    bracket_frames: BracketFrames
    bracket_ev: BracketStep
    interval_s: Annotated[float, Number(0.5, DAY_S, "seconds")]
    interval_frames: Annotated[int, Whole(0, INTERVAL_MAX)]
    interval_delay_s: Annotated[float, Number(0, DAY_S, "seconds")]
    rack_keep: Annotated[int, Whole(1, 9)]
    bulb: BulbEnd
    bulb_longest_s: Annotated[float, Number(1, BULB_LONGEST_S, "seconds")]
