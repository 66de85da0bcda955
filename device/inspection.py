"""What the tools say of one frame: the figures of `mcam inspect`, taken by the same meter as the viewfinder's."""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device import meter
from device.errors import BadValue
from device.frame import CHANNELS, Frame, SensorFacts
from device.sensor import Granted
from device.states import ExposureState, SensorState, State


@dataclass(frozen=True, slots=True)
class Inspection:
    """One stored RAW in figures. Per-channel values are keyed R, Gr, Gb, B."""

    width: int
    height: int
    bits: int
    cfa: str
    black: dict[str, float]
    white: int
    exposure_us: int | None  # the file need not tell
    iso: int | None
    distinct_levels: int
    clipped_share: dict[str, float]
    ev_to_clip: dict[str, float]
    headroom_ev: float
    noise_floor_ev: float
    spot_ev: float
    focus_score: float


def inspect(frame: Frame) -> Inspection:
    """Measure a frame."""
    reading = meter.read(frame)
    histogram = meter.linear_histogram(frame.raw, frame.cfa, frame.depth)
    return Inspection(
        width=frame.raw.shape[1],
        height=frame.raw.shape[0],
        bits=frame.bits,
        cfa=frame.cfa.value,
        black=_by_channel(frame.levels.black),
        white=frame.levels.white,
        exposure_us=frame.exposure.exposure_us or None,
        iso=frame.exposure.iso or None,
        distinct_levels=meter.distinct_levels(histogram),
        clipped_share=_by_channel(reading.clipped_share),
        ev_to_clip=_by_channel(meter.ev_to_clip(histogram, frame.levels)),
        headroom_ev=round(reading.headroom_ev, 3),
        noise_floor_ev=round(reading.noise_floor_ev, 3),
        spot_ev=round(reading.spot_ev, 3),
        focus_score=round(reading.focus_score, 3),
    )


def maps(frame: Frame) -> dict[str, NDArray[np.generic]]:
    """The arrays behind the figures.

    Returns:
        focus: (rows // 8, columns // 8) float32, in standard deviations of pure noise.
        clipped: (4, rows // 2, columns // 2) bool in the order R, Gr, Gb, B.
        histogram: (4, 2 ** depth) uint32, photosites at each DN, same order.
        ev_histogram: (4, 112) float32, photosites in each eighth of a stop below clipping, same order.
        stops: (rows // 8, columns // 8) uint8, how bright each cell's greens are: 224 is clipping, 16 to the stop.
    """
    reading = meter.read(frame)
    return {
        "focus": reading.focus,
        "clipped": meter.clipped_channels(frame.raw, frame.cfa, frame.levels.white),
        "histogram": meter.linear_histogram(frame.raw, frame.cfa, frame.depth),
        "ev_histogram": reading.histogram,
        "stops": reading.stops,
    }


def save_maps(frame: Frame, path: Path) -> None:
    """Write `maps` as a compressed .npz.

    Raises:
        BadValue: it cannot be written there.
    """
    try:
        with path.open("wb") as file:
            np.savez_compressed(file, **maps(frame))  # type: ignore[arg-type]  # numpy's stub takes no mapping
    except OSError as error:
        raise BadValue(f"Cannot write {path} ({error.strerror}): give another place for --maps.") from error


def state_of(frame: Frame, facts: SensorFacts, granted: Granted) -> State:
    """What a daemon would tell the viewfinder with this frame on the screen."""
    return State(
        camera="live",
        sensor=SensorState(
            model=facts.model,
            setting="armed",
            width=granted.width,
            height=granted.height,
            bits=granted.bits,
            raw_format=granted.raw_format,
            cfa=granted.cfa or "",
            crop_factor=round(facts.crop_factor, 3),
        ),
        exposure=ExposureState(mode="M", auto_iso=False, shutter_us=frame.exposure.exposure_us, iso=frame.exposure.iso),
    )


def as_json(inspection: Inspection) -> dict[str, object]:
    """For `--json`."""
    return asdict(inspection)


def as_text(inspection: Inspection) -> str:
    """For a person: one line a figure."""
    lines = []
    for name, value in asdict(inspection).items():
        shown = "  ".join(f"{k} {v:.4g}" for k, v in value.items()) if isinstance(value, dict) else value
        lines.append(f"{name.replace('_', ' '):16} {'unknown' if shown is None else shown}")
    return "\n".join(lines)


def _by_channel(values: "NDArray[np.generic] | tuple[float, ...]") -> dict[str, float]:
    return {name: round(float(value), 6) + 0.0 for name, value in zip(CHANNELS, values, strict=True)}
