"""The [exposure] and [white_balance] sections of mcam.toml: where the dials stand at the start. See config.py."""

from dataclasses import dataclass
from typing import Annotated

from device.rules import Number, NumberOf, Whole
from device.states import AntiFlicker, ExposureMode, Metering, SlowestShutter, WhiteBalanceMode

# 4 lines of an IMX477 (Linux imx477.c) to the longest exposure of the HQ camera (raspberrypi/documentation hq.adoc)
ShutterUs = Annotated[int, Whole(114, 670_740_000, "microseconds")]
Iso = Annotated[int, Whole(100, 2226)]  # 100 x gain; 22.26 is the IMX477's highest analogue gain


@dataclass(frozen=True, slots=True)
class ExposureConfig:
    """[exposure]."""

    mode: ExposureMode
    auto_iso: bool
    iso: Iso
    iso_max: Iso
    shutter_us: ShutterUs
    slowest_shutter: SlowestShutter
    slowest_shutter_factor: Annotated[float, NumberOf((0.5, 1, 2, 4))]
    slowest_shutter_us: ShutterUs
    ev: Annotated[float, Number(-5, 5, "stops")]
    metering: Metering
    highlight_share: Annotated[float, Number(0.01, 5, "percent")]
    lock_on_half_press: bool
    anti_flicker: AntiFlicker


@dataclass(frozen=True, slots=True)
class WhiteBalanceConfig:
    """[white_balance]."""

    mode: WhiteBalanceMode
    kelvin: Annotated[int, Whole(2000, 10_000, "kelvin")]
