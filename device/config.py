"""Every setting, checked. The file `mcam.toml` beside this one holds each default with a remark: it is the manual."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SensorConfig:
    """[sensor]."""

    kind: str
    scene: str
    seed: int
    buffers: int


@dataclass(frozen=True, slots=True)
class DriveConfig:
    """[drive]."""

    arm: str
    armed_hold_s: float
    pre_capture_frames: int


@dataclass(frozen=True, slots=True)
class ExposureConfig:
    """[exposure]."""

    mode: str
    auto_iso: bool
    iso: int
    iso_max: int
    shutter_us: int
    slowest_shutter_us: int
    ev: float


@dataclass(frozen=True, slots=True)
class LensConfig:
    """[lens]."""

    key: str
    f_number: float


@dataclass(frozen=True, slots=True)
class CardConfig:
    """[card]."""

    folder: str
    queue: int
    jpeg: bool
    jpeg_quality: int


@dataclass(frozen=True, slots=True)
class PreviewConfig:
    """[preview]."""

    max_columns: int
    max_rows: int


@dataclass(frozen=True, slots=True)
class ViewConfig:
    """[view]."""

    info: str
    peaking: bool
    peaking_colour: str
    zebra: bool
    histogram: bool
    focus_meter: bool
    grid: bool


@dataclass(frozen=True, slots=True)
class ScreenConfig:
    """[screen]."""

    kind: str
    size: str
    rotation: int


@dataclass(frozen=True, slots=True)
class WebConfig:
    """[web]."""

    address: str


@dataclass(frozen=True, slots=True)
class ButtonsConfig:
    """[buttons]: GPIO numbers."""

    enabled: bool | str
    debounce_ms: int
    s1: int
    s2: int
    function: int
    up: int
    down: int
    left: int
    right: int
    ok: int
    encoder_a: int
    encoder_b: int


@dataclass(frozen=True, slots=True)
class SimulationConfig:
    """[simulation]: where the rings of the simulated lens stand at the start."""

    focal_length_mm: float
    focus_m: float
    f_number: float
    light_ev: float


@dataclass(frozen=True, slots=True)
class Config:
    """All of mcam.toml."""

    sensor: SensorConfig
    drive: DriveConfig
    exposure: ExposureConfig
    lens: LensConfig
    card: CardConfig
    preview: PreviewConfig
    view: ViewConfig
    screen: ScreenConfig
    web: WebConfig
    buttons: ButtonsConfig
    simulation: SimulationConfig
