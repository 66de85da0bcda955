"""Where the dials stand at the start, by the settings."""

from dataclasses import asdict
from typing import Any

from device.config import Config
from device.dials import CardSettings, Dials
from device.face_states import ViewState
from device.sensor import Bench
from device.shooting_states import DriveState, FilmState
from device.states import ExposureState, PowerState, WhiteBalanceState
from device.strict import Struct


def dials_of(config: Config, bench: Bench) -> Dials:
    """Where they stand at the start."""
    exposure, view = config.exposure, config.view
    return Dials(
        ExposureState(
            **_same_names(exposure, ExposureState),
            set_shutter_us=exposure.shutter_us,
            set_iso=exposure.iso,
            f_number=config.lens.f_number or _f_number(bench),
        ),
        ViewState(**_same_names(view, ViewState)),
        WhiteBalanceState(**_same_names(config.white_balance, WhiteBalanceState)),
        drive=DriveState(**_same_names(config.drive, DriveState)),
        card=CardSettings(**_same_names(config.card, CardSettings)),
        film=FilmState(**asdict(config.film)),
        power=PowerState(**asdict(config.power)),
    )


def _same_names(section: object, state: type[Struct]) -> dict[str, Any]:
    """What a section of the settings gives to the fields of that name."""
    apart = {"shutter_us", "iso"}  # in a state those of the next shot
    names = [name for name in state.__struct_fields__ if hasattr(section, name) and name not in apart]
    return {name: getattr(section, name) for name in names}


def _f_number(bench: Bench) -> float | None:
    """Where a simulated aperture ring stands; a real one cannot be seen."""
    rings = bench.position()
    return rings[1] if rings else None
